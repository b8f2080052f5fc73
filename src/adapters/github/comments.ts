import { getOctokit } from "@actions/github";
import { messageOf } from "../../core/gate-error.js";
import { type Sentence, say } from "../../core/sentence.js";
import { type CommentKey, type CommentStamp, isNewer, parseMarker, renderMarker } from "./comment-key.js";

/** Where and as whom to comment. */
export interface CommentTarget {
  readonly apiUrl: string;
  readonly token: string;
  readonly owner: string;
  readonly repository: string;
}

export type CommentResult =
  | { readonly url: string; readonly warning?: undefined }
  | { readonly url?: undefined; readonly warning: Sentence | undefined };

/** The author of what a job writes with its own token, which may not ask who it is. */
const JOB_AUTHOR = "github-actions[bot]";
const REQUEST_MS = 30_000;
const MOST_PULL_REQUESTS = 3;

/** The gate's comments on the pull requests of one repository, found by author and marker. */
export class PullRequestComments {
  readonly #octokit: ReturnType<typeof getOctokit>;
  readonly #target: CommentTarget;

  constructor(target: CommentTarget) {
    this.#target = target;
    this.#octokit = getOctokit(target.token, { baseUrl: target.apiUrl });
  }

  /** Open pull requests whose head is a commit, at most three. */
  async pullRequestsOf(sha: string): Promise<readonly number[]> {
    const { data } = await this.#octokit.rest.repos.listPullRequestsAssociatedWithCommit({
      ...this.#repository(),
      commit_sha: sha,
      request: request(),
    });
    const open = data.filter(({ state, head }) => state === "open" && head.sha === sha);
    return open.map(({ number }) => number).slice(0, MOST_PULL_REQUESTS);
  }

  /**
   * Writes the comment, or updates the one that is there. It is a courtesy: whatever goes wrong is a warning.
   *
   * @param onlyIfPresent update, but do not begin to comment
   */
  async upsert(
    pullRequest: number,
    key: CommentKey,
    stamp: CommentStamp,
    markdown: string,
    onlyIfPresent = false,
  ): Promise<CommentResult> {
    try {
      const body = `${renderMarker(key, stamp)}\n${markdown}`;
      const [own, ...others] = await this.#own(pullRequest, key);
      if (own === undefined) {
        return onlyIfPresent ? { warning: undefined } : { url: await this.#create(pullRequest, key, body) };
      }
      // Two jobs that began at once may both have written: the first comment stays.
      for (const { id } of others) await this.#delete(id);
      if (isNewer(own.stamp, stamp)) {
        return { warning: say`The comment already shows a newer run of this workflow, so it was left as it is.` };
      }
      return { url: await this.#update(own, pullRequest, key, body) };
    } catch (error) {
      return { warning: explain(error, pullRequest) };
    }
  }

  async #update(
    own: { readonly id: number; readonly url: string },
    pullRequest: number,
    key: CommentKey,
    body: string,
  ): Promise<string> {
    try {
      await this.#octokit.rest.issues.updateComment({
        ...this.#repository(),
        comment_id: own.id,
        body,
        request: request(),
      });
      return own.url;
    } catch (error) {
      // Somebody deleted it between the look and the update.
      if (statusOf(error) !== 404) throw error;
      return this.#create(pullRequest, key, body);
    }
  }

  async #create(pullRequest: number, key: CommentKey, body: string): Promise<string> {
    try {
      const { data } = await this.#octokit.rest.issues.createComment({
        ...this.#repository(),
        issue_number: pullRequest,
        body,
        request: request(),
      });
      return data.html_url;
    } catch (error) {
      // A lost answer may hide a written comment: look before saying that there is none.
      if (statusOf(error) < 500) throw error;
      const [own] = await this.#own(pullRequest, key);
      if (own === undefined) throw error;
      return own.url;
    }
  }

  async #delete(id: number): Promise<void> {
    await this.#octokit.rest.issues.deleteComment({ ...this.#repository(), comment_id: id, request: request() });
  }

  /** Comments by this token's author that begin with this key's marker, oldest first, over all pages. */
  async #own(pullRequest: number, key: CommentKey) {
    const login = await this.#login();
    const comments = await this.#octokit.paginate(this.#octokit.rest.issues.listComments, {
      ...this.#repository(),
      issue_number: pullRequest,
      per_page: 100,
      request: request(),
    });
    return comments
      .flatMap(({ id, body, user, html_url: url }) => {
        const stamp = user?.login === login ? parseMarker(body ?? "", key) : undefined;
        return stamp === undefined ? [] : [{ id, url, stamp }];
      })
      .sort((a, b) => a.id - b.id);
  }

  /** Who writes with this token. A job's own token gets 403 for this question, which is the answer. */
  async #login(): Promise<string> {
    try {
      const { data } = await this.#octokit.rest.users.getAuthenticated({ request: request() });
      return data.login;
    } catch (error) {
      if (statusOf(error) === 403 || statusOf(error) === 401) return JOB_AUTHOR;
      throw error;
    }
  }

  #repository() {
    return { owner: this.#target.owner, repo: this.#target.repository };
  }
}

function request() {
  return { signal: AbortSignal.timeout(REQUEST_MS) };
}

function statusOf(error: unknown): number {
  return error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : 0;
}

function explain(error: unknown, pullRequest: number): Sentence {
  const status = statusOf(error);
  if (/\block(?:ed)?\b/i.test(messageOf(error))) {
    return say`The comment on pull request ${pullRequest} could not be written: its conversation is locked. The summary has the whole report.`;
  }
  if (status === 403 || status === 404) {
    return say`The comment on pull request ${pullRequest} could not be written (HTTP ${status}): the token may not. Give the job ${"pull-requests: write"}; pull requests of forks never get it. The summary has the whole report.`;
  }
  return say`The comment on pull request ${pullRequest} could not be written: ${messageOf(error)}. The summary has the whole report.`;
}
