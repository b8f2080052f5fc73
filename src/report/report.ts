import { z } from "zod";
import { OUTCOMES, REASONS } from "../core/outcome.js";
import { DIRECTIONS, LEVELS } from "../core/tolerance.js";

/**
 * The one model of what happened. It is the JSON report, and every other rendering is a pure function of it. A value
 * that came from outside stands in `{code}`, so that each rendering can make it harmless.
 */
export const REPORT_VERSION = 1;

const sentence = z.array(z.union([z.string(), z.object({ code: z.string() })]));
/** JSON has no NaN and no infinities: those are text. */
const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const reason = z.enum(Object.values(REASONS).flat() as [string, ...string[]]);

const metric = z.object({
  key: z.string(),
  state: z.enum(["within", "outside", "missing", "new", "not-finite", "ignored"]),
  baseline: number.nullable(),
  candidate: number.nullable(),
  delta: number.nullable(),
  relativeDelta: number.nullable(),
  /** The largest |delta| allowed, in the metric's own unit. */
  allowed: number.nullable(),
  rule: z.string(),
  /** The name or glob that selected the rule; null for the default. */
  match: z.string().nullable(),
  ruleOrigin: z.string(),
  direction: z.enum(DIRECTIONS),
  level: z.enum(LEVELS),
  renamedTo: z.string().nullable(),
});

const counts = z.object({
  compared: z.number(),
  within: z.number(),
  outside: z.number(),
  missing: z.number(),
  notFinite: z.number(),
  new: z.number(),
  ignored: z.number(),
  warned: z.number(),
});

const run = z.object({
  runId: z.string(),
  runName: z.string(),
  experimentId: z.string(),
  status: z.string(),
  url: z.string().nullable(),
  /** Whether it can be looked at after the job. */
  recorded: z.boolean(),
  commit: z.string().nullable(),
  startTime: z.iso.datetime().nullable(),
});

const traceStep = z.object({
  source: z.enum(["run-id", "branch-tag", "commit-tag", "created"]),
  summary: sentence,
  /** Runs that were looked at, with the reason why each was not taken. */
  refused: z.array(z.object({ runId: z.string(), runName: z.string(), refusal: z.string(), detail: sentence })),
  /** How many refused runs there were, of which `refused` holds the first. */
  refusedCount: z.number(),
});

const baseline = run.extend({
  source: traceStep.shape.source,
  /** Which branch, tag or commit linked it. */
  linkedBy: sentence,
  distance: z.number().nullable(),
  ageDays: z.number().nullable(),
  promoted: z.boolean(),
  dirty: z.boolean(),
});

const candidate = run.extend({
  seconds: z.number().nullable(),
  exitCode: z.number().nullable(),
  /** Whether the run was copied from an ephemeral store after the training had ended. */
  mirrored: z.boolean(),
});

const parameters = z.object({
  passed: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      origin: z.enum(["baseline", "configuration", "label", "default"]),
      recorded: z.string().nullable(),
    }),
  ),
  undeclared: z.array(z.string()),
  changedDefaults: z.array(
    z.object({ name: z.string(), before: z.string().nullable(), now: z.string().nullable(), used: z.boolean() }),
  ),
});

const project = z.object({
  name: z.string(),
  path: z.string(),
  outcome: z.enum(OUTCOMES),
  reason: reason.nullable(),
  /** What was expected, what was found. */
  sentence,
  /** What to do, as a list; empty when there is nothing to do. */
  advice: z.array(sentence),
  commit: z.string().nullable(),
  forkPoint: z.string().nullable(),
  /** The branch whose record counts. */
  linkedBranch: z.string().nullable(),
  entryPoint: z.string().nullable(),
  environmentManager: z.string().nullable(),
  baseline: baseline.nullable(),
  /** What the settings say about a missing baseline; null when that was not asked. */
  onMissingBaseline: z.enum(["fail", "create", "allow"]).nullable(),
  trace: z.array(traceStep),
  candidate: candidate.nullable(),
  parameters: parameters.nullable(),
  metrics: z.array(metric),
  counts: counts.nullable(),
  log: z.object({ tail: z.array(z.string()), droppedBytes: z.number() }).nullable(),
  warnings: z.array(sentence),
});

export const reportSchema = z
  .object({
    version: z.literal(REPORT_VERSION),
    tool: z.object({ name: z.literal("repro-gate"), version: z.string() }),
    createdAt: z.iso.datetime(),
    outcome: z.enum(OUTCOMES),
    reason: reason.nullable(),
    /** Counts only, never a name from outside: safe as an output of a step. */
    headline: z.string(),
    /** What the process ends with. */
    exitStatus: z.number().int(),
    /** True when the job succeeds whatever the outcome (`enforce: false`). */
    advisory: z.boolean(),
    event: z.string(),
    pullRequest: z.number().nullable(),
    repository: z.string().nullable(),
    repositoryUrl: z.string().nullable(),
    workflowRun: z
      .object({ id: z.string(), number: z.number(), attempt: z.number(), url: z.string().nullable() })
      .nullable(),
    /** The tracking server without credentials; null for one that ended with the job. */
    trackingUri: z.string().nullable(),
    projects: z.array(project),
    warnings: z.array(sentence),
  })
  .meta({ title: "Report of the MLflow Reproducibility Gate" });

export type Report = z.infer<typeof reportSchema>;
export type ProjectReport = Report["projects"][number];
export type MetricRow = ProjectReport["metrics"][number];
export type TraceStep = ProjectReport["trace"][number];
export type ReportedNumber = z.infer<typeof number>;
