import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseCommandFile } from "../../src/demo/runner.js";
import { startGitServer } from "../support/git-server.js";
import { type Gated, type GateOptions, World } from "../support/world.js";

const execute = promisify(execFile);
const ZEROS = "0".repeat(40);
const GOOD = { accuracy: 0.875, loss: 0.25 };
const METRICS = JSON.stringify(GOOD);
const MOVED = '{"accuracy": 0.5, "loss": 0.25}';

// biome-ignore lint/suspicious/noExplicitAny: payloads of GitHub, patched by the tests
type Payload = any;

/** A payload as GitHub sends it, for a repository whose default branch is `main`. */
async function payloadOf(name: string, patch: (payload: Payload) => void = () => {}): Promise<Payload> {
  const file = fileURLToPath(new URL(`../fixtures/github/${name}.json`, import.meta.url));
  const payload: Payload = JSON.parse(await readFile(file, "utf8"));
  payload.repository.default_branch = "main";
  patch(payload);
  return payload;
}

/** A world whose `main` computes `GOOD`, and whose record says so. */
async function recorded(options: Parameters<typeof World.create>[0] = {}) {
  const world = await World.create({ ...options, files: { "metrics.json": METRICS, ...options.files } });
  const main = await world.git("rev-parse", "main");
  const baseline = await world.record({ commit: main, metrics: GOOD });
  return { world, main, baseline };
}

type Change = Awaited<ReturnType<World["change"]>>;

async function gatePull(
  world: World,
  change: Change,
  fixture: string,
  options: GateOptions & { readonly patch?: (payload: Payload) => void } = {},
): Promise<Gated> {
  const payload = await payloadOf(fixture, (event) => {
    const pull = event.pull_request;
    pull.merge_commit_sha = change.merge;
    pull.head.sha = change.head;
    pull.head.ref = change.branch;
    pull.base.sha = change.base;
    pull.base.ref = "main";
    options.patch?.(event);
  });
  const { number, head, base } = payload.pull_request;
  world.github.addPullRequest({ number, headSha: head.sha, headRef: head.ref, baseRef: base.ref, baseSha: base.sha });
  const ref = `refs/pull/${number}/merge`;
  return world.gate({ name: "pull_request", payload, checkout: change.merge, ref, number }, options);
}

async function gatePush(
  world: World,
  push: { readonly branch: string; readonly before: string; readonly after: string; readonly number?: number },
  options: GateOptions = {},
): Promise<Gated> {
  const payload = await payloadOf("push", (event) => {
    event.ref = `refs/heads/${push.branch}`;
    event.before = push.before;
    event.after = push.after;
  });
  const { number } = push;
  return world.gate(
    {
      name: "push",
      payload,
      checkout: push.after,
      ref: `refs/heads/${push.branch}`,
      ...(number === undefined ? {} : { number }),
    },
    options,
  );
}

/** Commits on `main` of the world's repository. */
async function pushed(world: World, files: Readonly<Record<string, string>>): Promise<string> {
  await world.git("checkout", "--quiet", "main");
  await world.write(files);
  return world.commit("A push");
}

async function candidates(world: World): Promise<number> {
  return (await world.runs()).filter(({ tags }) => tags.has("repro_gate.role")).length;
}

/** Warnings of the report as one text. */
function warnings({ report }: Gated): string {
  const all = [...report.warnings, ...report.projects.flatMap((project) => project.warnings)];
  return all.map((parts) => parts.map((part) => (typeof part === "string" ? part : part.code)).join("")).join("\n");
}

function sentence({ report }: Gated): string {
  return (report.projects[0]?.sentence ?? []).map((part) => (typeof part === "string" ? part : part.code)).join("");
}

