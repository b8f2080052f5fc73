// Speed and size as ratios measured side by side in one run: a machine's absolute times say little.
// `npm run bench` prints a table and fails when a ratio is above its limit. `-- --quick` leaves the long training out.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Toolchain } from "../lib/adapters/mlflow/toolchain/toolchain.js";
import { startEmbeddedServer } from "../lib/adapters/mlflow/tracking-server/embedded-server.js";
import { LoopbackGithub } from "../lib/demo/loopback-github.js";
import { runMain } from "../lib/demo/runner.js";
import { desktopCache } from "../lib/toolchain-cache.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const ROUNDS = 21;
const TRAINING_SECONDS = 60;

const results = [];
const add = (what, value, limit, unit, detail) => results.push({ what, value, limit, unit, detail });
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Median milliseconds of several commands, taken in turns so that a busy moment hits all of them. */
function timeInTurns(commands) {
  const times = commands.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    commands.forEach((args, index) => {
      const started = performance.now();
      spawnSync(process.execPath, args, { stdio: "ignore", env: { PATH: process.env.PATH } });
      times[index].push(performance.now() - started);
    });
  }
  return times.map(median);
}

function startUp() {
  const cli = join(dist, "cli", "index.js");
  const [bare, version, help, bad, engine] = timeInTurns([
    ["-e", "0"],
    [cli, "--version"],
    [cli, "--help"],
    [cli, "check", "--tolerance", "5%%"],
    ["-e", `import(${JSON.stringify(join(dist, "engine", "index.js"))})`],
  ]);
  const against = (time) => `${time.toFixed(0)} ms against ${bare.toFixed(0)} ms`;
  add("--version ÷ bare node", version / bare, 1.5, "×", against(version));
  add("--help ÷ bare node", help / bare, 1.5, "×", against(help));
  add("a bad input ÷ bare node", bad / bare, 1.5, "×", against(bad));
  add("loading the engine ÷ bare node", engine / bare, 5, "×", against(engine));
}

async function size() {
  const { size: bytes } = await stat(join(dist, "engine", "index.js"));
  add("size of the engine", bytes / 1e6, 3, "MB", `${bytes} bytes`);
}

const PROJECT = {
  MLproject: `name: long
entry_points:
  main:
    parameters: { seconds: { type: float, default: ${TRAINING_SECONDS} } }
    command: python3 train.py {seconds}
`,
  "train.py": `import json, os, sys, time, urllib.request
time.sleep(float(sys.argv[1]))
body = {"run_id": os.environ["MLFLOW_RUN_ID"], "metrics": [{"key": "m", "value": 1.0, "timestamp": 1, "step": 0}]}
url = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-batch"
request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
urllib.request.urlopen(request).read()
`,
};

