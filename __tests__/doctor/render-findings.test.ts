import { describe, expect, it } from "vitest";
import { say } from "../../src/core/sentence.js";
import { Findings } from "../../src/doctor/finding.js";
import { findingsToJson, renderFindings } from "../../src/doctor/render-findings.js";

function sample() {
  const data = new Findings("data");
  data.problem(say`${"data/\u001b[31mwine.csv"} is not tracked by git.`, say`Commit it.`);
  const tracking = new Findings("tracking");
  tracking.warning(say`The password ${"hunter22"} is odd.`);
  tracking.ok(say`It answers.`);
  return [...data.found, ...tracking.found];
}

const PLAIN = { colour: false, columns: undefined };

describe("renderFindings", () => {
  it("puts what has to be done last, and counts", () => {
    expect(renderFindings(sample(), ["hunter22"], PLAIN)).toBe(
      [
        "✓ tracking  It answers.",
        "! tracking  The password *** is odd.",
        "✗ data      data/\\u{1b}[31mwine.csv is not tracked by git.",
        "            → Commit it.",
        "",
        "✗ 1 problem, 1 warning, 1 in order.",
      ].join("\n"),
    );
  });

  it("says so when nothing is wrong", () => {
    const findings = new Findings("git");
    findings.ok(say`fine`);
    expect(renderFindings(findings.found, [], PLAIN)).toMatch(/\n✓ 0 problems, 0 warnings, 1 in order\.$/);
  });

  it("paints marks and the last line", () => {
    const text = renderFindings(sample(), [], { colour: true, columns: undefined });
    expect(text).toContain("\u001b[31m✗\u001b[0m");
    expect(text.split("\n").at(-1)).toBe("\u001b[31m✗ 1 problem, 1 warning, 1 in order.\u001b[0m");
  });

  it("wraps at the terminal's width under the words, keeping long words whole", () => {
    const findings = new Findings("git");
    const word = "x".repeat(80);
    findings.warning(say`${"one ".repeat(20).trim()} ${word} end`);
    const lines = renderFindings(findings.found, [], { colour: false, columns: 60 }).split("\n");
    expect(lines.slice(1, 4).every((line) => line.startsWith("       ") && line[7] !== " ")).toBe(true);
    expect(lines.some((line) => line.trim() === word)).toBe(true);
    expect(lines.filter((line) => !line.includes(word)).every((line) => line.length <= 60)).toBe(true);
  });
});

describe("findingsToJson", () => {
  it("lists the findings in their order, with both counts", () => {
    expect(JSON.parse(findingsToJson(sample(), ["hunter22"]))).toEqual({
      findings: [
        {
          check: "data",
          status: "problem",
          message: "data/\\u{1b}[31mwine.csv is not tracked by git.",
          advice: "Commit it.",
        },
        { check: "tracking", status: "warning", message: "The password *** is odd.", advice: "" },
        { check: "tracking", status: "ok", message: "It answers.", advice: "" },
      ],
      problems: 1,
      warnings: 1,
    });
  });
});
