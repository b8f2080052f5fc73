import { access, constants, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setSecret } from "@actions/core";
import { readContext, readEventPayload, type WorkflowContext } from "./adapters/actions/context.js";
import { RunnerJobState } from "./adapters/actions/job-state.js";
import { ActionsLog } from "./adapters/actions/log.js";
import { publish, setOutputs } from "./adapters/actions/publisher.js";
import type { PullRequestComments } from "./adapters/github/comments.js";
import { parseEvent, type Trigger } from "./config/event.js";
import type { Inputs } from "./config/inputs.js";
import type { Problem } from "./config/problems.js";
import { redact } from "./core/redact.js";
import { TAG } from "./core/run.js";
import { type Sentence, say } from "./core/sentence.js";
import { type Checked, check, failedCheck } from "./gate/check.js";
import { onCancel } from "./on-cancel.js";
import { composeReport } from "./report/compose.js";
import { VERSION } from "./version.js";
import { type Wired, wire } from "./wire.js";

/**
 * Runs the gate as a step of a workflow.
 *
 * @returns the exit status: 0 only when the outcome is proven, or the gate only advises
 */
export async function runAction(inputs: Inputs, unknownInputs: readonly Problem[]): Promise<number> {
  const { env } = process;
  for (const secret of [inputs.trackingPassword, inputs.trackingToken, inputs.githubToken]) {
    if (secret !== undefined) setSecret(secret);
  }
  // Until something better is known, the outputs say that nothing is proven.
  setOutputs({ outcome: "error", reason: "internal", headline: "error: the gate ended before it decided" });
  const log = new ActionsLog();
  const cancellation = onCancel((text) => log.info(text));
  const warnings: Sentence[] = unknownInputs.map(({ where, sentence }) => say`Input ${where}: ${sentence}`);

  let context: WorkflowContext | undefined;
  let trigger: Trigger | undefined;
  let wired: Wired | undefined;
  let checked: Checked;
  try {
    context = readContext(env);
    trigger = parseEvent(context.eventName, await readEventPayload(env), context);
    wired = await wire({
      inputs,
      env,
      workspace: context.workspace,
      trustWorkspace: false,
      temporaryFolder: context.temporaryFolder,
      cacheFolder: join(await toolchainFolder(context), "repro-gate"),
      remote: { url: `${repositoryUrl(context)}.git`, token: inputs.githubToken },
      storeFile: undefined,
      log,
      training: log,
      signal: cancellation.signal,
      openJobState: (folder, nonce) => new RunnerJobState(folder, nonce),
      mask: setSecret,
    });
    checked = await check(
      { trigger, inputs, env, tags: runTags(context), repositoryUrl: repositoryUrl(context) },
      wired.ports,
    );
  } catch (error) {
    checked = failedCheck(error, inputs);
  }
  log.finish();

  const report = composeReport([checked.project], {
    toolVersion: VERSION,
    createdAt: new Date().toISOString(),
    exitStatus: checked.exitStatus,
    advisory: !checked.enforce,
    event: context?.eventName ?? "",
    pullRequest: trigger?.kind === "pull-request" ? trigger.number : null,
    repository: context === undefined ? null : `${context.owner}/${context.repository}`,
    repositoryUrl: context === undefined ? null : repositoryUrl(context),
    workflowRun: context === undefined ? null : workflowRun(context),
    trackingUri: checked.trackingUri,
    warnings,
  });
  const secrets = [inputs.trackingPassword, inputs.trackingToken, inputs.githubToken].filter(
    (secret) => secret !== undefined,
  );
  await publish(report, {
    comments: context === undefined ? undefined : await commentsOf(context, inputs),
    key: { workflow: context?.workflow ?? "", job: context?.job ?? "", matrix: canonicalMatrix(inputs.matrix) },
    stamp: { sha: headOf(trigger), run: context?.runNumber ?? 0, attempt: context?.runAttempt ?? 0 },
    mode: checked.comment,
    pullRequests: async () => pullRequestsOf(trigger, context, inputs),
    reportPath: join(env.RUNNER_TEMP || ".", `repro-gate-report-${context?.runId || "local"}-${process.pid}.json`),
    redact: wired?.redact ?? ((text) => redact(text, secrets)),
  });
  await wired?.close(cancellation.signal.aborted);
  cancellation.dispose();
  return checked.exitStatus;
}

/** The runner's tool cache, or the job's own folder where that may not be written. */
async function toolchainFolder({ toolCache, temporaryFolder }: WorkflowContext): Promise<string> {
  return mkdir(toolCache, { recursive: true })
    .then(() => access(toolCache, constants.W_OK))
    .then(
      () => toolCache,
      () => temporaryFolder,
    );
}

function repositoryUrl({ serverUrl, owner, repository }: WorkflowContext): string {
  return `${serverUrl}/${owner}/${repository}`;
}

function workflowRun(context: WorkflowContext) {
  return {
    id: context.runId,
    number: context.runNumber,
    attempt: context.runAttempt,
    url: context.runId === "" ? null : `${repositoryUrl(context)}/actions/runs/${context.runId}`,
  };
}

function runTags(context: WorkflowContext): Map<string, string> {
  return new Map([
    [TAG.user, context.actor],
    ...(context.runId === ""
      ? []
      : ([[TAG.workflowRun, `${repositoryUrl(context)}/actions/runs/${context.runId}`]] as const)),
  ]);
}

/** The toolkit for comments is loaded only now: it takes a while, and proxies are read at its import. */
async function commentsOf(context: WorkflowContext, inputs: Inputs): Promise<PullRequestComments | undefined> {
  if (inputs.githubToken === undefined) return undefined;
  const { PullRequestComments } = await import("./adapters/github/comments.js");
  return new PullRequestComments({
    apiUrl: context.apiUrl,
    token: inputs.githubToken,
    owner: context.owner,
    repository: context.repository,
  });
}

/** The pull request of the event; for a push, the open ones whose head it is. */
async function pullRequestsOf(
  trigger: Trigger | undefined,
  context: WorkflowContext | undefined,
  inputs: Inputs,
): Promise<readonly number[]> {
  if (trigger?.kind === "pull-request") return [trigger.number];
  if (trigger?.kind !== "push" || context === undefined || trigger.branch === trigger.defaultBranch) return [];
  return (await (await commentsOf(context, inputs))?.pullRequestsOf(trigger.head)) ?? [];
}

function headOf(trigger: Trigger | undefined): string {
  return trigger !== undefined && "head" in trigger ? trigger.head : "";
}

/** GitHub gives "null" without a matrix, act "{}"; the order of keys is no difference. */
function canonicalMatrix(text: string | undefined): string {
  if (text === undefined) return "";
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== "object") return "";
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length === 0 ? "" : JSON.stringify(entries);
  } catch {
    return text;
  }
}
