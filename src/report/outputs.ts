import type { Outcome } from "../core/outcome.js";
import { worst } from "../core/outcome.js";
import { type Sentence, say } from "../core/sentence.js";
import { OUTCOME_WORDS, plainHeadline, projectHeadline } from "./headline.js";
import { bySeverity, isFailing, stateWord } from "./metric-table.js";
import { renderDelta, renderPair } from "./numbers.js";
import type { ProjectReport, Report } from "./report.js";
import { plainSentence } from "./untrusted.js";

/** Every output of the step, with its description for action.yml and the README. */
export const OUTPUTS = {
  outcome: "`reproduced`, `skipped`, `diverged`, `error`, `broken` or `inconclusive`.",
  reason: "Why, as one of the documented reasons; empty for `reproduced`.",
  headline: "One line with counts and no name from outside.",
  "baseline-run-id": "The MLflow run that had to be obtained again.",
  "candidate-run-id": "The MLflow run of this execution; empty when nothing was recorded on a lasting server.",
  "comment-url": "The pull-request comment, if one was written.",
  report: "Path of the JSON report.",
  "metrics-within": "Number of gating metrics within their tolerance.",
  "metrics-outside": "Number of gating metrics outside their tolerance or not finite.",
  "metrics-missing": "Number of gating metrics that this commit no longer logs.",
  "metrics-new": "Number of metrics that the baseline does not have.",
} as const;

export type OutputName = keyof typeof OUTPUTS;

/** The step's outputs: enumerations, numbers, IDs and our own words. */
export function toOutputs(report: Report, reportPath: string, commentUrl: string): Record<OutputName, string> {
  const sum = (pick: (counts: NonNullable<ProjectReport["counts"]>) => number) =>
    String(report.projects.reduce((total, { counts }) => total + (counts === null ? 0 : pick(counts)), 0));
  const only = report.projects.length === 1 ? report.projects[0] : undefined;
  return {
    outcome: report.outcome,
    reason: report.reason ?? "",
    headline: report.headline,
    "baseline-run-id": lastingId(only?.baseline),
    "candidate-run-id": lastingId(only?.candidate),
    "comment-url": commentUrl,
    report: reportPath,
    "metrics-within": sum(({ within }) => within),
    "metrics-outside": sum(({ outside, notFinite }) => outside + notFinite),
    "metrics-missing": sum(({ missing }) => missing),
    "metrics-new": sum((counts) => counts.new),
  };
}

/** A run that ended with the job has no ID that could be used. */
function lastingId(run: { readonly runId: string; readonly recorded: boolean } | null | undefined): string {
  return run?.recorded === true ? run.runId : "";
}

/** What the whole invocation came to: the worst project speaks for all. */
export function overall(projects: readonly ProjectReport[]): {
  readonly outcome: Outcome;
  readonly reason: ProjectReport["reason"];
  readonly headline: string;
} {
  const outcome = worst(projects.map((project) => project.outcome));
  const speaker = projects.find((project) => project.outcome === outcome);
  return {
    outcome,
    reason: speaker?.reason ?? null,
    headline: speaker === undefined ? "error: the gate ended before it decided" : plainHeadline(speaker),
  };
}

export interface Annotation {
  readonly level: "error" | "warning";
  readonly title: string;
  readonly message: string;
}

/** GitHub shows ten annotations of a step. */
const MOST_WARNINGS = 9;

/** One error when the job fails, and at most nine warnings. */
export function toAnnotations(report: Report): Annotation[] {
  const failing = report.projects.filter(({ outcome }) => outcome !== "reproduced" && outcome !== "skipped");
  const errors = failing.slice(0, 1).map(
    (project): Annotation => ({
      level: report.exitStatus === 0 ? "warning" : "error",
      title: `${OUTCOME_WORDS[project.outcome][1]}${project.reason === null ? "" : ` (${project.reason})`}`,
      message: plainSentence([...projectHeadline(project), ". ", ...project.sentence]),
    }),
  );
  const warnings = [...report.warnings, ...report.projects.flatMap((project) => project.warnings)].map(
    (warning): Annotation => ({ level: "warning", title: "repro-gate", message: plainSentence(warning) }),
  );
  return [...errors, ...warnings.slice(0, MOST_WARNINGS - (report.exitStatus === 0 ? errors.length : 0))];
}

const COLOURS = { green: 32, red: 31, yellow: 33, dim: 2, bold: 1 };

/** The report for a terminal. */
export function renderTerminal(report: Report, colour: boolean): string {
  const paint = (text: string, name: keyof typeof COLOURS) =>
    colour ? `\u001b[${COLOURS[name]}m${text}\u001b[0m` : text;
  return report.projects.map((project) => renderProject(report, project, paint)).join("\n\n");
}

function renderProject(
  report: Report,
  project: ProjectReport,
  paint: (text: string, colour: keyof typeof COLOURS) => string,
): string {
  const [, word] = OUTCOME_WORDS[project.outcome];
  const good = project.outcome === "reproduced" || project.outcome === "skipped";
  const title = paint(paint(word, "bold"), good ? "green" : project.outcome === "inconclusive" ? "yellow" : "red");
  const lines = [`${report.advisory ? "Advisory: " : ""}${title} — ${plainSentence(projectHeadline(project))}`];
  if (!good && project.outcome !== "diverged") lines.push(plainSentence(project.sentence));
  if (project.baseline !== null) {
    lines.push(
      paint(plainSentence(say`Baseline ${project.baseline.runId} (${project.baseline.linkedBy as Sentence})`), "dim"),
    );
  }
  lines.push(...table(project, paint));
  lines.push(...project.advice.map((step) => `→ ${plainSentence(step)}`));
  if (project.outcome === "broken" && project.log !== null) {
    lines.push(
      paint("Last lines of the training's log:", "dim"),
      ...project.log.tail.slice(-15).map((line) => paint(`  ${line}`, "dim")),
    );
  }
  return lines.join("\n");
}

function table(project: ProjectReport, paint: (text: string, colour: keyof typeof COLOURS) => string): string[] {
  const rows = [...project.metrics]
    .filter(({ state }) => state !== "ignored")
    .sort((a, b) => Number(isFailing(b)) - Number(isFailing(a)) || bySeverity(a, b));
  if (rows.length === 0) return [];
  const cells = rows.map((row) => {
    const [baseline, candidate] = renderPair(row.baseline, row.candidate);
    return {
      row,
      texts: [plainSentence([{ code: row.key }]), baseline, candidate, renderDelta(row.delta), stateWord(row)],
    };
  });
  const header = ["metric", "baseline", "this commit", "Δ", ""];
  const widths = header.map((text, column) =>
    Math.max(text.length, ...cells.map(({ texts }) => texts[column]?.length ?? 0)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, column) =>
        column === 0 || column === 4 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [
    paint(line(header), "dim"),
    ...cells.slice(0, 50).map(({ row, texts }) => (isFailing(row) ? paint(line(texts), "red") : line(texts))),
  ];
}
