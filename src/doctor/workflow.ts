import { INPUTS, type InputName, parseInputs, type RawInputs } from "../config/inputs.js";
import { parseYaml, type YamlFile, type YamlNode } from "../config/yaml.js";
import { nearMiss } from "../core/near-miss.js";
import { list, say } from "../core/sentence.js";
import type { Findings } from "./finding.js";
import { entries, entry, items, text } from "./yaml-access.js";

/** Events under which the gate executes nothing, since a stranger's code would get the repository's own token. */
const REFUSED_EVENTS = ["pull_request_target", "workflow_run", "issue_comment"];
/** Events that it knows; `workflow_call` takes the caller's. */
const KNOWN_EVENTS = [
  "pull_request",
  "push",
  "merge_group",
  "schedule",
  "workflow_dispatch",
  "release",
  "workflow_call",
];

export interface WorkflowContext {
  /** Whether the `uses:` of a step is this action. */
  readonly isGate: (uses: string) => boolean;
  /** Whether the configuration switches the comment off. */
  readonly neverComments: boolean;
}

/**
 * Looks for the commonest mistakes in one workflow file; false when it does not use the gate.
 */
export function examineWorkflow(file: string, content: string, context: WorkflowContext, findings: Findings): boolean {
  const parsed = parseYaml(file, content);
  if ("problems" in parsed) {
    if (!/mlflow-repro-gate/.test(content)) return false;
    // Later ones follow from the first.
    const [first] = parsed.problems;
    if (first !== undefined) findings.problem(say`${first.where}: ${first.sentence}`);
    return true;
  }
  const { yaml } = parsed;
  const uses = gateSteps(yaml, context.isGate);
  if (uses.length === 0) return false;
  const events = eventsOf(entry(yaml.root, "on"));
  examineEvents(file, yaml, events, findings);
  for (const job of new Set(uses.map(({ name }) => name))) {
    const first = uses.find(({ name }) => name === job);
    if (first !== undefined) examineJob(yaml, first, events, context, findings);
  }
  for (const step of uses) examineStep(yaml, step, events, findings);
  return true;
}

/** A step that is the gate, and the job that it is in. */
interface GateStep {
  readonly name: string;
  readonly job: YamlNode;
  readonly steps: readonly YamlNode[];
  readonly index: number;
  readonly step: YamlNode;
}

function gateSteps(yaml: YamlFile, isGate: (uses: string) => boolean): GateStep[] {
  return entries(entry(yaml.root, "jobs")).flatMap(([name, job]) => {
    const steps = items(entry(job, "steps"));
    return steps.flatMap((step, index) =>
      isGate(text(entry(step, "uses")) ?? "") ? [{ name, job, steps, index, step }] : [],
    );
  });
}

function eventsOf(node: YamlNode | undefined): string[] {
  if (node?.kind === "scalar") return [node.text];
  if (node?.kind === "list") return node.items.flatMap((item) => text(item) ?? []);
  return entries(node).map(([name]) => name);
}

function examineEvents(file: string, yaml: YamlFile, events: readonly string[], findings: Findings): void {
  for (const event of events) {
    const where = yaml.where(["on", event]);
    if (REFUSED_EVENTS.includes(event)) {
      findings.problem(
        say`${where}: under ${event} a change would run with the repository's own token and secrets, so the gate executes nothing.`,
        say`Use ${"pull_request"}, which gives forks neither.`,
      );
    } else if (!KNOWN_EVENTS.includes(event)) {
      findings.warning(say`${where}: the gate does not run on ${event}.`, say`Remove it, or skip the job for it.`);
    }
  }
  // A refused event was answered with `pull_request` already.
  const answered = events.includes("workflow_call") || events.some((event) => REFUSED_EVENTS.includes(event));
  if (!answered && !events.includes("pull_request")) {
    findings.warning(
      say`${file} is not triggered by ${"pull_request"}: no pull request is gated.`,
      say`Add ${"pull_request:"} below ${"on:"}.`,
    );
  } else if (events.includes("pull_request") && !events.includes("merge_group")) {
    findings.warning(
      say`${file} is not triggered by ${"merge_group"}: as a required check it would hold up a merge queue for ever.`,
      say`Add ${"merge_group:"} below ${"on:"}, unless the repository has no merge queue.`,
    );
  }
  for (const filter of ["paths", "paths-ignore"]) {
    if (entry(entry(entry(yaml.root, "on"), "pull_request"), filter) === undefined) continue;
    findings.warning(
      say`${yaml.where(["on", "pull_request", filter])}: with ${filter} the workflow does not start for other changes, and as a required check it then stays pending for ever.`,
      say`Remove the filter where the check is required.`,
    );
  }
}

function examineJob(
  yaml: YamlFile,
  { name, job, steps, index }: GateStep,
  events: readonly string[],
  context: WorkflowContext,
  findings: Findings,
): void {
  const where = yaml.where(["jobs", name]);
  examineCheckout(yaml, name, steps.slice(0, index), findings);
  examinePermissions(yaml, name, job, events, context, findings);
  if (text(entry(job, "continue-on-error")) === "true") {
    findings.warning(
      say`${where}: with ${"continue-on-error"} the workflow is green whatever the gate says.`,
      say`Remove it; ${"enforce: false"} says openly that the gate only advises.`,
    );
  }
}

