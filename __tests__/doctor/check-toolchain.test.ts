import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { checkToolchain } from "../../src/doctor/check-toolchain.js";
import { Findings } from "../../src/doctor/finding.js";
import { DeskRepository, words } from "./desk.js";

const execute = promisify(execFile);

/** A PATH that holds nothing but these shell scripts. */
async function pathOf(repository: DeskRepository, programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(repository.home, "bin");
  await mkdir(folder, { recursive: true });
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}

async function realPython(): Promise<string> {
  const { stdout } = await execute("python3", ["-c", "import sys; print(sys.executable)"]);
  return stdout.trim();
}

async function examined(
  repository: DeskRepository,
  path: string,
  ...managers: ("uv" | "local" | "virtualenv" | "conda")[]
) {
  const findings = new Findings("toolchain");
  await checkToolchain(repository.folder, new Set(managers), { PATH: path, HOME: repository.home }, findings);
  return words(findings);
}

describe("checkToolchain", () => {
  it("says what is found and what would be installed", async () => {
    const repository = await DeskRepository.bare();
    const python = await realPython();
    const path = await pathOf(repository, { python3: `exec "${python}" "$@"` });
    const cache = join(repository.home, ".cache", "repro-gate");
    expect(await examined(repository, path, "uv")).toEqual([
      `ok: Python for MLflow: ${python}.`,
      expect.stringMatching(`^info: uv is not on PATH: .* is installed into ${cache}`),
      expect.stringMatching(`^info: PATH has no MLflow .* is installed into ${cache}`),
    ]);
  });

  it("names the programs that only some managers need", async () => {
    const repository = await DeskRepository.bare();
    const path = await pathOf(repository, { python3: `exec "${await realPython()}" "$@"`, uv: "true" });
    expect(await examined(repository, path, "local", "virtualenv", "conda")).toEqual([
      expect.stringMatching(/^ok: Python/),
      `ok: uv: ${join(path, "uv")}.`,
      expect.stringMatching(/^problem: env-manager: local uses the MLflow of PATH/),
      expect.stringMatching(/^problem: env-manager: virtualenv needs pyenv/),
      expect.stringMatching(/^problem: .*needs conda/),
    ]);
  });

  it("reads the version of the MLflow on PATH", async () => {
    const repository = await DeskRepository.bare();
    // MLflow's version is read from the interpreter that its script names.
    const python = (version: string) =>
      `case "$*" in *importlib.metadata*) echo ${version};; *) exec "$REAL" "$@";; esac`;
    const real = await realPython();
    const at = async (version: string) => {
      const path = await pathOf(repository, { uv: "true", python3: python(version).replace("$REAL", real) });
      await writeFile(join(path, "mlflow"), `#!${join(path, "python3")}\n`);
      await chmod(join(path, "mlflow"), 0o755);
      return (await examined(repository, path, "uv"))[2];
    };
    expect(await at("3.17.2")).toMatch(/^ok: MLflow 3\.17\.2: /);
    expect(await at("2.22.5")).toMatch(/^info: MLflow 2\.22\.5 on PATH cannot use uv \(from 3\.2 on it can\)/);
  });

  it("names a Python that could not install uv", async () => {
    const repository = await DeskRepository.bare();
    const bare = join(repository.home, "without-pip");
    await execute(await realPython(), ["-m", "venv", "--without-pip", bare]);
    expect((await examined(repository, join(bare, "bin"), "uv"))[1]).toMatch(
      /^problem: uv is not on PATH, and .* has no pip/,
    );
  });

  it("fails without a Python that is new enough", async () => {
    const repository = await DeskRepository.bare();
    const path = await pathOf(repository, { python3: "printf '3.8.1\\n/x\\n'" });
    await expect(examined(repository, path, "uv")).rejects.toThrow(
      /needs Python 3\.10 or newer on PATH; found python3 3\.8\.1/,
    );
  });
});
