import { posix } from "node:path";
import { parseMlProject } from "../config/mlproject.js";
import type { Settings } from "../config/settings.js";
import { GateError } from "../core/gate-error.js";
import type { EntryPoint, MlProject } from "../core/mlproject.js";
import { planParameters, quotesPlaceholder } from "../core/parameters.js";
import { list, say } from "../core/sentence.js";
import { findEntryPoint } from "../gate/read-project.js";
import { type Checkout, describeUnseen } from "./checkout.js";
import type { Findings } from "./finding.js";
import { unknownPlaceholders } from "./placeholders.js";

/** An MLflow project as it lies on the desk. */
export interface ProjectAtDesk {
  /** Folder relative to the repository, "" for its root. */
  readonly path: string;
  readonly project: MlProject;
  /** Undefined when the MLproject does not declare the one that is asked for. */
  readonly entryPoint: EntryPoint | undefined;
  /** Names of the files in the folder. */
  readonly names: readonly string[];
  readonly settings: Settings;
}

/** Finds and parses the MLproject, and names everything that is wrong with it. */
export async function checkProject(
  checkout: Checkout,
  settings: Settings,
  findings: Findings,
): Promise<ProjectAtDesk | undefined> {
  const { path } = settings;
  const names = await checkout.names(path);
  const found = names?.find((name) => name.toLowerCase() === "mlproject");
  if (names === undefined || found === undefined) {
    await reportAbsence(checkout, path, names !== undefined, findings);
    return undefined;
  }
  const file = posix.join(path, found);
  const content = await checkout.readText(file);
  if (content === undefined) {
    findings.problem(say`${file} cannot be read: the gate wants a regular file and follows no symbolic link.`);
    return undefined;
  }
  const unseen = describeUnseen(await checkout.held(file));
  if (unseen !== undefined) findings.problem(say`${file} ${unseen}: the gate only sees commits.`, say`Commit it.`);
  const parsed = parseMlProject(file, content, names);
  if ("problems" in parsed) {
    for (const { where, sentence } of parsed.problems) findings.problem(say`${where}: ${sentence}`);
    return undefined;
  }
  const { project } = parsed;
  if (project.environment.kind === "docker") {
    findings.problem(
      say`${file} declares ${"docker_env"}, which the gate does not run: a container sees paths and variables of the host.`,
      say`Declare ${"python_env"} or ${"conda_env"}.`,
    );
  }
  const entryPoint = selectEntryPoint(project, settings, findings);
  if (entryPoint !== undefined) checkCommand(file, entryPoint, findings);
  if (findings.well && entryPoint !== undefined) {
    findings.ok(
      say`${file}: entry point ${entryPoint.name} with ${entryPoint.parameters.size} ${entryPoint.parameters.size === 1 ? ["parameter"] : ["parameters"]}.`,
    );
  }
  return { path, project, entryPoint, names, settings };
}

/** Folders that hold an MLproject, "" for the root. */
export async function foldersOfProjects(checkout: Checkout): Promise<string[]> {
  const files = await checkout.files();
  return files.filter((file) => /(?:^|\/)mlproject$/i.test(file)).map((file) => file.slice(0, -"/mlproject".length));
}

async function reportAbsence(checkout: Checkout, path: string, isFolder: boolean, findings: Findings): Promise<void> {
  const elsewhere = await foldersOfProjects(checkout);
  const shown = path === "" ? say`The root of the repository` : say`The folder ${path}`;
  const lack = isFolder ? say`has no file ${"MLproject"}` : say`does not exist`;
  const [first] = elsewhere;
  if (first === undefined) {
    findings.problem(
      say`${shown} ${lack}, and no other folder has one.`,
      say`The gate re-executes MLflow projects: add an ${"MLproject"} with the entry point of the training.`,
    );
    return;
  }
  findings.problem(
    say`${shown} ${lack}; there is one in ${list(elsewhere.map((folder) => folder || "."))}.`,
    say`Name its folder: ${`path: ${first || "."}`} of a project in ${".github/repro-gate.yml"}, or ${`--project ${first || "."}`}.`,
  );
}

function selectEntryPoint(project: MlProject, settings: Settings, findings: Findings): EntryPoint | undefined {
  try {
    return findEntryPoint(project, settings.entryPoint);
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    findings.problem(error.sentence);
    return undefined;
  }
}

function checkCommand(file: string, entryPoint: EntryPoint, findings: Findings): void {
  const unknown = unknownPlaceholders(entryPoint);
  if (unknown.length > 0) {
    findings.problem(
      say`${file}: the command of ${entryPoint.name} contains ${list(unknown)}, which MLflow takes for parameters that are not declared.`,
      say`Declare them, or double the braces that are meant literally: ${"${{HOME}}"}.`,
    );
  }
  const quoted = [...entryPoint.parameters.keys()].filter((name) => quotesPlaceholder(entryPoint.command, name));
  if (quoted.length > 0) {
    findings.warning(
      say`${file}: the command of ${entryPoint.name} puts quotes around ${list(quoted.map((name) => `{${name}}`))}. MLflow quotes values itself, so inside them a value with a space or a ${"$"} is acted on by the shell, and the gate refuses to pass it.`,
      say`Remove the quotes around the placeholders.`,
    );
  }
}

/** Whether every parameter will have a value, and every configured one a place. */
export function checkParameters({ entryPoint, settings }: ProjectAtDesk, findings: Findings): void {
  if (entryPoint === undefined) return;
  const { problems } = planParameters(entryPoint, undefined, settings.parameters, settings.labels, undefined);
  for (const { reason, sentence } of problems) {
    if (reason !== "parameters-unavailable") findings.problem(sentence);
  }
  const given = (name: string) => settings.parameters.has(name) || settings.labels.has(name);
  const required = [...entryPoint.parameters.values()]
    .filter(({ name, defaultValue }) => defaultValue === undefined && !given(name))
    .map(({ name }) => name);
  if (required.length > 0) {
    findings.warning(
      say`The entry point ${entryPoint.name} requires ${list(required)}, to which neither the configuration nor a default gives a value: only a recorded baseline does, and without one nothing can be executed.`,
      say`Nothing to do where a baseline records them. Else set ${`parameters: { ${required.join(": …, ")}: … }`} in ${".github/repro-gate.yml"}.`,
    );
  } else if (findings.well) findings.ok(say`Every parameter of ${entryPoint.name} has a value.`);
}
