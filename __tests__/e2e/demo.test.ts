import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, it, onTestFinished } from "vitest";
import { TrackingClient } from "../../src/adapters/mlflow/tracking/client.js";
import { TrackingHttp } from "../../src/adapters/mlflow/tracking/http.js";
import { renderNumber } from "../../src/report/numbers.js";
import { addressOf } from "../support/world.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Shown {
  readonly pullRequests: readonly {
    readonly title: string;
    readonly outcome: string;
    readonly reason: string;
    readonly exitCode: number;
    readonly baselineRunId: string;
    readonly candidateRunId: string;
    readonly comment: string;
  }[];
  readonly trackingUri: string;
  readonly seconds: number;
}

/** Runs the built demo as a user does, in a folder that is no repository. */
async function demo(...flags: readonly string[]): Promise<{ exitCode: number; shown: Shown; stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), "demo-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return new Promise((resolve, reject) => {
    const env = { ...process.env, XDG_CACHE_HOME: inject("toolCache") };
    const args = [join(root, "dist", "cli", "index.js"), "demo", "--json", ...flags];
    execFile(process.execPath, args, { cwd: folder, env, maxBuffer: 1e7 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : Number(error.code);
      if (stdout === "") reject(new Error(stderr));
      else resolve({ exitCode, shown: JSON.parse(stdout) as Shown, stderr });
    });
  });
}

it("shows a green and a red pull request whose runs can be looked at afterwards", async () => {
  const { exitCode, shown, stderr } = await demo("--keep");
  const pid = Number(/kill -- -(\d+)/.exec(stderr)?.[1]);
  const files = /Its files are in (\S+)\./.exec(stderr)?.[1] ?? "";
  onTestFinished(async () => {
    process.kill(-pid, "SIGKILL");
    await rm(files, { recursive: true, force: true });
  });
  expect(exitCode).toBe(0);
  expect(shown.pullRequests.map(({ outcome, reason, exitCode: status }) => [outcome, reason, status])).toEqual([
    ["reproduced", "", 0],
    ["diverged", "outside-tolerance", 1],
  ]);
  const http = new TrackingHttp(addressOf(shown.trackingUri));
  onTestFinished(() => http.close());
  const client = new TrackingClient(http);
  for (const { baselineRunId, candidateRunId, comment } of shown.pullRequests) {
    const [baseline, candidate] = [await client.getRun(baselineRunId), await client.getRun(candidateRunId)];
    expect([baseline?.status, candidate?.status]).toEqual(["FINISHED", "FINISHED"]);
    const commits = [baseline, candidate].map((run) => run?.tags.get("mlflow.source.git.commit"));
    expect(new Set(commits).size).toBe(2);
    for (const key of ["mae", "r2", "rmse"]) {
      const row = comment.split("\n").find((line) => line.includes(`\`${key}\``)) ?? "";
      expect(row).toContain(renderNumber(baseline?.metrics.get(key)?.value ?? null));
      expect(row).toContain(renderNumber(candidate?.metrics.get(key)?.value ?? null));
    }
  }
  expect(shown.pullRequests[0]?.comment).toContain("0.627104");
});

it("computes other numbers from another table, and leaves nothing behind", async () => {
  const table = await readFile(join(root, "examples/wine-quality/data/wine-quality-white.csv"), "utf8");
  const folder = await mkdtemp(join(tmpdir(), "table-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const half = join(folder, "half.csv");
  await writeFile(half, `${table.split("\n").slice(0, 2500).join("\n")}\n`);
  const { exitCode, shown } = await demo("--data", half);
  expect(exitCode).toBe(0);
  expect(shown.pullRequests.map(({ outcome }) => outcome)).toEqual(["reproduced", "diverged"]);
  expect(shown.pullRequests[0]?.comment).not.toContain("0.627104");
  await expect(fetch(`${shown.trackingUri}/health`)).rejects.toThrow();
});
