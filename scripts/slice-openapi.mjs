// Cuts GitHub's REST description down to the operations that the gate calls and what they refer to, for the contract
// tests. Once per update of the description, in a temporary folder:
//
//   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
//   node scripts/slice-openapi.mjs package/generated/api.github.com.json
//
// The same input gives the same file, byte by byte. What only people read is left out: the file is for a validator.
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const TARGET = fileURLToPath(new URL("../__tests__/contract/github-openapi.json", import.meta.url));

/** Every operation that the gate may call; the contract check refuses all others. */
const OPERATIONS = {
  "/repos/{owner}/{repo}": ["get"],
  "/repos/{owner}/{repo}/commits/{commit_sha}/pulls": ["get"],
  "/repos/{owner}/{repo}/issues/comments/{comment_id}": ["delete", "get", "patch"],
  "/repos/{owner}/{repo}/issues/{issue_number}/comments": ["get", "post"],
  "/repos/{owner}/{repo}/pulls/{pull_number}": ["get"],
  "/user": ["get"],
};

/** Errors that GitHub answers anywhere, documented for an operation or not. */
const EVERYWHERE = ["#/components/schemas/basic-error"];

/** Keys whose values map free names to descriptions: a property may well be called "description". */
const NAME_MAPS = new Set(["properties", "patternProperties", "responses", "content", "schemas", "parameters"]);

const FOR_PEOPLE = new Set([
  "description",
  "summary",
  "title",
  "example",
  "examples",
  "tags",
  "externalDocs",
  "headers",
]);

/** Whether a key of the description says nothing about which documents are valid. */
const isProse = (key) => FOR_PEOPLE.has(key) || key.startsWith("x-");

/** A copy with keys in order and without prose; `names` says that the keys of this level are free names. */
function strip(value, names = false) {
  if (Array.isArray(value)) return value.map((item) => strip(item));
  if (value === null || typeof value !== "object") return value;
  const kept = Object.keys(value).filter((key) => names || !isProse(key));
  return Object.fromEntries(kept.sort().map((key) => [key, strip(value[key], !names && NAME_MAPS.has(key))]));
}

/** Every `$ref` below a value. */
function references(value) {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : references(inner),
  );
}

/** The operations, and transitively what they refer to. */
function slice(full) {
  const paths = {};
  for (const [path, methods] of Object.entries(OPERATIONS)) {
    const item = full.paths[path];
    const missing = methods.filter((method) => item?.[method] === undefined);
    if (missing.length > 0) throw new Error(`The description has no ${missing.join(", ")} ${path}.`);
    paths[path] = Object.fromEntries(methods.map((method) => [method, strip(item[method])]));
  }
  const found = new Map();
  const open = [...references(paths), ...EVERYWHERE];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    const [, , section, name] = next.split("/");
    const target = full.components[section]?.[name];
    if (target === undefined) throw new Error(`${next} refers to nothing.`);
    found.set(next, { section, name, value: strip(target) });
    open.push(...references(found.get(next).value));
  }
  const components = {};
  for (const key of [...found.keys()].sort()) {
    const { section, name, value } = found.get(key);
    components[section] ??= {};
    components[section][name] = value;
  }
  return { openapi: full.openapi, info: strip(full.info), paths, components };
}

const source = process.argv[2];
if (source === undefined) throw new Error("Usage: node scripts/slice-openapi.mjs PATH_OF_THE_FULL_DESCRIPTION.json");
await writeFile(TARGET, `${JSON.stringify(slice(JSON.parse(await readFile(source, "utf8"))), null, 2)}\n`);
const biome = fileURLToPath(new URL("../node_modules/@biomejs/biome/bin/biome", import.meta.url));
process.exitCode = spawnSync(process.execPath, [biome, "format", "--write", TARGET], { stdio: "inherit" }).status ?? 1;
