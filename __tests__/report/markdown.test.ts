import { describe, expect, it } from "vitest";
import { REASONS } from "../../src/core/outcome.js";
import { say } from "../../src/core/sentence.js";
import type { Verdict } from "../../src/core/verdict.js";
import { COMMENT_BYTES, renderMarkdown } from "../../src/report/markdown.js";
import { renderTerminal, toAnnotations, toOutputs } from "../../src/report/outputs.js";
import { reportSchema } from "../../src/report/report.js";
import { compared, KNOWN, RULER, reportOf, WINE } from "../support/reports.js";

const NOT_EXECUTED = { candidate: null, log: null };
const BEFORE_BASELINE = { ...NOT_EXECUTED, baseline: null, parameters: null };
const TRACEBACK = { tail: ["Traceback (most recent call last):", "FileNotFoundError: data.csv"], droppedBytes: 0 };

const verdict = (
  outcome: string,
  reason: string,
  sentence = say`What was expected, and what was found: ${"a value"}.`,
) => ({ outcome, reason, sentence }) as Verdict;

/** One report per outcome and reason: what people read stands in golden/. */
const CASES: readonly (readonly [string, ReturnType<typeof reportOf>])[] = [
  ["reproduced", reportOf(compared(WINE, WINE))],
  ["reproduced-within", reportOf(compared(WINE, { ...WINE, mae: 0.6271044635747 }, { ...RULER, rules: [] }))],
  [
    "diverged.outside-tolerance",
    reportOf(compared({ ...WINE, rows: 3428 }, { ...WINE, mae: 0.654871, r2: 0.139427, rows: 3428 })),
  ],
  ["diverged.metric-missing", reportOf(compared({ ...WINE, acc: 0.5 }, { ...WINE, accuracy: 0.5 }))],
  ["diverged.not-finite", reportOf(compared(WINE, { ...WINE, mae: Number.NaN }))],
  ["inconclusive.nothing-compared", reportOf(compared({ "system/cpu": 1 }, { "system/cpu": 2 }))],
  ...REASONS.inconclusive
    .filter((reason) => reason !== "nothing-compared")
    .map(
      (reason) =>
        [
          `inconclusive.${reason}`,
          reportOf(verdict("inconclusive", reason), { ...KNOWN, ...BEFORE_BASELINE }),
        ] as const,
    ),
  ...REASONS.broken.map(
    (reason) => [`broken.${reason}`, reportOf(verdict("broken", reason), { ...KNOWN, log: TRACEBACK })] as const,
  ),
  ...REASONS.error.map(
    (reason) =>
      [`error.${reason}`, reportOf(verdict("error", reason), { ...KNOWN, ...BEFORE_BASELINE, trace: [] })] as const,
  ),
  ...REASONS.skipped.map(
    (reason) => [`skipped.${reason}`, reportOf(verdict("skipped", reason), { name: "project", commit: null })] as const,
  ),
  ["advisory", reportOf(compared(WINE, { ...WINE, mae: 0.7 }), KNOWN, { advisory: true, exitStatus: 0 })],
  [
    "warnings",
    reportOf(compared(WINE, WINE), {
      ...KNOWN,
      warnings: [["This change edits ", { code: ".github/workflows" }, ", which can change how it is judged."]],
      parameters: {
        passed: [{ name: "depth", value: "3", origin: "configuration", recorded: "2" }],
        undeclared: ["ccp_alpha"],
        changedDefaults: [{ name: "leaves", before: "32", now: "16", used: false }],
      },
    }),
  ],
];

