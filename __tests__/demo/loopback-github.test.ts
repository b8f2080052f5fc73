import { getOctokit } from "@actions/github";
import { afterEach, describe, expect, test } from "vitest";
import type { LoopbackGithubOptions } from "../../src/demo/github/state.js";
import { contractViolations } from "../contract/github-contract.js";
import { isObject } from "../contract/openapi-schema.js";
import { startGithub, type TestGithub } from "../support/github.js";

const HEAD = "ec26c3e57ca3a959ca5aad62de7213c562f8c821";
const REPO = { owner: "Codertocat", repo: "Hello-World" };
const ISSUE = { ...REPO, issue_number: 2 };
const COMMENTS = "/repos/Codertocat/Hello-World/issues/2/comments";

const started: TestGithub[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map(({ github }) => github.close()));
});

/** A GitHub with pull request 2, and the octokit that an action would get. */
async function setUp(options: Partial<LoopbackGithubOptions> = {}, token = "ghs_loopback") {
  const { github, violations } = await startGithub(options);
  started.push({ github, violations });
  github.addPullRequest({ number: 2, headSha: HEAD, headRef: "changes", baseRef: "main" });
  const rest = getOctokit(token, { baseUrl: github.apiUrl });
  return { github, violations, octokit: rest, issues: rest.rest.issues };
}

/** What octokit rejects with, reduced to what GitHub said. */
function refusal(status: number, message: string | RegExp) {
  return { status, message: typeof message === "string" ? expect.stringContaining(message) : message };
}

