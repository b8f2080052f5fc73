/** What the gate needs of the world, as types only. Adapters implement them, `main` and tests hand them in. */

import type { EnvManager } from "../config/inputs.js";
import type { Ancestry } from "../core/baseline.js";
import type { DatasetInput, MetricPoint, RunRecord, RunStatus } from "../core/run.js";
import type { Sentence } from "../core/sentence.js";
import type { Report } from "../report/report.js";

/** The commits and trees of the repository under test; nothing here writes to the workspace. */
export interface Repository {
  /** What is checked out, for a person at a desk. */
  desk(): Promise<Desk>;
  /**
   * Makes commits and their history available.
   * @throws GateError `history-shallow` or `commit-missing`
   */
  ensure(commits: readonly string[]): Promise<void>;
  /** The commit that a branch of the repository points to, undefined when there is no such branch. */
  tip(branch: string): Promise<string | undefined>;
  /** The best common ancestor of two commits, undefined for unrelated histories. */
  mergeBase(a: string, b: string): Promise<string | undefined>;
  /** A commit and its ancestors with their distances, the newest 50,000. */
  ancestry(commit: string): Promise<Ancestry>;
  /** Text of a file at a commit, undefined when it is not there; symbolic links are not followed. */
  readFile(commit: string, path: string): Promise<string | undefined>;
  /** Names in a folder at a commit, undefined when there is no such folder. */
  list(commit: string, folder: string): Promise<readonly TreeEntry[] | undefined>;
  /** A fresh working tree of exactly this commit: without hooks, filters, credentials or remote. */
  cloneAt(commit: string): Promise<string>;
}

export interface Desk {
  readonly head: string;
  /** Undefined on a detached HEAD. */
  readonly branch: string | undefined;
  readonly defaultBranch: string | undefined;
  /** Tracked files with uncommitted changes. */
  readonly changed: readonly string[];
}

export interface TreeEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "submodule";
  /** Object ID: equal for equal content. */
  readonly id: string;
}

export interface RunPage {
  readonly runs: readonly RunRecord[];
  readonly nextPageToken: string | undefined;
}

export interface Experiment {
  readonly experimentId: string;
  readonly name: string;
  readonly active: boolean;
}

export interface RunSearch {
  readonly experimentIds: readonly string[];
  /** In MLflow's filter grammar, "" for all. */
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly maxResults: number;
  readonly pageToken?: string | undefined;
}

/** Reads a tracking server; every method throws GateError `tracker-*` when it cannot. */
export interface RunReader {
  /** Undefined when the server has no such run. Deleted runs are returned. */
  getRun(runId: string): Promise<RunRecord | undefined>;
  searchRuns(search: RunSearch): Promise<RunPage>;
  getExperiment(experimentId: string): Promise<Experiment | undefined>;
  getExperimentByName(name: string): Promise<Experiment | undefined>;
  /** Every logged value of a metric, in the server's order. */
  getMetricHistory(runId: string, key: string): Promise<readonly MetricPoint[]>;
}

export interface NewRun {
  readonly experimentId: string;
  readonly runName: string;
  readonly startTime: number;
  readonly tags: ReadonlyMap<string, string>;
}

/** Writes to a tracking server. */
export interface RunWriter {
  createExperiment(name: string): Promise<string>;
  /** Creates a run once, even when an answer gets lost: `repro_gate.invocation` among the tags finds it again. */
  createRun(run: NewRun): Promise<string>;
  /** Ends a run and reads the status back, since servers swallow what they do not understand. */
  endRun(runId: string, status: RunStatus, endTime: number): Promise<void>;
  setTags(runId: string, tags: ReadonlyMap<string, string>): Promise<void>;
  logParams(runId: string, params: ReadonlyMap<string, string>): Promise<void>;
  logMetrics(runId: string, points: readonly MetricPoint[]): Promise<void>;
  logDatasets(runId: string, datasets: readonly DatasetInput[]): Promise<void>;
}

export interface TrackingStore {
  readonly reader: RunReader;
  readonly writer: RunWriter;
  /** Without credentials, for the training and for links. */
  readonly uri: string;
  /** Whether its runs can be looked at after the job. */
  readonly lasting: boolean;
  /** Where a person can open it, undefined for an embedded server. */
  readonly webUri: string | undefined;
  /** Variables that give the training access, credentials included only when they are shared. */
  readonly childEnvironment: Readonly<Record<string, string>>;
  /** Whether the training must not be given access, so that its run is mirrored. */
  readonly guarded: boolean;
}

/** The tracking store of this invocation, and the ephemeral one for trainings that must not see it. */
export interface TrackingStores {
  /** The store that holds the baseline and gets the result. */
  readonly main: Promise<TrackingStore>;
  /** Whether `main` ends with the job. */
  readonly embedded: boolean;
  /** An embedded store for a guarded training; started on first use. */
  scratch(): Promise<TrackingStore>;
}

export interface Execution {
  /** Folder of the MLproject in its clone. */
  readonly projectFolder: string;
  readonly entryPoint: string;
  readonly envManager: Exclude<EnvManager, "auto">;
  readonly runId: string;
  readonly experimentId: string;
  /** Parameters to pass; the others take the MLproject's defaults. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly trackingEnvironment: Readonly<Record<string, string>>;
  readonly timeoutMinutes: number;
  readonly passEnv: readonly string[];
  readonly passHome: boolean;
  /** Tags for runs that the training starts besides its own. */
  readonly contextTags: Readonly<Record<string, string>>;
  readonly environmentFiles: readonly string[];
}

/** How `mlflow run` ended, before anybody asked what it recorded. */
export interface ExecutionEnd {
  readonly kind: "exited" | "timeout" | "cancelled";
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Whether MLflow announced the entry point's command: before that, no code of the project ran. */
  readonly entryPointStarted: boolean;
  readonly seconds: number;
  readonly log: LogExcerpt;
  /** Processes that outlived the training and were killed. */
  readonly survivors: number;
}

export interface LogExcerpt {
  /** The last lines, control characters removed. */
  readonly tail: readonly string[];
  readonly droppedBytes: number;
}

export interface ProjectRunner {
  /**
   * Whether an environment manager can be used here.
   * @throws GateError `environment-manager-missing`
   */
  prepare(envManager: EnvManager, environment: "python" | "conda" | "none"): Promise<Exclude<EnvManager, "auto">>;
  run(execution: Execution): Promise<ExecutionEnd>;
  /** Those of the local paths, relative to a project's folder, that do not exist; URIs are not looked at. */
  missingFiles(projectFolder: string, paths: readonly string[]): Promise<readonly string[]>;
}

/** What a later process needs to heal this one's unfinished work. */
export interface JobState {
  rememberRun(run: { readonly uri: string; readonly runId: string }): void;
  /** A process group, by its leader and when that started. */
  rememberProcess(process: { readonly pid: number; readonly startTicks: string }): void;
  /** Everything was ended in order: there is nothing to heal. */
  settle(): void;
}

export interface Publisher {
  /** Shows the report everywhere; problems are warnings in the returned list and never change the outcome. */
  publish(report: Report): Promise<void>;
}

export interface Log {
  /** A step of the gate, with what follows belonging to it. */
  step(title: string): void;
  info(text: string): void;
  warning(sentence: Sentence): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Ids {
  uuid(): string;
}
