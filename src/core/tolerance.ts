/**
 * How far a metric of the candidate may lie from the baseline's. `exact` wants the same double; a `band` allows
 * |candidate − baseline| ≤ max(relative · max(|candidate|, |baseline|), absolute), as Python's `math.isclose`.
 */
export type Tolerance =
  | { readonly kind: "exact" }
  | { readonly kind: "band"; readonly relative: number; readonly absolute: number };

/** On which side a deviation counts: `higher-is-better` forgives any increase, `lower-is-better` any decrease. */
export const DIRECTIONS = ["both", "higher-is-better", "lower-is-better"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** `fail` gates, `warn` is judged and shown but never fails, `ignore` is only listed. */
export const LEVELS = ["fail", "warn", "ignore"] as const;
export type Level = (typeof LEVELS)[number];

export interface Rule {
  readonly tolerance: Tolerance;
  readonly direction: Direction;
  readonly level: Level;
  /** Whether NaN on both sides counts as equal. */
  readonly nanEqual: boolean;
}

/** A rule for the metrics that `match` names: an exact name, or a glob in which `*` stands for any text. */
export interface MetricRule {
  readonly match: string;
  readonly rule: Rule;
  /** Where the rule was written, for the report. */
  readonly origin: string;
}

/** All rules of a project: the ruler that a candidate is measured with. */
export interface Ruler {
  readonly default: Rule;
  readonly defaultOrigin: string;
  readonly rules: readonly MetricRule[];
}

export const DEFAULT_RULE: Rule = {
  tolerance: { kind: "band", relative: 1e-9, absolute: 0 },
  direction: "both",
  level: "fail",
  nanEqual: false,
};

/**
 * Metrics that measure the machine and not the model, by exact name. A name that only looks like a time
 * (`waiting_time`) is somebody's real metric: `looksLikeWallClock` warns about it, nothing ignores it.
 */
const WALL_CLOCK_METRICS = [
  "training_time",
  "train_time",
  "train_runtime",
  "train_samples_per_second",
  "train_steps_per_second",
  "eval_runtime",
  "eval_samples_per_second",
  "eval_steps_per_second",
  "test_runtime",
  "test_samples_per_second",
  "test_steps_per_second",
  "predict_runtime",
  "predict_samples_per_second",
  "predict_steps_per_second",
  "mean_fit_time",
  "std_fit_time",
  "mean_score_time",
  "std_score_time",
];

const BUILT_IN_ORIGIN = "built in: measures the machine, not the model";

/** Rules that hold unless the user's own name or glob matches. */
export const BUILT_IN_RULES: readonly MetricRule[] = ["system/*", ...WALL_CLOCK_METRICS].map((match) => ({
  match,
  rule: { ...DEFAULT_RULE, level: "ignore" },
  origin: BUILT_IN_ORIGIN,
}));

/** Whether a metric's name suggests a duration or a rate, which no re-run gives twice. */
export function looksLikeWallClock(key: string): boolean {
  return /(?:^|[_./ -])(?:time|runtime|duration|seconds|secs|per_second|per_sec|throughput|latency)(?:[_./ -](?:ms|s|sec|seconds))?$/i.test(
    key,
  );
}

/** The rule as text that a configuration reads back as the same rule. */
export function renderRule(rule: Rule): string {
  const { tolerance } = rule;
  const bounds =
    tolerance.kind === "exact"
      ? ["exact"]
      : [
          ...(tolerance.relative > 0 || tolerance.absolute === 0 ? [`rel ${tolerance.relative}`] : []),
          ...(tolerance.absolute > 0 ? [`abs ${tolerance.absolute}`] : []),
        ];
  const words = [
    bounds.join(", "),
    ...(rule.direction === "both" ? [] : [rule.direction]),
    ...(rule.level === "fail" ? [] : [rule.level]),
    ...(rule.nanEqual ? ["nan-equal"] : []),
  ];
  return words.join(" ");
}
