import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Ancestry,
  branchTagKeys,
  byPreference,
  type Candidate,
  classify,
  type Eligibility,
  isDirty,
  type Refusal,
  recordedBranches,
  recordedProjectPath,
  refuse,
} from "../../src/core/baseline.js";
import type { RunRecord } from "../../src/core/run.js";
import { plain } from "../../src/core/sentence.js";
import { DEFAULT_RULE, type Level } from "../../src/core/tolerance.js";
import { commitId, type RunOverrides, runId, runRecord } from "../support/runs.js";

const rule = (match: string, level: Level) => ({ match, rule: { ...DEFAULT_RULE, level }, origin: "test" });
const WANTED: Eligibility = {
  ruler: { default: DEFAULT_RULE, defaultOrigin: "default", rules: [rule("shown", "warn"), rule("noise", "ignore")] },
  projectPath: "examples/wine",
  entryPoint: "main",
  refuseDirty: false,
};
const PROJECT = { "mlflow.source.type": "PROJECT" };
const at = (name: string) => ({ tags: { ...PROJECT, "mlflow.source.name": name } });

describe("refuse", () => {
  it.each<[string, RunOverrides]>([
    ["has a gating metric and says nothing about itself", {}],
    [
      "belongs to the project and its entry point",
      {
        tags: { ...PROJECT, "mlflow.source.name": "file:///repo#examples/wine", "mlflow.project.entryPoint": "main" },
      },
    ],
    ["is the gate's own baseline", { tags: { "repro_gate.role": "baseline" } }],
    ["was recorded from a dirty tree, unless that is refused", { tags: { "mlflow.source.git.dirty": "true" } }],
    ["has one gating metric among others", { metrics: { noise: 1, shown: 1, "system/cpu": 1, loss: 1 } }],
    ["has a metric that is NaN", { metrics: { loss: Number.NaN } }],
    ["was made by a script elsewhere", { tags: { "mlflow.source.type": "LOCAL", "mlflow.source.name": "train.py" } }],
  ])("takes a run that %s", (_, overrides) => {
    expect(refuse(runRecord(overrides), WANTED, false)).toBeUndefined();
  });

  it.each<[Refusal, string, RunOverrides, string]>([
    ["deleted", "is in the trash", { active: false }, "it is deleted"],
    ["unfinished", "is running", { status: "RUNNING" }, "its status is RUNNING"],
    ["unfinished", "is scheduled", { status: "SCHEDULED" }, "its status is SCHEDULED"],
    ["unfinished", "has a status of a later MLflow", { status: "PAUSED" }, "its status is PAUSED"],
    ["failed", "failed", { status: "FAILED" }, "its status is FAILED"],
    ["failed", "was killed", { status: "KILLED" }, "its status is KILLED"],
    ["child-run", "is a child", { tags: { "mlflow.parentRunId": runId(7) } }, `it is a child of run ${runId(7)}`],
    ["gate-candidate", "is a candidate", { tags: { "repro_gate.role": "candidate" } }, "it is a candidate of the gate"],
    ["gate-candidate", "is a group", { tags: { "repro_gate.role": "group" } }, "it is a group of the gate"],
    ["other-project", "belongs to another folder", at("https://x/r.git#examples/iris"), "project folder examples/iris"],
    ["other-project", "belongs to the root", at("https://x/r.git"), "project folder ."],
    ["other-project", "belongs to a folder above", at("file:///repo#examples"), "project folder examples"],
    [
      "other-entry-point",
      "ran another entry point",
      { tags: { "mlflow.project.entryPoint": "tune" } },
      "entry point is tune",
    ],
    ["no-gating-metric", "has no metric", { metrics: {} }, "it has no metric"],
    [
      "no-gating-metric",
      "has metrics that gate nothing",
      { metrics: { noise: 1, shown: 1, "system/cpu": 1 } },
      "none of its 3 metrics gates",
    ],
  ])("answers %s for a run that %s", (refusal, _, overrides, detail) => {
    const refused = refuse(runRecord(overrides), WANTED, false);
    expect(refused).toMatchObject({ refusal, runId: runRecord().runId, runName: "calm-fox-17" });
    expect(plain(refused?.detail ?? [])).toContain(detail);
  });

  it.each(["true", "True", "TRUE"])("refuses a dirty tag of %j where the configuration says so", (dirty) => {
    const run = runRecord({ tags: { "mlflow.source.git.dirty": dirty } });
    expect(refuse(run, { ...WANTED, refuseDirty: true }, false)?.refusal).toBe("dirty");
    expect(refuse(run, { ...WANTED, refuseDirty: true }, true)?.refusal).toBe("dirty");
  });

  it("exempts a named run from the checks that guess whether a run belongs", () => {
    const run = runRecord({
      tags: {
        ...at("https://x/r.git#elsewhere").tags,
        "mlflow.parentRunId": runId(7),
        "repro_gate.role": "candidate",
        "mlflow.project.entryPoint": "tune",
      },
    });
    expect(refuse(run, WANTED, true)).toBeUndefined();
  });

  it.each<[Refusal, RunOverrides]>([
    ["deleted", { active: false }],
    ["unfinished", { status: "RUNNING" }],
    ["failed", { status: "FAILED" }],
    ["no-gating-metric", { metrics: {} }],
  ])("answers %s even for a named run, which cannot be compared with", (refusal, overrides) => {
    expect(refuse(runRecord(overrides), WANTED, true)?.refusal).toBe(refusal);
  });
});

