import type { Environment } from "../adapters/process/child-environment.js";
import { type ConfigFile, DEFAULT_CONFIG_PATH, parseConfigFile } from "../config/config-file.js";
import { parseInputs } from "../config/inputs.js";
import { resolveSettings, type Settings } from "../config/settings.js";
import { GateError } from "../core/gate-error.js";
import { list, say } from "../core/sentence.js";
import { type Checkout, describeUnseen } from "./checkout.js";
import type { Findings } from "./finding.js";

/** Where people put the file as well, and nobody reads it. */
const LOOK_ALIKES = [
  ".github/repro-gate.yaml",
  ".github/repro_gate.yml",
  "repro-gate.yml",
  "repro-gate.yaml",
  ".repro-gate.yml",
];

export interface Configured {
  /** Undefined when there is none, or it does not parse. */
  readonly config: ConfigFile | undefined;
  /** False when a file is there but does not parse, so that nothing follows from what it lacks. */
  readonly readable: boolean;
}

/** Reads the configuration file and names everything that is wrong with it. */
export async function checkConfiguration(checkout: Checkout, findings: Findings): Promise<Configured> {
  const kind = await checkout.kind(DEFAULT_CONFIG_PATH);
  if (kind === undefined) {
    for (const path of LOOK_ALIKES) {
      if ((await checkout.kind(path)) !== "file") continue;
      findings.warning(say`${path} is not read.`, say`Call it ${DEFAULT_CONFIG_PATH}.`);
    }
    if (findings.well) findings.info(say`There is no ${DEFAULT_CONFIG_PATH}: every value has its default.`);
    return { config: undefined, readable: true };
  }
  const content = await checkout.readText(DEFAULT_CONFIG_PATH);
  if (content === undefined) {
    findings.problem(say`${DEFAULT_CONFIG_PATH} is a ${kind} and cannot be read: the gate wants a regular file.`);
    return { config: undefined, readable: false };
  }
  const unseen = describeUnseen(await checkout.held(DEFAULT_CONFIG_PATH));
  if (unseen !== undefined) {
    findings.problem(say`${DEFAULT_CONFIG_PATH} ${unseen}: the gate reads it from the commit.`, say`Commit it.`);
  }
  const parsed = parseConfigFile(DEFAULT_CONFIG_PATH, content);
  if ("problems" in parsed) {
    for (const { where, sentence } of parsed.problems) findings.problem(say`${where}: ${sentence}`);
    return { config: undefined, readable: false };
  }
  const { config } = parsed;
  for (const { path } of config.projects) {
    if (path === "" || (await checkout.kind(path)) === "folder") continue;
    findings.problem(
      say`${DEFAULT_CONFIG_PATH} names the project folder ${path}, which does not exist.`,
      say`Put right its ${"path"}, relative to the repository's root.`,
    );
  }
  if (findings.well) {
    const names = config.projects.map((project) => project.name ?? (project.path || "."));
    const projects = names.length === 0 ? say`no project of its own` : list(names);
    findings.ok(say`${DEFAULT_CONFIG_PATH} can be read; its projects: ${projects}.`);
  }
  return { config, readable: true };
}

/**
 * What holds for each project that is to be looked at: the named one, else all that are configured, else the root.
 */
export function settingsOf(
  { config }: Configured,
  wanted: string | undefined,
  env: Environment,
  findings: Findings,
): readonly Settings[] {
  const configured = config?.projects.map((project) => project.name ?? (project.path || ".")) ?? [];
  const names = wanted !== undefined ? [wanted] : configured.length > 0 ? configured : [undefined];
  return names.flatMap((name) => {
    try {
      const { inputs } = parseInputs(name === undefined ? {} : { project: name });
      return [resolveSettings(inputs, env, { head: config, forkPoint: undefined, judged: false })];
    } catch (error) {
      if (!(error instanceof GateError)) throw error;
      findings.problem(error.sentence);
      return [];
    }
  });
}
