import fc from "fast-check";
import { expect, it } from "vitest";
import { utf8Length } from "../../src/core/utf8.js";

it("is the number of bytes that any well-formed text takes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => utf8Length(text) === new TextEncoder().encode(text).length),
  );
  expect(utf8Length("aé€😀")).toBe(10);
});
