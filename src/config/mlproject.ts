import type { DeclaredParameter, EntryPoint, MlProject, ProjectEnvironment } from "../core/mlproject.js";
import { say } from "../core/sentence.js";
import { type Problem, Problems } from "./problems.js";
import { isPythonNone, isPythonString, pythonText } from "./pyyaml.js";
import { parseYaml, type YamlFile, type YamlNode } from "./yaml.js";

/** Parameter names that can be passed to a command line as a name and nothing else. */
const PARAMETER_NAME = /^[A-Za-z_][\w.-]*$/;

type Entries = ReadonlyMap<string, YamlNode>;

/**
 * Parses an MLproject file as MLflow reads it (PyYAML, hence YAML 1.1), refusing what `mlflow run` would crash on.
 *
 * @param file name for messages
 * @param siblings names of the files beside it: without a declared environment MLflow takes `python_env.yaml`, then
 *   `conda.yaml`
 */
export function parseMlProject(
  file: string,
  text: string,
  siblings: readonly string[],
): { readonly project: MlProject } | { readonly problems: readonly Problem[] } {
  const parsed = parseYaml(file, text);
  if ("problems" in parsed) return parsed;
  const { yaml } = parsed;
  const problems = new Problems();
  if (yaml.root.kind !== "map") {
    problems.add(file, say`it is not a mapping of keys such as ${"name"}, ${"python_env"} and ${"entry_points"}.`);
    return { problems: problems.found };
  }
  const { entries } = yaml.root;
  const name = present(entries, "name");
  const project: MlProject = {
    name: name?.kind === "scalar" ? pythonText(name) : undefined,
    environment: parseEnvironment(entries, yaml, siblings, problems),
    entryPoints: parseEntryPoints(entries, yaml, problems),
  };
  return problems.found.length > 0 ? { problems: problems.found } : { project };
}

/** The node of a key, undefined where the key is absent or null. */
function present(entries: Entries, key: string): YamlNode | undefined {
  const node = entries.get(key);
  return node === undefined || isPythonNone(node) ? undefined : node;
}

function parseEnvironment(
  entries: Entries,
  yaml: YamlFile,
  siblings: readonly string[],
  problems: Problems,
): ProjectEnvironment {
  const declared = ["python_env", "conda_env", "docker_env"].filter((key) => present(entries, key) !== undefined);
  if (declared.length > 1) {
    problems.add(
      yaml.where([declared[1] ?? ""]),
      say`the project declares ${declared.join(" and ")}; MLflow allows one environment.`,
    );
  }
  for (const [key, kind] of [
    ["python_env", "python"],
    ["conda_env", "conda"],
  ] as const) {
    const node = present(entries, key);
    if (node === undefined) continue;
    if (node.kind === "scalar" && isPythonString(node)) return { kind, file: node.text };
    problems.add(yaml.where([key]), say`${key} is not a file name.`);
  }
  if (declared.includes("docker_env")) return { kind: "docker" };
  if (siblings.includes("python_env.yaml")) return { kind: "python", file: "python_env.yaml" };
  if (siblings.includes("conda.yaml")) return { kind: "conda", file: "conda.yaml" };
  return { kind: "none" };
}

function parseEntryPoints(entries: Entries, yaml: YamlFile, problems: Problems): Map<string, EntryPoint> {
  const entryPoints = new Map<string, EntryPoint>();
  const node = entries.get("entry_points");
  if (node === undefined) return entryPoints;
  if (node.kind !== "map") {
    problems.add(yaml.where(["entry_points"]), say`${"entry_points"} is not a mapping of names to commands.`);
    return entryPoints;
  }
  for (const [name, entry] of node.entries) {
    const where = yaml.where(["entry_points", name]);
    if (entry.kind !== "map") {
      problems.add(where, say`the entry point ${name} is not a mapping with a ${"command"}.`);
      continue;
    }
    const command = present(entry.entries, "command");
    if (command === undefined || !isPythonString(command) || command.kind !== "scalar") {
      problems.add(where, say`the entry point ${name} has no ${"command"}.`);
      continue;
    }
    const parameters = parseParameters(yaml, name, entry.entries.get("parameters"), problems);
    entryPoints.set(name, { name, command: command.text, parameters });
  }
  return entryPoints;
}

function parseParameters(
  yaml: YamlFile,
  entryPoint: string,
  node: YamlNode | undefined,
  problems: Problems,
): Map<string, DeclaredParameter> {
  const parameters = new Map<string, DeclaredParameter>();
  if (node === undefined) return parameters;
  const where = (name: string) => yaml.where(["entry_points", entryPoint, "parameters", name]);
  if (node.kind !== "map") {
    problems.add(
      yaml.where(["entry_points", entryPoint, "parameters"]),
      say`${"parameters"} is not a mapping of names; without any, leave the key out.`,
    );
    return parameters;
  }
  for (const [name, value] of node.entries) {
    if (!PARAMETER_NAME.test(name)) {
      problems.add(
        where(name),
        say`the parameter name ${name} is not a letter or underscore followed by letters, digits, ${"."}, ${"_"} or ${"-"}.`,
      );
    } else if (value.kind === "scalar" && isPythonString(value)) {
      parameters.set(name, { name, type: value.text, defaultValue: undefined });
    } else if (value.kind === "map") {
      const type = present(value.entries, "type");
      const fallback = present(value.entries, "default");
      parameters.set(name, {
        name,
        type: type?.kind === "scalar" ? type.text : "string",
        defaultValue: fallback === undefined ? undefined : pythonText(fallback),
      });
    } else {
      problems.add(
        where(name),
        say`the parameter ${name} is neither a type such as ${"float"} nor ${"{type: …, default: …}"}; MLflow crashes on it for every entry point.`,
      );
    }
  }
  return parameters;
}
