import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runDoctor } from "../../src/doctor/run-doctor.js";
import { DeskRepository } from "./desk.js";

/** Runs the command and collects what it prints. */
async function run(cwd: string, env: Record<string, string>, options: { json?: boolean; isTTY?: boolean } = {}) {
  let stdout = "";
  let stderr = "";
  const exitCode = await runDoctor(
    { project: undefined, json: options.json ?? false },
    {
      cwd,
      env,
      stdout: { write: (text: string) => (stdout += text), isTTY: options.isTTY ?? false, columns: 80 },
      stderr: { write: (text: string) => (stderr += text) },
    },
  );
  return { exitCode, stdout, stderr };
}

describe("runDoctor", () => {
  it("ends with 0 without a problem, in plain text where nobody watches", async () => {
    const repository = await DeskRepository.create();
    const { exitCode, stdout, stderr } = await run(repository.folder, repository.env);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^✓ git .*\n/);
    expect(stdout).toMatch(/✓ 0 problems, 0 warnings, \d+ in order\.\n$/);
    expect(stdout).not.toContain("\u001b");
  });

  it("uses colour in a terminal, unless it is told not to", async () => {
    const repository = await DeskRepository.create();
    expect((await run(repository.folder, repository.env, { isTTY: true })).stdout).toContain("\u001b[32m✓");
    const plain = await run(repository.folder, { ...repository.env, NO_COLOR: "1" }, { isTTY: true });
    expect(plain.stdout).not.toContain("\u001b");
  });

  it("ends with 2 for a problem, and prints JSON", async () => {
    const repository = await DeskRepository.create({ x: "" });
    const { exitCode, stdout } = await run(repository.folder, repository.env, { json: true });
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ problems: 1, findings: expect.any(Array) });
  });

  it("never prints a password", async () => {
    const repository = await DeskRepository.create();
    const env = { ...repository.env, MLFLOW_TRACKING_URI: "http://ann:hunter22@127.0.0.1:9" };
    const { exitCode, stdout } = await run(repository.folder, env);
    expect(exitCode).toBe(2);
    expect(stdout).toContain("holds a password");
    expect(stdout).not.toContain("hunter22");
  });

  it("says without a stack that it cannot even begin", async () => {
    const repository = await DeskRepository.bare();
    const { exitCode, stderr, stdout } = await run(join(repository.folder, "gone"), repository.env);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^repro-gate: [^\n]+\n$/);
  });
});
