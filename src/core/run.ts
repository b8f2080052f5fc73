/** An MLflow run as the tracking server describes it, in the shapes that the gate decides on. */
export interface RunRecord {
  readonly runId: string;
  readonly runName: string;
  readonly experimentId: string;
  readonly status: RunStatus;
  /** False for a run in MLflow's trash. */
  readonly active: boolean;
  /** Milliseconds since the epoch; 0 when the run never recorded one. */
  readonly startTime: number;
  readonly endTime: number | undefined;
  /** The latest value of every metric, as MLflow ranks them: by step, then timestamp, then value. */
  readonly metrics: ReadonlyMap<string, MetricPoint>;
  readonly params: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  readonly datasets: readonly DatasetInput[];
}

/** MLflow's run statuses; anything else a server sends is kept as it is and counts as not finished. */
export type RunStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED" | (string & {});

/** A logged number. ±1.7976931348623157e308 has become ±∞ (SQL stores write infinities that way). */
export interface MetricPoint {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** Exact beyond 2^53, hence text of an integer. */
  readonly step: string;
}

/** A dataset that a run logged with `mlflow.log_input`; `source`, `schema` and `profile` are opaque JSON text. */
export interface DatasetInput {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema: string | undefined;
  readonly profile: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

/** Statuses after which a run no longer changes by itself. */
export function isTerminal(status: RunStatus): boolean {
  return status === "FINISHED" || status === "FAILED" || status === "KILLED";
}

/**
 * SQL stores keep ±∞ as the largest double, so both sides are read back as ±∞ before anything is compared.
 */
export function normaliseMetricValue(value: number): number {
  return Math.abs(value) === Number.MAX_VALUE ? Math.sign(value) * Number.POSITIVE_INFINITY : value;
}

/** Names of tags that MLflow and the gate write, in one place so that they are spelled once. */
export const TAG = {
  sourceType: "mlflow.source.type",
  sourceName: "mlflow.source.name",
  gitCommit: "mlflow.source.git.commit",
  gitBranch: "mlflow.source.git.branch",
  gitBranchOld: "mlflow.gitBranchName",
  gitRepoUrl: "mlflow.source.git.repoURL",
  gitDirty: "mlflow.source.git.dirty",
  entryPoint: "mlflow.project.entryPoint",
  user: "mlflow.user",
  runName: "mlflow.runName",
  parentRunId: "mlflow.parentRunId",
  role: "repro_gate.role",
  branch: "repro_gate.branch",
  baselineRunId: "repro_gate.baseline_run_id",
  outcome: "repro_gate.outcome",
  reason: "repro_gate.reason",
  pullRequest: "repro_gate.pull_request",
  workflowRun: "repro_gate.workflow_run",
  invocation: "repro_gate.invocation",
  paramsEncoding: "repro_gate.params_encoding",
} as const;
