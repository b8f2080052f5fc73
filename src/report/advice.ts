import type { Reason } from "../core/outcome.js";
import { type Sentence, say } from "../core/sentence.js";
import type { ProjectReport } from "./report.js";

/** The command that shows the same at a desk. */
export const COMMAND = "npx github:OWNER/mlflow-repro-gate";

/** What to do about an outcome, as steps that can be copied. */
export function advise(project: ProjectReport): Sentence[] {
  const linked = project.linkedBranch ?? "the linked branch";
  const reason = project.reason as Reason | null;
  switch (reason) {
    case "outside-tolerance":
      return [
        say`Not intended? ${deskCommand(project)} shows it at your desk.`,
        intended(project, linked),
        say`Noise of the training? Give the metric a tolerance that covers it: ${"metrics"} in ${".github/repro-gate.yml"}.`,
      ];
    case "not-finite":
      return [
        say`No tolerance makes a value equal that is no number: find where it comes from. ${deskCommand(project)} shows it at your desk.`,
        ...(project.metrics.some(({ baseline, candidate }) => baseline === "NaN" && candidate === "NaN")
          ? [say`Is NaN on both sides as it should be? Say so in the metric's rule: ${"nan-equal: true"}.`]
          : []),
        intended(project, linked),
      ];
    case "metric-missing":
      return missingMetricAdvice(project);
    case "no-baseline":
      return [
        say`Name a run that is right: ${"baseline-run-id: <32 hexadecimal digits>"}.`,
        say`Or train on ${linked} from a clean commit and log to the experiment that is searched.`,
        ...(mayCreate(project)
          ? [say`Or let the gate make one from the fork point: ${"on-missing-baseline: create"}.`]
          : []),
      ];
    case "timeout":
      return [
        say`Does the training hang? Its last lines are below. If it takes this long, raise ${"timeout-minutes"}.`,
      ];
    case "nothing-compared":
      return [say`Look at the rules in force, in the table below: at least one metric must have the level ${"fail"}.`];
    case "entry-point-failed":
    case "signalled":
    case "no-metrics":
    case "environment-unsatisfiable":
      return [say`The last lines of the log are below; ${deskCommand(project)} shows it at your desk.`];
    default:
      return [];
  }
}

/** Creating a baseline is no advice where it was tried, or where there is nothing to make one from. */
function mayCreate({ onMissingBaseline, commit, forkPoint }: ProjectReport): boolean {
  return onMissingBaseline !== "create" && forkPoint !== null && forkPoint !== commit;
}

/** How a wanted change of the numbers becomes the record. */
function intended({ baseline }: ProjectReport, linked: string): Sentence {
  return baseline?.recorded === false
    ? say`Intended? Without a tracking server the fork point is the record: once merged, the new numbers are.`
    : say`Intended? Record a run of the new state as users train, at a commit of ${linked}, or name it by ${"baseline-run-id"}.`;
}

function missingMetricAdvice(project: ProjectReport): Sentence[] {
  const renamed = project.metrics.find(({ renamedTo }) => renamedTo !== null);
  const first = project.metrics.find(({ state }) => state === "missing");
  const guess =
    renamed?.renamedTo == null
      ? []
      : [
          say`Was ${renamed.key} renamed to ${renamed.renamedTo}? Log it under its recorded name, or record a new baseline.`,
        ];
  return [
    ...guess,
    say`No longer wanted? Give it a rule of level ignore: ${`{ match: "${first?.key ?? ""}", level: ignore }`}.`,
  ];
}

/** How to run the same check at a desk; `pinned` also names the very baseline. */
export function deskCommand(project: ProjectReport, pinned = false): string {
  const { linkedBranch } = project;
  const named = project.path === "" ? "" : ` --project ${shellWord(project.path)}`;
  const base =
    linkedBranch === null || linkedBranch === "" || project.commit === project.forkPoint
      ? ""
      : ` --base ${shellWord(linkedBranch)}`;
  const runId = !pinned || project.baseline?.recorded !== true ? "" : ` --baseline-run-id ${project.baseline.runId}`;
  return `${COMMAND} check${named}${base}${runId}`;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}
