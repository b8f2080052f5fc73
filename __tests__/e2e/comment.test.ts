import { describe, expect, it, onTestFinished } from "vitest";
import { forward, startHttpServer } from "../support/http-server.js";
import { type Gated, type GateOptions, World } from "../support/world.js";

const GOOD = { accuracy: 0.875, loss: 0.25 };
const METRICS = JSON.stringify(GOOD);
const MOVED = '{"accuracy": 0.5, "loss": 0.25}';
const BOT = "github-actions[bot]";
const PULL = 2;

type Change = Awaited<ReturnType<World["change"]>>;

/** A world with a record, and two pull requests' worth of changes: one that computes the same, one that does not. */
async function recorded(options: Parameters<typeof World.create>[0] = {}) {
  const world = await World.create({ ...options, files: { "metrics.json": METRICS, ...options.files } });
  await world.record({ commit: await world.git("rev-parse", "main"), metrics: GOOD });
  return {
    world,
    same: await world.change({ "README.md": "words" }, "same"),
    worse: await world.change({ "metrics.json": MOVED }, "worse"),
  };
}

const bots = (world: World, number = PULL) => world.github.comments(number).filter(({ user }) => user.login === BOT);
const only = (world: World) => {
  const found = bots(world);
  expect(found).toHaveLength(1);
  return found[0] ?? { id: 0, body: "" };
};

/** Opens the pull request without gating it, so that people can comment first. */
function openPull(world: World, change: Change): void {
  world.github.addPullRequest({ number: PULL, headSha: change.head, headRef: change.branch, baseRef: "main" });
}

function warnings({ report }: Gated): string {
  const all = [...report.warnings, ...report.projects.flatMap((project) => project.warnings)];
  return all.map((parts) => parts.map((part) => (typeof part === "string" ? part : part.code)).join("")).join("\n");
}

