import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/core/run.js";
import { type Gated, type GateOptions, REPOSITORY_ID, World } from "../support/world.js";

const METRICS = '{"accuracy": 0.875, "loss": 0.25}';
const RECORDED = { accuracy: 0.875, loss: 0.25 };
const UNCHANGED = { "README.md": "words" };
const CREATE = { inputs: { "on-missing-baseline": "create" } };
/** A branch that no filter of MLflow can quote. */
const QUOTED_BRANCH = `feat/o'brien"x`;

async function gateUnchanged(world: World, options: GateOptions = {}): Promise<Gated> {
  return world.gatePullRequest(await world.change(UNCHANGED), options);
}

function expectNotExecuted(gated: Gated): void {
  expect(gated.log.filter((line) => line.includes("stop-commands"))).toEqual([]);
  expect(gated.outputs["candidate-run-id"]).toBe("");
}

async function ofRole(world: World, role: string): Promise<readonly RunRecord[]> {
  return (await world.runs()).filter(({ tags }) => tags.get("repro_gate.role") === role);
}

/** A push to another branch than the default one. */
async function gatePush(world: World, branch: string, options: GateOptions = {}): Promise<Gated> {
  const after = await world.git("rev-parse", branch);
  const own = { id: REPOSITORY_ID, name: "Hello-World", full_name: "Codertocat/Hello-World", default_branch: "main" };
  const payload = { ref: `refs/heads/${branch}`, before: "0".repeat(40), after, repository: own };
  return world.gate({ name: "push", payload, checkout: after, ref: `refs/heads/${branch}`, number: 2 }, options);
}

describe("without a baseline", () => {
  it("a server's user is told, and nothing is executed", async () => {
    const world = await World.create();
    const gated = await gateUnchanged(world);
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline", "baseline-run-id": "" });
    expect(gated.exitCode).toBe(4);
    expect(gated.comment).toContain("⚪ Not proven — `stub`: there is no baseline yet");
    expect(gated.comment).toContain(`Looked in \`${world.experiment}\`.`);
    expect(gated.comment).toContain("No eligible run is tagged with the branch `main`.");
    expect(gated.comment).toContain("Nothing was executed.");
    expect(gated.comment).toContain("`on-missing-baseline: create`");
    expect(gated.comment).toContain("`baseline-run-id: <32 hexadecimal digits>`");
    expectNotExecuted(gated);
    expect(await world.runs()).toEqual([]);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("the job succeeds where that is allowed, but nothing is called proven", async () => {
    const world = await World.create();
    const gated = await gateUnchanged(world, { inputs: { "on-missing-baseline": "allow" } });
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline" });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain("⚪ Not proven");
    expect(gated.summary).toContain("⚪ Not proven");
    expectNotExecuted(gated);
    expect(await world.runs()).toEqual([]);
    expect(await world.leftovers(gated)).toEqual([]);
    // The step succeeds: an annotation of an error would contradict it.
    expect(gated.log.filter((line) => line.startsWith("::error"))).toEqual([]);
  });
});

describe("a baseline that is created", () => {
  it("is the fork point, executed before the commit under test", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const change = await world.change(UNCHANGED);
    const gated = await world.gatePullRequest(change, CREATE);
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "metrics-within": "2" });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain("the fork point, executed today, not promoted");
    const [baseline, candidate] = [await ofRole(world, "baseline"), await ofRole(world, "candidate")];
    expect(baseline).toMatchObject([{ runId: gated.outputs["baseline-run-id"], status: "FINISHED" }]);
    expect(candidate).toMatchObject([{ runId: gated.outputs["candidate-run-id"], status: "FINISHED" }]);
    expect(baseline[0]?.tags.get("mlflow.source.git.commit")).toBe(change.base);
    expect(candidate[0]?.tags.get("mlflow.source.git.commit")).toBe(change.head);
    expect(baseline[0]?.startTime).toBeLessThan(candidate[0]?.startTime ?? 0);
    expect(await world.leftovers(gated)).toEqual([]);

    // It is a record of its commit from now on: the next pull request needs no other.
    const next = await world.gatePullRequest(await world.change({ "NOTES.md": "words" }, "next"), { number: 3 });
    expect(next.outputs).toMatchObject({
      outcome: "reproduced",
      "baseline-run-id": gated.outputs["baseline-run-id"],
    });
    expect(await world.leftovers(next)).toEqual([]);
  });

  it("shows what a change moved", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const change = await world.change({ "metrics.json": METRICS.replace("0.25", "0.5") });
    const gated = await world.gatePullRequest(change, CREATE);
    expect(gated.outputs).toMatchObject({ outcome: "diverged", reason: "outside-tolerance", "metrics-outside": "1" });
    expect(gated.exitCode).toBe(1);
    expect(gated.comment).toMatch(/\*\*`loss`\*\* \| 0\.25 \| \*\*0\.5\*\*/);
    expect(await ofRole(world, "baseline")).toMatchObject([{ status: "FINISHED" }]);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("cannot be: the project is not there at the fork point", async () => {
    const world = await World.create({ files: { MLproject: undefined, "stub.py": undefined } });
    const change = await world.change({
      MLproject: "name: stub\nentry_points:\n  main: {command: 'python3 stub.py'}\n",
      "stub.py": "",
    });
    const gated = await world.gatePullRequest(change, CREATE);
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline" });
    expect(gated.exitCode).toBe(4);
    expect(gated.comment).toContain("none can be created");
    expect(gated.comment).toContain(`the folder \`.\` of \`${change.base.slice(0, 12)}\` has no file \`MLproject\``);
    expectNotExecuted(gated);
    expect(await world.leftovers(gated)).toEqual([]);
    // What was refused a line before is no advice.
    expect(gated.comment).not.toContain("on-missing-baseline: create");
  });

  it("cannot be: the training fails at the fork point", async () => {
    const world = await World.create({ files: { "stub.py": "raise RuntimeError('broken since Monday')\n" } });
    const gated = await world.gatePullRequest(await world.change({ "stub.py": "print('fine')\n" }), CREATE);
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline", "baseline-run-id": "" });
    expect(gated.exitCode).toBe(4);
    expect(gated.comment).toMatch(/the training fails at the fork point `[0-9a-f]{12}`/);
    expect(gated.comment).toContain("RuntimeError: broken since Monday");
    expect(gated.comment).toContain("Traceback (most recent call last):");
    expect(await ofRole(world, "baseline")).toMatchObject([{ status: "FAILED" }]);
    expect(await ofRole(world, "candidate")).toEqual([]);
    expect(await world.leftovers(gated)).toEqual([]);
    expect(gated.comment).not.toContain("on-missing-baseline: create");
  });

  it("cannot be: the commit under test is the record's own", async () => {
    const world = await World.create();
    const own = { id: REPOSITORY_ID, name: "Hello-World", full_name: "Codertocat/Hello-World", default_branch: "main" };
    const checkout = await world.git("rev-parse", "main");
    const event = { name: "workflow_dispatch", payload: { repository: own }, checkout, ref: "refs/heads/main" };
    const gated = await world.gate(event, CREATE);
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline" });
    expect(gated.exitCode).toBe(4);
    expect(gated.summary).toContain("it would be compared with itself");
    expectNotExecuted(gated);
    expect(await world.runs()).toEqual([]);
    expect(await world.leftovers(gated)).toEqual([]);
    expect(gated.summary).not.toContain("on-missing-baseline: create");
  });
});

