import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, posix, resolve } from "node:path";
import { openServer } from "../adapters/mlflow/open-stores.js";
import type { Environment } from "../adapters/process/child-environment.js";
import { type ConfigFile, DEFAULT_CONFIG_PATH } from "../config/config-file.js";
import { parseInputs } from "../config/inputs.js";
import { parseCredentialsFile, parseTrackingUri, type TrackingLocation } from "../config/tracking-address.js";
import { say } from "../core/sentence.js";
import type { RunReader } from "../gate/ports.js";
import type { Checkout } from "./checkout.js";
import type { Findings } from "./finding.js";

type Server = Extract<TrackingLocation, { kind: "server" }>;

/**
 * The tracking store that a check at this desk would use: environment, then configuration; undefined for the embedded
 * server, and for a name that is no store, which is reported.
 *
 * @throws GateError for an address that cannot be one
 */
export function locateTracking(
  env: Environment,
  config: ConfigFile | undefined,
  findings: Findings,
): TrackingLocation | undefined {
  const variable = env.MLFLOW_TRACKING_URI;
  if (variable?.trim() === "") {
    findings.problem(
      say`${"MLFLOW_TRACKING_URI"} is set but empty.`,
      say`Give it an address, or ${"unset"} it so that an embedded server is used. In a workflow it is most often a secret that is missing there.`,
    );
    return undefined;
  }
  if (variable !== undefined) return parseTrackingUri(variable.trim(), "MLFLOW_TRACKING_URI");
  const configured = config?.trackingUri;
  if (configured !== undefined && configured !== "auto") {
    return parseTrackingUri(configured, `tracking-uri in ${DEFAULT_CONFIG_PATH}`);
  }
  findings.info(
    say`No tracking server is named: each check starts one of its own that ends with it, and makes its baseline by executing the fork point.`,
    say`To compare with recorded runs, set ${"MLFLOW_TRACKING_URI"}, or ${"tracking-uri"} in ${DEFAULT_CONFIG_PATH}.`,
  );
  return undefined;
}

/** Whether a store on this machine is there. */
export async function checkLocalStore(
  checkout: Checkout,
  location: Exclude<TrackingLocation, Server>,
  findings: Findings,
): Promise<void> {
  const path = resolve(checkout.folder, location.kind === "sqlite" ? location.file : location.path);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    findings.warning(
      say`The tracking store ${path} does not exist: the gate would begin an empty one, without a baseline.`,
      say`Name the store that holds the recorded runs. A relative path starts at the repository's root.`,
    );
  } else if (location.kind === "sqlite" ? !found.isFile() : !found.isDirectory()) {
    findings.problem(say`The tracking store ${path} is not a ${location.kind === "sqlite" ? "file" : "folder"}.`);
  } else if (location.kind === "sqlite") findings.ok(say`The tracking store is the file ${path}.`);
  else {
    findings.info(
      say`The tracking store is the folder ${path}, a kind of store that MLflow is giving up: from 3.13 on it refuses it unless ${"MLFLOW_ALLOW_FILE_STORE"} is set.`,
      say`Move it to a database with ${"mlflow migrate-filestore"}.`,
    );
  }
}

/** MLflow's own store inside git: it goes stale there and makes plain `mlflow run` fail. */
export async function checkCommittedStore(
  checkout: Checkout,
  folders: readonly string[],
  findings: Findings,
): Promise<void> {
  for (const folder of new Set(["", ...folders])) {
    const path = posix.join(folder, "mlruns");
    if ((await checkout.held(path)) !== "committed") continue;
    findings.warning(
      say`The repository holds the MLflow store ${path}: the gate does not look there for a baseline, and from MLflow 3.13 on ${"mlflow run"} fails beside it.`,
      say`Take it out with ${`git rm -r --cached ${path}`} and add ${"mlruns/"} to ${".gitignore"}; keep the runs on a tracking server.`,
    );
  }
}

/**
 * Asks a tracking server once, with the credentials that the gate would use, and hands it to `look` when it answers.
 *
 * @throws GateError `tracker-*` when it does not
 */
export async function checkServer(
  checkout: Checkout,
  location: Server,
  config: ConfigFile | undefined,
  env: Environment,
  findings: Findings,
  look: (reader: RunReader) => Promise<void>,
): Promise<void> {
  const { host, hostname, protocol } = new URL(location.uri);
  const credentials = await credentialsOf(location, env);
  if (location.password !== undefined) {
    findings.warning(
      say`The tracking URI of ${host} holds a password, which MLflow prints with every run.`,
      say`Use ${"MLFLOW_TRACKING_USERNAME"} and ${"MLFLOW_TRACKING_PASSWORD"}.`,
    );
  }
  const loopback = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  if (protocol === "http:" && !loopback && credentials.some((secret) => secret !== undefined)) {
    findings.warning(
      say`The credentials of the tracking server ${host} go over plain http, readable by everyone on the way.`,
      say`Use ${"https"}.`,
    );
  }
  const { client, close } = await openServer(
    location.uri,
    parseInputs({}).inputs,
    {
      ...env,
      MLFLOW_TRACKING_USERNAME: env.MLFLOW_TRACKING_USERNAME || location.username,
      MLFLOW_TRACKING_PASSWORD: env.MLFLOW_TRACKING_PASSWORD || location.password,
      MLFLOW_TRACKING_SERVER_CERT_PATH: config?.caFile ?? env.MLFLOW_TRACKING_SERVER_CERT_PATH,
    },
    checkout.folder,
  );
  try {
    // Health alone proves nothing: it answers while every call of the API is refused.
    await client.getExperiment("0");
    findings.ok(say`The tracking server ${host} answers.`);
    await look(client);
  } finally {
    await close();
  }
}

/** Password and token, wherever MLflow would find them. */
async function credentialsOf(location: Server, env: Environment): Promise<readonly (string | undefined)[]> {
  const file = join(env.HOME ?? homedir(), ".mlflow", "credentials");
  const stored = parseCredentialsFile(await readFile(file, "utf8").catch(() => ""));
  const password = env.MLFLOW_TRACKING_PASSWORD || location.password || stored.password;
  return [password, env.MLFLOW_TRACKING_TOKEN || undefined];
}

/** What may not be printed, whoever puts it into a message. */
export function secretsOf(env: Environment, config: ConfigFile | undefined): string[] {
  const passwords = [env.MLFLOW_TRACKING_URI, config?.trackingUri].flatMap((uri) => {
    const password = uri !== undefined && URL.canParse(uri) ? new URL(uri).password : "";
    return [password, safeDecode(password)];
  });
  const secrets = [env.MLFLOW_TRACKING_PASSWORD ?? "", env.MLFLOW_TRACKING_TOKEN ?? "", ...passwords];
  return secrets.filter((secret) => secret !== "");
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