describe("comments", () => {
  test("are created, read, updated and deleted by the token's account", async () => {
    const { github, violations, issues } = await setUp({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
    const created = await issues.createComment({ ...ISSUE, body: "first" });
    expect(created.status).toBe(201);
    expect(created.data.html_url).toBe(
      `${github.serverUrl}/Codertocat/Hello-World/pull/2#issuecomment-${created.data.id}`,
    );
    expect(created.headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "x-github-request-id": expect.any(String),
      "x-ratelimit-remaining": "999",
      location: created.data.url,
    });
    const updated = await issues.updateComment({ ...REPO, comment_id: created.data.id, body: "second" });
    expect(updated.data.body).toBe("second");
    expect((await issues.getComment({ ...REPO, comment_id: created.data.id })).data).toEqual(updated.data);
    const time = "2026-01-02T03:04:05Z";
    expect(github.comments(2)).toEqual([
      {
        id: created.data.id,
        body: "second",
        user: { login: "github-actions[bot]", type: "Bot" },
        created_at: time,
        updated_at: time,
      },
    ]);
    expect((await issues.deleteComment({ ...REPO, comment_id: created.data.id })).status).toBe(204);
    expect(github.comments(2)).toEqual([]);
    await expect(issues.getComment({ ...REPO, comment_id: created.data.id })).rejects.toMatchObject(
      refusal(404, "Not Found"),
    );
    expect(github.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
      "POST 201",
      "PATCH 200",
      "GET 200",
      "DELETE 204",
      "GET 404",
    ]);
    expect(github.requests[0]).toMatchObject({ path: COMMENTS, body: { body: "first" } });
    expect(github.requests[0]?.headers.authorization).toBe("token ghs_loopback");
    expect(violations).toEqual([]);
  });

  test("are listed page by page, oldest first, and the links lead from one page to the next", async () => {
    const { github, violations, octokit, issues } = await setUp();
    const ids = Array.from({ length: 250 }, (_, index) => github.addComment(2, `comment ${index}`, "octocat"));
    const all = await octokit.paginate(issues.listComments, { ...ISSUE, per_page: 100 });
    expect(all.map(({ id }) => id)).toEqual(ids);
    expect(all[0]?.user).toMatchObject({ login: "octocat", type: "User" });
    expect(github.requests.map(({ path, query }) => [path, query.page])).toEqual([
      [COMMENTS, undefined],
      [COMMENTS, "2"],
      [COMMENTS, "3"],
    ]);
    const middle = await issues.listComments({ ...ISSUE, per_page: 100, page: 2 });
    const relations = [...(middle.headers.link ?? "").matchAll(/page=(\d)>; rel="(\w+)"/g)];
    expect(relations.map(([, page, relation]) => `${relation} ${page}`)).toEqual([
      "prev 1",
      "next 3",
      "last 3",
      "first 1",
    ]);
    expect((await issues.listComments(ISSUE)).data).toHaveLength(30);
    expect(violations).toEqual([]);
    expect((await issues.listComments({ ...ISSUE, per_page: 500 })).data).toHaveLength(100);
    expect(violations).toEqual([expect.stringContaining("per_page is over 100")]);
  });

  test("may have 65,536 characters and no more", async () => {
    const { github, violations, issues } = await setUp();
    const { data } = await issues.createComment({ ...ISSUE, body: "x".repeat(65_536) });
    const body = "é".repeat(65_537);
    const tooLong = refusal(422, "Body is too long (maximum is 65536 characters)");
    await expect(issues.createComment({ ...ISSUE, body })).rejects.toMatchObject(tooLong);
    await expect(issues.updateComment({ ...REPO, comment_id: data.id, body })).rejects.toMatchObject(tooLong);
    await expect(issues.createComment({ ...ISSUE, body: "" })).rejects.toMatchObject(
      refusal(422, "Body can't be blank"),
    );
    expect(github.comments(2)).toHaveLength(1);
    expect(violations).toEqual([]);
  });

  test.each([
    ["nothing", {}, '"body" wasn\'t supplied', ": must be object"],
    ["no body", { text: "x" }, '"body" wasn\'t supplied', ": must have required property 'body'"],
    ["a number as body", { body: 7 }, "7 is not a string", "/body: must be string"],
  ])("with %s are refused, and break the contract", async (_, sent, message, violation) => {
    const { violations, octokit } = await setUp();
    await expect(octokit.request(`POST ${COMMENTS}`, sent)).rejects.toMatchObject(refusal(422, message));
    expect(violations).toEqual([`POST ${COMMENTS}: request body${violation}`]);
  });

  test("on a locked or unknown pull request are refused", async () => {
    const { github, violations, issues } = await setUp();
    github.addPullRequest({ number: 3, headSha: HEAD, headRef: "changes", baseRef: "main", locked: true });
    await expect(issues.createComment({ ...ISSUE, issue_number: 3, body: "x" })).rejects.toMatchObject(
      refusal(403, "issue is locked"),
    );
    for (const attempt of [
      () => issues.createComment({ ...ISSUE, issue_number: 9, body: "x" }),
      () => issues.updateComment({ ...REPO, comment_id: 9, body: "x" }),
      () => issues.deleteComment({ ...REPO, comment_id: 9 }),
      () => issues.listComments({ ...ISSUE, repo: "other" }),
    ]) {
      await expect(attempt()).rejects.toMatchObject(refusal(404, "Not Found"));
    }
    expect(violations).toEqual([]);
  });
});

