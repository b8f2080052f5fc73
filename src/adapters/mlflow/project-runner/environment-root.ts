import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Execution } from "../../../gate/ports.js";
import type { MlflowProgram } from "../toolchain/toolchain.js";

/**
 * The folder for environments of one kind. MLflow's own key knows neither the lock file nor the manager and reuses
 * what it finds unchecked, so each combination of environment files, manager and MLflow gets a folder of its own.
 */
export async function environmentRoot(folder: string, execution: Execution, mlflow: MlflowProgram): Promise<string> {
  const hash = createHash("sha256").update(`${execution.envManager}\0${mlflow.python}\0${mlflow.version}`);
  for (const name of execution.environmentFiles) {
    const content = await readFile(join(execution.projectFolder, name)).catch(() => Buffer.from("absent"));
    hash.update(`\0${name}\0${content.length}\0`).update(content);
  }
  const root = join(folder, hash.digest("hex").slice(0, 16));
  await mkdir(root, { recursive: true });
  return root;
}