describe("pull_request", () => {
  it("of the same repository is judged by its head against the record at the merge base", async () => {
    const { world, main, baseline } = await recorded();
    const gated = await gatePull(world, await world.change({ "README.md": "words" }), "pull_request");
    expect(gated.exitCode).toBe(0);
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
    expect(gated.outputs["comment-url"]).toContain("#issuecomment-");
    expect(gated.report).toMatchObject({ event: "pull_request", pullRequest: 2 });
    expect(gated.report.projects[0]).toMatchObject({ forkPoint: main, linkedBranch: "main" });
    expect(world.violations).toEqual([]);
  });

  it("is judged by where it branched off, not by what main became since", async () => {
    const { world, baseline } = await recorded();
    const fork = await world.git("rev-parse", "main");
    const later = await pushed(world, { "metrics.json": MOVED });
    await world.record({
      commit: later,
      metrics: { accuracy: 0.5, loss: 0.25 },
      tags: { "mlflow.source.git.branch": "main" },
    });
    const gated = await gatePull(world, await world.change({ "README.md": "words" }, "change", fork), "pull_request");
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
  });

  it.each([
    ["reproduced", { "README.md": "words" }, 0],
    ["diverged", { "metrics.json": MOVED }, 1],
  ])(
    "of a fork, whose token may only read, is %s all the same; the comment is a warning",
    async (outcome, files, exit) => {
      const { world } = await recorded({ mayComment: false });
      const gated = await gatePull(world, await world.change(files), "pull_request-fork");
      expect(gated.exitCode).toBe(exit);
      expect(gated.outputs).toMatchObject({ outcome, "comment-url": "" });
      expect(gated.comment).toBe("");
      expect(warnings(gated)).toMatch(
        /comment on pull request 2 could not be written \(HTTP 403\).*pull-requests: write/,
      );
      expect(gated.log.filter((line) => /^::warning.*could not be written/.test(line))).toHaveLength(1);
      expect(gated.summary).toContain(outcome === "diverged" ? "| **`accuracy`** |" : "| `accuracy` |");
      expect(gated.summary).toContain("How this was decided");
    },
  );

  it("of a fork that was deleted works", async () => {
    const { world } = await recorded();
    const gated = await gatePull(world, await world.change({ "README.md": "words" }), "pull_request-deleted-head-repo");
    expect(gated.outputs.outcome).toBe("reproduced");
  });

  it("with a conflict, without a merge commit, is judged by its head", async () => {
    const { world } = await recorded();
    const change = await world.change({ "README.md": "words" });
    const gated = await gatePull(world, change, "pull_request", {
      patch: (event) => {
        event.pull_request.merge_commit_sha = null;
      },
    });
    expect(gated.outputs.outcome).toBe("reproduced");
  });

  it.each(["labeled", "closed", "converted_to_draft", "edited"])(
    "with the activity %s turns no red head green",
    async (action) => {
      const { world } = await recorded();
      const gated = await gatePull(world, await world.change({ "metrics.json": MOVED }), "pull_request", {
        patch: (event) => {
          event.action = action;
          event.pull_request.draft = action === "converted_to_draft";
        },
      });
      expect(gated.outputs.outcome).toBe("diverged");
      expect(gated.exitCode).toBe(1);
      expect(gated.comment).toContain("Diverged");
    },
  );

  it("stacked onto another branch falls back to the record of the default branch", async () => {
    const { world, main, baseline: untagged } = await recorded();
    const baseline = await world.record({ commit: main, metrics: GOOD, tags: { "mlflow.source.git.branch": "main" } });
    const lower = await world.change({ "lower.txt": "1" }, "lower");
    const upper = await world.change({ "upper.txt": "1" }, "upper", "lower");
    const stacked = { ...upper, base: lower.head };
    const gated = await gatePull(world, stacked, "pull_request", {
      patch: (event) => {
        event.pull_request.base.ref = "lower";
      },
    });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
    expect(gated.outputs["baseline-run-id"]).not.toBe(untagged);
    expect(gated.report.projects[0]).toMatchObject({ forkPoint: lower.head, linkedBranch: "lower" });
    expect(gated.report.projects[0]?.baseline).toMatchObject({ source: "branch-tag", distance: 1 });
  });

  it("stacked onto another branch prefers that branch's own record", async () => {
    const { world, main } = await recorded();
    await world.record({ commit: main, metrics: GOOD, tags: { "mlflow.source.git.branch": "main" } });
    const lower = await world.change({ "metrics.json": MOVED }, "lower");
    const own = await world.record({
      commit: lower.head,
      metrics: { accuracy: 0.5, loss: 0.25 },
      tags: { "mlflow.source.git.branch": "lower" },
    });
    const upper = await world.change({ "upper.txt": "1" }, "upper", "lower");
    const gated = await gatePull(world, { ...upper, base: lower.head }, "pull_request", {
      patch: (event) => {
        event.pull_request.base.ref = "lower";
      },
    });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": own });
  });

  it("with `commit: merge` tests what merging would make", async () => {
    const { world } = await recorded({
      files: { ".github/repro-gate.yml": "version: 1\nprojects:\n  - commit: merge\n" },
    });
    const fork = await world.git("rev-parse", "main");
    await pushed(world, { "metrics.json": MOVED });
    const change = await world.change({ "README.md": "words" }, "change", fork);
    const gated = await gatePull(world, change, "pull_request");
    // The head alone would reproduce; merged, it computes what main computes by now.
    expect(gated.outputs.outcome).toBe("diverged");
    expect(gated.report.projects[0]).toMatchObject({ commit: change.merge, forkPoint: fork });
    expect(gated.report.projects[0]?.candidate?.commit).toBe(change.merge);
  });

  it("with `commit: merge` but no merge commit tests the head and says so", async () => {
    const { world } = await recorded({
      files: { ".github/repro-gate.yml": "version: 1\nprojects:\n  - commit: merge\n" },
    });
    const change = await world.change({ "README.md": "words" });
    const gated = await gatePull(world, change, "pull_request", {
      patch: (event) => {
        event.pull_request.merge_commit_sha = null;
      },
    });
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(gated.report.projects[0]?.commit).toBe(change.head);
    expect(warnings(gated)).toContain("there is no merge commit");
  });

  it("that edits the workflows is warned of", async () => {
    const { world } = await recorded();
    const gated = await gatePull(
      world,
      await world.change({ ".github/workflows/gate.yml": "on: push\n" }),
      "pull_request",
    );
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(warnings(gated)).toContain(".github/workflows");
  });
});

