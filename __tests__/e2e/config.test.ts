import { describe, expect, it, onTestFinished } from "vitest";
import { forward, startHttpServer } from "../support/http-server.js";
import { type Gated, World } from "../support/world.js";

const GOOD = { accuracy: 0.875, loss: 0.25 };
const METRICS = JSON.stringify(GOOD);
const MOVED = '{"accuracy": 0.5, "loss": 0.25}';
const CONFIG = ".github/repro-gate.yml";

/** A configuration with one project. */
function config(project: string, top = ""): string {
  return `version: 1\n${top}projects:\n  - name: wine\n${project.replaceAll(/^(?=.)/gm, "    ")}`;
}

/** A world with these files on `main`, and a record of what that computes. */
async function recorded(
  files: Readonly<Record<string, string | undefined>> = {},
  metrics: Readonly<Record<string, number>> = GOOD,
) {
  const world = await World.create({ files: { "metrics.json": METRICS, ...files } });
  await world.record({ commit: await world.git("rev-parse", "main"), metrics });
  return world;
}

async function candidate(world: World, gated: Gated) {
  return (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
}

function text(parts: Gated["report"]["warnings"][number]): string {
  return parts.map((part) => (typeof part === "string" ? part : part.code)).join("");
}

function warnings({ report }: Gated): string {
  return [...report.warnings, ...report.projects.flatMap((project) => project.warnings)].map(text).join("\n");
}

function sentence({ report }: Gated): string {
  return text(report.projects[0]?.sentence ?? []);
}

function row({ report }: Gated, key: string) {
  return report.projects[0]?.metrics.find((metric) => metric.key === key);
}

describe("the ruler belongs to the base", () => {
  it("so a pull request that loosens its own tolerance stays diverged, with a note", async () => {
    const world = await recorded({ [CONFIG]: config("metrics:\n  default: { rel: 1e-9 }\n") });
    const loose = config("metrics:\n  default: { rel: 0.9 }\n");
    const gated = await world.gatePullRequest(await world.change({ "metrics.json": MOVED, [CONFIG]: loose }));
    expect(gated.outputs.outcome).toBe("diverged");
    expect(gated.exitCode).toBe(1);
    expect(warnings(gated)).toMatch(/edits the policy.*judged by the fork point's/);
    expect(gated.comment).toContain("edits the policy");
  });

  it.each([
    ["ignores the metric", "metrics:\n  rules: [{ match: accuracy, level: ignore }]\n"],
    [
      "only looks at another metric",
      "metrics:\n  default: { level: ignore }\n  rules: [{ match: loss, level: fail }]\n",
    ],
    ["names another entry point", "entry-point: easy\n"],
    ["only allows what is missing", "on-missing-baseline: allow\n"],
  ])("so a pull request that %s stays diverged", async (_, own) => {
    const world = await recorded({ [CONFIG]: config("metrics:\n  default: { rel: 1e-9 }\n") });
    const gated = await world.gatePullRequest(await world.change({ "metrics.json": MOVED, [CONFIG]: config(own) }));
    expect(gated.outputs.outcome).toBe("diverged");
    expect(warnings(gated)).toContain("edits the policy");
  });

  it("so a pull request that switches enforcement off stays red", async () => {
    const world = await recorded({ [CONFIG]: config("path: .\n") });
    const gated = await world.gatePullRequest(
      await world.change({ "metrics.json": MOVED, [CONFIG]: config("path: .\n", "enforce: false\n") }),
    );
    expect(gated.exitCode).toBe(1);
    expect(gated.comment).not.toContain("Advisory");
    expect(warnings(gated)).toContain("edits the policy");
  });

  it("so a pull request that deletes the configuration is judged by it all the same", async () => {
    const world = await recorded({ [CONFIG]: config("metrics:\n  rules: [{ match: accuracy, abs: 0.5 }]\n") });
    const gated = await world.gatePullRequest(await world.change({ "metrics.json": MOVED, [CONFIG]: undefined }));
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(row(gated, "accuracy")).toMatchObject({ state: "within", match: "accuracy" });
  });

  it("unless the base has none: then it is the change's own, with a note", async () => {
    const world = await recorded();
    const own = config("metrics:\n  rules: [{ match: accuracy, abs: 0.5 }]\n");
    const gated = await world.gatePullRequest(await world.change({ "metrics.json": MOVED, [CONFIG]: own }));
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(warnings(gated)).toMatch(/policy is this change's own/);
    expect(gated.comment).toContain("this change's own");
  });

  it("so a variable that the pull request lets through is not", async () => {
    const world = await recorded({ [CONFIG]: config('pass-env: ["ALLOWED_ONE"]\n') });
    const change = await world.change({
      [CONFIG]: config('pass-env: ["ALLOWED_ONE", "SECRET_ONE"]\npass-home: true\n', 'pass-env: ["SECRET_TWO"]\n'),
    });
    const gated = await world.gatePullRequest(change, { env: { ALLOWED_ONE: "1", SECRET_ONE: "1", SECRET_TWO: "1" } });
    const run = await candidate(world, gated);
    expect(run?.tags.get("stub.environment")).toContain('"ALLOWED_ONE"');
    expect(run?.tags.get("stub.environment")).not.toMatch(/SECRET_(?:ONE|TWO)/);
    expect(run?.tags.get("stub.home")).not.toBe(gated.step.env.HOME);
  });

  it("so a tracking server that the pull request names gets neither runs nor credentials", async () => {
    const world = await World.create();
    const elsewhere = await startHttpServer((seen, response) => forward(seen, response, world.trackingUri));
    onTestFinished(() => elsewhere.close());
    await world.write({ [CONFIG]: `version: 1\ntracking-uri: ${world.trackingUri}\n`, "metrics.json": METRICS });
    const main = await world.commit("config");
    const baseline = await world.record({ commit: main, metrics: GOOD });
    const change = await world.change({ [CONFIG]: `version: 1\ntracking-uri: ${elsewhere.uri}\n` });
    const gated = await world.gatePullRequest(change, { inputs: { "tracking-uri": "auto" } });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
    expect(elsewhere.requests).toEqual([]);
    expect(warnings(gated)).toContain("edits the policy");
  });

  it("but inputs of the step win, and are named", async () => {
    const world = await recorded({ [CONFIG]: config("metrics:\n  default: { rel: 1e-9 }\n") });
    const gated = await world.gatePullRequest(await world.change({ "metrics.json": MOVED }), {
      inputs: { tolerance: "abs 1", metrics: "loss = exact" },
    });
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(warnings(gated)).toMatch(/Policy set by the workflow's inputs.*tolerance.*metrics/);
    expect(row(gated, "loss")).toMatchObject({ rule: "exact", match: "loss" });
  });
});

describe("a configuration with mistakes", () => {
  const BAD = `version: 1
projects:
  - name: wine
    tolerence: 1%
    on-missing-baseline: maybe
    timeout-minutes: -1
    metrics:
      default: { rel: 5 }
      rules:
        - { match: loss, level: warning }
`;

  it("is told whole, with line numbers and likely spellings, everywhere", async () => {
    const world = await recorded();
    const gated = await world.gatePullRequest(await world.change({ [CONFIG]: BAD }));
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(gated.exitCode).toBe(2);
    for (const shown of [sentence(gated), gated.comment, gated.summary]) {
      for (const line of [4, 5, 6, 10]) expect(shown).toMatch(new RegExp(`repro-gate\\.yml:${line}\\b`));
      expect(shown).toContain("tolerence");
    }
    expect(gated.log.filter((line) => line.startsWith("::error"))).toHaveLength(1);
    expect((await world.runs()).filter(({ tags }) => tags.has("repro_gate.role"))).toEqual([]);
  });

  it.each([
    ["a tab", "version: 1\nprojects:\n\t- name: wine\n", /:3/],
    ["a key twice", "version: 1\nversion: 1\n", /:2/],
    ["no version", "projects: [{ name: wine }]\n", /version/],
    ["another version", "version: 2\n", /version/],
    ["a list", "- version: 1\n", /repro-gate\.yml/],
    ["nothing", "", /repro-gate\.yml/],
    ["an allowance that nothing can fail", config("metrics:\n  default: { rel: 2 }\n"), /200 %/],
    ["a folder outside", config("path: ../elsewhere\n"), /inside the repository/],
  ])("such as %s is error: configuration", async (_, content, words) => {
    const world = await recorded();
    const gated = await world.gatePullRequest(await world.change({ [CONFIG]: content }));
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(sentence(gated)).toMatch(words);
  });

  it("at the fork point is told with the commit", async () => {
    const world = await recorded({ [CONFIG]: BAD });
    const change = await world.change({ [CONFIG]: config("path: .\n") });
    const gated = await world.gatePullRequest(change);
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(sentence(gated)).toContain(change.base.slice(0, 12));
  });

  it("may be a name that leads nowhere", async () => {
    const world = await recorded();
    const change = await world.change({ "README.md": "words" });
    const absent = await world.gatePullRequest(change, { inputs: { config: "gate.yml" } });
    expect(absent.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(sentence(absent)).toContain("gate.yml");
    const outside = await world.gatePullRequest(change, { inputs: { config: "../gate.yml" } });
    expect(outside.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
  });
});

describe("enforce: false", () => {
  it.each([
    ["diverged", { "metrics.json": MOVED }],
    ["reproduced", { "README.md": "words" }],
    ["broken", { "stub.py": "raise SystemExit(3)\n" }],
  ])("succeeds when it is %s, says so first, and does not hide it", async (outcome, files) => {
    const world = await recorded();
    const gated = await world.gatePullRequest(await world.change(files), { inputs: { enforce: "false" } });
    expect(gated.exitCode).toBe(0);
    expect(gated.outputs.outcome).toBe(outcome);
    expect(gated.comment.split("\n")[1]).toMatch(/^### \S+ Advisory/);
    expect(gated.summary).toMatch(/^### \S+ Advisory/);
    expect(gated.report.advisory).toBe(true);
    expect(gated.log.filter((line) => line.startsWith("::error"))).toEqual([]);
  });

  it("may stand in the base's configuration, and holds for errors", async () => {
    const world = await recorded({ [CONFIG]: "version: 1\nenforce: false\n" });
    const gated = await world.gatePullRequest(await world.change({ MLproject: undefined }));
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain("Advisory");
  });

  it.each(["yes", "0", "off", "False!"])("is not meant by %s", async (enforce) => {
    const world = await recorded();
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), { inputs: { enforce } });
    expect(gated.exitCode).toBe(2);
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
  });
});

describe("rules", () => {
  const VALUES = { accuracy: 0.875, loss: 0.25, val_loss: 0.5, val_accuracy: 0.8, epoch_seconds: 12, "system/cpu": 3 };
  const files = (metrics: string) => ({ "metrics.json": JSON.stringify(VALUES), [CONFIG]: config(metrics) });

  it("decide by name, then by the most literal glob, then by default; what is ignored is printed", async () => {
    const rules = `metrics:
  default: { rel: 1e-6 }
  rules:
    - { match: "val_*", rel: 10% }
    - { match: "val_acc*", abs: 0.001 }
    - { match: val_loss, exact: true, level: warn }
    - { match: "*_seconds", level: ignore }
`;
    const world = await recorded(files(rules), VALUES);
    const change = await world.change({
      "metrics.json": JSON.stringify({
        ...VALUES,
        val_loss: 0.51,
        val_accuracy: 0.8005,
        epoch_seconds: 99,
        "system/cpu": 50,
      }),
    });
    const gated = await world.gatePullRequest(change);
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "metrics-within": "3", "metrics-outside": "0" });
    expect(row(gated, "val_accuracy")).toMatchObject({ state: "within", match: "val_acc*" });
    expect(row(gated, "val_loss")).toMatchObject({ state: "outside", level: "warn", match: "val_loss" });
    expect(row(gated, "epoch_seconds")).toMatchObject({ state: "ignored", match: "*_seconds" });
    expect(row(gated, "system/cpu")).toMatchObject({ state: "ignored" });
    expect(row(gated, "accuracy")).toMatchObject({ state: "within", match: null });
    for (const name of ["epoch_seconds", "system/cpu", "val_loss"]) expect(gated.comment).toContain(name);
  });

  it("that ignore everything prove nothing", async () => {
    const world = await recorded({ [CONFIG]: config('metrics:\n  rules: [{ match: "*", level: warn }]\n') });
    const baseline = (await world.runs())[0]?.runId ?? "";
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), {
      inputs: { "baseline-run-id": baseline },
    });
    expect(gated.outputs.outcome).toBe("inconclusive");
    expect(gated.exitCode).toBe(4);
  });

  it("that compare nothing, the only gating metric being not logged any more, are no pass", async () => {
    const world = await recorded({
      [CONFIG]: config("metrics:\n  default: { level: ignore }\n  rules: [{ match: accuracy, level: fail }]\n"),
    });
    const gated = await world.gatePullRequest(await world.change({ "metrics.json": '{"loss": 0.25}' }));
    expect(gated.outputs).toMatchObject({ outcome: "diverged", reason: "metric-missing", "metrics-missing": "1" });
    expect(gated.exitCode).toBe(1);
  });

  it("of equal right are error: configuration, naming both", async () => {
    const world = await recorded({
      [CONFIG]: config('metrics:\n  rules: [{ match: "acc*", rel: 1% }, { match: "*acy", exact: true }]\n'),
    });
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }));
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(sentence(gated)).toMatch(/acc\*.*\*acy.*accuracy/);
  });

  it("that match nothing are named, with what was likely meant", async () => {
    const world = await recorded({ [CONFIG]: config("metrics:\n  rules: [{ match: acuracy, rel: 1% }]\n") });
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }));
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(warnings(gated)).toMatch(/acuracy.*matches no metric.*did you mean accuracy/);
  });

  it("for one side let the metric improve", async () => {
    const world = await recorded({
      [CONFIG]: config("metrics:\n  rules: [{ match: accuracy, exact: true, direction: higher-is-better }]\n"),
    });
    const better = await world.gatePullRequest(
      await world.change({ "metrics.json": '{"accuracy": 0.99, "loss": 0.25}' }, "better"),
    );
    expect(better.outputs.outcome).toBe("reproduced");
    const worse = await world.gatePullRequest(
      await world.change({ "metrics.json": '{"accuracy": 0.874, "loss": 0.25}' }, "worse"),
    );
    expect(worse.outputs.outcome).toBe("diverged");
  });
});

