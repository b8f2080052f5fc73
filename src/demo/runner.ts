import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type StartedProcess, type SupervisedEnd, supervise } from "../adapters/process/supervise.js";

/** A step of a job, the way GitHub's runner starts a JavaScript action. */
export interface ActionStep {
  /** The Node that runs the action. */
  readonly node: string;
  /** Absolute path of `dist/`. */
  readonly dist: string;
  /** A folder of this step alone: temporary files, command files. */
  readonly folder: string;
  readonly workspace: string;
  readonly toolCache: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly event: { readonly name: string; readonly payload: unknown };
  readonly repository: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly sha: string;
  readonly ref: string;
  readonly runNumber: number;
  readonly runAttempt?: number;
  /** What the job's environment holds besides: PATH, HOME, variables of the workflow. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
  readonly onStart?: (process: StartedProcess) => void;
  readonly signal?: AbortSignal;
}

export interface StepResult {
  readonly end: SupervisedEnd;
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly log: readonly string[];
  /** What the main step saved for the post step, as variables. */
  readonly state: Readonly<Record<string, string>>;
}

/** Runs `dist/main` as the runner would: inputs and context in the environment, results in files. */
export async function runMain(step: ActionStep): Promise<StepResult> {
  const { env, files } = await prepare(step);
  const log: string[] = [];
  const end = await supervise({
    file: step.node,
    args: [join(step.dist, "main", "index.js")],
    cwd: step.workspace,
    env,
    signal: step.signal,
    onStart: step.onStart,
    onLine: (line) => {
      log.push(line);
      step.onLine?.(line);
    },
  });
  const [outputs, state, summary] = await Promise.all([
    readFile(files.output, "utf8").then(parseCommandFile),
    readFile(files.state, "utf8").then(parseCommandFile),
    readFile(files.summary, "utf8"),
  ]);
  return { end, exitCode: end.exitCode ?? 1, outputs, summary, log, state };
}

/** Runs `dist/post` after a main step, with what that saved. */
export async function runPost(step: ActionStep, state: Readonly<Record<string, string>>): Promise<SupervisedEnd> {
  const { env } = await prepare(step);
  const saved = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
  return supervise({
    file: step.node,
    args: [join(step.dist, "post", "index.js")],
    cwd: step.workspace,
    env: { ...env, ...saved },
    onLine: step.onLine,
  });
}

async function prepare(step: ActionStep) {
  const temporary = join(step.folder, "runner-temp");
  await mkdir(temporary, { recursive: true });
  const eventPath = join(step.folder, "event.json");
  await writeFile(eventPath, JSON.stringify(step.event.payload));
  const files = {
    output: join(step.folder, "output"),
    state: join(step.folder, "state"),
    summary: join(step.folder, "summary"),
    env: join(step.folder, "env"),
    path: join(step.folder, "path"),
  };
  for (const file of Object.values(files)) await writeFile(file, "");
  const inputs = Object.entries(step.inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const env: Record<string, string> = {
    ...step.env,
    ...Object.fromEntries(inputs),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTOR: "demo",
    GITHUB_API_URL: step.apiUrl,
    GITHUB_ENV: files.env,
    GITHUB_EVENT_NAME: step.event.name,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_JOB: "gate",
    GITHUB_OUTPUT: files.output,
    GITHUB_PATH: files.path,
    GITHUB_REF: step.ref,
    GITHUB_REPOSITORY: step.repository,
    GITHUB_RUN_ATTEMPT: String(step.runAttempt ?? 1),
    GITHUB_RUN_ID: String(1000 + step.runNumber),
    GITHUB_RUN_NUMBER: String(step.runNumber),
    GITHUB_SERVER_URL: step.serverUrl,
    GITHUB_SHA: step.sha,
    GITHUB_STATE: files.state,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_WORKFLOW: "repro-gate",
    GITHUB_WORKFLOW_REF: `${step.repository}/.github/workflows/repro-gate.yml@${step.ref}`,
    GITHUB_WORKSPACE: step.workspace,
    RUNNER_TEMP: temporary,
    RUNNER_TOOL_CACHE: step.toolCache,
    RUNNER_OS: "Linux",
  };
  return { env, files };
}

/** A command file: `name=value`, or `name<<delimiter` and lines up to the delimiter; the last value of a name counts. */
export function parseCommandFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const block = /^([^=<]+)<<(.+)$/.exec(line);
    if (block !== null) {
      const end = lines.indexOf(block[2] ?? "", index + 1);
      if (end < 0) break;
      values[block[1] ?? ""] = lines.slice(index + 1, end).join("\n");
      index = end;
    } else if (line.includes("=")) {
      values[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
    }
  }
  return values;
}
