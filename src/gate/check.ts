import type { Trigger } from "../config/event.js";
import type { CommentMode, Inputs } from "../config/inputs.js";
import { resolveSettings, type Settings, trackingConfig } from "../config/settings.js";
import { isDirty } from "../core/baseline.js";
import { GateError, messageOf } from "../core/gate-error.js";
import { exitStatus } from "../core/outcome.js";
import { recordedParameters } from "../core/parameters.js";
import { TAG } from "../core/run.js";
import { say } from "../core/sentence.js";
import type { Verdict } from "../core/verdict.js";
import { toBaseline, toParameters, toRun } from "../report/project-report.js";
import type { ProjectReport } from "../report/report.js";
import { checkRuler, judgeMetrics, verifyBaseline } from "./decide.js";
import { Dossier } from "./dossier.js";
import { type Executed, type ExecutionPorts, type ExecutionRequest, execute } from "./execute.js";
import { type Baseline, baselineWarnings } from "./find-baseline.js";
import { namedExperiment } from "./find-experiments.js";
import { type Location, locate } from "./locate.js";
import { obtainBaseline } from "./obtain-baseline.js";
import { plan } from "./plan.js";
import type { TrackingStore, TrackingStores } from "./ports.js";
import { readConfig, workflowsChanged } from "./read-config.js";
import { findEntryPoint, type ProjectAtCommit, readProject } from "./read-project.js";
import { candidateName, sourceTags } from "./run-names.js";

/** What made the gate run, parsed: everything that decides, nothing that still has to be read from the world. */
export interface CheckRequest {
  readonly trigger: Trigger;
  readonly inputs: Inputs;
  /** MLflow's variables; nothing else of the environment decides. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tags for every run: user, workflow run. */
  readonly tags: ReadonlyMap<string, string>;
  readonly repositoryUrl: string | undefined;
}

export interface CheckPorts extends Omit<ExecutionPorts, "stores"> {
  /** Opens the tracking store that the configuration names; an embedded server starts at once. */
  openStores(config: {
    readonly trackingUri: string | undefined;
    readonly caFile: string | undefined;
    readonly shareTrackingCredentials: boolean;
  }): Promise<TrackingStores>;
  readonly signal: AbortSignal;
}

/** The project's report, and what its settings say about publishing it. */
export interface Checked {
  readonly project: ProjectReport;
  /** False when the job is to succeed whatever the outcome. */
  readonly enforce: boolean;
  /** What the process ends with: the outcome's, 0 when the gate only advises or a missing baseline is allowed. */
  readonly exitStatus: number;
  readonly comment: CommentMode;
  readonly trackingUri: string | null;
}

/** How long an execution may take to clean up after a cancellation. */
const CLEAN_UP_MS = 6000;

/**
 * Answers whether the recorded result can be obtained again. It never throws: what could not be done is an `error`
 * with its reason.
 */
export async function check(request: CheckRequest, ports: CheckPorts): Promise<Checked> {
  const story = new Story(request, ports);
  let verdict: Verdict;
  try {
    verdict = await Promise.race([story.tell(), story.cancelled()]);
  } catch (error) {
    verdict = toErrorVerdict(error);
  }
  return story.conclude(verdict);
}

/** The answer when the world could not even be opened. */
export function failedCheck(error: unknown, inputs: Inputs): Checked {
  const dossier = new Dossier(SILENT, inputs.project ?? "project");
  dossier.conclude(toErrorVerdict(error));
  const enforce = inputs.enforce ?? true;
  return {
    project: dossier.report,
    enforce,
    exitStatus: enforce ? exitStatus(dossier.report.outcome) : 0,
    comment: inputs.comment ?? "always",
    trackingUri: null,
  };
}

const SILENT = { step: () => {}, info: () => {}, warning: () => {} };

/** Anything that was thrown as an `error`, since what is not proven never passes. */
function toErrorVerdict(error: unknown): Verdict {
  if (error instanceof GateError) return { outcome: "error", reason: error.reason, sentence: error.sentence };
  const sentence = say`The gate itself failed: ${messageOf(error)}. Please report it with the log.`;
  return { outcome: "error", reason: "internal", sentence };
}

/** One check from event to verdict; it remembers what has to be said or ended when the story breaks off. */
class Story {
  readonly #request: CheckRequest;
  readonly #ports: CheckPorts;
  readonly #dossier: Dossier;
  #settings: Settings | undefined;
  #stores: TrackingStores | undefined;
  #store: TrackingStore | undefined;
  #execution: Promise<unknown> = Promise.resolve();

