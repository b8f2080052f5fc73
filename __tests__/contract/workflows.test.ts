import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseEvent } from "../../src/config/event.js";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: unknown;
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const own = readdirSync(new URL(".github/workflows/", root)).map(
  (name) => [name, read(`.github/workflows/${name}`)] as const,
);
const shown = [...read("README.md").matchAll(/^```yaml\n([\s\S]*?)^```/gm)]
  .map(([, body]) => body ?? "")
  .filter((text) => /^jobs:/m.test(text))
  .map((text) => ["the README's workflow", text] as const);
const workflows = [...own, ...shown];

/** The most that any workflow of ours may ask for. */
const LARGEST_GRANT: Readonly<Record<string, string>> = { contents: "read", "pull-requests": "write" };

const isGate = ({ uses }: Step) => uses === "./" || uses === "OWNER/mlflow-repro-gate@v1";
const jobsOf = (text: string) => Object.values((parse(text, { uniqueKeys: true, strict: true }) as Workflow).jobs);
const stepsOf = (text: string) => jobsOf(text).flatMap(({ steps }) => steps);

it("there is a workflow for the tests, one for our own example, and one for users", () => {
  expect(own.map(([name]) => name).sort()).toEqual(["ci.yml", "repro-gate.yml"]);
  expect(shown).toHaveLength(1);
});

describe.each(workflows)("%s", (_, text) => {
  const workflow = parse(text, { uniqueKeys: true, strict: true }) as Workflow;
  const jobs = Object.values(workflow.jobs);

  it("gives nothing at the top, and each job only what it needs, with a reason beside it", () => {
    expect(workflow.permissions).toEqual({});
    for (const { permissions } of jobs) {
      expect(permissions).toBeDefined();
      for (const [scope, access] of Object.entries(permissions ?? {})) {
        expect([scope, access]).toEqual([scope, LARGEST_GRANT[scope]]);
        expect(text).toMatch(new RegExp(`^ +${scope}: ${access} # to .{10,}$`, "m"));
      }
    }
  });

  it("lets only jobs that comment write to pull requests", () => {
    for (const { permissions, steps } of jobs) {
      expect(permissions?.["pull-requests"] === "write").toBe(steps.some(isGate));
    }
  });

  it("runs on no event that gives a stranger's code the repository's token", () => {
    expect(text).not.toMatch(/pull_request_target|workflow_run|issue_comment/);
  });

  it("leaves no credentials in the checkout", () => {
    const checkouts = stepsOf(text).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts).toHaveLength(jobs.length);
    for (const step of checkouts) expect(step.with?.["persist-credentials"]).toBe(false);
  });

  it("names a version of every action that it uses", () => {
    for (const { uses } of stepsOf(text)) {
      if (uses !== undefined) expect(uses).toMatch(/^(?:\.\/|[\w-]+\/[\w-]+@(?:v\d+|[0-9a-f]{40}))$/);
    }
  });

  it("puts no expression into a script", () => {
    for (const { run } of stepsOf(text)) expect(run ?? "").not.toContain("${{");
  });

  it("has a deadline, and cancels only jobs of pull requests", () => {
    for (const job of jobs) expect(job["timeout-minutes"]).toBeGreaterThan(0);
    expect(workflow.concurrency?.["cancel-in-progress"]).toBe("${{ github.event_name == 'pull_request' }}");
  });
});

describe.each(workflows.filter(([, text]) => stepsOf(text).some(isGate)))("%s, which gates", (_, text) => {
  const workflow = parse(text) as Workflow;

  it("runs on pull requests, on the default branch and in the merge queue, unfiltered", () => {
    // A workflow that a filter leaves out keeps a required check pending for ever.
    expect(workflow.on).toEqual({ pull_request: null, push: { branches: ["main"] }, merge_group: null });
    // A job that is skipped counts as success.
    for (const job of Object.values(workflow.jobs)) expect(job.if).toBeUndefined();
  });

  it("only on events that the gate does not refuse", () => {
    for (const event of Object.keys(workflow.on)) {
      // An empty payload is not what GitHub sends, and that is all there may be to complain about.
      expect(() => parseEvent(event, {}, { sha: "", ref: "" })).toThrow(/payload/);
    }
  });

  it("checks out the whole history and sets up Python before the gate", () => {
    for (const { steps } of Object.values(workflow.jobs)) {
      const position = (find: (step: Step) => boolean) => steps.findIndex(find);
      const checkout = position(({ uses }) => uses?.startsWith("actions/checkout@") === true);
      expect(steps[checkout]?.with?.["fetch-depth"]).toBe(0);
      expect(checkout).toBeLessThan(position(isGate));
      expect(position(({ uses }) => uses?.startsWith("actions/setup-python@") === true)).toBeLessThan(position(isGate));
    }
  });

  it("lives longer than two executions, since a baseline may have to be made", () => {
    const configured = parse(read(".github/repro-gate.yml")).projects[0]["timeout-minutes"];
    for (const { steps, "timeout-minutes": minutes } of Object.values(workflow.jobs)) {
      const gate = steps.find(isGate);
      expect(minutes).toBeGreaterThan(2 * Number(gate?.with?.["timeout-minutes"] ?? configured));
    }
  });
});

it("the workflow that we show is the one that we use, but for the address and the project", () => {
  const general = (text: string) => {
    const workflow = parse(text) as Workflow;
    const jobs = Object.entries(workflow.jobs).map(([name, { steps, permissions }]) => [
      name,
      permissions,
      steps.map((step) => (isGate(step) ? "the gate" : step)),
    ]);
    return [workflow.on, workflow.permissions, workflow.concurrency, jobs];
  };
  const used = own.find(([name]) => name === "repro-gate.yml")?.[1] ?? "";
  expect(general(shown[0]?.[1] ?? "")).toEqual(general(used));
});
