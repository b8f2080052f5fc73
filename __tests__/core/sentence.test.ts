import { describe, expect, it } from "vitest";
import { list, plain, say } from "../../src/core/sentence.js";

describe("say", () => {
  it("keeps a text from outside apart from the words around it", () => {
    expect(say`run ${"@everyone `x`"} failed`).toEqual(["run ", { code: "@everyone `x`" }, " failed"]);
  });

  it("takes numbers as our own words and sentences part by part", () => {
    expect(say`${3} of ${say`the ${"loss"}`}`).toEqual(["3", " of ", "the ", { code: "loss" }]);
  });

  it("keeps an empty text from outside, which has to be shown as empty", () => {
    expect(say`name ${""}.`).toEqual(["name ", { code: "" }, "."]);
  });

  it("is empty without words", () => {
    expect(say``).toEqual([]);
  });
});

describe("list", () => {
  it.each<[string[], number, string]>([
    [[], 10, "none"],
    [["a"], 10, "a"],
    [["a", "b", "c"], 10, "a, b, c"],
    [["a", "b", "c"], 3, "a, b, c"],
    [["a", "b", "c", "d"], 3, "a, b, c and 1 more"],
    [["a", "b", "c", "d", "e"], 2, "a, b and 3 more"],
  ])("of %j with room for %d reads %j", (values, most, text) => {
    expect(plain(list(values, most))).toBe(text);
  });

  it("shows ten values unless told otherwise", () => {
    const values = Array.from({ length: 12 }, (_, index) => `m${index}`);
    expect(plain(list(values))).toBe("m0, m1, m2, m3, m4, m5, m6, m7, m8, m9 and 2 more");
  });

  it("marks every value as coming from outside", () => {
    expect(list(["a", "b"])).toEqual([{ code: "a" }, ", ", { code: "b" }]);
  });
});

describe("plain", () => {
  it("joins words and values as they are", () => {
    expect(plain(say`expected ${"1%"}, got ${2}`)).toBe("expected 1%, got 2");
  });
});
