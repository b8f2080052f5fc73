import { describe, expect, it } from "vitest";
import { openServer } from "../../src/adapters/mlflow/open-stores.js";
import { parseConfigFile } from "../../src/config/config-file.js";
import { parseInputs } from "../../src/config/inputs.js";
import { checkBaseline } from "../../src/doctor/check-baseline.js";
import { settingsOf } from "../../src/doctor/check-configuration.js";
import { Findings } from "../../src/doctor/finding.js";
import { DeskRepository, json, type MlflowRun, startServer, startTracking, words } from "./desk.js";

const COMMIT = "mlflow.source.git.commit";
const BRANCH = "mlflow.source.git.branch";

async function examined(uri: string, options: { project?: string; repository?: DeskRepository } = {}) {
  const repository = options.repository ?? (await DeskRepository.create());
  const parsed = parseConfigFile("c.yml", `version: 1\nprojects: [{${options.project ?? ""}}]\n`);
  if ("problems" in parsed) throw new Error("The test's own configuration does not parse.");
  const [settings] = settingsOf({ config: parsed.config, readable: true }, undefined, {}, new Findings("baseline"));
  if (settings === undefined) throw new Error("There are no settings.");
  const { client, close } = await openServer(uri, parseInputs({}).inputs, repository.env, repository.folder);
  const findings = new Findings("baseline");
  try {
    await checkBaseline(client, await repository.checkout(), settings, "wine", findings);
  } finally {
    await close();
  }
  return words(findings);
}

describe("checkBaseline", () => {
  it("counts runs with a branch, or with a commit of this repository", async () => {
    const repository = await DeskRepository.create();
    const head = await repository.git("rev-parse", "HEAD");
    const runs: MlflowRun[] = [
      { tags: { [COMMIT]: head } },
      { tags: { [BRANCH]: "main" } },
      { tags: { [COMMIT]: "1".repeat(40) } },
      { tags: { [COMMIT]: head }, status: "FAILED" },
      {},
    ];
    expect(await examined(await startTracking(runs), { repository })).toEqual([
      expect.stringMatching(/^ok: 2 of the newest 5 runs in the experiment wine/),
    ]);
  });

  it("explains how to link runs that carry nothing", async () => {
    const uri = await startTracking([{ status: "FAILED" }, {}, {}]);
    expect(await examined(uri)).toEqual([
      expect.stringMatching(
        /^problem: None of the newest 3 runs .*: 2 carry neither a commit nor a branch, 1 are out of the question \(the newest, run-0: its status is FAILED\)\. → .*MLFLOW_RUN_CONTEXT/,
      ),
    ]);
  });

  it("only warns where a missing baseline is allowed", async () => {
    const uri = await startTracking([{}]);
    expect((await examined(uri, { project: "on-missing-baseline: create" }))[0]).toMatch(/^warning: /);
  });

  it("knows a tag of the user's own", async () => {
    const uri = await startTracking([{ tags: { "ci.branch": "main" } }]);
    expect((await examined(uri, { project: "branch-tag: ci.branch" }))[0]).toMatch(/^ok: 1 of/);
  });

  it("names commits that are not in this repository", async () => {
    const uri = await startTracking([{ tags: { [COMMIT]: "1".repeat(40) } }]);
    expect(await examined(uri)).toEqual([
      expect.stringMatching(
        /^problem: 1 of the newest 1 runs .* none that this repository has: 111111111111\. .*merge commits/,
      ),
    ]);
  });

  it("says that an experiment is empty, or not there", async () => {
    expect((await examined(await startTracking([])))[0]).toMatch(/^problem: There is no run in the experiment wine/);
    await expect(examined(await startTracking([], "beer"))).rejects.toThrow(/none of the experiments wine, Default/);
  });

  it("looks at the run that the configuration names", async () => {
    const runId = "a".repeat(32);
    const project = `baseline-run-id: ${runId}`;
    const answer = (status: string, http = 200) =>
      startServer((_, response) =>
        http === 200
          ? json(response, 200, {
              run: {
                info: { run_id: runId, experiment_id: "7", status },
                data: { metrics: [{ key: "rmse", value: 1, timestamp: 1, step: 0 }] },
              },
            })
          : json(response, http, { error_code: "RESOURCE_DOES_NOT_EXIST", message: "no" }),
      );
    expect(await examined(await answer("FINISHED"), { project })).toEqual([
      "ok: baseline-run-id names a run with 1 metrics.",
    ]);
    expect((await examined(await answer("KILLED"), { project }))[0]).toMatch(/^problem: .*its status is KILLED/);
    expect((await examined(await answer("", 404), { project }))[0]).toMatch(/^problem: .*does not have/);
  });
});
