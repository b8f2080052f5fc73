import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { RunRecord } from "../../src/core/run.js";
import { type Gated, World } from "../support/world.js";

const RECORDED = { accuracy: 0.875, alpha_metric: 0.5, loss: 0.0625 };
const PASSWORD = `correct "horse" battery/staple`;
const CREDENTIALS = { "tracking-username": "trainer", "tracking-password": PASSWORD };
const DATA = "one\ntwo\n";

async function worldWithBaseline(config?: string): Promise<{ readonly world: World; readonly baseline: string }> {
  const files = { "data.txt": DATA, ...(config === undefined ? {} : { ".github/repro-gate.yml": config }) };
  const world = await World.create({ files });
  const commit = await world.git("rev-parse", "main");
  return { world, baseline: await world.record({ commit, metrics: RECORDED, params: { mode: "dataset" } }) };
}

async function candidates(world: World): Promise<readonly RunRecord[]> {
  return (await world.runs()).filter(({ tags }) => tags.get("repro_gate.role") === "candidate");
}

/** The real server behind a proxy that lets nobody create a run; returns its address. */
async function readOnlyServer(target: string): Promise<string> {
  const refusal = JSON.stringify({ error_code: "PERMISSION_DENIED", message: "Permission denied" });
  const proxy = createServer((incoming, answer) => {
    if (incoming.method === "POST" && incoming.url?.endsWith("/runs/create") === true) {
      incoming.resume();
      answer.writeHead(403, { "content-type": "application/json" }).end(refusal);
      return;
    }
    const { host: _, ...headers } = incoming.headers;
    const outgoing = request(`${target}${incoming.url}`, { method: incoming.method ?? "GET", headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

/** The password, and the forms in which it could slip through, are nowhere that anybody reads. */
async function expectNoPassword(gated: Gated): Promise<void> {
  const basic = Buffer.from(`trainer:${PASSWORD}`).toString("base64");
  const forms = [PASSWORD, encodeURIComponent(PASSWORD), JSON.stringify(PASSWORD).slice(1, -1), basic];
  // The runner takes this command out of the log, which makes it hide the value everywhere else.
  const log = gated.log.filter((line) => !line.startsWith("::add-mask::"));
  const report = await readFile(gated.outputs.report ?? "", "utf8");
  const shown = [...log, gated.comment, gated.summary, JSON.stringify(gated.outputs), report];
  for (const form of forms) expect(shown.filter((text) => text.includes(form))).toEqual([]);
  expect(gated.log).toContain(`::add-mask::${PASSWORD}`);
}

describe("a training that must not see the tracking server", () => {
  it("is recorded there after it has ended: parameters, history, tags, dataset", async () => {
    const { world, baseline } = await worldWithBaseline();
    const change = await world.change({
      "metrics.json": '{"accuracy": 0.875, "alpha_metric": "alpha", "fresh": NaN}',
    });
    const gated = await world.gatePullRequest(change, { inputs: CREDENTIALS });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline, "metrics-within": "3" });
    expect(gated.exitCode).toBe(0);

    const [run, ...others] = await candidates(world);
    expect(others).toEqual([]);
    expect(run?.runId).toBe(gated.outputs["candidate-run-id"]);
    expect(run?.status).toBe("FINISHED");
    expect(run?.runName).toBe(`repro-gate/pr-2/${change.head.slice(0, 7)}`);
    expect(Object.fromEntries(run?.params ?? [])).toEqual({
      alpha: "0.5",
      note: "",
      items: "[]",
      mode: "dataset",
      data_file: "data.txt",
    });
    const history = await world.client.getMetricHistory(run?.runId ?? "", "loss");
    expect(history.map(({ step, value }) => [step, value])).toEqual([
      ["0", 1],
      ["1", 0.5],
      ["2", 0.25],
      ["3", 0.125],
      ["4", 0.0625],
    ]);
    expect(run?.metrics.get("fresh")?.value).toBeNaN();
    expect(run?.datasets).toMatchObject([
      {
        name: "stub-data",
        digest: createHash("sha256").update(DATA).digest("hex").slice(0, 8),
        sourceType: "local",
        tags: new Map([["mlflow.data.context", "training"]]),
      },
    ]);
    expect(Object.fromEntries(run?.tags ?? [])).toMatchObject({
      "mlflow.source.type": "PROJECT",
      "mlflow.source.git.commit": change.head,
      "mlflow.project.entryPoint": "main",
      "repro_gate.role": "candidate",
      "repro_gate.outcome": "reproduced",
      "repro_gate.baseline_run_id": baseline,
      "repro_gate.params_encoding": "raw",
      "stub.note": "",
    });
    // It was told of a server on this machine, and of no password.
    expect(run?.tags.get("stub.environment")).not.toMatch(/PASSWORD|USERNAME|TOKEN/);
    expect(gated.comment).toContain(`${world.trackingUri}/#/experiments/${world.experimentId}/runs/${run?.runId}`);
    expect(gated.report.projects[0]?.candidate?.mirrored).toBe(true);
    await expectNoPassword(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("is recorded there when it fails, too", async () => {
    const { world } = await worldWithBaseline();
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), {
      inputs: { ...CREDENTIALS, parameters: "mode=crash" },
    });
    expect(gated.outputs).toMatchObject({ outcome: "broken", reason: "entry-point-failed" });
    expect(gated.exitCode).toBe(3);
    expect(await candidates(world)).toMatchObject([{ runId: gated.outputs["candidate-run-id"], status: "FAILED" }]);
    await expectNoPassword(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("is judged where nothing can be recorded", async () => {
    const { world, baseline } = await worldWithBaseline();
    const inputs = { ...CREDENTIALS, "tracking-uri": await readOnlyServer(world.trackingUri) };
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), { inputs });
    expect(gated.outputs).toMatchObject({
      outcome: "reproduced",
      "baseline-run-id": baseline,
      "candidate-run-id": "",
      "metrics-within": "3",
    });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain("⚠️ The result could not be recorded on the tracking server:");
    expect(gated.comment).toContain("HTTP 403");
    expect(await candidates(world)).toEqual([]);
    await expectNoPassword(gated);
    expect(await world.leftovers(gated)).toEqual([]);
    // What is missing is the permission to write; the baseline was read.
    expect(gated.comment).not.toContain("reading the baseline's experiment");
  });

  it("diverges where nothing can be recorded", async () => {
    const { world } = await worldWithBaseline();
    const inputs = { ...CREDENTIALS, "tracking-uri": await readOnlyServer(world.trackingUri) };
    const change = await world.change({ "metrics.json": '{"accuracy": 0.75, "alpha_metric": "alpha"}' });
    const gated = await world.gatePullRequest(change, { inputs });
    expect(gated.outputs).toMatchObject({
      outcome: "diverged",
      reason: "outside-tolerance",
      "candidate-run-id": "",
      "metrics-outside": "1",
    });
    expect(gated.exitCode).toBe(1);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});

describe("a baseline that is created by a training that must not see the tracking server", () => {
  it("is recorded there like the candidate", async () => {
    const world = await World.create();
    const inputs = { ...CREDENTIALS, "on-missing-baseline": "create" };
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), { inputs });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "metrics-within": "2" });
    expect(gated.exitCode).toBe(0);
    const runs = await world.runs();
    expect(runs.map(({ runId, status, tags }) => [tags.get("repro_gate.role"), runId, status]).sort()).toEqual([
      ["baseline", gated.outputs["baseline-run-id"], "FINISHED"],
      ["candidate", gated.outputs["candidate-run-id"], "FINISHED"],
    ]);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("is compared with where nothing can be recorded", async () => {
    const world = await World.create();
    const trackingUri = await readOnlyServer(world.trackingUri);
    const inputs = { ...CREDENTIALS, "tracking-uri": trackingUri, "on-missing-baseline": "create" };
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), { inputs });
    expect(gated.outputs).toMatchObject({
      outcome: "reproduced",
      reason: "",
      "metrics-within": "2",
      "candidate-run-id": "",
    });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain("⚠️ The result could not be recorded on the tracking server:");
    expect(await world.runs()).toEqual([]);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});

describe("a training that may see the tracking server", () => {
  it("logs there directly when the configuration shares the credentials", async () => {
    const { world } = await worldWithBaseline("version: 1\nshare-tracking-credentials: true\n");
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), { inputs: CREDENTIALS });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "metrics-within": "3" });
    expect(gated.exitCode).toBe(0);
    expect(gated.report.projects[0]?.candidate?.mirrored).toBe(false);
    const [run] = await candidates(world);
    expect(run).toMatchObject({ runId: gated.outputs["candidate-run-id"], status: "FINISHED" });
    expect(run?.tags.get("stub.environment")).toContain("MLFLOW_TRACKING_PASSWORD");
    await expectNoPassword(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("and prints the password: it is hidden", async () => {
    const { world } = await worldWithBaseline("version: 1\nshare-tracking-credentials: true\n");
    const stub = "import os, sys\nsys.exit('RuntimeError: ' + os.environ['MLFLOW_TRACKING_PASSWORD'])\n";
    const gated = await world.gatePullRequest(await world.change({ "stub.py": stub }), { inputs: CREDENTIALS });
    expect(gated.outputs).toMatchObject({ outcome: "broken", reason: "entry-point-failed" });
    expect(gated.exitCode).toBe(3);
    expect(gated.comment).toContain("RuntimeError: ***");
    // The log itself is the runner's to mask.
    await expectNoPassword({ ...gated, log: gated.log.filter((line) => !line.startsWith("│")) });
    expect(await world.leftovers(gated)).toEqual([]);
  });
});
