import { describe, expect, it } from "vitest";
import { parseEvent, type Trigger } from "../../src/config/event.js";
import { GateError } from "../../src/core/gate-error.js";

const HEAD = "1".repeat(40);
const BASE = "2".repeat(40);
const MERGE = "3".repeat(40);
const ZEROS = "0".repeat(40);
const SHA256 = "a".repeat(64);
const REPOSITORY = { id: 42, default_branch: "main" };
const CONTEXT = { sha: HEAD, ref: "refs/heads/main" };

type Payload = Readonly<Record<string, unknown>>;

function pullRequest(overrides: Payload = {}, base: Payload = {}, head: Payload = {}): Payload {
  return {
    action: "synchronize",
    repository: REPOSITORY,
    pull_request: {
      number: 12,
      merge_commit_sha: MERGE,
      head: { sha: HEAD, ref: "feature/x", repo: { id: 42 }, ...head },
      base: { sha: BASE, ref: "main", ...base },
      ...overrides,
    },
  };
}

function push(overrides: Payload = {}): Payload {
  return { repository: REPOSITORY, ref: "refs/heads/main", before: BASE, after: HEAD, deleted: false, ...overrides };
}

function thrown(run: () => unknown): GateError {
  try {
    run();
  } catch (error) {
    if (error instanceof GateError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("parseEvent", () => {
  it.each<[string, string, Payload, { sha: string; ref: string }, Trigger]>([
    [
      "a pull request to the default branch",
      "pull_request",
      pullRequest(),
      CONTEXT,
      {
        kind: "pull-request",
        event: "pull_request",
        number: 12,
        head: HEAD,
        base: BASE,
        baseBranch: "main",
        headBranch: "feature/x",
        merge: MERGE,
        fork: false,
        defaultBranch: "main",
        linkedBranches: ["main"],
      },
    ],
    [
      "a stacked pull request",
      "pull_request",
      pullRequest({}, { ref: "feature/w" }),
      CONTEXT,
      {
        kind: "pull-request",
        event: "pull_request",
        number: 12,
        head: HEAD,
        base: BASE,
        baseBranch: "feature/w",
        headBranch: "feature/x",
        merge: MERGE,
        fork: false,
        defaultBranch: "main",
        linkedBranches: ["feature/w", "main"],
      },
    ],
    [
      "a push to the default branch",
      "push",
      push(),
      CONTEXT,
      {
        kind: "push",
        event: "push",
        head: HEAD,
        branch: "main",
        before: BASE,
        defaultBranch: "main",
        linkedBranches: ["main"],
      },
    ],
    [
      "a push to another branch",
      "push",
      push({ ref: "refs/heads/feature/x" }),
      CONTEXT,
      {
        kind: "push",
        event: "push",
        head: HEAD,
        branch: "feature/x",
        before: BASE,
        defaultBranch: "main",
        linkedBranches: ["feature/x", "main"],
      },
    ],
    [
      "a push of a new branch",
      "push",
      push({ ref: "refs/heads/new", before: ZEROS }),
      CONTEXT,
      {
        kind: "push",
        event: "push",
        head: HEAD,
        branch: "new",
        before: undefined,
        defaultBranch: "main",
        linkedBranches: ["new", "main"],
      },
    ],
    [
      "a push of a deleted branch",
      "push",
      push({ ref: "refs/heads/old", after: ZEROS, deleted: true }),
      CONTEXT,
      {
        kind: "branch-deleted",
        event: "push",
        branch: "old",
      },
    ],
    [
      "a push of a deleted tag",
      "push",
      push({ ref: "refs/tags/v1", after: ZEROS, deleted: true }),
      CONTEXT,
      {
        kind: "branch-deleted",
        event: "push",
        branch: "v1",
      },
    ],
    [
      "a push of a tag",
      "push",
      push({ ref: "refs/tags/v1", before: ZEROS }),
      CONTEXT,
      {
        kind: "record",
        event: "push",
        head: HEAD,
        branch: "v1",
        linkedBranches: ["main"],
      },
    ],
    [
      "a merge group",
      "merge_group",
      {
        repository: REPOSITORY,
        merge_group: { head_sha: HEAD, base_sha: BASE, base_ref: "refs/heads/release/2" },
      },
      CONTEXT,
      { kind: "merge-group", event: "merge_group", head: HEAD, base: BASE, linkedBranches: ["release/2"] },
    ],
    [
      "a schedule",
      "schedule",
      { schedule: "0 3 * * *" },
      CONTEXT,
      {
        kind: "record",
        event: "schedule",
        head: HEAD,
        branch: "main",
        linkedBranches: ["main"],
      },
    ],
    [
      "a dispatch on a branch",
      "workflow_dispatch",
      { repository: REPOSITORY },
      { sha: HEAD, ref: "refs/heads/dev" },
      {
        kind: "record",
        event: "workflow_dispatch",
        head: HEAD,
        branch: "dev",
        linkedBranches: ["dev"],
      },
    ],
    [
      "a dispatch on a tag",
      "workflow_dispatch",
      { repository: REPOSITORY },
      { sha: HEAD, ref: "refs/tags/v1" },
      {
        kind: "record",
        event: "workflow_dispatch",
        head: HEAD,
        branch: "v1",
        linkedBranches: ["main"],
      },
    ],
    [
      "a release",
      "release",
      { repository: REPOSITORY },
      { sha: HEAD, ref: "refs/tags/v1" },
      {
        kind: "record",
        event: "release",
        head: HEAD,
        branch: "v1",
        linkedBranches: ["main"],
      },
    ],
    [
      "a release whose payload names no default branch",
      "release",
      { repository: null },
      { sha: HEAD, ref: "refs/tags/v1" },
      {
        kind: "record",
        event: "release",
        head: HEAD,
        branch: "v1",
        linkedBranches: [],
      },
    ],
  ])("reads %s", (_, name, payload, context, trigger) => {
    expect(parseEvent(name, payload, context)).toEqual(trigger);
  });

  it.each<[string, Payload, boolean]>([
    ["another repository's ID", { repo: { id: 43 } }, true],
    ["no repository, since it was deleted", { repo: null }, true],
    ["no repository at all", { repo: undefined }, true],
    ["this repository's ID under whatever name", { repo: { id: 42, full_name: "attacker/takeover" } }, false],
  ])("tells a fork by %s", (_, head, fork) => {
    expect(parseEvent("pull_request", pullRequest({}, {}, head), CONTEXT)).toMatchObject({ fork });
  });

  it.each<[string, unknown, string | undefined]>([
    ["null on a conflict", null, undefined],
    ["absent on other forges", undefined, undefined],
    ["a commit", MERGE, MERGE],
  ])("takes a merge commit that is %s", (_, sha, merge) => {
    expect(parseEvent("pull_request", pullRequest({ merge_commit_sha: sha }), CONTEXT)).toMatchObject({ merge });
  });

  it.each(["opened", "labeled", "closed", "edited", "converted_to_draft", "anything_new"])(
    "runs on a pull request's activity %s like on any other, since none may turn a red head green",
    (action) => {
      expect(parseEvent("pull_request", { ...pullRequest(), action }, CONTEXT)).toMatchObject({ head: HEAD });
    },
  );

  it.each<[unknown, string | undefined]>([
    [BASE, BASE],
    [ZEROS, undefined],
    [null, undefined],
    [undefined, undefined],
    ["", undefined],
    ["--upload-pack=x", undefined],
  ])("takes %j as the commit before a push for %s", (before, expected) => {
    expect(parseEvent("push", push({ before }), CONTEXT)).toMatchObject({ before: expected });
  });

  it.each(["--upload-pack=x", "-f", "$(id)", "a b", "émoji-😀", "refs", "heads/x", "it's"])(
    "takes the branch name %j as data",
    (branch) => {
      expect(parseEvent("push", push({ ref: `refs/heads/${branch}` }), CONTEXT)).toMatchObject({
        kind: "push",
        branch,
      });
    },
  );

  it("takes the longer commit IDs of SHA-256 repositories", () => {
    expect(parseEvent("push", push({ after: SHA256, before: SHA256 }), CONTEXT)).toMatchObject({
      head: SHA256,
      before: SHA256,
    });
    expect(parseEvent("push", push({ after: "0".repeat(64) }), CONTEXT)).toMatchObject({ kind: "branch-deleted" });
  });

  it.each(["pull_request_target", "workflow_run", "issue_comment"])(
    "refuses %s, which has the repository's secrets",
    (name) => {
      const error = thrown(() => parseEvent(name, pullRequest(), CONTEXT));
      expect(error.reason).toBe("untrusted-event");
      expect(error.message).toContain(name);
      expect(error.message).toContain("Use pull_request");
    },
  );

  it.each(["", "create", "delete", "pull_request_review", "status", "PUSH", "__proto__"])(
    "does not run on the event %j and says which ones it runs on",
    (name) => {
      const error = thrown(() => parseEvent(name, push(), CONTEXT));
      expect(error.reason).toBe("configuration");
      expect(error.message).toMatch(/pull_request, push, merge_group, workflow_dispatch, schedule or release/);
    },
  );

  it.each<[string, string, unknown, string]>([
    ["no payload", "push", undefined, "The payload of the event push"],
    ["a payload that is a list", "push", [], "expected object, received array"],
    [
      "a pull request without a head",
      "pull_request",
      { repository: REPOSITORY, pull_request: { number: 1 } },
      "pull_request.head",
    ],
    ["a head that is no commit", "pull_request", pullRequest({}, {}, { sha: "main" }), "pull_request.head.sha"],
    [
      "a head with capital digits",
      "pull_request",
      pullRequest({}, {}, { sha: "A".repeat(40) }),
      "pull_request.head.sha",
    ],
    ["a number that is none", "pull_request", pullRequest({ number: "12; rm" }), "pull_request.number"],
    ["no default branch", "push", push({ repository: { id: 1 } }), "repository.default_branch"],
    [
      "a merge group without a base",
      "merge_group",
      { repository: REPOSITORY, merge_group: { head_sha: HEAD } },
      "merge_group.base_sha",
    ],
    ["a new commit that is none", "push", push({ after: "HEAD" }), "HEAD"],
    ["no new commit", "push", push({ after: "" }), "no commit ID"],
  ])("refuses %s and names the place", (_, name, payload, words) => {
    const error = thrown(() => parseEvent(name, payload, CONTEXT));
    expect(error.reason).toBe("configuration");
    expect(error.message).toContain(words);
  });

  it.each(["", "HEAD", ZEROS.slice(1)])("refuses %j as GITHUB_SHA of a schedule", (sha) => {
    const error = thrown(() => parseEvent("schedule", {}, { sha, ref: "refs/heads/main" }));
    expect(error.reason).toBe("configuration");
    expect(error.message).toContain("GITHUB_SHA");
  });
});