describe("isDirty", () => {
  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ["", false],
    ["false", false],
    ["true", true],
    ["True", true],
  ])("of the tag %j is %s", (tag, dirty) => {
    expect(isDirty(runRecord({ tags: tag === undefined ? {} : { "mlflow.source.git.dirty": tag } }))).toBe(dirty);
  });
});

describe("recordedProjectPath", () => {
  it.each<[string, string | undefined]>([
    ["https://github.com/o/r.git#examples/wine", "examples/wine"],
    ["https://github.com/o/r.git#/examples/wine/", "examples/wine"],
    ["https://github.com/o/r.git", ""],
    ["https://github.com/o/r.git#", ""],
    ["git@github.com:o/r.git#sub", "sub"],
    ["git@github.com:o/r.git", ""],
    ["ssh://git@host/o/r.git#sub", "sub"],
    ["file:///home/me/repo#sub dir/é", "sub dir/é"],
    ["file:///home/me/repo", ""],
    ["/home/me/project", undefined],
    ["relative/project", undefined],
    ["train.py", undefined],
    ["-c", undefined],
    ["", undefined],
  ])("reads %j as %j", (name, path) => {
    expect(recordedProjectPath(runRecord(at(name)))).toBe(path);
  });

  it("keeps a # that belongs to the folder's own name, as MLflow splits at the first one", () => {
    expect(recordedProjectPath(runRecord(at("https://github.com/o/r.git#runs/c#1")))).toBe("runs/c#1");
  });

  it.each(["C:\\Users\\me\\project", "C:/Users/me/project"])("learns nothing from the bare Windows path %s", (name) => {
    expect(recordedProjectPath(runRecord(at(name)))).toBeUndefined();
  });

  it.each([undefined, "LOCAL", "NOTEBOOK", "JOB"])("learns nothing from a run of source type %s", (type) => {
    const tags = {
      "mlflow.source.name": "https://x/r#sub",
      ...(type === undefined ? {} : { "mlflow.source.type": type }),
    };
    expect(recordedProjectPath(runRecord({ tags }))).toBeUndefined();
  });

  it("learns nothing from a run without a source name", () => {
    expect(recordedProjectPath(runRecord({ tags: PROJECT }))).toBeUndefined();
  });
});