describe("projects", () => {
  it("may lie in a folder with a space", async () => {
    const path = "my project #1/été";
    const world = await World.create({ path, files: { [`${path}/metrics.json`]: METRICS } });
    await world.record({ commit: await world.git("rev-parse", "main"), metrics: GOOD });
    const gated = await world.gatePullRequest(await world.change({ [`${path}/metrics.json`]: MOVED }));
    expect(gated.outputs.outcome).toBe("diverged");
    expect(gated.report.projects[0]?.path).toBe(path);
    expect((await candidate(world, gated))?.tags.get("mlflow.source.name")).toMatch(/#my project #1\/été$/);
    expect(gated.comment).toContain(`--project '${path}'`);
    // Its own run, promoted by nobody, is found again by its folder.
    const again = await world.gatePullRequest(await world.change({ "README.md": "words" }, "again"));
    expect(again.outputs.outcome).toBe("reproduced");
  });

  it("of which there are several must be named", async () => {
    const both = "version: 1\nprojects:\n  - { name: one, path: . }\n  - { name: two, path: two }\n";
    const world = await recorded({ [CONFIG]: both });
    const change = await world.change({ "README.md": "words" });
    const unnamed = await world.gatePullRequest(change);
    expect(unnamed.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(sentence(unnamed)).toMatch(/one.*two/);
    const unknown = await world.gatePullRequest(change, { inputs: { project: "three" } });
    expect(sentence(unknown)).toMatch(/three.*one.*two/);
    const one = await world.gatePullRequest(change, { inputs: { project: "one" } });
    expect(one.outputs.outcome).toBe("reproduced");
  });

  it("without an MLproject are error: configuration, with what is there", async () => {
    const world = await recorded();
    const gated = await world.gatePullRequest(await world.change({ MLproject: undefined }));
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(sentence(gated)).toMatch(/stub\.py/);
  });

  it("without that entry point are error: configuration, with those that are", async () => {
    const world = await recorded({ [CONFIG]: config("entry-point: mian\n") });
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }));
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(sentence(gated)).toMatch(/mian.*main/);
  });
});

