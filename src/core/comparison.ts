import { isClose } from "./isclose.js";
import { nearMiss } from "./near-miss.js";
import { selectRule } from "./select-rule.js";
import type { Rule, Ruler } from "./tolerance.js";

/**
 * What one metric's comparison came to. `missing`: the candidate lacks it; `new`: the baseline lacks it;
 * `not-finite`: NaN or an infinity on one side that the other does not match.
 */
export type MetricState = "within" | "outside" | "missing" | "new" | "not-finite" | "ignored";

export interface MetricComparison {
  readonly key: string;
  readonly state: MetricState;
  readonly rule: Rule;
  /** The name or glob of the rule that decided; undefined for the default. */
  readonly match: string | undefined;
  readonly origin: string;
  readonly baseline: number | undefined;
  readonly candidate: number | undefined;
  /** Candidate − baseline, where both are numbers; 0 only when they are equal. */
  readonly delta: number | undefined;
  /** Delta over |baseline|; undefined at a baseline of 0. */
  readonly relativeDelta: number | undefined;
  /** The largest |delta| that the rule allows, in the metric's own unit; 0 for `exact`. */
  readonly allowed: number | undefined;
  /** For a missing metric, the new one that it was probably renamed to. */
  readonly renamedTo: string | undefined;
}

export interface ComparisonCounts {
  /** Gating metrics with a value on both sides. */
  readonly compared: number;
  readonly within: number;
  readonly outside: number;
  readonly missing: number;
  readonly notFinite: number;
  readonly new: number;
  readonly ignored: number;
  /** Metrics of level `warn` that are outside, missing or not finite. */
  readonly warned: number;
}

export interface Comparison {
  /** One entry per key of the union, in code-unit order of the keys. */
  readonly metrics: readonly MetricComparison[];
  readonly counts: ComparisonCounts;
}

/** Whether the metric speaks against the candidate. */
export function fails(metric: MetricComparison): boolean {
  return metric.rule.level === "fail" && deviates(metric);
}

/** Whether the metric deviates, gating or not. */
export function deviates(metric: MetricComparison): boolean {
  return metric.state === "outside" || metric.state === "missing" || metric.state === "not-finite";
}

/**
 * Compares the latest metric values of two runs over the union of their keys.
 *
 * @param baseline, candidate metric key → latest value; infinities and NaN as such
 */
export function compareMetrics(
  baseline: ReadonlyMap<string, number>,
  candidate: ReadonlyMap<string, number>,
  ruler: Ruler,
): Comparison {
  const keys = [...new Set([...baseline.keys(), ...candidate.keys()])].sort();
  const newKeys = keys.filter((key) => !baseline.has(key));
  const metrics = keys.map((key) =>
    compareMetric(key, baseline.get(key), candidate.get(key), ruler, newKeys, candidate),
  );
  return { metrics, counts: count(metrics) };
}

function compareMetric(
  key: string,
  baseline: number | undefined,
  candidate: number | undefined,
  ruler: Ruler,
  newKeys: readonly string[],
  candidates: ReadonlyMap<string, number>,
): MetricComparison {
  const { rule, match, origin } = selectRule(key, ruler);
  const state = judge(baseline, candidate, rule);
  const both = baseline !== undefined && candidate !== undefined;
  const delta = both ? difference(baseline, candidate) : undefined;
  return {
    key,
    state,
    rule,
    match,
    origin,
    baseline,
    candidate,
    delta,
    relativeDelta:
      delta === undefined || baseline === undefined || baseline === 0 ? undefined : delta / Math.abs(baseline),
    allowed: both && state !== "ignored" ? allowance(baseline, candidate, rule) : undefined,
    renamedTo: state === "missing" ? findRename(key, baseline, newKeys, candidates) : undefined,
  };
}

function judge(baseline: number | undefined, candidate: number | undefined, rule: Rule): MetricState {
  if (rule.level === "ignore") return "ignored";
  if (candidate === undefined) return "missing";
  if (baseline === undefined) return "new";
  if (Number.isNaN(baseline) && Number.isNaN(candidate)) return rule.nanEqual ? "within" : "not-finite";
  if (baseline === candidate) return "within";
  if (!Number.isFinite(baseline) || !Number.isFinite(candidate)) return "not-finite";
  if (rule.direction === "higher-is-better" && candidate > baseline) return "within";
  if (rule.direction === "lower-is-better" && candidate < baseline) return "within";
  if (rule.tolerance.kind === "exact") return "outside";
  // Passes only on a comparison that is true: a NaN anywhere cannot get here as a pass.
  return isClose(baseline, candidate, rule.tolerance.relative, rule.tolerance.absolute) ? "within" : "outside";
}

/** Candidate − baseline; equal infinities differ by 0, −0 and 0 are equal. */
function difference(baseline: number, candidate: number): number {
  return baseline === candidate ? 0 : candidate - baseline;
}

function allowance(baseline: number, candidate: number, rule: Rule): number {
  if (rule.tolerance.kind === "exact") return 0;
  const { relative, absolute } = rule.tolerance;
  const magnitude = Math.max(Math.abs(baseline), Math.abs(candidate));
  return Math.max(Number.isFinite(magnitude) ? relative * magnitude : 0, absolute);
}

/** A vanished metric is most often a renamed one: a new key with the very same value, else a similar name. */
function findRename(
  key: string,
  baseline: number | undefined,
  newKeys: readonly string[],
  candidates: ReadonlyMap<string, number>,
): string | undefined {
  const sameValue = newKeys.filter((name) => Object.is(candidates.get(name), baseline));
  return nearMiss(key, sameValue) ?? (sameValue.length === 1 ? sameValue[0] : undefined) ?? nearMiss(key, newKeys);
}

function count(metrics: readonly MetricComparison[]): ComparisonCounts {
  const gating = metrics.filter((metric) => metric.rule.level === "fail");
  const inState = (state: MetricState) => gating.filter((metric) => metric.state === state).length;
  return {
    compared: inState("within") + inState("outside") + inState("not-finite"),
    within: inState("within"),
    outside: inState("outside"),
    missing: inState("missing"),
    notFinite: inState("not-finite"),
    new: metrics.filter((metric) => metric.state === "new").length,
    ignored: metrics.filter((metric) => metric.state === "ignored").length,
    warned: metrics.filter((metric) => metric.rule.level === "warn" && deviates(metric)).length,
  };
}