describe("branch tags", () => {
  it("are MLflow's, its former one and the gate's, the configured one first and once", () => {
    const own = ["mlflow.source.git.branch", "mlflow.gitBranchName", "repro_gate.branch"];
    expect(branchTagKeys(undefined)).toEqual(own);
    expect(branchTagKeys("team.branch")).toEqual(["team.branch", ...own]);
    expect(branchTagKeys("repro_gate.branch")).toEqual(["repro_gate.branch", ...own.slice(0, 2)]);
  });

  it("are all read, and those that a run lacks are left out", () => {
    const run = runRecord({
      tags: { "repro_gate.branch": "main", "mlflow.gitBranchName": "old", "team.branch": "dev" },
    });
    expect(recordedBranches(run, undefined)).toEqual(["old", "main"]);
    expect(recordedBranches(run, "team.branch")).toEqual(["dev", "old", "main"]);
    expect(recordedBranches(runRecord(), undefined)).toEqual([]);
  });
});

/** The fork point and two ancestors. */
const ANCESTRY: Ancestry = new Map([
  [commitId(0), 0],
  [commitId(1), 1],
  [commitId(2), 2],
]);

/** A run recorded on `main` at a commit, or at none. */
function recorded(id: number, commit: number | undefined, overrides: RunOverrides = {}): RunRecord {
  const tags = {
    "repro_gate.branch": "main",
    ...(commit === undefined ? {} : { "mlflow.source.git.commit": commitId(commit) }),
    ...overrides.tags,
  };
  return runRecord({ runId: runId(id), ...overrides, tags });
}

const BY_BRANCH = { commitRequired: false, branch: "main" };
const BY_COMMIT = { commitRequired: true };

