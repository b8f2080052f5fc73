import { type Sentence, say } from "../core/sentence.js";
import { utf8Length } from "../core/utf8.js";
import { deskCommand } from "./advice.js";
import { formatAge } from "./age.js";
import { OUTCOME_WORDS, projectHeadline } from "./headline.js";
import { bySeverity, isDeviating, isFailing, renderMetricTable } from "./metric-table.js";
import type { MetricRow, ProjectReport, Report } from "./report.js";
import { cell, codeBlock, codeSpan, renderSentence } from "./untrusted.js";

/** GitHub refuses a comment of more than 65,536 characters or bytes; which is unsettled. */
export const COMMENT_BYTES = 60_000;
/** A summary of more than 1 MiB is not shown at all. */
export const SUMMARY_BYTES = 900 * 1024;

/** How much is shown; a report that is too long is rendered again with less, never cut. */
interface Detail {
  readonly rows: number;
  readonly collapsedRows: number;
  readonly logLines: number;
  readonly refusedRuns: number;
}

const DETAILS: readonly Detail[] = [
  { rows: 50, collapsedRows: 10_000, logLines: 40, refusedRuns: 20 },
  { rows: 50, collapsedRows: 200, logLines: 40, refusedRuns: 10 },
  { rows: 30, collapsedRows: 0, logLines: 15, refusedRuns: 0 },
  { rows: 10, collapsedRows: 0, logLines: 0, refusedRuns: 0 },
  { rows: 3, collapsedRows: 0, logLines: 0, refusedRuns: 0 },
];

/** The report as GitHub's markdown, at most `bytes` long in UTF-8. */
export function renderMarkdown(report: Report, bytes: number): string {
  for (const detail of DETAILS) {
    const text = renderReport(report, detail);
    if (utf8Length(text) <= bytes) return text;
  }
  return `${report.projects.map((project) => heading(report, project)).join("\n\n")}\n\n${footer(report)}\n`.slice(
    0,
    Math.floor(bytes / 4),
  );
}

function renderReport(report: Report, detail: Detail): string {
  const sections = report.projects.map((project) => renderProject(report, project, detail));
  const warnings = report.warnings.map((warning) => `⚠️ ${renderSentence(warning)}`);
  return `${[...sections, ...warnings, footer(report)].filter((part) => part !== "").join("\n\n")}\n`;
}

