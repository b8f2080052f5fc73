import { mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Inputs } from "../../config/inputs.js";
import { parseCredentialsFile, parseTrackingUri, type TrackingLocation } from "../../config/tracking-address.js";
import { GateError } from "../../core/gate-error.js";
import { type Sentence, say } from "../../core/sentence.js";
import type { TrackingStore, TrackingStores } from "../../gate/ports.js";
import { childEnvironment, type Environment } from "../process/child-environment.js";
import { type StartedProcess, serverNonce } from "../process/supervise.js";
import type { Toolchain } from "./toolchain/toolchain.js";
import { TrackingClient } from "./tracking/client.js";
import { type TrackingAddress, TrackingHttp } from "./tracking/http.js";
import { type RetryPolicy, TRACKING_RETRY } from "./tracking/retry.js";
import { type EmbeddedServer, startEmbeddedServer } from "./tracking-server/embedded-server.js";
import { checkStoreVersion } from "./tracking-server/store-version.js";

export interface StoresOptions {
  readonly inputs: Inputs;
  readonly env: Environment;
  readonly toolchain: Toolchain;
  /** A folder of this invocation alone. */
  readonly folder: string;
  /** Relative paths of stores and certificates start here. */
  readonly workspace: string;
  /** A SQLite file that keeps the embedded store, undefined for one that ends with the job. */
  readonly storeFile: string | undefined;
  readonly nonce: string;
  readonly signal: AbortSignal;
  readonly onStart: (process: StartedProcess) => void;
  readonly warn: (sentence: Sentence) => void;
  /** Registers a value that may never be shown. */
  readonly mask: (secret: string) => void;
}

export interface StoresConfig {
  readonly trackingUri: string | undefined;
  readonly caFile: string | undefined;
  readonly shareTrackingCredentials: boolean;
}

/** The tracking stores of one invocation, and everything that has to be ended with it. */
export class OpenStores implements TrackingStores {
  readonly main: Promise<TrackingStore>;
  readonly embedded: boolean;
  readonly #options: StoresOptions;
  readonly #servers: EmbeddedServer[] = [];
  readonly #connections: TrackingHttp[] = [];
  #scratch: Promise<TrackingStore> | undefined;

  /**
   * Opens the store that input, environment or configuration name, in that order; without one an embedded server.
   *
   * @throws GateError `configuration`
   */
  static async open(options: StoresOptions, config: StoresConfig): Promise<OpenStores> {
    const location = locateStore(options, config);
    const address = location?.kind === "server" ? await addressOf(location, options, config) : undefined;
    return new OpenStores(options, config, location, address);
  }

