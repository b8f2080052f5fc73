import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/core/run.js";
import { type Gated, type GateOptions, World } from "../support/world.js";

const RECORDED = { accuracy: 0.875, alpha_metric: 0.5 };

/** Gates a pull request that changes nothing but `files`, with the stub in a mode. */
async function gate(
  world: World,
  mode: string,
  files: Readonly<Record<string, string | undefined>> = { "README.md": "words" },
  options: GateOptions = {},
): Promise<Gated> {
  const inputs = { ...(mode === "ok" ? {} : { parameters: `mode=${mode}` }), ...options.inputs };
  return world.gatePullRequest(await world.change(files), { ...options, inputs });
}

async function recordOnMain(world: World, metrics: Readonly<Record<string, number>> = RECORDED): Promise<string> {
  return world.record({ commit: await world.git("rev-parse", "main"), metrics });
}

async function candidate(world: World, gated: Gated): Promise<RunRecord | undefined> {
  return (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
}

describe("a training that logs other metrics", () => {
  it("lacks one: the likely new name is given", async () => {
    const world = await World.create({ files: { "metrics.json": '{"accuracy": 0.875, "loss": 0.25}' } });
    await recordOnMain(world, { accuracy: 0.875, loss: 0.25 });
    const gated = await gate(world, "ok", { "metrics.json": '{"accuracy_score": 0.875, "loss": 0.25}' });
    expect(gated.outputs).toMatchObject({
      outcome: "diverged",
      reason: "metric-missing",
      "metrics-within": "1",
      "metrics-missing": "1",
      "metrics-new": "1",
    });
    expect(gated.exitCode).toBe(1);
    expect(gated.comment).toContain("1 of 2 metrics missing");
    expect(gated.comment).toContain("**`accuracy`**");
    expect(gated.comment).toContain("missing, renamed?");
    expect(gated.comment).toContain("Was `accuracy` renamed to `accuracy_score`?");
    expect((await candidate(world, gated))?.status).toBe("FINISHED");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("logs none although it ends with 0", async () => {
    const world = await World.create();
    await recordOnMain(world);
    const gated = await gate(world, "no-metrics");
    expect(gated.outputs).toMatchObject({ outcome: "broken", reason: "no-metrics" });
    expect(gated.exitCode).toBe(3);
    expect(gated.comment).toContain("❌ Broken");
    expect(gated.comment).toContain("ended with exit status 0 but logged no metric");
    expect((await candidate(world, gated))?.status).toBe("FINISHED");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("is an empty script", async () => {
    const world = await World.create();
    await recordOnMain(world);
    const gated = await gate(world, "ok", { "stub.py": "" });
    expect(gated.outputs).toMatchObject({ outcome: "broken", reason: "no-metrics" });
    expect(gated.exitCode).toBe(3);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});

describe("a training that does not run to completion", () => {
  it("crashes: its last words and the tail of its log are shown", async () => {
    const world = await World.create();
    await recordOnMain(world);
    const gated = await gate(world, "crash");
    expect(gated.outputs).toMatchObject({ outcome: "broken", reason: "entry-point-failed" });
    expect(gated.exitCode).toBe(3);
    expect(gated.comment).toContain("❌ Broken — `stub` did not run to completion: its entry point failed");
    expect(gated.comment).toMatch(/The entry point `main` failed after \d+ s: `RuntimeError: stub crashed on purpose`/);
    expect(gated.comment).toMatch(/<details open><summary>Last \d+ lines of the training's log<\/summary>/);
    expect(gated.comment).toContain("Traceback (most recent call last):");
    expect(gated.comment).toContain("**What to do**");
    // Where this machine keeps the job's folder is of no interest to a reader.
    expect(gated.comment).not.toContain(gated.runnerTemp);
    expect((await candidate(world, gated))?.status).toBe("FAILED");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("passes its deadline", async () => {
    const world = await World.create();
    await recordOnMain(world);
    const gated = await gate(world, "sleep", undefined, { inputs: { "timeout-minutes": "0.05" } });
    expect(gated.outputs).toMatchObject({ outcome: "broken", reason: "timeout" });
    expect(gated.exitCode).toBe(3);
    expect(gated.comment).toContain("did not finish within 0.05 minutes and was stopped");
    expect(gated.comment).toContain("raise `timeout-minutes`");
    expect(gated.comment).toContain("training started");
    expect(["KILLED", "FAILED"]).toContain((await candidate(world, gated))?.status);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("passes its deadline and ignores signals", async () => {
    const world = await World.create();
    await recordOnMain(world);
    const gated = await gate(world, "ignore-signals", undefined, { inputs: { "timeout-minutes": "0.05" } });
    expect(gated.outputs).toMatchObject({ outcome: "broken", reason: "timeout" });
    expect(gated.exitCode).toBe(3);
    expect(gated.comment).toContain("did not finish within 0.05 minutes and was stopped");
    expect(["KILLED", "FAILED"]).toContain((await candidate(world, gated))?.status);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("kills the process that runs it", async () => {
    const world = await World.create();
    await recordOnMain(world);
    // The group's leader is `mlflow run`: what the system's out-of-memory killer would have chosen.
    const gated = await gate(world, "ok", { "stub.py": "import os, signal\nos.kill(os.getpgrp(), signal.SIGKILL)\n" });
    expect(gated.outputs).toMatchObject({ outcome: "broken", reason: "signalled" });
    expect(gated.exitCode).toBe(3);
    expect(gated.comment).toContain("was ended by `SIGKILL`");
    expect((await candidate(world, gated))?.status).toBe("KILLED");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("opens a file that is gone", async () => {
    const world = await World.create({ files: { "data.txt": "one\ntwo\n" } });
    await recordOnMain(world, { ...RECORDED, data_lines: 2 });
    const gated = await gate(world, "read-data", { "data.txt": undefined });
    expect(gated.outputs).toMatchObject({ outcome: "broken", reason: "entry-point-failed" });
    expect(gated.exitCode).toBe(3);
    expect(gated.comment).toContain("FileNotFoundError: [Errno 2] No such file or directory: 'data.txt'");
    expect((await candidate(world, gated))?.status).toBe("FAILED");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("has a parameter of type path whose file is gone: nothing is executed", async () => {
    const MLproject = [
      "name: stub",
      "entry_points:",
      "  main:",
      "    parameters:",
      "      table: {type: path, default: data/table.csv}",
      "    command: python3 stub.py --alpha 0.5 --note '' --items '' --mode read-data --data-file {table}",
      "",
    ].join("\n");
    const world = await World.create({ files: { MLproject, "data/table.csv": "one\ntwo\n" } });
    const commit = await world.git("rev-parse", "main");
    await world.record({ commit, metrics: { ...RECORDED, data_lines: 2 }, params: { table: "data/table.csv" } });
    const gated = await gate(world, "ok", { "data/table.csv": undefined });
    expect(gated.outputs).toMatchObject({ outcome: "broken", reason: "data-missing", "candidate-run-id": "" });
    expect(gated.exitCode).toBe(3);
    expect(gated.comment).toContain("its data are missing");
    expect(gated.comment).toContain("The parameter `table` is `data/table.csv`, and there is no such file");
    expect(gated.log.join("\n")).not.toContain("stop-commands");
    expect(await world.runs()).toHaveLength(1);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});

describe("a value that is not an ordinary number", () => {
  it.each([
    { what: "NaN where the baseline has a number", before: 0.25, now: "NaN", row: /`loss`.*0\.25.*NaN.*not finite/ },
    { what: "NaN on both sides", before: Number.NaN, now: "NaN", row: /`loss`.*NaN.*NaN.*not finite/ },
    { what: "a number where the baseline is infinite", before: Infinity, now: "1e300", row: /`loss`.*∞.*not finite/ },
    { what: "−∞ where the baseline is +∞", before: Infinity, now: "-Infinity", row: /`loss`.*∞.*[−-]∞.*not finite/ },
  ])("diverges: $what", async ({ before, now, row }) => {
    const world = await World.create({ files: { "metrics.json": '{"accuracy": 0.875, "loss": 0.25}' } });
    await recordOnMain(world, { accuracy: 0.875, loss: before });
    const gated = await gate(world, "ok", { "metrics.json": `{"accuracy": 0.875, "loss": ${now}}` });
    expect(gated.outputs).toMatchObject({
      outcome: "diverged",
      reason: "not-finite",
      "metrics-within": "1",
      "metrics-outside": "1",
    });
    expect(gated.exitCode).toBe(1);
    expect(gated.comment).toContain("1 of 2 metrics not finite");
    expect(gated.comment).toMatch(row);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("says what would help against NaN on both sides, which no tolerance does", async () => {
    const world = await World.create({ files: { "metrics.json": '{"loss": NaN}' } });
    await recordOnMain(world, { loss: Number.NaN });
    const gated = await gate(world, "ok");
    expect(gated.outputs).toMatchObject({ outcome: "diverged", reason: "not-finite" });
    expect(gated.comment).toContain("nan-equal");
    expect(gated.comment).not.toContain("Give the metric a tolerance that covers it");
  });

  it.each([
    { what: "the same infinity", before: Number.NEGATIVE_INFINITY, now: "-Infinity" },
    { what: "−0 where the baseline is 0", before: 0, now: "-0.0" },
    { what: "0 where the baseline is −0", before: -0, now: "0.0" },
  ])("is reproduced: $what", async ({ before, now }) => {
    const world = await World.create({ files: { "metrics.json": '{"accuracy": 0.875, "loss": 0.25}' } });
    await recordOnMain(world, { accuracy: 0.875, loss: before });
    const gated = await gate(world, "ok", { "metrics.json": `{"accuracy": 0.875, "loss": ${now}}` });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "metrics-within": "2" });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain("2 of 2 metrics equal the baseline");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("is reproduced by a rule that calls NaN equal to NaN", async () => {
    const config = "version: 1\nprojects:\n  - metrics: { rules: [{ match: loss, nan-equal: true }] }\n";
    const world = await World.create({
      files: { "metrics.json": '{"accuracy": 0.875, "loss": NaN}', ".github/repro-gate.yml": config },
    });
    await recordOnMain(world, { accuracy: 0.875, loss: Number.NaN });
    const gated = await gate(world, "ok");
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "metrics-within": "2" });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toMatch(/`loss`.*NaN.*NaN/);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});

/** Commands that the gate itself may give to the runner. */
const OWN_COMMANDS = /^::(?:group|endgroup|stop-commands|warning|error|add-mask|notice|debug)\b/;

describe("what a training prints", () => {
  it("is no command to the runner, and no markup in the comment", async () => {
    const world = await World.create();
    await recordOnMain(world, { accuracy: 0.5 });
    const gated = await gate(world, "noisy-log");
    expect(gated.outputs).toMatchObject({ outcome: "diverged", reason: "outside-tolerance" });

    const stop = gated.log.findIndex((line) => line.startsWith("::stop-commands::"));
    const token = gated.log[stop]?.slice("::stop-commands::".length) ?? "";
    expect(token).toMatch(/^\w{32,}$/);
    const resume = gated.log.indexOf(`::${token}::`);
    expect(resume).toBeGreaterThan(stop);
    const during = gated.log.slice(stop + 1, resume);
    // Nothing of the gate's, and everything of the training's.
    expect(during.filter((line) => !line.startsWith("│ "))).toEqual([]);
    expect(during.filter((line) => /^│ line \d+$/.test(line))).toHaveLength(1800);
    expect(during).toContain("│ red bold");
    expect(during).toContain("│ progress 100%");
    expect(during).toContain("│ ::error::forged annotation");
    const outside = gated.log.filter((_, index) => index < stop || index > resume);
    expect(outside.filter((line) => line.trim().startsWith("::") && !OWN_COMMANDS.test(line))).toEqual([]);
    expect(gated.log.filter((line) => line.includes("##["))).toEqual([]);
    expect(gated.log.filter((line) => line.includes("\u001b"))).toEqual([]);

    // The hostile lines are among the shown ones, in a fence that none of them ends.
    const block = /^(`{4,})text\n([\s\S]*?)\n\1$/m.exec(gated.comment);
    expect(block?.[2]).toContain("| @someone <img src=x> ``` ");
    expect(gated.comment.replace(block?.[0] ?? "", "")).not.toMatch(/@someone|<img|forged/);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("by a process that it leaves behind holds nobody up, and that process is ended", async () => {
    const world = await World.create();
    await recordOnMain(world);
    const gated = await gate(world, "fork");
    expect(gated.outputs).toMatchObject({ outcome: "reproduced" });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toMatch(/⚠️ Processes of the training outlived it and were killed: 1\./);
    const run = await candidate(world, gated);
    expect(run?.status).toBe("FINISHED");
    const grandchild = run?.tags.get("stub.grandchild") ?? "";
    expect(grandchild).toMatch(/^\d+$/);
    const commandLine = await readFile(`/proc/${grandchild}/cmdline`, "latin1").catch(() => "");
    expect(commandLine).not.toContain("sleep");
    expect(await world.leftovers(gated)).toEqual([]);
  });
});