describe("classify", () => {
  it.each<[string, RunRecord[], number]>([
    ["the nearest commit", [recorded(1, 2), recorded(2, 1), recorded(3, 2)], 2],
    ["the nearest commit over a newer start", [recorded(1, 1, { startTime: 10 }), recorded(2, 0, { startTime: 5 })], 2],
    ["the newest start of one commit", [recorded(1, 1, { startTime: 5 }), recorded(2, 1, { startTime: 6 })], 2],
    ["the smallest run ID of one commit and start", [recorded(3, 1), recorded(1, 1), recorded(2, 1)], 1],
    ["a run with a far commit over one without", [recorded(1, undefined, { startTime: 9e15 }), recorded(2, 2)], 2],
    [
      "the newest of runs without a commit",
      [recorded(1, undefined, { startTime: 5 }), recorded(2, undefined, { startTime: 6 })],
      2,
    ],
  ])("chooses %s", (_, runs, chosen) => {
    const { chosen: found, refused } = classify(runs, WANTED, ANCESTRY, BY_BRANCH);
    expect(found?.run.runId).toBe(runId(chosen));
    expect(refused.map(({ refusal }) => refusal)).toEqual(runs.slice(1).map(() => "farther"));
  });

  it("tells the distance of the chosen run, or that it recorded no commit", () => {
    expect(classify([recorded(1, 2)], WANTED, ANCESTRY, BY_BRANCH).chosen?.distance).toBe(2);
    expect(classify([recorded(1, undefined)], WANTED, ANCESTRY, BY_BRANCH).chosen).toMatchObject({
      distance: undefined,
    });
  });

  it.each<[Refusal, string, RunRecord, Ancestry | undefined, { commitRequired: boolean; branch?: string }]>([
    ["no-commit", "it has none and the source needs one", recorded(1, undefined), ANCESTRY, BY_COMMIT],
    [
      "no-commit",
      "its commit tag is empty",
      recorded(1, undefined, { tags: { "mlflow.source.git.commit": "" } }),
      ANCESTRY,
      BY_COMMIT,
    ],
    ["not-an-ancestor", "its commit is on another branch", recorded(1, 9), ANCESTRY, BY_BRANCH],
    ["not-an-ancestor", "there is no fork point", recorded(1, 0), undefined, BY_BRANCH],
    [
      "other-branch",
      "it was recorded elsewhere",
      recorded(1, 0, { tags: { "repro_gate.branch": "dev" } }),
      ANCESTRY,
      BY_BRANCH,
    ],
    [
      "other-branch",
      "its branch differs in case",
      recorded(1, 0, { tags: { "repro_gate.branch": "Main" } }),
      ANCESTRY,
      BY_BRANCH,
    ],
    [
      "other-branch",
      "its branch only begins alike",
      recorded(1, 0, { tags: { "repro_gate.branch": "main2" } }),
      ANCESTRY,
      BY_BRANCH,
    ],
    ["failed", "it is not eligible at all", recorded(1, 0, { status: "FAILED" }), ANCESTRY, BY_BRANCH],
  ])("answers %s when %s", (refusal, _, run, ancestry, options) => {
    const { chosen, refused } = classify([run], WANTED, ancestry, options);
    expect(chosen).toBeUndefined();
    expect(refused.map((entry) => entry.refusal)).toEqual([refusal]);
  });

  it("takes a run without a commit where the branch is all that is asked, even without a fork point", () => {
    expect(classify([recorded(1, undefined)], WANTED, undefined, BY_BRANCH).chosen?.run.runId).toBe(runId(1));
  });

  it("asks for no branch where none is given", () => {
    const run = recorded(1, 0, { tags: { "repro_gate.branch": "dev" } });
    expect(classify([run], WANTED, ANCESTRY, BY_COMMIT).chosen?.run.runId).toBe(runId(1));
  });

  it("reads the branch from the configured tag too", () => {
    const run = recorded(1, 0, { tags: { "repro_gate.branch": "dev", "team.branch": "main" } });
    const options = { ...BY_BRANCH, branchTag: "team.branch" };
    expect(classify([run], WANTED, ANCESTRY, options).chosen?.run.runId).toBe(runId(1));
  });

  it("counts a run that two queries found once", () => {
    const run = recorded(1, 1);
    expect(classify([run, run, recorded(1, 1)], WANTED, ANCESTRY, BY_BRANCH)).toEqual({
      chosen: { run, distance: 1 },
      refused: [],
    });
  });

  it("finds nothing among no runs", () => {
    expect(classify([], WANTED, ANCESTRY, BY_BRANCH)).toEqual({ chosen: undefined, refused: [] });
  });

  const someRuns = fc
    .array(
      fc.record({
        id: fc.nat({ max: 20 }),
        commit: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
        startTime: fc.nat({ max: 3 }),
        status: fc.constantFrom("FINISHED", "FINISHED", "FAILED"),
      }),
      { maxLength: 12 },
    )
    .map((drawn) => [...new Map(drawn.map((entry) => [entry.id, entry])).values()])
    .map((drawn) => drawn.map(({ id, commit, startTime, status }) => recorded(id, commit, { startTime, status })));

  it("does not depend on the order in which a server lists runs", () => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const forwards = classify(runs, WANTED, ANCESTRY, BY_BRANCH);
        const backwards = classify([...runs].reverse(), WANTED, ANCESTRY, BY_BRANCH);
        const sorted = (refused: typeof forwards.refused) =>
          refused.map(({ runId: id, refusal }) => `${id} ${refusal}`).sort();
        expect(backwards.chosen).toEqual(forwards.chosen);
        expect(sorted(backwards.refused)).toEqual(sorted(forwards.refused));
      }),
    );
  });

  it("accounts for every run exactly once, chosen or refused with a reason", () => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const { chosen, refused } = classify(runs, WANTED, ANCESTRY, BY_BRANCH);
        const named = [...(chosen === undefined ? [] : [chosen.run.runId]), ...refused.map((entry) => entry.runId)];
        expect(named.sort()).toEqual(runs.map((run) => run.runId).sort());
      }),
    );
  });
});

describe("byPreference", () => {
  it("is a total order without ties, so that the choice never depends on chance", () => {
    const candidate = fc
      .tuple(fc.nat({ max: 3 }), fc.option(fc.nat({ max: 2 }), { nil: undefined }), fc.nat({ max: 2 }))
      .map(([id, distance, startTime]): Candidate => ({ run: runRecord({ runId: runId(id), startTime }), distance }));
    fc.assert(
      fc.property(candidate, candidate, candidate, (a, b, c) => {
        fc.pre(new Set([a, b, c].map(({ run }) => run.runId)).size === 3);
        expect(Math.sign(byPreference(a, b))).toBe(-Math.sign(byPreference(b, a)));
        expect(byPreference(a, b) < 0 && byPreference(b, c) < 0 && byPreference(a, c) > 0).toBe(false);
      }),
    );
  });
});
