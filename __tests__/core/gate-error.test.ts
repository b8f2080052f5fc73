import { describe, expect, it } from "vitest";
import { GateError, messageOf } from "../../src/core/gate-error.js";
import { say } from "../../src/core/sentence.js";

describe("GateError", () => {
  it("carries its reason, its sentence as message, and its cause", () => {
    const cause = new Error("ECONNREFUSED");
    const sentence = say`The server ${"http://127.0.0.1:1"} did not answer.`;
    const error = new GateError("tracker-unreachable", sentence, { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "GateError", reason: "tracker-unreachable", sentence, cause });
    expect(error.message).toBe("The server http://127.0.0.1:1 did not answer.");
  });
});

describe("messageOf", () => {
  const hostile = {
    toString() {
      throw new Error("no text for you");
    },
  };

  it.each<[string, unknown, string]>([
    ["an error", new Error("boom"), "boom"],
    ["a text", "boom", "boom"],
    ["several errors without a message of their own", new AggregateError([new Error("v4"), "v6"]), "v4; v6"],
    ["several errors under a message", new AggregateError([new Error("v4")], "all failed"), "all failed"],
  ])("of %s is what it says", (_, thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });

  it.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a number", 42],
    ["a symbol", Symbol("s")],
    ["a plain object", { code: 1 }],
    ["an object without a prototype", Object.create(null)],
    ["an object whose toString throws", hostile],
  ])("makes words of %s, since anything can be thrown", (_, thrown) => {
    expect(messageOf(thrown)).toMatch(/was thrown/);
  });
});
