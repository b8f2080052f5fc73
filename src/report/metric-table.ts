import { renderAllowed, renderDelta, renderPair, renderPercent } from "./numbers.js";
import type { MetricRow } from "./report.js";
import { cell, codeSpan } from "./untrusted.js";

/** Whether a row speaks against the candidate. */
export function isFailing({ level, state }: MetricRow): boolean {
  return level === "fail" && isDeviating({ state });
}

export function isDeviating({ state }: Pick<MetricRow, "state">): boolean {
  return state === "outside" || state === "missing" || state === "not-finite";
}

/** The largest deviations first, in units of what was allowed; missing ones before all. */
export function bySeverity(a: MetricRow, b: MetricRow): number {
  return severity(b) - severity(a) || (a.key < b.key ? -1 : 1);
}

function severity({ state, delta, allowed }: MetricRow): number {
  if (state === "missing" || typeof delta !== "number") return Number.POSITIVE_INFINITY;
  return typeof allowed === "number" && allowed > 0
    ? Math.abs(delta) / allowed
    : Math.abs(delta) * Number.MAX_SAFE_INTEGER;
}

/** The verdict on one metric, in words. */
export function stateWord({ state, level, baseline, candidate, renamedTo }: MetricRow): string {
  const word =
    state === "within" ? (baseline === candidate ? "equal" : "within") : state === "not-finite" ? "not finite" : state;
  if (state === "missing" && renamedTo !== null) return "missing, renamed?";
  return level === "warn" && isDeviating({ state }) ? `${word} (only warns)` : word;
}

/** "both sides" needs no word. */
function allowedText(row: MetricRow): string {
  if (row.state === "ignored" || row.allowed === null) return "–";
  const bound = renderAllowed(row.allowed);
  if (row.direction === "higher-is-better") return bound.replace("±", "−");
  return row.direction === "lower-is-better" ? bound.replace("±", "+") : bound;
}

/** The table of metrics in GitHub's markdown. */
export function renderMetricTable(rows: readonly MetricRow[]): string {
  const lines = rows.map((row) => {
    const [baseline, candidate] = renderPair(row.baseline, row.candidate);
    const percent = renderPercent(row.relativeDelta);
    const delta = percent === "" ? renderDelta(row.delta) : `${renderDelta(row.delta)} (${percent})`;
    const failing = isFailing(row);
    const bold = (text: string) => (failing ? `**${text}**` : text);
    const cells = [bold(codeSpan(row.key)), baseline, bold(candidate), delta, allowedText(row), bold(stateWord(row))];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  return ["| Metric | Baseline | This commit | Δ | Allowed | |", "|---|--:|--:|--:|--:|---|", ...lines].join("\n");
}