describe("permissions", () => {
  test.each([
    ["read", "public"],
    ["none", "private"],
  ] as const)("pull-requests: %s in a %s repository writes nothing", async (access, visibility) => {
    const { github, violations, issues, octokit } = await setUp({
      permissions: { "pull-requests": access },
      visibility,
    });
    const id = github.addComment(2, "by somebody", "octocat");
    const denied = refusal(403, "Resource not accessible by integration");
    await expect(issues.createComment({ ...ISSUE, body: "x" })).rejects.toMatchObject(denied);
    await expect(issues.updateComment({ ...REPO, comment_id: id, body: "x" })).rejects.toMatchObject(denied);
    await expect(issues.deleteComment({ ...REPO, comment_id: id })).rejects.toMatchObject(denied);
    const list = issues.listComments(ISSUE);
    if (access === "read") expect((await list).data).toHaveLength(1);
    else await expect(list).rejects.toMatchObject(denied);
    expect((await octokit.rest.repos.get(REPO)).data.id).toBe(186853002);
    expect(github.comments(2)).toMatchObject([{ body: "by somebody" }]);
    expect(violations).toEqual([]);
  });

  test("issues: write covers comments, but not the pull request of a private repository", async () => {
    const { violations, octokit, issues } = await setUp({ permissions: { issues: "write" }, visibility: "private" });
    await issues.createComment({ ...ISSUE, body: "x" });
    await expect(octokit.rest.pulls.get({ ...REPO, pull_number: 2 })).rejects.toMatchObject({ status: 403 });
    expect(violations).toEqual([]);
  });

  test("a wrong token and none are told apart", async () => {
    const { github, violations, issues } = await setUp({}, "ghs_other");
    await expect(issues.listComments(ISSUE)).rejects.toMatchObject(refusal(401, "Bad credentials"));
    const anonymous = await fetch(`${github.apiUrl}${COMMENTS}`);
    expect([anonymous.status, await anonymous.json()]).toEqual([
      401,
      {
        message: "Requires authentication",
        documentation_url: "https://docs.github.com/rest",
        status: "401",
      },
    ]);
    expect(violations).toEqual([]);
  });

  test("only a person's token may ask who it belongs to", async () => {
    const bot = await setUp();
    await expect(bot.octokit.rest.users.getAuthenticated()).rejects.toMatchObject(
      refusal(403, "Resource not accessible by integration"),
    );
    const person = await setUp({ userToken: true, login: "hubot" });
    expect((await person.octokit.rest.users.getAuthenticated()).data).toMatchObject({ login: "hubot", type: "User" });
    await person.issues.createComment({ ...ISSUE, body: "x" });
    expect(person.github.comments(2)).toMatchObject([{ user: { login: "hubot", type: "User" } }]);
    expect([...bot.violations, ...person.violations]).toEqual([]);
  });
});

describe("pull requests", () => {
  test("are found by their commits, open and merged ones only", async () => {
    const { github, violations, octokit } = await setUp();
    const pull = { headSha: HEAD, headRef: "changes", baseRef: "main" };
    const earlier = "a".repeat(40);
    github.addPullRequest({ ...pull, number: 3, state: "closed" });
    github.addPullRequest({ ...pull, number: 4, state: "merged", mergeCommitSha: "b".repeat(40), commits: [earlier] });
    const numbers = async (commit_sha: string) => {
      const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...REPO, commit_sha });
      return data.map(({ number, state }) => `${number} ${state}`);
    };
    expect(await numbers(HEAD)).toEqual(["2 open", "4 closed"]);
    expect(await numbers(earlier)).toEqual(["4 closed"]);
    expect(await numbers("b".repeat(40))).toEqual(["4 closed"]);
    expect(await numbers("c".repeat(40))).toEqual([]);
    await expect(numbers("main")).rejects.toMatchObject(refusal(422, "No commit found for SHA: main"));
    expect(violations).toEqual([]);
  });

  test("tell forks, deleted forks, labels and merges", async () => {
    const { github, violations, octokit } = await setUp();
    const pull = { headSha: HEAD, headRef: "changes", baseRef: "main" };
    github.addPullRequest({ ...pull, number: 5, headRepository: { id: 77, owner: "stranger" }, labels: ["accepted"] });
    github.addPullRequest({ ...pull, number: 6, headRepository: null, state: "merged" });
    const get = async (pull_number: number) => (await octokit.rest.pulls.get({ ...REPO, pull_number })).data;
    expect(await get(2)).toMatchObject({ merged: false, head: { sha: HEAD, repo: { id: 186853002, fork: false } } });
    expect(await get(5)).toMatchObject({
      head: { label: "stranger:changes", repo: { id: 77, fork: true } },
      base: { ref: "main", repo: { id: 186853002 } },
      labels: [{ name: "accepted" }],
    });
    expect(await get(6)).toMatchObject({ merged: true, state: "closed", head: { repo: null } });
    expect(violations).toEqual([]);
  });
});

