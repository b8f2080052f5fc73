import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { info } from "@actions/core";
import { readSavedState, type SavedState } from "./adapters/actions/job-state.js";
import { openServer } from "./adapters/mlflow/open-stores.js";
import { findByNonce, serverNonce, signalGroup, startTicks } from "./adapters/process/supervise.js";
import { parseInputs, readActionInputs } from "./config/inputs.js";
import { messageOf } from "./core/gate-error.js";
import { isTerminal } from "./core/run.js";

/**
 * Ends what a killed main step left behind: processes, runs that still say RUNNING, the temporary folder. It does what
 * it can and never fails.
 */
export async function heal(): Promise<void> {
  const state = readSavedState();
  if (state === undefined) return;
  for (const step of [endProcesses, endRuns, removeFolder]) {
    await step(state).catch((error: unknown) => info(`Could not clean up completely: ${messageOf(error)}`));
  }
}

/** A process ID may have been given to somebody else since: only one that started when ours did is ours. */
async function endProcesses({ processes, nonce }: SavedState): Promise<void> {
  for (const { pid, startTicks: started } of processes) {
    const now = await startTicks(pid);
    // The leader may be gone and its group still there; then the nonce finds the others.
    if (started !== "" && now === started && signalGroup(pid, "SIGKILL")) info(`Ended the process group ${pid}.`);
  }
  for (const pid of [...(await findByNonce(nonce)), ...(await findByNonce(serverNonce(nonce)))]) {
    try {
      process.kill(pid, "SIGKILL");
      info(`Ended the process ${pid}.`);
    } catch {
      // It ended by itself.
    }
  }
}

async function endRuns({ runs, folder }: SavedState): Promise<void> {
  const { inputs } = parseInputs(readActionInputs(process.env).raw);
  for (const { uri, runId } of runs) {
    const { client, close } = await openServer(uri, inputs, process.env, folder);
    try {
      const run = await client.getRun(runId);
      if (run === undefined || isTerminal(run.status)) continue;
      await client.endRun(runId, "KILLED", Date.now());
      info(`Closed the run ${runId}.`);
    } catch (error) {
      // An embedded server ended with its processes, and its runs with it.
      info(`The run ${runId} could not be closed: ${messageOf(error)}`);
    } finally {
      await close();
    }
  }
}

async function removeFolder({ folder }: SavedState): Promise<void> {
  if (basename(folder).startsWith("repro-gate-")) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
