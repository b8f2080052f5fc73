import { z } from "zod";
import { GateError } from "../core/gate-error.js";
import { say } from "../core/sentence.js";

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const ZEROS = /^0+$/;

/**
 * What made the gate run, reduced to what decides: which commit is under test, whose record counts, and where the
 * record may lie.
 */
export type Trigger =
  | PullRequestTrigger
  | {
      readonly kind: "merge-group";
      readonly event: string;
      readonly head: string;
      readonly base: string;
      readonly linkedBranches: readonly string[];
    }
  | {
      readonly kind: "push";
      readonly event: string;
      readonly head: string;
      readonly branch: string;
      /** The commit the branch pointed to before, undefined for a new branch. */
      readonly before: string | undefined;
      readonly defaultBranch: string;
      readonly linkedBranches: readonly string[];
    }
  | { readonly kind: "branch-deleted"; readonly event: string; readonly branch: string }
  /** Nothing was changed: does the record still reproduce? */
  | {
      readonly kind: "record";
      readonly event: string;
      readonly head: string;
      readonly branch: string;
      readonly linkedBranches: readonly string[];
    }
  | DeskTrigger;

export interface PullRequestTrigger {
  readonly kind: "pull-request";
  readonly event: string;
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly baseBranch: string;
  readonly headBranch: string;
  /** The commit that merging would make; absent on a conflict and on forges without merge refs. */
  readonly merge: string | undefined;
  readonly fork: boolean;
  readonly defaultBranch: string;
  readonly linkedBranches: readonly string[];
}

/** A person at a desk: HEAD against a branch. */
export interface DeskTrigger {
  readonly kind: "desk";
  readonly event: "desk";
  readonly base: string | undefined;
  readonly allowDirty: boolean;
}

/** Events under which code of a stranger would run with the repository's own token and secrets. */
const PRIVILEGED_EVENTS = ["pull_request_target", "workflow_run", "issue_comment"];

const sha = z.string().regex(SHA);
const repository = z.object({ id: z.number(), default_branch: z.string().min(1) });
const pullRequestEvent = z.object({
  repository,
  pull_request: z.object({
    number: z.number().int().positive(),
    merge_commit_sha: sha.nullish(),
    head: z.object({ sha, ref: z.string(), repo: z.object({ id: z.number() }).nullish() }),
    base: z.object({ sha, ref: z.string().min(1) }),
  }),
});
const pushEvent = z.object({
  repository,
  ref: z.string(),
  before: z.string().nullish(),
  after: z.string(),
  deleted: z.boolean().nullish(),
  head_commit: z.object({ id: sha }).nullish(),
});
const mergeGroupEvent = z.object({
  repository,
  merge_group: z.object({ head_sha: sha, base_sha: sha, base_ref: z.string().min(1) }),
});
const anyEvent = z.object({ repository: repository.partial().nullish() });

/**
 * Reads the event's payload.
 *
 * @param name `GITHUB_EVENT_NAME`
 * @param payload the parsed file of `GITHUB_EVENT_PATH`
 * @param context `GITHUB_SHA` and `GITHUB_REF`
 * @throws GateError `untrusted-event` for events that must not execute a change, `configuration` for a payload that
 *   is not what the event promises
 */
export function parseEvent(
  name: string,
  payload: unknown,
  context: { readonly sha: string; readonly ref: string },
): Trigger {
  if (PRIVILEGED_EVENTS.includes(name)) {
    throw new GateError(
      "untrusted-event",
      say`The event ${name} runs with the repository's own token and secrets, so the gate executes nothing under it. Use ${"pull_request"}, which gives forks neither.`,
    );
  }
  switch (name) {
    case "pull_request":
      return parsePullRequest(name, parse(pullRequestEvent, name, payload));
    case "push":
      return parsePush(name, parse(pushEvent, name, payload));
    case "merge_group": {
      const { merge_group: group } = parse(mergeGroupEvent, name, payload);
      return {
        kind: "merge-group",
        event: name,
        head: group.head_sha,
        base: group.base_sha,
        linkedBranches: [branchOf(group.base_ref)],
      };
    }
    case "schedule":
    case "workflow_dispatch":
    case "release":
      return parseRecord(name, parse(anyEvent, name, payload), context);
    default:
      throw new GateError(
        "configuration",
        say`The gate does not run on the event ${name}. Use ${"pull_request"}, ${"push"}, ${"merge_group"}, ${"workflow_dispatch"}, ${"schedule"} or ${"release"}.`,
      );
  }
}

function parsePullRequest(event: string, payload: z.infer<typeof pullRequestEvent>): PullRequestTrigger {
  const { pull_request: pull, repository: own } = payload;
  return {
    kind: "pull-request",
    event,
    number: pull.number,
    head: pull.head.sha,
    base: pull.base.sha,
    baseBranch: pull.base.ref,
    headBranch: pull.head.ref,
    merge: pull.merge_commit_sha ?? undefined,
    // A deleted head repository was somebody's fork. IDs are compared, since names can be taken over.
    fork: pull.head.repo?.id !== own.id,
    defaultBranch: own.default_branch,
    linkedBranches: [...new Set([pull.base.ref, own.default_branch])],
  };
}

function parsePush(event: string, payload: z.infer<typeof pushEvent>): Trigger {
  const { repository: own, ref, after } = payload;
  const before = payload.before;
  if (payload.deleted === true || ZEROS.test(after)) return { kind: "branch-deleted", event, branch: branchOf(ref) };
  if (!SHA.test(after)) {
    throw new GateError("configuration", say`The push event names the commit ${after}, which is no commit ID.`);
  }
  if (!ref.startsWith("refs/heads/")) {
    // `after` of an annotated tag is the tag, not its commit.
    const head = payload.head_commit?.id ?? after;
    return { kind: "record", event, head, branch: branchOf(ref), linkedBranches: [own.default_branch] };
  }
  const branch = branchOf(ref);
  return {
    kind: "push",
    event,
    head: after,
    branch,
    before: before === null || before === undefined || ZEROS.test(before) || !SHA.test(before) ? undefined : before,
    defaultBranch: own.default_branch,
    linkedBranches: [...new Set([branch, own.default_branch])],
  };
}

function parseRecord(event: string, payload: z.infer<typeof anyEvent>, context: { sha: string; ref: string }): Trigger {
  if (!SHA.test(context.sha)) {
    throw new GateError("configuration", say`${"GITHUB_SHA"} is ${context.sha}, which is no commit ID.`);
  }
  const branch = branchOf(context.ref);
  const linked = context.ref.startsWith("refs/heads/") ? branch : payload.repository?.default_branch;
  return { kind: "record", event, head: context.sha, branch, linkedBranches: linked === undefined ? [] : [linked] };
}

function parse<T>(schema: z.ZodType<T>, name: string, payload: unknown): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new GateError(
    "configuration",
    say`The payload of the event ${name} is not what GitHub documents: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}.`,
  );
}

function branchOf(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, "");
}
