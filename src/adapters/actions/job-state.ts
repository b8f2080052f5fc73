import { getState, saveState } from "@actions/core";
import { z } from "zod";
import type { JobState } from "../../gate/ports.js";
import type { StartedProcess } from "../process/supervise.js";

const NAME = "repro-gate";

const savedState = z.object({
  folder: z.string(),
  nonce: z.string(),
  runs: z.array(z.object({ uri: z.string(), runId: z.string() })),
  processes: z.array(z.object({ pid: z.number().int().positive(), startTicks: z.string() })),
});

/** What the post step needs to end what a killed main step left behind. */
export type SavedState = z.infer<typeof savedState>;

/** Writes every change to the runner's state file at once, since the process may be killed at any moment. */
export class RunnerJobState implements JobState {
  #state: SavedState;

  constructor(folder: string, nonce: string) {
    this.#state = { folder, nonce, runs: [], processes: [] };
    this.#save();
  }

  rememberRun(run: { readonly uri: string; readonly runId: string }): void {
    this.#state = { ...this.#state, runs: [...this.#state.runs, run] };
    this.#save();
  }

  rememberProcess(process: StartedProcess): void {
    this.#state = { ...this.#state, processes: [...this.#state.processes, process] };
    this.#save();
  }

  settle(): void {
    this.#state = { ...this.#state, runs: [], processes: [] };
    this.#save();
  }

  #save(): void {
    try {
      saveState(NAME, JSON.stringify(this.#state));
    } catch {
      // Without a state file the post step has nothing to go by; the main step still cleans up after itself.
    }
  }
}

/** The state of the main step; undefined when it never got that far. */
export function readSavedState(): SavedState | undefined {
  try {
    const parsed = savedState.safeParse(JSON.parse(getState(NAME)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
