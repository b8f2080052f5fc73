import { compareMetrics } from "../../src/core/comparison.js";
import { exitStatus } from "../../src/core/outcome.js";
import { DEFAULT_RULE, type Ruler } from "../../src/core/tolerance.js";
import type { Verdict } from "../../src/core/verdict.js";
import { decide } from "../../src/core/verdict.js";
import { Dossier } from "../../src/gate/dossier.js";
import { composeReport } from "../../src/report/compose.js";
import type { ProjectReport, Report } from "../../src/report/report.js";

const SILENT = { step: () => {}, info: () => {}, warning: () => {} };
const BASELINE = "e89ed4760d7f4a5f8b1c2d3e4f506172";
const CANDIDATE = "9346259c0d7f4a5f8b1c2d3e4f506172";
const FORK_POINT = "8f1c2d3aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const HEAD = "1a2b3c4bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

export const WINE = { mae: 0.6271044635747202, r2: 0.21280278568777833, rmse: 0.7852515314222179 };

export const RULER: Ruler = { default: DEFAULT_RULE, defaultOrigin: "default", rules: [] };

/** A verdict from two sets of metrics. */
export function compared(
  baseline: Readonly<Record<string, number>>,
  candidate: Readonly<Record<string, number>>,
  ruler = RULER,
): Verdict {
  return decide(compareMetrics(new Map(Object.entries(baseline)), new Map(Object.entries(candidate)), ruler));
}

/** What the report knows once everything has run. */
export const KNOWN: Partial<ProjectReport> = {
  name: "wine-quality",
  path: "examples/wine-quality",
  commit: HEAD,
  forkPoint: FORK_POINT,
  linkedBranch: "main",
  entryPoint: "main",
  environmentManager: "uv",
  baseline: {
    runId: BASELINE,
    runName: "gentle-owl-12",
    experimentId: "1",
    status: "FINISHED",
    url: `https://mlflow.example.com/#/experiments/1/runs/${BASELINE}`,
    recorded: true,
    commit: FORK_POINT,
    startTime: "2026-01-01T12:00:00.000Z",
    source: "commit-tag",
    linkedBy: ["recorded at an ancestor of the fork point, not promoted"],
    distance: 4,
    ageDays: 12.2,
    promoted: false,
    dirty: false,
  },
  trace: [
    {
      source: "branch-tag",
      summary: ["No eligible run is tagged with the branch ", { code: "main" }, "."],
      refused: [],
      refusedCount: 0,
    },
    {
      source: "commit-tag",
      summary: ["Recorded at ", { code: "8f1c2d3aaaaa" }, " (refused: 1 failed or killed, 1 not an ancestor)."],
      refused: [
        {
          runId: "0".repeat(32),
          runName: "bad-fox-1",
          refusal: "failed",
          detail: ["its status is ", { code: "FAILED" }],
        },
        {
          runId: "1".repeat(32),
          runName: "odd-cat-2",
          refusal: "not-an-ancestor",
          detail: ["its commit ", { code: "c0a2d40c0a2d" }, " is not an ancestor of the fork point"],
        },
      ],
      refusedCount: 2,
    },
  ],
  candidate: {
    runId: CANDIDATE,
    runName: "repro-gate/pr-12/1a2b3c4",
    experimentId: "1",
    status: "FINISHED",
    url: `https://mlflow.example.com/#/experiments/1/runs/${CANDIDATE}`,
    recorded: true,
    commit: HEAD,
    startTime: "2026-01-13T16:00:00.000Z",
    seconds: 41.2,
    exitCode: 0,
    mirrored: false,
  },
  parameters: {
    passed: [
      { name: "data_path", value: "data/wine-quality-white.csv", origin: "baseline", recorded: null },
      { name: "max_depth", value: "2", origin: "baseline", recorded: null },
      { name: "run_origin", value: "repro-gate", origin: "label", recorded: "default" },
    ],
    undeclared: [],
    changedDefaults: [],
  },
  log: { tail: ["Loading 4898 rows", "mae 0.627104"], droppedBytes: 0 },
};

/** A whole report for one verdict. */
export function reportOf(verdict: Verdict, known: Partial<ProjectReport> = KNOWN, rest: Partial<Report> = {}): Report {
  const dossier = new Dossier(SILENT, "project");
  dossier.note(known);
  dossier.conclude(verdict);
  const report = composeReport([dossier.report], {
    toolVersion: "1.0.0",
    createdAt: "2026-01-13T16:00:45.000Z",
    exitStatus: exitStatus(dossier.report.outcome),
    advisory: false,
    event: "pull_request",
    pullRequest: 12,
    repository: "owner/wine",
    repositoryUrl: "https://github.com/owner/wine",
    workflowRun: { id: "7", number: 3, attempt: 1, url: "https://github.com/owner/wine/actions/runs/7" },
    trackingUri: "https://mlflow.example.com",
    warnings: [],
  });
  return { ...report, ...rest };
}
