import { describe, expect, it } from "vitest";
import { isTerminal, normaliseMetricValue, TAG } from "../../src/core/run.js";

describe("normaliseMetricValue", () => {
  it.each([
    [Number.MAX_VALUE, Number.POSITIVE_INFINITY],
    [-Number.MAX_VALUE, Number.NEGATIVE_INFINITY],
    [1.7976931348623155e308, 1.7976931348623155e308],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [Number.NaN, Number.NaN],
    [0, 0],
    [-0, -0],
    [5e-324, 5e-324],
  ])("reads %d back as %d", (stored, value) => {
    expect(normaliseMetricValue(stored)).toBe(value);
  });
});

describe("isTerminal", () => {
  it.each([
    ["FINISHED", true],
    ["FAILED", true],
    ["KILLED", true],
    ["RUNNING", false],
    ["SCHEDULED", false],
    ["finished", false],
    ["", false],
    ["SOMETHING_NEW", false],
  ])("a run of status %j has ended: %s", (status, ended) => {
    expect(isTerminal(status)).toBe(ended);
  });
});

describe("TAG", () => {
  it("spells every tag once, under MLflow's prefix or the gate's own", () => {
    const names = Object.values(TAG);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^(?:mlflow\.[A-Za-z.]+|repro_gate\.[a-z_]+)$/.test(name))).toEqual([]);
  });
});
