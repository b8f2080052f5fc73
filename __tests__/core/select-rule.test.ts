import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findIdleRules, findRuleConflicts, matchesGlob, selectRule } from "../../src/core/select-rule.js";
import { DEFAULT_RULE, type MetricRule, type Ruler } from "../../src/core/tolerance.js";

const rule = (match: string, relative = 0.01): MetricRule => ({
  match,
  rule: { ...DEFAULT_RULE, tolerance: { kind: "band", relative, absolute: 0 } },
  origin: `repro-gate.yml:${match.length}`,
});
const ruler = (...matches: string[]): Ruler => ({
  default: DEFAULT_RULE,
  defaultOrigin: "default",
  rules: matches.map((match) => rule(match)),
});

describe("selectRule", () => {
  it.each<[string, string[], string, string | undefined]>([
    ["the default where nothing matches", ["val_*"], "loss", undefined],
    ["an exact name over every glob", ["*", "val_los*", "val_loss"], "val_loss", "val_loss"],
    ["the glob with the most literal characters", ["*", "val_*", "val_l*", "*s"], "val_loss", "val_l*"],
    ["the most literal glob wherever its star stands", ["val_*", "*_loss"], "val_loss", "*_loss"],
    ["a built-in rule over the default", [], "system/cpu", "system/*"],
    ["a built-in name over the default", ["val_*"], "train_runtime", "train_runtime"],
    ["the user's own name over a built-in one", ["train_runtime"], "train_runtime", "train_runtime"],
    ["the user's own glob over a built-in name", ["train_*"], "train_runtime", "train_*"],
    ["the user's own name over a built-in glob", ["system/gpu"], "system/gpu", "system/gpu"],
    ["an exact name that holds a star", ["a*", "a*b"], "a*b", "a*b"],
  ])("takes %s", (_, matches, key, expected) => {
    expect(selectRule(key, ruler(...matches)).match).toBe(expected);
  });

  it("says where the rule was written", () => {
    expect(selectRule("val_loss", ruler("val_*")).origin).toBe("repro-gate.yml:5");
    expect(selectRule("system/cpu", ruler()).origin).toBe("built in: measures the machine, not the model");
    expect(selectRule("loss", { ...ruler(), defaultOrigin: "input tolerance" }).origin).toBe("input tolerance");
  });

  it("does not depend on the order of rules that have no conflict", () => {
    const globs = fc.uniqueArray(fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 5 }), { maxLength: 5 });
    fc.assert(
      fc.property(globs, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 6 }), (matches, key) => {
        fc.pre(findRuleConflicts([key], ruler(...matches).rules).length === 0);
        expect(selectRule(key, ruler(...matches)).match).toBe(selectRule(key, ruler(...[...matches].reverse())).match);
      }),
    );
  });

  it.each(["__proto__", "constructor", "toString", "", "x".repeat(250), "é", "e\u0301"])(
    "treats %j as any name",
    (key) => {
      expect(selectRule(key, ruler()).match).toBeUndefined();
      expect(selectRule(key, ruler(key)).match).toBe(key);
    },
  );

  it("does not confuse a composed and a decomposed letter", () => {
    expect(selectRule("\u00e9", ruler("e\u0301")).match).toBeUndefined();
  });
});

describe("matchesGlob", () => {
  it("equals a regular expression on random globs", () => {
    const glob = fc.string({ unit: fc.constantFrom("a", "b", "*", ".", "("), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "(", "*", "\n"), maxLength: 8 });
    fc.assert(
      fc.property(glob, text, (pattern, candidate) => {
        const escaped = pattern.replaceAll(/[.(]/g, "\\$&").replaceAll("*", ".*");
        expect(matchesGlob(pattern, candidate)).toBe(new RegExp(`^(?:${escaped})$`, "s").test(candidate));
      }),
      { numRuns: 3_000 },
    );
  });

  it("matches any text that is put in place of its stars", () => {
    const pieces = fc.array(fc.string(), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(pieces, fc.infiniteStream(fc.string()), (literals, fillers) => {
        fc.pre(literals.every((literal) => !literal.includes("*")));
        const text = literals.reduce((whole, literal) => whole + fillers.next().value + literal);
        expect(matchesGlob(literals.join("*"), text)).toBe(true);
      }),
    );
  });

  it.each([
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["**", "anything", true],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["ab*ba", "aba", false],
    ["*.loss", "xloss", false],
    ["system/*", "system/", true],
    ["system/*", "System/cpu", false],
    ["val?", "val1", false],
    ["[ab]", "a", false],
    ["*\u00e9", "caf\u00e9", true],
  ])("%j against %j is %s", (glob, text, matches) => {
    expect(matchesGlob(glob, text)).toBe(matches);
  });

  it("needs no backtracking on a glob that blows up regular expressions", () => {
    expect(matchesGlob(`${"*a".repeat(60)}*b`, "a".repeat(250))).toBe(false);
  });
});

describe("findRuleConflicts", () => {
  it("names two globs that match one metric with equally many literal characters", () => {
    expect(findRuleConflicts(["val_loss", "loss"], ruler("*", "val_*", "*loss").rules)).toEqual([
      { key: "val_loss", first: "val_*", second: "*loss" },
    ]);
  });

  it.each<[string, string[], string]>([
    ["a more literal glob decides", ["val_*", "*s", "*"], "val_loss"],
    ["an exact name decides", ["val_*", "*loss", "val_loss"], "val_loss"],
    ["they do not match the same metric", ["val_*", "trn_*"], "val_loss"],
    ["nothing matches", ["a*", "b*"], "loss"],
  ])("is silent where %s", (_, matches, key) => {
    expect(findRuleConflicts([key], ruler(...matches).rules)).toEqual([]);
  });

  it("reports the two most literal ones and not a tie below them", () => {
    expect(findRuleConflicts(["ab"], ruler("*a*", "*b*", "*ab").rules)).toEqual([]);
    expect(findRuleConflicts(["ab"], ruler("*", "*b", "a*").rules)).toEqual([{ key: "ab", first: "*b", second: "a*" }]);
  });
});

describe("findIdleRules", () => {
  it("names the rules that match no metric, most often misspelled", () => {
    const idle = findIdleRules(["loss", "val_loss"], ruler("loss", "val_*", "los", "test_*").rules);
    expect(idle.map(({ match }) => match)).toEqual(["los", "test_*"]);
  });

  it("names all rules where there is no metric", () => {
    expect(findIdleRules([], ruler("*").rules)).toHaveLength(1);
  });
});
