import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { lstat, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { TrackingHttp } from "../../src/adapters/mlflow/tracking/http.js";
import { answer, forward, type Handler, startHttpServer } from "../support/http-server.js";
import { addressOf, type Gated, type GateOptions, World } from "../support/world.js";

const execute = promisify(execFile);
const GOOD = { accuracy: 0.875, loss: 0.25 };
const METRICS = JSON.stringify(GOOD);
const PASSWORD = "s3cr@t/pässword";

/** A world with a record, and a harmless pull request. */
async function recorded(files: Readonly<Record<string, string>> = {}) {
  const world = await World.create({ files: { "metrics.json": METRICS, ...files } });
  const baseline = await world.record({ commit: await world.git("rev-parse", "main"), metrics: GOOD });
  const change = await world.change({ "README.md": "words" });
  return { world, baseline, change };
}

async function serve(handler: Handler) {
  const server = await startHttpServer(handler);
  onTestFinished(() => server.close());
  return server;
}

/** Everything that a person or a later step can see of a gated step. */
async function shown(gated: Gated): Promise<string> {
  // The runner swallows these lines; they are how it learns what to hide.
  const log = gated.log.filter((line) => !line.startsWith("::add-mask::"));
  return [
    log.join("\n"),
    gated.comment,
    gated.summary,
    JSON.stringify(gated.report),
    JSON.stringify(gated.outputs),
  ].join("\n");
}

function sentence({ report }: Gated): string {
  return (report.projects[0]?.sentence ?? []).map((part) => (typeof part === "string" ? part : part.code)).join("");
}

async function candidates(world: World): Promise<number> {
  return (await world.runs()).filter(({ tags }) => tags.has("repro_gate.role")).length;
}

async function isError(
  world: World,
  reason: string,
  change: Awaited<ReturnType<World["change"]>>,
  options: GateOptions,
): Promise<Gated> {
  const gated = await world.gatePullRequest(change, options);
  expect(gated.outputs).toMatchObject({ outcome: "error", reason });
  expect(gated.exitCode).toBe(2);
  expect(gated.comment).toContain("⚠️ Error");
  return gated;
}

describe("a tracking server that is down", () => {
  it("is error: tracker-unreachable well before the deadline of two minutes", async () => {
    const { world, change } = await recorded();
    const closed = await startHttpServer(() => {});
    await closed.close();
    const started = performance.now();
    const gated = await isError(world, "tracker-unreachable", change, { inputs: { "tracking-uri": closed.uri } });
    const seconds = (performance.now() - started) / 1000;
    expect(seconds).toBeLessThan(60);
    expect(sentence(gated)).toContain(`127.0.0.1:${closed.port}`);
    expect(sentence(gated)).toContain("6 attempts");
    expect(gated.log.filter((line) => /attempt \d in/.test(line))).toHaveLength(5);
  });

  it("whose name nobody knows is error: tracker-unreachable", async () => {
    const { world, change } = await recorded();
    const gated = await isError(world, "tracker-unreachable", change, {
      inputs: { "tracking-uri": "http://mlflow.invalid:5000" },
    });
    expect(sentence(gated)).toContain("mlflow.invalid:5000");
  });

  it("while the training runs, and back in time, costs nothing", async () => {
    const { world, change } = await recorded();
    let failures = 0;
    const proxy = await serve(async (seen, response) => {
      if (seen.url.includes("/runs/get") && failures < 3) {
        failures += 1;
        return answer(response, 503, { error_code: "TEMPORARILY_UNAVAILABLE", message: "restarting" });
      }
      return forward(seen, response, world.trackingUri);
    });
    const gated = await world.gatePullRequest(change, { inputs: { "tracking-uri": proxy.uri } });
    expect(failures).toBe(3);
    expect(gated.outputs.outcome).toBe("reproduced");
  });
});

describe("a tracking server behind a path prefix", () => {
  it.each(["/mlflow", "/mlflow/", "/a/b%20c/mlflow/"])(
    "such as %s works, and links keep the prefix",
    async (prefix) => {
      const { world, baseline, change } = await recorded();
      const path = prefix.replace(/\/$/, "");
      const proxy = await serve((seen, response) =>
        seen.url.startsWith(`${path}/api/`)
          ? forward(seen, response, world.trackingUri, { path: seen.url.slice(path.length) })
          : answer(response, 404, "<html>nginx</html>"),
      );
      const gated = await world.gatePullRequest(change, { inputs: { "tracking-uri": `${proxy.uri}${prefix}` } });
      expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
      expect(gated.report.trackingUri).toBe(`${proxy.uri}${path}`);
      expect(gated.report.projects[0]?.baseline?.url).toBe(
        `${proxy.uri}${path}/#/experiments/${world.experimentId}/runs/${baseline}`,
      );
      expect(proxy.requests.every(({ url }) => url.startsWith(`${path}/api/2.0/mlflow/`))).toBe(true);
    },
  );

  it("that is wrong is error: tracker-answer, and not a missing experiment", async () => {
    const { world, change } = await recorded();
    const proxy = await serve((_, response) => answer(response, 404, "<html>nginx</html>"));
    const gated = await isError(world, "tracker-answer", change, { inputs: { "tracking-uri": `${proxy.uri}/mlfow` } });
    expect(sentence(gated)).toContain("path prefix");
    expect(proxy.requests).toHaveLength(1);
  });
});

describe("what is no tracking server", () => {
  it("but a login page is error: tracker-answer, at once", async () => {
    const { world, change } = await recorded();
    const login = await serve((_, response) => answer(response, 200, "<html><form>Sign in</form></html>"));
    const gated = await isError(world, "tracker-answer", change, { inputs: { "tracking-uri": login.uri } });
    expect(sentence(gated)).toMatch(/login page/);
    expect(login.requests).toHaveLength(1);
    expect(await candidates(world)).toBe(0);
  });

  it.each([
    [401, "You are not authenticated. Please see https://www.mlflow.org", /tracking-username/],
    [403, "Permission denied", /permission/],
    [401, { error_code: "UNAUTHENTICATED", message: "no" }, /tracking-username/],
    [403, { error_code: "PERMISSION_DENIED", message: "no" }, /permission/],
  ])("or answers %d %j is error: tracker-refused, asked once", async (status, body, words) => {
    const { world, change } = await recorded();
    const server = await serve((_, response) => answer(response, status, body));
    const gated = await isError(world, "tracker-refused", change, { inputs: { "tracking-uri": server.uri } });
    expect(sentence(gated)).toMatch(words);
    expect(server.requests).toHaveLength(1);
  });

  it("or rejects the Host header, as MLflow does for names it was not told, gets the option's name", async () => {
    const { world, change } = await recorded();
    const proxy = await serve((seen, response) =>
      forward(seen, response, world.trackingUri, { host: "mlflow.corp.example:5000" }),
    );
    const gated = await isError(world, "tracker-refused", change, { inputs: { "tracking-uri": proxy.uri } });
    expect(sentence(gated)).toContain("--allowed-hosts");
  });

  it.each([301, 302, 307, 308])(
    "or redirects (%d) to another host is refused, and nothing is sent there",
    async (status) => {
      const { world, change } = await recorded();
      const elsewhere = await serve((seen, response) => forward(seen, response, world.trackingUri));
      const server = await serve((seen, response) =>
        answer(response, status, "", { location: `${elsewhere.uri.replace("127.0.0.1", "localhost")}${seen.url}` }),
      );
      const gated = await isError(world, "tracker-refused", change, {
        inputs: { "tracking-uri": server.uri, "tracking-username": "user", "tracking-password": PASSWORD },
      });
      expect(sentence(gated)).toContain(`localhost:${elsewhere.port}`);
      expect(elsewhere.requests).toEqual([]);
      expect(server.requests).toHaveLength(1);
      expect(await shown(gated)).not.toContain(PASSWORD);
    },
  );
});

describe("an address that cannot be one", () => {
  it.each(["", "  "])("like %j, given as input, names the input", async (uri) => {
    const { world, change } = await recorded();
    const gated = await world.gatePullRequest(change, { inputs: { "tracking-uri": uri } });
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(gated.exitCode).toBe(2);
    expect(gated.summary).toMatch(/tracking-uri.*given but empty/s);
    expect(gated.log.join("\n")).toMatch(/^::error.*tracking-uri/m);
    expect(await candidates(world)).toBe(0);
  });

  it("like an empty MLFLOW_TRACKING_URI names the variable", async () => {
    const { world, change } = await recorded();
    const gated = await isError(world, "configuration", change, {
      inputs: { "tracking-uri": "auto" },
      env: { MLFLOW_TRACKING_URI: "" },
    });
    expect(sentence(gated)).toMatch(/MLFLOW_TRACKING_URI is set but empty/);
    expect(await candidates(world)).toBe(0);
  });

  it.each([
    "ftp://host/x",
    "databricks",
    "postgresql://user:hunter2@host/db",
    "https://",
    "https://host/?x=1",
    "https://host/#/experiments/1",
  ])("like %s is error: configuration", async (uri) => {
    const { world, change } = await recorded();
    const gated = await isError(world, "configuration", change, { inputs: { "tracking-uri": uri } });
    expect(sentence(gated)).toContain("tracking-uri");
    expect(await shown(gated)).not.toContain("hunter2");
  });
});

describe("MLFLOW_TRACKING_URI", () => {
  it("counts when the input is `auto`", async () => {
    const { world, baseline, change } = await recorded();
    const gated = await world.gatePullRequest(change, {
      inputs: { "tracking-uri": "auto" },
      env: { MLFLOW_TRACKING_URI: world.trackingUri },
    });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
  });

  it("is outvoted by the input", async () => {
    const { world, baseline, change } = await recorded();
    const gated = await world.gatePullRequest(change, { env: { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" } });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
  });
});

describe("credentials", () => {
  const forms = [
    PASSWORD,
    encodeURIComponent(PASSWORD),
    Buffer.from(`user:${PASSWORD}`).toString("base64"),
    encodeURI(PASSWORD),
  ];

  /** A proxy that wants them, before the real server. */
  const guarded = (world: World) =>
    serve((seen, response) =>
      seen.headers.authorization === `Basic ${Buffer.from(`user:${PASSWORD}`).toString("base64")}`
        ? forward(seen, response, world.trackingUri)
        : answer(response, 401, "You are not authenticated."),
    );

  async function nowhere(gated: Gated, world: World): Promise<void> {
    const text = await shown(gated);
    const runs = JSON.stringify((await world.runs()).map((run) => [run.runName, [...run.tags], [...run.params]]));
    const left: string[] = [];
    for (const name of await readdir(gated.runnerTemp, { recursive: true })) {
      const file = join(gated.runnerTemp, name);
      if ((await lstat(file)).isFile()) left.push(await readFile(file, "latin1"));
    }
    for (const form of forms) {
      expect(text).not.toContain(form);
      expect(runs).not.toContain(form);
      expect(left.join("\n")).not.toContain(form);
    }
  }

  it("in the address work, with a warning, and are shown nowhere", async () => {
    const { world, change } = await recorded();
    const proxy = await guarded(world);
    const uri = proxy.uri.replace("//", `//user:${encodeURIComponent(PASSWORD)}@`);
    const gated = await world.gatePullRequest(change, { inputs: { "tracking-uri": uri } });
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(gated.report.trackingUri).toBe(proxy.uri);
    expect(await shown(gated)).toContain("tracking-password");
    expect(gated.log).toContain(`::add-mask::${PASSWORD}`);
    await nowhere(gated, world);
  });

  it("in the address of a server that is down are shown nowhere", async () => {
    const { world, change } = await recorded();
    const uri = `http://user:${encodeURIComponent(PASSWORD)}@127.0.0.1:9`;
    const gated = await isError(world, "tracker-unreachable", change, { inputs: { "tracking-uri": uri } });
    await nowhere(gated, world);
  });

  it("as inputs do not reach the training, whose run is copied afterwards", async () => {
    const { world, change } = await recorded();
    const proxy = await guarded(world);
    const gated = await world.gatePullRequest(change, {
      inputs: { "tracking-uri": proxy.uri, "tracking-username": "user", "tracking-password": PASSWORD },
    });
    expect(gated.outputs.outcome).toBe("reproduced");
    const candidate = (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
    expect(candidate?.status).toBe("FINISHED");
    expect(candidate?.metrics.get("accuracy")?.value).toBe(0.875);
    expect(candidate?.tags.get("stub.environment")).toContain("MLFLOW_TRACKING_URI");
    expect(candidate?.tags.get("stub.environment")).not.toMatch(/MLFLOW_TRACKING_(?:USERNAME|PASSWORD|TOKEN)|INPUT_/);
    expect(gated.report.projects[0]?.candidate).toMatchObject({ mirrored: true });
    await nowhere(gated, world);
  });

  it("reach the training when the base's configuration shares them", async () => {
    const { world, change } = await recorded({
      ".github/repro-gate.yml": "version: 1\nshare-tracking-credentials: true\n",
    });
    // The stub sends no credentials, so the server does not ask for any.
    const proxy = await serve((seen, response) => forward(seen, response, world.trackingUri));
    const gated = await world.gatePullRequest(change, {
      inputs: { "tracking-uri": proxy.uri, "tracking-username": "user", "tracking-password": PASSWORD },
    });
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(gated.report.projects[0]?.candidate).toMatchObject({ mirrored: false });
    const candidate = (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
    expect(candidate?.tags.get("stub.environment")).toContain("MLFLOW_TRACKING_PASSWORD");
    await nowhere(gated, world);
  });

  it("that may only read leave the verdict as it is: a warning and an empty output", async () => {
    const { world, change } = await recorded();
    const proxy = await serve((seen, response) =>
      /runs\/(?:create|update|log-batch|log-inputs)/.test(seen.url)
        ? answer(response, 403, { error_code: "PERMISSION_DENIED", message: "Permission denied" })
        : forward(seen, response, world.trackingUri),
    );
    const gated = await world.gatePullRequest(change, {
      inputs: { "tracking-uri": proxy.uri, "tracking-token": "reader-token-123" },
    });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "candidate-run-id": "" });
    expect(gated.exitCode).toBe(0);
    expect(await shown(gated)).toContain("could not be recorded on the tracking server");
    expect(await shown(gated)).not.toContain("reader-token-123");
    expect(proxy.requests.every(({ headers }) => headers.authorization === "Bearer reader-token-123")).toBe(true);
  });
});

describe("a SQLite file of the user's", () => {
  const digest = async (file: string) => {
    const { mtimeMs, ino } = await stat(file);
    return `${createHash("sha256")
      .update(await readFile(file))
      .digest("hex")} ${mtimeMs} ${ino}`;
  };
  const sql = (file: string, script: string) =>
    execute("python3", [
      "-I",
      "-c",
      "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.executescript(sys.argv[2])\nc.commit()",
      file,
      script,
    ]);

  it("is made when it does not exist, and is the record of the next time", async () => {
    const { world, change } = await recorded();
    const file = join(world.folder, "my store #1.db");
    const refused = await world.gatePullRequest(change, { inputs: { "tracking-uri": `sqlite:///${file}` } });
    expect(refused.outputs).toMatchObject({ outcome: "error", reason: "configuration" });

    const store = join(world.folder, "my store.db");
    const inputs = { "tracking-uri": `sqlite:///${store}` };
    const first = await world.gatePullRequest(change, { inputs });
    expect(first.outputs.outcome).toBe("reproduced");
    expect(first.report.projects[0]?.baseline?.source).toBe("created");
    const second = await world.gatePullRequest(change, { inputs });
    expect(second.outputs).toMatchObject({
      outcome: "reproduced",
      "baseline-run-id": first.outputs["baseline-run-id"],
    });
    expect(second.report.projects[0]?.baseline?.source).not.toBe("created");

    // The same file as another MLflow would have left it.
    await sql(store, "update alembic_version set version_num = '0a8213491aaa'");
    const before = await digest(store);
    const gated = await isError(world, "tracker-answer", change, { inputs });
    expect(sentence(gated)).toMatch(/0a8213491aaa.*mlflow db upgrade/);
    expect(await digest(store)).toBe(before);
    expect((await readdir(world.folder)).filter((name) => name.startsWith("my store.db"))).toEqual(["my store.db"]);
  });

  it("that is no MLflow's is left alone", async () => {
    const { world, change } = await recorded();
    const file = join(world.folder, "app.db");
    await sql(file, "create table users (name text); insert into users values ('me')");
    const before = await digest(file);
    const gated = await isError(world, "tracker-answer", change, { inputs: { "tracking-uri": `sqlite:///${file}` } });
    expect(sentence(gated)).toContain("left alone");
    expect(await digest(file)).toBe(before);
  });

  it("that is no database is left alone", async () => {
    const { world, change } = await recorded();
    const file = join(world.folder, "notes.db");
    await writeFile(file, "these are my notes and no database at all\n".repeat(100));
    const before = await digest(file);
    await isError(world, "tracker-answer", change, { inputs: { "tracking-uri": `sqlite:///${file}` } });
    expect(await digest(file)).toBe(before);
  });
});

describe("without a tracking server", () => {
  it("an embedded one makes the baseline from the fork point, and nothing stays", async () => {
    const { world, change } = await recorded();
    const gated = await world.gatePullRequest(change, { inputs: { "tracking-uri": "auto" } });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced" });
    expect(gated.report.trackingUri).toBeNull();
    expect(gated.report.projects[0]?.baseline).toMatchObject({ source: "created", url: null });
    expect(await candidates(world)).toBe(0);
    const left = (await readdir(gated.runnerTemp)).filter((name) => !name.startsWith("repro-gate-report"));
    expect(left).toEqual([]);
  });

  it("a change is still caught", async () => {
    const { world } = await recorded();
    const change = await world.change({ "metrics.json": '{"accuracy": 0.8, "loss": 0.25}' }, "worse");
    const gated = await world.gatePullRequest(change, { inputs: { "tracking-uri": "auto" } });
    expect(gated.outputs).toMatchObject({ outcome: "diverged", "metrics-outside": "1" });
    expect(gated.exitCode).toBe(1);
  });
});

describe("an experiment", () => {
  it("may be named by its ID", async () => {
    const { world, baseline, change } = await recorded();
    const gated = await world.gatePullRequest(change, { inputs: { experiment: world.experimentId } });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
  });

  it("may be named by MLFLOW_EXPERIMENT_NAME", async () => {
    const { world, baseline, change } = await recorded();
    const gated = await world.gatePullRequest(change, {
      inputs: { experiment: undefined },
      env: { MLFLOW_EXPERIMENT_NAME: world.experiment },
    });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
  });

  it.each(["nobody's experiment", "999999999", 'it\'s "quoted" | `tick`'])(
    "that is missing (%s) is error: experiment-missing",
    async (experiment) => {
      const { world, change } = await recorded();
      const gated = await isError(world, "experiment-missing", change, { inputs: { experiment } });
      expect(sentence(gated)).toContain(experiment);
      expect(await candidates(world)).toBe(0);
    },
  );

  it("that is deleted is error: experiment-missing and says so", async () => {
    const { world, change } = await recorded();
    const http = new TrackingHttp(addressOf(world.trackingUri));
    onTestFinished(() => http.close());
    await http.call({
      method: "POST",
      path: "/api/2.0/mlflow/experiments/delete",
      body: { experiment_id: world.experimentId },
      repeatable: true,
    });
    for (const experiment of [world.experiment, world.experimentId]) {
      const gated = await isError(world, "experiment-missing", change, { inputs: { experiment } });
      expect(sentence(gated)).toContain("is deleted");
    }
  });
});

describe("a baseline that changes while the training runs", () => {
  it("is error: baseline-mutated, whoever changed it", async () => {
    const { world, baseline, change } = await recorded();
    let changed: Promise<void> | undefined;
    const onLine = (line: string) => {
      if (!line.includes("Executing")) return;
      const point = { key: "accuracy", value: 0.9, timestamp: Date.now(), step: "1" };
      changed ??= world.client.logMetrics(baseline, [point]);
    };
    const gated = await isError(world, "baseline-mutated", change, { onLine });
    await changed;
    expect(sentence(gated)).toContain(baseline);
    expect(gated.outputs["metrics-within"]).toBe("0");
    const candidate = (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
    expect(candidate?.tags.get("repro_gate.outcome")).toBe("error");
  });

  it.each([
    ["another value", (run: string) => run.replace(/"value": ?0.875/, '"value": 0.876')],
    ["another status", (run: string) => run.replace('"FINISHED"', '"FAILED"')],
    ["deleted", (run: string) => run.replace('"lifecycle_stage": "active"', '"lifecycle_stage": "deleted"')],
  ])("to be %s is noticed by reading it again", async (_, alter) => {
    const { world, baseline, change } = await recorded();
    let altered = 0;
    const proxy = await serve((seen, response) =>
      forward(seen, response, world.trackingUri, {
        change: (body) => {
          if (!seen.url.includes(`runs/get?run_id=${baseline}`)) return body;
          const other = alter(body);
          if (other !== body) altered += 1;
          return other;
        },
      }),
    );
    await isError(world, "baseline-mutated", change, { inputs: { "tracking-uri": proxy.uri } });
    expect(altered).toBeGreaterThan(0);
  });

  it("by a tag or a name alone is no matter", async () => {
    const { world, baseline, change } = await recorded();
    let changed: Promise<void> | undefined;
    const onLine = (line: string) => {
      if (line.includes("Executing")) changed ??= world.client.setTags(baseline, new Map([["reviewed", "yes"]]));
    };
    const gated = await world.gatePullRequest(change, { onLine });
    await changed;
    expect(gated.outputs.outcome).toBe("reproduced");
  });
});
