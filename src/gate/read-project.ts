import { parseMlProject } from "../config/mlproject.js";
import { describeProblems } from "../config/problems.js";
import { GateError } from "../core/gate-error.js";
import type { EntryPoint, MlProject } from "../core/mlproject.js";
import { nearMiss } from "../core/near-miss.js";
import { list, type Sentence, say } from "../core/sentence.js";
import type { Repository } from "./ports.js";

/** An MLflow project as one commit has it. */
export interface ProjectAtCommit {
  readonly project: MlProject;
  /** Files that decide about the environment, relative to the project's folder. */
  readonly environmentFiles: readonly string[];
}

const LOCK_FILES = ["uv.lock", "pyproject.toml", "requirements.txt"];

/**
 * Reads the MLproject in a folder at a commit; undefined when the commit has none there, with the reason.
 *
 * @throws GateError `configuration` when the file cannot be read as an MLproject
 */
export async function readProject(
  repository: Repository,
  commit: string,
  path: string,
): Promise<ProjectAtCommit | { readonly absent: Sentence }> {
  const shown = path === "" ? "." : path;
  const entries = await repository.list(commit, path);
  if (entries === undefined) {
    return { absent: say`the commit ${commit.slice(0, 12)} has no folder ${shown}` };
  }
  const entry = entries.find(({ name }) => name.toLowerCase() === "mlproject");
  if (entry === undefined) {
    return {
      absent: say`the folder ${shown} of ${commit.slice(0, 12)} has no file ${"MLproject"}; it has ${list(entries.map(({ name }) => name))}`,
    };
  }
  const file = path === "" ? entry.name : `${path}/${entry.name}`;
  if (entry.kind !== "file") {
    throw new GateError(
      "configuration",
      say`${file} is a ${entry.kind}, not a file: it could lead outside the repository.`,
    );
  }
  const text = (await repository.readFile(commit, file)) ?? "";
  const parsed = parseMlProject(
    file,
    text,
    entries.map(({ name }) => name),
  );
  if ("problems" in parsed) throw new GateError("configuration", describeProblems(parsed.problems));
  const { environment } = parsed.project;
  const declared = environment.kind === "python" || environment.kind === "conda" ? [environment.file] : [];
  const present = LOCK_FILES.filter((name) => entries.some((candidate) => candidate.name === name));
  return { project: parsed.project, environmentFiles: [...new Set([...declared, ...present])] };
}

/**
 * The entry point that was asked for.
 *
 * @throws GateError `configuration` when the MLproject does not declare it
 */
export function findEntryPoint(project: MlProject, name: string): EntryPoint {
  const found = project.entryPoints.get(name);
  if (found !== undefined) return found;
  const names = [...project.entryPoints.keys()];
  const near = nearMiss(name, names);
  throw new GateError(
    "configuration",
    say`${"entry-point"}: the MLproject has no entry point ${name}; it has ${list(names)}${near === undefined ? say`.` : say`. Did you mean ${near}?`}`,
  );
}
