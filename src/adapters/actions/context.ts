import { readFile } from "node:fs/promises";
import { GateError } from "../../core/gate-error.js";
import { say } from "../../core/sentence.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the runner says about the job, read once before anything of the project runs. */
export interface WorkflowContext {
  readonly eventName: string;
  readonly sha: string;
  readonly ref: string;
  readonly owner: string;
  readonly repository: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly workspace: string;
  readonly temporaryFolder: string;
  readonly toolCache: string;
  readonly actor: string;
  /** Path of the workflow's file, or its name where the forge does not tell. */
  readonly workflow: string;
  readonly job: string;
  readonly runId: string;
  readonly runNumber: number;
  readonly runAttempt: number;
}

/** @throws GateError `configuration` when the environment is not that of a job */
export function readContext(env: Environment): WorkflowContext {
  const need = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === "") {
      throw new GateError(
        "configuration",
        say`${name} is not set. This program is the action's entry and runs inside a workflow; at a desk use the command ${"repro-gate check"}.`,
      );
    }
    return value;
  };
  const [owner = "", repository = ""] = need("GITHUB_REPOSITORY").split("/");
  const number = (name: string) => (/^\d{1,15}$/.test(env[name] ?? "") ? Number(env[name]) : 1);
  return {
    eventName: need("GITHUB_EVENT_NAME"),
    sha: env.GITHUB_SHA ?? "",
    ref: env.GITHUB_REF ?? "",
    owner,
    repository,
    serverUrl: (env.GITHUB_SERVER_URL || "https://github.com").replace(/\/+$/, ""),
    apiUrl: (env.GITHUB_API_URL || "https://api.github.com").replace(/\/+$/, ""),
    workspace: need("GITHUB_WORKSPACE"),
    temporaryFolder: need("RUNNER_TEMP"),
    toolCache: env.RUNNER_TOOL_CACHE || need("RUNNER_TEMP"),
    actor: env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR || "",
    workflow: (env.GITHUB_WORKFLOW_REF || "").split("@")[0] || env.GITHUB_WORKFLOW || "",
    job: env.GITHUB_JOB ?? "",
    runId: env.GITHUB_RUN_ID ?? "",
    runNumber: number("GITHUB_RUN_NUMBER"),
    runAttempt: number("GITHUB_RUN_ATTEMPT"),
  };
}

/**
 * Reads the event's payload.
 *
 * @throws GateError `configuration` when there is none or it is not JSON
 */
export async function readEventPayload(env: Environment): Promise<unknown> {
  const path = env.GITHUB_EVENT_PATH;
  if (path === undefined || path === "") throw new GateError("configuration", say`${"GITHUB_EVENT_PATH"} is not set.`);
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is not JSON" : "it cannot be read";
    throw new GateError("configuration", say`${"GITHUB_EVENT_PATH"}: ${path}: ${[why]}.`);
  }
}