describe("inputs", () => {
  it("that are misspelled are warned of, with what was likely meant", async () => {
    const world = await recorded();
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), {
      inputs: { tolerence: "1%" },
    });
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(warnings(gated)).toMatch(/tolerence.*did you mean tolerance/);
    expect(gated.log.join("\n")).toMatch(/^::warning.*tolerence/m);
  });

  it("that are wrong are all told at once, before anything else happens", async () => {
    const world = await recorded();
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), {
      inputs: { tolerance: "five", "timeout-minutes": "soon", "baseline-run-id": "HEAD" },
    });
    expect(gated.exitCode).toBe(2);
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    for (const shown of [gated.summary, gated.log.join("\n")]) {
      for (const name of ["tolerance", "timeout-minutes", "baseline-run-id"]) expect(shown).toContain(name);
    }
    expect(gated.log.filter((line) => line.startsWith("::error"))).toHaveLength(1);
    expect(world.github.requests).toEqual([]);
  });
});

describe("on-missing-baseline", () => {
  it.each([
    ["fail", 4],
    ["allow", 0],
  ])("%s executes nothing and ends with %d", async (policy, exit) => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), {
      inputs: { "on-missing-baseline": policy },
    });
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline" });
    expect(gated.exitCode).toBe(exit);
    expect(gated.comment).toContain("Not proven");
    expect(await world.runs()).toEqual([]);
  });

  it("create executes the fork point first", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const gated = await world.gatePullRequest(await world.change({ "metrics.json": MOVED }), {
      inputs: { "on-missing-baseline": "create" },
    });
    expect(gated.outputs).toMatchObject({ outcome: "diverged", "metrics-outside": "1" });
    const roles = (await world.runs()).map(({ tags }) => tags.get("repro_gate.role"));
    expect(roles.sort()).toEqual(["baseline", "candidate"]);
  });
});
