import { compareMetrics } from "../core/comparison.js";
import { GateError } from "../core/gate-error.js";
import { nearMiss } from "../core/near-miss.js";
import type { RunRecord } from "../core/run.js";
import { findIdleRules, findRuleConflicts } from "../core/select-rule.js";
import { list, type Sentence, say } from "../core/sentence.js";
import { looksLikeWallClock, type Ruler } from "../core/tolerance.js";
import { decide, type Verdict } from "../core/verdict.js";
import type { RunReader } from "./ports.js";

/**
 * Compares the metrics of baseline and candidate and decides.
 *
 * @throws GateError `configuration` when two globs claim one metric with equal right
 */
export function judgeMetrics(
  baseline: RunRecord,
  candidate: RunRecord,
  ruler: Ruler,
): { readonly verdict: Verdict; readonly warnings: readonly Sentence[] } {
  const before = latestValues(baseline);
  const after = latestValues(candidate);
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  checkRuler(keys, ruler);
  const comparison = compareMetrics(before, after, ruler);
  const warnings: Sentence[] = findIdleRules(keys, ruler.rules).map(({ match, origin }) => {
    const near = nearMiss(match, keys);
    return say`The rule ${match} (${origin}) matches no metric${near === undefined ? say`.` : say`; did you mean ${near}?`}`;
  });
  const wallClock = comparison.metrics.filter(
    ({ key, rule, match }) => rule.level === "fail" && match === undefined && looksLikeWallClock(key),
  );
  if (wallClock.length > 0) {
    warnings.push(
      say`${list(wallClock.map(({ key }) => key))} may measure the machine and not the model. If so, give it the level ${"ignore"}.`,
    );
  }
  return { verdict: decide(comparison), warnings };
}

/**
 * Refuses a ruler that leaves a metric to chance.
 *
 * @throws GateError `configuration` when two globs claim one metric with equal right
 */
export function checkRuler(keys: Iterable<string>, ruler: Ruler): void {
  const [conflict] = findRuleConflicts(keys, ruler.rules);
  if (conflict === undefined) return;
  throw new GateError(
    "configuration",
    say`The rules ${conflict.first} and ${conflict.second} both match the metric ${conflict.key}, with equally many literal characters. Make one of them longer, or give the metric a rule by its name.`,
  );
}

function latestValues(run: RunRecord): Map<string, number> {
  return new Map([...run.metrics].map(([key, { value }]) => [key, value]));
}

/**
 * Makes sure that the baseline still is what it was when it was chosen: a finished run stays writable for everybody
 * who may write at all, the training included.
 *
 * @throws GateError `baseline-mutated`
 */
export async function verifyBaseline(reader: RunReader, before: RunRecord): Promise<void> {
  const after = await reader.getRun(before.runId);
  if (after !== undefined && fingerprint(after) === fingerprint(before)) return;
  throw new GateError(
    "baseline-mutated",
    say`The baseline ${before.runId} ${after === undefined ? ["vanished"] : ["changed"]} while the training ran: its numbers are not proven. Find out who writes to it, and run the gate again.`,
  );
}

/** What the verdict rests on, as text that is equal for equal records; NaN and −0 keep their identity. */
function fingerprint(run: RunRecord): string {
  const metrics = [...run.metrics.values()].map(({ key, value, timestamp, step }) => [
    key,
    Object.is(value, -0) ? "-0" : String(value),
    timestamp,
    step,
  ]);
  return JSON.stringify([run.status, run.active, run.startTime, metrics.sort(), [...run.params].sort()]);
}
