import type { Trigger } from "../config/event.js";
import type { CommentMode, Inputs } from "../config/inputs.js";
import { resolveSettings, type Settings, trackingConfig } from "../config/settings.js";
import { isDirty } from "../core/baseline.js";
import { GateError, messageOf } from "../core/gate-error.js";
import type { EntryPoint } from "../core/mlproject.js";
import { exitStatus } from "../core/outcome.js";
import { recordedParameters } from "../core/parameters.js";
import { TAG } from "../core/run.js";
import { type Sentence, say } from "../core/sentence.js";
import type { Verdict } from "../core/verdict.js";
import { advise } from "../report/advice.js";
import {
  emptyProjectReport,
  toBaseline,
  toComparisonFields,
  toParameters,
  toRun,
} from "../report/project-report.js";
import type { ProjectReport } from "../report/report.js";
import { judgeMetrics, verifyBaseline } from "./decide.js";
import { type Executed, type ExecutionPorts, type ExecutionRequest, execute } from "./execute.js";
import { type Baseline, baselineWarnings, describeSearch, findBaseline, traceStep } from "./find-baseline.js";
import { findExperiments, namedExperiment } from "./find-experiments.js";
import { type Location, locate } from "./locate.js";
import { plan } from "./plan.js";
import type { Experiment, TrackingStore, TrackingStores } from "./ports.js";
import { readConfig, workflowsChanged } from "./read-config.js";
import { findEntryPoint, type ProjectAtCommit, readProject } from "./read-project.js";

/** What made the gate run, parsed: everything that decides, nothing that still has to be read from the world. */
export interface CheckRequest {
  readonly trigger: Trigger;
  readonly inputs: Inputs;
  /** MLflow's variables; nothing else of the environment decides. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tags for every run: source, user, workflow run. */
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

/** Anything that was thrown as an `error`, since what is not proven never passes. */
export function toErrorVerdict(error: unknown): Verdict {
  return error instanceof GateError
    ? { outcome: "error", reason: error.reason, sentence: error.sentence }
    : {
        outcome: "error",
        reason: "internal",
        sentence: say`The gate itself failed: ${messageOf(error)}. Please report it with the log.`,
      };
}

/** The answer when the world could not even be opened. */
export function failedCheck(error: unknown, inputs: Inputs): Checked {
  const verdict = toErrorVerdict(error);
  const project = {
    ...emptyProjectReport(inputs.project ?? "project", ""),
    outcome: verdict.outcome,
    reason: "reason" in verdict ? verdict.reason : null,
    sentence: [...verdict.sentence],
  };
  const enforce = inputs.enforce ?? true;
  return { project, enforce, exitStatus: enforce ? exitStatus(verdict.outcome) : 0, comment: inputs.comment ?? "always", trackingUri: null };
}

/** One check from event to verdict; the report fills while the story is told, so that an error keeps what was known. */
class Story {
  readonly #request: CheckRequest;
  readonly #ports: CheckPorts;
  #report = emptyProjectReport("project", "");
  #settings: Settings | undefined;
  #location: Location | undefined;
  #stores: TrackingStores | undefined;
  #store: TrackingStore | undefined;
  #execution: Promise<unknown> = Promise.resolve();

  constructor(request: CheckRequest, ports: CheckPorts) {
    this.#request = request;
    this.#ports = ports;
  }