describe("merge_group", () => {
  it("is judged against the base of the group, which holds the groups ahead", async () => {
    const { world, main } = await recorded();
    const ahead = await world.change({ "metrics.json": MOVED }, "ahead");
    const own = await world.record({
      commit: ahead.head,
      metrics: { accuracy: 0.5, loss: 0.25 },
      tags: { "mlflow.source.git.branch": "main" },
    });
    const queued = await world.change({ "README.md": "words" }, "queued", "ahead");
    const payload = await payloadOf("merge_group", ({ merge_group: group }) => {
      group.head_sha = queued.head;
      group.base_sha = ahead.head;
      group.base_ref = "refs/heads/main";
    });
    const ref = payload.merge_group.head_ref;
    const gated = await world.gate({ name: "merge_group", payload, checkout: queued.head, ref });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": own, "comment-url": "" });
    expect(gated.exitCode).toBe(0);
    expect(gated.report.projects[0]).toMatchObject({
      commit: queued.head,
      forkPoint: ahead.head,
      linkedBranch: "main",
    });
    expect(gated.report.projects[0]?.forkPoint).not.toBe(main);
  });
});

describe("push to the default branch", () => {
  it("is judged against the commit before, never against a record of its own", async () => {
    const { world, main, baseline } = await recorded();
    const after = await pushed(world, { "metrics.json": MOVED });
    await world.record({
      commit: after,
      metrics: { accuracy: 0.5, loss: 0.25 },
      tags: { "mlflow.source.git.branch": "main" },
    });
    const gated = await gatePush(world, { branch: "main", before: main, after });
    expect(gated.outputs).toMatchObject({ outcome: "diverged", "baseline-run-id": baseline, "comment-url": "" });
    expect(gated.exitCode).toBe(1);
    expect(gated.report.projects[0]).toMatchObject({ forkPoint: main, commit: after });
    expect(world.github.requests).toEqual([]);
  });

  it("of several commits at once is judged against where it began", async () => {
    const { world, main, baseline } = await recorded();
    await pushed(world, { one: "1" });
    const after = await pushed(world, { two: "2" });
    const gated = await gatePush(world, { branch: "main", before: main, after });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
  });

  it("that makes the branch has no baseline", async () => {
    const { world, main } = await recorded();
    const gated = await gatePush(world, { branch: "main", before: ZEROS, after: main });
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline" });
    expect(gated.exitCode).toBe(4);
    expect(sentence(gated)).toContain("is new");
    expect(await candidates(world)).toBe(0);
  });

  it("by force has no baseline, unless one is named", async () => {
    const { world, main, baseline } = await recorded();
    const replaced = await pushed(world, { one: "1" });
    await world.git("reset", "--quiet", "--hard", main);
    const after = await pushed(world, { other: "1" });
    await world.git("branch", "kept", replaced);
    const push = { branch: "main", before: replaced, after };
    const gated = await gatePush(world, push);
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline" });
    expect(gated.exitCode).toBe(4);
    expect(sentence(gated)).toContain("force-push");
    const named = await gatePush(world, push, { inputs: { "baseline-run-id": baseline } });
    expect(named.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
  });

  it("by force, when the forge has forgotten the commit before, has no baseline", async () => {
    const { world, main } = await recorded();
    const serverUrl = await gitServer(world);
    const gated = await gatePush(world, { branch: "main", before: "1".repeat(40), after: main }, { serverUrl });
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline" });
    expect(sentence(gated)).toContain("force-push");
  });
});

describe("push to another branch", () => {
  it("is judged against where it left the default branch, and comments on the open pull request", async () => {
    const { world, main, baseline } = await recorded();
    const change = await world.change({ "metrics.json": MOVED });
    world.github.addPullRequest({ number: 7, headSha: change.head, headRef: "change", baseRef: "main" });
    world.github.addPullRequest({
      number: 8,
      headSha: change.head,
      headRef: "change",
      baseRef: "main",
      state: "closed",
    });
    world.github.addPullRequest({
      number: 9,
      headSha: "1".repeat(40),
      headRef: "later",
      baseRef: "main",
      commits: [change.head],
    });
    const gated = await gatePush(world, { branch: "change", before: ZEROS, after: change.head, number: 7 });
    expect(gated.outputs).toMatchObject({ outcome: "diverged", "baseline-run-id": baseline });
    expect(gated.report.projects[0]).toMatchObject({ forkPoint: main, linkedBranch: "change" });
    expect(gated.comment).toContain("Diverged");
    expect(world.github.comments(8)).toEqual([]);
    expect(world.github.comments(9)).toEqual([]);
    expect(world.violations).toEqual([]);
  });

  it("twice cannot launder a red one", async () => {
    const { world, baseline } = await recorded();
    const first = await world.change({ "metrics.json": MOVED });
    const red = await gatePush(world, { branch: "change", before: ZEROS, after: first.head });
    expect(red.outputs.outcome).toBe("diverged");
    // Somebody also trains on the branch, as honestly as can be.
    await world.record({
      commit: first.head,
      metrics: { accuracy: 0.5, loss: 0.25 },
      tags: { "mlflow.source.git.branch": "change" },
    });
    const second = await world.change({ "README.md": "words" }, "again", "change");
    const again = await gatePush(world, { branch: "change", before: first.head, after: second.head });
    expect(again.outputs).toMatchObject({ outcome: "diverged", "baseline-run-id": baseline });
    expect(again.exitCode).toBe(1);
  });

  it("without a pull request is told in the summary alone", async () => {
    const { world } = await recorded();
    const change = await world.change({ "README.md": "words" });
    const gated = await gatePush(world, { branch: "change", before: ZEROS, after: change.head });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "comment-url": "" });
    expect(gated.summary).toContain("Reproduced");
    expect(warnings(gated)).not.toMatch(/comment|pull request/);
  });

  it("whose pull requests cannot be looked up is judged all the same", async () => {
    const { world } = await recorded();
    const change = await world.change({ "README.md": "words" });
    world.github.failNext({ path: /\/pulls$/ }, { status: 404, body: { message: "Not Found" } });
    const gated = await gatePush(world, { branch: "change", before: ZEROS, after: change.head });
    expect(gated.outputs.outcome).toBe("reproduced");
    expect(gated.exitCode).toBe(0);
    expect(warnings(gated)).toContain("could not be looked up");
  });

  it("with no history in common has no baseline", async () => {
    const { world } = await recorded();
    await world.git("checkout", "--quiet", "--orphan", "island");
    const island = await world.commit("island");
    await world.git("checkout", "--quiet", "main");
    const gated = await gatePush(world, { branch: "island", before: ZEROS, after: island });
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline" });
    expect(sentence(gated)).toContain("shares no history");
  });
});

