import { createHash } from "node:crypto";

/** Whose comment it is: one per workflow file, job and leg of a matrix; the digit is the comment's format. */
export interface CommentKey {
  readonly workflow: string;
  readonly job: string;
  readonly matrix: string;
}

/** What a comment was written for, so that an older job does not overwrite a newer result. */
export interface CommentStamp {
  readonly sha: string;
  readonly run: number;
  readonly attempt: number;
}

/** The first line of a comment of ours. Everything in it is our own hexadecimal and numbers. */
export function renderMarker(key: CommentKey, stamp: CommentStamp): string {
  return `<!-- repro-gate:v1 key=${keyHash(key)} sha=${stamp.sha} run=${stamp.run} attempt=${stamp.attempt} -->`;
}

/** The stamp of a comment that begins with our marker for this key, undefined for any other comment. */
export function parseMarker(body: string, key: CommentKey): CommentStamp | undefined {
  const match = /^<!-- repro-gate:v1 key=([0-9a-f]{16}) sha=([0-9a-f]*) run=(\d+) attempt=(\d+) -->\r?\n/.exec(body);
  if (match === null || match[1] !== keyHash(key)) return undefined;
  return { sha: match[2] ?? "", run: Number(match[3]), attempt: Number(match[4]) };
}

/** Whether a stamp belongs to a later workflow run, or a later attempt of the same. */
export function isNewer(a: CommentStamp, b: CommentStamp): boolean {
  return a.run > b.run || (a.run === b.run && a.attempt > b.attempt);
}

function keyHash({ workflow, job, matrix }: CommentKey): string {
  return createHash("sha256")
    .update(JSON.stringify([workflow, job, matrix]))
    .digest("hex")
    .slice(0, 16);
}
