import { isAtLeast, MLFLOW_VERSION, OLDEST_WITH_UV, UV_VERSION } from "../adapters/mlflow/toolchain/pins.js";
import { Toolchain } from "../adapters/mlflow/toolchain/toolchain.js";
import type { Environment } from "../adapters/process/child-environment.js";
import { run } from "../adapters/process/command.js";
import { which } from "../adapters/process/which.js";
import type { EnvManager } from "../config/inputs.js";
import { say } from "../core/sentence.js";
import { desktopCache } from "../toolchain-cache.js";
import type { Findings } from "./finding.js";

/** Whether this machine has, or can get, the programs that an execution needs. Nothing is installed. */
export async function checkToolchain(
  folder: string,
  managers: ReadonlySet<Exclude<EnvManager, "auto">>,
  env: Environment,
  findings: Findings,
): Promise<void> {
  const cacheFolder = desktopCache(env);
  const signal = new AbortController().signal;
  const toolchain = new Toolchain({ env, cacheFolder, workspace: folder, signal, announce: () => {} });
  const onPath = (name: string) => which(name, env.PATH, folder);
  // Throws with its own advice when there is none.
  const python = await toolchain.python();
  findings.ok(say`Python for MLflow: ${python}.`);

  const uv = await onPath("uv");
  if (uv !== undefined) findings.ok(say`uv: ${uv}.`);
  else if (await hasPip(python, env)) {
    findings.info(say`uv is not on PATH: ${UV_VERSION} is installed into ${cacheFolder} on first use.`);
  } else {
    findings.problem(
      say`uv is not on PATH, and ${python} has no pip to install it with.`,
      say`Install uv (https://docs.astral.sh/uv/), or Python's pip.`,
    );
  }

  const mlflow = await toolchain.mlflowOnPath();
  const own = say`${MLFLOW_VERSION} is installed into ${cacheFolder} on first use.`;
  if (managers.has("local") && mlflow === undefined) {
    findings.problem(
      say`${"env-manager: local"} uses the MLflow of PATH, and there is none that can be started.`,
      say`Install the project's requirements first, or use ${"env-manager: uv"}.`,
    );
  } else if (mlflow === undefined) {
    findings.info(say`PATH has no MLflow that the gate can start: ${own}`);
  } else if (!isAtLeast(mlflow.version, OLDEST_WITH_UV) && !managers.has("local")) {
    findings.info(
      say`MLflow ${mlflow.version} on PATH cannot use uv (from ${OLDEST_WITH_UV.join(".")} on it can): ${own}`,
    );
  } else findings.ok(say`MLflow ${mlflow.version}: ${mlflow.file}.`);

  if (managers.has("virtualenv") && (await onPath("pyenv")) === undefined) {
    findings.problem(
      say`${"env-manager: virtualenv"} needs pyenv even where the right Python is installed, and it is not on PATH.`,
      say`Install pyenv, or use ${"env-manager: uv"}.`,
    );
  }
  if (managers.has("conda") && (await onPath("conda")) === undefined) {
    findings.problem(
      say`The project's environment needs conda, which is not on PATH.`,
      say`Install conda, or declare ${"python_env"} instead of ${"conda_env"}.`,
    );
  }
}

async function hasPip(python: string, env: Environment): Promise<boolean> {
  const script = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)";
  const asked = await run(python, ["-I", "-c", script], { cwd: "/", env: { PATH: env.PATH ?? "" } });
  return asked.exitCode === 0;
}
