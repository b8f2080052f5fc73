import { isTerminal, type RunRecord, TAG } from "./run.js";
import { selectRule } from "./select-rule.js";
import { type Sentence, say } from "./sentence.js";
import type { Ruler } from "./tolerance.js";

/** Where a baseline came from, in the order in which the sources are asked. */
export type BaselineSource = "run-id" | "branch-tag" | "commit-tag" | "created";

/** Commit → number of commits between it and the fork point (0 for the fork point itself). */
export type Ancestry = ReadonlyMap<string, number>;

/** What a run must be like to count as the record of the project under test. */
export interface Eligibility {
  readonly ruler: Ruler;
  /** Folder of the MLproject, relative to the repository, "" for its root. */
  readonly projectPath: string;
  readonly entryPoint: string;
  readonly refuseDirty: boolean;
}

/** A run that was looked at, and why it was not taken. */
export interface RefusedRun {
  readonly runId: string;
  readonly runName: string;
  readonly refusal: Refusal;
  readonly detail: Sentence;
}

export type Refusal =
  | "deleted"
  | "unfinished"
  | "failed"
  | "child-run"
  | "gate-candidate"
  | "other-project"
  | "other-entry-point"
  | "dirty"
  | "no-gating-metric"
  | "no-commit"
  | "not-an-ancestor"
  | "other-branch"
  | "farther";

export interface Candidate {
  readonly run: RunRecord;
  /** Distance of its commit from the fork point; undefined when the run recorded no commit. */
  readonly distance: number | undefined;
}

/**
 * Why a run cannot be a baseline at all, or undefined. A run that the user named is exempt from the checks that only
 * guess whether a run belongs (`named`).
 */
export function refuse(run: RunRecord, wanted: Eligibility, named: boolean): RefusedRun | undefined {
  const refused = (refusal: Refusal, detail: Sentence): RefusedRun => ({
    runId: run.runId,
    runName: run.runName,
    refusal,
    detail,
  });
  const tag = (key: string) => run.tags.get(key);

  if (!run.active) return refused("deleted", say`it is deleted`);
  if (!isTerminal(run.status)) return refused("unfinished", say`its status is ${run.status}`);
  if (run.status !== "FINISHED") return refused("failed", say`its status is ${run.status}`);
  if (wanted.refuseDirty && isDirty(run)) {
    return refused("dirty", say`it was recorded from a dirty tree, which ${"dirty-baseline: refuse"} excludes`);
  }
  if (!named) {
    if (tag(TAG.parentRunId) !== undefined) {
      return refused("child-run", say`it is a child of run ${tag(TAG.parentRunId) ?? ""}`);
    }
    const role = tag(TAG.role);
    if (role !== undefined && role !== "baseline") {
      return refused("gate-candidate", say`it is a ${role} of the gate that nobody promoted`);
    }
    const folder = recordedProjectPath(run);
    if (folder !== undefined && folder !== wanted.projectPath) {
      return refused("other-project", say`it belongs to the project folder ${folder === "" ? "." : folder}`);
    }
    const entryPoint = tag(TAG.entryPoint);
    if (entryPoint !== undefined && entryPoint !== wanted.entryPoint) {
      return refused("other-entry-point", say`its entry point is ${entryPoint}`);
    }
  }
  if (![...run.metrics.keys()].some((key) => selectRule(key, wanted.ruler).rule.level === "fail")) {
    return refused(
      "no-gating-metric",
      run.metrics.size === 0 ? say`it has no metric` : say`none of its ${run.metrics.size} metrics gates`,
    );
  }
  return undefined;
}

/** Whether the run says that its tree had uncommitted changes. MLflow itself records nothing about it. */
export function isDirty(run: RunRecord): boolean {
  return run.tags.get(TAG.gitDirty)?.toLowerCase() === "true";
}

/**
 * The project's folder inside its repository as MLflow recorded it in `mlflow.source.name`, "" for the root, or
 * undefined when the tag does not tell (a script, or a folder outside git).
 */
