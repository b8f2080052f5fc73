import { GateError } from "../core/gate-error.js";
import { list, type Sentence, say } from "../core/sentence.js";
import type { Experiment, RunReader, RunWriter } from "./ports.js";

/** MLflow's experiment for runs that name none. */
const DEFAULT_EXPERIMENT = "Default";

export interface FoundExperiments {
  /** Where a baseline may lie. */
  readonly searched: readonly Experiment[];
  /** For the trace: what was looked up and not found. */
  readonly absent: readonly Sentence[];
}

/**
 * The experiments to search: the named one, else each existing one of the MLproject's name and `Default`, where plain
 * `mlflow run` logs.
 *
 * @throws GateError `experiment-missing` when a named one does not exist
 */
export async function findExperiments(
  reader: RunReader,
  named: string | undefined,
  projectName: string | undefined,
  create: Pick<RunWriter, "createExperiment"> | undefined,
): Promise<FoundExperiments> {
  if (named !== undefined) return { searched: [await namedExperiment(reader, named, create)], absent: [] };
  const names = [...new Set([...(projectName === undefined ? [] : [projectName]), DEFAULT_EXPERIMENT])];
  const searched: Experiment[] = [];
  const absent: Sentence[] = [];
  for (const name of names) {
    const found = await reader.getExperimentByName(name);
    if (found?.active === true) searched.push(found);
    else absent.push(say`the experiment ${name} ${found === undefined ? ["does not exist"] : ["is deleted"]}`);
  }
  if (searched.length === 0) {
    throw new GateError(
      "experiment-missing",
      say`The tracking server has none of the experiments ${list(names)}. Name the one that holds the baseline: ${"experiment"} (these credentials may also not be allowed to see it).`,
    );
  }
  return { searched, absent };
}

/** An experiment by its ID or its name; in an embedded store a missing one is created. */
export async function namedExperiment(
  reader: RunReader,
  named: string,
  create: Pick<RunWriter, "createExperiment"> | undefined,
): Promise<Experiment> {
  const found =
    (/^\d+$/.test(named) ? await reader.getExperiment(named) : undefined) ?? (await reader.getExperimentByName(named));
  if (found?.active === true) return found;
  if (found === undefined && create !== undefined) {
    return { experimentId: await create.createExperiment(named), name: named, active: true };
  }
  throw new GateError(
    "experiment-missing",
    found === undefined
      ? say`The tracking server has no experiment ${named}, or these credentials may not see it. Check ${"experiment"} (a name or an ID), or create the experiment.`
      : say`The experiment ${named} is deleted. Restore it, or name another one with ${"experiment"}.`,
  );
}
