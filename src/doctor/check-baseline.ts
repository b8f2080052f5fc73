import type { Settings } from "../config/settings.js";
import { type Eligibility, recordedBranches, refuse } from "../core/baseline.js";
import { type RunRecord, TAG } from "../core/run.js";
import { list, type Sentence, say } from "../core/sentence.js";
import { findExperiments } from "../gate/find-experiments.js";
import type { RunReader } from "../gate/ports.js";
import type { Checkout } from "./checkout.js";
import type { Findings } from "./finding.js";

/** How many runs are looked at, newest first. */
const NEWEST = 100;

/**
 * Whether the tracking server holds runs that the gate could link to a branch or a commit.
 *
 * @throws GateError when the experiment does not exist or the server does not answer
 */
export async function checkBaseline(
  reader: RunReader,
  checkout: Checkout,
  settings: Settings,
  projectName: string | undefined,
  findings: Findings,
): Promise<void> {
  const wanted: Eligibility = {
    ruler: settings.ruler,
    projectPath: settings.path,
    entryPoint: settings.entryPoint,
    refuseDirty: settings.refuseDirtyBaseline,
  };
  if (settings.baselineRunId !== undefined) return checkNamedRun(reader, settings.baselineRunId, wanted, findings);

  const { searched, absent } = await findExperiments(reader, settings.experiment, projectName, undefined);
  const where = say`the experiment ${list(searched.map(({ name }) => name))}${absent.length === 0 ? [] : say` (${absent.flat()})`}`;
  const { runs } = await reader.searchRuns({
    experimentIds: searched.map(({ experimentId }) => experimentId),
    filter: "",
    orderBy: ["attributes.start_time DESC"],
    maxResults: NEWEST,
  });
  // A missing baseline fails the check unless the configuration says otherwise.
  const tell = (message: Sentence, advice: Sentence) =>
    (settings.onMissingBaseline ?? "fail") === "fail"
      ? findings.problem(message, advice)
      : findings.warning(message, advice);
  if (runs.length === 0) {
    tell(say`There is no run in ${where}, so there is nothing to compare with.`, HOW_TO_BEGIN);
    return;
  }
  const refused = runs.flatMap((run) => refuse(run, wanted, false) ?? []);
  const eligible = runs.filter((run) => refuse(run, wanted, false) === undefined);
  const linked = eligible.filter((run) => commitOf(run) !== "" || recordedBranches(run, settings.branchTag).length > 0);
  if (linked.length === 0) {
    const [newest] = refused;
    const why = newest === undefined ? [] : say` (the newest, ${newest.runName || newest.runId}: ${newest.detail})`;
    const counts = say`${eligible.length} carry neither a commit nor a branch, ${refused.length} are out of the question${why}`;
    tell(say`None of the newest ${runs.length} runs in ${where} can be a baseline: ${counts}.`, HOW_TO_LINK);
    return;
  }
  const usable = await countUsable(linked, checkout, settings.branchTag);
  if (usable === 0) {
    const commits = [...new Set(linked.map((run) => commitOf(run).slice(0, 12)))];
    tell(
      say`${linked.length} of the newest ${runs.length} runs in ${where} carry a commit, but none that this repository has: ${list(commits, 3)}. Pull requests are checked out at merge commits, which are gone after the merge.`,
      HOW_TO_LINK,
    );
    return;
  }
  findings.ok(say`${usable} of the newest ${runs.length} runs in ${where} can be linked by their commit or branch.`);
}

const HOW_TO_BEGIN = say`Record one from the default branch with ${"mlflow run"}, or set ${"on-missing-baseline: create"}, which executes the fork point.`;

const CONTEXT = '{"mlflow.source.git.branch":"main"}';
const HOW_TO_LINK = say`Record with ${"mlflow run"} inside the repository, which notes the commit; or set ${"MLFLOW_RUN_CONTEXT"} to ${CONTEXT} where a script records; or name one run by ${"baseline-run-id"}, or your own tag by ${"branch-tag"}.`;

function commitOf(run: RunRecord): string {
  return run.tags.get(TAG.gitCommit) ?? "";
}

/** Runs with a branch, or with a commit that this repository has. */
async function countUsable(
  runs: readonly RunRecord[],
  checkout: Checkout,
  branchTag: string | undefined,
): Promise<number> {
  const known = new Map<string, boolean>();
  for (const commit of new Set(runs.map(commitOf))) {
    if (commit !== "") known.set(commit, (await checkout.hasCommit(commit)) ?? true);
  }
  return runs.filter((run) => recordedBranches(run, branchTag).length > 0 || known.get(commitOf(run)) === true).length;
}

async function checkNamedRun(reader: RunReader, runId: string, wanted: Eligibility, findings: Findings): Promise<void> {
  const run = await reader.getRun(runId);
  if (run === undefined) {
    findings.problem(
      say`${"baseline-run-id"} names ${runId}, which the tracking server does not have.`,
      say`Copy the ID from the run's page in MLflow.`,
    );
    return;
  }
  const refusal = refuse(run, wanted, true);
  if (refusal === undefined) findings.ok(say`${"baseline-run-id"} names a run with ${run.metrics.size} metrics.`);
  else findings.problem(say`${"baseline-run-id"} names ${runId}, which cannot be a baseline: ${refusal.detail}.`);
}