  constructor(request: CheckRequest, ports: CheckPorts) {
    this.#request = request;
    this.#ports = ports;
    this.#dossier = new Dossier(ports.log, "project");
  }

  async tell(): Promise<Verdict> {
    const { trigger } = this.#request;
    const { repository, runner, log } = this.#ports;
    const dossier = this.#dossier;
    if (trigger.kind === "branch-deleted") {
      const sentence = say`The push deleted the branch ${trigger.branch}: there is nothing to run.`;
      return { outcome: "skipped", reason: "branch-deleted", sentence };
    }

    log.step("Reading the repository");
    const location = await locate(trigger, repository);
    const settings = await this.#readSettings(location);
    const commit = await this.#commitUnderTest(location, settings);
    const project = await this.#projectAt(commit, settings);
    const entryPoint = findEntryPoint(project.project, settings.entryPoint);
    dossier.note({ name: settings.name ?? project.project.name ?? nameOf(settings), entryPoint: entryPoint.name });
    const envManager = await runner.prepare(settings.envManager, environmentKind(project));
    dossier.note({ environmentManager: envManager });

    log.step("Finding the baseline");
    const stores = this.#openedStores();
    const store = await stores.main;
    this.#store = store;
    const creator = stores.embedded ? store.writer : undefined;
    const baseline = await obtainBaseline({
      ...{ request: this.#request, settings, location, project, envManager, store, creator, repository, dossier, log },
      execute: (execution) => this.#execute(execution),
    });
    if ("outcome" in baseline) return baseline;
    this.#noteBaseline(baseline, store);
    // Before hours are spent on a training whose metrics nobody could judge.
    checkRuler(baseline.run.metrics.keys(), settings.ruler);

    const planned = plan(
      settings,
      entryPoint,
      recordedParameters(baseline.run),
      await this.#entryPointAtForkPoint(location, settings),
    );
    dossier.note({ parameters: toParameters(planned.plan) });
    if (planned.verdict !== undefined) return planned.verdict;

    log.step(`Executing ${commit.slice(0, 12)}`);
    const { candidateExperiment } = settings;
    const executed = await this.#execute({
      role: "candidate",
      commit,
      experimentId:
        candidateExperiment === undefined
          ? baseline.experimentId
          : (await namedExperiment(store.reader, candidateExperiment, creator)).experimentId,
      runName: candidateName(trigger, location.branch, commit),
      tags: sourceTags(this.#request, commit, location.branch, settings.path).set(
        TAG.baselineRunId,
        baseline.run.runId,
      ),
      settings,
      entryPoint,
      envManager,
      environmentFiles: project.environmentFiles,
      plan: planned.plan,
    });
    if (!("run" in executed)) return executed;
    this.#noteCandidate(executed, store);
    if (executed.failure !== undefined) return executed.failure;

