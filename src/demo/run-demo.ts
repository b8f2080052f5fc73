import { mkdir, mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Toolchain, withFolder } from "../adapters/mlflow/toolchain/toolchain.js";
import { startEmbeddedServer } from "../adapters/mlflow/tracking-server/embedded-server.js";
import type { Environment } from "../adapters/process/child-environment.js";
import { LogKeeper } from "../adapters/process/output.js";
import { supervise } from "../adapters/process/supervise.js";
import { which } from "../adapters/process/which.js";
import { GateError, messageOf } from "../core/gate-error.js";
import { onCancel } from "../on-cancel.js";
import { TerminalLog } from "../terminal-log.js";
import { desktopCache } from "../toolchain-cache.js";
import { CHANGES, type DemoChange, DemoRepository, PROJECT } from "./demo-repository.js";
import { LoopbackGithub } from "./loopback-github.js";
import { runMain, runPost } from "./runner.js";

export interface DemoOptions {
  /** Another table of the same columns. */
  readonly data: string | undefined;
  readonly keep: boolean;
  readonly json: boolean;
}

interface GatedPullRequest {
  readonly title: string;
  readonly outcome: string;
  readonly reason: string;
  readonly exitCode: number;
  readonly baselineRunId: string;
  readonly candidateRunId: string;
  readonly comment: string;
}

const OWNER = "demo";
const REPOSITORY = "wine";
const REPOSITORY_ID = 1;
const TOKEN = "ghs_demo_token_of_this_machine";

/**
 * Shows the whole product on this machine: a repository, a real tracking server, a baseline trained as users train, and
 * two pull requests gated by the built action against a loopback GitHub.
 *
 * @returns 0 only when the refactoring was reproduced and the changed training diverged
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const started = performance.now();
  const log = new TerminalLog();
  const cancellation = onCancel((text) => log.info(text));
  const folder = await realpath(await mkdtemp(join(tmpdir(), "repro-gate-demo-")));
  const close: (() => Promise<unknown>)[] = [];
  let keep = false;
  try {
    const stage = await setStage(options, folder, log, cancellation.signal, close);
    const pullRequests: GatedPullRequest[] = [];
    for (const change of CHANGES) pullRequests.push(await gate(stage, change, log, cancellation.signal));
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    const right = pullRequests.every(({ outcome }, index) => outcome === CHANGES[index]?.outcome);
    const { trackingUri } = stage;
    keep = options.keep;
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ pullRequests, trackingUri, seconds }, null, 2)}\n`);
    } else {
      for (const { title, comment } of pullRequests) {
        process.stdout.write(`\n──── The comment on “${title}” ────\n\n${withoutMarker(comment)}`);
      }
      const verdict = right ? "Both came out as they must." : "They did NOT come out as they must.";
      process.stdout.write(`\n${verdict} ${seconds} s.\n`);
    }
    if (keep) {
      log.info(
        `The runs can be looked at on ${trackingUri} (experiment wine-quality). End the server with: kill -- -${stage.serverPid}`,
      );
      log.info(`Its files are in ${folder}.`);
    } else {
      log.info("Run it with --keep to look at the runs in MLflow.");
    }
    return right ? 0 : 1;
  } catch (error) {
    log.info(`The demo could not be shown: ${messageOf(error)}`);
    return 2;
  } finally {
    if (keep) await close[1]?.();
    else {
      await Promise.all(close.map((end) => end().catch(() => {})));
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
    cancellation.dispose();
  }
}

interface Stage {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly dist: string;
  readonly toolCache: string;
  readonly trackingUri: string;
  readonly serverPid: number;
  readonly repository: DemoRepository;
  readonly github: LoopbackGithub;
}

/** Builds what a user would have: the repository, the server, the baseline on `main`. */
async function setStage(
  options: DemoOptions,
  folder: string,
  log: TerminalLog,
  signal: AbortSignal,
  close: (() => Promise<unknown>)[],
): Promise<Stage> {
  const env = ownEnvironment(process.env);
  const dist = dirname(dirname(fileURLToPath(import.meta.url)));
  const example = join(dirname(dist), "examples", "wine-quality");
  const data = options.data === undefined ? undefined : resolve(options.data);
  if (data !== undefined && !(await stat(data).catch(() => undefined))?.isFile()) {
    throw new Error(`--data: ${data} is not a file.`);
  }
  const git = await which("git", env.PATH, undefined);
  if (git === undefined) throw new Error("git is not on PATH.");
  const toolCache = dirname(desktopCache(env));
  const toolchain = new Toolchain({
    env,
    cacheFolder: desktopCache(env),
    workspace: folder,
    signal,
    announce: (text) => log.info(`  ${text}`),
  });

  log.step("Preparing MLflow and uv (the first time they are installed, which takes a minute)");
  const [mlflow, uv, server] = [await toolchain.mlflow("skinny"), await toolchain.uv(), await toolchain.mlflow("full")];

  log.step(`Starting MLflow ${server.version}'s tracking server`);
  const place = join(folder, "server");
  await mkdir(place);
  let serverPid = 0;
  const tracking = startEmbeddedServer({
    mlflow: server,
    env,
    backendStoreUri: `sqlite:///${join(place, "mlflow.db")}`,
    artifactsFolder: join(place, "artifacts"),
    folder: place,
    nonce: "demo",
    signal,
    onStart: ({ pid }) => {
      serverPid = pid;
    },
  });
  const { uri, ready, stop } = await tracking;
  close.push(() => stop(signal.aborted));
  await ready;

  log.step("Making a repository with the project wine-quality on main");
  const repository = await DemoRepository.create(join(folder, "repository"), git, env, example, data);

  log.step("Training the baseline on main, as a user trains: mlflow run . -P max_depth=2 --env-manager uv");
  const output = new LogKeeper();
  log.begin();
  const trained = await supervise({
    file: mlflow.file,
    args: ["run", ".", "-P", "max_depth=2", "--env-manager", "uv", "--experiment-name", "wine-quality"],
    cwd: join(repository.folder, PROJECT),
    env: {
      ...env,
      PATH: withFolder(env.PATH, uv),
      MLFLOW_TRACKING_URI: uri,
      MLFLOW_ENV_ROOT: join(folder, "envs"),
      MLFLOW_DISABLE_TELEMETRY: "true",
      PYTHONUNBUFFERED: "1",
      UV_NO_PROGRESS: "1",
    },
    signal,
    onLine: (line) => {
      output.add(line);
      log.line(line);
    },
  }).finally(() => log.end());
  if (trained.kind === "cancelled") throw new Error("it was cancelled.");
  if (trained.exitCode !== 0) throw new Error(`the baseline could not be trained:\n${output.tail(60).join("\n")}`);

  const github = await LoopbackGithub.start({
    owner: OWNER,
    repository: REPOSITORY,
    repositoryId: REPOSITORY_ID,
    token: TOKEN,
    permissions: { "pull-requests": "write" },
    defaultBranch: "main",
  });
  close.push(() => github.close());
  return { folder, env, dist, toolCache, trackingUri: uri, serverPid, repository, github };
}

