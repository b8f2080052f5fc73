import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareMetrics, deviates, fails, type MetricComparison, type MetricState } from "../../src/core/comparison.js";
import { DEFAULT_RULE, type MetricRule, type Rule, type Ruler, type Tolerance } from "../../src/core/tolerance.js";

const { NaN: NAN, POSITIVE_INFINITY: INF, MAX_VALUE: MAX, MIN_VALUE: MIN } = Number;
const band = (relative: number, absolute = 0): Tolerance => ({ kind: "band", relative, absolute });
const EXACT: Tolerance = { kind: "exact" };

function ruler(rule: Partial<Rule> = {}, rules: Record<string, Partial<Rule>> = {}): Ruler {
  return {
    default: { ...DEFAULT_RULE, ...rule },
    defaultOrigin: "default",
    rules: Object.entries(rules).map(
      ([match, its]): MetricRule => ({ match, rule: { ...DEFAULT_RULE, ...its }, origin: "repro-gate.yml:1" }),
    ),
  };
}

/** One metric `m` compared under one rule. */
function compareOne(baseline: number | undefined, candidate: number | undefined, rule: Partial<Rule> = {}) {
  const side = (value: number | undefined) => new Map(value === undefined ? [] : [["m", value] as const]);
  const [metric] = compareMetrics(side(baseline), side(candidate), ruler(rule)).metrics;
  if (metric === undefined) throw new Error("nothing was compared");
  return metric;
}

describe("the state of one metric", () => {
  it.each<[string, number | undefined, number | undefined, Partial<Rule>, MetricState]>([
    ["the same double", 0.1, 0.1, { tolerance: EXACT }, "within"],
    ["a neighbouring double under exact", 0.1, 0.1 + Number.EPSILON / 8, { tolerance: EXACT }, "outside"],
    ["0 and -0 under exact", 0, -0, { tolerance: EXACT }, "within"],
    ["-0 and 0 under rel", -0, 0, {}, "within"],
    ["1 + 1e-9, which rounds to just outside", 1, 1 + 1e-9, {}, "outside"],
    ["a difference within rel", 1, 1 + 9e-10, {}, "within"],
    ["a negative baseline, by its magnitude", -100, -101, { tolerance: band(0.01) }, "within"],
    ["a change of sign", 0.5, -0.5, { tolerance: band(0.99) }, "outside"],
    ["a zero baseline under rel alone", 0, MIN, {}, "outside"],
    ["a zero baseline under abs", 0, 1e-12, { tolerance: band(0, 1e-12) }, "within"],
    ["rel 0", 1, 1 + Number.EPSILON, { tolerance: band(0) }, "outside"],
    ["the wider of rel and abs", 10, 10.05, { tolerance: band(1e-9, 0.1) }, "within"],
    ["two denormals", MIN, 2 * MIN, {}, "outside"],
    ["the largest doubles of both signs", MAX, -MAX, { tolerance: band(0.99) }, "outside"],
    ["a vanished metric", 1, undefined, {}, "missing"],
    ["a vanished NaN", NAN, undefined, {}, "missing"],
    ["a new metric", undefined, 1, {}, "new"],
    ["a new NaN", undefined, NAN, {}, "new"],
    ["NaN in the candidate", 1, NAN, {}, "not-finite"],
    ["NaN in the baseline", NAN, 1, {}, "not-finite"],
    ["NaN on both sides", NAN, NAN, {}, "not-finite"],
    ["NaN on both sides under exact", NAN, NAN, { tolerance: EXACT }, "not-finite"],
    ["NaN on both sides with nan-equal", NAN, NAN, { nanEqual: true }, "within"],
    ["NaN on one side with nan-equal", NAN, 1, { nanEqual: true }, "not-finite"],
    ["the same infinity", INF, INF, { tolerance: EXACT }, "within"],
    ["the same negative infinity", -INF, -INF, {}, "within"],
    ["opposite infinities", INF, -INF, { tolerance: band(0.99, MAX) }, "not-finite"],
    ["an infinity for a number", 1, INF, { tolerance: band(0.99, MAX) }, "not-finite"],
    ["a number for an infinity", -INF, 1, {}, "not-finite"],
    ["an increase where higher is better", 0.9, 0.99, { direction: "higher-is-better" }, "within"],
    ["a decrease where higher is better", 0.9, 0.89, { direction: "higher-is-better" }, "outside"],
    [
      "a small decrease where higher is better",
      0.9,
      0.899,
      { direction: "higher-is-better", tolerance: band(0.01) },
      "within",
    ],
    [
      "an increase where higher is better, under exact",
      1,
      2,
      { direction: "higher-is-better", tolerance: EXACT },
      "within",
    ],
    ["a decrease where lower is better", 0.9, 0.1, { direction: "lower-is-better" }, "within"],
    ["an increase where lower is better", 0.9, 0.91, { direction: "lower-is-better" }, "outside"],
    ["infinity where higher is better", 1, INF, { direction: "higher-is-better" }, "not-finite"],
    ["minus infinity where lower is better", 1, -INF, { direction: "lower-is-better" }, "not-finite"],
    ["NaN where higher is better", 1, NAN, { direction: "higher-is-better" }, "not-finite"],
    ["an ignored metric, whatever it is", 1, NAN, { level: "ignore" }, "ignored"],
    ["an ignored metric that vanished", 1, undefined, { level: "ignore" }, "ignored"],
    ["an ignored metric that is new", undefined, 1, { level: "ignore" }, "ignored"],
    ["a metric of level warn, which is judged all the same", 1, 2, { level: "warn" }, "outside"],
  ])("for %s: %d → %d", (_, baseline, candidate, rule, state) => {
    expect(compareOne(baseline, candidate, rule).state).toBe(state);
  });
});

