import type { EnvManager } from "../config/inputs.js";
import type { Settings } from "../config/settings.js";
import { classifyEnd, type ExecutionFailure } from "../core/execution.js";
import { GateError } from "../core/gate-error.js";
import type { EntryPoint } from "../core/mlproject.js";
import type { ParameterPlan } from "../core/parameters.js";
import { isTerminal, type RunRecord, TAG } from "../core/run.js";
import { list, type Sentence, say } from "../core/sentence.js";
import { mirrorRun } from "./mirror.js";
import { passedParameters } from "./plan.js";
import type {
  Clock,
  ExecutionEnd,
  Ids,
  JobState,
  Log,
  LogExcerpt,
  ProjectRunner,
  Repository,
  RunReader,
  TrackingStore,
  TrackingStores,
} from "./ports.js";

export interface ExecutionPorts {
  readonly repository: Repository;
  readonly stores: TrackingStores;
  readonly runner: ProjectRunner;
  readonly jobState: JobState;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export interface ExecutionRequest {
  readonly role: "candidate" | "baseline";
  readonly commit: string;
  readonly experimentId: string;
  readonly runName: string;
  /** Source, branch and gate tags; role, entry point and invocation are added here. */
  readonly tags: ReadonlyMap<string, string>;
  readonly settings: Settings;
  readonly entryPoint: EntryPoint;
  readonly envManager: Exclude<EnvManager, "auto">;
  readonly environmentFiles: readonly string[];
  readonly plan: ParameterPlan;
}

export interface Executed {
  /** The run as it stands in the main store, or in the ephemeral one when it could not be mirrored. */
  readonly run: RunRecord;
  /** The store that has the run. */
  readonly reader: RunReader;
  /** Whether it can be looked at after the job. */
  readonly recorded: boolean;
  readonly mirrored: boolean;
  readonly seconds: number;
  readonly exitCode: number | undefined;
  readonly log: LogExcerpt;
  readonly failure: ExecutionFailure | undefined;
  readonly warnings: readonly Sentence[];
}

/**
 * Executes the project at a commit as one MLflow run, which always ends terminal. A failed training is a value; only
 * what kept the gate from trying is thrown.
 */
export async function execute(request: ExecutionRequest, ports: ExecutionPorts): Promise<Executed | ExecutionFailure> {
  const { settings, plan, entryPoint } = request;
  const clone = await ports.repository.cloneAt(request.commit);
  const projectFolder = settings.path === "" ? clone : `${clone}/${settings.path}`;
  const missing = await missingPaths(ports.runner, projectFolder, entryPoint, plan);
  if (missing !== undefined) return missing;

  const main = await ports.stores.main;
  const store = main.guarded ? await ports.stores.scratch() : main;
  const invocation = ports.ids.uuid();
  const tags = new Map([
    ...request.tags,
    [TAG.sourceType, "PROJECT"],
    [TAG.entryPoint, entryPoint.name],
    [TAG.role, request.role],
    [TAG.invocation, invocation],
    [TAG.paramsEncoding, "raw"],
  ]);
  const experimentId = store === main ? request.experimentId : "0";
  const runId = await store.writer.createRun({
    experimentId,
    runName: request.runName,
    startTime: ports.clock.now(),
    tags,
  });
  ports.jobState.rememberRun({ uri: store.uri, runId });

  const end = await runAndClose(request, ports, store, { projectFolder, runId, experimentId, invocation });
  const failure = classifyEnd({ ...end, tail: end.log.tail }, entryPoint.name, settings.timeoutMinutes);
  const warnings: Sentence[] =
    end.survivors > 0 ? [say`Processes of the training outlived it and were killed: ${end.survivors}.`] : [];
  await logParameters(store, runId, plan, warnings);

  const run = await existing(store, runId);
  const result = {
    reader: store.reader,
    mirrored: false,
    recorded: store === main && main.lasting,
    seconds: end.seconds,
    exitCode: end.exitCode,
    log: end.log,
    warnings,
  };
  const judged = failure ?? checkRecord(run, entryPoint.name);
  if (store === main) return { ...result, run, failure: judged };
  const mirrored = await mirrorRun(run, store.reader, main, { ...request, tags }).catch((error: unknown) => {
    if (!(error instanceof GateError)) throw error;
    warnings.push(say`The result could not be recorded on the tracking server: ${error.sentence}`);
    return undefined;
  });
  if (mirrored === undefined) return { ...result, run, failure: judged };
  return { ...result, run: mirrored, reader: main.reader, recorded: main.lasting, mirrored: true, failure: judged };
}

/** Runs the training and makes sure that its run is over, however that went. */
async function runAndClose(
  request: ExecutionRequest,
  ports: ExecutionPorts,
  store: TrackingStore,
  ids: { projectFolder: string; runId: string; experimentId: string; invocation: string },
): Promise<ExecutionEnd> {
  const { settings } = request;
  let status: "KILLED" | "FAILED" = "FAILED";
  try {
    const end = await ports.runner.run({
      projectFolder: ids.projectFolder,
      entryPoint: request.entryPoint.name,
      envManager: request.envManager,
      runId: ids.runId,
      experimentId: ids.experimentId,
      parameters: passedParameters(request.plan),
      trackingEnvironment: store.childEnvironment,
      timeoutMinutes: settings.timeoutMinutes,
      passEnv: settings.passEnv,
      passHome: settings.passHome,
      contextTags: { [TAG.invocation]: ids.invocation },
      environmentFiles: request.environmentFiles,
    });
    if (end.kind !== "exited" || end.signal !== undefined) status = "KILLED";
    return end;
  } finally {
    // MLflow leaves a run RUNNING after every failure before the entry point, and after SIGTERM.
    const run = await store.reader.getRun(ids.runId);
    if (run !== undefined && !isTerminal(run.status)) await store.writer.endRun(ids.runId, status, ports.clock.now());
  }
}

/** Declared `path` parameters whose file is not there: MLflow would fail on them in its own words. */
async function missingPaths(
  runner: ProjectRunner,
  projectFolder: string,
  entryPoint: EntryPoint,
  plan: ParameterPlan,
): Promise<ExecutionFailure | undefined> {
  const paths = plan.parameters.filter(({ name }) => entryPoint.parameters.get(name)?.type === "path");
  const missing = await runner.missingFiles(
    projectFolder,
    paths.map(({ value }) => value),
  );
  const first = paths.find(({ value }) => missing.includes(value));
  if (first === undefined) return undefined;
  return {
    outcome: "broken",
    reason: "data-missing",
    sentence: say`The parameter ${first.name} is ${first.value}, and there is no such file at this commit. It is declared as ${"path"} and taken relative to the project's folder. Add the file to git, or give another path by ${"parameters"}.`,
  };
}

/** With `--run-id` MLflow logs no parameters: what was passed is recorded here, for the next comparison. */
async function logParameters(
  store: TrackingStore,
  runId: string,
  plan: ParameterPlan,
  warnings: Sentence[],
): Promise<void> {
  const logged = (await existing(store, runId)).params;
  const own = plan.parameters.filter(({ name }) => !logged.has(name));
  const other = plan.parameters.filter(({ name, value }) => logged.has(name) && logged.get(name) !== value);
  if (other.length > 0) {
    warnings.push(say`The training logs its own text for the parameters ${list(other.map(({ name }) => name))}.`);
  }
  await store.writer.logParams(runId, new Map(own.map(({ name, value }) => [name, value])));
}

/** An exit status of 0 proves nothing: the run must be finished and have metrics. */
function checkRecord(run: RunRecord, entryPoint: string): ExecutionFailure | undefined {
  if (run.status !== "FINISHED") {
    return {
      outcome: "broken",
      reason: "entry-point-failed",
      sentence: say`The entry point ${entryPoint} ended with exit status 0, but its run is ${run.status}.`,
    };
  }
  if (run.metrics.size > 0) return undefined;
  return {
    outcome: "broken",
    reason: "no-metrics",
    sentence: say`The entry point ${entryPoint} ended with exit status 0 but logged no metric to its run ${run.runId}. Only the first ${"mlflow.start_run()"} of a process continues the run that MLflow started; metrics of a second one are lost to it.`,
  };
}

async function existing(store: TrackingStore, runId: string): Promise<RunRecord> {
  const run = await store.reader.getRun(runId);
  if (run === undefined)
    throw new GateError(
      "tracker-answer",
      say`The tracking server no longer has the run ${runId}, which the gate created.`,
    );
  return run;
}