describe("the comment", () => {
  it.each(CASES)("for %s reads as its golden file", async (name, report) => {
    await expect(renderMarkdown(report, COMMENT_BYTES)).toMatchFileSnapshot(`../golden/${name}.md`);
  });

  it("has a case for every outcome and reason", () => {
    const names = new Set(CASES.map(([, report]) => `${report.outcome}.${report.reason ?? ""}`));
    const wanted = Object.entries(REASONS).flatMap(([outcome, reasons]) =>
      reasons.map((reason) => `${outcome}.${reason}`),
    );
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
  });

  it.each(CASES)("for %s comes from a report that its schema allows, and survives JSON", (_, report) => {
    const json: unknown = JSON.parse(JSON.stringify(report));
    expect(reportSchema.parse(json)).toEqual(report);
  });

  it("is rendered with less when it is too long, and keeps the headline and the worst metrics", () => {
    const many = (offset: number) =>
      Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`metric_${index}`, index + 1 + offset]));
    const report = reportOf(compared(many(0), many(0.5)));
    const text = renderMarkdown(report, COMMENT_BYTES);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(COMMENT_BYTES);
    expect(text).toContain("### ❌ Diverged — `wine-quality`: 3000 of 3000 metrics moved out of tolerance");
    // The smallest baseline has the largest deviation in units of its allowance.
    expect(text).toContain("**`metric_0`**");
    expect(text.trimEnd().endsWith("</sub>")).toBe(true);
  });

  it("keeps every text from outside in a code span", () => {
    const hostile = "x`|<img src=x>@you\n# head";
    const report = reportOf(compared({ [hostile]: 1 }, { [hostile]: 2 }), { ...KNOWN, name: hostile });
    const text = renderMarkdown(report, COMMENT_BYTES);
    expect(text.split("\n").filter((line) => line.startsWith("# "))).toEqual([]);
    expect(text).toContain("``x`|<img src=x>@you\\u{a}# head``: the only metric".slice(0, 30));
    expect(text).toContain("| **``x`\\|<img src=x>@you\\u{a}# head``** |");
  });
});

describe("the step", () => {
  it("has outputs of enumerations, counts and IDs", () => {
    const report = reportOf(compared({ ...WINE, acc: 0.5 }, { ...WINE, mae: 0.7 }));
    expect(toOutputs(report, "/tmp/report.json", "https://github.com/owner/wine/pull/12#issuecomment-1")).toEqual({
      outcome: "diverged",
      reason: "outside-tolerance",
      headline: "diverged: 1 of 4 metrics moved out of tolerance, 1 of 4 metrics missing",
      "baseline-run-id": "e89ed4760d7f4a5f8b1c2d3e4f506172",
      "candidate-run-id": "9346259c0d7f4a5f8b1c2d3e4f506172",
      "comment-url": "https://github.com/owner/wine/pull/12#issuecomment-1",
      report: "/tmp/report.json",
      "metrics-within": "2",
      "metrics-outside": "1",
      "metrics-missing": "1",
      "metrics-new": "0",
    });
  });

  it("has a headline without any name from outside", () => {
    for (const [, report] of CASES) expect(report.headline).not.toContain("wine");
  });

  it("annotates one error and at most nine warnings", () => {
    const warnings = Array.from({ length: 20 }, (_, index) => [`warning ${index}`]);
    const annotations = toAnnotations(reportOf(compared(WINE, { ...WINE, mae: 1 }), { ...KNOWN, warnings }));
    expect(annotations.filter(({ level }) => level === "error")).toHaveLength(1);
    expect(annotations.filter(({ level }) => level === "warning")).toHaveLength(9);
  });

  it("annotates no error when the gate only advises", () => {
    const annotations = toAnnotations(
      reportOf(compared(WINE, { ...WINE, mae: 1 }), KNOWN, { advisory: true, exitStatus: 0 }),
    );
    expect(annotations.map(({ level }) => level)).toEqual(["warning"]);
  });
});

describe("the terminal", () => {
  it.each(CASES.filter(([name]) => /^(?:reproduced|diverged|broken\.timeout|inconclusive\.no-baseline)/.test(name)))(
    "for %s reads as its golden file",
    async (name, report) => {
      await expect(`${renderTerminal(report, false)}\n`).toMatchFileSnapshot(`../golden/terminal.${name}.txt`);
    },
  );

  it("prints colour only when asked", () => {
    const report = reportOf(compared(WINE, WINE));
    expect(renderTerminal(report, true)).toContain("\u001b[32m");
    expect(renderTerminal(report, false)).not.toContain("\u001b");
  });
});
