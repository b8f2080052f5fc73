import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GateError, messageOf } from "../../../core/gate-error.js";
import { type Sentence, say } from "../../../core/sentence.js";
import { childEnvironment, type Environment } from "../../process/child-environment.js";
import { run } from "../../process/command.js";
import { LogKeeper } from "../../process/output.js";
import { supervise } from "../../process/supervise.js";
import { which } from "../../process/which.js";
import { isAtLeast, MLFLOW_VERSION, OLDEST_PYTHON, OLDEST_WITH_UV, UV_VERSION } from "./pins.js";

/** An MLflow that can be started. */
export interface MlflowProgram {
  /** Absolute path of the `mlflow` script. */
  readonly file: string;
  /** The interpreter that the script runs in. */
  readonly python: string;
  readonly version: string;
}

export type Flavour = "skinny" | "full";

export interface ToolchainOptions {
  readonly env: Environment;
  /** Folder that survives the job: installed programs lie in it, by version. */
  readonly cacheFolder: string;
  /** Folder whose programs are never used: the repository under test; undefined at a desk, where it is the user's own. */
  readonly workspace: string | undefined;
  readonly signal: AbortSignal;
  /** Says what is being done, since an installation takes a while. */
  readonly announce: (text: string) => void;
}

const INSTALL_MS = 10 * 60_000;

/** Finds MLflow, uv and Python on PATH, or installs pinned ones into the cache. Each answer is found once. */
export class Toolchain {
  readonly #options: ToolchainOptions;
  #python: Promise<string> | undefined;
  #uv: Promise<string> | undefined;
  readonly #mlflow = new Map<Flavour, Promise<MlflowProgram>>();

  constructor(options: ToolchainOptions) {
    this.#options = options;
  }

  /** A Python that MLflow runs on. */
  python(): Promise<string> {
    this.#python ??= this.#findPython();
    return this.#python;
  }

  uv(): Promise<string> {
    this.#uv ??= this.#findUv();
    return this.#uv;
  }

  /** MLflow with its server (`full`), or enough of it to start a project against a server (`skinny`). */
  mlflow(flavour: Flavour): Promise<MlflowProgram> {
    const known = this.#mlflow.get(flavour);
    if (known !== undefined) return known;
    const found = this.#findMlflow(flavour);
    this.#mlflow.set(flavour, found);
    return found;
  }

  /** The `mlflow` of PATH, whatever its version; undefined when there is none. */
  async mlflowOnPath(): Promise<MlflowProgram | undefined> {
    const file = await this.#which("mlflow");
    if (file === undefined) return undefined;
    const python = await interpreterOf(file, (name) => this.#which(name));
    if (python === undefined) return this.#askVersion(file);
    // Importing MLflow takes seconds; its metadata tells the same. -I keeps the current folder out of the path.
    const script =
      "import importlib.metadata as m\nfor n in ('mlflow', 'mlflow-skinny'):\n try:\n  print(m.version(n)); break\n except m.PackageNotFoundError: pass";
    const probe = await run(python, ["-I", "-c", script], { cwd: dirname(file), env: this.#env() });
    const version = probe.stdout.trim();
    return probe.exitCode === 0 && version !== "" ? { file, python, version } : undefined;
  }

  /** A launcher such as pyenv's shim hides its interpreter: then MLflow itself is asked, which takes seconds. */
  async #askVersion(file: string): Promise<MlflowProgram | undefined> {
    const asked = await run(file, ["--version"], { cwd: dirname(file), env: this.#env() });
    const version = /version (\d[\w.]*)/.exec(asked.stdout)?.[1];
    return version === undefined ? undefined : { file, python: await this.python(), version };
  }

  async #findMlflow(flavour: Flavour): Promise<MlflowProgram> {
    // A server migrates and writes: it is always the pinned one. Any MLflow that knows uv can start a project.
    const present = flavour === "skinny" ? await this.mlflowOnPath() : undefined;
    return present !== undefined && isAtLeast(present.version, OLDEST_WITH_UV) ? present : this.installed(flavour);
  }

  /** The pinned MLflow, whatever PATH has. */
  async installed(flavour: Flavour): Promise<MlflowProgram> {
    const requirement = flavour === "full" ? `mlflow==${MLFLOW_VERSION}` : `mlflow-skinny==${MLFLOW_VERSION}`;
    const folder = await this.#installOnce(requirement, async (target) => {
      const uv = await this.uv();
      await this.#install(
        uv,
        ["venv", "--quiet", "--python", await this.python(), "--no-project", target],
        requirement,
      );
      const python = join(target, "bin", "python");
      await this.#install(uv, ["pip", "install", "--python", python, "--link-mode", "copy", requirement], requirement);
    });
    return { file: join(folder, "bin", "mlflow"), python: join(folder, "bin", "python"), version: MLFLOW_VERSION };
  }

