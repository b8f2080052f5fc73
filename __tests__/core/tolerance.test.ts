import { describe, expect, it } from "vitest";
import { BUILT_IN_RULES, DEFAULT_RULE, looksLikeWallClock } from "../../src/core/tolerance.js";

describe("DEFAULT_RULE", () => {
  it("gates on rel 1e-9 in both directions, and NaN equals nothing", () => {
    expect(DEFAULT_RULE).toEqual({
      tolerance: { kind: "band", relative: 1e-9, absolute: 0 },
      direction: "both",
      level: "fail",
      nanEqual: false,
    });
  });
});

describe("BUILT_IN_RULES", () => {
  it("only ignore, say where they come from, and name each metric once", () => {
    expect(BUILT_IN_RULES.filter(({ rule }) => rule.level !== "ignore")).toEqual([]);
    expect(new Set(BUILT_IN_RULES.map(({ origin }) => origin))).toEqual(
      new Set(["built in: measures the machine, not the model"]),
    );
    expect(new Set(BUILT_IN_RULES.map(({ match }) => match)).size).toBe(BUILT_IN_RULES.length);
  });

  it("contain one glob, system/*, and otherwise exact names, so that no metric is ignored by its looks", () => {
    expect(BUILT_IN_RULES.map(({ match }) => match).filter((match) => match.includes("*"))).toEqual(["system/*"]);
  });
});

describe("looksLikeWallClock", () => {
  it.each([
    "time",
    "fit_time",
    "waiting_time",
    "epoch_time_s",
    "duration",
    "train.duration_ms",
    "Runtime",
    "val runtime",
    "gpu/throughput",
    "samples_per_second",
    "tokens_per_sec",
    "p99_latency",
    "latency_ms",
    "elapsed-seconds",
  ])("warns about %j", (key) => {
    expect(looksLikeWallClock(key)).toBe(true);
  });

  it.each([
    "",
    "accuracy",
    "timeliness",
    "sometimes",
    "overtime",
    "time_series_mape",
    "lifetime_value",
    "durations",
    "f1",
  ])("does not warn about %j", (key) => {
    expect(looksLikeWallClock(key)).toBe(false);
  });

  it("warns about every name that is ignored by default, apart from system metrics", () => {
    const silent = BUILT_IN_RULES.map(({ match }) => match).filter((match) => !looksLikeWallClock(match));
    expect(silent).toEqual(["system/*"]);
  });
});
