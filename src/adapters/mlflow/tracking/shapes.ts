import { z } from "zod";
import { type DatasetInput, type MetricPoint, normaliseMetricValue, type RunRecord } from "../../../core/run.js";

/** The answers of MLflow's REST API, as versions 1.x to 3.x send them: empty collections are left out. */
const special = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": Number.NEGATIVE_INFINITY };
const double = z.union([z.number(), z.string()]).transform((value, context) => {
  if (typeof value === "number") return normaliseMetricValue(value);
  const named = (special as Record<string, number | undefined>)[value];
  if (named !== undefined) return named;
  if (/^-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(value)) return normaliseMetricValue(Number(value));
  context.addIssue({ code: "custom", message: `${JSON.stringify(value)} is not a number` });
  return z.NEVER;
});
const int64 = z.union([z.number().int(), z.string().regex(/^-?\d+$/)]).transform(String);
const milliseconds = int64.transform(Number);

const pair = z.object({ key: z.string(), value: z.string().default("") });
const metric = z.object({
  key: z.string(),
  value: double,
  timestamp: milliseconds.default(0),
  step: int64.default("0"),
});
const datasetInput = z.object({
  tags: z.array(pair).default([]),
  dataset: z.object({
    name: z.string(),
    digest: z.string(),
    source_type: z.string().default(""),
    source: z.string().default(""),
    schema: z.string().optional(),
    profile: z.string().optional(),
  }),
});
const run = z.object({
  info: z.object({
    run_id: z.string().optional(),
    run_uuid: z.string().optional(),
    run_name: z.string().default(""),
    experiment_id: int64,
    status: z.string().default("RUNNING"),
    start_time: milliseconds.default(0),
    end_time: milliseconds.optional(),
    lifecycle_stage: z.string().default("active"),
  }),
  data: z
    .object({
      metrics: z.array(metric).default([]),
      params: z.array(pair).default([]),
      tags: z.array(pair).default([]),
    })
    .default({ metrics: [], params: [], tags: [] }),
  inputs: z.object({ dataset_inputs: z.array(datasetInput).default([]) }).optional(),
});
const experiment = z.object({
  experiment_id: int64,
  name: z.string(),
  lifecycle_stage: z.string().default("active"),
});

export const shapes = {
  run: z.object({ run }),
  runs: z.object({ runs: z.array(run).default([]), next_page_token: z.string().optional() }),
  experiment: z.object({ experiment }),
  createdExperiment: z.object({ experiment_id: int64 }),
  history: z.object({ metrics: z.array(metric).default([]), next_page_token: z.string().optional() }),
};

/** The run in our own terms. */
export function toRunRecord(parsed: z.infer<typeof run>): RunRecord {
  const { info, data } = parsed;
  const tags = new Map(data.tags.map(({ key, value }) => [key, value]));
  return {
    runId: info.run_id ?? info.run_uuid ?? "",
    runName: info.run_name === "" ? (tags.get("mlflow.runName") ?? "") : info.run_name,
    experimentId: info.experiment_id,
    status: info.status,
    active: info.lifecycle_stage === "active",
    startTime: info.start_time,
    endTime: info.end_time,
    metrics: new Map(data.metrics.map((point): [string, MetricPoint] => [point.key, point])),
    params: new Map(data.params.map(({ key, value }) => [key, value])),
    tags,
    datasets: (parsed.inputs?.dataset_inputs ?? []).map(toDataset),
  };
}

function toDataset({ dataset, tags }: z.infer<typeof datasetInput>): DatasetInput {
  return {
    name: dataset.name,
    digest: dataset.digest,
    sourceType: dataset.source_type,
    source: dataset.source,
    schema: dataset.schema,
    profile: dataset.profile,
    tags: new Map(tags.map(({ key, value }) => [key, value])),
  };
}
