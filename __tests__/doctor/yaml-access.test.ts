import { expect, it } from "vitest";
import { parseYaml } from "../../src/config/yaml.js";
import { entries, entry, items, text } from "../../src/doctor/yaml-access.js";

function root(content: string) {
  const parsed = parseYaml("f.yml", content);
  if ("problems" in parsed) throw new Error("The test's own YAML does not parse.");
  return parsed.yaml.root;
}

it("walks a document whatever its shape is", () => {
  const node = root("a: {b: yes}\nlist: [x, {y: 1}]\n");
  expect(text(entry(entry(node, "a"), "b"))).toBe("yes");
  expect(items(entry(node, "list")).map(text)).toEqual(["x", undefined]);
  expect(entries(node).map(([name]) => name)).toEqual(["a", "list"]);
});

it("finds nothing where the shape is another one", () => {
  const node = root("[a]");
  expect(entry(node, "a")).toBeUndefined();
  expect(entries(node)).toEqual([]);
  expect(items(undefined)).toEqual([]);
  expect(text(node)).toBeUndefined();
});