  async #findUv(): Promise<string> {
    const present = await this.#which("uv");
    if (present !== undefined) return present;
    const folder = await this.#installOnce(`uv==${UV_VERSION}`, async (target) => {
      const python = await this.python();
      const pip = ["-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-warn-script-location"];
      await this.#install(python, [...pip, "--root-user-action=ignore", "--target", target, `uv==${UV_VERSION}`], "uv");
    });
    return join(folder, "bin", "uv");
  }

  async #findPython(): Promise<string> {
    const tried: string[] = [];
    for (const name of ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"]) {
      const file = await this.#which(name);
      if (file === undefined) continue;
      // sys.executable sees through launchers such as pyenv's, which need their own environment.
      const probe = await run(file, ["-I", "-c", "import sys; print(sys.version.split()[0]); print(sys.executable)"], {
        cwd: dirname(file),
        env: this.#env(),
      });
      const [version = "", executable = ""] = probe.stdout.trim().split("\n");
      if (probe.exitCode === 0 && isAtLeast(version, OLDEST_PYTHON)) return executable === "" ? file : executable;
      if (version !== "") tried.push(`${name} ${version}`);
    }
    const found = tried.length === 0 ? say`found none` : say`found ${tried.join(", ")}`;
    throw new GateError(
      "environment-manager-missing",
      say`MLflow needs Python ${OLDEST_PYTHON.join(".")} or newer on PATH; ${found}. Install one, for example with actions/setup-python.`,
    );
  }

  /** The folder of something installed into the cache; a folder appears only when it is complete. */
  async #installOnce(name: string, install: (target: string) => Promise<void>): Promise<string> {
    const python = await this.python();
    const folder = join(this.#options.cacheFolder, `${name}-${fingerprint(python)}`.replaceAll(/[^\w.-]+/g, "-"));
    const marker = join(folder, ".complete");
    if ((await readFile(marker, "utf8").catch(() => "")) === name) return folder;
    this.#options.announce(`Installing ${name} into ${this.#options.cacheFolder} …`);
    await mkdir(this.#options.cacheFolder, { recursive: true });
    // A virtual environment knows its own path, so it is made where it stays, under a lock.
    const lock = await this.#lock(folder, marker, name);
    if (lock === undefined) return folder;
    try {
      if ((await readFile(marker, "utf8").catch(() => "")) === name) return folder;
      await rm(folder, { recursive: true, force: true });
      await install(folder);
      await writeFile(marker, name);
      return folder;
    } finally {
      await rm(lock, { force: true });
    }
  }

  /** Takes the right to install, or waits until somebody else has done it (undefined). */
  async #lock(folder: string, marker: string, name: string): Promise<string | undefined> {
    const lock = `${folder}.lock`;
    for (;;) {
      try {
        await writeFile(lock, String(process.pid), { flag: "wx" });
        return lock;
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      }
      if ((await readFile(marker, "utf8").catch(() => "")) === name) return undefined;
      if (!isAlive(Number(await readFile(lock, "utf8").catch(() => "")))) await rm(lock, { force: true });
      await sleep(100, undefined, { signal: this.#options.signal });
    }
  }

  async #install(file: string, args: readonly string[], what: string): Promise<void> {
    const log = new LogKeeper();
    const end = await supervise({
      file,
      args,
      cwd: this.#options.cacheFolder,
      env: this.#env(),
      deadlineMs: INSTALL_MS,
      signal: this.#options.signal,
      onLine: (line) => log.add(line),
    }).catch((error: unknown) => {
      throw new GateError("environment-unavailable", say`${what} could not be installed: ${messageOf(error)}`);
    });
    if (end.kind === "cancelled")
      throw new GateError("cancelled", say`The job was cancelled while ${what} was being installed.`);
    if (end.exitCode === 0) return;
    const words = log.tail(3).join(" ").trim();
    const advice: Sentence = /No module named pip/.test(words)
      ? say`Put uv on PATH (for example by astral-sh/setup-uv), or install pip for ${file}.`
      : say`Check that this machine may reach the package index, or put ${what} on PATH.`;
    throw new GateError("environment-unavailable", say`${what} could not be installed: ${words}. ${advice}`);
  }

  #which(name: string): Promise<string | undefined> {
    return which(name, this.#options.env.PATH, this.#options.workspace);
  }

  #env(): Record<string, string> {
    // An active environment would become the target of uv's installations.
    const { VIRTUAL_ENV: _, ...env } = childEnvironment(this.#options.env);
    return {
      ...env,
      // The real home, for pip's and uv's own settings and caches: nothing of the project runs here.
      ...(this.#options.env.HOME === undefined ? {} : { HOME: this.#options.env.HOME }),
      PYTHONSAFEPATH: "1",
      UV_NO_PROGRESS: "1",
    };
  }
}

/** The interpreter of a console script, from its first line. */
async function interpreterOf(
  script: string,
  find: (name: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const text = await readFile(script, "utf8").catch(() => "");
  const direct = /^#!\s*(\/\S*python[\d.]*)\s*$/m.exec(text.slice(0, 1000));
  if (direct?.[1] !== undefined) return direct[1];
  // Long paths: "#!/bin/sh" and then '''exec' /path/python "$0" "$@".
  const wrapped = /'''exec'\s+"?([^"\s]*python[\d.]*)"?\s/.exec(text.slice(0, 1000));
  if (wrapped?.[1] !== undefined) return wrapped[1];
  return /^#!\s*\/usr\/bin\/env python3?\s*$/m.test(text.slice(0, 1000)) ? find("python3") : undefined;
}

/** Whether a process exists; an unreadable ID (the lock is just being written) counts as alive. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Tells interpreters apart in a folder's name. */
function fingerprint(python: string): string {
  let hash = 0;
  for (const character of python) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash.toString(36);
}

/** PATH with a program's folder in front. */
export function withFolder(path: string | undefined, program: string): string {
  const folder = dirname(program);
  const entries = (path ?? "").split(delimiter).filter((entry) => entry !== "" && entry !== folder);
  return [folder, ...entries].join(delimiter);
}