describe("the numbers of one metric", () => {
  it.each<[string, number | undefined, number | undefined, number | undefined, number | undefined]>([
    ["a rise", 2, 3, 1, 0.5],
    ["a fall of a negative value, relative to its magnitude", -2, -3, -1, -0.5],
    ["equal values", 2, 2, 0, 0],
    ["-0 for 0, where there is no ratio", 0, -0, 0, undefined],
    ["a zero baseline", 0, 1, 1, undefined],
    ["a zero baseline with a sign", -0, 1, 1, undefined],
    ["equal infinities", INF, INF, 0, 0],
    ["a missing candidate", 1, undefined, undefined, undefined],
    ["a missing baseline", undefined, 1, undefined, undefined],
    ["an overflow", MAX, -MAX, -INF, -INF],
  ])("for %s", (_, baseline, candidate, delta, relativeDelta) => {
    const metric = compareOne(baseline, candidate);
    expect(metric.delta).toBe(delta);
    expect(metric.relativeDelta).toBe(relativeDelta);
  });

  it("have NaN as delta where a side is NaN", () => {
    expect(compareOne(NAN, 1).delta).toBeNaN();
    expect(compareOne(1, NAN).relativeDelta).toBeNaN();
  });

  it.each<[string, number | undefined, number | undefined, Partial<Rule>, number | undefined]>([
    ["exact allows nothing", 5, 6, { tolerance: EXACT }, 0],
    ["rel is taken of the larger magnitude", 100, -200, { tolerance: band(0.01) }, 2],
    ["abs counts where it is wider", 100, 101, { tolerance: band(0.01, 50) }, 50],
    ["an infinity leaves abs", INF, 1, { tolerance: band(0.01, 3) }, 3],
    ["nothing is allowed where a side is missing", 1, undefined, {}, undefined],
    ["nothing is allowed where the metric is ignored", 1, 2, { level: "ignore" }, undefined],
  ])("show that %s", (_, baseline, candidate, rule, allowed) => {
    expect(compareOne(baseline, candidate, rule).allowed).toBe(allowed);
  });

  it("never show a difference of 0 for values that are not equal, nor another for values that are", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (baseline, candidate) => {
        expect(compareOne(baseline, candidate).delta === 0).toBe(baseline === candidate);
        expect(compareOne(baseline, baseline).delta).toBe(0);
      }),
    );
  });
});

describe("the rename of a vanished metric", () => {
  const renamed = (baseline: Record<string, number>, candidate: Record<string, number>) =>
    compareMetrics(new Map(Object.entries(baseline)), new Map(Object.entries(candidate)), ruler()).metrics.find(
      ({ state }) => state === "missing",
    )?.renamedTo;

  it.each<[string, Record<string, number>, Record<string, number>, string | undefined]>([
    ["the similar name with the same value", { val_acc: 0.5 }, { val_accuracy: 0.5, val_acc1: 0.7 }, "val_accuracy"],
    ["the only new name with the same value, however unlike", { acc: 0.5 }, { score: 0.5, other: 0.7 }, "score"],
    ["a similar name with another value", { val_loss: 0.5 }, { "val.loss": 0.6, other: 0.7 }, "val.loss"],
    ["nothing where two unlike names have the value", { acc: 0.5 }, { score: 0.5, quality: 0.5 }, undefined],
    ["nothing where no new name is near", { acc: 0.5 }, { quality: 0.7 }, undefined],
    ["no name that the baseline has already", { val_acc: 0.5, val_accuracy: 0.5 }, { val_accuracy: 0.5 }, undefined],
    ["the new name of a NaN", { acc: Number.NaN }, { score: Number.NaN }, "score"],
  ])("is %s", (_, baseline, candidate, expected) => {
    expect(renamed(baseline, candidate)).toBe(expected);
  });

  it("is not sought for a metric that is there", () => {
    expect(compareOne(1, 2).renamedTo).toBeUndefined();
  });
});

