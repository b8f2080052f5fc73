import { describe, expect, it } from "vitest";
import { type Gated, type GateOptions, World } from "../support/world.js";

const RECORDED = { accuracy: 0.875, alpha_metric: 0.5 };

/** Values that nothing of the project may get under any name, as a job has them. */
const SECRETS = {
  GITHUB_TOKEN: "ghs_from_the_environment",
  ACTIONS_RUNTIME_TOKEN: "runtime-token-8d1f",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "id-token-77aa",
  AWS_SECRET_ACCESS_KEY: "aws-secret-41c2",
  NPM_TOKEN: "npm-token-5b9e",
  SOME_PASSWORD: "some-password-0d3c",
};

/** What the stub saw of its environment. */
interface Seen {
  readonly gated: Gated;
  readonly names: readonly string[];
  readonly home: string;
  readonly note: string;
}

async function look(
  options: GateOptions,
  config?: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Seen> {
  const world = await World.create({
    files: { ...(config === undefined ? {} : { ".github/repro-gate.yml": config }), ...files },
  });
  await world.record({ commit: await world.git("rev-parse", "main"), metrics: RECORDED });
  const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), options);
  expect(gated.outputs).toMatchObject({ outcome: "reproduced", "metrics-within": "2" });
  expect(gated.exitCode).toBe(0);
  const run = (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
  expect(run?.status).toBe("FINISHED");
  expect(await world.leftovers(gated)).toEqual([]);
  const tag = (name: string) => run?.tags.get(name) ?? "";
  const names = JSON.parse(tag("stub.environment")) as string[];
  return { gated, names, home: tag("stub.home"), note: tag("stub.note") };
}

/** A line for the stub that logs the values of variables as its note. */
function printing(...names: readonly string[]): Readonly<Record<string, string>> {
  return {
    "stub.py": [
      "import json, os, urllib.request",
      "def post(endpoint, body):",
      "    body = json.dumps({'run_id': os.environ['MLFLOW_RUN_ID'], **body}).encode()",
      "    url = os.environ['MLFLOW_TRACKING_URI'] + '/api/2.0/mlflow/' + endpoint",
      "    urllib.request.urlopen(urllib.request.Request(url, body, {'Content-Type': 'application/json'}))",
      `values = {name: os.environ.get(name) for name in ${JSON.stringify(names)}}`,
      "tags = {'stub.note': json.dumps(values), 'stub.home': os.environ['HOME'], 'stub.environment': json.dumps(sorted(os.environ))}",
      "post('runs/log-batch', {'tags': [{'key': k, 'value': v} for k, v in tags.items()],",
      "    'metrics': [{'key': 'accuracy', 'value': 0.875, 'timestamp': 0}, {'key': 'alpha_metric', 'value': 0.5, 'timestamp': 0}]})",
      "",
    ].join("\n"),
  };
}

function expectNoSecret(gated: Gated, secrets: readonly string[]): void {
  // The runner takes this command out of the log, which makes it hide the value everywhere else.
  const log = gated.log.filter((line) => !line.startsWith("::add-mask::"));
  const shown = [...log, gated.comment, gated.summary, JSON.stringify(gated.outputs), JSON.stringify(gated.report)];
  for (const secret of secrets) expect(shown.filter((text) => text.includes(secret))).toEqual([]);
}

