import type { Settings } from "../config/settings.js";
import {
  type BaselineSource,
  branchTagKeys,
  classify,
  type Eligibility,
  isDirty,
  type RefusedRun,
  refuse,
} from "../core/baseline.js";
import { tagEquals } from "../core/filter.js";
import { AnswerTooLargeError } from "../core/gate-error.js";
import { type RunRecord, TAG } from "../core/run.js";
import { list, type Sentence, say } from "../core/sentence.js";
import type { TraceStep } from "../report/report.js";
import type { Location } from "./locate.js";
import type { Experiment, RunReader } from "./ports.js";

/** Runs per page: what a server answers in well under a second. */
const PAGE_SIZE = 1000;
/** A scan that has not met the fork point's own run by then takes the best it has seen. */
const MOST_PAGES = 20;
/** Refused runs that the report names one by one. */
const MOST_NAMED = 20;

const NEWEST_FIRST = ["attributes.start_time DESC", "attributes.run_id ASC"];

export interface Baseline {
  readonly run: RunRecord;
  readonly source: BaselineSource;
  readonly linkedBy: Sentence;
  readonly distance: number | undefined;
  /** The store that has the run. */
  readonly reader: RunReader;
  /** The experiment on the main store that a candidate goes to as well. */
  readonly experimentId: string;
  /** Whether it can be looked at after the job. */
  readonly recorded: boolean;
}

/** The baseline, if there is one, and what was looked at on the way. */
export interface BaselineSearch {
  readonly baseline: Baseline | undefined;
  readonly trace: readonly TraceStep[];
}

/**
 * Asks the sources in order: a named run, runs tagged with a linked branch, runs tagged with the fork point's commit
 * or an ancestor. The first that has an eligible run answers.
 */
export async function findBaseline(
  reader: RunReader,
  experiments: readonly Experiment[],
  settings: Settings,
  location: Location,
): Promise<BaselineSearch> {
  const wanted: Eligibility = {
    ruler: settings.ruler,
    projectPath: settings.path,
    entryPoint: settings.entryPoint,
    refuseDirty: settings.refuseDirtyBaseline,
  };
  if (settings.baselineRunId !== undefined) {
    return byRunId(reader, settings.baselineRunId, wanted, location);
  }
  const search = { reader, experimentIds: experiments.map(({ experimentId }) => experimentId) };
  const trace: TraceStep[] = [];
  for (const branch of location.linkedBranches) {
    const found = await byBranch(search, branch, settings.branchTag, wanted, location);
    trace.push(...found.trace);
    if (found.baseline !== undefined) return { baseline: found.baseline, trace };
  }
  const found = await byCommit(search, wanted, location);
  return { baseline: found.baseline, trace: [...trace, ...found.trace] };
}

async function byRunId(
  reader: RunReader,
  runId: string,
  wanted: Eligibility,
  location: Location,
): Promise<BaselineSearch> {
  const run = await reader.getRun(runId);
  if (run === undefined) {
    const summary = say`${"baseline-run-id"} names ${runId}, which the tracking server does not have.`;
    return { baseline: undefined, trace: [traceStep("run-id", summary, [])] };
  }
  const refusal = refuse(run, wanted, true);
  if (refusal !== undefined) {
    const summary = say`${"baseline-run-id"} names ${runId}, which cannot be a baseline: ${refusal.detail}.`;
    return { baseline: undefined, trace: [traceStep("run-id", summary, [refusal])] };
  }
  const linkedBy = say`named by ${"baseline-run-id"}`;
  const distance = location.ancestry?.get(run.tags.get(TAG.gitCommit) ?? "");
  return {
    baseline: { ...stored(run, reader), source: "run-id", linkedBy, distance },
    trace: [traceStep("run-id", say`${"baseline-run-id"} names it.`, [])],
  };
}

function stored(run: RunRecord, reader: RunReader) {
  return { run, reader, experimentId: run.experimentId, recorded: true };
}

interface Search {
  readonly reader: RunReader;
  readonly experimentIds: readonly string[];
}

async function byBranch(
  search: Search,
  branch: string,
  branchTag: string | undefined,
  wanted: Eligibility,
  location: Location,
): Promise<BaselineSearch> {
  const filters = branchTagKeys(branchTag).map((key) => tagEquals(key, branch));
  const runs: RunRecord[] = [];
  // A name with both kinds of quotes cannot be written in a filter: everything is fetched and compared here.
  for (const filter of filters.includes(undefined) ? [""] : filters) {
    for await (const page of pages(search, filter ?? "")) runs.push(...page);
  }
  const { chosen, refused } = classify(runs, wanted, location.ancestry, { commitRequired: false, branch, branchTag });
  // Without a filter the scan meets every run of the experiment: those of other branches are none of this source's.
  const ofBranch = refused.filter(({ refusal }) => refusal !== "other-branch");
  const summary =
    chosen === undefined
      ? say`No eligible run is tagged with the branch ${branch}${refusals(ofBranch)}.`
      : say`Tagged with the branch ${branch}${refusals(ofBranch)}.`;
  const trace = [traceStep("branch-tag", summary, ofBranch)];
  if (chosen === undefined) return { baseline: undefined, trace };
  const linkedBy = say`tagged with the branch ${branch}, not promoted`;
  const { run, distance } = chosen;
  return { baseline: { ...stored(run, search.reader), source: "branch-tag", linkedBy, distance }, trace };
}

