import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { MLFLOW_VERSION } from "../../src/adapters/mlflow/toolchain/pins.js";
import { TrackingClient } from "../../src/adapters/mlflow/tracking/client.js";
import { TrackingHttp } from "../../src/adapters/mlflow/tracking/http.js";
import { tagEquals } from "../../src/core/filter.js";
import { TAG } from "../../src/core/run.js";
import { answer, forward, startHttpServer } from "../support/http-server.js";
import { addressOf, World } from "../support/world.js";

const execute = promisify(execFile);

/** Old servers by what must stand beside them for them to start at all: `facts/mlflow.md` section 0. */
const OLD: Readonly<Record<string, readonly string[]>> = {
  "2.9.2": ["sqlalchemy<2.1", "setuptools<81"],
  "2.22.5": ["sqlalchemy<2.1"],
  "3.5.1": ["sqlalchemy<2.1"],
};
/** `npm test` has the oldest and the newest; `npm run test:matrix` all. */
const VERSIONS =
  process.env.REPRO_GATE_MATRIX === "1" ? [...Object.keys(OLD), MLFLOW_VERSION] : ["2.9.2", MLFLOW_VERSION];

interface Server {
  readonly uri: string;
  /** The SQLite file, undefined for the shared server. */
  readonly file: string | undefined;
  stop(): Promise<void>;
}

