import { setTimeout as sleep } from "node:timers/promises";

/** How long and how often a request is tried; tests scale it. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyMs: number;
  /** For all attempts and pauses together. */
  readonly deadlineMs: number;
}

export const TRACKING_RETRY: RetryPolicy = {
  attempts: 6,
  baseMs: 500,
  capMs: 16_000,
  connectMs: 10_000,
  headersMs: 30_000,
  bodyMs: 30_000,
  deadlineMs: 120_000,
};

/** Answers after which the same request may succeed. */
export const RETRIED_STATUS: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * The pause before the next attempt: exponential with full jitter, or what the server asked for; undefined when that
 * does not fit before the deadline.
 *
 * @param attempt the one that just failed, from 1
 * @param random from 0 to 1
 */
export function pauseMs(
  policy: RetryPolicy,
  attempt: number,
  retryAfterMs: number | undefined,
  leftMs: number,
  random: number,
): number | undefined {
  const backoff = Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1)) * random;
  const pause = retryAfterMs ?? backoff;
  return pause < leftMs ? pause : undefined;
}

/** `Retry-After` in milliseconds: seconds or an HTTP date; undefined for anything else. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Za-z]{3},/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

export { sleep };