describe("failNext", () => {
  test("gives the next matching request another answer, once", async () => {
    const { github, violations, issues } = await setUp();
    github.failNext({ method: "POST", path: /\/comments$/ }, { status: 502, body: "<html>Bad Gateway</html>" });
    github.failNext({ path: COMMENTS }, { status: 429, body: { message: "slow" }, headers: { "retry-after": "60" } });
    await expect(issues.createComment({ ...ISSUE, body: "x" })).rejects.toMatchObject({
      status: 502,
      response: { headers: { "content-type": "text/html; charset=utf-8" } },
    });
    await expect(issues.listComments(ISSUE)).rejects.toMatchObject({
      status: 429,
      response: { headers: { "retry-after": "60" } },
    });
    await issues.createComment({ ...ISSUE, body: "x" });
    expect(github.requests.map(({ status, injected }) => [status, injected])).toEqual([
      [502, true],
      [429, true],
      [201, false],
    ]);
    expect(github.comments(2)).toHaveLength(1);
    expect(violations).toEqual([]);
  });

  test("cuts the connection before or after the request took effect", async () => {
    const { github, violations, issues } = await setUp();
    github.failNext({}, { connection: "reset" });
    await expect(issues.createComment({ ...ISSUE, body: "x" })).rejects.toThrow();
    expect(github.comments(2)).toHaveLength(0);
    github.failNext({}, { connection: "reset", applied: true });
    await expect(issues.createComment({ ...ISSUE, body: "x" })).rejects.toThrow();
    expect(github.comments(2)).toHaveLength(1);
    expect(github.requests.map(({ status }) => status)).toEqual(["reset", "reset"]);
    expect(violations).toEqual([]);
  });

  test("leaves a request without any answer until the caller gives up", async () => {
    const { github, issues } = await setUp();
    github.failNext({}, { connection: "stalled" });
    const request = { signal: AbortSignal.timeout(50) };
    await expect(issues.listComments({ ...ISSUE, request })).rejects.toThrow();
    expect(github.requests).toMatchObject([{ status: "stalled" }]);
  });
});

describe("the contract", () => {
  test("finds what is wrong with an answer", async () => {
    const { github, violations, issues } = await setUp();
    await issues.createComment({ ...ISSUE, body: "x" });
    expect(violations).toEqual([]);
    const [exchange] = github.requests;
    if (!isObject(exchange?.response)) throw new Error("Nothing was answered.");
    const response = { ...exchange.response, id: "7", user: null, created_at: "yesterday", url: undefined };
    expect(contractViolations({ ...exchange, response })).toEqual([
      expect.stringContaining("answer 201: must have required property 'url'"),
      expect.stringContaining("/created_at: must match format"),
      expect.stringContaining("/id: must be integer"),
    ]);
    expect(contractViolations({ ...exchange, status: 202 })).toEqual([
      expect.stringContaining("202 is not documented"),
    ]);
    expect(contractViolations({ ...exchange, status: 503, response: { message: "?" } })).toEqual([
      expect.stringContaining("answer 503 has no documentation_url"),
    ]);
  });

  test("knows the gate's operations and no others", async () => {
    const { violations, octokit } = await setUp();
    await expect(octokit.request("GET /rate_limit")).rejects.toMatchObject({ status: 404 });
    await expect(octokit.request(`GET ${COMMENTS}?sort=created`)).resolves.toMatchObject({ status: 200 });
    expect(violations).toEqual([
      "GET /rate_limit: no operation of the contract",
      `GET ${COMMENTS}: unknown query parameter sort`,
    ]);
  });
});