/** Installs an old MLflow into the user's cache, once. */
async function install(version: string): Promise<string> {
  const cache = join(homedir(), ".cache", "repro-gate-tests");
  const folder = join(cache, `mlflow-${version}`);
  const marker = join(folder, ".complete");
  const wanted = [`mlflow==${version}`, ...(OLD[version] ?? [])].join(" ");
  if ((await readFile(marker, "utf8").catch(() => "")) === wanted) return folder;
  await mkdir(cache, { recursive: true });
  const uv = inject("uv");
  await rm(folder, { recursive: true, force: true });
  await execute(uv, ["venv", "--quiet", "--python", "3.11", folder]);
  await execute(uv, ["pip", "install", "--quiet", "--python", join(folder, "bin", "python"), ...wanted.split(" ")]);
  await writeFile(marker, wanted);
  return folder;
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** A server of this version; the newest is the shared one. */
async function startServer(version: string): Promise<Server> {
  if (version === MLFLOW_VERSION) return { uri: inject("trackingUri"), file: undefined, stop: async () => {} };
  const installed = await install(version);
  const folder = await mkdtemp(join(tmpdir(), `mlflow-${version}-`));
  const file = join(folder, "mlflow.db");
  const port = await freePort();
  const uri = `http://127.0.0.1:${port}`;
  const child: ChildProcess = spawn(
    join(installed, "bin", "mlflow"),
    [
      "server",
      "--backend-store-uri",
      `sqlite:///${file}`,
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      "--workers",
      "1",
    ],
    {
      cwd: folder,
      env: { PATH: `${join(installed, "bin")}:${process.env.PATH}`, HOME: folder, MLFLOW_DISABLE_TELEMETRY: "true" },
      stdio: "ignore",
      detached: true,
    },
  );
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    await Promise.race([exited, sleep(5000)]);
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It ended when it was asked.
    }
  };
  for (let tries = 0; tries < 600; tries++) {
    if (
      await fetch(`${uri}/health`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return { uri, file, stop };
    if (child.exitCode !== null) break;
    await sleep(100);
  }
  await stop();
  throw new Error(`MLflow ${version} did not start.`);
}

describe.each(VERSIONS)("MLflow %s", (version) => {
  let server: Server;
  let http: TrackingHttp;
  let client: TrackingClient;
  let experimentId: string;
  let experiment: string;

  beforeAll(async () => {
    server = await startServer(version);
    http = new TrackingHttp(addressOf(server.uri));
    client = new TrackingClient(http);
    experiment = `versions ${randomUUID()}`;
    experimentId = await client.createExperiment(experiment);
  });
  afterAll(async () => {
    await http?.close();
    await server?.stop();
  });

  const newRun = (tags: Readonly<Record<string, string>> = {}, startTime = 1_764_000_000_000) =>
    client.createRun({ experimentId, runName: "a run", startTime, tags: new Map(Object.entries(tags)) });
  const post = (path: string, body: unknown) =>
    http.call({ method: "POST", path: `/api/2.0/mlflow/${path}`, body, repeatable: true });
  const search = async (filter: string, maxResults = 100) => {
    const page = await client.searchRuns({
      experimentIds: [experimentId],
      filter,
      orderBy: ["attributes.start_time DESC"],
      maxResults,
    });
    return page;
  };

  it("knows an experiment by ID and by name, and makes it once", async () => {
    const found = { experimentId, name: experiment, active: true };
    expect(await client.getExperiment(experimentId)).toEqual(found);
    expect(await client.getExperimentByName(experiment)).toEqual(found);
    expect(await client.createExperiment(experiment)).toBe(experimentId);
    expect(await client.getExperiment("999999999")).toBeUndefined();
    expect(await client.getExperimentByName("no such experiment")).toBeUndefined();
  });

  it("tells a deleted experiment, and makes none of its name", async () => {
    const name = `deleted ${randomUUID()}`;
    const id = await client.createExperiment(name);
    await post("experiments/delete", { experiment_id: id });
    expect(await client.getExperiment(id)).toMatchObject({ active: false });
    expect(await client.getExperimentByName(name)).toMatchObject({ active: false });
    await expect(client.createExperiment(name)).rejects.toMatchObject({ reason: "tracker-answer" });
  });

  it("keeps a run's name, start, tags and parameters", async () => {
    const tags = {
      [TAG.gitCommit]: "1".repeat(40),
      "mlflow.source.type": "PROJECT",
      odd: "größe 🍷 'x' \"y\" `z` \\ \n end",
    };
    const runId = await newRun(tags);
    await client.setTags(runId, new Map([["later", "1"]]));
    await client.logParams(
      runId,
      new Map([
        ["alpha", "0.5"],
        ["note", "it's a $HOME"],
        ["empty", ""],
        ["lines", "a\nb"],
      ]),
    );
    const run = await client.getRun(runId);
    expect(run).toMatchObject({
      runId,
      runName: "a run",
      experimentId,
      status: "RUNNING",
      active: true,
      startTime: 1_764_000_000_000,
      endTime: undefined,
    });
    expect(Object.fromEntries(run?.tags ?? [])).toMatchObject({ ...tags, later: "1" });
    expect(Object.fromEntries(run?.params ?? [])).toEqual({
      alpha: "0.5",
      note: "it's a $HOME",
      empty: "",
      lines: "a\nb",
    });
  });

  it("takes a parameter again when it is the same, and not when it is another", async () => {
    const runId = await newRun();
    await client.logParams(runId, new Map([["alpha", "1"]]));
    await client.logParams(runId, new Map([["alpha", "1"]]));
    await expect(client.logParams(runId, new Map([["alpha", "2"]]))).rejects.toMatchObject({
      reason: "tracker-answer",
    });
  });

  it("takes more tags, parameters and metrics than one request holds", async () => {
    const runId = await newRun();
    const many = (count: number) => Array.from({ length: count }, (_, index) => index);
    await client.setTags(runId, new Map(many(150).map((index) => [`tag${index}`, String(index)])));
    await client.logParams(runId, new Map(many(150).map((index) => [`param${index}`, String(index)])));
    await client.logMetrics(
      runId,
      many(2500).map((index) => ({ key: `metric${index}`, value: index, timestamp: 1, step: "0" })),
    );
    const run = await client.getRun(runId);
    expect(run?.params.size).toBe(150);
    expect([...(run?.tags.keys() ?? [])].filter((key) => /^tag\d/.test(key))).toHaveLength(150);
    expect(run?.metrics.size).toBe(2500);
  });

  it("keeps every double, and NaN and the infinities by name", async () => {
    const runId = await newRun();
    const values: Readonly<Record<string, number>> = {
      nan: Number.NaN,
      infinity: Number.POSITIVE_INFINITY,
      minusInfinity: Number.NEGATIVE_INFINITY,
      smallest: 5e-324,
      large: 1.7e308,
      third: 1 / 3,
      tenth: 0.1,
      negative: -123456789.12345679,
      integer: 2 ** 53,
      zero: 0,
    };
    await client.logMetrics(
      runId,
      Object.entries(values).map(([key, value]) => ({ key, value, timestamp: 1_764_000_000_000, step: "0" })),
    );
    const run = await client.getRun(runId);
    const read = Object.fromEntries([...(run?.metrics ?? [])].map(([key, { value }]) => [key, value]));
    // Object.is tells NaN, and 0 from −0.
    for (const [key, value] of Object.entries(values))
      expect(Object.is(read[key], value), `${key}: ${read[key]}`).toBe(true);
    for (const [key, value] of Object.entries(values)) {
      const [point] = await client.getMetricHistory(runId, key);
      expect(Object.is(point?.value, value), `history of ${key}: ${point?.value}`).toBe(true);
    }
  });

  it("keeps steps beyond 2^53 to the digit, and takes the latest by step", async () => {
    const runId = await newRun();
    const steps = ["9007199254740993", "9007199254740992", "-5", "9223372036854775807"];
    await client.logMetrics(
      runId,
      steps.map((step, index) => ({ key: "loss", value: index, timestamp: 1_764_000_000_000 + index, step })),
    );
    expect((await client.getRun(runId))?.metrics.get("loss")).toMatchObject({ value: 3, step: "9223372036854775807" });
    const history = await client.getMetricHistory(runId, "loss");
    expect(history.map(({ step }) => step).sort()).toEqual([...steps].sort());
  });

  it("gives the whole history of a metric, page by page", async () => {
    const runId = await newRun();
    const points = Array.from({ length: 26_000 }, (_, index) => ({
      key: "loss",
      value: index / 7,
      timestamp: 1_764_000_000_000 + index,
      step: String(index),
    }));
    await client.logMetrics(runId, points);
    const history = await client.getMetricHistory(runId, "loss");
    expect(history).toHaveLength(26_000);
    expect(history.map(({ value }) => value)).toEqual(points.map(({ value }) => value));
    expect(await client.getMetricHistory(runId, "absent")).toEqual([]);
  });

  it("keeps datasets", async () => {
    const runId = await newRun();
    const dataset = {
      name: "wine",
      digest: "abc12345",
      sourceType: "local",
      source: '{"uri": "data.csv"}',
      schema: '{"mlflow_colspec": []}',
      profile: undefined,
      tags: new Map([["mlflow.data.context", "training"]]),
    };
    await client.logDatasets(runId, [dataset, { ...dataset, name: "other", schema: undefined }]);
    const datasets = (await client.getRun(runId))?.datasets ?? [];
    expect(datasets.map(({ name }) => name).sort()).toEqual(["other", "wine"]);
    const stored = datasets.find(({ name }) => name === "wine");
    expect(stored).toMatchObject({
      digest: "abc12345",
      sourceType: "local",
      source: '{"uri": "data.csv"}',
      schema: '{"mlflow_colspec": []}',
    });
    expect(stored?.tags.get("mlflow.data.context")).toBe("training");
  });

  it.each([
    "main",
    "feature/x",
    "it's",
    'say "x"',
    "a`b",
    "100%_done\\",
    "größe-🍷",
    "a' AND tags.x = 'b",
    "--comment",
    "(x); y #z",
  ])("finds a run by the branch %j, and no other", async (branch) => {
    const own = await newRun({ [TAG.gitBranch]: branch });
    await newRun({ [TAG.gitBranch]: `${branch}x` });
    const filter = tagEquals(TAG.gitBranch, branch);
    expect(filter).toBeDefined();
    const { runs } = await search(filter ?? "");
    expect(runs.map(({ runId }) => runId)).toEqual([own]);
  });

  it("has no filter for a branch with both kinds of quotes, and keeps its name", async () => {
    const branch = `it's "both"`;
    const own = await newRun({ [TAG.gitBranch]: branch });
    expect(tagEquals(TAG.gitBranch, branch)).toBeUndefined();
    const { runs } = await search("");
    expect(runs.filter(({ tags }) => tags.get(TAG.gitBranch) === branch).map(({ runId }) => runId)).toEqual([own]);
  });

  it("gives runs page by page, newest first, without the deleted", async () => {
    const id = await client.createExperiment(`pages ${randomUUID()}`);
    const ids: string[] = [];
    for (let index = 0; index < 7; index++) {
      ids.push(
        await client.createRun({
          experimentId: id,
          runName: `run ${index}`,
          startTime: 1_764_000_000_000 + index,
          tags: new Map(),
        }),
      );
    }
    await post("runs/delete", { run_id: ids[3] });
    const seen: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await client.searchRuns({
        experimentIds: [id],
        filter: "",
        orderBy: ["attributes.start_time DESC"],
        maxResults: 3,
        pageToken,
      });
      seen.push(...page.runs.map(({ runId }) => runId));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    expect(seen).toEqual(ids.filter((_, index) => index !== 3).reverse());
  });

  it("finds nothing where nothing is", async () => {
    const id = await client.createExperiment(`empty ${randomUUID()}`);
    expect(await client.searchRuns({ experimentIds: [id], filter: "", orderBy: [], maxResults: 10 })).toEqual({
      runs: [],
      nextPageToken: undefined,
    });
  });

  it("tells a deleted run from one that there never was", async () => {
    const runId = await newRun();
    await post("runs/delete", { run_id: runId });
    expect(await client.getRun(runId)).toMatchObject({ runId, active: false });
    expect(await client.getRun("0".repeat(32))).toBeUndefined();
  });

  it.each(["FINISHED", "FAILED", "KILLED"])("ends a run as %s", async (status) => {
    const runId = await newRun();
    await client.endRun(runId, status, 1_764_000_001_000);
    expect(await client.getRun(runId)).toMatchObject({ status, endTime: 1_764_000_001_000 });
  });

  it("swallows a status that it does not know, which reading back notices", async () => {
    const runId = await newRun();
    await expect(client.endRun(runId, "DONE", 1_764_000_001_000)).rejects.toMatchObject({ reason: "tracker-answer" });
    expect(await client.getRun(runId)).toMatchObject({ status: "RUNNING" });
  });

  it.each(["a cut connection", "a 502"])("creates a run once, although its answer is lost by %s", async (accident) => {
    const invocation = randomUUID();
    let lost = 0;
    const proxy = await startHttpServer(async (seen, response) => {
      if (!seen.url.includes("runs/create") || lost > 0) return forward(seen, response, server.uri);
      lost += 1;
      // It arrives and is carried out; nobody hears of it.
      await http.call({ method: "POST", path: seen.url, body: JSON.parse(seen.body.toString()), repeatable: false });
      if (accident === "a 502") return answer(response, 502, "<html>Bad gateway</html>");
      response.socket?.destroy();
    });
    const through = new TrackingHttp(addressOf(proxy.uri));
    onTestFinished(async () => {
      await through.close();
      await proxy.close();
    });
    const runId = await new TrackingClient(through).createRun({
      experimentId,
      runName: "a run",
      startTime: Date.now(),
      tags: new Map([[TAG.invocation, invocation]]),
    });
    const { runs } = await search(tagEquals(TAG.invocation, invocation) ?? "");
    expect(runs.map((run) => run.runId)).toEqual([runId]);
  });

  it("refuses what is no name of a metric, in its own words", async () => {
    const runId = await newRun();
    const point = { key: "a@b%(c)", value: 1, timestamp: 1, step: "0" };
    await expect(client.logMetrics(runId, [point])).rejects.toMatchObject({ reason: "tracker-answer" });
  });

  it("serves a whole check", async () => {
    const world = await World.create({ files: { "metrics.json": '{"accuracy": 0.875, "loss": [1, 0.5, 0.25]}' } });
    const id = await client.createExperiment(world.experiment).catch(() => world.experimentId);
    const baseline = await client.createRun({
      experimentId: id,
      runName: "baseline",
      startTime: Date.now() - 1000,
      tags: new Map([[TAG.gitCommit, await world.git("rev-parse", "main")]]),
    });
    await client.logMetrics(baseline, [
      { key: "accuracy", value: 0.875, timestamp: 1, step: "0" },
      { key: "loss", value: 0.25, timestamp: 1, step: "2" },
    ]);
    await client.endRun(baseline, "FINISHED", Date.now());
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), {
      inputs: { "tracking-uri": server.uri },
    });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
    // With credentials the run is copied, history and all.
    const mirrored = await world.gatePullRequest(await world.change({ "README.md": "more words" }, "other"), {
      inputs: { "tracking-uri": server.uri, "tracking-username": "user", "tracking-password": "not-asked-for" },
    });
    expect(mirrored.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
    const copy = mirrored.outputs["candidate-run-id"] ?? "";
    expect(await client.getRun(copy)).toMatchObject({ status: "FINISHED" });
    expect((await client.getMetricHistory(copy, "loss")).map(({ value, step }) => [value, step])).toEqual([
      [1, "0"],
      [0.5, "1"],
      [0.25, "2"],
    ]);
  });

  if (version === MLFLOW_VERSION) return;

  it("made a SQLite file that the gate's own server does not touch", async () => {
    const { file } = server;
    const copy = `${file}.copy`;
    await writeFile(copy, await readFile(file ?? ""));
    const digest = async () =>
      createHash("sha256")
        .update(await readFile(copy))
        .digest("hex");
    const before = await digest();
    const world = await World.create();
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), {
      inputs: { "tracking-uri": `sqlite:///${copy}` },
    });
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "tracker-answer" });
    expect(gated.comment).toContain("mlflow db upgrade");
    expect(gated.comment).toContain(MLFLOW_VERSION);
    expect(await digest()).toBe(before);
  });
});