/** Opens a pull request and runs the built action on it, as a runner would. */
async function gate(
  stage: Stage,
  change: DemoChange,
  log: TerminalLog,
  signal: AbortSignal,
): Promise<GatedPullRequest> {
  const { repository, github, env } = stage;
  log.step(`Pull request ${change.number}, “${change.title}”: running the action`);
  const { head, merge, base } = await repository.open(change);
  github.addPullRequest({
    number: change.number,
    headSha: head,
    headRef: change.branch,
    baseRef: "main",
    baseSha: base,
  });
  const folder = join(stage.folder, `job-${change.number}`);
  const workspace = join(folder, "workspace");
  await mkdir(folder);
  await repository.checkout(merge, workspace);
  const step = {
    node: process.execPath,
    dist: stage.dist,
    folder,
    workspace,
    toolCache: stage.toolCache,
    inputs: { "tracking-uri": stage.trackingUri, "github-token": TOKEN, matrix: "null" },
    event: { name: "pull_request", payload: payload(change, head, merge, base) },
    repository: `${OWNER}/${REPOSITORY}`,
    apiUrl: github.apiUrl,
    serverUrl: github.serverUrl,
    sha: merge,
    ref: `refs/pull/${change.number}/merge`,
    runNumber: change.number,
    env,
    signal,
    onLine: (line: string) => relay(line, log),
  };
  const result = await runMain(step);
  await runPost(step, result.state);
  if (signal.aborted) throw new GateError("cancelled", ["it was cancelled."]);
  const comment = github.comments(change.number)[0]?.body ?? "";
  if (comment === "") log.info(result.log.slice(-20).join("\n"));
  log.info(`  ${result.outputs.headline ?? ""} (exit status ${result.exitCode})`);
  return {
    title: change.title,
    outcome: result.outputs.outcome ?? "",
    reason: result.outputs.reason ?? "",
    exitCode: result.exitCode,
    baselineRunId: result.outputs["baseline-run-id"] ?? "",
    candidateRunId: result.outputs["candidate-run-id"] ?? "",
    comment,
  };
}

/** The job's steps, without its annotations and without the training's own lines. */
function relay(line: string, log: TerminalLog): void {
  if (line.startsWith("::group::")) log.info(`  ${line.slice("::group::".length)}`);
  else if (!line.startsWith("::") && !line.startsWith("│")) log.info(`    ${line}`);
}

function payload(change: DemoChange, head: string, merge: string, base: string) {
  const own = { id: REPOSITORY_ID, name: REPOSITORY, full_name: `${OWNER}/${REPOSITORY}`, default_branch: "main" };
  return {
    action: "opened",
    number: change.number,
    repository: own,
    pull_request: {
      number: change.number,
      state: "open",
      title: change.title,
      merge_commit_sha: merge,
      head: { sha: head, ref: change.branch, repo: own },
      base: { sha: base, ref: "main", repo: own },
    },
  };
}

/** Our own environment without what would steer the action or MLflow. */
function ownEnvironment(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(
    ([name, value]) =>
      value !== undefined &&
      !/^(?:INPUT_|GITHUB_|ACTIONS_|RUNNER_|MLFLOW_|STATE_|GIT_DIR|GIT_WORK_TREE|GIT_INDEX)/.test(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}

function withoutMarker(comment: string): string {
  return comment.replace(/^<!--.*-->\n/, "");
}
