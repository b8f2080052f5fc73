import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAbsolute, parseDecimal, parseRelative, parseRuleText, toTolerance } from "../../src/config/rule-text.js";
import { plain } from "../../src/core/sentence.js";
import { DEFAULT_RULE, DIRECTIONS, LEVELS, type Rule, renderRule, type Tolerance } from "../../src/core/tolerance.js";

const band = (relative: number, absolute = 0): Tolerance => ({ kind: "band", relative, absolute });
const EXACT: Tolerance = { kind: "exact" };

describe("parseRuleText", () => {
  it.each<[string, Partial<Rule>]>([
    ["exact", { tolerance: EXACT }],
    ["rel 1e-6", { tolerance: band(1e-6) }],
    ["abs 0.01", { tolerance: band(0, 0.01) }],
    ["1%", { tolerance: band(0.01) }],
    ["0.01", { tolerance: band(0.01) }],
    [".5", { tolerance: band(0.5) }],
    ["0", { tolerance: band(0) }],
    ["rel 1%", { tolerance: band(0.01) }],
    ["rel 1e-6, abs 0.01", { tolerance: band(1e-6, 0.01) }],
    ["abs 1, 1%", { tolerance: band(0.01, 1) }],
    ["1%, rel 0.5, abs 1, abs 2", { tolerance: band(0.5, 2) }],
    ["1% higher-is-better", { tolerance: band(0.01), direction: "higher-is-better" }],
    ["1% lower-is-better warn", { tolerance: band(0.01), direction: "lower-is-better", level: "warn" }],
    ["1% warn lower-is-better", { tolerance: band(0.01), direction: "lower-is-better", level: "warn" }],
    ["1%, warn", { tolerance: band(0.01), level: "warn" }],
    ["ignore", { level: "ignore" }],
    ["higher-is-better", { direction: "higher-is-better" }],
    ["  exact \t warn ", { tolerance: EXACT, level: "warn" }],
    ["abs 1e300", { tolerance: band(0, 1e300) }],
  ])("reads %j", (text, rule) => {
    expect(parseRuleText(text)).toEqual({ value: { ...DEFAULT_RULE, ...rule } });
  });

  it.each<[string, string]>([
    ["", "it is empty"],
    ["  ", "it is empty"],
    ["-1", "-1 is not a tolerance"],
    ["NaN", "NaN is not a tolerance"],
    ["Infinity", "Infinity is not a tolerance"],
    ["1e999", "1e999 is not a tolerance"],
    ["0x10", "0x10 is not a tolerance"],
    ["1_000", "1_000 is not a tolerance"],
    ["5%%", "5%% is not a tolerance"],
    ["%", "% is not a tolerance"],
    ["abs 5%", "5% is not an absolute tolerance"],
    ["abs -1", "-1 is not an absolute tolerance"],
    ["abs Infinity", "Infinity is not an absolute tolerance"],
    ["rel", " is not a tolerance"],
    ["abs", " is not an absolute tolerance"],
    ["1", "which nothing can fail"],
    ["100%", "which nothing can fail"],
    ["rel 2", "which nothing can fail"],
    ["0,05", "which nothing can fail"],
    ["5 %", "which nothing can fail"],
    ["exact, 1%", "allows nothing, so it cannot be combined"],
    ["abs 1, exact", "allows nothing, so it cannot be combined"],
    ["warn ignore", "it names two levels"],
    ["higher-is-better lower-is-better", "it names two directions"],
    ["warn 1%", "1% stands after the direction or level"],
    [", 1%", "a comma stands without a tolerance"],
    ["1%,", "a comma stands without a tolerance"],
    ["1%,, abs 1", "a comma stands without a tolerance"],
    ["Exact", "Exact is not a tolerance"],
    ["relative 0.1", "relative is not a tolerance"],
    ["１%", "１% is not a tolerance"],
    ["+0.1", "+0.1 is not a tolerance"],
    ["0.1.2", "0.1.2 is not a tolerance"],
  ])("refuses %j: %s", (text, detail) => {
    const parsed = parseRuleText(text);
    const words = "error" in parsed ? plain(parsed.error) : "accepted";
    expect(words).toContain(detail);
    expect(words).toContain("Expected exact, rel 1e-6");
  });

  it("never accepts a tolerance that is negative, infinite, NaN or relative to 1 and more", () => {
    const word = fc.oneof(
      fc.constantFrom("rel", "abs", "exact", ",", "warn", "-1", "1e999", "NaN", "0.5", "99%", "100%"),
      fc.double().map(String),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (words) => {
        const parsed = parseRuleText(words.join(" "));
        if ("error" in parsed || parsed.value.tolerance.kind === "exact") return;
        const { relative, absolute } = parsed.value.tolerance;
        expect(relative >= 0 && relative < 1 && absolute >= 0 && absolute < Number.POSITIVE_INFINITY).toBe(true);
      }),
    );
  });
});

