import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shellQuote, shellUnquote } from "../../src/core/shell-word.js";
import { askPython } from "./python-oracle.js";

const awkward = fc.string({ unit: fc.constantFrom("'", '"', "\\", " ", "$", "a", "\n", "é", "=", "-"), maxLength: 12 });
const anyText = fc.oneof(awkward, fc.string(), fc.string({ unit: "binary" }));
const SEEDED = { numRuns: 5_000, seed: 7 };

describe("shellQuote", () => {
  it("quotes as Python's shlex.quote", () => {
    const texts = fc.sample(anyText, SEEDED);
    const script = `
import json, shlex, sys
for line in sys.stdin:
    print(json.dumps(shlex.quote(json.loads(line))))
`;
    const python = askPython(script, texts.map(asciiJson)).map((line) => JSON.parse(line));
    expect(texts.map(shellQuote)).toEqual(python);
  });

  it.each([
    ["0.25", "0.25"],
    ["hello world", "'hello world'"],
    ["it's a $HOME", `'it'"'"'s a $HOME'`],
    ["", "''"],
    ["a\nb", "'a\nb'"],
    ["data.txt", "data.txt"],
    ["[1, 2]", "'[1, 2]'"],
    ["'x'", `''"'"'x'"'"''`],
    ["é", "'é'"],
    ["a\n", "'a\n'"],
  ])("writes %j as MLflow logs it", (value, logged) => {
    expect(shellQuote(value)).toBe(logged);
    expect(shellUnquote(logged)).toBe(value);
  });
});

describe("shellUnquote", () => {
  it("undoes shellQuote for every text", () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(shellUnquote(shellQuote(value))).toBe(value);
      }),
      { numRuns: 2_000 },
    );
  });

  it("accepts exactly what shlex.split reads as one word that quotes back to the same text", () => {
    const quoted = fc.sample(awkward, { ...SEEDED, numRuns: 1_000 }).map(shellQuote);
    const cut = quoted.map((text) => text.slice(0, -1));
    const texts = [...fc.sample(anyText, SEEDED), ...quoted, ...cut, "'", "''", "'''", "'\"'\"'", "#", "a#b", "\\'"];
    const script = `
import json, shlex, sys
for line in sys.stdin:
    text = json.loads(line)
    try:
        words = shlex.split(text)
    except ValueError:
        words = []
    print(json.dumps(words[0] if len(words) == 1 and shlex.quote(words[0]) == text else None))
`;
    const python = askPython(script, texts.map(asciiJson)).map((line) => JSON.parse(line));
    expect(texts.map((text) => shellUnquote(text) ?? null)).toEqual(python);
  });

  it.each(["", "two words", "'open", "open'", "'a'b'", '"double"', "a'b", "'a''b'", "a\\ b", "'plain'", "'", "a;b"])(
    "refuses %j, which shlex.quote never writes",
    (text) => {
      expect(shellUnquote(text)).toBeUndefined();
    },
  );

  it("undoes one level only", () => {
    const twice = shellQuote(shellQuote("a b"));
    expect(shellUnquote(twice)).toBe("'a b'");
  });
});

/** JSON of one line in ASCII, so that no character is lost between the processes. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
