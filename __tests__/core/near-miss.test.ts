import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearMiss } from "../../src/core/near-miss.js";

describe("editDistance", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["flaw", "lawn", 2],
    ["same", "same", 0],
    ["ab", "ba", 1],
  ])("of %j and %j is %d", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it("is a metric: symmetric, 0 only for equal texts, and never longer by a detour", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});

describe("nearMiss", () => {
  const KEYS = ["entry-point", "env-manager", "experiment", "path", "timeout-minutes"];

  it.each<[string, string | undefined]>([
    ["entrypoint", "entry-point"],
    ["entry_point", "entry-point"],
    ["Entry Point", "entry-point"],
    ["experimnt", "experiment"],
    ["timeout", "timeout-minutes"],
    ["pathh", "path"],
    ["learning-rate", undefined],
    ["x", undefined],
    ["", undefined],
    ["path", undefined],
  ])("of %j among the keys is %s", (text, near) => {
    expect(nearMiss(text, KEYS)).toBe(near);
  });

  it("is the closest of several, and the first of equally close ones", () => {
    expect(nearMiss("racall", ["rascal", "recall", "precision"])).toBe("recall");
    expect(nearMiss("loss1", ["loss2", "loss3"])).toBe("loss2");
  });

  it("does not guess by two letters that a longer name happens to contain", () => {
    expect(nearMiss("f1", ["test_f1_macro"])).toBeUndefined();
  });

  it("spends no quadratic time on texts beyond 250 characters", () => {
    const long = "a".repeat(251);
    expect(nearMiss(long, [`${"a".repeat(250)}`])).toBeUndefined();
    expect(nearMiss("a".repeat(250), [long, `${"a".repeat(249)}b`])).toBe(`${"a".repeat(249)}b`);
  });

  it.each(["__proto__", "constructor", "toString"])("treats %s as any other name", (name) => {
    expect(nearMiss(`${name}x`, [name])).toBe(name);
  });

  it("is one of the known names or nothing, and never the text itself", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (text, known) => {
        const near = nearMiss(text, known);
        expect(near === undefined || (known.includes(near) && near !== text)).toBe(true);
      }),
    );
  });
});