  private constructor(
    options: StoresOptions,
    config: StoresConfig,
    location: TrackingLocation | undefined,
    address: TrackingAddress | undefined,
  ) {
    this.#options = options;
    this.embedded = address === undefined;
    this.main =
      address === undefined
        ? this.#embed("store", location)
        : Promise.resolve(this.#server(address, config.shareTrackingCredentials));
    // Awaited later; until then a failure must not count as unhandled.
    this.main.catch(() => {});
  }

  scratch(): Promise<TrackingStore> {
    this.#scratch ??= this.#embed("scratch", undefined);
    return this.#scratch;
  }

  /** Ends connections and servers; in a hurry a server is killed, which SQLite survives. */
  async close(hurry: boolean): Promise<void> {
    await Promise.all(this.#connections.map((http) => http.close()));
    await Promise.all(this.#servers.map((server) => server.stop(hurry)));
  }

  #server(address: TrackingAddress, share: boolean): TrackingStore {
    const secret = {
      MLFLOW_TRACKING_USERNAME: address.username,
      MLFLOW_TRACKING_PASSWORD: address.password,
      MLFLOW_TRACKING_TOKEN: address.token,
    };
    const credentials = Object.entries(secret).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    return {
      ...this.#client(address),
      uri: address.uri,
      lasting: true,
      webUri: address.uri,
      guarded: credentials.length > 0 && !share,
      childEnvironment: {
        MLFLOW_TRACKING_URI: address.uri,
        ...(address.caFile === undefined ? {} : { MLFLOW_TRACKING_SERVER_CERT_PATH: address.caFile }),
        ...(share ? Object.fromEntries(credentials) : {}),
      },
    };
  }

  async #embed(name: string, location: TrackingLocation | undefined): Promise<TrackingStore> {
    const { env, folder, nonce, onStart, signal, toolchain, workspace } = this.#options;
    const place = join(folder, name);
    await mkdir(place, { recursive: true });
    const mlflow = await toolchain.mlflow("full");
    let backendStoreUri = `sqlite:///${join(place, "mlflow.db")}`;
    if (location?.kind === "sqlite") {
      const file = resolve(workspace, location.file);
      await checkStoreVersion(mlflow, file, childEnvironment(env));
      backendStoreUri = `sqlite:///${file}`;
    } else if (location?.kind === "folder") {
      backendStoreUri = `file://${resolve(workspace, location.path)}`;
    }
    const server = await startEmbeddedServer({
      mlflow,
      env,
      backendStoreUri,
      artifactsFolder: join(place, "artifacts"),
      folder: place,
      nonce: serverNonce(nonce),
      signal,
      onStart,
    });
    this.#servers.push(server);
    const { uri } = server;
    await server.ready;
    return {
      ...this.#client({ ...NO_CREDENTIALS, uri }),
      uri,
      lasting: location !== undefined,
      webUri: undefined,
      guarded: false,
      childEnvironment: { MLFLOW_TRACKING_URI: uri },
    };
  }

  #client(address: TrackingAddress): Pick<TrackingStore, "reader" | "writer"> {
    const http = new TrackingHttp(address, { onRetry: this.#options.warn });
    this.#connections.push(http);
    const client = new TrackingClient(http);
    return { reader: client, writer: client };
  }
}

/** One attempt, since the post step has little time and the server may be gone for good. */
const ONE_ATTEMPT: RetryPolicy = {
  ...TRACKING_RETRY,
  attempts: 2,
  baseMs: 200,
  connectMs: 3000,
  headersMs: 10_000,
  deadlineMs: 20_000,
};

/** A client for a server by its bare address, with the credentials of this invocation: for the post step. */
export async function openServer(
  uri: string,
  inputs: Inputs,
  env: Environment,
  workspace: string,
): Promise<{ readonly client: TrackingClient; close(): Promise<void> }> {
  const location = { kind: "server" as const, uri, username: undefined, password: undefined };
  const config = { trackingUri: undefined, caFile: undefined, shareTrackingCredentials: false };
  const address = await addressOf(location, { inputs, env, workspace, warn: () => {}, mask: () => {} }, config);
  const http = new TrackingHttp(address, { policy: ONE_ATTEMPT });
  return { client: new TrackingClient(http), close: () => http.close() };
}

const NO_CREDENTIALS = {
  username: undefined,
  password: undefined,
  token: undefined,
  caFile: undefined,
  clientCertFile: undefined,
  workspace: undefined,
};

function locateStore({ inputs, env, storeFile }: StoresOptions, config: StoresConfig): TrackingLocation | undefined {
  if (storeFile !== undefined) return { kind: "sqlite", file: storeFile };
  if (inputs.trackingUri !== undefined) return parseTrackingUri(inputs.trackingUri, "tracking-uri");
  const variable = env.MLFLOW_TRACKING_URI;
  if (variable !== undefined) {
    if (variable.trim() === "") {
      throw new GateError(
        "configuration",
        say`${"MLFLOW_TRACKING_URI"} is set but empty, most often because a secret is missing here (pull requests of forks get none). Set it, or remove it so that an embedded server is used.`,
      );
    }
    return parseTrackingUri(variable.trim(), "MLFLOW_TRACKING_URI");
  }
  const { trackingUri } = config;
  return trackingUri === undefined || trackingUri === "auto"
    ? undefined
    : parseTrackingUri(trackingUri, "tracking-uri in the configuration");
}

/** Credentials field by field: input, then environment, then the URI itself, then MLflow's credentials file. */
async function addressOf(
  location: Extract<TrackingLocation, { kind: "server" }>,
  options: Pick<StoresOptions, "inputs" | "env" | "workspace" | "warn" | "mask">,
  config: StoresConfig,
): Promise<TrackingAddress> {
  const { inputs, env, workspace, warn, mask } = options;
  if (/^(?:1|true)$/i.test(env.MLFLOW_TRACKING_INSECURE_TLS ?? "")) {
    throw new GateError(
      "configuration",
      say`${"MLFLOW_TRACKING_INSECURE_TLS"} is set: the gate does not talk to a server that it cannot identify. Name its certificate authority by ${"ca-file"} or ${"MLFLOW_TRACKING_SERVER_CERT_PATH"}.`,
    );
  }
  if (env.MLFLOW_TRACKING_AWS_SIGV4 !== undefined && env.MLFLOW_TRACKING_AWS_SIGV4 !== "") {
    throw new GateError("configuration", say`${"MLFLOW_TRACKING_AWS_SIGV4"} is not supported.`);
  }
  const file = parseCredentialsFile(
    await readFile(join(env.HOME ?? homedir(), ".mlflow", "credentials"), "utf8").catch(() => ""),
  );
  const username =
    inputs.trackingUsername ?? nonEmpty(env.MLFLOW_TRACKING_USERNAME) ?? location.username ?? file.username;
  const password =
    inputs.trackingPassword ?? nonEmpty(env.MLFLOW_TRACKING_PASSWORD) ?? location.password ?? file.password;
  const token = inputs.trackingToken ?? nonEmpty(env.MLFLOW_TRACKING_TOKEN);
  for (const secret of [password, token]) if (secret !== undefined) mask(secret);
  if (username !== undefined && password !== undefined) mask(Buffer.from(`${username}:${password}`).toString("base64"));
  if (location.password !== undefined) {
    mask(encodeURIComponent(location.password));
    warn(
      say`The tracking URI holds a password. Use ${"tracking-username"} and ${"tracking-password"}, which nothing prints.`,
    );
  }
  const { hostname, protocol } = new URL(location.uri);
  const loopback = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  if (protocol === "http:" && !loopback && (password !== undefined || token !== undefined)) {
    warn(
      say`The credentials of the tracking server ${hostname} go over plain http, readable by everyone on the way. Use https.`,
    );
  }
  const caFile = config.caFile ?? nonEmpty(env.MLFLOW_TRACKING_SERVER_CERT_PATH);
  const clientCertFile = nonEmpty(env.MLFLOW_TRACKING_CLIENT_CERT_PATH);
  return {
    uri: location.uri,
    username,
    password,
    token,
    caFile: caFile === undefined ? undefined : await readable(resolve(workspace, caFile), "ca-file"),
    clientCertFile:
      clientCertFile === undefined
        ? undefined
        : await readable(resolve(workspace, clientCertFile), "MLFLOW_TRACKING_CLIENT_CERT_PATH"),
    workspace: nonEmpty(env.MLFLOW_WORKSPACE),
  };
}

async function readable(file: string, where: string): Promise<string> {
  try {
    await readFile(file);
    return file;
  } catch {
    throw new GateError("configuration", say`${where}: ${file} cannot be read.`);
  }
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}
