import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestProject } from "vitest/node";
import { Toolchain } from "../../src/adapters/mlflow/toolchain/toolchain.js";
import { startEmbeddedServer } from "../../src/adapters/mlflow/tracking-server/embedded-server.js";
import { desktopCache } from "../../src/toolchain-cache.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The shared MLflow server. */
    trackingUri: string;
    /** The folder with `mlflow` and `python3` of the toolchain. */
    mlflowBin: string;
    /** RUNNER_TOOL_CACHE for gated steps: the toolchain is there already. */
    toolCache: string;
    uv: string;
  }
}

let clean: () => Promise<void> = async () => {};

/** Installs the pinned MLflow and uv into the user's cache, once, and starts one real server for all tests. */
export async function setup(project: TestProject): Promise<void> {
  const cacheFolder = desktopCache(process.env);
  const { signal } = new AbortController();
  const announce = (text: string) => process.stderr.write(`${text}\n`);
  const toolchain = new Toolchain({ env: process.env, cacheFolder, workspace: "/nonexistent", signal, announce });
  const skinny = await toolchain.installed("skinny");
  const uv = await toolchain.uv();
  const full = await toolchain.installed("full");
  const folder = await mkdtemp(join(tmpdir(), "repro-gate-tests-"));
  const server = await startEmbeddedServer({
    mlflow: full,
    env: process.env,
    backendStoreUri: `sqlite:///${join(folder, "mlflow.db")}`,
    artifactsFolder: join(folder, "artifacts"),
    folder,
    nonce: `tests-${process.pid}`,
    signal,
  });
  await server.ready;
  project.provide("trackingUri", server.uri);
  project.provide("mlflowBin", dirname(skinny.file));
  project.provide("toolCache", dirname(cacheFolder));
  project.provide("uv", uv);
  clean = async () => {
    await server.stop(true);
    await rm(folder, { recursive: true, force: true });
  };
}

export async function teardown(): Promise<void> {
  await clean();
}
