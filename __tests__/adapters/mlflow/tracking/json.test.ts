import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeMetricValue, parseMlflowJson } from "../../../../src/adapters/mlflow/tracking/json.js";

/** Whether a JSON text has an integer that a double does not hold exactly, or not for certain. */
function hasLongInteger(text: string): boolean {
  let found = false;
  JSON.parse(text, (_, value) => {
    found ||= Number.isInteger(value) && !Number.isSafeInteger(value);
    return value;
  });
  return found;
}

describe("parseMlflowJson", () => {
  it.each<[string, string, unknown]>([
    ["bare NaN", '{"value": NaN}', { value: "NaN" }],
    ["bare infinities", "[Infinity, -Infinity]", ["Infinity", "-Infinity"]],
    ["NaN in quotes", '{"value": "NaN"}', { value: "NaN" }],
    ["a step beyond 2^53", '{"step": 9007199254740993}', { step: "9007199254740993" }],
    ["the smallest step of 64 bits", '{"step":-9223372036854775808}', { step: "-9223372036854775808" }],
    ["a step in quotes", '{"step": "9223372036854775807"}', { step: "9223372036854775807" }],
    ["a time in milliseconds", '{"timestamp": 1700000000000}', { timestamp: 1_700_000_000_000 }],
    [
      "special words inside texts",
      '{"v":"is NaN, -Infinity and 12345678901234567890"}',
      { v: "is NaN, -Infinity and 12345678901234567890" },
    ],
    ["special words behind escaped quotes", String.raw`{"v":"a\"NaN\\"}`, { v: 'a"NaN\\' }],
    ["special words as keys", '{"NaN": NaN, "Infinity": 1}', { NaN: "NaN", Infinity: 1 }],
    ["a key of many digits", '{"12345678901234567890": 1}', { "12345678901234567890": 1 }],
    ["duplicate keys, of which the last wins", '{"a":1,"a":2}', { a: 2 }],
    [
      "the largest double as SQL stores write infinity",
      '{"value":1.7976931348623157e308}',
      { value: Number.MAX_VALUE },
    ],
    ["the largest double written in full", `{"value":${BigInt(Number.MAX_VALUE)}.0}`, { value: Number.MAX_VALUE }],
    ["minus zero", "[-0.0]", [-0]],
    ["the smallest double", "[5e-324]", [5e-324]],
  ])("reads %s", (_, text, value) => {
    expect(parseMlflowJson(text)).toEqual(value);
  });

  it.each([0.8333333333333334, 0.12345678901234566, 1.0000000000000002, 123.45678901234567, 5.551115123125783e-17])(
    "reads %d, a double of many digits, as a number",
    (value) => {
      expect(parseMlflowJson(`{"value":${value},"next":[${-value}]}`)).toEqual({ value, next: [-value] });
    },
  );

  it("reads more digits than a double needs, as other servers may write them", () => {
    expect(parseMlflowJson("[0.1000000000000000055511151231257827, 1e-0000000000000000001]")).toEqual([0.1, 0.1]);
  });

  it("keeps an integer that a double holds as a number", () => {
    expect(parseMlflowJson("[9007199254740991, 1000000000000000]")).toEqual([2 ** 53 - 1, 1e15]);
  });

  it("equals JSON.parse on every JSON without integers that a double cannot hold", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!hasLongInteger(text));
        expect(parseMlflowJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it("equals JSON.parse on every double", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (values) => {
        const text = JSON.stringify(values);
        fc.pre(!hasLongInteger(text));
        expect(parseMlflowJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it("keeps every digit of a 64-bit integer, whether it comes back as number or text", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (step) => {
        expect(parseMlflowJson(`{"step":${step}}`)).toSatisfy(
          (parsed) => BigInt((parsed as { step: string | number }).step) === step,
        );
      }),
    );
  });

  it("keeps texts as they are, whatever they hold", () => {
    const unit = fc.constantFrom('"', "\\", "N", "a", "NaN", "Infinity", "-", "1234567890123456", ",", ":", "{", "\n");
    fc.assert(
      fc.property(fc.string({ unit }), fc.string({ unit }), (key, value) => {
        const data = new Map([[key, value]]);
        expect(parseMlflowJson(JSON.stringify([...data]))).toEqual([...data]);
      }),
    );
  });

  it("gives hostile keys no meaning", () => {
    const parsed = parseMlflowJson('{"__proto__": {"admin": 1}, "constructor": 2}') as object;
    expect(Object.keys(parsed)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect("admin" in parsed).toBe(false);
  });

  it.each(["", "<html>", '{"a":', '{"a": nan}', '{"a": "open}', "{'a': 1}", '{"a": NaNs}', "[1,]", "Infinityx"])(
    "throws a SyntaxError on %j",
    (text) => {
      expect(() => parseMlflowJson(text)).toThrow(SyntaxError);
    },
  );

  it("needs no more than linear time for a text of a megabyte", () => {
    expect(parseMlflowJson(JSON.stringify("\\".repeat(500_000)))).toHaveLength(500_000);
    expect(() => parseMlflowJson(`"${"\\a".repeat(500_000)}`)).toThrow(SyntaxError);
  });
});

describe("encodeMetricValue", () => {
  it.each<[number, number | string]>([
    [0.1, 0.1],
    [0, 0],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
  ])("writes %d as %j", (value, encoded) => {
    expect(encodeMetricValue(value)).toBe(encoded);
  });

  it("reads back as the same number after a journey through JSON, apart from the sign of 0", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(Number(parseMlflowJson(JSON.stringify(encodeMetricValue(value)))) + 0).toBe(value + 0);
      }),
    );
  });
});