describe("parseRelative", () => {
  it.each([
    ["0", 0],
    ["1%", 0.01],
    ["7%", 0.07],
    ["99.9%", 0.9990000000000001],
    ["1e-9", 1e-9],
    ["0.", 0],
  ])("reads %j as %d", (text, value) => {
    expect(parseRelative(text)).toEqual({ value: expect.closeTo(value, 15) });
  });

  it.each(["150%", "5", "100%"])("suggests a rule that can be written instead of %s", (text) => {
    const parsed = parseRelative(text);
    const suggestion = "error" in parsed ? parsed.error.at(-2) : undefined;
    expect(suggestion).toEqual({ code: expect.stringMatching(/^abs /) });
    const rule = typeof suggestion === "object" ? parseRuleText(suggestion.code) : undefined;
    expect(rule).toHaveProperty("value");
  });
});

describe("parseAbsolute", () => {
  it("reads any finite number that is not negative, and nothing else", () => {
    expect(parseAbsolute("250")).toEqual({ value: 250 });
    expect(parseAbsolute("0")).toEqual({ value: 0 });
    for (const text of ["-0", "-1", "1%", "", "inf", "1e309"]) expect(parseAbsolute(text)).toHaveProperty("error");
  });
});

describe("parseDecimal", () => {
  it.each<[string, number | undefined]>([
    ["0", 0],
    ["007", 7],
    ["1.", 1],
    [".5", 0.5],
    ["1e3", 1000],
    ["1E+3", 1000],
    ["1e-400", 0],
    ["", undefined],
    [" ", undefined],
    [" 1", undefined],
    ["1\n", undefined],
    [".", undefined],
    ["e3", undefined],
    ["1e", undefined],
    ["-1", undefined],
    ["+1", undefined],
    ["0x10", undefined],
    ["0b1", undefined],
    ["1_000", undefined],
    ["1,5", undefined],
    ["Infinity", undefined],
    ["NaN", undefined],
    ["1e309", undefined],
    ["١", undefined],
  ])("reads %j as %s", (text, value) => {
    expect(parseDecimal(text)).toBe(value);
  });

  it("reads every finite double that JavaScript writes", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseDecimal(String(value))).toBe(Math.abs(value));
      }),
    );
  });
});

describe("toTolerance", () => {
  it.each<[boolean, number | undefined, number | undefined, Tolerance]>([
    [true, undefined, undefined, EXACT],
    [false, undefined, undefined, band(1e-9)],
    [false, 0, undefined, band(0)],
    [false, undefined, 2, band(0, 2)],
    [false, 0.1, 2, band(0.1, 2)],
  ])("of exact %s, rel %s, abs %s", (exact, relative, absolute, tolerance) => {
    expect(toTolerance(exact, relative, absolute)).toEqual(tolerance);
  });
});

describe("renderRule", () => {
  it.each<[Partial<Rule>, string]>([
    [{}, "rel 1e-9"],
    [{ tolerance: EXACT }, "exact"],
    [{ tolerance: band(0) }, "rel 0"],
    [{ tolerance: band(0, 0.5) }, "abs 0.5"],
    [{ tolerance: band(0.01, 0.5) }, "rel 0.01, abs 0.5"],
    [{ direction: "higher-is-better", level: "warn" }, "rel 1e-9 higher-is-better warn"],
    [{ level: "ignore" }, "rel 1e-9 ignore"],
  ])("writes %j as %j", (rule, text) => {
    expect(renderRule({ ...DEFAULT_RULE, ...rule })).toBe(text);
  });

  it("writes every rule that can be written as text so that it reads back as the same rule", () => {
    const tolerance = fc.oneof(
      fc.constant(EXACT),
      fc
        .tuple(
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
        )
        .map(([relative, absolute]) => band(Math.abs(relative), Math.abs(absolute))),
    );
    const rule = fc.record<Rule>({
      tolerance,
      direction: fc.constantFrom(...DIRECTIONS),
      level: fc.constantFrom(...LEVELS),
      nanEqual: fc.constant(false),
    });
    fc.assert(
      fc.property(rule, (made) => {
        expect(parseRuleText(renderRule(made))).toEqual({ value: made });
      }),
      { numRuns: 1_000 },
    );
  });

  it("shows that NaN counts as equal, which decides as much as the tolerance", () => {
    expect(renderRule({ ...DEFAULT_RULE, nanEqual: true })).not.toBe(renderRule(DEFAULT_RULE));
  });
});
