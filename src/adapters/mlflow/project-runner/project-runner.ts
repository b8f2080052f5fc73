import { mkdir, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { EnvManager } from "../../../config/inputs.js";
import { GateError, messageOf } from "../../../core/gate-error.js";
import { say } from "../../../core/sentence.js";
import type { Execution, ExecutionEnd, ProjectRunner } from "../../../gate/ports.js";
import { childEnvironment, type Environment } from "../../process/child-environment.js";
import { harmless, LogKeeper } from "../../process/output.js";
import { NONCE_VARIABLE, type StartedProcess, supervise } from "../../process/supervise.js";
import { isInside, which } from "../../process/which.js";
import { type MlflowProgram, type Toolchain, withFolder } from "../toolchain/toolchain.js";
import { environmentRoot } from "./environment-root.js";

export interface MlflowProjectRunnerOptions {
  readonly toolchain: Toolchain;
  readonly env: Environment;
  /** A folder of this invocation alone. */
  readonly folder: string;
  /** Folder whose programs are never used, undefined at a desk. */
  readonly workspace: string | undefined;
  /** Values that reach no child under any name. */
  readonly secrets: ReadonlySet<string>;
  readonly nonce: string;
  readonly signal: AbortSignal;
  /** Gets every line that the training prints, control characters removed. */
  readonly output: { begin(): void; line(text: string): void; end(): void };
  readonly onStart: (process: StartedProcess) => void;
}

/** How many of the last lines a report shows. */
const TAIL_LINES = 40;

/** Runs MLflow projects with `mlflow run`, each in its own process group and with nothing of ours in its environment. */
export class MlflowProjectRunner implements ProjectRunner {
  readonly #options: MlflowProjectRunnerOptions;

  constructor(options: MlflowProjectRunnerOptions) {
    this.#options = options;
  }

  async prepare(
    envManager: EnvManager,
    environment: "python" | "conda" | "none",
  ): Promise<Exclude<EnvManager, "auto">> {
    const manager = envManager === "auto" ? (environment === "conda" ? "conda" : "uv") : envManager;
    switch (manager) {
      case "uv":
        if (environment === "conda") {
          throw missing(say`The project declares ${"conda_env"}, which uv cannot make. Use ${"env-manager: conda"}.`);
        }
        await this.#options.toolchain.uv();
        break;
      case "virtualenv":
        if (environment === "conda") {
          throw missing(
            say`The project declares ${"conda_env"}, which virtualenv cannot make. Use ${"env-manager: conda"}.`,
          );
        }
        // MLflow asks pyenv for the interpreter even when the running one would do.
        await this.#require(
          "pyenv",
          say`${"env-manager: virtualenv"} needs pyenv. Install it, or use ${"env-manager: uv"}.`,
        );
        break;
      case "conda":
        if (environment === "python") {
          throw missing(say`The project declares ${"python_env"}, which conda cannot make. Use ${"env-manager: uv"}.`);
        }
        await this.#conda();
        break;
      case "local":
        break;
    }
    await this.#mlflow(manager);
    return manager;
  }

  async #require(program: string, sentence: ReturnType<typeof say>): Promise<string> {
    const found = await which(program, this.#options.env.PATH, this.#options.workspace);
    if (found === undefined) throw missing(say`${program} is not on PATH. ${sentence}`);
    return found;
  }

  /** The root of conda's installation: PATH's, else what an activated conda or GitHub's images name. */
  async #conda(): Promise<string> {
    const { env, workspace } = this.#options;
    const onPath = await which("conda", env.PATH, workspace);
    if (onPath !== undefined) return dirname(dirname(onPath));
    const root = env.CONDA_EXE === undefined ? env.CONDA : dirname(dirname(env.CONDA_EXE));
    if (root !== undefined && (await which("conda", join(root, "bin"), workspace)) !== undefined) return root;
    throw missing(
      say`The project's environment needs conda, which is neither on PATH nor named by ${"CONDA"}. Install it, or declare ${"python_env"}.`,
    );
  }

  async #mlflow(manager: Exclude<EnvManager, "auto">): Promise<MlflowProgram> {
    if (manager !== "local") return this.#options.toolchain.mlflow("skinny");
    const present = await this.#options.toolchain.mlflowOnPath();
    if (present !== undefined) return present;
    throw missing(
      say`${"env-manager: local"} uses the MLflow and the libraries of PATH, and there is no ${"mlflow"} (one inside the repository is not used in a workflow). Install the project's requirements in a step before this one.`,
    );
  }

  async missingFiles(projectFolder: string, paths: readonly string[]): Promise<readonly string[]> {
    const missingPaths: string[] = [];
    for (const path of paths) {
      if (/^[A-Za-z][A-Za-z0-9+.-]*:\//.test(path)) continue;
      const found = await stat(resolve(projectFolder, path)).catch(() => undefined);
      if (found === undefined) missingPaths.push(path);
    }
    return missingPaths;
  }

  async run(execution: Execution): Promise<ExecutionEnd> {
    const options = this.#options;
    const mlflow = await this.#mlflow(execution.envManager);
    const projectFolder = await realpath(execution.projectFolder);
    if (!isInside(projectFolder, await realpath(options.folder))) {
      throw new GateError("configuration", say`The project's folder leads outside the repository by a symbolic link.`);
    }
    let log = new LogKeeper();
    let entryPointStarted = false;
    const announcement = `in run with ID '${execution.runId}' ===`;
    const env = await this.#environment(execution, mlflow);
    options.output.begin();
    const end = await supervise({
      file: mlflow.file,
      args: commandLine(execution),
      cwd: projectFolder,
      env,
      deadlineMs: execution.timeoutMinutes * 60_000,
      signal: options.signal,
      nonce: options.nonce,
      onStart: options.onStart,
      onLine: (raw) => {
        const line = harmless(raw).replaceAll(projectFolder, ".").replaceAll(options.folder, "$JOB");
        // What was printed before, the environment's making, is of no more interest.
        if (line.includes("=== Running command '") && line.includes(announcement)) {
          entryPointStarted = true;
          log = new LogKeeper();
        }
        log.add(line);
        options.output.line(line);
      },
    })
      .catch((error: unknown) => {
        throw new GateError("configuration", say`${"mlflow run"} could not be started: ${messageOf(error)}`);
      })
      .finally(() => options.output.end());
    return { ...end, entryPointStarted, log: { tail: log.tail(TAIL_LINES), droppedBytes: log.droppedBytes } };
  }

  async #environment(execution: Execution, mlflow: MlflowProgram): Promise<Record<string, string>> {
    const { env, folder, nonce, secrets } = this.#options;
    const home = join(folder, "home");
    const temporary = join(folder, "tmp");
    await Promise.all([home, temporary].map((path) => mkdir(path, { recursive: true })));
    const base = childEnvironment(env, execution.passEnv, secrets);
    // `local` means PATH as it is; the other managers find uv, and MLflow's own folder stays out of the way.
    const path =
      execution.envManager === "uv" ? withFolder(base.PATH, await this.#options.toolchain.uv()) : (base.PATH ?? "");
    return {
      ...(await cachesOfHome(env)),
      ...base,
      PATH: path,
      HOME: execution.passHome ? (env.HOME ?? home) : home,
      TMPDIR: temporary,
      CI: "true",
      GIT_TERMINAL_PROMPT: "0",
      PYTHONUNBUFFERED: "1",
      PYTHONIOENCODING: "utf-8",
      MLFLOW_DISABLE_TELEMETRY: "true",
      DO_NOT_TRACK: "true",
      // A server that is gone must not hold the training for minutes.
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: "3",
      MLFLOW_ENV_ROOT: await environmentRoot(join(folder, "envs"), execution, mlflow),
      MLFLOW_RUN_CONTEXT: JSON.stringify(execution.contextTags),
      ...execution.trackingEnvironment,
      ...(execution.envManager === "conda" ? { MLFLOW_CONDA_HOME: await this.#conda() } : {}),
      // Copies, so that a training cannot change what later jobs take from a shared cache.
      UV_LINK_MODE: "copy",
      UV_NO_PROGRESS: "1",
      [NONCE_VARIABLE]: nonce,
    };
  }
}

/** Arguments of `mlflow run`; a value starts no option because each stands behind its own `-P`. */
function commandLine(execution: Execution): string[] {
  return [
    "run",
    ".",
    ...["--entry-point", execution.entryPoint],
    ...["--run-id", execution.runId],
    ...["--experiment-id", execution.experimentId],
    ...["--backend", "local"],
    ...["--env-manager", execution.envManager],
    ...[...execution.parameters].flatMap(([name, value]) => ["-P", `${name}=${value}`]),
  ];
}

/** What tools would have found in the real home, as variables, since the training's home is an empty folder. */
async function cachesOfHome(env: Environment): Promise<Record<string, string>> {
  const home = env.HOME ?? homedir();
  const cache = env.XDG_CACHE_HOME ?? join(home, ".cache");
  const config = env.XDG_CONFIG_HOME ?? join(home, ".config");
  const places: readonly (readonly [string, readonly string[]])[] = [
    ["UV_CONFIG_FILE", [join(config, "uv", "uv.toml")]],
    ["UV_PYTHON_INSTALL_DIR", [join(home, ".local", "share", "uv", "python")]],
    ["PIP_CONFIG_FILE", [join(config, "pip", "pip.conf"), join(home, ".pip", "pip.conf")]],
    ["PYENV_ROOT", [join(home, ".pyenv")]],
  ];
  const found: Record<string, string> = { UV_CACHE_DIR: join(cache, "uv"), PIP_CACHE_DIR: join(cache, "pip") };
  for (const [name, paths] of places) {
    for (const path of paths) {
      const exists = await stat(path).then(
        () => true,
        () => false,
      );
      if (exists) found[name] ??= path;
    }
  }
  return found;
}

function missing(sentence: ReturnType<typeof say>): GateError {
  return new GateError("environment-manager-missing", sentence);
}
