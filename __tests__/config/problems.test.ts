import { describe, expect, it } from "vitest";
import { describeProblems, Problems } from "../../src/config/problems.js";
import { plain, say } from "../../src/core/sentence.js";

describe("Problems", () => {
  it("keeps all that was found, in order", () => {
    const problems = new Problems();
    problems.add("tolerance", say`first`);
    problems.add("metrics", say`second`);
    expect(problems.found.map(({ where }) => where)).toEqual(["tolerance", "metrics"]);
  });
});

describe("describeProblems", () => {
  it("names the place of each problem and separates them", () => {
    const words = describeProblems([
      { where: "repro-gate.yml:3", sentence: say`there is no key ${"pth"}.` },
      { where: "tolerance", sentence: say`it is empty.` },
    ]);
    expect(plain(words)).toBe("repro-gate.yml:3: there is no key pth. · tolerance: it is empty.");
    expect(words).toContainEqual({ code: "repro-gate.yml:3" });
  });

  it("is empty without problems", () => {
    expect(describeProblems([])).toEqual([]);
  });
});
