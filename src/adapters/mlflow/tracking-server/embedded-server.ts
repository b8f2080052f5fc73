import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { GateError } from "../../../core/gate-error.js";
import { say } from "../../../core/sentence.js";
import { childEnvironment, type Environment } from "../../process/child-environment.js";
import { harmless, LogKeeper } from "../../process/output.js";
import {
  NONCE_VARIABLE,
  type StartedProcess,
  type SupervisedEnd,
  signalGroup,
  supervise,
} from "../../process/supervise.js";
import type { MlflowProgram } from "../toolchain/toolchain.js";

export interface EmbeddedServerOptions {
  readonly mlflow: MlflowProgram;
  readonly env: Environment;
  /** Such as "sqlite:////tmp/…/mlflow.db" or "file:///…/mlruns". */
  readonly backendStoreUri: string;
  readonly artifactsFolder: string;
  /** A folder of the gate's own, for the server's home and current folder. */
  readonly folder: string;
  readonly port?: number | undefined;
  readonly nonce: string;
  readonly onStart?: ((process: StartedProcess) => void) | undefined;
  readonly signal: AbortSignal;
}

export interface EmbeddedServer {
  readonly uri: string;
  /** Fulfilled when the API answers; rejects with GateError `tracker-answer` when it ends or is not ready in time. */
  readonly ready: Promise<void>;
  /** Ends the server and everything it started: asks first, or kills at once. */
  stop(hurry: boolean): Promise<void>;
}

const READY_MS = 120_000;

/** Starts `mlflow server` on loopback with one worker and without background jobs. */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const port = options.port ?? (await freePort());
  const uri = `http://127.0.0.1:${port}`;
  const log = new LogKeeper();
  const stopping = new AbortController();
  let started: StartedProcess | undefined;
  const ended = supervise({
    file: options.mlflow.file,
    args: [
      "server",
      ...["--backend-store-uri", options.backendStoreUri],
      ...["--artifacts-destination", options.artifactsFolder],
      ...["--host", "127.0.0.1", "--port", String(port), "--workers", "1"],
    ],
    cwd: options.folder,
    env: {
      ...childEnvironment(options.env),
      HOME: options.folder,
      MLFLOW_DISABLE_TELEMETRY: "true",
      DO_NOT_TRACK: "true",
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
      MLFLOW_ALLOW_FILE_STORE: "true",
      PYTHONUNBUFFERED: "1",
      PYTHONSAFEPATH: "1",
      [NONCE_VARIABLE]: options.nonce,
    },
    nonce: options.nonce,
    signal: stopping.signal,
    onStart: (process) => {
      started = process;
      options.onStart?.(process);
    },
    onLine: (line) => log.add(harmless(line)),
  });
  const stop = async (hurry: boolean) => {
    if (hurry && started !== undefined) signalGroup(started.pid, "SIGKILL");
    stopping.abort();
    await ended.catch(() => {});
  };
  const isReady = ready(uri, ended, options.signal, log);
  // Awaited by whoever needs the server; until then a failure must not count as unhandled.
  isReady.catch(() => {});
  return { uri, ready: isReady, stop };
}

/** Health alone proves nothing (it answers while every API call is refused), so one call of the API follows. */
async function ready(uri: string, ended: Promise<SupervisedEnd>, signal: AbortSignal, log: LogKeeper): Promise<void> {
  const deadline = performance.now() + READY_MS;
  let over = false;
  const watch = ended.then(
    () => {
      over = true;
    },
    () => {
      over = true;
    },
  );
  while (!over && performance.now() < deadline) {
    if (signal.aborted)
      throw new GateError("cancelled", say`The job was cancelled while the embedded tracking server started.`);
    if (await answers(uri)) return;
    await Promise.race([sleep(100), watch]);
  }
  const words = log.tail(3).join(" ");
  throw new GateError(
    "tracker-answer",
    over
      ? say`The embedded tracking server ended before it was ready: ${words}`
      : say`The embedded tracking server was not ready within ${READY_MS / 1000} s: ${words}`,
  );
}

async function answers(uri: string): Promise<boolean> {
  try {
    const health = await request(`${uri}/health`, { headersTimeout: 5000, bodyTimeout: 5000 });
    await health.body.dump();
    if (health.statusCode !== 200) return false;
    const search = await request(`${uri}/api/2.0/mlflow/experiments/search`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ max_results: 1 }),
    });
    await search.body.dump();
    return search.statusCode === 200;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago; MLflow does not report one that it picks itself. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
