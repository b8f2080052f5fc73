import { describe, expect, it } from "vitest";
import { say } from "../../src/core/sentence.js";
import { Findings } from "../../src/doctor/finding.js";
import { words } from "./desk.js";

describe("Findings", () => {
  it("keeps what was found, in order, under the name of the check", () => {
    const findings = new Findings("data");
    findings.ok(say`fine`);
    findings.info(say`note`);
    findings.warning(say`odd`, say`look`);
    findings.problem(say`${"x"} is wrong`, say`change ${"x"}`);
    expect(findings.found.every(({ check }) => check === "data")).toBe(true);
    expect(words(findings)).toEqual([
      "ok: fine",
      "info: note",
      "warning: odd → look",
      "problem: x is wrong → change x",
    ]);
  });

  it("is well without a warning and a problem", () => {
    const findings = new Findings("data");
    findings.info(say`note`);
    expect(findings.well).toBe(true);
    findings.warning(say`odd`);
    expect(findings.well).toBe(false);
  });
});
