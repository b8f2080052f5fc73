import type { Problem } from "../config/problems.js";
import { isPythonNone, isPythonString } from "../config/pyyaml.js";
import { parseYaml, type YamlFile, type YamlNode } from "../config/yaml.js";
import { say } from "../core/sentence.js";
import { normaliseName, parseRequirements, type Requirement } from "./requirements.js";
import { entries, entry, items, text } from "./yaml-access.js";

/** What a `python_env.yaml` or a `conda.yaml` asks for. */
export interface EnvironmentFile {
  /** As it is written, undefined when it names no Python. */
  readonly python: string | undefined;
  readonly requirements: readonly Requirement[];
}

type Parsed = EnvironmentFile | { readonly problems: readonly Problem[] };

const PYTHON_ENV_KEYS = ["python", "build_dependencies", "dependencies"];

/** Parses a `python_env.yaml` as MLflow does, which crashes on an unknown key and on a Python that is not text. */
export function parsePythonEnvironment(file: string, content: string): Parsed {
  const parsed = parseYaml(file, content);
  if ("problems" in parsed) return parsed;
  const { yaml } = parsed;
  if (yaml.root.kind !== "map") return refuse(file, say`it is not a mapping with ${"python"} and ${"dependencies"}.`);
  const problems: Problem[] = [];
  for (const [key] of entries(yaml.root)) {
    if (!PYTHON_ENV_KEYS.includes(key)) {
      problems.push({ where: yaml.where([key]), sentence: say`there is no key ${key}; MLflow fails on it.` });
    }
  }
  const python = entry(yaml.root, "python");
  if (python !== undefined && !isPythonNone(python) && !isPythonString(python)) {
    const written = text(python) ?? "";
    const version = `python: "${written}"`;
    problems.push({
      where: yaml.where(["python"]),
      sentence: say`${"python"} is not text: YAML reads ${written} as a number, and MLflow fails on it. Put the version in quotes: ${version}.`,
    });
  }
  for (const key of ["build_dependencies", "dependencies"]) {
    problems.push(...nonLists(yaml, key, entry(yaml.root, key)));
  }
  if (problems.length > 0) return { problems };
  const lines = [...items(entry(yaml.root, "build_dependencies")), ...items(entry(yaml.root, "dependencies"))];
  return {
    python: python === undefined || isPythonNone(python) ? undefined : text(python),
    requirements: lines.flatMap((line) => parseRequirements(text(line) ?? "")),
  };
}

function nonLists(yaml: YamlFile, key: string, node: YamlNode | undefined): Problem[] {
  if (node === undefined || isPythonNone(node)) return [];
  if (node.kind !== "list") return [{ where: yaml.where([key]), sentence: say`${key} is not a list of requirements.` }];
  return node.items.flatMap((item, index) =>
    item.kind === "scalar"
      ? []
      : [{ where: yaml.where([key, index]), sentence: say`an item of ${key} is not a requirement.` }],
  );
}

/** Parses a conda environment; packages of conda and of its `pip:` list count alike. */
export function parseCondaEnvironment(file: string, content: string): Parsed {
  const parsed = parseYaml(file, content);
  if ("problems" in parsed) return parsed;
  const { yaml } = parsed;
  if (entry(yaml.root, "dependencies")?.kind !== "list") {
    return refuse(file, say`it has no list of ${"dependencies"}.`);
  }
  let python: string | undefined;
  const requirements: Requirement[] = [];
  for (const item of items(entry(yaml.root, "dependencies"))) {
    if (item.kind === "map") {
      const pip = items(entry(item, "pip")).flatMap((line) => parseRequirements(text(line) ?? ""));
      requirements.push(...pip);
      continue;
    }
    const parts = /^(?:[^:\s]+::)?([\w.-]+)\s*(.*)$/.exec(text(item) ?? "");
    const [, name = "", specifier = ""] = parts ?? [];
    if (name === "python") python = specifier.replace(/^[=\s]+/, "");
    else if (name !== "" && name !== "pip") {
      // In conda one "=" is a prefix: of a whole version it matches hardly anything else.
      const pinned = /^(?:==\s*[^\s,*|]+|=\s*\d+(?:\.\d+){2,}[^\s,*|]*|=\s*[^\s,*|=]+=\S+)$/.test(specifier);
      requirements.push({ kind: "package", name: normaliseName(name), text: text(item) ?? "", pinned });
    }
  }
  return { python: python === "" ? undefined : python, requirements };
}

function refuse(where: string, sentence: Problem["sentence"]): Parsed {
  return { problems: [{ where, sentence }] };
}
