import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/core/run.js";
import { type Gated, World, type WorldOptions } from "../support/world.js";

const METRICS = { accuracy: 0.875, alpha_metric: 0.5 };
const UNCHANGED = { "README.md": "words" };

/** An MLproject of the stub with its own parameters; those of the command line that it does not use are given. */
function mlproject(parameters: Readonly<Record<string, string>>, command: string): string {
  return [
    "name: stub",
    "entry_points:",
    "  main:",
    "    parameters:",
    ...Object.entries(parameters).map(([name, declaration]) => `      ${name}: ${declaration}`),
    `    command: '${command.replaceAll("'", "''")}'`,
    "",
  ].join("\n");
}

/** A world whose `main` has a baseline with these recorded parameters. */
async function worldWith(params: Readonly<Record<string, string>>, options: WorldOptions = {}): Promise<World> {
  const world = await World.create(options);
  await world.record({ commit: await world.git("rev-parse", "main"), metrics: METRICS, params });
  return world;
}

async function candidate(world: World, gated: Gated): Promise<RunRecord> {
  const run = (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
  if (run === undefined) throw new Error(`There is no candidate run. ${gated.log.slice(-20).join("\n")}`);
  return run;
}

/** Nothing of the project ran, and nothing was created for it. */
async function expectNothingExecuted(world: World, gated: Gated, runs = 1): Promise<void> {
  expect(gated.log.filter((line) => line.includes("stop-commands"))).toEqual([]);
  expect(gated.outputs["candidate-run-id"]).toBe("");
  expect(await world.runs()).toHaveLength(runs);
  expect(await world.leftovers(gated)).toEqual([]);
}

describe("recorded parameters", () => {
  it("arrive as they were before `mlflow run` quoted them", async () => {
    const world = await worldWith({ alpha: "0.5", note: "'a b'", items: "'[1, 2]'", mode: "ok" });
    const gated = await world.gatePullRequest(await world.change(UNCHANGED));
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "metrics-within": "2" });
    expect(gated.exitCode).toBe(0);
    const run = await candidate(world, gated);
    expect(run.tags.get("stub.note")).toBe("a b");
    expect(run.tags.get("stub.items")).toBe("[1, 2]");
    expect(Object.fromEntries(run.params)).toMatchObject({ note: "a b", items: "[1, 2]", alpha: "0.5" });
    expect(gated.comment).toContain("`note=a b`");
    expect(gated.comment).toContain("`items=[1, 2]`");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("arrive empty, with a quote, with what a shell would expand, and as text that looks like an option", async () => {
    const world = await worldWith({ note: "''", items: `'it'"'"'s $HOME; \`id\` "x" --mode crash'` });
    const gated = await world.gatePullRequest(await world.change(UNCHANGED));
    expect(gated.outputs).toMatchObject({ outcome: "reproduced" });
    const run = await candidate(world, gated);
    expect(run.tags.get("stub.note")).toBe("");
    expect(run.tags.get("stub.items")).toBe('it\'s $HOME; `id` "x" --mode crash');
    expect(run.params.get("note")).toBe("");
    expect(gated.comment).toContain("`note=`");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("are taken as they are from a run that the gate made", async () => {
    const world = await World.create();
    await world.record({
      commit: await world.git("rev-parse", "main"),
      metrics: METRICS,
      params: { note: "'quoted'" },
      tags: { "repro_gate.params_encoding": "raw" },
    });
    const gated = await world.gatePullRequest(await world.change(UNCHANGED));
    expect(gated.outputs).toMatchObject({ outcome: "reproduced" });
    expect((await candidate(world, gated)).tags.get("stub.note")).toBe("'quoted'");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("that the entry point does not declare are not passed, and listed", async () => {
    const world = await worldWith({ alpha: "0.5", old_flag: "1", "learning rate": "'0.1 0.2'" });
    const gated = await world.gatePullRequest(await world.change(UNCHANGED));
    expect(gated.outputs).toMatchObject({ outcome: "reproduced" });
    expect(gated.comment).toContain(
      "Recorded but not declared by the entry point, hence not passed: `learning rate`, `old_flag`",
    );
    expect([...(await candidate(world, gated)).params.keys()].sort()).toEqual([
      "alpha",
      "data_file",
      "items",
      "mode",
      "note",
    ]);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("do not fit a renamed required one: nothing is executed, and both names are given", async () => {
    const command = (name: string) => `python3 stub.py --alpha {${name}} --note '' --items '' --mode ok --data-file ''`;
    const world = await worldWith(
      { depth: "3" },
      { files: { MLproject: mlproject({ depth: "{type: float}" }, command("depth")) } },
    );
    const renamed = mlproject({ tree_depth: "{type: float}" }, command("tree_depth"));
    const gated = await world.gatePullRequest(await world.change({ MLproject: renamed }));
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "parameters-incompatible" });
    expect(gated.exitCode).toBe(4);
    expect(gated.comment).toContain("its parameters do not fit the recorded ones");
    expect(gated.comment).toContain("The entry point `main` requires `tree_depth`.");
    expect(gated.comment).toContain("The baseline recorded `depth`, which this commit no longer declares");
    expect(gated.comment).toContain("`parameters: { tree_depth: … }`");
    await expectNothingExecuted(world, gated);
  });

  it.each([250, 500, 6000])("that MLflow may have cut, at %i characters, are not guessed", async (length) => {
    const world = await worldWith({ note: "x".repeat(length) });
    const gated = await world.gatePullRequest(await world.change(UNCHANGED));
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "parameters-unavailable" });
    expect(gated.exitCode).toBe(4);
    expect(gated.comment).toContain(`The recorded value of \`note\` is exactly ${length} characters long`);
    expect(gated.comment).toContain("Give the value by `parameters`.");
    await expectNothingExecuted(world, gated);
  });

  it("that MLflow may have cut are given by the workflow", async () => {
    const world = await worldWith({ note: "x".repeat(500) });
    const change = await world.change(UNCHANGED);
    const gated = await world.gatePullRequest(change, { inputs: { parameters: `note=${"x".repeat(500)}` } });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced" });
    expect((await candidate(world, gated)).tags.get("stub.note")).toHaveLength(500);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});

describe("other values than the recorded ones", () => {
  it("come from the input, and the report says so", async () => {
    const world = await worldWith({ alpha: "0.5" });
    const change = await world.change(UNCHANGED);
    const gated = await world.gatePullRequest(change, { inputs: { parameters: "alpha=0.75\nnote= x = y " } });
    expect(gated.outputs).toMatchObject({ outcome: "diverged", reason: "outside-tolerance" });
    expect(gated.exitCode).toBe(1);
    expect(gated.comment).toMatch(/\*\*`alpha_metric`\*\* \| 0\.5 \| \*\*0\.75\*\*/);
    expect(gated.comment).toContain("`alpha=0.75` (configuration, the baseline's is `0.5`)");
    const run = await candidate(world, gated);
    expect(run.params.get("alpha")).toBe("0.75");
    expect(run.tags.get("stub.note")).toBe(gated.report.projects[0]?.parameters?.passed[1]?.value);
    expect(run.tags.get("stub.note")?.trim()).toBe("x = y");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("come as labels from the configuration", async () => {
    const config = "version: 1\nprojects:\n  - parameters: { items: from file }\n    labels: { note: repro-gate }\n";
    const world = await worldWith({ note: "user", alpha: "0.5" }, { files: { ".github/repro-gate.yml": config } });
    const gated = await world.gatePullRequest(await world.change(UNCHANGED));
    expect(gated.outputs).toMatchObject({ outcome: "reproduced" });
    const { tags } = await candidate(world, gated);
    expect(tags.get("stub.note")).toBe("repro-gate");
    expect(tags.get("stub.items")).toBe("from file");
    expect(gated.comment).toContain("`note=repro-gate` (label, the baseline's is `user`)");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("are refused for a parameter that does not exist", async () => {
    const world = await worldWith({});
    const gated = await world.gatePullRequest(await world.change(UNCHANGED), { inputs: { parameters: "alhpa=1" } });
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(gated.exitCode).toBe(2);
    expect(gated.comment).toContain("declares no parameter `alhpa`; did you mean `alpha`?");
    await expectNothingExecuted(world, gated);
  });

  it("are new defaults, which are shown whether they count or not", async () => {
    const world = await worldWith({ note: "recorded" });
    const text = await world.git("show", "main:MLproject");
    const changed = text
      .replace("default: 0.5", "default: 0.75")
      .replace('note: {type: string, default: ""}', 'note: {type: string, default: "new"}');
    const gated = await world.gatePullRequest(await world.change({ MLproject: `${changed}\n` }));
    expect(gated.outputs).toMatchObject({ outcome: "diverged", reason: "outside-tolerance" });
    expect(gated.exitCode).toBe(1);
    expect(gated.comment).toContain(
      "The default of `alpha` is `0.75` here and `0.5` at the fork point, and is what ran.",
    );
    expect(gated.comment).toMatch(
      /The default of `note` is `new` here and .* at the fork point, but the recorded value was passed\./,
    );
    expect((await candidate(world, gated)).tags.get("stub.note")).toBe("recorded");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it.each(["recorded", "given"])(
    "are refused where the template's own quotes would let a shell act on them: %s",
    async (how) => {
      const quoting = mlproject(
        { note: '{type: string, default: "x"}' },
        `python3 stub.py --alpha 0.5 --note "{note}" --items '' --mode ok --data-file ''`,
      );
      const trap = `/tmp/repro-gate-trap-${process.pid}-${how}`;
      const value = `$(touch ${trap})`;
      const world = await worldWith(how === "recorded" ? { note: `'${value}'` } : {}, {
        files: { MLproject: quoting },
      });
      const change = await world.change(UNCHANGED);
      const gated = await world.gatePullRequest(
        change,
        how === "given" ? { inputs: { parameters: `note=${value}` } } : {},
      );
      expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
      expect(gated.exitCode).toBe(2);
      expect(gated.comment).toContain("puts `{note}` in quotes");
      expect(gated.comment).toContain("remove the quotes around the placeholder in the MLproject");
      expect(existsSync(trap)).toBe(false);
      await expectNothingExecuted(world, gated);
    },
  );
});

describe("a baseline that has to be created", () => {
  it("lacks the value of a required parameter: nothing is executed", async () => {
    const command = "python3 stub.py --alpha {depth} --note '' --items '' --mode ok --data-file ''";
    const world = await World.create({ files: { MLproject: mlproject({ depth: "{type: float}" }, command) } });
    const inputs = { "on-missing-baseline": "create" };
    const gated = await world.gatePullRequest(await world.change(UNCHANGED), { inputs });
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "parameters-unavailable" });
    expect(gated.exitCode).toBe(4);
    expect(gated.comment).toContain("The entry point `main` requires `depth`, and nothing gives its value.");
    expect(gated.comment).toContain("`parameters: { depth: … }`");
    await expectNothingExecuted(world, gated, 0);
  });

  it("takes the value of a required parameter from the input, for both executions", async () => {
    const command = "python3 stub.py --alpha {depth} --note '' --items '' --mode ok --data-file ''";
    const world = await World.create({ files: { MLproject: mlproject({ depth: "{type: float}" }, command) } });
    const inputs = { "on-missing-baseline": "create", parameters: "depth=0.25" };
    const gated = await world.gatePullRequest(await world.change(UNCHANGED), { inputs });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "metrics-within": "2" });
    expect((await world.runs()).map(({ params }) => params.get("depth"))).toEqual(["0.25", "0.25"]);
    expect((await candidate(world, gated)).metrics.get("alpha_metric")?.value).toBe(0.25);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});
