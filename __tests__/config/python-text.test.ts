import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pythonFloat, pythonString } from "../../src/config/python-text.js";
import { askPython, doubleBits, FROM_BITS, neighbour } from "../core/python-oracle.js";

describe("pythonFloat", () => {
  it("writes what Python's repr writes, on 20,000 doubles and around every change of notation", () => {
    const borders = [1e-7, 1e-5, 1e-4, 1e15, 1e16, 1e17, 1e21, 1e22, 5e-324, 2.2250738585072014e-308].flatMap((value) =>
      [-2, -1, 0, 1, 2].map((ulps) => neighbour(value, ulps)),
    );
    const special = [0, -0, 0.1, 0.5, 1, 100, 2 ** 53, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN];
    const values = [...borders, ...special, ...fc.sample(fc.double(), { numRuns: 20_000, seed: 11 })].flatMap(
      (value) => [value, -value],
    );
    const script = `
import struct, sys
for line in sys.stdin:
    bits = line.strip()
    print(repr(${FROM_BITS}))
`;
    expect(values.map(pythonFloat)).toEqual(askPython(script, values.map(doubleBits)));
  });
});

describe("pythonString", () => {
  const script = `
import json, sys
for line in sys.stdin:
    print(json.dumps(repr(json.loads(line))))
`;
  const repr = (texts: readonly string[]): string[] =>
    askPython(
      script,
      texts.map((text) =>
        JSON.stringify(text).replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
      ),
    ).map((line) => JSON.parse(line));

  it("chooses and escapes quotes as Python's repr, for any printable text", () => {
    const unit = fc.constantFrom("'", '"', "\\", "\n", "\r", "\t", "a", " ", "é", "中", "😀", "{", "$");
    const texts = fc.sample(fc.string({ unit, maxLength: 12 }), { numRuns: 3_000, seed: 13 });
    expect(texts.map(pythonString)).toEqual(repr(texts));
  });

  it("escapes what Python does not print, as Python's repr", () => {
    const texts = ["\0", "\u001b[0m", "\u007f", "\u0085", "\u00a0", "\u00ad", "\u200b", "\u2028", "\ufeff"];
    expect(texts.map(pythonString)).toEqual(repr(texts));
  });
});
