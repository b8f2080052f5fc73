import { posix } from "node:path";
import { list, say } from "../core/sentence.js";
import { type Checkout, describeUnseen } from "./checkout.js";
import { Findings } from "./finding.js";
import { examineWorkflow } from "./workflow.js";

const FOLDER = ".github/workflows";

/** Looks at every workflow that uses the gate. */
export async function checkWorkflows(checkout: Checkout, neverComments: boolean, findings: Findings): Promise<void> {
  const names = (await checkout.names(FOLDER)) ?? [];
  const users: string[] = [];
  for (const name of names.filter((candidate) => /\.ya?ml$/.test(candidate))) {
    const file = posix.join(FOLDER, name);
    const content = await checkout.readText(file);
    if (content === undefined) continue;
    const local = await localGates(checkout, content);
    const isGate = (uses: string) => uses.includes("mlflow-repro-gate") || local.has(uses);
    const own = new Findings("workflow");
    if (!examineWorkflow(file, content, { isGate, neverComments }, own)) continue;
    users.push(file);
    findings.found.push(...own.found);
    const unseen = describeUnseen(await checkout.held(file));
    if (unseen !== undefined) findings.warning(say`${file} ${unseen}: it runs once it is pushed.`, say`Commit it.`);
    else if (own.well) findings.ok(say`${file} uses the gate as intended.`);
  }
  if (users.length > 0) return;
  const others =
    names.length === 0 ? say`There is no workflow` : say`No workflow among ${list(names, 5)} uses the gate`;
  findings.info(
    say`${others}: nothing is gated yet.`,
    say`Add ${`${FOLDER}/repro-gate.yml`} with ${"on: [pull_request, merge_group]"}, ${"permissions: { contents: read, pull-requests: write }"}, and a job with the steps ${"uses: actions/checkout"} (${"fetch-depth: 0"}) and ${"uses: OWNER/mlflow-repro-gate@v1"}.`,
  );
}

/** Those of a workflow's `uses: ./…` whose folder holds this action. */
async function localGates(checkout: Checkout, content: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const match of content.matchAll(/uses:\s*["']?(\.(?:\/[^\s"'#]*)?)/g)) {
    const uses = match[1] ?? "";
    const folder = posix.normalize(uses);
    if (folder.startsWith("..")) continue;
    for (const name of ["action.yml", "action.yaml"]) {
      const action = await checkout.readText(posix.join(folder, name));
      if (/^name:.*Reproducibility Gate/m.test(action ?? "")) found.add(uses);
    }
  }
  return found;
}