export function recordedProjectPath(run: RunRecord): string | undefined {
  const name = run.tags.get(TAG.sourceName);
  if (name === undefined || run.tags.get(TAG.sourceType) !== "PROJECT") return undefined;
  const hash = name.indexOf("#");
  if (hash >= 0) return trimSlashes(name.slice(hash + 1));
  // Without "#" a URI names the repository's root; a bare path was no part of a repository, so it tells nothing.
  return /^[a-z][a-z0-9+.-]+:|^[^/]+@[^/]+:/i.test(name) ? "" : undefined;
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}

/** The branches that a run says it was recorded on, by any of the tags that are in use. */
export function recordedBranches(run: RunRecord, branchTag: string | undefined): string[] {
  return branchTagKeys(branchTag).flatMap((key) => run.tags.get(key) ?? []);
}

/** Tags that can hold a branch name, the configured one first. */
export function branchTagKeys(branchTag: string | undefined): string[] {
  const keys = [TAG.gitBranch, TAG.gitBranchOld, TAG.branch];
  return [...new Set(branchTag === undefined ? keys : [branchTag, ...keys])];
}

export interface Classification {
  readonly chosen: Candidate | undefined;
  readonly refused: readonly RefusedRun[];
}

/**
 * Chooses among the runs of one source: eligible ones only, nearest commit first (runs without a commit last, and
 * only where `commitRequired` is false), then the newest start, then the smallest run ID. Every other run is in
 * `refused` with its reason; a run that appears twice counts once.
 *
 * @param ancestry the fork point and its ancestors; undefined when there is no fork point
 */
export function classify(
  runs: Iterable<RunRecord>,
  wanted: Eligibility,
  ancestry: Ancestry | undefined,
  options: { readonly commitRequired: boolean; readonly branch?: string; readonly branchTag?: string | undefined },
): Classification {
  const unique = new Map([...runs].map((run) => [run.runId, run]));
  const eligible: Candidate[] = [];
  const refused: RefusedRun[] = [];
  for (const run of unique.values()) {
    const placed = place(run, wanted, ancestry, options);
    if ("refusal" in placed) refused.push(placed);
    else eligible.push(placed);
  }
  eligible.sort(byPreference);
  const [chosen, ...others] = eligible;
  for (const { run } of others) {
    refused.push({ runId: run.runId, runName: run.runName, refusal: "farther", detail: say`another run is preferred` });
  }
  return { chosen, refused };
}

function place(
  run: RunRecord,
  wanted: Eligibility,
  ancestry: Ancestry | undefined,
  options: { readonly commitRequired: boolean; readonly branch?: string; readonly branchTag?: string | undefined },
): Candidate | RefusedRun {
  const refusal = refuse(run, wanted, false);
  if (refusal !== undefined) return refusal;
  const refused = (reason: Refusal, detail: Sentence): RefusedRun => ({
    runId: run.runId,
    runName: run.runName,
    refusal: reason,
    detail,
  });
  // Filters of the server fold case on some databases and cannot quote every name, so equality is checked here.
  if (options.branch !== undefined && !recordedBranches(run, options.branchTag).includes(options.branch)) {
    return refused("other-branch", say`it was not recorded on ${options.branch}`);
  }
  const commit = run.tags.get(TAG.gitCommit);
  if (commit === undefined || commit === "") {
    return options.commitRequired ? refused("no-commit", say`it has no commit`) : { run, distance: undefined };
  }
  const distance = ancestry?.get(commit);
  if (distance === undefined) {
    return refused("not-an-ancestor", say`its commit ${commit.slice(0, 12)} is not an ancestor of the fork point`);
  }
  return { run, distance };
}

/** Orders eligible runs, the preferred one first. */
export function byPreference(a: Candidate, b: Candidate): number {
  const distance = (candidate: Candidate) => candidate.distance ?? Number.POSITIVE_INFINITY;
  if (distance(a) !== distance(b)) return distance(a) - distance(b);
  if (a.run.startTime !== b.run.startTime) return b.run.startTime - a.run.startTime;
  return a.run.runId < b.run.runId ? -1 : 1;
}
