import { describe, expect, it } from "vitest";
import { parseYaml } from "../../src/config/yaml.js";
import { plain } from "../../src/core/sentence.js";

function parsed(text: string) {
  const result = parseYaml("f.yml", text);
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.yaml;
}

function problems(text: string): string[] {
  const result = parseYaml("f.yml", text);
  return "problems" in result ? result.problems.map(({ where, sentence }) => `${where}: ${plain(sentence)}`) : [];
}

describe("parseYaml", () => {
  it("reads scalars by YAML 1.2", () => {
    expect(parsed("a: yes\nb: 010\n").value).toEqual({ a: "yes", b: 10 });
  });

  it("reads past a byte order mark", () => {
    expect(parsed("\uFEFFa: 1\n").value).toEqual({ a: 1 });
  });

  it("keeps hostile keys as keys", () => {
    const value = parsed("__proto__: 1\nconstructor: 2\ntoString: 3\n").value as object;
    expect(Object.entries(value)).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
      ["toString", 3],
    ]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it.each<[string, string, string, RegExp]>([
    ["a duplicate key", "a: 1\nb: 2\na: 3\n", "f.yml:3", /unique/i],
    ["a tab as indentation", "a:\n\tb: 1\n", "f.yml:2", /tab/i],
    ["a custom tag", "a: 1\nb: !!python/object:os.system x\n", "f.yml:2", /tag/i],
    ["an open bracket", "a: [1, 2\n", "f.yml:2", /flow|\]/i],
    ["an unknown alias", "a: *nowhere\n", "f.yml:1", /alias|anchor/i],
    ["a second document", "a: 1\n---\nb: 2\n", "f.yml:2", /document/i],
  ])("refuses %s and names its line", (_, text, where, words) => {
    const found = problems(text);
    expect(found[0]).toMatch(new RegExp(`^${where}: `));
    expect(found.join("\n")).toMatch(words);
  });

  it("reports every error of the text together", () => {
    const found = problems("a: 1\na: 2\nb: 1\nb: 2\n");
    expect(found.map((problem) => problem.split(": ")[0])).toEqual(["f.yml:2", "f.yml:4"]);
  });

  it("refuses an alias bomb instead of unfolding it", () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(", ")}]`,
    );
    expect(problems(["a0: &a0 [x]", ...levels].join("\n")).join()).toMatch(/alias/i);
  });

  it("refuses a text of more than a mebibyte without reading it", () => {
    expect(problems(`a: ${"x".repeat(1024 * 1024)}`)).toEqual([expect.stringContaining("at most 1048576")]);
  });

  it("stays a value when nesting is deeper than the stack", () => {
    expect(() => problems(`a: ${"[".repeat(20_000)}`)).not.toThrow();
  });
});

describe("where", () => {
  const yaml = parsed("# comment\na: 1\nlist:\n  - x: 1\n    y: 2\n  - x: 3\n\nlast: { p: 1,\n  q: 2 }\n");

  it.each<[string, PropertyKey[], string]>([
    ["a key", ["a"], "f.yml:2"],
    ["an item of a list", ["list", 1], "f.yml:6"],
    ["a key of an item", ["list", 0, "y"], "f.yml:5"],
    ["a key of a flow mapping", ["last", "q"], "f.yml:9"],
    ["the nearest parent of a missing key", ["list", 0, "nothing", "deeper"], "f.yml:4"],
    ["the list of a missing item", ["list", 7], "f.yml:3"],
    ["the document for an empty path", [], "f.yml:2"],
    ["the document for a missing key", ["nothing"], "f.yml:2"],
  ])("names the line of %s", (_, path, where) => {
    expect(yaml.where(path)).toBe(where);
  });

  it("names the first line of an empty document", () => {
    expect(parsed("").where(["a"])).toBe("f.yml:1");
  });
});
