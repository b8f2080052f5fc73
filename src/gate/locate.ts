import type { Trigger } from "../config/event.js";
import type { Ancestry } from "../core/baseline.js";
import { GateError } from "../core/gate-error.js";
import { list, type Sentence, say } from "../core/sentence.js";
import type { Repository } from "./ports.js";

/** Where an event stands in history: the commit under test, and up to where a record counts. */
export interface Location {
  readonly head: string;
  /** The commit that merging a pull request would make, where the forge offers one. */
  readonly merge: string | undefined;
  /** The branches whose record counts, in that order. */
  readonly linkedBranches: readonly string[];
  /** The newest commit whose record counts; undefined when there is none, and why. */
  readonly forkPoint: string | undefined;
  readonly noForkPoint: Sentence | undefined;
  readonly ancestry: Ancestry | undefined;
  /** The branch of the commit under test, for tags and people. */
  readonly branch: string;
  /** Nothing was changed: the commit under test is the record's own. */
  readonly recordOnly: boolean;
  readonly warnings: readonly Sentence[];
}

type Located = Exclude<Trigger, { kind: "branch-deleted" }>;

/**
 * Finds the fork point of an event.
 *
 * @throws GateError `history-shallow`, `commit-missing`, or `configuration` at a desk
 */
export async function locate(trigger: Located, repository: Repository): Promise<Location> {
  const place = await findForkPoint(trigger, repository);
  const ancestry = place.forkPoint === undefined ? undefined : await repository.ancestry(place.forkPoint);
  return { merge: undefined, noForkPoint: undefined, warnings: [], ...place, ancestry };
}

type Place = Pick<Location, "head" | "linkedBranches" | "forkPoint" | "branch" | "recordOnly"> & Partial<Location>;

async function findForkPoint(trigger: Located, repository: Repository): Promise<Place> {
  switch (trigger.kind) {
    case "pull-request": {
      await repository.ensure([trigger.head, trigger.base]);
      return {
        head: trigger.head,
        merge: trigger.merge,
        branch: trigger.headBranch,
        recordOnly: false,
        linkedBranches: trigger.linkedBranches,
        ...(await mergeBase(repository, trigger.head, trigger.base, trigger.baseBranch)),
      };
    }
    case "merge-group":
      await repository.ensure([trigger.head, trigger.base]);
      return {
        head: trigger.head,
        branch: trigger.linkedBranches[0] ?? "",
        recordOnly: false,
        linkedBranches: trigger.linkedBranches,
        forkPoint: trigger.base,
      };
    case "push":
      return locatePush(trigger, repository);
    case "record":
      await repository.ensure([trigger.head]);
      return {
        head: trigger.head,
        branch: trigger.branch,
        recordOnly: true,
        linkedBranches: trigger.linkedBranches,
        forkPoint: trigger.head,
      };
    case "desk":
      return locateDesk(trigger, repository);
  }
}

async function locatePush(trigger: Extract<Trigger, { kind: "push" }>, repository: Repository): Promise<Place> {
  const { head, branch, before, defaultBranch, linkedBranches } = trigger;
  const place = { head, branch, recordOnly: false, linkedBranches };
  if (branch !== defaultBranch) {
    const tip = await repository.tip(defaultBranch);
    if (tip === undefined) {
      await repository.ensure([head]);
      return { ...place, forkPoint: undefined, noForkPoint: say`the default branch ${defaultBranch} cannot be found` };
    }
    await repository.ensure([head, tip]);
    return { ...place, ...(await mergeBase(repository, head, tip, defaultBranch)) };
  }
  if (before === undefined) {
    await repository.ensure([head]);
    return { ...place, forkPoint: undefined, noForkPoint: say`the branch ${branch} is new` };
  }
  await repository.ensure([head]);
  const replaced = say`the push replaced ${before.slice(0, 12)}, which is no ancestor of ${head.slice(0, 12)} (a force-push)`;
  try {
    await repository.ensure([head, before]);
  } catch (error) {
    // After a force-push the old commit may be gone from the forge as well.
    if (!(error instanceof GateError) || error.reason !== "commit-missing") throw error;
    return { ...place, forkPoint: undefined, noForkPoint: replaced };
  }
  const isAncestor = (await repository.mergeBase(head, before)) === before;
  return isAncestor ? { ...place, forkPoint: before } : { ...place, forkPoint: undefined, noForkPoint: replaced };
}

async function locateDesk(trigger: Extract<Trigger, { kind: "desk" }>, repository: Repository): Promise<Place> {
  const { head, branch, defaultBranch, changed } = await repository.desk();
  if (changed.length > 0 && !trigger.allowDirty) {
    throw new GateError(
      "configuration",
      say`The working tree has uncommitted changes: ${list(changed, 5)}. Commit them, or give ${"--allow-dirty"} to test HEAD as it is committed.`,
    );
  }
  const warnings =
    changed.length === 0
      ? []
      : [say`The working tree has uncommitted changes in ${list(changed, 5)}: HEAD was tested, not they.`];
  const linked = trigger.base ?? defaultBranch ?? branch;
  if (linked === undefined) {
    throw new GateError(
      "configuration",
      say`HEAD is detached and the remote has no default branch here. Name the branch whose record counts: ${"--base main"}.`,
    );
  }
  await repository.ensure([head]);
  const place = { head, branch: branch ?? "", linkedBranches: [linked], warnings };
  if (branch === linked) return { ...place, recordOnly: true, forkPoint: head };
  const tip = await repository.tip(linked);
  if (tip === undefined) {
    throw new GateError(
      "configuration",
      say`${"--base"}: there is no branch ${linked} here. Fetch it, or name another one.`,
    );
  }
  await repository.ensure([head, tip]);
  return { ...place, recordOnly: false, ...(await mergeBase(repository, head, tip, linked)) };
}

async function mergeBase(
  repository: Repository,
  head: string,
  base: string,
  branch: string,
): Promise<Pick<Place, "forkPoint"> & Partial<Pick<Place, "noForkPoint">>> {
  const forkPoint = await repository.mergeBase(head, base);
  return forkPoint === undefined
    ? { forkPoint, noForkPoint: say`the commit shares no history with ${branch}` }
    : { forkPoint };
}