describe("a deleted branch", () => {
  it("is skipped with exit status 0", async () => {
    const { world, main } = await recorded();
    const payload = await payloadOf("push-deleted");
    const gated = await world.gate({ name: "push", payload, checkout: main, ref: payload.ref });
    expect(gated.outputs).toMatchObject({ outcome: "skipped", reason: "branch-deleted" });
    expect(gated.exitCode).toBe(0);
    expect(gated.summary).toContain("Skipped");
    expect(await candidates(world)).toBe(0);
  });
});

describe("an event without a change", () => {
  const EVENTS = ["workflow_dispatch", "schedule", "release", "tag", "annotated tag"] as const;

  async function gateRecord(world: World, event: (typeof EVENTS)[number], options: GateOptions = {}): Promise<Gated> {
    const main = await world.git("rev-parse", "main");
    if (!event.endsWith("tag")) {
      const ref = event === "release" ? "refs/tags/0.0.1" : "refs/heads/main";
      return world.gate({ name: event, payload: await payloadOf(event), checkout: main, ref }, options);
    }
    await world.git("tag", ...(event === "tag" ? [] : ["--annotate", "--message=v1"]), "v1", main);
    // For an annotated tag GitHub's `after` is the tag itself and not its commit, unlike GITHUB_SHA.
    const after = await world.git("rev-parse", "refs/tags/v1");
    const payload = await payloadOf("push-tag", (push) => {
      push.ref = "refs/tags/v1";
      push.after = after;
      push.head_commit.id = main;
    });
    await world.git("branch", "--force", "tagged", main);
    return world.gate(
      { name: "push", payload, checkout: main, ref: "refs/tags/v1" },
      { ...options, serverUrl: await gitServer(world) },
    );
  }

  it.each(EVENTS)("%s re-executes the record", async (event) => {
    const { world, main, baseline } = await recorded();
    const gated = await gateRecord(world, event);
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline, "comment-url": "" });
    expect(gated.exitCode).toBe(0);
    expect(gated.report.projects[0]).toMatchObject({ commit: main, forkPoint: main, linkedBranch: "main" });
    expect(world.github.requests).toEqual([]);
  });

  it.each(EVENTS)("%s creates no baseline, which would be compared with itself", async (event) => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const gated = await gateRecord(world, event, { inputs: { "on-missing-baseline": "create" } });
    expect(gated.outputs).toMatchObject({ outcome: "inconclusive", reason: "no-baseline", "candidate-run-id": "" });
    expect(gated.exitCode).toBe(4);
    expect(sentence(gated)).toContain("compared with itself");
    expect(await candidates(world)).toBe(0);
  });

  it("says that a record no longer reproduces", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    await world.record({ commit: await world.git("rev-parse", "main"), metrics: { accuracy: 0.9, loss: 0.25 } });
    const gated = await gateRecord(world, "schedule");
    expect(gated.outputs.outcome).toBe("diverged");
    expect(gated.exitCode).toBe(1);
  });

  it("dispatched on another branch means that branch's record", async () => {
    const { world } = await recorded();
    const change = await world.change({ "metrics.json": MOVED });
    const own = await world.record({ commit: change.head, metrics: { accuracy: 0.5, loss: 0.25 } });
    const payload = await payloadOf("workflow_dispatch");
    const gated = await world.gate({
      name: "workflow_dispatch",
      payload,
      checkout: change.head,
      ref: "refs/heads/change",
    });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": own });
    expect(gated.report.projects[0]?.linkedBranch).toBe("change");
  });
});

