import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isClose } from "../../src/core/isclose.js";
import { askPython, doubleBits, FROM_BITS, neighbour } from "./python-oracle.js";

const MAX = Number.MAX_VALUE;
const MIN = Number.MIN_VALUE;
const SPECIAL_VALUES = [
  ...[0, MIN, 2.2250738585072014e-308, neighbour(2.2250738585072014e-308, -1), 1e-12, 0.1, 0.1 + 0.2, 0.3, 1],
  ...[1 + Number.EPSILON, 1 - Number.EPSILON / 2, 3, 1e9, 2 ** 53, 1e16, 1e300, neighbour(MAX, -1), MAX],
  Number.POSITIVE_INFINITY,
].flatMap((value) => [value, -value]);
const SPECIAL_TOLERANCES = [0, -0, MIN, 1e-12, 1e-9, 0.5, 1, 10, MAX, Number.POSITIVE_INFINITY, Number.NaN];
const NEGATIVE_TOLERANCES = [-MIN, -1e-9, Number.NEGATIVE_INFINITY];

type Question = readonly [a: number, b: number, relative: number, absolute: number];

/** Pairs around the very border of a tolerance, where a formula that is nearly the same answers differently. */
function adversarial(count: number): Question[] {
  const tolerance = fc.oneof(
    fc.constantFrom(...SPECIAL_TOLERANCES),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, noNaN: true }),
  );
  const question = fc
    .tuple(
      fc.double(),
      fc.double(),
      tolerance,
      tolerance,
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ max: 4, min: 0 }),
    )
    .map(([a, other, relative, absolute, ulps, shape]): Question => {
      const near = [a, a * (1 + relative), a / (1 + relative), a + absolute, other][shape] ?? other;
      const b = shape === 4 || !Number.isFinite(near) ? near : neighbour(near, ulps);
      return [a, b, relative, absolute];
    });
  return fc.sample(question, { numRuns: count, seed: 20_240_229 });
}

function specials(): Question[] {
  const values = [...SPECIAL_VALUES, Number.NaN];
  const bounds = SPECIAL_TOLERANCES.flatMap((tolerance) => [
    [tolerance, 0] as const,
    [0, tolerance] as const,
    [tolerance, tolerance] as const,
  ]).concat(NEGATIVE_TOLERANCES.flatMap((tolerance) => [[tolerance, 0] as const, [0, tolerance] as const]));
  return values.flatMap((a) => values.flatMap((b) => bounds.map(([rel, abs]): Question => [a, b, rel, abs])));
}

function answer([a, b, relative, absolute]: Question): string {
  try {
    return isClose(a, b, relative, absolute) ? "True" : "False";
  } catch (error) {
    return error instanceof RangeError ? "ValueError" : String(error);
  }
}

describe("isClose", () => {
  it("answers as Python's math.isclose on 100,000 adversarial tuples and every pair of special values", () => {
    const questions = [...specials(), ...adversarial(100_000)];
    const script = `
import math, struct, sys
for line in sys.stdin:
    a, b, rel, abs_ = [${FROM_BITS} for bits in line.split()]
    try:
        print(math.isclose(a, b, rel_tol=rel, abs_tol=abs_))
    except ValueError:
        print("ValueError")
`;
    const python = askPython(
      script,
      questions.map((question) => question.map(doubleBits).join(" ")),
    );
    const differing = questions.flatMap((question, index) => {
      const ours = answer(question);
      return ours === python[index] ? [] : [{ question, python: python[index], ours }];
    });
    expect(differing).toEqual([]);
    expect(new Set(python)).toEqual(new Set(["True", "False", "ValueError"]));
    expect(questions.length).toBeGreaterThan(100_000);
  });

  it("is symmetric in its two values", () => {
    fc.assert(
      fc.property(
        fc.double(),
        fc.double(),
        fc.double({ min: 0 }),
        fc.double({ min: 0 }),
        (a, b, relative, absolute) => {
          expect(isClose(a, b, relative, absolute)).toBe(isClose(b, a, relative, absolute));
        },
      ),
    );
  });

  it.each([
    ["0.1 + 0.2 is close to 0.3", 0.1 + 0.2, 0.3, 1e-9, 0, true],
    ["0 is not close to 1e-12 under a relative tolerance alone", 0, 1e-12, 1e-9, 0, false],
    ["0 is close to 1e-12 once an absolute tolerance allows it", 0, 1e-12, 1e-9, 1e-12, true],
    ["-0 is 0", -0, 0, 0, 0, true],
    ["1 + 1e-9 rounds to just outside rel 1e-9", 1, 1 + 1e-9, 1e-9, 0, false],
    [
      "equal infinities are close without any tolerance",
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      0,
      0,
      true,
    ],
    ["infinity is far from the largest double", Number.POSITIVE_INFINITY, MAX, 1, Number.POSITIVE_INFINITY, false],
    ["opposite infinities are far", Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 10, MAX, false],
    ["a difference that overflows is far at rel 1", 1.7e308, -1.7e308, 1, 0, false],
    ["a difference that overflows is close where the allowance overflows too", 1.7e308, -1.7e308, 10, 0, true],
    ["NaN is not close to itself", Number.NaN, Number.NaN, 1, Number.POSITIVE_INFINITY, false],
    ["a NaN tolerance makes nothing close but equals", 1, 1.1, Number.NaN, Number.NaN, false],
    ["neighbouring denormals are far apart at rel 1e-9", MIN, 2 * MIN, 1e-9, 0, false],
    ["an allowance among denormals is rounded up, as in Python", MIN, 2 * MIN, 0.4, 0, true],
  ])("%s", (_, a, b, relative, absolute, close) => {
    expect(isClose(a, b, relative, absolute)).toBe(close);
  });

  it("refuses a negative tolerance even between equal values", () => {
    expect(() => isClose(1, 1, -1e-9, 0)).toThrow(RangeError);
    expect(() => isClose(1, 1, 0, -MIN)).toThrow(RangeError);
  });
});
