import { type PageRequest, page, problem, type RestAnswer, readBody } from "./answers.js";
import { type Addresses, commentJson, profileJson, repositoryJson } from "./documents.js";
import { pullRequestJson, wholePullRequestJson } from "./pull-request-documents.js";
import type { RepositoryState } from "./state.js";

/** A request, as far as the endpoints look at it; the path begins after the API's own, and is empty outside. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly text: string;
}

/** What an endpoint works on. */
interface Call {
  readonly state: RepositoryState;
  readonly addresses: Addresses;
  readonly request: RestRequest;
  /** The part of the path that varies: a number or a commit. */
  readonly key: string;
  readonly docs: string;
}

interface Endpoint {
  readonly method: string;
  /** What follows `/repos/OWNER/NAME`. */
  readonly path: RegExp;
  /** Page and anchor below docs.github.com/rest. */
  readonly docs: string;
  readonly answer: (call: Call) => RestAnswer;
}

const ENDPOINTS: readonly Endpoint[] = [
  { method: "GET", path: /^$/, docs: "repos/repos#get-a-repository", answer: getRepository },
  {
    method: "GET",
    path: /^\/commits\/([^/]+)\/pulls$/,
    docs: "commits/commits#list-pull-requests-associated-with-a-commit",
    answer: listPullRequestsOfCommit,
  },
  { method: "GET", path: /^\/pulls\/(\d+)$/, docs: "pulls/pulls#get-a-pull-request", answer: getPullRequest },
  {
    method: "GET",
    path: /^\/issues\/(\d+)\/comments$/,
    docs: "issues/comments#list-issue-comments",
    answer: listComments,
  },
  {
    method: "POST",
    path: /^\/issues\/(\d+)\/comments$/,
    docs: "issues/comments#create-an-issue-comment",
    answer: createComment,
  },
  {
    method: "GET",
    path: /^\/issues\/comments\/(\d+)$/,
    docs: "issues/comments#get-an-issue-comment",
    answer: getComment,
  },
  {
    method: "PATCH",
    path: /^\/issues\/comments\/(\d+)$/,
    docs: "issues/comments#update-an-issue-comment",
    answer: updateComment,
  },
  {
    method: "DELETE",
    path: /^\/issues\/comments\/(\d+)$/,
    docs: "issues/comments#delete-an-issue-comment",
    answer: deleteComment,
  },
];

/** GitHub's answer, in GitHub's order of objections: who are you, what is that, may you, does it exist, is it valid. */
export function answerRest(state: RepositoryState, addresses: Addresses, request: RestRequest): RestAnswer {
  const { options, self } = state;
  if (request.authorization === undefined) return problem(401, "Requires authentication", "rest");
  if (!["token", "Bearer"].some((scheme) => request.authorization === `${scheme} ${options.token}`)) {
    return problem(401, "Bad credentials", "rest");
  }
  if (request.path === "/user" && request.method === "GET") {
    const docs = "users/users#get-the-authenticated-user";
    if (options.userToken === true) return { status: 200, body: profileJson(addresses, self) };
    return problem(403, "Resource not accessible by integration", docs);
  }
  const base = `/repos/${options.owner}/${options.repository}`;
  const inside = request.path.slice(base.length);
  if (request.path.slice(0, base.length).toLowerCase() !== base.toLowerCase()) return problem(404, "Not Found", "rest");
  for (const { method, path, docs, answer } of ENDPOINTS) {
    const match = method === request.method ? path.exec(inside) : null;
    if (match === null) continue;
    if (!mayUse(state, method, inside)) {
      const holder = options.userToken === true ? "personal access token" : "integration";
      const needed = method === "GET" ? "read" : "write";
      return {
        ...problem(403, `Resource not accessible by ${holder}`, docs),
        headers: { "x-accepted-github-permissions": `issues=${needed}; pull_requests=${needed}` },
      };
    }
    return answer({ state, addresses, request, key: match[1] ?? "", docs });
  }
  return problem(404, "Not Found", "rest");
}

/** Either permission covers the comments of a pull request; only `pull-requests` covers the pull request itself. */
function mayUse({ options }: RepositoryState, method: string, inside: string): boolean {
  const { permissions } = options;
  const granted = [permissions["pull-requests"], inside.startsWith("/issues/") ? permissions.issues : undefined];
  if (method !== "GET") return granted.includes("write");
  const open = options.visibility !== "private" || inside === "";
  return open || granted.includes("read") || granted.includes("write");
}

function getRepository({ state, addresses }: Call): RestAnswer {
  return { status: 200, body: repositoryJson(addresses, state.options) };
}

/** Every well-formed commit is known here, since commits without pull requests are not told to the double. */
function listPullRequestsOfCommit(call: Call): RestAnswer {
  const { state, addresses, key: sha, docs } = call;
  if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(sha)) return problem(422, `No commit found for SHA: ${sha}`, docs);
  return page(
    pageOf(call),
    state.pullRequestsOf(sha).map((pull) => pullRequestJson(addresses, state, pull)),
  );
}

function getPullRequest({ state, addresses, key, docs }: Call): RestAnswer {
  const pull = state.pullRequests.get(Number(key));
  if (pull === undefined) return problem(404, "Not Found", docs);
  return { status: 200, body: wholePullRequestJson(addresses, state, pull) };
}

function listComments(call: Call): RestAnswer {
  const { state, addresses, request, key, docs } = call;
  if (!state.pullRequests.has(Number(key))) return problem(404, "Not Found", docs);
  const since = request.query.get("since") ?? "";
  const comments = state.comments(Number(key)).filter(({ updatedAt }) => updatedAt >= since);
  return page(
    pageOf(call),
    comments.map((comment) => commentJson(addresses, state.options, comment)),
  );
}

function createComment({ state, addresses, request, key, docs }: Call): RestAnswer {
  const pull = state.pullRequests.get(Number(key));
  if (pull === undefined) return problem(404, "Not Found", docs);
  if (pull.locked === true) return problem(403, "Unable to create comment because issue is locked.", docs);
  const body = readBody(request.text, docs);
  if (typeof body !== "string") return body;
  const comment = state.addComment(pull.number, body, state.self);
  const json = commentJson(addresses, state.options, comment);
  return { status: 201, body: json, headers: { location: json.url } };
}

function getComment({ state, addresses, key, docs }: Call): RestAnswer {
  const comment = state.comment(Number(key));
  if (comment === undefined) return problem(404, "Not Found", docs);
  return { status: 200, body: commentJson(addresses, state.options, comment) };
}

function updateComment({ state, addresses, request, key, docs }: Call): RestAnswer {
  const comment = state.comment(Number(key));
  if (comment === undefined) return problem(404, "Not Found", docs);
  const body = readBody(request.text, docs);
  if (typeof body !== "string") return body;
  return { status: 200, body: commentJson(addresses, state.options, state.editComment(comment, body)) };
}

function deleteComment({ state, key, docs }: Call): RestAnswer {
  if (state.comment(Number(key)) === undefined) return problem(404, "Not Found", docs);
  state.removeComment(Number(key));
  return { status: 204, body: undefined };
}

/** Which page is asked for. GitHub's links to the others name the repository by its ID. */
function pageOf({ state, addresses, request }: Call): PageRequest {
  const inside = request.path.split("/").slice(4).join("/");
  return { query: request.query, url: `${addresses.apiUrl}/repositories/${state.options.repositoryId}/${inside}` };
}
