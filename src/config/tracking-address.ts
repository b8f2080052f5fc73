import { GateError } from "../core/gate-error.js";
import { say } from "../core/sentence.js";

/** Where runs are recorded, as a tracking URI means it. */
export type TrackingLocation =
  | {
      readonly kind: "server";
      /** Without userinfo and without trailing slash. */
      readonly uri: string;
      readonly username: string | undefined;
      readonly password: string | undefined;
    }
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "folder"; readonly path: string };

/**
 * Parses an MLflow tracking URI.
 *
 * @param where the input or variable that holds it, for messages
 * @throws GateError `configuration`
 */
export function parseTrackingUri(text: string, where: string): TrackingLocation {
  const refuse = (detail: ReturnType<typeof say>) => new GateError("configuration", say`${where}: ${detail}`);
  const sqlite = /^sqlite:\/\/\/(.*)$/.exec(text);
  if (sqlite !== null) {
    const file = sqlite[1] ?? "";
    if (file === "" || /[?#]/.test(file))
      throw refuse(say`${text} names no SQLite file; expected ${"sqlite:///path/to/mlflow.db"}.`);
    return { kind: "sqlite", file };
  }
  if (/^(?:databricks|databricks-uc|uc)(?:$|:)/.test(text)) {
    throw refuse(say`${text} is not supported; expected an address such as ${"https://mlflow.example.com"}.`);
  }
  if (/^file:/.test(text)) return { kind: "folder", path: decode(text.replace(/^file:(?:\/\/(?=\/))?/, ""), refuse) };
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text)) return { kind: "folder", path: text };
  if (!/^https?:\/\//i.test(text)) {
    const scheme = /^[^:]*/.exec(text)?.[0] ?? "";
    throw refuse(
      say`the scheme ${scheme} is not supported; expected an address such as ${"https://mlflow.example.com"}, ${"sqlite:///mlflow.db"} or a folder.`,
    );
  }
  return parseServer(text, refuse);
}

function parseServer(text: string, refuse: (detail: ReturnType<typeof say>) => GateError): TrackingLocation {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse(say`it is not an address; expected one such as ${"https://mlflow.example.com"}.`);
  }
  if (url.search !== "" || url.hash !== "") {
    throw refuse(say`an address of a tracking server has no ${"?"} and no ${"#"}: give the part before them.`);
  }
  const username = url.username === "" ? undefined : decode(url.username, refuse);
  const password = url.password === "" ? undefined : decode(url.password, refuse);
  return { kind: "server", uri: `${url.origin}${url.pathname.replace(/\/+$/, "")}`, username, password };
}

function decode(text: string, refuse: (detail: ReturnType<typeof say>) => GateError): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse(
      say`it has a ${"%"} that two hexadecimal digits do not follow; write ${"%25"} for the character itself.`,
    );
  }
}

/** MLflow's `~/.mlflow/credentials`: an INI file with user and password in the section `[mlflow]`. */
export function parseCredentialsFile(text: string): {
  readonly username: string | undefined;
  readonly password: string | undefined;
} {
  let section = "";
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\[(.*)\]\s*$/.exec(line.trim());
    if (heading !== null) section = heading[1] ?? "";
    const pair = /^([^#;=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line.trim());
    if (section === "mlflow" && pair !== null)
      values.set((pair[1] ?? "").toLowerCase(), (pair[2] ?? "").replaceAll("%%", "%"));
  }
  return { username: values.get("mlflow_tracking_username"), password: values.get("mlflow_tracking_password") };
}