describe("an event that must not execute a change", () => {
  it.each(["pull_request_target", "workflow_run", "issue_comment"])(
    "%s is error: untrusted-event, and nothing runs",
    async (name) => {
      const { world } = await recorded();
      const change = await world.change({ "metrics.json": MOVED });
      const payload = await payloadOf("pull_request-fork", (event) => {
        event.pull_request.head.sha = change.head;
      });
      const gated = await world.gate({ name, payload, checkout: change.merge, ref: "refs/heads/main" });
      expect(gated.outputs).toMatchObject({ outcome: "error", reason: "untrusted-event", "candidate-run-id": "" });
      expect(gated.exitCode).toBe(2);
      expect(gated.summary).toContain("pull_request");
      expect(gated.log.filter((line) => line.startsWith("::error"))).toHaveLength(1);
      expect(gated.log.join("\n")).not.toContain("Executing");
      expect(await candidates(world)).toBe(0);
      expect(world.github.requests).toEqual([]);
    },
  );
});

describe("what is no event of the gate", () => {
  it("is error: configuration, with the events that are", async () => {
    const { world, main } = await recorded();
    const gated = await world.gate({ name: "watch", payload: {}, checkout: main, ref: "refs/heads/main" });
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(gated.exitCode).toBe(2);
    expect(gated.summary).toMatch(/watch.*pull_request/s);
    expect(await candidates(world)).toBe(0);
  });

  it.each([
    ["pull_request", {}],
    ["pull_request", null],
    ["pull_request", []],
    ["push", { repository: { id: 1, default_branch: "main" }, ref: "refs/heads/main", after: "HEAD" }],
    ["push", { repository: { id: 1, default_branch: "main" }, ref: "refs/heads/main", after: "--upload-pack=x" }],
    ["merge_group", { repository: { id: 1, default_branch: "main" }, merge_group: { head_sha: "x" } }],
  ])("a payload of %s like %j is error: configuration", async (name, payload) => {
    const { world, main } = await recorded();
    const gated = await world.gate({ name, payload, checkout: main, ref: "refs/heads/main" });
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(gated.exitCode).toBe(2);
    expect(await candidates(world)).toBe(0);
  });

  it.each([
    ["not JSON", "{", /not JSON/],
    ["empty", "", /not JSON/],
    ["absent", undefined, /cannot be read/],
  ])("a payload that is %s is error: configuration", async (_, text, words) => {
    const { world, main } = await recorded();
    const first = await world.gate({ name: "watch", payload: {}, checkout: main, ref: "refs/heads/main" });
    const path = join(first.step.folder, "bad-event.json");
    if (text !== undefined) await writeFile(path, text);
    const output = join(first.step.folder, "bad-output");
    await writeFile(output, "");
    const env = {
      PATH: process.env.PATH ?? "",
      GITHUB_EVENT_NAME: "pull_request",
      GITHUB_EVENT_PATH: path,
      GITHUB_OUTPUT: output,
      GITHUB_REPOSITORY: "Codertocat/Hello-World",
      GITHUB_WORKSPACE: first.step.workspace,
      RUNNER_TEMP: first.runnerTemp,
    };
    const ended = execute(first.step.node, [join(first.step.dist, "main", "index.js")], {
      env,
      cwd: first.step.workspace,
    });
    await expect(ended).rejects.toMatchObject({ code: 2, stdout: expect.stringMatching(words) });
    expect(parseCommandFile(await readFile(output, "utf8"))).toMatchObject({
      outcome: "error",
      reason: "configuration",
    });
  });
});