function renderProject(report: Report, project: ProjectReport, detail: Detail): string {
  const shown = rowsThatMatter(project).slice(0, detail.rows);
  const hidden = project.metrics.filter((row) => !shown.includes(row));
  return [
    heading(report, project),
    project.warnings.map((warning) => `⚠️ ${renderSentence(warning)}`).join("\n\n"),
    project.outcome === "reproduced" || project.outcome === "diverged" ? "" : renderSentence(project.sentence),
    shown.length === 0 ? "" : renderMetricTable(shown),
    countLine(project, shown.length, hidden.length),
    baselineLine(report, project),
    whatToDo(project),
    hiddenRows(hidden, detail.collapsedRows),
    decision(report, project, detail),
    logTail(project, detail.logLines),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function heading(report: Report, project: ProjectReport): string {
  const [sign, word] = OUTCOME_WORDS[project.outcome];
  const advisory = report.advisory ? "Advisory: " : "";
  return `### ${sign} ${advisory}${word} — ${renderSentence(projectHeadline(project))}`;
}

/** Failing rows first; when nothing fails, every row that was compared. */
function rowsThatMatter({ metrics }: ProjectReport): MetricRow[] {
  const failing = metrics.filter(isFailing).sort(bySeverity);
  const deviating = metrics.filter((row) => isDeviating(row) && !isFailing(row)).sort(bySeverity);
  const fresh = metrics.filter(({ state }) => state === "new");
  if (failing.length > 0) return [...failing, ...deviating, ...fresh];
  return [...deviating, ...metrics.filter(({ state }) => state === "within"), ...fresh];
}

function countLine({ counts }: ProjectReport, shown: number, hidden: number): string {
  if (counts === null || hidden === 0 || shown === 0) return "";
  const part = (count: number, word: string) => (count === 0 ? [] : [`${count} ${word}`]);
  return [
    ...part(counts.outside, "outside"),
    ...part(counts.missing, "missing"),
    ...part(counts.notFinite, "not finite"),
    ...part(counts.within, "within"),
    ...part(counts.new, "new"),
    ...part(counts.warned, "of level warn deviate"),
    ...part(counts.ignored, "ignored"),
  ].join(" · ");
}

function baselineLine(report: Report, project: ProjectReport): string {
  const { baseline, candidate, commit } = project;
  if (baseline === null) return "";
  const facts: Sentence[] = [baseline.linkedBy];
  if (baseline.ageDays !== null && baseline.source !== "created")
    facts.push([`trained ${formatAge(baseline.ageDays)}`]);
  if (baseline.distance !== null && baseline.distance > 0) {
    facts.push([`${baseline.distance} ${baseline.distance === 1 ? "commit" : "commits"} back`]);
  }
  const seconds = candidate?.seconds;
  const executed =
    commit === null || candidate === null
      ? ""
      : ` · re-executed ${commitLink(report, commit)}${seconds == null ? "" : ` in ${Math.round(seconds)} s`}`;
  const at = baseline.commit === null ? "" : ` at ${commitLink(report, baseline.commit)}`;
  return `Baseline ${runLink(baseline)}${at} · ${facts.map(renderSentence).join(", ")}${executed}`;
}

function whatToDo({ advice }: ProjectReport): string {
  if (advice.length === 0) return "";
  return `**What to do**\n${advice.map((step) => `- ${renderSentence(step)}`).join("\n")}`;
}

function hiddenRows(rows: readonly MetricRow[], most: number): string {
  if (rows.length === 0 || most === 0) return "";
  const left = rows.length - most;
  const note = left > 0 ? `\n\n${left} more are in the JSON report.` : "";
  return details(
    `${rows.length} more ${rows.length === 1 ? "metric" : "metrics"}`,
    renderMetricTable(rows.slice(0, most)) + note,
  );
}

/** Everything that a doubting reader wants to check. */
function decision(report: Report, project: ProjectReport, detail: Detail): string {
  const parts = [
    sidesTable(report, project),
    parameterNotes(project),
    rules(project),
    trace(project, detail.refusedRuns),
    project.commit === null
      ? ""
      : `Again at your desk, at ${commitLink(report, project.commit)}: ${codeSpan(deskCommand(project, true), 500)}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : details("How this was decided", parts.join("\n\n"));
}

function sidesTable(
  report: Report,
  { baseline, candidate, forkPoint, entryPoint, environmentManager }: ProjectReport,
): string {
  if (baseline === null) return "";
  const compare = compareLink(report, baseline, candidate);
  const rows: [string, string, string][] = [
    ["Run", runLink(baseline), candidate === null ? "–" : `${runLink(candidate)}${compare}`],
    ["Status", codeSpan(baseline.status), candidate === null ? "–" : codeSpan(candidate.status)],
    [
      "Commit",
      baseline.commit === null ? "not recorded" : commitLink(report, baseline.commit),
      candidate?.commit == null ? "–" : commitLink(report, candidate.commit),
    ],
    ["Recorded", baseline.startTime ?? "not recorded", candidate?.startTime ?? "–"],
  ];
  const facts = [
    ...(entryPoint === null ? [] : [`Entry point ${codeSpan(entryPoint)}`]),
    ...(environmentManager === null
      ? []
      : [
          `environment by ${codeSpan(environmentManager)}${environmentManager === "local" ? ", which is not isolated" : ""}`,
        ]),
    ...(forkPoint === null ? [] : [`fork point ${commitLink(report, forkPoint)}`]),
  ];
  const table = rows.map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
  return `| | Baseline | This commit |\n|---|---|---|\n${table}\n\n${facts.join(" · ")}`;
}

function parameterNotes({ parameters }: ProjectReport): string {
  if (parameters === null) return "";
  const { passed, undeclared, changedDefaults } = parameters;
  const lines: string[] = [];
  if (passed.length > 0) {
    const shown = passed.slice(0, 30).map(({ name, value, origin, recorded }) => {
      const source =
        origin === "baseline"
          ? ""
          : ` (${origin}${recorded === null ? "" : `, the baseline's is ${codeSpan(recorded, 60)}`})`;
      return `${codeSpan(`${name}=${value}`, 80)}${source}`;
    });
    lines.push(`Parameters: ${shown.join(", ")}${passed.length > 30 ? ` and ${passed.length - 30} more` : ""}`);
  }
  if (undeclared.length > 0) {
    lines.push(
      `Recorded but not declared by the entry point, hence not passed: ${undeclared
        .slice(0, 20)
        .map((name) => codeSpan(name))
        .join(", ")}`,
    );
  }
  for (const { name, before, now, used } of changedDefaults) {
    const value = (text: string | null) => (text === null ? "none" : codeSpan(text, 60));
    const effect = used ? "and is what ran" : "but the recorded value was passed";
    lines.push(
      `The default of ${codeSpan(name)} is ${value(now)} here and ${value(before)} at the fork point, ${effect}.`,
    );
  }
  return lines.join("\n\n");
}

/** The rules in force, each once, with what it decided about. */
function rules({ metrics }: ProjectReport): string {
  if (metrics.length === 0) return "";
  const groups = new Map<string, string[]>();
  for (const { key, rule, match, ruleOrigin } of metrics) {
    const name = `${codeSpan(rule)}${match === null ? "" : ` for ${codeSpan(match)}`} (${renderSentence(say`${ruleOrigin}`)})`;
    groups.set(name, [...(groups.get(name) ?? []), key]);
  }
  const lines = [...groups].map(([name, keys]) => {
    const shown = keys.slice(0, 8).map((key) => codeSpan(key));
    return `- ${name}: ${shown.join(", ")}${keys.length > 8 ? ` and ${keys.length - 8} more` : ""}`;
  });
  return `Rules:\n${lines.join("\n")}`;
}

function trace(project: ProjectReport, mostRuns: number): string {
  if (project.trace.length === 0) return "";
  const lines = project.trace.flatMap(({ summary, refused, refusedCount }) => {
    const named = refused
      .slice(0, mostRuns)
      .map(
        ({ runId, runName, detail }) =>
          `  - ${codeSpan(runId)} ${runName === "" ? "" : `${codeSpan(runName, 60)} `}refused: ${renderSentence(detail)}`,
      );
    const more = refusedCount - named.length;
    return [
      `- ${renderSentence(summary)}`,
      ...named,
      ...(more > 0 && named.length > 0 ? [`  - and ${more} more`] : []),
    ];
  });
  return `Choice of the baseline:\n${lines.join("\n")}`;
}

function logTail({ log, outcome }: ProjectReport, lines: number): string {
  if (log === null || log.tail.length === 0 || lines === 0 || outcome === "reproduced") return "";
  const tail = log.tail.slice(-lines);
  const title = `Last ${tail.length} ${tail.length === 1 ? "line" : "lines"} of the training's log`;
  return details(title, codeBlock(tail), outcome === "broken");
}

function footer({ tool, workflowRun }: Report): string {
  const url = safeUrl(workflowRun?.url ?? null);
  return `<sub>repro-gate ${tool.version}${url === undefined ? "" : ` · <a href="${url}">workflow run</a>`}</sub>`;
}

/** A collapsed part; the title is ours, since nothing from outside may stand in a `<summary>`. */
function details(title: string, body: string, open = false): string {
  return `<details${open ? " open" : ""}><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

function runLink({ runId, url }: { readonly runId: string; readonly url: string | null }): string {
  return link(codeSpan(runId.slice(0, 8)), url);
}

function commitLink({ repositoryUrl }: Report, commit: string): string {
  const known = repositoryUrl !== null && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit);
  return link(codeSpan(commit.slice(0, 7)), known ? `${repositoryUrl}/commit/${commit}` : null);
}

function compareLink(
  { trackingUri }: Report,
  baseline: NonNullable<ProjectReport["baseline"]>,
  candidate: ProjectReport["candidate"],
): string {
  if (trackingUri === null || candidate === null || candidate.url === null) return "";
  const list = (values: readonly string[]) => encodeURIComponent(JSON.stringify([...new Set(values)]));
  const runs = list([baseline.runId, candidate.runId]);
  const experiments = list([baseline.experimentId, candidate.experimentId]);
  return ` · ${link("compare in MLflow", `${trackingUri}/#/compare-runs?runs=${runs}&experiments=${experiments}`)}`;
}

function link(text: string, url: string | null): string {
  const safe = safeUrl(url);
  return safe === undefined ? text : `[${text}](${safe})`;
}

/** An address without anything that could end a link or an attribute; undefined when it has such. */
function safeUrl(url: string | null): string | undefined {
  return url !== null && /^https?:\/\/[\w.~:/?#@!$&*+,;=%[\]-]+$/.test(url)
    ? url.replaceAll("[", "%5B").replaceAll("]", "%5D")
    : undefined;
}