async function byCommit(search: Search, wanted: Eligibility, location: Location): Promise<BaselineSearch> {
  const { ancestry, forkPoint } = location;
  if (ancestry === undefined || forkPoint === undefined) {
    const why = location.noForkPoint ?? say`there is no fork point`;
    return {
      baseline: undefined,
      trace: [traceStep("commit-tag", say`No commit can link a run: ${why}.`, [])],
    };
  }
  const runs: RunRecord[] = [];
  for await (const page of pages(search, "")) {
    runs.push(...page);
    // Newest first, so nothing later can be nearer or newer than the fork point's own run.
    if (classify(page, wanted, ancestry, { commitRequired: true }).chosen?.distance === 0) break;
  }
  const { chosen, refused } = classify(runs, wanted, ancestry, { commitRequired: true });
  const capped = runs.length >= MOST_PAGES * PAGE_SIZE ? say` Only the newest ${runs.length} runs were looked at.` : [];
  const short = forkPoint.slice(0, 12);
  const summary =
    chosen === undefined
      ? say`None of ${runs.length} runs is an eligible record of ${short} or an ancestor${refusals(refused)}.${capped}`
      : say`Recorded at ${chosen.run.tags.get(TAG.gitCommit)?.slice(0, 12) ?? ""}${refusals(refused)}.${capped}`;
  const trace = [traceStep("commit-tag", summary, refused)];
  if (chosen === undefined) return { baseline: undefined, trace };
  const linkedBy =
    chosen.distance === 0
      ? say`recorded at the fork point, not promoted`
      : say`recorded at an ancestor of the fork point, not promoted`;
  const { run, distance } = chosen;
  return { baseline: { ...stored(run, search.reader), source: "commit-tag", linkedBy, distance }, trace };
}

/**
 * Pages of runs, newest first; the offset behind a page token moves when runs are added, so repeats are dropped. A page
 * of runs with very many metrics can be larger than what is read: then fewer runs are asked for.
 */
async function* pages({ reader, experimentIds }: Search, filter: string): AsyncGenerator<RunRecord[]> {
  const seen = new Set<string>();
  let pageToken: string | undefined;
  let maxResults = PAGE_SIZE;
  for (let asked = 0; asked < MOST_PAGES * PAGE_SIZE; asked += maxResults) {
    const search = { experimentIds, filter, orderBy: NEWEST_FIRST, pageToken };
    const page = await reader.searchRuns({ ...search, maxResults }).catch((error: unknown) => {
      if (!(error instanceof AnswerTooLargeError) || maxResults === 1) throw error;
      return undefined;
    });
    if (page === undefined) {
      maxResults = Math.ceil(maxResults / 4);
      continue;
    }
    const { runs, nextPageToken } = page;
    yield runs.filter(({ runId }) => !seen.has(runId));
    for (const { runId } of runs) seen.add(runId);
    if (nextPageToken === undefined || runs.length === 0) return;
    pageToken = nextPageToken;
  }
}

const REFUSAL_TEXT: Readonly<Record<RefusedRun["refusal"], string>> = {
  deleted: "deleted",
  unfinished: "not finished",
  failed: "failed or killed",
  "child-run": "child runs",
  "gate-candidate": "of the gate itself",
  "other-project": "of another project",
  "other-entry-point": "of another entry point",
  dirty: "from a dirty tree",
  "no-gating-metric": "without a gating metric",
  "no-commit": "without a commit",
  "not-an-ancestor": "not an ancestor",
  "other-branch": "of another branch",
  farther: "farther or older",
};

/** " (refused: 9 failed or killed, 201 without a commit)", nothing when no run was refused. */
function refusals(refused: readonly RefusedRun[]): Sentence {
  if (refused.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { refusal } of refused) {
    const text = REFUSAL_TEXT[refusal];
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [` (refused: ${[...counts].map(([text, count]) => `${count} ${text}`).join(", ")})`];
}

export function traceStep(source: BaselineSource, summary: Sentence, refused: readonly RefusedRun[]): TraceStep {
  return {
    source,
    summary: [...summary],
    refused: refused.slice(0, MOST_NAMED).map(({ runId, runName, refusal, detail }) => ({
      runId,
      runName,
      refusal,
      detail: [...detail],
    })),
    refusedCount: refused.length,
  };
}

/** What a person should know about the chosen baseline. */
export function baselineWarnings({ run, distance, source }: Baseline): Sentence[] {
  const warnings: Sentence[] = [];
  if (isDirty(run)) warnings.push(say`The baseline was recorded from a tree with uncommitted changes.`);
  const commit = run.tags.get(TAG.gitCommit);
  if (source !== "created" && commit === undefined) warnings.push(say`The baseline recorded no commit.`);
  if (source === "run-id" && commit !== undefined && distance === undefined) {
    warnings.push(say`The baseline's commit ${commit.slice(0, 12)} is not an ancestor of the fork point.`);
  }
  return warnings;
}

/** For a missing baseline: what was looked at, in one sentence. */
export function describeSearch(experiments: readonly Experiment[], trace: readonly TraceStep[]): Sentence {
  const where = experiments.length === 0 ? [] : say`Looked in ${list(experiments.map(({ name }) => name))}. `;
  return [...where, ...trace.flatMap(({ summary }, index) => (index === 0 ? summary : [" ", ...summary]))];
}
