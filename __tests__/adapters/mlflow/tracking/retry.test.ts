import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseRetryAfter,
  pauseMs,
  RETRIED_STATUS,
  TRACKING_RETRY,
} from "../../../../src/adapters/mlflow/tracking/retry.js";

describe("TRACKING_RETRY", () => {
  it("tries six times within two minutes, pausing half a second to sixteen", () => {
    expect(TRACKING_RETRY).toEqual({
      attempts: 6,
      baseMs: 500,
      capMs: 16_000,
      connectMs: 10_000,
      headersMs: 30_000,
      bodyMs: 30_000,
      deadlineMs: 120_000,
    });
  });
});

describe("RETRIED_STATUS", () => {
  it.each([408, 425, 429, 500, 502, 503, 504])("has %d, after which the same request may succeed", (status) => {
    expect(RETRIED_STATUS.has(status)).toBe(true);
  });

  it.each([200, 301, 302, 307, 400, 401, 403, 404, 405, 409, 422, 501, 505])("does not have %d", (status) => {
    expect(RETRIED_STATUS.has(status)).toBe(false);
  });
});

describe("pauseMs", () => {
  const AMPLE = 1_000_000;

  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [4, 4_000],
    [5, 8_000],
    [6, 16_000],
    [7, 16_000],
    [2_000, 16_000],
  ])("after attempt %d is at most %d ms, and by chance anything below", (attempt, most) => {
    expect(pauseMs(TRACKING_RETRY, attempt, undefined, AMPLE, 1)).toBe(most);
    expect(pauseMs(TRACKING_RETRY, attempt, undefined, AMPLE, 0.5)).toBe(most / 2);
    expect(pauseMs(TRACKING_RETRY, attempt, undefined, AMPLE, 0)).toBe(0);
  });

  it.each<[string, number, number, number | undefined]>([
    ["what the server asked for, beyond the cap too", 60_000, 60_001, 60_000],
    ["nothing at all where the server asked for none", 0, 1, 0],
    ["not possible when it does not fit before the deadline", 60_000, 60_000, undefined],
    ["not possible when no time is left", 0, 0, undefined],
    ["not possible when the server asks for an hour", 3_600_000, 119_000, undefined],
  ])("is %s", (_, retryAfter, left, pause) => {
    expect(pauseMs(TRACKING_RETRY, 1, retryAfter, left, 1)).toBe(pause);
  });

  it("never reaches the deadline and is never negative", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.option(fc.nat(), { nil: undefined }),
        fc.integer(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, retryAfter, left, random) => {
          const pause = pauseMs(TRACKING_RETRY, attempt, retryAfter, left, random);
          expect(pause === undefined || (pause >= 0 && pause < left)).toBe(true);
        },
      ),
    );
  });
});

describe("parseRetryAfter", () => {
  const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

  it.each<[string | undefined, number | undefined]>([
    ["0", 0],
    ["5", 5_000],
    [" 3600 ", 3_600_000],
    ["999999999", 999_999_999_000],
    ["Thu, 01 Jan 2026 12:00:30 GMT", 30_000],
    ["Thu, 01 Jan 2026 11:59:00 GMT", 0],
    ["Thu, 99 Foo 2026", undefined],
    [undefined, undefined],
    ["", undefined],
    ["  ", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["1e3", undefined],
    ["0x10", undefined],
    ["soon", undefined],
    ["2026", 2_026_000],
    ["2026-01-01", undefined],
  ])("reads %j as %s ms", (header, pause) => {
    expect(parseRetryAfter(header, NOW)).toBe(pause);
  });

  it("does not take a wait too long to be written in nine digits for no wait at all", () => {
    const pause = parseRetryAfter("99999999999", NOW);
    expect(pauseMs(TRACKING_RETRY, 1, pause, 120_000, 0.5)).toBeUndefined();
  });
});
