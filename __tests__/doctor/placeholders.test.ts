import { describe, expect, it } from "vitest";
import { unknownPlaceholders } from "../../src/doctor/placeholders.js";

/** An entry point with the parameters `a` and `data-path`. */
function entryPoint(command: string) {
  const parameter = (name: string) => [name, { name, type: "string", defaultValue: undefined }] as const;
  return { name: "main", command, parameters: new Map([parameter("a"), parameter("data-path")]) };
}

// What Python's str.format does with each was tried with Python 3.11.
describe("unknownPlaceholders", () => {
  it.each<[string, string[]]>([
    ["python train.py {a} --data {data-path}", []],
    ["{{literal}} {a}", []],
    ["{a!r:>8} {a[0]}", []],
    ["echo ${HOME} {a}", ["{HOME}"]],
    ["awk '{print $1}' {a}", ["{print $1}"]],
    ["{b} {b} {c}", ["{b}", "{c}"]],
    ["{} {0}", ["{}", "{0}"]],
    ["{a.b}", ["{a.b}"]],
    ["x }", ["}"]],
    ["x {", ["{"]],
  ])("%s", (command, expected) => {
    expect(unknownPlaceholders(entryPoint(command))).toEqual(expected);
  });
});
