import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inject, onTestFinished } from "vitest";
import { TrackingClient } from "../../src/adapters/mlflow/tracking/client.js";
import { TrackingHttp } from "../../src/adapters/mlflow/tracking/http.js";
import { isTerminal, type RunRecord, type RunStatus, TAG } from "../../src/core/run.js";
import { type ActionStep, runMain, runPost, type StepResult } from "../../src/demo/runner.js";
import type { Report } from "../../src/report/report.js";
import { startGithub } from "./github.js";

const execute = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const TOKEN = "ghs_loopback";
const OWNER = "Codertocat";
const REPOSITORY = "Hello-World";
export const REPOSITORY_ID = 186853002;

let runNumber = 0;

export interface WorldOptions {
  /** Files of the repository beside the project; a value of undefined leaves one of the project's files out. */
  readonly files?: Readonly<Record<string, string | undefined>>;
  /** Folder of the project in the repository, "" for its root. */
  readonly path?: string;
  /** Which fixture or example the project is a copy of. */
  readonly project?: "stub" | "wine-quality";
  /** Whether the job's token may comment. */
  readonly mayComment?: boolean;
}

export interface GateOptions {
  /** Over the harness's own; undefined leaves one of those out. */
  readonly inputs?: Readonly<Record<string, string | undefined>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly fetchDepth?: number;
  readonly onLine?: (line: string) => void;
  /** Gets the job just before its main step starts, to signal that or to look at its processes. */
  readonly onStart?: (job: Job) => void;
  readonly signal?: AbortSignal;
  readonly runNumber?: number;
  readonly runAttempt?: number;
  readonly node?: string;
  /** GITHUB_SERVER_URL, where git is; the GitHub double, which has none, unless told. */
  readonly serverUrl?: string;
}

export interface Gated extends StepResult {
  readonly report: Report;
  /** The gate's own comment on the pull request, "" when there is none. */
  readonly comment: string;
  readonly step: ActionStep;
  readonly runnerTemp: string;
}

/** A main step that runs. */
export class Job {
  readonly #folder: string;