describe("without a tracking server", () => {
  it("both are executed against an embedded one that ends with the job", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const gated = await gateUnchanged(world, { inputs: { "tracking-uri": "auto" } });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "metrics-within": "2" });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain("the fork point, executed today, not promoted");
    // No link to a server that is gone.
    expect(gated.comment).not.toMatch(/127\.0\.0\.1:\d+\/#\/experiments/);
    expect(gated.report.trackingUri).toBeNull();
    expect(await world.runs()).toEqual([]);
    expect(await world.leftovers(gated)).toEqual([]);
    // The store is gone: nobody can look the run up.
    expect(gated.outputs["candidate-run-id"]).toBe("");
  });

  it("a divergence gives no advice that needs one", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const change = await world.change({ "metrics.json": METRICS.replace("0.25", "0.5") });
    const gated = await world.gatePullRequest(change, { inputs: { "tracking-uri": "auto" } });
    expect(gated.outputs).toMatchObject({ outcome: "diverged", reason: "outside-tolerance" });
    expect(gated.exitCode).toBe(1);
    expect(gated.comment).toMatch(/\*\*`loss`\*\* \| 0\.25 \| \*\*0\.5\*\*/);
    expect(await world.leftovers(gated)).toEqual([]);
    expect(gated.comment).not.toContain("baseline-run-id");
  });
});

