/** What the gate can answer, worst first: the order decides which of several projects speaks for the job. */
export const OUTCOMES = ["error", "broken", "diverged", "inconclusive", "reproduced", "skipped"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The closed set of reasons of every outcome; `reproduced` needs none. */
export const REASONS = {
  error: [
    "configuration",
    "untrusted-event",
    "experiment-missing",
    "tracker-unreachable",
    "tracker-refused",
    "tracker-answer",
    "history-shallow",
    "commit-missing",
    "baseline-mutated",
    "environment-manager-missing",
    "environment-unavailable",
    "cancelled",
    "internal",
  ],
  broken: ["entry-point-failed", "signalled", "timeout", "no-metrics", "environment-unsatisfiable", "data-missing"],
  diverged: ["outside-tolerance", "metric-missing", "not-finite"],
  inconclusive: ["no-baseline", "parameters-incompatible", "parameters-unavailable", "nothing-compared"],
  reproduced: [],
  skipped: ["branch-deleted"],
} as const satisfies Record<Outcome, readonly string[]>;

export type ReasonOf<O extends Outcome> = (typeof REASONS)[O][number];
export type Reason = ReasonOf<Outcome>;

const EXIT_STATUS: Record<Outcome, number> = {
  reproduced: 0,
  skipped: 0,
  diverged: 1,
  error: 2,
  broken: 3,
  inconclusive: 4,
};

/** The exit status that stands for an outcome: 0 only for `reproduced` and `skipped`. */
export function exitStatus(outcome: Outcome): number {
  return EXIT_STATUS[outcome];
}

/** The worst of several outcomes, in the order of `OUTCOMES`; nothing at all is an `error`, never a pass. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  return OUTCOMES.find((outcome) => outcomes.includes(outcome)) ?? "error";
}

/** Stops compilation when a switch over a union forgets a member, and the program if one arrives all the same. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
