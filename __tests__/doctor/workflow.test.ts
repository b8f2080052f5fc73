import { describe, expect, it } from "vitest";
import { Findings } from "../../src/doctor/finding.js";
import { examineWorkflow } from "../../src/doctor/workflow.js";
import { SOUND_WORKFLOW, words } from "./desk.js";

function examined(content: string, neverComments = false): string[] {
  const findings = new Findings("workflow");
  const isGate = (uses: string) => uses.includes("mlflow-repro-gate");
  expect(examineWorkflow("w.yml", content, { isGate, neverComments }, findings)).toBe(true);
  return words(findings);
}

/** The sound workflow with some of its text replaced. */
function altered(...edits: readonly (readonly [string, string])[]): string {
  return edits.reduce((content, [before, after]) => {
    if (!content.includes(before)) throw new Error(`The workflow has no ${before}.`);
    return content.replace(before, after);
  }, SOUND_WORKFLOW);
}

const GATE = "      - uses: somebody/mlflow-repro-gate@v1\n";
const PERMISSIONS = "{ contents: read, pull-requests: write }";

describe("examineWorkflow", () => {
  it("finds nothing in a workflow as it should be", () => {
    expect(examined(SOUND_WORKFLOW)).toEqual([]);
  });

  it.each<[string, string]>([
    ["no job", "on: push\n"],
    ["other actions", "on: push\njobs: { a: { steps: [ { uses: actions/checkout@v6 } ] } }\n"],
    ["another thing altogether", "[]"],
    ["no YAML", "a: 'b"],
  ])("passes over a workflow with %s", (_, content) => {
    const findings = new Findings("workflow");
    const context = { isGate: () => false, neverComments: false };
    expect(examineWorkflow("w.yml", content, context, findings)).toBe(false);
    expect(findings.found).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    [
      "pull_request_target",
      altered(["pull_request:", "pull_request_target:"]),
      /^problem: w\.yml:2: under pull_request_target/,
    ],
    [
      "workflow_run",
      altered(["  merge_group:", "  merge_group:\n  workflow_run:"]),
      /^problem: w\.yml:4: under workflow_run/,
    ],
    [
      "an event that the gate does not know",
      altered(["merge_group:", "merge_group:\n  fork:"]),
      /^warning: w\.yml:4: the gate does not run on fork/,
    ],
    ["no pull_request", altered(["pull_request:", "push:"]), /^warning: w\.yml is not triggered by pull_request/],
    ["no merge_group", altered(["  merge_group:\n", ""]), /^warning: w\.yml is not triggered by merge_group/],
    [
      "a filter of paths",
      altered(["pull_request:", "pull_request: { paths: [src] }"]),
      /^warning: w\.yml:2: with paths/,
    ],
    [
      "no checkout",
      altered(["actions/checkout@v6", "actions/setup-python@v6"]),
      /^problem: w\.yml:6: no step before the gate/,
    ],
    [
      "a shallow checkout",
      altered(["        with: { fetch-depth: 0 }\n", ""]),
      /^warning: w\.yml:9: .*fetches one commit.*fetch-depth: 0/,
    ],
    [
      "a checkout of ten commits",
      altered(["fetch-depth: 0", "fetch-depth: 10"]),
      /^warning: w\.yml:9: .*fetches 10 commits/,
    ],
    [
      "a checkout into a folder",
      altered(["fetch-depth: 0", "fetch-depth: 0, path: code"]),
      /^problem: w\.yml:9: .*into code/,
    ],
    ["no permissions", altered([`permissions: ${PERMISSIONS}\n`, ""]), /^warning: w\.yml:5: without permissions/],
    [
      "permissions that cannot comment",
      altered([PERMISSIONS, "{ contents: read }"]),
      /^warning: w\.yml:4: without pull-requests: write/,
    ],
    [
      "permissions that cannot read",
      altered([PERMISSIONS, "{ pull-requests: write }"]),
      /^warning: w\.yml:4: without contents: read/,
    ],
    [
      "permissions of the job, which replace all others",
      altered(["runs-on: ubuntu-latest", "permissions: read-all"]),
      /^warning: w\.yml:7: without pull-requests: write/,
    ],
    [
      "id-token",
      altered(["contents: read,", "contents: read, id-token: write,"]),
      /^warning: w\.yml:4: id-token: write lets/,
    ],
    ["write-all", altered([PERMISSIONS, "write-all"]), /^warning: w\.yml:4: id-token: write lets/],
    [
      "a job that may fail",
      altered(["runs-on: ubuntu-latest", "continue-on-error: true"]),
      /^warning: w\.yml:6: with continue-on-error/,
    ],
    [
      "a step that may fail",
      altered([GATE, `${GATE}        continue-on-error: true\n`]),
      /^warning: w\.yml:12: the job is green/,
    ],
    [
      "a misspelled input",
      altered([GATE, `${GATE}        with: { tolerence: 1% }\n`]),
      /^problem: w\.yml:12: there is no input tolerence; did you mean tolerance\?/,
    ],
    [
      "an input with a wrong value",
      altered([GATE, `${GATE}        with: { enforce: yes }\n`]),
      /^problem: w\.yml:12: enforce: yes is not a boolean/,
    ],
    [
      "an empty tracking-uri",
      altered([GATE, `${GATE}        with: { tracking-uri: "" }\n`]),
      /^problem: w\.yml:12: tracking-uri: it is given but empty/,
    ],
    [
      "a tracking-uri from a secret",
      altered([GATE, `${GATE}        with:\n          tracking-uri: \${{ secrets.URI }}\n`]),
      /^warning: w\.yml:13: the tracking address comes from a secret/,
    ],
    [
      "an address from a secret for the whole workflow",
      altered(["jobs:", "env: { MLFLOW_TRACKING_URI: '${{ secrets.URI }}' }\njobs:"]),
      /^warning: w\.yml:5: the tracking address/,
    ],
    ["YAML that does not parse", altered(["jobs:", "jobs: ["]), /^problem: w\.yml:/],
  ])("names %s", (_, content, expected) => {
    const found = examined(content);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it.each<[string, string]>([
    ["events in a list", altered(["on:\n  pull_request:\n  merge_group:", "on: [pull_request, merge_group]"])],
    ["a workflow that others call", altered(["pull_request:\n  merge_group:", "workflow_call:"])],
    ["a depth that is known only later", altered(["fetch-depth: 0", "fetch-depth: '${{ inputs.depth }}'"])],
    [
      "a checkout by other means",
      altered(["uses: actions/checkout@v6\n        with: { fetch-depth: 0 }", "run: git clone x ."]),
    ],
    [
      "a secret with a fallback",
      altered([GATE, `${GATE}        with:\n          tracking-uri: \${{ secrets.URI || 'auto' }}\n`]),
    ],
    [
      "values that are known only later",
      altered([GATE, `${GATE}        with:\n          enforce: \${{ vars.ENFORCE }}\n`]),
    ],
  ])("accepts %s", (_, content) => {
    expect(examined(content)).toEqual([]);
  });

  it("does not ask for the right to comment where nothing is commented", () => {
    expect(examined(altered([PERMISSIONS, "{ contents: read }"]), true)).toEqual([]);
  });
});