    log.step("Comparing the metrics");
    await verifyBaseline(baseline.reader, baseline.run);
    const { verdict, warnings } = judgeMetrics(baseline.run, executed.run, settings.ruler);
    dossier.warn(warnings);
    return verdict;
  }

  /** Rejects when the job is cancelled, after a running execution has been closed. */
  async cancelled(): Promise<never> {
    const { signal } = this.#ports;
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const patience = new Promise((resolve) => setTimeout(resolve, CLEAN_UP_MS).unref());
    await Promise.race([this.#execution.catch(() => {}), patience]);
    throw new GateError(
      "cancelled",
      say`The job was cancelled before the gate had decided; what was running was stopped.`,
    );
  }

  /** Writes the verdict into the report and onto the candidate. */
  async conclude(verdict: Verdict): Promise<Checked> {
    this.#dossier.conclude(verdict);
    await this.#tagCandidate();
    const { report } = this.#dossier;
    const enforce = this.#settings?.enforce ?? this.#request.inputs.enforce ?? true;
    const allowed = report.reason === "no-baseline" && this.#settings?.onMissingBaseline === "allow";
    return {
      project: report,
      enforce,
      exitStatus: enforce && !allowed ? exitStatus(report.outcome) : 0,
      comment: this.#settings?.comment ?? this.#request.inputs.comment ?? "always",
      trackingUri: this.#store?.webUri ?? null,
    };
  }

  /** Settings from the configuration of both commits; the tracking store that they name opens at once. */
  async #readSettings(location: Location): Promise<Settings> {
    const { inputs, env } = this.#request;
    const { repository } = this.#ports;
    const dossier = this.#dossier;
    dossier.note({
      commit: location.head,
      forkPoint: location.forkPoint ?? null,
      linkedBranch: location.linkedBranches[0] ?? null,
    });
    dossier.warn(location.warnings);
    const sources = await readConfig(repository, inputs.config, location);
    const settings = resolveSettings(inputs, env, sources);
    this.#settings = settings;
    dossier.note({ name: nameOf(settings), path: settings.path });
    dossier.warn(settings.notes);
    if (await workflowsChanged(repository, location)) {
      dossier.warn([
        say`This change edits ${".github/workflows"}, which can change how it is judged: review it with care.`,
      ]);
    }
    const { shareTrackingCredentials } = settings;
    this.#stores = await this.#ports.openStores({ ...trackingConfig(sources), shareTrackingCredentials });
    return settings;
  }

  /** `commit: merge` tests what merging would make, where the forge offers that commit. */
  async #commitUnderTest(location: Location, settings: Settings): Promise<string> {
    if (settings.commit === "head") return location.head;
    if (location.merge === undefined) {
      this.#dossier.warn([say`${"commit: merge"}: there is no merge commit here, so the head was tested.`]);
      return location.head;
    }
    await this.#ports.repository.ensure([location.merge, location.forkPoint ?? location.head]);
    this.#dossier.note({ commit: location.merge });
    return location.merge;
  }

  async #projectAt(commit: string, settings: Settings): Promise<ProjectAtCommit> {
    const found = await readProject(this.#ports.repository, commit, settings.path);
    if ("absent" in found) {
      throw new GateError(
        "configuration",
        say`There is no MLflow project: ${found.absent}. Name its folder: ${"path"} of the project in the configuration, or the input ${"project"}.`,
      );
    }
    if (found.project.environment.kind === "docker") {
      throw new GateError(
        "configuration",
        say`The MLproject declares ${"docker_env"}, which the gate does not run: a container sees paths and variables of the host. Declare ${"python_env"} or ${"conda_env"}.`,
      );
    }
    return found;
  }

  async #entryPointAtForkPoint({ forkPoint }: Location, { path, entryPoint }: Settings) {
    if (forkPoint === undefined) return undefined;
    const before = await readProject(this.#ports.repository, forkPoint, path);
    return "project" in before ? before.project.entryPoints.get(entryPoint) : undefined;
  }

  #openedStores(): TrackingStores {
    if (this.#stores === undefined) throw new Error("the tracking store is opened with the settings");
    return this.#stores;
  }

  #execute(request: ExecutionRequest): ReturnType<typeof execute> {
    const execution = execute(request, { ...this.#ports, stores: this.#openedStores() });
    this.#execution = execution;
    return execution;
  }

  #noteBaseline(baseline: Baseline, { webUri }: TrackingStore): void {
    const { run } = baseline;
    const now = this.#ports.clock.now();
    const ageDays = run.startTime <= 0 ? undefined : Math.max(0, (now - run.startTime) / 86_400_000);
    this.#dossier.note({
      baseline: toBaseline(run, baseline.recorded ? webUri : undefined, baseline, ageDays, isDirty(run)),
    });
    this.#dossier.warn(baselineWarnings(baseline));
    this.#ports.log.info(`Baseline: run ${run.runId}`);
  }

  #noteCandidate(executed: Executed, { webUri }: TrackingStore): void {
    this.#dossier.note({
      candidate: {
        ...toRun(executed.run, executed.recorded ? webUri : undefined),
        recorded: executed.recorded,
        seconds: executed.seconds,
        exitCode: executed.exitCode ?? null,
        mirrored: executed.mirrored,
      },
    });
    this.#dossier.noteLog(executed.log);
    this.#dossier.warn(executed.warnings);
  }

  async #tagCandidate(): Promise<void> {
    const { candidate, outcome, reason } = this.#dossier.report;
    if (this.#store === undefined || candidate?.recorded !== true || this.#ports.signal.aborted) return;
    const tags = new Map<string, string>([[TAG.outcome, outcome]]);
    if (reason !== null) tags.set(TAG.reason, reason);
    try {
      await this.#store.writer.setTags(candidate.runId, tags);
    } catch (error) {
      this.#dossier.warn([say`The outcome could not be written onto the run: ${messageOf(error)}`]);
    }
  }
}

function nameOf({ name, path }: Settings): string {
  return name ?? (path || "project");
}

function environmentKind({ project }: ProjectAtCommit): "python" | "conda" | "none" {
  const { kind } = project.environment;
  return kind === "docker" ? "none" : kind;
}
