import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Environment } from "../../src/adapters/process/child-environment.js";
import { parseConfigFile } from "../../src/config/config-file.js";
import {
  checkCommittedStore,
  checkLocalStore,
  checkServer,
  locateTracking,
  secretsOf,
} from "../../src/doctor/check-tracking.js";
import { Findings } from "../../src/doctor/finding.js";
import { DeskRepository, startServer, startTracking, words } from "./desk.js";

function config(text: string) {
  const parsed = parseConfigFile("c.yml", `version: 1\n${text}`);
  if ("problems" in parsed) throw new Error("The test's own configuration does not parse.");
  return parsed.config;
}

function located(env: Environment, text = "") {
  const findings = new Findings("tracking");
  return { location: locateTracking(env, config(text), findings), found: words(findings) };
}

describe("locateTracking", () => {
  it("takes the environment before the configuration", () => {
    const file = "tracking-uri: https://b.example.com\n";
    expect(located({ MLFLOW_TRACKING_URI: "https://a.example.com/" }, file).location).toMatchObject({
      uri: "https://a.example.com",
    });
    expect(located({}, file).location).toMatchObject({ uri: "https://b.example.com" });
  });

  it("explains the embedded server", () => {
    expect(located({}, "tracking-uri: auto\n").found).toEqual([
      expect.stringMatching(/^info: No tracking server is named/),
    ]);
  });

  it("names a variable that is set but empty", () => {
    expect(located({ MLFLOW_TRACKING_URI: " " }).found).toEqual([
      expect.stringMatching(/^problem: MLFLOW_TRACKING_URI is set but empty\. → /),
    ]);
  });

  it.each(["mysql://u:secret@db/mlflow", "databricks", "sqlite:///"])(
    "refuses %s without repeating a secret",
    (uri) => {
      expect(() => located({ MLFLOW_TRACKING_URI: uri })).toThrow(/^MLFLOW_TRACKING_URI: (?!.*secret)/);
    },
  );
});

describe("checkLocalStore", () => {
  it.each<[string, { kind: "sqlite"; file: string } | { kind: "folder"; path: string }, RegExp]>([
    ["a database", { kind: "sqlite", file: "mlflow.db" }, /^ok: /],
    ["a database that is not there", { kind: "sqlite", file: "other.db" }, /^warning: .*does not exist/],
    ["a folder instead of a database", { kind: "sqlite", file: "mlruns" }, /^problem: .*is not a file/],
    ["a folder", { kind: "folder", path: "mlruns" }, /^info: .*migrate-filestore/],
  ])("looks at %s", async (_, location, expected) => {
    const repository = await DeskRepository.bare();
    await repository.write({ "mlflow.db": "", "mlruns/0/meta.yaml": "" });
    const findings = new Findings("tracking");
    await checkLocalStore(await repository.checkout(), location, findings);
    expect(words(findings)).toEqual([expect.stringMatching(expected)]);
  });
});

describe("checkCommittedStore", () => {
  it("warns of a store that is in git, at the root or beside a project", async () => {
    const repository = await DeskRepository.create({ "mlruns/0/meta.yaml": "", "p/mlruns/0/meta.yaml": "" });
    await repository.write({ "q/mlruns/0/meta.yaml": "" });
    const findings = new Findings("tracking");
    await checkCommittedStore(await repository.checkout(), ["p", "q", "p"], findings);
    expect(words(findings)).toEqual([
      expect.stringMatching(/^warning: .* MLflow store mlruns: /),
      expect.stringMatching(/^warning: .* MLflow store p\/mlruns: /),
    ]);
  });
});

describe("checkServer", () => {
  async function asked(uri: string, env: Environment = {}, location: { username?: string; password?: string } = {}) {
    const repository = await DeskRepository.bare();
    const findings = new Findings("tracking");
    const server = { kind: "server" as const, uri, username: location.username, password: location.password };
    let looked = false;
    const error = await checkServer(
      await repository.checkout(),
      server,
      undefined,
      { HOME: repository.home, ...env },
      findings,
      async () => {
        looked = true;
      },
    ).then(
      () => "",
      (reason: unknown) => String(reason),
    );
    return { found: words(findings), error, looked };
  }

  it("hands over a server that answers the API", async () => {
    const uri = await startTracking([]);
    const { found, looked } = await asked(uri);
    expect(found).toEqual([`ok: The tracking server ${new URL(uri).host} answers.`]);
    expect(looked).toBe(true);
  });

  it("explains a rejected Host header", async () => {
    const uri = await startServer((_, response) => {
      response.writeHead(403, { "content-type": "text/plain" });
      response.end("Invalid Host header - possible DNS rebinding attack detected");
    });
    const { error, looked } = await asked(uri);
    expect(error).toMatch(/rejects the Host header.*--allowed-hosts/);
    expect(looked).toBe(false);
  });

  it("says quickly that nobody listens", async () => {
    const uri = await startServer(() => {});
    const closed = uri.replace(/\d+$/, "9");
    expect((await asked(closed)).error).toMatch(/127\.0\.0\.1:9 could not be used/);
  });

  it("sends the credentials of the address, and warns of them there", async () => {
    let authorization: string | undefined;
    const uri = await startServer((request, response) => {
      authorization = request.headers.authorization;
      response.writeHead(401).end();
    });
    const { error, found } = await asked(uri, {}, { username: "ann", password: "hunter22" });
    expect(authorization).toBe(`Basic ${Buffer.from("ann:hunter22").toString("base64")}`);
    expect(error).toMatch(/HTTP 401/);
    expect(found).toEqual([expect.stringMatching(/^warning: The tracking URI of .* holds a password/)]);
  });

  it("warns of credentials over plain http, from wherever they come", async () => {
    const repository = await DeskRepository.bare();
    await mkdir(join(repository.home, ".mlflow"));
    const stored = "[mlflow]\nmlflow_tracking_username = ann\nmlflow_tracking_password = hunter22\n";
    await writeFile(join(repository.home, ".mlflow", "credentials"), stored);
    const uri = "http://no-such-host.invalid:5000";
    for (const env of [{ HOME: repository.home }, { MLFLOW_TRACKING_TOKEN: "t0ken-t0ken" }]) {
      expect((await asked(uri, env)).found).toEqual([expect.stringMatching(/^warning: .*over plain http/)]);
    }
    expect((await asked(uri)).found).toEqual([]);
  });
});

describe("secretsOf", () => {
  it("collects what may not be printed", () => {
    const env = {
      MLFLOW_TRACKING_URI: "https://ann:p%40ss@example.com",
      MLFLOW_TRACKING_PASSWORD: "other",
      MLFLOW_TRACKING_TOKEN: "",
    };
    expect(secretsOf(env, undefined)).toEqual(["other", "p%40ss", "p@ss"]);
  });
});
