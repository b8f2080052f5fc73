import type { Comparison } from "./comparison.js";
import type { Outcome, ReasonOf } from "./outcome.js";
import { type Sentence, say } from "./sentence.js";

/** An outcome with its reason; a field exists only where it has meaning. */
export type Verdict =
  | { readonly outcome: "reproduced"; readonly sentence: Sentence; readonly comparison: Comparison }
  | {
      readonly outcome: "diverged";
      readonly reason: ReasonOf<"diverged">;
      readonly sentence: Sentence;
      readonly comparison: Comparison;
    }
  | {
      [O in Exclude<Outcome, "reproduced" | "diverged">]: {
        readonly outcome: O;
        readonly reason: ReasonOf<O>;
        readonly sentence: Sentence;
        readonly comparison?: Comparison;
      };
    }[Exclude<Outcome, "reproduced" | "diverged">];

/**
 * Decides from a comparison of finished runs. It passes only when at least one gating metric was compared and every
 * gating metric is within its tolerance.
 */
export function decide(comparison: Comparison): Verdict {
  const { counts } = comparison;
  const gating = counts.compared + counts.missing;
  if (counts.outside > 0) {
    return {
      outcome: "diverged",
      reason: "outside-tolerance",
      sentence: say`${counts.outside} of ${gating} gating metrics ${counts.outside === 1 ? ["lies"] : ["lie"]} outside the allowed tolerance.`,
      comparison,
    };
  }
  if (counts.missing > 0) {
    return {
      outcome: "diverged",
      reason: "metric-missing",
      sentence: say`${counts.missing} of the baseline's ${gating} gating metrics ${counts.missing === 1 ? ["was"] : ["were"]} not logged by this commit.`,
      comparison,
    };
  }
  if (counts.notFinite > 0) {
    return {
      outcome: "diverged",
      reason: "not-finite",
      sentence: say`${counts.notFinite} of ${gating} gating metrics ${counts.notFinite === 1 ? ["is"] : ["are"]} NaN or infinite and cannot be shown to be equal.`,
      comparison,
    };
  }
  if (counts.compared === 0 || counts.within !== counts.compared) {
    return {
      outcome: "inconclusive",
      reason: "nothing-compared",
      sentence: say`No gating metric has a value on both sides (${counts.ignored} ignored, ${counts.new} new, ${counts.warned} of level warn). Let at least one metric gate.`,
      comparison,
    };
  }
  return {
    outcome: "reproduced",
    sentence: say`${counts.within} of ${gating} gating metrics are within their tolerance.`,
    comparison,
  };
}