  /** @param folder one that every process of the step has in its environment: the runner's temporary one */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Command lines of the step's processes by process ID. */
  async processes(): Promise<Map<number, string>> {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const found = await Promise.all(
      pids.map(async (pid): Promise<[number, string][]> => {
        const read = (name: string) => readFile(`/proc/${pid}/${name}`, "latin1").catch(() => "");
        const [environ, commandLine] = [await read("environ"), await read("cmdline")];
        return `${environ}${commandLine}`.includes(this.#folder)
          ? [[Number(pid), commandLine.replaceAll("\0", " ").trim()]]
          : [];
      }),
    );
    return new Map(found.flat());
  }

  /** Waits until a process of the step has a command line like this. */
  async processLike(pattern: RegExp): Promise<number> {
    for (;;) {
      for (const [pid, commandLine] of await this.processes()) if (pattern.test(commandLine)) return pid;
      await sleep(20);
    }
  }

  /** Signals the main step's own process and nothing else, as the runner does. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    kill(await this.processLike(/dist\/main\/index\.js$/), signal);
  }
}

/** A git repository with an MLflow project, a GitHub double, and an experiment of its own on the shared server. */
export class World {
  readonly folder: string;
  readonly repository: string;
  readonly experiment: string;
  readonly trackingUri = inject("trackingUri");
  readonly client: TrackingClient;
  readonly github: Awaited<ReturnType<typeof startGithub>>["github"];
  readonly violations: readonly string[];
  experimentId = "";
  readonly path: string;

  private constructor(
    folder: string,
    client: TrackingClient,
    github: Awaited<ReturnType<typeof startGithub>>,
    path: string,
  ) {
    this.folder = folder;
    this.repository = join(folder, "repository");
    this.experiment = `experiment ${folder.slice(-6)}`;
    this.client = client;
    this.github = github.github;
    this.violations = github.violations;
    this.path = path;
  }

  static async create(options: WorldOptions = {}): Promise<World> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "world-")));
    const http = new TrackingHttp(addressOf(inject("trackingUri")));
    const permissions = { "pull-requests": options.mayComment === false ? ("read" as const) : ("write" as const) };
    const github = await startGithub({ permissions, token: TOKEN, defaultBranch: "main" });
    const world = new World(folder, new TrackingClient(http), github, options.path ?? "");
    onTestFinished(async () => {
      // A test that fails must not leave behind what it says was left behind.
      for (const pid of (await new Job(folder).processes()).keys()) kill(pid, "SIGKILL");
      await Promise.all([http.close(), world.github.close()]);
      await rm(folder, { recursive: true, force: true });
    });
    world.experimentId = await world.client.createExperiment(world.experiment);
    await mkdir(join(folder, "home"));
    // MLflow alone: with its environment's Python in front, the toolchain in the cache would be that of another Python.
    await mkdir(join(folder, "bin"));
    await symlink(join(inject("mlflowBin"), "mlflow"), join(folder, "bin", "mlflow"));
    await mkdir(world.repository);
    const source =
      options.project === "wine-quality"
        ? join(root, "examples", "wine-quality")
        : join(root, "__tests__/fixtures/projects/stub");
    await cp(source, join(world.repository, world.path), { recursive: true });
    await world.git("init", "--quiet", "--initial-branch=main");
    await world.write(options.files ?? {});
    await world.commit("The project");
    return world;
  }

  /** Runs git in the repository and returns what it printed. */
  async git(...args: readonly string[]): Promise<string> {
    const { stdout } = await execute("git", args, { cwd: this.repository, env: gitEnvironment() });
    return stdout.trim();
  }

  async write(files: Readonly<Record<string, string | undefined>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.repository, name);
      if (content === undefined) await rm(path, { recursive: true, force: true });
      else {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, content);
      }
    }
  }

  /** Commits everything, and returns the commit. */
  async commit(message: string): Promise<string> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--allow-empty", `--message=${message}`);
    return this.git("rev-parse", "HEAD");
  }

  /** Records a run on the shared server as a training would have. */
  async record(run: {
    readonly commit?: string;
    readonly metrics?: Readonly<Record<string, number>>;
    readonly params?: Readonly<Record<string, string>>;
    readonly tags?: Readonly<Record<string, string>>;
    readonly status?: RunStatus;
    readonly startTime?: number;
    readonly name?: string;
  }): Promise<string> {
    const startTime = run.startTime ?? Date.now() - 86_400_000;
    const tags = {
      ...(run.commit === undefined ? {} : { "mlflow.source.git.commit": run.commit }),
      "mlflow.source.type": "PROJECT",
      ...run.tags,
    };
    const runId = await this.client.createRun({
      experimentId: this.experimentId,
      runName: run.name ?? "baseline",
      startTime,
      tags: new Map(Object.entries(tags)),
    });
    const points = Object.entries(run.metrics ?? {}).map(([key, value]) => ({
      key,
      value,
      timestamp: startTime,
      step: "0",
    }));
    await this.client.logMetrics(runId, points);
    await this.client.logParams(runId, new Map(Object.entries(run.params ?? {})));
    if (run.status !== "RUNNING") await this.client.endRun(runId, run.status ?? "FINISHED", startTime + 1000);
    return runId;
  }

  /** Every run of this world's experiment, newest first. */
  async runs(): Promise<readonly RunRecord[]> {
    const page = await this.client.searchRuns({
      experimentIds: [this.experimentId],
      filter: "",
      orderBy: [],
      maxResults: 100,
    });
    return page.runs;
  }

  /** Commits changes on a branch made from `main` and merges it on trial, as GitHub does for a pull request. */
  async change(files: Readonly<Record<string, string | undefined>>, branch = "change", from = "main") {
    await this.git("checkout", "--quiet", "-B", branch, from);
    await this.write(files);
    const head = await this.commit("A change");
    await this.git("checkout", "--quiet", "--detach", "main");
    await this.git("merge", "--quiet", "--no-ff", "--message=Merge", head);
    const merge = await this.git("rev-parse", "HEAD");
    await this.git("checkout", "--quiet", "main");
    return { head, merge, base: await this.git("rev-parse", "main"), branch };
  }

  /** Gates a pull request by the built action, as a runner would. */
  async gatePullRequest(
    change: { readonly head: string; readonly merge: string; readonly base: string; readonly branch: string },
    options: GateOptions & { readonly fork?: boolean; readonly number?: number } = {},
  ): Promise<Gated> {
    const number = options.number ?? 2;
    this.github.addPullRequest({
      number,
      headSha: change.head,
      headRef: change.branch,
      baseRef: "main",
      baseSha: change.base,
    });
    const own = { id: REPOSITORY_ID, name: REPOSITORY, full_name: `${OWNER}/${REPOSITORY}`, default_branch: "main" };
    const payload = {
      action: "opened",
      number,
      repository: own,
      pull_request: {
        number,
        merge_commit_sha: change.merge,
        head: {
          sha: change.head,
          ref: change.branch,
          repo: options.fork === true ? { ...own, id: 1, fork: true } : own,
        },
        base: { sha: change.base, ref: "main", repo: own },
      },
    };
    return this.gate(
      { name: "pull_request", payload, checkout: change.merge, ref: `refs/pull/${number}/merge`, number },
      options,
    );
  }

  /** Runs the built action on an event. */
  async gate(
    event: {
      readonly name: string;
      readonly payload: unknown;
      /** What actions/checkout would check out. */
      readonly checkout: string;
      readonly ref: string;
      readonly number?: number;
    },
    options: GateOptions = {},
  ): Promise<Gated> {
    runNumber += 1;
    const folder = await mkdtemp(join(this.folder, "job-"));
    const workspace = join(folder, "workspace");
    await this.#checkout(event.checkout, workspace, options.fetchDepth ?? 0);
    const step: ActionStep = {
      node: options.node ?? node24(),
      dist: join(root, "dist"),
      folder,
      workspace,
      toolCache: inject("toolCache"),
      inputs: present({
        "tracking-uri": this.trackingUri,
        experiment: this.experiment,
        "env-manager": "local",
        "github-token": TOKEN,
        matrix: "null",
        ...(this.path === "" ? {} : { project: this.path }),
        ...options.inputs,
      }),
      event: { name: event.name, payload: event.payload },
      repository: `${OWNER}/${REPOSITORY}`,
      apiUrl: this.github.apiUrl,
      serverUrl: options.serverUrl ?? this.github.serverUrl,
      sha: event.checkout,
      ref: event.ref,
      runNumber: options.runNumber ?? runNumber,
      ...(options.runAttempt === undefined ? {} : { runAttempt: options.runAttempt }),
      env: {
        PATH: [join(this.folder, "bin"), process.env.PATH].join(delimiter),
        HOME: join(this.folder, "home"),
        USER: "runner",
        ...options.env,
      },
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
    options.onStart?.(new Job(join(folder, "runner-temp")));
    const result = await runMain(step);
    const path = result.outputs.report ?? "";
    const report = (path === "" ? {} : JSON.parse(await readFile(path, "utf8"))) as Report;
    const comment =
      event.number === undefined
        ? undefined
        : this.github.comments(event.number).find(({ user }) => user.type === "Bot");
    return { ...result, report, comment: comment?.body ?? "", step, runnerTemp: join(folder, "runner-temp") };
  }

  /** The post step after a main step. */
  async post(gated: Gated): Promise<void> {
    await runPost(gated.step, gated.state);
  }

  /** What a step left behind and must not: processes, folders, open runs of its own, calls that GitHub does not describe. */
  async leftovers(gated: Gated): Promise<string[]> {
    const job = new Job(gated.runnerTemp);
    const deadline = performance.now() + 1000;
    let processes = await job.processes();
    // Who was killed may take a moment to be gone.
    while (processes.size > 0 && performance.now() < deadline) {
      await sleep(20);
      processes = await job.processes();
    }
    const files = (await readdir(gated.runnerTemp)).filter((name) => !/^repro-gate-report-.*\.json$/.test(name));
    const open = (await this.runs()).filter(({ status, tags }) => tags.has(TAG.role) && !isTerminal(status));
    return [
      ...[...processes].map(([pid, commandLine]) => `process ${pid}: ${commandLine}`),
      ...files.map((name) => `file ${name}`),
      ...open.map(({ runId, status }) => `run ${runId}: ${status}`),
      ...this.violations,
    ];
  }

  async #checkout(commit: string, workspace: string, depth: number): Promise<void> {
    await mkdir(workspace, { recursive: true });
    const git = (...args: readonly string[]) => execute("git", args, { cwd: workspace, env: gitEnvironment() });
    await git("init", "--quiet");
    await git("remote", "add", "origin", `file://${this.repository}`);
    const refs = depth === 0 ? ["+refs/heads/*:refs/remotes/origin/*", commit] : [`--depth=${depth}`, commit];
    await execute("git", ["config", "uploadpack.allowAnySHA1InWant", "true"], {
      cwd: this.repository,
      env: gitEnvironment(),
    });
    await git("fetch", "--quiet", "--no-tags", "origin", ...refs);
    await git("checkout", "--quiet", "--detach", commit);
  }
}

function gitEnvironment(): Record<string, string> {
  const who = { NAME: "tester", EMAIL: "tester@localhost" };
  return {
    PATH: process.env.PATH ?? "",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    ...Object.fromEntries(
      Object.entries(who).flatMap(([key, value]) => [
        [`GIT_AUTHOR_${key}`, value],
        [`GIT_COMMITTER_${key}`, value],
      ]),
    ),
  };
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

export function addressOf(uri: string) {
  return {
    uri,
    username: undefined,
    password: undefined,
    token: undefined,
    caFile: undefined,
    clientCertFile: undefined,
    workspace: undefined,
  };
}

function present(inputs: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(inputs).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given);
}

/** The Node of the action's runtime; the tests themselves run under it. */
function node24(): string {
  return process.execPath;
}
