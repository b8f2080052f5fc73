import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { World } from "../support/world.js";

/** Computed once on another machine with the pinned environment; the last bits are part of it. */
const GOLDEN = { mae: 0.6271044635747202, r2: 0.21280278568777833, rmse: 0.7852515314222179 };
/** As `mlflow run . -P max_depth=2` logs them. */
const PARAMS = {
  data_path: "data/wine-quality-white.csv",
  max_depth: "2",
  max_leaf_nodes: "32",
  model_name: "None",
  run_origin: "default",
};

/** What uv needs to reach the package index from here, and its cache, so that packages are fetched once. */
function packageEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /^(?:UV_|PIP_|SSL_CERT_|(?:HTTPS?|NO|ALL)_PROXY$)/i.test(name) ? [[name, value]] : [],
  );
  return { UV_CACHE_DIR: join(homedir(), ".cache", "uv"), ...Object.fromEntries(kept) };
}

async function worldWithGolden(path = ""): Promise<{ readonly world: World; readonly baseline: string }> {
  const world = await World.create({ project: "wine-quality", path });
  const commit = await world.git("rev-parse", "main");
  const tags = {
    "mlflow.project.entryPoint": "main",
    "mlflow.source.name": `file:///home/user/repository#${path}`,
  };
  return { world, baseline: await world.record({ commit, metrics: GOLDEN, params: PARAMS, tags }) };
}

async function gate(world: World, files: Readonly<Record<string, string>>) {
  return world.gatePullRequest(await world.change(files), {
    inputs: { "env-manager": "uv" },
    env: packageEnvironment(),
  });
}

describe("a real training in a real environment", () => {
  it("is reproduced to the last bit", async () => {
    const { world, baseline } = await worldWithGolden();
    const gated = await gate(world, { "NOTES.md": "words" });
    expect(gated.outputs).toMatchObject({
      outcome: "reproduced",
      reason: "",
      "baseline-run-id": baseline,
      "metrics-within": "3",
    });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain("✅ Reproduced — `wine-quality`: 3 of 3 metrics equal the baseline");
    for (const [name, value] of [
      ["mae", "0.627104"],
      ["r2", "0.212803"],
      ["rmse", "0.785252"],
    ]) {
      expect(gated.comment).toContain(`| \`${name}\` | ${value} | ${value} | 0 |`);
    }
    const run = (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
    expect(run?.status).toBe("FINISHED");
    expect(Object.fromEntries([...(run?.metrics ?? [])].map(([name, { value }]) => [name, value]))).toEqual(GOLDEN);
    expect(Object.fromEntries(run?.params ?? [])).toMatchObject(PARAMS);
    expect(run?.datasets).toMatchObject([{ name: "wine-quality" }]);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("diverges when the split is another one", async () => {
    const { world } = await worldWithGolden();
    const train = await world.git("show", "main:train.py");
    const gated = await gate(world, { "train.py": `${train.replace("SEED = 2019", "SEED = 2020")}\n` });
    expect(gated.outputs).toMatchObject({ outcome: "diverged", reason: "outside-tolerance", "metrics-outside": "3" });
    expect(gated.exitCode).toBe(1);
    expect(gated.comment).toContain("❌ Diverged — `wine-quality`: 3 of 3 metrics moved out of tolerance");
    expect(gated.comment).toMatch(/\*\*`mae`\*\* \| 0\.627104 \| \*\*0\.\d+\*\* \| [+−]0\.\d+/);
    expect(gated.comment).toContain("**What to do**");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("is reproduced in a folder with a space and a #", async () => {
    const path = "ml projects/wine #1";
    const { world, baseline } = await worldWithGolden(path);
    const gated = await gate(world, { "NOTES.md": "words" });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline, "metrics-within": "3" });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain("0.785252");
    expect(gated.comment).toContain(`--project 'ml projects/wine #1'`);
    const run = (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
    expect(run?.tags.get("mlflow.source.name")).toMatch(/#ml projects\/wine #1$/);
    expect(await world.leftovers(gated)).toEqual([]);

    // The gate's own run can be found as a record of this folder again: its source says which one.
    expect(run?.tags.get("mlflow.project.entryPoint")).toBe("main");
  });
});
