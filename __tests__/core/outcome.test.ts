import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assertNever, exitStatus, OUTCOMES, type Outcome, REASONS, worst } from "../../src/core/outcome.js";

describe("exitStatus", () => {
  it.each<[Outcome, number]>([
    ["reproduced", 0],
    ["skipped", 0],
    ["diverged", 1],
    ["error", 2],
    ["broken", 3],
    ["inconclusive", 4],
  ])("of %s is %d", (outcome, status) => {
    expect(exitStatus(outcome)).toBe(status);
  });
});

describe("worst", () => {
  it("ranks error over broken over diverged over inconclusive over reproduced over skipped", () => {
    const order: Outcome[] = ["error", "broken", "diverged", "inconclusive", "reproduced", "skipped"];
    order.forEach((outcome, index) => {
      expect(worst(order.slice(index).reverse())).toBe(outcome);
    });
  });

  it("of nothing is an error, never a pass", () => {
    expect(worst([])).toBe("error");
  });

  it("does not depend on the order and is one of those given", () => {
    const some = fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1 });
    fc.assert(
      fc.property(some, (outcomes) => {
        expect(worst(outcomes)).toBe(worst([...outcomes].reverse()));
        expect(outcomes).toContain(worst(outcomes));
      }),
    );
  });

  it("fails the job whenever any project's own outcome does", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1 }), (outcomes) => {
        const failing = outcomes.some((outcome) => exitStatus(outcome) !== 0);
        expect(exitStatus(worst(outcomes)) !== 0).toBe(failing);
      }),
    );
  });
});

describe("REASONS", () => {
  it("gives every outcome but reproduced a reason, and no reason to two outcomes", () => {
    expect(OUTCOMES.filter((outcome) => REASONS[outcome].length === 0)).toEqual(["reproduced"]);
    const all = Object.values(REASONS).flat();
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("assertNever", () => {
  it("throws and names the value that nobody expected", () => {
    expect(() => assertNever("surprise" as never)).toThrow(/surprise/);
  });
});
