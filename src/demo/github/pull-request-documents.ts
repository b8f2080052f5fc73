import { type Addresses, accountJson, nodeId, repositoryJson } from "./documents.js";
import { account, type PullRequest, type RepositoryState } from "./state.js";

/** Who opens pull requests here, and whose fork it was when it is gone. */
const CONTRIBUTOR = "octocat";

/** A pull request in a list. */
export function pullRequestJson(addresses: Addresses, { options }: RepositoryState, pull: PullRequest) {
  const repo = `${addresses.apiUrl}/repos/${options.owner}/${options.repository}`;
  const url = `${repo}/pulls/${pull.number}`;
  const issueUrl = `${repo}/issues/${pull.number}`;
  const htmlUrl = `${addresses.serverUrl}/${options.owner}/${options.repository}/pull/${pull.number}`;
  const statusesUrl = `${repo}/statuses/${pull.headSha}`;
  const closedAt = pull.state === "closed" || pull.state === "merged" ? pull.updatedAt : null;
  const headOwner = pull.headRepository === null ? CONTRIBUTOR : (pull.headRepository?.owner ?? options.owner);
  const headRepository =
    pull.headRepository === null ? null : repositoryJson(addresses, options, pull.headRepository ?? undefined);
  const side = (owner: string, ref: string, sha: string) => {
    const type = owner === options.owner ? "Organization" : "User";
    return { label: `${owner}:${ref}`, ref, sha, user: accountJson(addresses, account(owner, type)) };
  };
  const label = (name: string, index: number) => {
    const id = 1_362_934_389 + index;
    const shown = { color: "d73a4a", default: false, description: null };
    return { id, node_id: nodeId("LA", id), url: `${repo}/labels/${encodeURIComponent(name)}`, name, ...shown };
  };
  const resources = {
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repo}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statusesUrl,
  };
  return {
    url,
    id: options.repositoryId + pull.number,
    node_id: nodeId("PR", pull.number),
    html_url: htmlUrl,
    diff_url: `${htmlUrl}.diff`,
    patch_url: `${htmlUrl}.patch`,
    issue_url: issueUrl,
    number: pull.number,
    state: closedAt === null ? "open" : "closed",
    locked: pull.locked ?? false,
    title: pull.title ?? pull.headRef,
    user: accountJson(addresses, account(CONTRIBUTOR, "User")),
    body: null,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: closedAt,
    merged_at: pull.state === "merged" ? closedAt : null,
    merge_commit_sha: pull.mergeCommitSha ?? null,
    ...{ assignee: null, assignees: [], requested_reviewers: [], requested_teams: [], milestone: null },
    labels: (pull.labels ?? []).map(label),
    draft: false,
    ...resources,
    head: { ...side(headOwner, pull.headRef, pull.headSha), repo: headRepository },
    base: {
      ...side(options.owner, pull.baseRef, pull.baseSha ?? "ba5e".repeat(10)),
      repo: repositoryJson(addresses, options),
    },
    _links: {
      self: { href: url },
      html: { href: htmlUrl },
      issue: { href: issueUrl },
      comments: { href: resources.comments_url },
      review_comments: { href: resources.review_comments_url },
      review_comment: { href: resources.review_comment_url },
      commits: { href: resources.commits_url },
      statuses: { href: statusesUrl },
    },
    author_association: "CONTRIBUTOR",
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** A pull request asked for by its number, which has more to say. */
export function wholePullRequestJson(addresses: Addresses, state: RepositoryState, pull: PullRequest) {
  const merged = pull.state === "merged";
  const open = !merged && pull.state !== "closed";
  return {
    ...pullRequestJson(addresses, state, pull),
    merged,
    mergeable: open ? true : null,
    rebaseable: open ? true : null,
    mergeable_state: open ? "clean" : "unknown",
    merged_by: merged ? accountJson(addresses, account(CONTRIBUTOR, "User")) : null,
    comments: state.comments(pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1 + (pull.commits?.length ?? 0),
    additions: 1,
    deletions: 1,
    changed_files: 1,
  };
}
