import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { openRepository } from "./adapters/git/open-repository.js";
import type { Remote } from "./adapters/git/repository.js";
import { OpenStores } from "./adapters/mlflow/open-stores.js";
import { MlflowProjectRunner } from "./adapters/mlflow/project-runner/project-runner.js";
import { Toolchain } from "./adapters/mlflow/toolchain/toolchain.js";
import type { Environment } from "./adapters/process/child-environment.js";
import type { StartedProcess } from "./adapters/process/supervise.js";
import type { Inputs } from "./config/inputs.js";
import { redact } from "./core/redact.js";
import type { Sentence } from "./core/sentence.js";
import type { CheckPorts } from "./gate/check.js";
import type { JobState, Log } from "./gate/ports.js";

/** Prefix of every temporary folder, by which leftovers are recognised. */
const FOLDER_PREFIX = "repro-gate-";

export interface WireOptions {
  readonly inputs: Inputs;
  readonly env: Environment;
  readonly workspace: string;
  /** Whether programs that lie inside the workspace may be run: at a desk they are the user's own. */
  readonly trustWorkspace: boolean;
  /** Where this invocation's folder is made. */
  readonly temporaryFolder: string;
  /** Where the toolchain is kept for later invocations. */
  readonly cacheFolder: string;
  readonly remote: Remote | undefined;
  readonly storeFile: string | undefined;
  readonly log: Log;
  /** Where the training's lines go. */
  readonly training: { begin(): void; line(text: string): void; end(): void };
  readonly signal: AbortSignal;
  /** Called before anything is started, with the folder and the nonce that a later process can clean up by. */
  readonly openJobState: (folder: string, nonce: string) => JobState;
  /** Also keeps a secret out of the runner's own log. */
  readonly mask: (secret: string) => void;
}

/** The adapters of one check, and what has to be ended with it. */
export interface Wired {
  readonly ports: CheckPorts;
  /** Removes every secret that is known by now. */
  readonly redact: (text: string) => string;
  /** Stops the servers and removes the folder; in a hurry nothing is waited for politely. */
  close(hurry: boolean): Promise<void>;
}

/** Makes the adapters of one check and hands them to each other. */
export async function wire(options: WireOptions): Promise<Wired> {
  const { env, inputs, log, signal, training } = options;
  await mkdir(options.temporaryFolder, { recursive: true });
  // The real path: MLflow and git compare paths as text.
  const folder = await mkdtemp(join(await realpath(options.temporaryFolder), FOLDER_PREFIX));
  const nonce = randomUUID();
  const jobState = options.openJobState(folder, nonce);
  const workspace = await realpath(options.workspace).catch(() => options.workspace);
  const untrusted = options.trustWorkspace ? undefined : workspace;
  const secrets = new Set(
    [inputs.trackingPassword, inputs.trackingToken, inputs.githubToken].filter((secret) => secret !== undefined),
  );
  const mask = (secret: string) => {
    secrets.add(secret);
    options.mask(secret);
  };
  const warn = (sentence: Sentence) => log.warning(sentence);
  const onStart = (process: StartedProcess) => jobState.rememberProcess(process);
  const toolchain = new Toolchain({
    env,
    cacheFolder: options.cacheFolder,
    workspace: untrusted,
    signal,
    announce: (text) => log.info(text),
  });
  const opened: OpenStores[] = [];
  const repository = await openRepository(workspace, folder, env, options.remote).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const ports: CheckPorts = {
    repository,
    openStores: async (config) => {
      const stores = await OpenStores.open(
        { inputs, env, toolchain, folder, workspace, storeFile: options.storeFile, nonce, signal, onStart, warn, mask },
        config,
      );
      opened.push(stores);
      return stores;
    },
    runner: new MlflowProjectRunner({
      toolchain,
      env,
      folder,
      workspace: untrusted,
      secrets,
      nonce,
      signal,
      output: training,
      onStart,
    }),
    jobState,
    clock: { now: () => Date.now() },
    ids: { uuid: () => randomUUID() },
    log,
    signal,
  };
  return {
    ports,
    redact: (text) => redact(text, [...secrets]),
    close: async (hurry) => {
      await Promise.all(opened.map((stores) => stores.close(hurry)));
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      jobState.settle();
    },
  };
}
