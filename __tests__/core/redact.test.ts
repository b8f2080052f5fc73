import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact } from "../../src/core/redact.js";

describe("redact", () => {
  it.each<[string, string, string[], string]>([
    ["every occurrence", "a hunter2 b hunter2", ["hunter2"], "a *** b ***"],
    ["the percent-encoded form", "http://me:p%40ss%2Fword@h", ["p@ss/word"], "http://me:***@h"],
    ["the form inside JSON", '{"p":"a\\"b\\\\c"}', ['a"b\\c'], '{"p":"***"}'],
    ["the base64 form", `Basic ${btoa("me:hunter2")}`, ["me:hunter2"], "Basic ***"],
    ["the base64 form of text beyond Latin 1", "x cMOkc3N3w7ZydA== y", ["pässwört"], "x *** y"],
    ["the longer of two secrets first", "hunter2-extended", ["hunter2", "hunter2-extended"], "***"],
    ["characters that a pattern would read as its own", "a $& .* b", ["$& .*"], "a *** b"],
    ["a secret of four characters", "x abcd x", ["abcd"], "x *** x"],
    ["no secret of three, which would black out ordinary text", "x abc x", ["abc", "", "x"], "x abc x"],
    ["nothing without secrets", "text", [], "text"],
  ])("removes %s", (_, text, secrets, clean) => {
    expect(redact(text, secrets)).toBe(clean);
  });

  it("leaves no secret in any text that quotes it", () => {
    const secret = fc.string({ minLength: 4 }).filter((value) => !value.includes("*"));
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.string(),
        fc.string(),
        (secrets, before, after) => {
          const quoted = secrets.flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value)]);
          const clean = redact([before, ...quoted, after].join(" | "), secrets);
          for (const value of secrets) expect(clean).not.toContain(value);
        },
      ),
    );
  });
});
