import type { MetricPoint, RunRecord } from "../../src/core/run.js";

type Named<T> = Readonly<Record<string, T>> | ReadonlyMap<string, T>;

export type RunOverrides = Partial<Omit<RunRecord, "metrics" | "params" | "tags">> & {
  /** Latest values by key; a map where the key is one that an object literal cannot hold. */
  readonly metrics?: Named<number>;
  readonly params?: Named<string>;
  readonly tags?: Named<string>;
};

/** A finished run with one metric and no tags, as a script would record it, changed by `overrides`. */
export function runRecord(overrides: RunOverrides = {}): RunRecord {
  const { metrics = { accuracy: 0.9 }, params = {}, tags = {}, ...rest } = overrides;
  return {
    runId: "0123456789abcdef0123456789abcdef",
    runName: "calm-fox-17",
    experimentId: "1",
    status: "FINISHED",
    active: true,
    startTime: 1_700_000_000_000,
    endTime: 1_700_000_060_000,
    metrics: new Map([...entries(metrics)].map(([key, value]) => [key, metricPoint(key, value)])),
    params: new Map(entries(params)),
    tags: new Map(entries(tags)),
    datasets: [],
    ...rest,
  };
}

/** A 32-digit run ID that is told apart, and ordered, by a small number. */
export function runId(number: number): string {
  return number.toString(16).padStart(32, "0");
}

/** A 40-digit commit that is told apart by a small number. */
export function commitId(number: number): string {
  return number.toString(16).padStart(40, "c");
}

function metricPoint(key: string, value: number): MetricPoint {
  return { key, value, timestamp: 1_700_000_030_000, step: "0" };
}

function entries<T>(named: Named<T>): Iterable<readonly [string, T]> {
  return named instanceof Map ? named.entries() : Object.entries(named as Record<string, T>);
}
