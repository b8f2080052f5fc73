import type { OnMissingBaseline } from "../config/inputs.js";
import type { Settings } from "../config/settings.js";
import { type Sentence, say } from "../core/sentence.js";
import type { Verdict } from "../core/verdict.js";
import type { CheckRequest } from "./check.js";
import type { Dossier } from "./dossier.js";
import type { Executed, ExecutionRequest, execute } from "./execute.js";
import { type Baseline, describeSearch, findBaseline, traceStep } from "./find-baseline.js";
import { findExperiments } from "./find-experiments.js";
import type { Location } from "./locate.js";
import { plan } from "./plan.js";
import type { Experiment, Log, Repository, RunWriter, TrackingStore } from "./ports.js";
import { type ProjectAtCommit, readProject } from "./read-project.js";
import { runName, sourceTags } from "./run-names.js";

/** What finding or making a baseline needs to know. */
export interface BaselineQuest {
  readonly request: CheckRequest;
  readonly settings: Settings;
  readonly location: Location;
  readonly project: ProjectAtCommit;
  readonly envManager: ExecutionRequest["envManager"];
  readonly store: TrackingStore;
  /** Set where a missing experiment may be created: in a store that is the gate's own. */
  readonly creator: Pick<RunWriter, "createExperiment"> | undefined;
  readonly repository: Repository;
  readonly dossier: Dossier;
  readonly log: Log;
  readonly execute: (request: ExecutionRequest) => ReturnType<typeof execute>;
}

/** The baseline, or the verdict that there is none. */
export async function obtainBaseline(quest: BaselineQuest): Promise<Baseline | Verdict> {
  const { settings, location, store, project, creator, dossier } = quest;
  const { searched, absent } =
    settings.baselineRunId === undefined
      ? await findExperiments(store.reader, settings.experiment, project.project.name, creator)
      : { searched: [], absent: [] };
  const { baseline, trace } = await findBaseline(store.reader, searched, settings, location);
  dossier.note({ trace: [...trace] });
  if (baseline !== undefined) return baseline;

  const policy: OnMissingBaseline = settings.onMissingBaseline ?? (creator === undefined ? "fail" : "create");
  dossier.note({ onMissingBaseline: policy });
  if (policy === "create" && settings.baselineRunId === undefined) return createBaseline(quest, searched);
  const missing = say`There is no baseline. ${describeSearch(searched, trace)}`;
  return noBaseline(say`${missing}${parenthesis(absent)} Nothing was executed.`);
}

/** Executes the fork point now, so that there is something to compare with. */
async function createBaseline(quest: BaselineQuest, experiments: readonly Experiment[]): Promise<Baseline | Verdict> {
  const { request, settings, location, envManager, dossier, log } = quest;
  const fork = await forkPointProject(quest);
  if ("outcome" in fork) return fork;
  const { commit, project, entryPoint } = fork;
  const planned = plan(settings, entryPoint, undefined, undefined);
  if (planned.verdict !== undefined) return planned.verdict;

  log.step(`Creating a baseline from the fork point ${commit.slice(0, 12)}`);
  const branch = location.linkedBranches[0] ?? "";
  const experimentId = experiments[0]?.experimentId ?? "0";
  const executed = await quest.execute({
    role: "baseline",
    commit,
    experimentId,
    runName: runName(branch, commit),
    tags: sourceTags(request, commit, branch, settings.path),
    settings,
    entryPoint,
    envManager,
    environmentFiles: project.environmentFiles,
    plan: planned.plan,
  });
  if (!("run" in executed)) return asMissing(executed, commit);
  if (executed.failure !== undefined) {
    dossier.noteLog(executed.log);
    return asMissing(executed.failure, commit);
  }
  dossier.warn(executed.warnings);
  const step = traceStep("created", say`The fork point was executed now to make one.`, []);
  dossier.note({ trace: [...dossier.report.trace, step] });
  const linkedBy = say`the fork point, executed today, not promoted`;
  const { run, reader, recorded } = executed;
  return { run, reader, experimentId, recorded, source: "created", linkedBy, distance: 0 };
}

/** The project at the fork point, or why no baseline can be made from it. */
async function forkPointProject({ settings, location, repository }: BaselineQuest) {
  const impossible = (why: Sentence) => noBaseline(say`There is no baseline, and none can be created: ${why}.`);
  const { forkPoint } = location;
  if (location.recordOnly) {
    return impossible(say`the commit under test is the record's own, so it would be compared with itself`);
  }
  if (forkPoint === undefined) return impossible(location.noForkPoint ?? say`there is no fork point`);
  const project = await readProject(repository, forkPoint, settings.path);
  if ("absent" in project) return impossible(project.absent);
  const entryPoint = project.project.entryPoints.get(settings.entryPoint);
  if (entryPoint === undefined) {
    return impossible(say`the MLproject at the fork point has no entry point ${settings.entryPoint}`);
  }
  return { commit: forkPoint, project, entryPoint };
}

/** A training that fails at the fork point proves nothing about the change; what kept it from running is said as it is. */
function asMissing(failure: NonNullable<Executed["failure"]>, commit: string): Verdict {
  if (failure.outcome === "error") return failure;
  return noBaseline(
    say`There is no baseline: the training fails at the fork point ${commit.slice(0, 12)} as well. ${failure.sentence}`,
  );
}

function noBaseline(sentence: Sentence): Verdict {
  return { outcome: "inconclusive", reason: "no-baseline", sentence };
}

function parenthesis(parts: readonly Sentence[]): Sentence {
  return parts.length === 0
    ? []
    : [" (", ...parts.flatMap((part, index) => (index === 0 ? part : ["; ", ...part])), ")"];
}