describe("a training", () => {
  it("gets no secret, not the job's files, and not the real home", async () => {
    const { gated, names, home } = await look({ env: SECRETS });
    for (const name of Object.keys(SECRETS)) expect(names).not.toContain(name);
    const ofTheJob = names.filter((name) => /^(?:INPUT_|STATE_|GITHUB_|ACTIONS_|AWS_)/.test(name));
    expect(ofTheJob).toEqual([]);
    expect(names.filter((name) => /TOKEN|PASSWORD|SECRET|CREDENTIAL/.test(name))).toEqual([]);
    expect(home).not.toBe(gated.step.env.HOME);
    expect(home.startsWith(`${gated.runnerTemp}/repro-gate-`)).toBe(true);
    expectNoSecret(gated, Object.values(SECRETS));
  });

  it("gets no credential of the tracking server, by input or by environment", async () => {
    const env = { ...SECRETS, MLFLOW_TRACKING_PASSWORD: "from-the-environment", MLFLOW_TRACKING_USERNAME: "trainer" };
    const { gated, names } = await look({ env, inputs: { "tracking-password": "correct horse battery" } });
    expect(names.filter((name) => /TOKEN|PASSWORD|USERNAME|SECRET/.test(name))).toEqual([]);
    expectNoSecret(gated, ["correct horse battery", "from-the-environment"]);
    expect(gated.report.projects[0]?.candidate?.mirrored).toBe(true);
  });

  it("gets what decides about its numbers, and what lets the runner find it", async () => {
    const env = {
      PYTHONHASHSEED: "7",
      OMP_NUM_THREADS: "3",
      CUBLAS_WORKSPACE_CONFIG: ":4096:8",
      TZ: "Pacific/Chatham",
      RUNNER_TRACKING_ID: "github_4f6c",
      UNRELATED: "x",
    };
    const { names, note } = await look({ env }, undefined, printing(...Object.keys(env)));
    expect(JSON.parse(note)).toEqual({ ...env, UNRELATED: null });
    expect(names).toContain("MLFLOW_RUN_ID");
    expect(names).toContain("MLFLOW_TRACKING_URI");
  });

  it("gets what the configuration names", async () => {
    const config = "version: 1\npass-env: [NPM_TOKEN]\n";
    const { gated, names, note } = await look({ env: SECRETS }, config, printing("NPM_TOKEN", "GITHUB_TOKEN"));
    expect(JSON.parse(note)).toEqual({ NPM_TOKEN: SECRETS.NPM_TOKEN, GITHUB_TOKEN: null });
    expect(names).not.toContain("AWS_SECRET_ACCESS_KEY");
    // The file is the same at the fork point: there is nothing to warn of.
    expect(gated.comment).not.toContain("its policy is this change's own");
  });

  it.each(["GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "INPUT_MATRIX", "GITHUB_OUTPUT"])(
    "never gets %s, even where the configuration names it",
    async (name) => {
      const world = await World.create({ files: { ".github/repro-gate.yml": `version: 1\npass-env: [${name}]\n` } });
      await world.record({ commit: await world.git("rev-parse", "main"), metrics: RECORDED });
      const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), { env: SECRETS });
      expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
      expect(gated.exitCode).toBe(2);
      expect(gated.comment).toContain(".github/repro-gate.yml:2");
      expect(gated.comment).toContain("never reaches a training");
      expect(await world.runs()).toHaveLength(1);
      expect(await world.leftovers(gated)).toEqual([]);
    },
  );

  it("gets no secret of the gate's own under another name", async () => {
    const config = "version: 1\npass-env: [MY_COPY]\n";
    // The same value as the input `github-token`.
    const { note } = await look({ env: { MY_COPY: "ghs_loopback" } }, config, printing("MY_COPY"));
    expect(JSON.parse(note)).toEqual({ MY_COPY: null });
  });

  it("gets the real home where the configuration says so", async () => {
    const { gated, home } = await look({}, "version: 1\npass-home: true\n");
    expect(home).toBe(gated.step.env.HOME);
  });
});

describe("a pull request", () => {
  it("cannot open its own training anything", async () => {
    const world = await World.create({ files: { ".github/repro-gate.yml": "version: 1\n" } });
    await world.record({ commit: await world.git("rev-parse", "main"), metrics: RECORDED });
    const config = "version: 1\npass-env: [NPM_TOKEN]\npass-home: true\n";
    const gated = await world.gatePullRequest(await world.change({ ".github/repro-gate.yml": config }), {
      env: SECRETS,
    });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced" });
    const run = (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
    expect(run?.tags.get("stub.environment")).not.toContain("NPM_TOKEN");
    expect(run?.tags.get("stub.home")).not.toBe(gated.step.env.HOME);
    // A reviewer should know that it tried.
    expect(gated.comment).toContain("This change edits the policy");
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("cannot loosen its own ruler where the base's configuration leaves that at the default", async () => {
    const world = await World.create({ files: { ".github/repro-gate.yml": "version: 1\n" } });
    await world.record({ commit: await world.git("rev-parse", "main"), metrics: RECORDED });
    const config = "version: 1\nprojects:\n  - metrics: { default: { rel: 0.9 } }\n";
    const gated = await world.gatePullRequest(
      await world.change({
        ".github/repro-gate.yml": config,
        "metrics.json": '{"accuracy": 0.5, "alpha_metric": "alpha"}',
      }),
    );
    expect(gated.outputs).toMatchObject({ outcome: "diverged", reason: "outside-tolerance" });
    expect(gated.exitCode).toBe(1);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});
