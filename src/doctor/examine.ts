import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTopLevel } from "../adapters/git/open-repository.js";
import type { Environment } from "../adapters/process/child-environment.js";
import type { Settings } from "../config/settings.js";
import type { TrackingLocation } from "../config/tracking-address.js";
import { GateError, messageOf } from "../core/gate-error.js";
import { say } from "../core/sentence.js";
import type { RunReader } from "../gate/ports.js";
import { checkBaseline } from "./check-baseline.js";
import { type Configured, checkConfiguration, settingsOf } from "./check-configuration.js";
import { checkData } from "./check-data.js";
import { checkEnvironment, environmentManager } from "./check-environment.js";
import { checkGit, checkHistory, checkWorkingTree } from "./check-git.js";
import { checkParameters, checkProject, foldersOfProjects, type ProjectAtDesk } from "./check-project.js";
import { checkToolchain } from "./check-toolchain.js";
import { checkCommittedStore, checkLocalStore, checkServer, locateTracking, secretsOf } from "./check-tracking.js";
import { checkWorkflows } from "./check-workflows.js";
import { Checkout } from "./checkout.js";
import { type CheckName, type Finding, Findings } from "./finding.js";

export interface ExamineOptions {
  /** Name or folder of the project; undefined for all that are configured. */
  readonly project: string | undefined;
  /** Any folder of the repository. */
  readonly cwd: string;
  readonly env: Environment;
}

export interface Examination {
  /** Top folder of the repository. */
  readonly folder: string;
  /** In the order of the checks. */
  readonly findings: readonly Finding[];
  /** Values that may not be printed. */
  readonly secrets: readonly string[];
}

/** Looks for mistakes in a repository's set-up, executing nothing of it and writing nothing into it. */
export async function examine(options: ExamineOptions): Promise<Examination> {
  const temporary = await mkdtemp(join(await realpath(tmpdir()), "repro-gate-doctor-"));
  try {
    const folder = await findTopLevel(options.cwd, options.env);
    const checkout = await Checkout.open(folder, temporary, options.env);
    return await new Examiner(checkout, temporary, options).examine();
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** One examination; a check that fails is a finding and keeps no other from being made. */
class Examiner {
  readonly #checkout: Checkout;
  readonly #temporary: string;
  readonly #options: ExamineOptions;
  readonly #sections: Findings[] = [];

  constructor(checkout: Checkout, temporary: string, options: ExamineOptions) {
    this.#checkout = checkout;
    this.#temporary = temporary;
    this.#options = options;
  }

  async examine(): Promise<Examination> {
    const checkout = this.#checkout;
    const { env } = this.#options;
    await this.#examineGit();
    const configured = (await this.#check("configuration", (findings) => checkConfiguration(checkout, findings))) ?? {
      config: undefined,
      readable: false,
    };
    const wanted = await this.#settings(configured);
    const projects: ProjectAtDesk[] = [];
    for (const settings of wanted) {
      const project = (await this.#examineProject(settings)) ?? (await this.#examineUnnamed(configured, settings));
      if (project !== undefined) projects.push(project);
    }
    const managers = new Set(
      projects.map(({ project, settings }) => environmentManager(settings.envManager, project.environment)),
    );
    await Promise.all([
      this.#check("toolchain", (findings) => checkToolchain(checkout.folder, managers, env, findings)),
      this.#examineTracking(configured, wanted, projects),
      this.#check("workflow", (findings) => checkWorkflows(checkout, configured.config?.comment === "never", findings)),
    ]);
    return {
      folder: checkout.folder,
      findings: this.#sections.flatMap(({ found }) => found),
      secrets: secretsOf(env, configured.config),
    };
  }

  async #examineGit(): Promise<void> {
    const checkout = this.#checkout;
    const desk = await this.#check("git", (findings) =>
      checkGit(checkout, this.#temporary, this.#options.env, findings),
    );
    if (desk === undefined) return;
    await this.#check("history", (findings) => checkHistory(checkout, desk, findings));
    await this.#check("working-tree", async (findings) => checkWorkingTree(desk, findings));
  }

  async #settings(configured: Configured): Promise<readonly Settings[]> {
    const { env, project } = this.#options;
    // A configuration that cannot be read says nothing about projects: the only one there is, is meant.
    const only = configured.readable ? undefined : await this.#onlyFolder();
    const name = project ?? (only === "" ? "." : only);
    if (!configured.readable && name === undefined) return [];
    const settings = await this.#check("configuration", async (findings) =>
      settingsOf(configured, name, env, findings),
    );
    return settings ?? [];
  }

  async #onlyFolder(): Promise<string | undefined> {
    const folders = await foldersOfProjects(this.#checkout);
    return folders.length === 1 ? folders[0] : undefined;
  }

  async #examineProject(settings: Settings): Promise<ProjectAtDesk | undefined> {
    const checkout = this.#checkout;
    const project = await this.#check("project", (findings) => checkProject(checkout, settings, findings));
    if (project === undefined) return undefined;
    await this.#check("parameters", async (findings) => checkParameters(project, findings));
    await this.#check("environment", (findings) => checkEnvironment(checkout, project, findings));
    await this.#check("data", (findings) => checkData(checkout, project, findings));
    return project;
  }

  /** Where nobody names a project and the root has none, the only one there is deserves a look all the same. */
  async #examineUnnamed({ config }: Configured, settings: Settings): Promise<ProjectAtDesk | undefined> {
    const named = this.#options.project !== undefined || (config?.projects.length ?? 0) > 0;
    const path = named ? undefined : await this.#onlyFolder();
    return path === undefined || path === settings.path ? undefined : this.#examineProject({ ...settings, path });
  }

  async #examineTracking(
    { config }: Configured,
    wanted: readonly Settings[],
    projects: readonly ProjectAtDesk[],
  ): Promise<void> {
    const checkout = this.#checkout;
    const { env } = this.#options;
    const baselines: Findings[] = [];
    const look = async (reader: RunReader) => {
      for (const settings of wanted) {
        const name = projects.find(({ path }) => path === settings.path)?.project.name;
        const findings = new Findings("baseline");
        baselines.push(findings);
        await guard(findings, () => checkBaseline(reader, checkout, settings, name, findings));
      }
    };
    await this.#check("tracking", async (findings) => {
      const location: TrackingLocation | undefined = locateTracking(env, config, findings);
      const folders = projects.map(({ path }) => path);
      await checkCommittedStore(checkout, folders, findings);
      if (location?.kind === "server") await checkServer(checkout, location, config, env, findings, look);
      else if (location !== undefined) await checkLocalStore(checkout, location, findings);
    });
    this.#sections.push(...baselines);
  }

  /** Makes one check; its place among the others is where it was begun. */
  async #check<T>(name: CheckName, body: (findings: Findings) => Promise<T>): Promise<T | undefined> {
    const findings = new Findings(name);
    this.#sections.push(findings);
    return guard(findings, () => body(findings));
  }
}

async function guard<T>(findings: Findings, body: () => Promise<T>): Promise<T | undefined> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof GateError) findings.problem(error.sentence);
    else findings.problem(say`This could not be checked: ${messageOf(error)}.`);
    return undefined;
  }
}
