import { isMap, isScalar, isSeq } from "yaml";
import type { DeclaredParameter, EntryPoint, MlProject, ProjectEnvironment } from "../core/mlproject.js";
import { say } from "../core/sentence.js";
import { type Problem, Problems } from "./problems.js";
import { pythonFloat, pythonString } from "./python-text.js";
import { parseYaml, type YamlFile } from "./yaml.js";

/** Parameter names that can be passed to a command line as a name and nothing else. */
const PARAMETER_NAME = /^[A-Za-z_][\w.-]*$/;

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
  const parsed = parseYaml(file, text, "1.1");
  if ("problems" in parsed) return parsed;
  const { yaml } = parsed;
  const problems = new Problems();
  if (!isMap(yaml.root)) {
    problems.add(file, say`it is not a mapping of keys such as ${"name"}, ${"python_env"} and ${"entry_points"}.`);
    return { problems: problems.found };
  }
  const project: MlProject = {
    name: optionalText(yaml.root.get("name", true)),
    environment: parseEnvironment(yaml, siblings, problems),
    entryPoints: parseEntryPoints(yaml, problems),
  };
  return problems.found.length > 0 ? { problems: problems.found } : { project };
}

function parseEnvironment(yaml: YamlFile, siblings: readonly string[], problems: Problems): ProjectEnvironment {
  const value = yaml.value as Record<string, unknown>;
  const declared = ["python_env", "conda_env", "docker_env"].filter(
    (key) => value[key] !== undefined && value[key] !== null,
  );
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
    const environmentFile = value[key];
    if (environmentFile === undefined || environmentFile === null) continue;
    if (typeof environmentFile === "string") return { kind, file: environmentFile };
    problems.add(yaml.where([key]), say`${key} is not a file name.`);
  }
  if (declared.includes("docker_env")) return { kind: "docker" };
  if (siblings.includes("python_env.yaml")) return { kind: "python", file: "python_env.yaml" };
  if (siblings.includes("conda.yaml")) return { kind: "conda", file: "conda.yaml" };
  return { kind: "none" };
}

function parseEntryPoints(yaml: YamlFile, problems: Problems): Map<string, EntryPoint> {
  const entryPoints = new Map<string, EntryPoint>();
  const node = isMap(yaml.root) ? yaml.root.get("entry_points", true) : undefined;
  if (node === undefined || (isScalar(node) && node.value === null)) return entryPoints;
  if (!isMap(node)) {
    problems.add(yaml.where(["entry_points"]), say`${"entry_points"} is not a mapping of names to commands.`);
    return entryPoints;
  }
  for (const pair of node.items) {
    const name = isScalar(pair.key) ? String(pair.key.value) : "";
    const where = yaml.where(["entry_points", name]);
    if (!isMap(pair.value)) {
      problems.add(where, say`the entry point ${name} is not a mapping with a ${"command"}.`);
      continue;
    }
    const command = pair.value.get("command");
    if (typeof command !== "string") {
      problems.add(where, say`the entry point ${name} has no ${"command"}.`);
      continue;
    }
    const parameters = parseParameters(yaml, name, pair.value.get("parameters", true), problems);
    entryPoints.set(name, { name, command, parameters });
  }
  return entryPoints;
}

function parseParameters(
  yaml: YamlFile,
  entryPoint: string,
  node: unknown,
  problems: Problems,
): Map<string, DeclaredParameter> {
  const parameters = new Map<string, DeclaredParameter>();
  if (node === undefined || (isScalar(node) && node.value === null)) return parameters;
  const where = (name: string) => yaml.where(["entry_points", entryPoint, "parameters", name]);
  if (!isMap(node)) {
    problems.add(
      yaml.where(["entry_points", entryPoint, "parameters"]),
      say`${"parameters"} is not a mapping of names.`,
    );
    return parameters;
  }
  for (const pair of node.items) {
    const name = isScalar(pair.key) ? String(pair.key.value) : "";
    if (!PARAMETER_NAME.test(name)) {
      problems.add(
        where(name),
        say`the parameter name ${name} is not a letter or underscore followed by letters, digits, ${"."}, ${"_"} or ${"-"}.`,
      );
      continue;
    }
    const value = pair.value;
    if (isScalar(value) && typeof value.value === "string") {
      parameters.set(name, { name, type: value.value, defaultValue: undefined });
    } else if (isMap(value)) {
      const fallback = value.get("default", true);
      const type = value.get("type");
      parameters.set(name, {
        name,
        type: typeof type === "string" ? type : "string",
        defaultValue:
          fallback === undefined || (isScalar(fallback) && fallback.value === null) ? undefined : pythonText(fallback),
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

/** A YAML node as MLflow puts it into the command: Python's `str` of what PyYAML makes of it. */
function pythonText(node: unknown, nested = false): string {
  if (isSeq(node)) return `[${node.items.map((item) => pythonText(item, true)).join(", ")}]`;
  if (isMap(node)) {
    return `{${node.items.map((pair) => `${pythonText(pair.key, true)}: ${pythonText(pair.value, true)}`).join(", ")}}`;
  }
  if (!isScalar(node)) return "";
  const { value, source } = node;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number" && source !== undefined) {
    // PyYAML wants a dot in a float (and a sign in its exponent); without them it reads text.
    const text = source.replaceAll("_", "");
    if (/^[-+]?(?:0x[\da-fA-F]+|0b[01]+|0[0-7]*|[1-9]\d*)$/.test(text)) return String(value);
    if (/^[-+]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]\d+)?$|^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/.test(text))
      return pythonFloat(value);
    return nested ? pythonString(source) : source;
  }
  const text = String(value);
  return nested ? pythonString(text) : text;
}

function optionalText(node: unknown): string | undefined {
  return isScalar(node) && node.value !== null ? String(node.value) : undefined;
}
