import type { Trigger } from "../config/event.js";
import { TAG } from "../core/run.js";
import type { CheckRequest } from "./check.js";

/** The name of a run of the gate: "repro-gate/pr-12/1a2b3c4", or the branch instead of the pull request. */
export function candidateName(trigger: Trigger, branch: string, commit: string): string {
  return runName(trigger.kind === "pull-request" ? `pr-${trigger.number}` : branch, commit);
}

export function runName(place: string, commit: string): string {
  return `repro-gate/${place || "HEAD"}/${commit.slice(0, 7)}`;
}

/** Where a run comes from: MLflow writes none of these tags onto a run that it did not create itself. */
export function sourceTags(
  { repositoryUrl, tags, trigger }: CheckRequest,
  commit: string,
  branch: string,
  path: string,
): Map<string, string> {
  const source = repositoryUrl ?? "file://repository";
  const result = new Map([
    ...tags,
    [TAG.sourceName, path === "" ? source : `${source}#${path}`],
    [TAG.gitCommit, commit],
  ]);
  if (branch !== "") result.set(TAG.gitBranch, branch).set(TAG.branch, branch);
  if (repositoryUrl !== undefined) result.set(TAG.gitRepoUrl, repositoryUrl);
  if (trigger.kind === "pull-request") result.set(TAG.pullRequest, String(trigger.number));
  return result;
}