describe("a shallow checkout", () => {
  it("gets the history from the forge", async () => {
    const { world, main, baseline } = await recorded();
    const change = await world.change({ "README.md": "words" });
    const gated = await gatePull(world, change, "pull_request", { fetchDepth: 1, serverUrl: await gitServer(world) });
    expect(gated.outputs).toMatchObject({ outcome: "reproduced", "baseline-run-id": baseline });
    expect(gated.exitCode).toBe(0);
    expect(gated.report.projects[0]).toMatchObject({ forkPoint: main, commit: change.head });
    const { stdout } = await execute("git", ["rev-parse", "--is-shallow-repository"], { cwd: gated.step.workspace });
    expect(stdout.trim()).toBe("true");
  });

  it("of a push to another branch finds the default branch on the forge", async () => {
    const { world, main } = await recorded();
    const change = await world.change({ "metrics.json": MOVED });
    const push = { branch: "change", before: ZEROS, after: change.head };
    const gated = await gatePush(world, push, { fetchDepth: 1, serverUrl: await gitServer(world) });
    expect(gated.outputs.outcome).toBe("diverged");
    expect(gated.report.projects[0]?.forkPoint).toBe(main);
  });

  it("without the forge is error: history-shallow and says fetch-depth: 0", async () => {
    const { world } = await recorded();
    const gated = await gatePull(world, await world.change({ "README.md": "words" }), "pull_request", {
      fetchDepth: 1,
    });
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "history-shallow" });
    expect(gated.exitCode).toBe(2);
    expect(gated.comment).toContain("fetch-depth: 0");
    expect(gated.summary).toContain("fetch-depth: 0");
    expect(await candidates(world)).toBe(0);
  });

  it("of a head that was replaced since is error: commit-missing", async () => {
    const { world } = await recorded();
    const change = { ...(await world.change({ "README.md": "words" })), head: "1".repeat(40) };
    const gated = await gatePull(world, change, "pull_request", { fetchDepth: 1, serverUrl: await gitServer(world) });
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "commit-missing" });
    expect(gated.exitCode).toBe(2);
    expect(sentence(gated)).toContain("force-push");
  });
});

/** The world's repository on a real git server that wants the job's token. */
async function gitServer(world: World): Promise<string> {
  const repositories = { "/Codertocat/Hello-World.git": join(world.repository, ".git") };
  const server = await startGitServer({ repositories, token: "ghs_loopback" });
  onTestFinished(() => server.close());
  return server.uri;
}