function examineCheckout(yaml: YamlFile, job: string, before: readonly YamlNode[], findings: Findings): void {
  const usesOf = (step: YamlNode) => text(entry(step, "uses")) ?? "";
  const at = before.findLastIndex((step) => /^actions\/checkout(?:@|$)/.test(usesOf(step)));
  const checkout = before[at];
  if (checkout === undefined) {
    const other = before.some(
      (step) => /checkout/i.test(usesOf(step)) || /\bgit\b/.test(text(entry(step, "run")) ?? ""),
    );
    if (other) return;
    findings.problem(
      say`${yaml.where(["jobs", job])}: no step before the gate checks the repository out.`,
      say`Put ${"uses: actions/checkout"} with ${"fetch-depth: 0"} before it.`,
    );
    return;
  }
  const where = yaml.where(["jobs", job, "steps", at]);
  const path = text(entry(entry(checkout, "with"), "path"));
  if (path !== undefined && !/^\.?\/?$/.test(path)) {
    findings.problem(
      say`${where}: the repository is checked out into ${path}, and the gate looks for it in the workspace itself.`,
      say`Remove ${"path"} from actions/checkout.`,
    );
  }
  const depth = text(entry(entry(checkout, "with"), "fetch-depth"));
  if (depth === "0" || depth?.includes("${{") === true) return;
  findings.warning(
    say`${where}: actions/checkout fetches ${depth === undefined || depth === "1" ? ["one commit"] : say`${depth} commits`}, so the gate has to fetch the history itself.`,
    say`Set ${"fetch-depth: 0"}.`,
  );
}

function examinePermissions(
  yaml: YamlFile,
  job: string,
  node: YamlNode,
  events: readonly string[],
  context: WorkflowContext,
  findings: Findings,
): void {
  const own = entry(node, "permissions");
  const permissions = own ?? entry(yaml.root, "permissions");
  const where = yaml.where(own === undefined ? ["permissions"] : ["jobs", job, "permissions"]);
  const advice = say`Give the job ${"contents: read"} and ${"pull-requests: write"}.`;
  if (permissions === undefined) {
    findings.warning(
      say`${yaml.where(["jobs", job])}: without ${"permissions"} the repository's default holds: too little for the comment, or more than code under test should have.`,
      advice,
    );
    return;
  }
  const all = text(permissions);
  const granted = (scope: string) => all?.replace(/-all$/, "") ?? text(entry(permissions, scope)) ?? "none";
  if (granted("contents") === "none") {
    findings.warning(
      say`${where}: without ${"contents: read"} a private repository can neither be checked out nor its history fetched.`,
      advice,
    );
  }
  if (granted("pull-requests") !== "write" && events.includes("pull_request") && !context.neverComments) {
    findings.warning(
      say`${where}: without ${"pull-requests: write"} the gate cannot comment; its report is then only in the job's summary.`,
      say`Add ${"pull-requests: write"}, or set ${"comment: never"}.`,
    );
  }
  if (granted("id-token") === "write") {
    findings.warning(
      say`${where}: ${"id-token: write"} lets the code under test sign in elsewhere as this workflow.`,
      say`Take it from the job that runs the gate.`,
    );
  }
}

function examineStep(
  yaml: YamlFile,
  { name, job, index, step }: GateStep,
  events: readonly string[],
  findings: Findings,
): void {
  const path = ["jobs", name, "steps", index];
  if (text(entry(step, "continue-on-error")) === "true") {
    findings.warning(
      say`${yaml.where([...path, "continue-on-error"])}: the job is green whatever the gate says.`,
      say`Remove it; ${"enforce: false"} says openly that the gate only advises.`,
    );
  }
  examineInputs(yaml, path, step, findings);
  const sources = [
    [text(entry(entry(step, "with"), "tracking-uri")), [...path, "with", "tracking-uri"]],
    [text(entry(entry(step, "env"), VARIABLE)), [...path, "env", VARIABLE]],
    [text(entry(entry(job, "env"), VARIABLE)), ["jobs", name, "env", VARIABLE]],
    [text(entry(entry(yaml.root, "env"), VARIABLE)), ["env", VARIABLE]],
  ] as const;
  const secret = sources.find(([value]) => value !== undefined && /\$\{\{(?!.*\|\|).*\bsecrets\b/s.test(value));
  if (secret !== undefined && events.includes("pull_request")) {
    findings.warning(
      say`${yaml.where(secret[1])}: the tracking address comes from a secret, which pull requests of forks and of Dependabot do not get: there it is empty, which is an error.`,
      say`Write the address into ${".github/repro-gate.yml"}, since only the credentials are secret; or fall back to a server of the job's own: ${"${{ secrets.… || 'auto' }}"}.`,
    );
  }
}

const VARIABLE = "MLFLOW_TRACKING_URI";

/** The values of `with:` as the gate will parse them; expressions are known only when the workflow runs. */
function examineInputs(yaml: YamlFile, path: readonly PropertyKey[], step: YamlNode, findings: Findings): void {
  const names = Object.keys(INPUTS) as InputName[];
  const raw: RawInputs = {};
  const unknown: string[] = [];
  for (const [written, node] of entries(entry(step, "with"))) {
    const input = names.find((name) => name === written.toLowerCase());
    const value = text(node) ?? "";
    if (input === undefined) unknown.push(written);
    else if (!value.includes("${{")) raw[input] = value;
  }
  for (const name of unknown) {
    const near = nearMiss(name, names);
    findings.problem(
      say`${yaml.where([...path, "with", name])}: there is no input ${name}${near === undefined ? say`.` : say`; did you mean ${near}?`}`,
      near === undefined ? say`The inputs are ${list(names, 30)}.` : [],
    );
  }
  for (const { where, sentence } of parseInputs(raw).problems) {
    findings.problem(say`${yaml.where([...path, "with", where])}: ${where}: ${sentence}`);
  }
}
