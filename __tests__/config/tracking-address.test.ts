import { describe, expect, it } from "vitest";
import { parseCredentialsFile, parseTrackingUri, type TrackingLocation } from "../../src/config/tracking-address.js";
import { GateError } from "../../src/core/gate-error.js";
import { askPython } from "../core/python-oracle.js";

const server = (uri: string, username?: string, password?: string): TrackingLocation => ({
  kind: "server",
  uri,
  username,
  password,
});

function refusal(text: string): string {
  try {
    parseTrackingUri(text, "tracking-uri");
  } catch (error) {
    if (error instanceof GateError && error.reason === "configuration") return error.message;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("parseTrackingUri", () => {
  it.each<[string, TrackingLocation]>([
    ["https://mlflow.example.com", server("https://mlflow.example.com")],
    ["https://mlflow.example.com/", server("https://mlflow.example.com")],
    ["http://h:5000/mlflow//", server("http://h:5000/mlflow")],
    ["http://[::1]:5000", server("http://[::1]:5000")],
    ["https://münchen.example", server("https://xn--mnchen-3ya.example")],
    ["https://me:p%40ss@h", server("https://h", "me", "p@ss")],
    ["https://me@h", server("https://h", "me")],
    ["https://h:443", server("https://h")],
    ["sqlite:///mlflow.db", { kind: "sqlite", file: "mlflow.db" }],
    ["sqlite:////var/lib/mlflow.db", { kind: "sqlite", file: "/var/lib/mlflow.db" }],
    ["file:///var/mlruns", { kind: "folder", path: "/var/mlruns" }],
    ["file:mlruns", { kind: "folder", path: "mlruns" }],
    ["file:///a%20b", { kind: "folder", path: "/a b" }],
    ["mlruns", { kind: "folder", path: "mlruns" }],
    ["./my runs", { kind: "folder", path: "./my runs" }],
    ["/var/mlruns", { kind: "folder", path: "/var/mlruns" }],
  ])("reads %s", (text, location) => {
    expect(parseTrackingUri(text, "tracking-uri")).toEqual(location);
  });

  it.each<[string, RegExp]>([
    ["ftp://h", /tracking-uri: the scheme ftp is not supported/],
    ["postgresql://me:hunter2@h/db", /the scheme postgresql is not supported/],
    ["https://h?x=1", /has no \? and no #/],
    ["https://h#x", /has no \? and no #/],
    ["https://", /it is not an address/],
    ["http://h:99999", /it is not an address/],
    ["sqlite:///", /names no SQLite file/],
    ["sqlite:///a.db?mode=ro", /names no SQLite file/],
  ])("refuses %s", (text, words) => {
    expect(refusal(text)).toMatch(words);
  });

  it.each(["databricks", "databricks-uc", "uc"])(
    "does not take %s, a name that MLflow gives a meaning, for a folder",
    (text) => {
      expect(refusal(text)).toContain(text);
    },
  );

  it.each(["http://me:100%@h", "http://%zz@h", "file:///a%zz"])(
    "refuses the wrong encoding of %s as configuration",
    (text) => {
      expect(refusal(text)).toContain("tracking-uri");
    },
  );

  it.each(["ftp://me:hunter2@h", "http://me:hunter2@[x", "http://me:hunter2@h?x", "me:hunter2@h"])(
    "never repeats the password of %s",
    (text) => {
      expect(refusal(text)).not.toContain("hunter2");
    },
  );
});

describe("parseCredentialsFile", () => {
  const TEXTS = [
    "[mlflow]\nmlflow_tracking_username = me\nmlflow_tracking_password = p@ss = word\n",
    "[mlflow]\r\nMLFLOW_TRACKING_USERNAME: me\r\nmlflow_tracking_password:x:y\r\n",
    "# comment\n; other\n\n[other]\nmlflow_tracking_username = wrong\n[mlflow]\nmlflow_tracking_username = right\n",
    "[mlflow]\nmlflow_tracking_username = me # not a comment\n",
    "[mlflow]\nmlflow_tracking_password =\n",
    "[MLFLOW]\nmlflow_tracking_username = me\n",
    "[mlflow]\n[other]\nmlflow_tracking_username = me\n",
    "[mlflow]\n",
    "",
  ];

  it("reads what Python's configparser reads, which is what MLflow uses", () => {
    const script = `
import configparser, json, sys
for line in sys.stdin:
    parser = configparser.ConfigParser()
    parser.read_string(json.loads(line))
    section = parser["mlflow"] if "mlflow" in parser else {}
    print(json.dumps([section.get("mlflow_tracking_username"), section.get("mlflow_tracking_password")]))
`;
    const python = askPython(
      script,
      TEXTS.map((text) => JSON.stringify(text)),
    ).map((line) => JSON.parse(line));
    const ours = TEXTS.map(parseCredentialsFile).map(({ username, password }) => [username ?? null, password ?? null]);
    expect(ours).toEqual(python);
  });

  it("reads a doubled percent sign as one, as configparser does", () => {
    expect(parseCredentialsFile("[mlflow]\nmlflow_tracking_password = 100%%\n").password).toBe("100%");
  });
});
