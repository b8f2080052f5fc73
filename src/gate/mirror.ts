import type { RunRecord } from "../core/run.js";
import type { NewRun, RunReader, TrackingStore } from "./ports.js";

/** MLflow 2.9 refuses longer values; nothing that the gate or a person reads is that long. */
const LONGEST_TAG = 5000;

/** Tags that speak of artefacts or of a process in the ephemeral store, and mean nothing outside it. */
const LOCAL_TAGS = ["mlflow.log-model.history", "mlflow.loggedModels", "mlflow.project.env", "mlflow.project.backend"];

/**
 * Copies a finished run from an ephemeral store: parameters, metrics with their history, tags and datasets, and its
 * status, whatever that is.
 *
 * @returns the copy as the server has it
 * @throws GateError `tracker-*`
 */
export async function mirrorRun(
  run: RunRecord,
  from: RunReader,
  to: TrackingStore,
  target: Pick<NewRun, "experimentId" | "runName" | "tags">,
): Promise<RunRecord> {
  const runId = await to.writer.createRun({ ...target, startTime: run.startTime });
  try {
    const tags = [...run.tags].filter(
      ([key, value]) => !target.tags.has(key) && !LOCAL_TAGS.includes(key) && value.length <= LONGEST_TAG,
    );
    await to.writer.setTags(runId, new Map(tags));
    await to.writer.logParams(runId, run.params);
    for (const key of run.metrics.keys()) {
      await to.writer.logMetrics(runId, await from.getMetricHistory(run.runId, key));
    }
    await to.writer.logDatasets(runId, run.datasets);
    await to.writer.endRun(runId, run.status, run.endTime ?? run.startTime);
  } catch (error) {
    // Half a copy must not look like a training that still runs.
    await to.writer.endRun(runId, "FAILED", run.endTime ?? run.startTime).catch(() => {});
    throw error;
  }
  return (await to.reader.getRun(runId)) ?? { ...run, runId };
}