describe("the comment", () => {
  it("is updated in place by a later run", async () => {
    const { world, same, worse } = await recorded();
    const first = await world.gatePullRequest(worse);
    const { id, body } = only(world);
    expect(body).toContain("Diverged");
    expect(first.outputs["comment-url"]).toContain(`#issuecomment-${id}`);
    const second = await world.gatePullRequest(same);
    expect(only(world)).toMatchObject({ id, body: expect.stringContaining("Reproduced") });
    expect(only(world).body).not.toContain("Diverged");
    expect(second.outputs["comment-url"]).toBe(first.outputs["comment-url"]);
    expect(world.violations).toEqual([]);
  });

  it("is found behind more than a hundred others", async () => {
    const { world, same, worse } = await recorded();
    openPull(world, worse);
    for (let index = 0; index < 230; index++) world.github.addComment(PULL, `chatter ${index}`, "octocat");
    await world.gatePullRequest(worse);
    for (let index = 0; index < 30; index++) world.github.addComment(PULL, `more chatter ${index}`, "octocat");
    const { id } = only(world);
    await world.gatePullRequest(same);
    expect(only(world)).toMatchObject({ id, body: expect.stringContaining("Reproduced") });
    expect(world.github.comments(PULL)).toHaveLength(261);
  });

  it.each([
    ["mallory", "User"],
    ["dependabot[bot]", "Bot"],
    ["github-actions", "User"],
  ] as const)("of %s with our marker is nobody's business", async (login, type) => {
    const { world, same, worse } = await recorded();
    await world.gatePullRequest(worse);
    const { id, body } = only(world);
    world.github.removeComment(id);
    const foreign = world.github.addComment(PULL, body, login, type);
    await world.gatePullRequest(same);
    expect(world.github.comments(PULL).find((comment) => comment.id === foreign)?.body).toBe(body);
    expect(only(world).body).toContain("Reproduced");
  });

  it("of ours that only quotes the marker further down is left alone", async () => {
    const { world, same, worse } = await recorded();
    await world.gatePullRequest(worse);
    const { id, body } = only(world);
    world.github.removeComment(id);
    const quoting = world.github.addComment(PULL, `Another action says:\n${body}`, BOT, "Bot");
    await world.gatePullRequest(same);
    const all = bots(world);
    expect(all).toHaveLength(2);
    expect(all.find((comment) => comment.id === quoting)?.body).toContain("Another action says");
  });

  it("of a newer run is not overwritten by an older one that ends later", async () => {
    const { world, same, worse } = await recorded();
    await world.gatePullRequest(worse, { runNumber: 50 });
    const { body } = only(world);
    const older = await world.gatePullRequest(same, { runNumber: 49 });
    expect(only(world).body).toBe(body);
    expect(older.outputs).toMatchObject({ outcome: "reproduced", "comment-url": "" });
    expect(older.exitCode).toBe(0);
    expect(warnings(older)).toContain("newer run");
  });

  it("of a newer attempt is not overwritten by the attempt before, but the other way round", async () => {
    const { world, same, worse } = await recorded();
    await world.gatePullRequest(worse, { runNumber: 50, runAttempt: 2 });
    const { id, body } = only(world);
    await world.gatePullRequest(same, { runNumber: 50, runAttempt: 1 });
    expect(only(world).body).toBe(body);
    await world.gatePullRequest(same, { runNumber: 50, runAttempt: 3 });
    expect(only(world)).toMatchObject({ id, body: expect.stringContaining("Reproduced") });
  });

  it("that two jobs wrote at once is one again: the first stays", async () => {
    const { world, same, worse } = await recorded();
    await world.gatePullRequest(worse);
    const { id, body } = only(world);
    world.github.addComment(PULL, body, BOT, "Bot");
    world.github.addComment(PULL, body, BOT, "Bot");
    world.github.addComment(PULL, "thanks", "octocat");
    await world.gatePullRequest(same);
    expect(only(world)).toMatchObject({ id, body: expect.stringContaining("Reproduced") });
    expect(world.github.comments(PULL)).toHaveLength(2);
  });

  it.each(["reproduced", "diverged"])("has everything that a person asks for, when %s", async (outcome) => {
    const { world, same, worse } = await recorded();
    const gated = await world.gatePullRequest(outcome === "reproduced" ? same : worse);
    const { body } = only(world);
    expect(body.split("\n")[0]).toMatch(/^<!-- repro-gate:v1 key=[0-9a-f]{16} sha=[0-9a-f]{40} run=\d+ attempt=1 -->$/);
    expect(body.split("\n")[1]).toMatch(outcome === "reproduced" ? /^### ✅ Reproduced/ : /^### ❌ Diverged/);
    expect(body).toContain("accuracy");
    expect(body).toContain("Baseline");
    expect(body).toContain("check --base main");
    // The summary is the same, without the marker.
    expect(gated.summary.trim()).toBe(body.split("\n").slice(1).join("\n").trim());
  });
});

describe("what GitHub may answer", () => {
  /** A failing comment costs a warning, and nothing else. */
  async function isOnlyAWarning(
    world: World,
    change: Change,
    words: RegExp,
    options: GateOptions = {},
  ): Promise<Gated> {
    const gated = await world.gatePullRequest(change, options);
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(gated.exitCode).toBe(0);
    expect(warnings(gated)).toMatch(words);
    expect(gated.summary).toContain("Reproduced");
    expect(gated.summary).toMatch(words);
    return gated;
  }

  it("404 to an update, because somebody deleted the comment meanwhile: it is written anew", async () => {
    const { world, same, worse } = await recorded();
    await world.gatePullRequest(worse);
    const { id } = only(world);
    world.github.failNext({ method: "PATCH" }, { status: 404, body: { message: "Not Found" } });
    const gated = await world.gatePullRequest(same);
    expect(gated.outputs.outcome).toBe("reproduced");
    const fresh = bots(world).filter((comment) => comment.id !== id);
    expect(fresh).toHaveLength(1);
    expect(fresh[0]?.body).toContain("Reproduced");
    expect(gated.outputs["comment-url"]).toContain(`#issuecomment-${fresh[0]?.id}`);
  });

  it("422 is a warning", async () => {
    const { world, same } = await recorded();
    world.github.failNext({ method: "POST" }, { status: 422, body: { message: "Validation Failed" } });
    const gated = await isOnlyAWarning(world, same, /could not be written.*Validation Failed/);
    expect(gated.outputs["comment-url"]).toBe("");
    expect(bots(world)).toHaveLength(0);
  });

  it.each([500, 502, 504])("%d to a comment that was written all the same: it is not written twice", async (status) => {
    const { world, same } = await recorded();
    world.github.failNext({ method: "POST" }, { status, body: "<html>Unicorn!</html>", applied: true });
    const gated = await world.gatePullRequest(same);
    expect(gated.exitCode).toBe(0);
    const { id } = only(world);
    expect(gated.outputs["comment-url"]).toContain(`#issuecomment-${id}`);
    expect(world.github.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("nothing, the connection being cut, to a comment that was written all the same: it is not written twice", async () => {
    const { world, same } = await recorded();
    world.github.failNext({ method: "POST" }, { connection: "reset", applied: true });
    const gated = await world.gatePullRequest(same);
    expect(gated.exitCode).toBe(0);
    const { id } = only(world);
    expect(gated.outputs["comment-url"]).toContain(`#issuecomment-${id}`);
  });

  it("500 to a comment that was not written: a warning", async () => {
    const { world, same } = await recorded();
    world.github.failNext({ method: "POST" }, { status: 500, body: { message: "boom" } });
    world.github.failNext({ method: "POST" }, { status: 500, body: { message: "boom" } });
    await isOnlyAWarning(world, same, /could not be written/);
  });

  it("403, the conversation being locked: a warning that says so", async () => {
    const { world, same } = await recorded();
    const body = { message: "Unable to create comment because issue is locked.", status: "403" };
    world.github.failNext({ method: "POST" }, { status: 403, body });
    await isOnlyAWarning(world, same, /locked/);
  });

  it("403, the permission missing: a warning that names it", async () => {
    const { world, same } = await recorded({ mayComment: false });
    await isOnlyAWarning(world, same, /pull-requests: write/);
  });

  it.each([401, 404, 429, 500])("%d to the list of comments: a warning, and no blind comment", async (status) => {
    const { world, same } = await recorded();
    world.github.failNext({ method: "GET", path: /\/comments$/ }, { status, body: { message: "no" } });
    await isOnlyAWarning(world, same, /could not be written/);
    expect(world.github.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("to a token that it does not know: a warning that does not show it", async () => {
    const { world, same } = await recorded();
    const gated = await isOnlyAWarning(world, same, /could not be written/, {
      inputs: { "github-token": "ghs_wrong_wrong" },
    });
    const log = gated.log.filter((line) => !line.startsWith("::add-mask::")).join("\n");
    expect([log, gated.summary, JSON.stringify(gated.report)].join("\n")).not.toContain("ghs_wrong_wrong");
  });

  it("nothing to an empty token: a warning, and no request", async () => {
    const { world, same } = await recorded();
    await isOnlyAWarning(world, same, /no `?github-token/, { inputs: { "github-token": "" } });
    expect(world.github.requests).toEqual([]);
  });
});

describe("comment:", () => {
  const within = '{"accuracy": 0.87500000001, "loss": 0.25}';

  it("never writes nothing, whatever the outcome, and asks GitHub nothing", async () => {
    const { world, worse } = await recorded();
    const gated = await world.gatePullRequest(worse, { inputs: { comment: "never" } });
    expect(gated.exitCode).toBe(1);
    expect(world.github.requests).toEqual([]);
  });

  it("on-failure speaks up when something is wrong, and takes it back when it is right again", async () => {
    const { world, same, worse } = await recorded();
    const inputs = { comment: "on-failure" };
    await world.gatePullRequest(same, { inputs });
    expect(bots(world)).toEqual([]);
    await world.gatePullRequest(worse, { inputs });
    const { id, body } = only(world);
    expect(body).toContain("Diverged");
    await world.gatePullRequest(same, { inputs });
    expect(only(world)).toMatchObject({ id, body: expect.stringContaining("Reproduced") });
  });

  it("on-failure speaks up about what is not proven", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    await world.gatePullRequest(await world.change({ "README.md": "words" }), { inputs: { comment: "on-failure" } });
    expect(only(world).body).toContain("Not proven");
  });

  it("on-change speaks up when a number moved, be it within its tolerance", async () => {
    const { world, same } = await recorded();
    const inputs = { comment: "on-change" };
    await world.gatePullRequest(same, { inputs });
    expect(bots(world)).toEqual([]);
    const moved = await world.change({ "metrics.json": within }, "moved");
    const gated = await world.gatePullRequest(moved, { inputs });
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(only(world).body).toContain("Reproduced");
  });

  it("may stand in the configuration", async () => {
    const { world, same } = await recorded({ files: { ".github/repro-gate.yml": "version: 1\ncomment: never\n" } });
    await world.gatePullRequest(same);
    expect(bots(world)).toEqual([]);
  });
});

describe("legs of a matrix", () => {
  it("have a comment each, which their next runs update", async () => {
    const { world, same, worse } = await recorded();
    const leg = (matrix: string) => ({ inputs: { matrix } });
    await world.gatePullRequest(worse, leg('{"python": "3.11", "os": "linux"}'));
    await world.gatePullRequest(same, leg('{"python": "3.12", "os": "linux"}'));
    expect(bots(world)).toHaveLength(2);
    // The same leg, its keys in another order.
    await world.gatePullRequest(same, leg('{"os": "linux", "python": "3.11"}'));
    const all = bots(world);
    expect(all).toHaveLength(2);
    expect(all.every(({ body }) => body.includes("Reproduced"))).toBe(true);
  });

  it("that are none are one: GitHub's null, act's {} and nothing at all", async () => {
    const { world, same } = await recorded();
    for (const matrix of ["null", "{}", "", undefined]) await world.gatePullRequest(same, { inputs: { matrix } });
    expect(bots(world)).toHaveLength(1);
  });
});

describe("text from outside", () => {
  const HOSTILE = "a|b ``` `x` @octocat #1 <img src=x onerror=y> [l](http://evil.example) **b** </details> \\| <!-- ";
  const TELLTALES = ["@octocat", "<img", "evil.example", "**b**", "a|b", "#1"];

  /** The markdown without its code, by CommonMark's rules: a run of backticks up to the next run of that length. */
  function withoutCode(markdown: string): string {
    const lines: string[] = [];
    let fence = "";
    for (const line of markdown.split("\n")) {
      const run = /^ {0,3}(`{3,})[^`]*$/.exec(line)?.[1] ?? "";
      if (fence === "") {
        if (run === "") lines.push(line);
        fence = run;
      } else if (run.length >= fence.length && /^ {0,3}`+\s*$/.test(line)) fence = "";
    }
    return lines.join("\n").replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "CODE");
  }

  /** Every row of every table has as many cells as the table's head. */
  function expectWholeTables(markdown: string): void {
    const cells = (row: string) => row.replaceAll("\\|", "").split("|").length;
    let head: string | undefined;
    for (const line of markdown.split("\n")) {
      if (!line.startsWith("|")) head = undefined;
      else if (head === undefined) head = line;
      else expect(cells(line), line).toBe(cells(head));
    }
  }

  function expectHarmless(gated: Gated): void {
    for (const markdown of [gated.comment, gated.summary]) {
      const rest = withoutCode(markdown);
      for (const telltale of TELLTALES) expect(rest).not.toContain(telltale);
      expect((rest.match(/<details/g) ?? []).length).toBe((rest.match(/<\/details>/g) ?? []).length);
      expect((rest.match(/<!--/g) ?? []).length).toBe((rest.match(/-->/g) ?? []).length);
      expectWholeTables(markdown);
    }
    for (const line of gated.log) {
      if (/^::(?:error|warning)/.test(line)) expect(line).not.toContain("\n");
    }
    expect(gated.outputs.headline).not.toContain("octocat");
  }

  it("in values of parameters stays in code spans", async () => {
    const { world } = await recorded();
    const change = await world.change({ "metrics.json": MOVED }, "hostile");
    const note = `${HOSTILE} \u202e\u0007${"x".repeat(300)}`;
    const gated = await world.gatePullRequest(change, { inputs: { parameters: `note=${note}` } });
    expect(gated.outputs.outcome).toBe("diverged");
    expect(gated.comment).toContain("octocat");
    expect(gated.comment).not.toContain("\u202e");
    expectHarmless(gated);
  });

  it("in recorded parameters, even over several lines, stays in code spans", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const commit = await world.git("rev-parse", "main");
    const note = `first\n\n### ${HOSTILE}\n| x | y |\n\`\`\`\nlast`;
    await world.record({ commit, metrics: GOOD, params: { note }, tags: { "repro_gate.params_encoding": "raw" } });
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }));
    expect(gated.outputs.outcome).toBe("reproduced");
    const candidate = (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
    expect(candidate?.tags.get("stub.note")).toBe(note);
    expectHarmless(gated);
  });

  it("in names of metrics, as no MLflow but a liar sends them, stays in code spans", async () => {
    const { world, worse } = await recorded();
    const proxy = await startHttpServer((seen, response) =>
      forward(seen, response, world.trackingUri, {
        change: (body) => body.replaceAll('"key": "accuracy"', `"key": ${JSON.stringify(`${HOSTILE}\n| a |`)}`),
      }),
    );
    onTestFinished(() => proxy.close());
    const gated = await world.gatePullRequest(worse, { inputs: { "tracking-uri": proxy.uri } });
    expect(gated.outputs).toMatchObject({ outcome: "diverged", "metrics-outside": "1" });
    expect(gated.comment).toContain("octocat");
    expectHarmless(gated);
  });

  it("in names of projects, branches and runs stays in code spans", async () => {
    const project = JSON.stringify(`${HOSTILE}`);
    const config = `version: 1\nprojects:\n  - name: ${project}\n`;
    const world = await World.create({ files: { "metrics.json": METRICS, ".github/repro-gate.yml": config } });
    const commit = await world.git("rev-parse", "main");
    await world.record({ commit, metrics: GOOD, name: HOSTILE });
    await world.record({ commit, metrics: GOOD, name: HOSTILE, status: "FAILED" });
    const change = await world.change({ "metrics.json": MOVED }, "a|b`x`@octocat<img");
    const gated = await world.gatePullRequest(change);
    expect(gated.outputs.outcome).toBe("diverged");
    expectHarmless(gated);
  });

  it("in the training's log stays in a code block, and is no command to the runner", async () => {
    const { world } = await recorded();
    const lines = [
      HOSTILE,
      "::error::forged",
      "::set-output name=outcome::reproduced",
      "::add-mask::e",
      "x ##[error]forged",
      "```",
      "````",
      "</details>",
      "\u001b[31mred\u001b[0m",
    ];
    const script = `import sys\nfor line in ${JSON.stringify(lines)}: print(line, flush=True)\nsys.exit(3)\n`;
    const gated = await world.gatePullRequest(await world.change({ "stub.py": script }, "hostile"));
    expect(gated.outputs).toMatchObject({ outcome: "broken", reason: "entry-point-failed" });
    expect(gated.exitCode).toBe(3);
    expect(gated.comment).toContain("octocat");
    expect(gated.comment).not.toContain("\u001b");
    expect(gated.log.filter((line) => /^::(?:set-output|add-mask::e$)/.test(line))).toEqual([]);
    expect(gated.log.filter((line) => line.startsWith("::error"))).toHaveLength(1);
    expectHarmless(gated);
  });
});
