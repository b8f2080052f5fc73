import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoteFilterValue, tagEquals } from "../../src/core/filter.js";

describe("quoteFilterValue", () => {
  it.each([
    ["main", "'main'"],
    ["", "''"],
    ["feature/it's", `"feature/it's"`],
    ['say "x"', `'say "x"'`],
    ["a' or tags.x = 'b", `"a' or tags.x = 'b"`],
    ["back\\slash", "'back\\slash'"],
    ["%", "'%'"],
  ])("writes %j as %s", (value, quoted) => {
    expect(quoteFilterValue(value)).toBe(quoted);
  });

  it.each([[`both ' and "`], ["nul \0"], [`'"`]])("cannot write %j", (value) => {
    expect(quoteFilterValue(value)).toBeUndefined();
  });

  it("never lets a value end its own quotes", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '"', "\\", "a", " ", "\0") }), (value) => {
        const quoted = quoteFilterValue(value);
        if (quoted === undefined) {
          expect(value).toMatch(/\0|'[^"]*"|"[^']*'/s);
          return;
        }
        const quote = quoted.charAt(0);
        expect(quoted).toBe(quote + value + quote);
        expect(value).not.toContain(quote);
      }),
    );
  });
});

describe("tagEquals", () => {
  it("writes the key in backticks and the value in quotes", () => {
    expect(tagEquals("mlflow.source.git.branch", "main")).toBe("tags.`mlflow.source.git.branch` = 'main'");
  });

  it("cannot write a key with a backtick", () => {
    expect(tagEquals("odd`key", "main")).toBeUndefined();
  });

  it("cannot write a value with both kinds of quotes", () => {
    expect(tagEquals("branch", `both ' and "`)).toBeUndefined();
  });
});