describe("a run that is no baseline", () => {
  it("failed, was killed, still runs, or has no metric: the trace says so", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const commit = await world.git("rev-parse", "main");
    const failed = await world.record({ commit, metrics: RECORDED, status: "FAILED", name: "it failed" });
    const killed = await world.record({ commit, metrics: RECORDED, status: "KILLED" });
    const running = await world.record({ commit, metrics: RECORDED, status: "RUNNING" });
    const bare = await world.record({ commit, metrics: {} });
    const gated = await gateUnchanged(world);
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline" });
    expect(gated.exitCode).toBe(4);
    expect(gated.comment).toContain("None of 4 runs is an eligible record");
    expect(gated.comment).toContain("2 failed or killed");
    expect(gated.comment).toContain("1 not finished");
    expect(gated.comment).toContain("1 without a gating metric");
    expect(gated.comment).toContain(`\`${failed}\` \`it failed\` refused: its status is \`FAILED\``);
    expect(gated.comment).toMatch(new RegExp(`\`${killed}\`.* refused: its status is \`KILLED\``));
    expect(gated.comment).toMatch(new RegExp(`\`${running}\`.* refused: its status is \`RUNNING\``));
    expect(gated.comment).toMatch(new RegExp(`\`${bare}\`.* refused: it has no metric`));
    expectNotExecuted(gated);
    expect(await world.runs()).toHaveLength(4);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("was recorded on a branch that was squashed since", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const feature = await world.change({ "train.txt": "new" }, "feature");
    await world.record({ commit: feature.head, metrics: RECORDED });
    // The squash: the same tree on `main`, by a commit that does not know the branch.
    await world.write({ "train.txt": "new" });
    const squashed = await world.commit("A change (#1)");
    const gated = await gateUnchanged(world);
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline" });
    expect(gated.exitCode).toBe(4);
    expect(gated.comment).toContain("1 not an ancestor");
    expect(gated.comment).toContain(`its commit \`${feature.head.slice(0, 12)}\` is not an ancestor of the fork point`);
    expect(gated.comment).toContain(squashed.slice(0, 12));
    expectNotExecuted(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});

describe("the choice among several", () => {
  it("falls on the smallest run ID when everything else is equal", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const commit = await world.git("rev-parse", "main");
    const startTime = Date.now() - 3_600_000;
    const runIds: string[] = [];
    for (let count = 0; count < 4; count++) runIds.push(await world.record({ commit, metrics: RECORDED, startTime }));
    const gated = await gateUnchanged(world);
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": runIds.sort()[0] });
    expect(gated.exitCode).toBe(0);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("falls on the nearest commit, and there on the newest run", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const root = await world.git("rev-parse", "main");
    const parent = await world.commit("Another");
    await world.commit("And another");
    const now = Date.now();
    await world.record({ commit: root, metrics: { accuracy: 0 }, startTime: now });
    await world.record({ commit: parent, metrics: { accuracy: 0 }, startTime: now - 3000 });
    const newest = await world.record({ commit: parent, metrics: RECORDED, startTime: now - 2000 });
    const gated = await gateUnchanged(world);
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": newest });
    expect(gated.comment).toContain("recorded at an ancestor of the fork point, not promoted");
    expect(gated.comment).toContain("1 commit back");
    expect(gated.comment).toContain("2 farther or older");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("falls on the run of a branch whose name no filter can quote, at a push to it", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const commit = await world.git("rev-parse", "main");
    const change = await world.change(UNCHANGED, QUOTED_BRANCH);
    const tags = { "mlflow.source.git.branch": QUOTED_BRANCH };
    const startTime = Date.now() - 3_600_000;
    const recorded = await world.record({ commit, metrics: RECORDED, tags, startTime });
    // Newer, and at the fork point as well, but of nobody's branch.
    await world.record({ commit, metrics: { accuracy: 0 }, startTime: startTime + 1000 });
    world.github.addPullRequest({ number: 2, headSha: change.head, headRef: change.branch, baseRef: "main" });
    const gated = await gatePush(world, QUOTED_BRANCH);
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": recorded });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain(`tagged with the branch \`${QUOTED_BRANCH}\`, not promoted`);
    const [candidate] = await ofRole(world, "candidate");
    expect(candidate?.tags.get("repro_gate.branch")).toBe(QUOTED_BRANCH);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("is that of the base branch for a pull request from a branch of such a name", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const commit = await world.git("rev-parse", "main");
    const startTime = Date.now() - 3_600_000;
    const recorded = await world.record({
      commit,
      metrics: RECORDED,
      startTime,
      tags: { "mlflow.source.git.branch": "main" },
    });
    // The pull request's own branch is judged; it does not judge.
    await world.record({
      commit,
      metrics: { accuracy: 0 },
      startTime: startTime + 1000,
      tags: { "mlflow.source.git.branch": QUOTED_BRANCH },
    });
    const gated = await world.gatePullRequest(await world.change(UNCHANGED, QUOTED_BRANCH));
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": recorded });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain("tagged with the branch `main`, not promoted");
    const [candidate] = await ofRole(world, "candidate");
    expect(candidate?.tags.get("mlflow.source.git.branch")).toBe(QUOTED_BRANCH);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});