describe("compareMetrics", () => {
  it("covers the union of keys once each, in code-unit order", () => {
    const baseline = new Map([
      ["b", 1],
      ["a", 1],
      ["Z", 1],
    ]);
    const candidate = new Map([
      ["c", 1],
      ["b", 1],
      ["é", 1],
    ]);
    expect(compareMetrics(baseline, candidate, ruler()).metrics.map(({ key }) => key)).toEqual([
      "Z",
      "a",
      "b",
      "c",
      "é",
    ]);
  });

  it("counts by state, gating metrics apart from the others", () => {
    const rules = { warned: { level: "warn" }, gone_warned: { level: "warn" }, ignored: { level: "ignore" } } as const;
    const baseline = new Map([
      ["within", 1],
      ["outside", 1],
      ["missing", 1],
      ["nan", 1],
      ["warned", 1],
      ["gone_warned", 1],
      ["ignored", 1],
    ]);
    const candidate = new Map([
      ["within", 1],
      ["outside", 2],
      ["nan", NAN],
      ["new", 1],
      ["warned", 2],
      ["ignored", 2],
    ]);
    expect(compareMetrics(baseline, candidate, ruler({}, rules)).counts).toEqual({
      compared: 3,
      within: 1,
      outside: 1,
      missing: 1,
      notFinite: 1,
      new: 1,
      ignored: 1,
      warned: 2,
    });
  });

  it("does not count a metric of level warn as compared, even when it is within", () => {
    const counts = compareMetrics(new Map([["m", 1]]), new Map([["m", 1]]), ruler({ level: "warn" })).counts;
    expect(counts).toMatchObject({ compared: 0, within: 0, warned: 0 });
  });

  it("names the rule that decided and where it was written", () => {
    const { metrics } = compareMetrics(
      new Map([
        ["val_loss", 1],
        ["acc", 1],
      ]),
      new Map(),
      ruler({}, { "val_*": { tolerance: EXACT } }),
    );
    expect(metrics).toMatchObject([
      { key: "acc", match: undefined, origin: "default" },
      { key: "val_loss", match: "val_*", origin: "repro-gate.yml:1", rule: { tolerance: EXACT } },
    ]);
  });

  it("keeps hostile keys apart and loses none", () => {
    const keys = [
      "__proto__",
      "constructor",
      "toString",
      "",
      "x".repeat(250),
      "\u00e9",
      "e\u0301",
      "Loss",
      "loss",
      "a\n",
    ];
    const baseline = new Map(keys.map((key, index) => [key, index]));
    const { metrics, counts } = compareMetrics(baseline, new Map(baseline), ruler());
    expect(metrics.map(({ key }) => key)).toEqual([...keys].sort());
    expect(metrics.map(({ baseline: value }) => value)).toEqual([...keys].sort().map((key) => keys.indexOf(key)));
    expect(counts).toMatchObject({ compared: keys.length, within: keys.length, new: 0, missing: 0 });
  });

  it("sees twins in composed and decomposed form as one vanished and one new metric", () => {
    const { counts } = compareMetrics(new Map([["\u00e9", 1]]), new Map([["e\u0301", 1]]), ruler());
    expect(counts).toMatchObject({ missing: 1, new: 1, compared: 0 });
  });

  it("finds nothing to say about two runs without metrics", () => {
    expect(compareMetrics(new Map(), new Map(), ruler())).toEqual({
      metrics: [],
      counts: { compared: 0, within: 0, outside: 0, missing: 0, notFinite: 0, new: 0, ignored: 0, warned: 0 },
    });
  });

  const values = fc.uniqueArray(
    fc.tuple(
      fc.string({ maxLength: 3 }),
      fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, 1 + 1e-9, INF, -INF, NAN, MAX)),
    ),
    { selector: ([key]) => key, maxLength: 6 },
  );
  const tolerance = fc.oneof(
    fc.constant(EXACT),
    fc
      .tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.double({ min: 0, max: MAX, noNaN: true }))
      .map(([r, a]) => band(r, a)),
  );
  const direction = fc.constantFrom("both", "higher-is-better", "lower-is-better");

  it("finds a run within its own tolerance unless it logged NaN", () => {
    fc.assert(
      fc.property(values, tolerance, direction, (pairs, bound, side) => {
        const run = new Map(pairs);
        const { counts, metrics } = compareMetrics(run, run, ruler({ tolerance: bound, direction: side }));
        const nans = pairs.filter(([, value]) => Number.isNaN(value)).length;
        expect(counts).toMatchObject({ notFinite: nans, outside: 0, missing: 0, new: 0 });
        expect(metrics.filter(fails)).toHaveLength(nans);
      }),
    );
  });

  it("does not depend on the order in which metrics were logged", () => {
    fc.assert(
      fc.property(values, values, tolerance, (baseline, candidate, bound) => {
        const forwards = compareMetrics(new Map(baseline), new Map(candidate), ruler({ tolerance: bound }));
        const backwards = compareMetrics(
          new Map([...baseline].reverse()),
          new Map([...candidate].reverse()),
          ruler({ tolerance: bound }),
        );
        expect(backwards.counts).toEqual(forwards.counts);
        expect(backwards.metrics.map(({ key, state }) => [key, state])).toEqual(
          forwards.metrics.map(({ key, state }) => [key, state]),
        );
      }),
    );
  });

  it("never judges a metric worse when its tolerance grows", () => {
    fc.assert(
      fc.property(
        fc.double(),
        fc.double(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, noNaN: true, max: MAX }),
        fc.double({ min: 1, max: 4, noNaN: true }),
        direction,
        (baseline, candidate, relative, absolute, factor, side) => {
          const narrow = compareOne(baseline, candidate, { tolerance: band(relative, absolute), direction: side });
          const wide = compareOne(baseline, candidate, {
            tolerance: band(relative * factor, Math.min(absolute * factor, MAX)),
            direction: side,
          });
          expect(!deviates(narrow) && deviates(wide)).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("is never stricter for a direction than for both", () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), tolerance, direction, (baseline, candidate, bound, side) => {
        const both = compareOne(baseline, candidate, { tolerance: bound });
        const oneSided = compareOne(baseline, candidate, { tolerance: bound, direction: side });
        expect(!deviates(both) && deviates(oneSided)).toBe(false);
      }),
    );
  });

  it("finds a finite deviation within exactly when it is at most what is shown as allowed", () => {
    const moderate = fc.double({ min: -1e100, max: 1e100, noNaN: true });
    const bound = fc.tuple(
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      fc.double({ min: 0, max: 1e100, noNaN: true }),
    );
    fc.assert(
      fc.property(moderate, moderate, bound, (baseline, candidate, [relative, absolute]) => {
        const metric = compareOne(baseline, candidate, { tolerance: band(relative, absolute) });
        expect(metric.state === "within").toBe(Math.abs(metric.delta ?? NAN) <= (metric.allowed ?? NAN));
      }),
    );
  });

  it("puts every key of the union in exactly one state, and the counts add up", () => {
    fc.assert(
      fc.property(values, values, (baseline, candidate) => {
        const { counts, metrics } = compareMetrics(new Map(baseline), new Map(candidate), ruler());
        const union = new Set([...baseline, ...candidate].map(([key]) => key));
        expect(metrics).toHaveLength(union.size);
        expect(counts.compared).toBe(counts.within + counts.outside + counts.notFinite);
        expect(counts.compared + counts.missing + counts.new + counts.ignored).toBe(union.size);
      }),
    );
  });
});

describe("fails and deviates", () => {
  const metric = (state: MetricState, level: Rule["level"]): MetricComparison => ({
    ...compareOne(1, 1),
    state,
    rule: { ...DEFAULT_RULE, level },
  });

  it.each<[MetricState, boolean]>([
    ["within", false],
    ["outside", true],
    ["missing", true],
    ["new", false],
    ["not-finite", true],
    ["ignored", false],
  ])("a metric that is %s deviates: %s; it fails only where it gates", (state, deviating) => {
    expect(deviates(metric(state, "fail"))).toBe(deviating);
    expect(deviates(metric(state, "warn"))).toBe(deviating);
    expect(fails(metric(state, "fail"))).toBe(deviating);
    expect(fails(metric(state, "warn"))).toBe(false);
    expect(fails(metric(state, "ignore"))).toBe(false);
  });
});
