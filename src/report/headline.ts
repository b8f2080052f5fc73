import { assertNever, type Outcome, type Reason } from "../core/outcome.js";
import { type Sentence, say } from "../core/sentence.js";
import type { ProjectReport } from "./report.js";

/** The outcome in words and as a sign; the words alone say all. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, readonly [string, string]>> = {
  reproduced: ["✅", "Reproduced"],
  diverged: ["❌", "Diverged"],
  broken: ["❌", "Broken"],
  error: ["⚠️", "Error"],
  inconclusive: ["⚪", "Not proven"],
  skipped: ["⚪", "Skipped"],
};

/** What happened to one project, in one sentence. */
export function projectHeadline(project: ProjectReport): Sentence {
  const name = say`${project.name}`;
  const { outcome } = project;
  switch (outcome) {
    case "reproduced":
      return say`${name}: ${[countWithin(project)]}`;
    case "diverged":
      return say`${name}: ${[countFailing(project)]}`;
    case "broken":
      return say`${name} did not run to completion: ${[REASON_WORDS[project.reason as Reason] ?? "it failed"]}`;
    case "error":
      return say`${name} could not be judged: ${[REASON_WORDS[project.reason as Reason] ?? "the gate failed"]}`;
    case "inconclusive":
      return say`${name}: ${[REASON_WORDS[project.reason as Reason] ?? "the evidence does not decide"]}`;
    case "skipped":
      return [REASON_WORDS[project.reason as Reason] ?? "there was nothing to do"];
    default:
      return assertNever(outcome);
  }
}

/** The same for the output `headline` and a commit's status: counts and our own words, never a name from outside. */
export function plainHeadline(project: ProjectReport): string {
  switch (project.outcome) {
    case "reproduced":
      return `reproduced: ${countWithin(project)}`;
    case "diverged":
      return `diverged: ${countFailing(project)}`;
    default:
      return `${OUTCOME_WORDS[project.outcome][1].toLowerCase()}: ${REASON_WORDS[project.reason as Reason] ?? project.outcome}`;
  }
}

function countWithin({ counts, metrics }: ProjectReport): string {
  const gating = metrics.filter(({ level, state }) => level === "fail" && state === "within");
  const equal = gating.every(({ baseline, candidate }) => baseline === candidate);
  const total = counts?.compared ?? 0;
  if (total === 1)
    return equal ? "the only gating metric equals the baseline" : "the only gating metric is within tolerance";
  return equal
    ? `${total} of ${total} metrics equal the baseline`
    : `${total} of ${total} metrics are within tolerance`;
}

function countFailing({ counts }: ProjectReport): string {
  if (counts === null) return "metrics deviate";
  const total = counts.compared + counts.missing;
  const part = (count: number, words: string) =>
    count === 0 ? [] : [`${count} of ${total} ${total === 1 ? "metric" : "metrics"} ${words}`];
  return [
    ...part(counts.outside, "moved out of tolerance"),
    ...part(counts.missing, "missing"),
    ...part(counts.notFinite, "not finite"),
  ].join(", ");
}

const REASON_WORDS: Readonly<Record<Reason, string>> = {
  configuration: "its configuration is wrong",
  "untrusted-event": "this event must not execute a change",
  "experiment-missing": "an experiment does not exist",
  "tracker-unreachable": "the tracking server cannot be reached",
  "tracker-refused": "the tracking server refuses",
  "tracker-answer": "the tracking server's answer cannot be used",
  "history-shallow": "the checkout does not hold the history",
  "commit-missing": "a commit is missing",
  "baseline-mutated": "the baseline changed meanwhile",
  "environment-manager-missing": "its environment manager is missing",
  "environment-unavailable": "its environment could not be fetched",
  cancelled: "the job was cancelled",
  internal: "the gate itself failed",
  "entry-point-failed": "its entry point failed",
  signalled: "its training was ended by a signal",
  timeout: "its deadline passed",
  "no-metrics": "it logged no metric",
  "environment-unsatisfiable": "its environment cannot be made",
  "data-missing": "its data are missing",
  "outside-tolerance": "metrics moved out of tolerance",
  "metric-missing": "metrics are missing",
  "not-finite": "metrics are not finite",
  "no-baseline": "there is no baseline yet",
  "parameters-incompatible": "its parameters do not fit the recorded ones",
  "parameters-unavailable": "a parameter has no value",
  "nothing-compared": "no metric was compared",
  "branch-deleted": "the branch was deleted",
};
