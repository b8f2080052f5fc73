import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { examine } from "../../src/doctor/examine.js";
import type { Finding } from "../../src/doctor/finding.js";
import { DeskRepository, SOUND, SOUND_WORKFLOW, startTracking, words } from "./desk.js";

const CONFIG = ".github/repro-gate.yml";
const WORKFLOW = ".github/workflows/gate.yml";

async function examined(repository: DeskRepository, env: Record<string, string> = {}, project?: string) {
  const { findings } = await examine({ project, cwd: repository.folder, env: { ...repository.env, ...env } });
  return findings;
}

/** What is worse than worth knowing. */
function complaints(findings: readonly Finding[]): string[] {
  return findings.flatMap((finding, index) =>
    finding.status === "problem" || finding.status === "warning" ? [`${finding.check} ${words(findings)[index]}`] : [],
  );
}

/** Every file of a repository with its content, git's own included. */
async function snapshot(repository: DeskRepository): Promise<Map<string, string>> {
  const entries = await readdir(repository.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, "latin1")] as const)));
}

describe("examine", () => {
  it("has nothing against a sound repository, and changes nothing in it", async () => {
    const repository = await DeskRepository.create({ ...SOUND, [WORKFLOW]: SOUND_WORKFLOW });
    const head = await repository.git("rev-parse", "HEAD");
    const uri = await startTracking([{ tags: { "mlflow.source.git.commit": head } }]);
    const before = await snapshot(repository);
    const findings = await examined(repository, { MLFLOW_TRACKING_URI: uri });
    expect(complaints(findings)).toEqual([]);
    expect(new Set(findings.map(({ check }) => check))).toEqual(
      new Set([
        "git",
        "history",
        "working-tree",
        "configuration",
        "project",
        "parameters",
        "environment",
        "data",
        "toolchain",
        "tracking",
        "baseline",
        "workflow",
      ]),
    );
    expect(await snapshot(repository)).toEqual(before);
  });

  it("finds six mistakes at once, and nothing else", async () => {
    const repository = await DeskRepository.create({
      ".gitignore": "data/\n",
      [CONFIG]: "version: 1\nprojects:\n  - metric: {}\n",
      [WORKFLOW]: SOUND_WORKFLOW.replace("pull_request:", "pull_request:\n  pull_request_target:"),
      MLproject: SOUND.MLproject?.replace("{max_depth}", "${HOME} {max_depth}") ?? "",
      "python_env.yaml": 'python: "3.11"\ndependencies: [scikit-learn==1.9.1]\n',
    });
    await repository.write({ "data/wine.csv": "a,b\n" });
    const found = complaints(await examined(repository, { MLFLOW_TRACKING_URI: "" }));
    expect(found).toEqual([
      expect.stringMatching(/^configuration problem: .*repro-gate\.yml:3: there is no key metric/),
      expect.stringMatching(/^project problem: .*\{HOME\}/),
      expect.stringMatching(/^environment problem: .*does not name mlflow/),
      expect.stringMatching(/^data problem: data\/wine\.csv.*ignored by git/),
      expect.stringMatching(/^tracking problem: MLFLOW_TRACKING_URI is set but empty/),
      expect.stringMatching(/^workflow problem: .*pull_request_target/),
    ]);
  });

  it("looks at the files although there is no repository", async () => {
    const repository = await DeskRepository.bare();
    await repository.write({ ...SOUND, "python_env.yaml": "python: 3.11\n" });
    expect(complaints(await examined(repository))).toEqual([
      expect.stringMatching(/^git problem: .*is not a git repository/),
      expect.stringMatching(/^environment problem: python_env\.yaml:1/),
    ]);
  });

  it("starts from the top of the repository, wherever in it", async () => {
    const repository = await DeskRepository.create();
    const { folder } = await examine({ project: undefined, cwd: join(repository.folder, "data"), env: repository.env });
    expect(folder).toBe(repository.folder);
  });

  it("looks at the only project there is, though nobody names its folder", async () => {
    const files = Object.entries(SOUND).map(([path, content]) => [`wine/${path}`, content]);
    const repository = await DeskRepository.create(Object.fromEntries(files));
    const findings = await examined(repository);
    expect(complaints(findings)).toEqual([expect.stringMatching(/^project problem: The root .* in wine\./)]);
    expect(words(findings)).toContain("ok: wine/MLproject: entry point main with 2 parameters.");
    expect(complaints(await examined(repository, {}, "wine"))).toEqual([]);
  });

  it("reports a server that cannot be used and goes on", async () => {
    const repository = await DeskRepository.create({ ...SOUND, [WORKFLOW]: "a: 'b" });
    const found = complaints(await examined(repository, { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" }));
    expect(found).toEqual([expect.stringMatching(/^tracking problem: .*127\.0\.0\.1:9 could not be used/)]);
  });

  it("reports a missing experiment beside the server that answers", async () => {
    const repository = await DeskRepository.create();
    const findings = await examined(repository, { MLFLOW_TRACKING_URI: await startTracking([], "beer") });
    expect(complaints(findings)).toEqual([expect.stringMatching(/^baseline problem: .*experiments wine, Default/)]);
    expect(words(findings).some((text) => /^ok: The tracking server .* answers/.test(text))).toBe(true);
  });
});