  async tell(): Promise<Verdict> {
    const { trigger, inputs, env } = this.#request;
    const { repository, log } = this.#ports;
    if (trigger.kind === "branch-deleted") {
      return {
        outcome: "skipped",
        reason: "branch-deleted",
        sentence: say`The push deleted the branch ${trigger.branch}: there is nothing to run.`,
      };
    }

    log.step("Reading the repository");
    const location = await locate(trigger, repository);
    this.#location = location;
    this.#update({
      commit: location.head,
      forkPoint: location.forkPoint ?? null,
      linkedBranch: location.linkedBranches[0] ?? null,
    });
    this.#warn(location.warnings);
    const sources = await readConfig(repository, inputs.config, location);
    const settings = resolveSettings(inputs, env, sources);
    this.#settings = settings;
    this.#update({ name: settings.name ?? (settings.path || "project"), path: settings.path });
    this.#warn(settings.notes);
    if (await workflowsChanged(repository, location)) {
      this.#warn([say`This change edits ${".github/workflows"}, which can change how it is judged: review it with care.`]);
    }
    const commit = await this.#commitUnderTest(location, settings);
    this.#stores = await this.#ports.openStores({
      ...trackingConfig(sources),
      shareTrackingCredentials: settings.shareTrackingCredentials,
    });

    const head = await this.#projectAt(commit, settings);
    const entryPoint = findEntryPoint(head.project, settings.entryPoint);
    this.#update({ name: settings.name ?? head.project.name ?? (settings.path || "project"), entryPoint: entryPoint.name });
    const envManager = await this.#ports.runner.prepare(settings.envManager, environmentKind(head));
    this.#update({ environmentManager: envManager });

    log.step("Finding the baseline");
    const store = await this.#stores.main;
    this.#store = store;
    const found = await this.#findBaseline(store, settings, location, head, envManager);
    if (!("run" in found)) return found;
    const { run } = found;
    this.#update({
      baseline: toBaseline(run, store.webUri, found, this.#ageInDays(run.startTime), isDirty(run)),
    });
    this.#warn(baselineWarnings(found));
    log.info(`Baseline: run ${run.runId}`);

    const before = location.forkPoint === undefined ? undefined : await readProject(repository, location.forkPoint, settings.path);
    const entryPointBefore =
      before !== undefined && "project" in before ? before.project.entryPoints.get(entryPoint.name) : undefined;
    const planned = plan(settings, entryPoint, recordedParameters(run), entryPointBefore);
    this.#update({ parameters: toParameters(planned.plan) });
    if (planned.verdict !== undefined) return planned.verdict;

    log.step(`Executing ${commit.slice(0, 12)}`);
    const candidateExperiment =
      settings.candidateExperiment === undefined
        ? run.experimentId
        : (await namedExperiment(store.reader, settings.candidateExperiment, this.#createIfEmbedded(store))).experimentId;
    const executed = await this.#execute({
      role: "candidate",
      commit,
      experimentId: candidateExperiment,
      runName: `repro-gate/${this.#place()}/${commit.slice(0, 7)}`,
      tags: new Map([...this.#tags(commit, location.branch, settings), [TAG.baselineRunId, run.runId]]),
      settings,
      entryPoint,
      envManager,
      environmentFiles: head.environmentFiles,
      plan: planned.plan,
    });
    if (!("run" in executed)) return executed;
    this.#reportExecution(executed, store);
    if (executed.failure !== undefined) return executed.failure;

    log.step("Comparing the metrics");
    await verifyBaseline(store.reader, run);
    const { verdict, warnings } = judgeMetrics(run, executed.run, settings.ruler);
    this.#warn(warnings);
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
    throw new GateError("cancelled", say`The job was cancelled before the gate had decided; what was running was stopped.`);
  }

  /** Writes the verdict into the report and onto the candidate. */
  async conclude(verdict: Verdict): Promise<Checked> {
    this.#update({
      outcome: verdict.outcome,
      reason: "reason" in verdict ? verdict.reason : null,
      sentence: [...verdict.sentence],
      ...(verdict.comparison === undefined ? {} : toComparisonFields(verdict.comparison)),
    });
    await this.#tagCandidate();
    this.#update({ advice: advise(this.#report).map((step) => [...step]) });
    const enforce = this.#settings?.enforce ?? this.#request.inputs.enforce ?? true;
    const { outcome, reason } = this.#report;
    const allowed = reason === "no-baseline" && this.#settings?.onMissingBaseline === "allow";
    return {
      project: this.#report,
      enforce,
      exitStatus: enforce && !allowed ? exitStatus(outcome) : 0,
      comment: this.#settings?.comment ?? this.#request.inputs.comment ?? "always",
      trackingUri: this.#store?.webUri ?? null,
    };
  }

  /** `commit: merge` tests what merging would make, where the forge offers that commit. */
  async #commitUnderTest(location: Location, settings: Settings): Promise<string> {
    if (settings.commit === "head") return location.head;
    if (location.merge === undefined) {
      this.#warn([say`${"commit: merge"}: there is no merge commit here, so the head was tested.`]);
      return location.head;
    }
    await this.#ports.repository.ensure([location.merge, location.forkPoint ?? location.head]);
    this.#update({ commit: location.merge });
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

  async #findBaseline(
    store: TrackingStore,
    settings: Settings,
    location: Location,
    head: ProjectAtCommit,
    envManager: ExecutionRequest["envManager"],
  ): Promise<Baseline | Verdict> {
    const { searched, absent } =
      settings.baselineRunId === undefined
        ? await findExperiments(store.reader, settings.experiment, head.project.name, this.#createIfEmbedded(store))
        : { searched: [], absent: [] };
    const { baseline, trace } = await findBaseline(store.reader, searched, settings, location);
    this.#update({ trace: [...trace] });
    if (baseline !== undefined) return baseline;

    const policy = settings.onMissingBaseline ?? (this.#stores?.embedded === true ? "create" : "fail");
    const where = absent.length === 0 ? [] : ([" (", ...absent.flatMap((part, index) => (index === 0 ? part : ["; ", ...part])), ")"] as Sentence);
    const missing = say`There is no baseline. ${describeSearch(searched, trace)}${where}`;
    if (policy !== "create" || settings.baselineRunId !== undefined) {
      return { outcome: "inconclusive", reason: "no-baseline", sentence: say`${missing} Nothing was executed.` };
    }
    return this.#createBaseline(settings, location, searched, envManager);
  }

  /** Executes the fork point now, so that there is something to compare with. */
  async #createBaseline(
    settings: Settings,
    location: Location,
    experiments: readonly Experiment[],
    envManager: ExecutionRequest["envManager"],
  ): Promise<Baseline | Verdict> {
    const noBaseline = (sentence: Sentence): Verdict => ({ outcome: "inconclusive", reason: "no-baseline", sentence });
    const { forkPoint } = location;
    if (location.recordOnly) {
      return noBaseline(
        say`There is no baseline, and none can be created here: the commit under test is the record's own, so it would be compared with itself.`,
      );
    }
    if (forkPoint === undefined) {
      return noBaseline(
        say`There is no baseline, and none can be created: ${location.noForkPoint ?? say`there is no fork point`}.`,
      );
    }
    const before = await readProject(this.#ports.repository, forkPoint, settings.path);
    if ("absent" in before) return noBaseline(say`There is no baseline, and none can be created: ${before.absent}.`);
    const entryPoint: EntryPoint | undefined = before.project.entryPoints.get(settings.entryPoint);
    if (entryPoint === undefined) {
      return noBaseline(
        say`There is no baseline, and none can be created: the MLproject at the fork point has no entry point ${settings.entryPoint}.`,
      );
    }
    const planned = plan(settings, entryPoint, undefined, undefined);
    if (planned.verdict !== undefined) return planned.verdict;

    this.#ports.log.step(`Creating a baseline from the fork point ${forkPoint.slice(0, 12)}`);
    const branch = location.linkedBranches[0] ?? "";
    const executed = await this.#execute({
      role: "baseline",
      commit: forkPoint,
      experimentId: experiments[0]?.experimentId ?? "0",
      runName: `repro-gate/${branch}/${forkPoint.slice(0, 7)}`,
      tags: this.#tags(forkPoint, branch, settings),
      settings,
      entryPoint,
      envManager,
      environmentFiles: before.environmentFiles,
      plan: planned.plan,
    });
    const failure = "run" in executed ? executed.failure : executed;
    if (failure !== undefined) {
      if ("run" in executed) this.#update({ log: { tail: [...executed.log.tail], droppedBytes: executed.log.droppedBytes } });
      if (failure.outcome === "error") return failure;
      return noBaseline(
        say`There is no baseline: the training fails at the fork point ${forkPoint.slice(0, 12)} as well. ${failure.sentence}`,
      );
    }
    if (!("run" in executed)) return noBaseline(say`There is no baseline.`);
    this.#warn(executed.warnings);
    this.#update({
      trace: [...this.#report.trace, traceStep("created", say`The fork point was executed now to make one.`, [])],
    });
    const linkedBy = say`the fork point, executed today, not promoted`;
    return { run: executed.run, source: "created", linkedBy, distance: 0 };
  }

  #execute(request: ExecutionRequest): ReturnType<typeof execute> {
    const stores = this.#stores;
    if (stores === undefined) throw new GateError("internal", say`An execution was asked for before a tracking store was open.`);
    const execution = execute(request, { ...this.#ports, stores });
    this.#execution = execution;
    return execution;
  }

  #reportExecution(executed: Executed, store: TrackingStore): void {
    const webUri = executed.recorded ? store.webUri : undefined;
    this.#update({
      candidate: {
        ...toRun(executed.run, webUri),
        // A run that only the ephemeral store had is gone with it.
        runId: executed.recorded ? executed.run.runId : "",
        seconds: executed.seconds,
        exitCode: executed.exitCode ?? null,
        mirrored: executed.mirrored,
      },
      log: { tail: [...executed.log.tail], droppedBytes: executed.log.droppedBytes },
    });
    this.#warn(executed.warnings);
  }

  async #tagCandidate(): Promise<void> {
    const runId = this.#report.candidate?.runId;
    if (this.#store === undefined || runId === undefined || runId === "" || this.#ports.signal.aborted) return;
    const tags = new Map<string, string>([[TAG.outcome, this.#report.outcome]]);
    if (this.#report.reason !== null) tags.set(TAG.reason, this.#report.reason);
    try {
      await this.#store.writer.setTags(runId, tags);
    } catch (error) {
      this.#warn([say`The outcome could not be written onto the run: ${messageOf(error)}`]);
    }
  }

  #createIfEmbedded(store: TrackingStore) {
    return this.#stores?.embedded === true ? store.writer : undefined;
  }

  #tags(commit: string, branch: string, settings: Settings): Map<string, string> {
    const { repositoryUrl, tags, trigger } = this.#request;
    const source = repositoryUrl ?? "file://repository";
    return new Map([
      ...tags,
      [TAG.sourceName, settings.path === "" ? source : `${source}#${settings.path}`],
      [TAG.gitCommit, commit],
      ...(branch === "" ? [] : ([[TAG.gitBranch, branch], [TAG.branch, branch]] as const)),
      ...(repositoryUrl === undefined ? [] : ([[TAG.gitRepoUrl, repositoryUrl]] as const)),
      ...(trigger.kind === "pull-request" ? ([[TAG.pullRequest, String(trigger.number)]] as const) : []),
    ]);
  }

  /** "pr-12", or the branch. */
  #place(): string {
    const { trigger } = this.#request;
    return trigger.kind === "pull-request" ? `pr-${trigger.number}` : (this.#location?.branch ?? "HEAD");
  }

  #ageInDays(startTime: number): number | undefined {
    return startTime <= 0 ? undefined : Math.max(0, (this.#ports.clock.now() - startTime) / 86_400_000);
  }

  #update(fields: Partial<ProjectReport>): void {
    this.#report = { ...this.#report, ...fields };
  }

  #warn(sentences: readonly Sentence[]): void {
    for (const sentence of sentences) this.#ports.log.warning(sentence);
    this.#update({ warnings: [...this.#report.warnings, ...sentences.map((sentence) => [...sentence])] });
  }
}

function environmentKind({ project }: ProjectAtCommit): "python" | "conda" | "none" {
  const { kind } = project.environment;
  return kind === "docker" ? "none" : kind;
}