/** A training of a minute, by plain \`mlflow run\` and by the gate, in the same environment against the same server. */
async function training(folder) {
  const cacheFolder = desktopCache(process.env);
  const { signal } = new AbortController();
  let started = performance.now();
  const toolchain = new Toolchain({
    env: process.env,
    cacheFolder,
    workspace: folder,
    signal,
    announce: console.error,
  });
  const [mlflow, full] = [await toolchain.installed("skinny"), await toolchain.installed("full")];
  const bootstrap = (performance.now() - started) / 1000;
  started = performance.now();
  const server = startEmbeddedServer({
    ...{ mlflow: full, env: process.env, folder, signal, nonce: "bench" },
    backendStoreUri: `sqlite:///${join(folder, "mlflow.db")}`,
    artifactsFolder: join(folder, "artifacts"),
  });
  const { uri, ready, stop } = await server;
  await ready;
  const serverStart = (performance.now() - started) / 1000;
  const github = await LoopbackGithub.start({
    ...{ owner: "o", repository: "r", repositoryId: 1, token: "ghs_bench", defaultBranch: "main" },
    permissions: { "pull-requests": "write" },
  });
  try {
    const repository = join(folder, "repository");
    await mkdir(repository);
    for (const [name, text] of Object.entries(PROJECT)) await writeFile(join(repository, name), text);
    const who = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"];
    const git = (...args) => execFileSync("git", [...who, ...args], { cwd: repository, encoding: "utf8" }).trim();
    git("init", "--quiet", "--initial-branch=main");
    git("add", "--all");
    git("commit", "--quiet", "--message=Project");
    const base = git("rev-parse", "HEAD");
    git("commit", "--quiet", "--allow-empty", "--message=Change");
    const head = git("rev-parse", "HEAD");
    const env = { PATH: [dirname(mlflow.file), process.env.PATH].join(delimiter), HOME: folder };

    git("checkout", "--quiet", base);
    started = performance.now();
    const args = ["run", ".", "--env-manager", "local", "--experiment-name", "long"];
    const bare = spawnSync(mlflow.file, args, {
      cwd: repository,
      env: { ...env, MLFLOW_TRACKING_URI: uri },
      encoding: "utf8",
    });
    const bareSeconds = (performance.now() - started) / 1000;
    if (bare.status !== 0) throw new Error(`mlflow run failed: ${bare.stderr}`);
    git("checkout", "--quiet", head);

    const step = {
      ...{
        node: process.execPath,
        dist,
        folder: join(folder, "job"),
        workspace: repository,
        toolCache: dirname(cacheFolder),
      },
      inputs: {
        "tracking-uri": uri,
        experiment: "long",
        "env-manager": "local",
        "github-token": "ghs_bench",
        matrix: "null",
      },
      event: {
        name: "pull_request",
        payload: {
          repository: { id: 1, default_branch: "main" },
          pull_request: { number: 1, head: { sha: head, ref: "c", repo: { id: 1 } }, base: { sha: base, ref: "main" } },
        },
      },
      ...{
        repository: "o/r",
        apiUrl: github.apiUrl,
        serverUrl: github.serverUrl,
        sha: head,
        ref: "refs/pull/1/head",
        runNumber: 1,
        env,
      },
    };
    github.addPullRequest({ number: 1, headSha: head, headRef: "c", baseRef: "main" });
    await mkdir(step.folder);
    let peak = 0;
    started = performance.now();
    const gated = runMain({ ...step, onStart: ({ pid }) => watch(pid) });
    async function watch(pid) {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      const kibibytes = /VmHWM:\s*(\d+)/.exec(status)?.[1];
      if (kibibytes === undefined) return;
      peak = Number(kibibytes) / 1024;
      setTimeout(() => watch(pid), 100);
    }
    const { outputs, log } = await gated;
    const gateSeconds = (performance.now() - started) / 1000;
    if (outputs.outcome !== "reproduced") throw new Error(`the gate said ${outputs.outcome}:\n${log.join("\n")}`);
    const detail = `${gateSeconds.toFixed(1)} s against ${bareSeconds.toFixed(1)} s; apart from it: bootstrap ${bootstrap.toFixed(1)} s, server start ${serverStart.toFixed(1)} s`;
    add(`a training of ${TRAINING_SECONDS} s, gate ÷ mlflow run`, gateSeconds / bareSeconds, 1.05, "×", detail);
    add("peak memory of the gate", peak, 150, "MiB", "VmHWM of the main step's process");
  } finally {
    await Promise.all([stop(true), github.close()]);
  }
}

startUp();
await size();
if (!process.argv.includes("--quick")) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "repro-gate-bench-")));
  try {
    await training(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
for (const { what, value, limit, unit, detail } of results) {
  const verdict = value <= limit ? "ok  " : "OVER";
  console.log(`${verdict} ${what}: ${value.toFixed(2)} ${unit} (at most ${limit}) – ${detail}`);
}
process.exit(results.every(({ value, limit }) => value <= limit) ? 0 : 1);
