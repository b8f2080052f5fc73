import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareMetrics, fails } from "../../src/core/comparison.js";
import { plain } from "../../src/core/sentence.js";
import { DEFAULT_RULE, type Level, type Ruler } from "../../src/core/tolerance.js";
import { decide } from "../../src/core/verdict.js";

const NAN = Number.NaN;
type Metrics = Readonly<Record<string, number>>;

/** Levels by key; any other key gates by the default rule. */
function verdict(baseline: Metrics, candidate: Metrics, levels: Readonly<Record<string, Level>> = {}) {
  const ruler: Ruler = {
    default: DEFAULT_RULE,
    defaultOrigin: "default",
    rules: Object.entries(levels).map(([match, level]) => ({
      match,
      rule: { ...DEFAULT_RULE, level },
      origin: "test",
    })),
  };
  return decide(compareMetrics(new Map(Object.entries(baseline)), new Map(Object.entries(candidate)), ruler));
}

describe("decide", () => {
  it.each<[string, Metrics, Metrics, Record<string, Level>, string, string | undefined]>([
    ["every gating metric is within", { a: 1, b: 2 }, { a: 1, b: 2 }, {}, "reproduced", undefined],
    ["a new metric is all that differs", { a: 1 }, { a: 1, b: 2 }, {}, "reproduced", undefined],
    ["only a metric of level warn deviates", { a: 1, w: 1 }, { a: 1, w: 9 }, { w: "warn" }, "reproduced", undefined],
    ["only a metric of level warn vanished", { a: 1, w: 1 }, { a: 1 }, { w: "warn" }, "reproduced", undefined],
    ["only a metric of level warn is NaN", { a: 1, w: 1 }, { a: 1, w: NAN }, { w: "warn" }, "reproduced", undefined],
    ["only an ignored metric deviates", { a: 1, i: 1 }, { a: 1, i: 9 }, { i: "ignore" }, "reproduced", undefined],
    ["one gating metric is outside", { a: 1, b: 2 }, { a: 1, b: 3 }, {}, "diverged", "outside-tolerance"],
    ["one gating metric vanished", { a: 1, b: 2 }, { a: 1 }, {}, "diverged", "metric-missing"],
    ["all metrics vanished", { a: 1 }, {}, {}, "diverged", "metric-missing"],
    ["the only gating metric vanished and a new one came", { a: 1 }, { b: 1 }, {}, "diverged", "metric-missing"],
    ["a gating metric became NaN", { a: 1, b: 2 }, { a: 1, b: NAN }, {}, "diverged", "not-finite"],
    ["a gating metric is NaN on both sides", { a: NAN }, { a: NAN }, {}, "diverged", "not-finite"],
    ["a gating metric became infinite", { a: 1 }, { a: Number.POSITIVE_INFINITY }, {}, "diverged", "not-finite"],
    ["outside comes before missing", { a: 1, b: 2 }, { a: 9 }, {}, "diverged", "outside-tolerance"],
    ["missing comes before NaN", { a: 1, b: 2 }, { a: NAN }, {}, "diverged", "metric-missing"],
    ["neither run has metrics", {}, {}, {}, "inconclusive", "nothing-compared"],
    ["all metrics are ignored", { i: 1 }, { i: 1 }, { i: "ignore" }, "inconclusive", "nothing-compared"],
    ["all metrics are of level warn", { w: 1 }, { w: 1 }, { w: "warn" }, "inconclusive", "nothing-compared"],
    ["all metrics are new", {}, { a: 1 }, {}, "inconclusive", "nothing-compared"],
    [
      "only metrics of the machine are shared",
      { "system/cpu": 1 },
      { "system/cpu": 1 },
      {},
      "inconclusive",
      "nothing-compared",
    ],
  ])("when %s", (_, baseline, candidate, levels, outcome, reason) => {
    const decided = verdict(baseline, candidate, levels);
    expect(decided.outcome).toBe(outcome);
    expect("reason" in decided ? decided.reason : undefined).toBe(reason);
  });

  it.each<[Metrics, Metrics, RegExp]>([
    [{ a: 1, b: 1 }, { a: 1, b: 2 }, /^1 of 2 gating metrics lies outside/],
    [{ a: 1, b: 1 }, { a: 2, b: 2 }, /^2 of 2 gating metrics lie outside/],
    [{ a: 1, b: 1 }, { a: 1 }, /^1 of the baseline's 2 gating metrics was not logged/],
    [{ a: 1, b: 1 }, {}, /^2 of the baseline's 2 gating metrics were not logged/],
    [{ a: 1, b: 1 }, { a: 1, b: NAN }, /^1 of 2 gating metrics is NaN/],
    [{ a: 1, b: 1 }, { a: NAN, b: NAN }, /^2 of 2 gating metrics are NaN/],
    [{ a: 1, b: 1 }, { a: 1, b: 1, c: 1 }, /^2 of 2 gating metrics are within/],
    [{ "system/cpu": 1 }, { "system/cpu": 1, c: 1 }, /\(1 ignored, 1 new, 0 of level warn\)/],
  ])("says how many: %j → %j", (baseline, candidate, sentence) => {
    expect(plain(verdict(baseline, candidate).sentence)).toMatch(sentence);
  });

  it("carries the comparison it decided on", () => {
    expect(verdict({ a: 1 }, { a: 1 }).comparison?.metrics).toHaveLength(1);
  });

  it("passes only when a gating metric was compared and none fails", () => {
    const metrics = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom(0, 1, 1 + 1e-12, 2, NAN));
    const levels = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom<Level>("fail", "warn", "ignore"));
    fc.assert(
      fc.property(metrics, metrics, levels, (baseline, candidate, its) => {
        const { outcome, comparison } = verdict(baseline, candidate, its);
        const gating = comparison?.metrics.filter(({ rule }) => rule.level === "fail") ?? [];
        const proven = gating.some(({ state }) => state === "within") && !gating.some(fails);
        expect(outcome === "reproduced").toBe(proven);
      }),
      { numRuns: 1_000 },
    );
  });
});
