import type { BaselineSource } from "../core/baseline.js";
import type { Comparison, MetricComparison } from "../core/comparison.js";
import type { ParameterPlan } from "../core/parameters.js";
import { type RunRecord, TAG } from "../core/run.js";
import type { Sentence } from "../core/sentence.js";
import { renderRule } from "../core/tolerance.js";
import { encodeOptional } from "./numbers.js";
import type { MetricRow, ProjectReport } from "./report.js";

/** A project's report before anything is known about it but its name. */
export function emptyProjectReport(name: string, path: string): ProjectReport {
  return {
    name,
    path,
    outcome: "error",
    reason: "internal",
    sentence: ["The gate ended before it decided."],
    advice: [],
    commit: null,
    forkPoint: null,
    linkedBranch: null,
    entryPoint: null,
    environmentManager: null,
    baseline: null,
    onMissingBaseline: null,
    trace: [],
    candidate: null,
    parameters: null,
    metrics: [],
    counts: null,
    log: null,
    warnings: [],
  };
}

/** One metric's comparison as the report keeps it. */
export function toMetricRow(metric: MetricComparison): MetricRow {
  return {
    key: metric.key,
    state: metric.state,
    baseline: encodeOptional(metric.baseline),
    candidate: encodeOptional(metric.candidate),
    delta: encodeOptional(metric.delta),
    relativeDelta: encodeOptional(metric.relativeDelta),
    allowed: encodeOptional(metric.allowed),
    rule: renderRule(metric.rule),
    match: metric.match ?? null,
    ruleOrigin: metric.origin,
    direction: metric.rule.direction,
    level: metric.rule.level,
    renamedTo: metric.renamedTo ?? null,
  };
}

export function toComparisonFields(comparison: Comparison): Pick<ProjectReport, "metrics" | "counts"> {
  return { metrics: comparison.metrics.map(toMetricRow), counts: { ...comparison.counts } };
}

export function toParameters(plan: ParameterPlan): NonNullable<ProjectReport["parameters"]> {
  return {
    passed: plan.parameters.map(({ name, value, origin, recorded }) => ({
      name,
      value,
      origin,
      recorded: recorded ?? null,
    })),
    undeclared: [...plan.undeclared],
    changedDefaults: plan.changedDefaults.map(({ name, before, now, used }) => ({
      name,
      before: before ?? null,
      now: now ?? null,
      used,
    })),
  };
}

/** The fields that baseline and candidate share. */
export function toRun(run: RunRecord, webUri: string | undefined) {
  return {
    runId: run.runId,
    runName: run.runName,
    experimentId: run.experimentId,
    status: run.status,
    url: webUri === undefined ? null : runUrl(webUri, run),
    commit: run.tags.get(TAG.gitCommit) ?? null,
    startTime: isoTime(run.startTime),
  };
}

export function toBaseline(
  run: RunRecord,
  webUri: string | undefined,
  link: {
    readonly source: BaselineSource;
    readonly linkedBy: Sentence;
    readonly distance: number | undefined;
    readonly recorded: boolean;
  },
  ageDays: number | undefined,
  dirty: boolean,
): NonNullable<ProjectReport["baseline"]> {
  return {
    ...toRun(run, webUri),
    recorded: link.recorded,
    source: link.source,
    linkedBy: [...link.linkedBy],
    distance: link.distance ?? null,
    ageDays: ageDays ?? null,
    promoted: false,
    dirty,
  };
}

/** The run's page in MLflow's own user interface. */
function runUrl(webUri: string, run: RunRecord): string {
  return `${webUri}/#/experiments/${encodeURIComponent(run.experimentId)}/runs/${encodeURIComponent(run.runId)}`;
}

/** ISO 8601 in UTC from milliseconds since the epoch; null for 0, which MLflow stores when nobody said. */
export function isoTime(milliseconds: number): string | null {
  if (!(milliseconds > 0 && milliseconds <= 8.64e15)) return null;
  // biome-ignore lint/style/noRestrictedGlobals: formats a given instant; it does not read the clock.
  return new Date(milliseconds).toISOString();
}
