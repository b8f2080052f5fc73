export const id = 182;
export const ids = [182];
export const modules = {

/***/ 2182:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runDemo: () => (/* binding */ runDemo)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:url"
var external_node_url_ = __webpack_require__(3136);
// EXTERNAL MODULE: ./lib/adapters/mlflow/toolchain/toolchain.js
var toolchain_toolchain = __webpack_require__(5599);
// EXTERNAL MODULE: ./lib/adapters/mlflow/tracking-server/embedded-server.js
var embedded_server = __webpack_require__(2);
// EXTERNAL MODULE: ./lib/adapters/process/output.js + 1 modules
var process_output = __webpack_require__(1441);
// EXTERNAL MODULE: ./lib/adapters/process/supervise.js + 1 modules
var supervise = __webpack_require__(1030);
// EXTERNAL MODULE: ./lib/adapters/process/which.js
var which = __webpack_require__(8923);
// EXTERNAL MODULE: ./lib/core/gate-error.js
var gate_error = __webpack_require__(3116);
// EXTERNAL MODULE: ./lib/on-cancel.js
var on_cancel = __webpack_require__(4521);
// EXTERNAL MODULE: ./lib/terminal-log.js
var terminal_log = __webpack_require__(5116);
// EXTERNAL MODULE: ./lib/toolchain-cache.js
var toolchain_cache = __webpack_require__(3867);
// EXTERNAL MODULE: ./lib/adapters/process/command.js
var command = __webpack_require__(879);
;// CONCATENATED MODULE: ./lib/demo/demo-repository.js



/** Folder of the project in the demo's repository. */
const PROJECT = "wine-quality";
const CONFIGURATION = `version: 1
projects:
  - name: wine-quality
    path: ${PROJECT}
    experiment: wine-quality
    labels: { run_origin: repro-gate }
`;
const CHANGES = [
    {
        number: 1,
        branch: "tidy-up",
        title: "Name the share of held-out rows",
        outcome: "reproduced",
        edits: [
            ["SEED = 2019\n", "SEED = 2019\nTEST_SIZE = 0.30\n"],
            ["test_size=0.30", "test_size=TEST_SIZE"],
        ],
    },
    {
        number: 2,
        branch: "bigger-test-set",
        title: "Hold out more rows",
        outcome: "diverged",
        edits: [["test_size=0.30", "test_size=0.35"]],
    },
];
/** A repository on this machine with the example project on `main`, as a user's would be. */
class DemoRepository {
    folder;
    #git;
    #env;
    constructor(folder, git, env) {
        this.folder = folder;
        this.#git = git;
        this.#env = env;
    }
    /** @param data another table for the training, undefined for the example's own */
    static async create(folder, git, env, example, data) {
        const identity = { NAME: "demo", EMAIL: "demo@localhost", DATE: "" };
        const author = Object.entries(identity).flatMap(([key, value]) => value === "" ? [] : [[`GIT_AUTHOR_${key}`, value], [`GIT_COMMITTER_${key}`, value]]);
        const repository = new DemoRepository(folder, git, { ...env, ...Object.fromEntries(author) });
        await (0,promises_.mkdir)((0,external_node_path_.join)(folder, ".github"), { recursive: true });
        await (0,promises_.cp)(example, (0,external_node_path_.join)(folder, PROJECT), { recursive: true });
        if (data !== undefined)
            await (0,promises_.copyFile)(data, (0,external_node_path_.join)(folder, PROJECT, "data", "wine-quality-white.csv"));
        await (0,promises_.writeFile)((0,external_node_path_.join)(folder, ".github", "repro-gate.yml"), CONFIGURATION);
        await repository.#run("init", "--quiet", "--initial-branch=main");
        await repository.#run("add", "--all");
        await repository.#run("commit", "--quiet", "--message=Wine quality: a decision tree");
        return repository;
    }
    /** The commit of `main`. */
    main() {
        return this.#run("rev-parse", "main");
    }
    /** Commits a change on a branch of its own and merges it on trial, as GitHub does for a pull request. */
    async open(change) {
        await this.#run("checkout", "--quiet", "-b", change.branch, "main");
        const file = (0,external_node_path_.join)(this.folder, PROJECT, "train.py");
        let text = await (0,promises_.readFile)(file, "utf8");
        for (const [before, after] of change.edits) {
            if (!text.includes(before))
                throw new Error(`The example has no ${JSON.stringify(before)} to change.`);
            text = text.replace(before, after);
        }
        await (0,promises_.writeFile)(file, text);
        await this.#run("commit", "--quiet", "--all", `--message=${change.title}`);
        const head = await this.#run("rev-parse", "HEAD");
        await this.#run("checkout", "--quiet", "--detach", "main");
        await this.#run("merge", "--quiet", "--no-ff", "--message=Merge", head);
        const merge = await this.#run("rev-parse", "HEAD");
        await this.#run("update-ref", `refs/pull/${change.number}/merge`, merge);
        await this.#run("checkout", "--quiet", "main");
        return { head, merge, base: await this.main() };
    }
    /** A checkout like that of actions/checkout with `fetch-depth: 0`. */
    async checkout(commit, folder) {
        await this.#run("clone", "--quiet", "--no-checkout", this.folder, folder);
        await this.#in(folder, "fetch", "--quiet", "origin", "+refs/*:refs/remotes/origin/all/*");
        await this.#in(folder, "checkout", "--quiet", "--detach", commit);
    }
    #run(...args) {
        return this.#in(this.folder, ...args);
    }
    async #in(folder, ...args) {
        const { exitCode, stdout, stderr } = await (0,command/* run */.e)(this.#git, args, { cwd: folder, env: this.#env });
        if (exitCode !== 0)
            throw new Error(`git ${args[0]} failed: ${stderr.trim()}`);
        return stdout.trim();
    }
}

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
;// CONCATENATED MODULE: ./lib/demo/github/answers.js
const MAX_BODY_CHARACTERS = 65_536;
/** The text of a comment, or why it is refused. Characters are code points here; GitHub does not say what it counts. */
function readBody(text, docs) {
    let sent;
    try {
        sent = text === "" ? {} : JSON.parse(text);
    }
    catch {
        return problem(400, "Problems parsing JSON", docs);
    }
    if (typeof sent !== "object" || sent === null || Array.isArray(sent)) {
        return problem(400, "Body should be a JSON object", docs);
    }
    if (!("body" in sent))
        return problem(422, 'Invalid request.\n\n"body" wasn\'t supplied.', docs);
    const { body } = sent;
    if (typeof body !== "string") {
        return problem(422, `Invalid request.\n\nFor 'properties/body', ${JSON.stringify(body)} is not a string.`, docs);
    }
    if (body.trim() === "")
        return invalid("Body can't be blank", docs);
    if ([...body].length > MAX_BODY_CHARACTERS) {
        return invalid(`Body is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`, docs);
    }
    return body;
}
/** A refusal; `docs` names the page that explains the endpoint, "rest" when no endpoint was reached. */
function problem(status, message, docs, errors) {
    const documentation_url = `https://docs.github.com/${docs === "rest" ? docs : `rest/${docs}`}`;
    return { status, body: { message, ...(errors && { errors }), documentation_url, status: String(status) } };
}
function invalid(message, docs) {
    const error = { resource: "IssueComment", code: "unprocessable", field: "data", message };
    return problem(422, "Validation Failed", docs, [error]);
}
/** One page of a list, with links to the others. */
function page({ query, url }, items) {
    const size = Math.min(positive(query.get("per_page"), 30), 100);
    const current = positive(query.get("page"), 1);
    const last = Math.max(Math.ceil(items.length / size), 1);
    const link = (relation, number) => {
        const other = new URLSearchParams(query);
        other.set("page", String(number));
        return `<${url}?${other}>; rel="${relation}"`;
    };
    const links = [
        ...(current > 1 ? [link("prev", Math.min(current - 1, last))] : []),
        ...(current < last ? [link("next", current + 1), link("last", last)] : []),
        ...(current > 1 ? [link("first", 1)] : []),
    ];
    const body = items.slice((current - 1) * size, current * size);
    return { status: 200, body, ...(links.length > 0 && { headers: { link: links.join(", ") } }) };
}
/** A positive integer of the query, GitHub's default for anything else. */
function positive(text, otherwise) {
    return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : otherwise;
}

;// CONCATENATED MODULE: ./lib/demo/github/state.js
/** What the loopback GitHub knows: one repository with its pull requests and their comments. */
const ACTIONS_BOT = { login: "github-actions[bot]", id: 41898282, type: "Bot" };
/** The account of this name, with the same ID each time. */
function account(login, type) {
    if (login === ACTIONS_BOT.login)
        return ACTIONS_BOT;
    const id = [...login].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 90_000_000, 7);
    return { login, id: id + 1000, type };
}
/** The repository; identifiers ascend, times have whole seconds, as on GitHub. */
class RepositoryState {
    options;
    /** Whoever the token belongs to. */
    self;
    pullRequests = new Map();
    #comments = [];
    #nextCommentId = 1_800_000_001;
    constructor(options) {
        this.options = options;
        this.self = account(options.login ?? ACTIONS_BOT.login, options.userToken === true ? "User" : "Bot");
    }
    /** Adds a pull request, or replaces the one of this number: somebody pushed, closed or labelled. */
    addPullRequest(pull) {
        const now = this.time();
        const createdAt = this.pullRequests.get(pull.number)?.createdAt ?? now;
        this.pullRequests.set(pull.number, { ...pull, createdAt, updatedAt: now });
    }
    /** Open and merged pull requests that a commit belongs to: GitHub leaves out those closed without a merge. */
    pullRequestsOf(sha) {
        return [...this.pullRequests.values()].filter((pull) => pull.state !== "closed" && [pull.headSha, pull.mergeCommitSha, ...(pull.commits ?? [])].includes(sha));
    }
    comments(issue) {
        return this.#comments.filter((comment) => comment.issue === issue);
    }
    comment(id) {
        return this.#comments.find((comment) => comment.id === id);
    }
    addComment(issue, body, author) {
        const now = this.time();
        const comment = { id: this.#nextCommentId++, issue, body, author, createdAt: now, updatedAt: now };
        this.#comments.push(comment);
        return comment;
    }
    editComment(comment, body) {
        const edited = { ...comment, body, updatedAt: this.time() };
        this.#comments = this.#comments.map((other) => (other.id === comment.id ? edited : other));
        return edited;
    }
    removeComment(id) {
        this.#comments = this.#comments.filter((comment) => comment.id !== id);
    }
    /** Milliseconds since the epoch. */
    now() {
        return this.options.now?.() ?? Date.now();
    }
    /** Now, as GitHub writes it. */
    time() {
        return new Date(this.now()).toISOString().replace(/\.\d+Z$/, "Z");
    }
}

;// CONCATENATED MODULE: ./lib/demo/github/documents.js

/** Links of a repository, as GitHub spells their templates. */
const REPOSITORY_LINKS = {
    archive: "/{archive_format}{/ref}",
    assignees: "/assignees{/user}",
    blobs: "/git/blobs{/sha}",
    branches: "/branches{/branch}",
    collaborators: "/collaborators{/collaborator}",
    comments: "/comments{/number}",
    commits: "/commits{/sha}",
    compare: "/compare/{base}...{head}",
    contents: "/contents/{+path}",
    contributors: "/contributors",
    deployments: "/deployments",
    downloads: "/downloads",
    events: "/events",
    forks: "/forks",
    git_commits: "/git/commits{/sha}",
    git_refs: "/git/refs{/sha}",
    git_tags: "/git/tags{/sha}",
    hooks: "/hooks",
    issue_comment: "/issues/comments{/number}",
    issue_events: "/issues/events{/number}",
    issues: "/issues{/number}",
    keys: "/keys{/key_id}",
    labels: "/labels{/name}",
    languages: "/languages",
    merges: "/merges",
    milestones: "/milestones{/number}",
    notifications: "/notifications{?since,all,participating}",
    pulls: "/pulls{/number}",
    releases: "/releases{/id}",
    stargazers: "/stargazers",
    statuses: "/statuses/{sha}",
    subscribers: "/subscribers",
    subscription: "/subscription",
    tags: "/tags",
    teams: "/teams",
    trees: "/git/trees{/sha}",
};
const ACCOUNT_LINKS = {
    events: "/events{/privacy}",
    followers: "/followers",
    following: "/following{/other_user}",
    gists: "/gists{/gist_id}",
    organizations: "/orgs",
    received_events: "/received_events",
    repos: "/repos",
    starred: "/starred{/owner}{/repo}",
    subscriptions: "/subscriptions",
};
const BORN = "2019-05-15T15:19:25Z";
/** An identifier for GraphQL: opaque, with the kind in front. */
const nodeId = (kind, id) => `${kind}_${Buffer.from(String(id)).toString("base64url")}`;
function links(templates, url) {
    return Object.fromEntries(Object.entries(templates).map(([name, path]) => [`${name}_url`, `${url}${path}`]));
}
/** Somebody, where other documents mention them. */
function accountJson({ apiUrl, serverUrl }, { login, id, type }) {
    const url = `${apiUrl}/users/${encodeURIComponent(login)}`;
    return {
        login,
        id,
        node_id: nodeId(type === "Bot" ? "BOT" : "U", id),
        avatar_url: `${serverUrl}/avatars/${id}?v=4`,
        gravatar_id: "",
        url,
        html_url: type === "Bot" ? `${serverUrl}/apps/${login.replace("[bot]", "")}` : `${serverUrl}/${login}`,
        ...links(ACCOUNT_LINKS, url),
        type,
        user_view_type: "public",
        site_admin: false,
    };
}
/** Somebody's public profile. */
function profileJson(addresses, person) {
    const unknown = { name: null, company: null, location: null, email: null, hireable: null, bio: null };
    const counts = { public_repos: 1, public_gists: 0, followers: 0, following: 0 };
    return {
        ...accountJson(addresses, person),
        ...unknown,
        blog: "",
        ...counts,
        created_at: BORN,
        updated_at: BORN,
    };
}
/** A repository, either the one served or a fork of it. */
function repositoryJson(addresses, options, fork) {
    const owner = account(fork?.owner ?? options.owner, fork === undefined ? "Organization" : "User");
    const fullName = `${owner.login}/${options.repository}`;
    const id = fork?.id ?? options.repositoryId;
    const url = `${addresses.apiUrl}/repos/${fullName}`;
    const htmlUrl = `${addresses.serverUrl}/${fullName}`;
    const visibility = options.visibility ?? "public";
    return {
        id,
        node_id: nodeId("R", id),
        name: options.repository,
        full_name: fullName,
        private: visibility === "private",
        visibility,
        owner: accountJson(addresses, owner),
        url,
        html_url: htmlUrl,
        ...links(REPOSITORY_LINKS, url),
        git_url: `git:${htmlUrl.replace(/^\w+:/, "")}.git`,
        ssh_url: `git@${new URL(htmlUrl).hostname}:${fullName}.git`,
        clone_url: `${htmlUrl}.git`,
        svn_url: htmlUrl,
        ...{ description: null, homepage: null, language: "Python", mirror_url: null, license: null, topics: [] },
        ...{ fork: fork !== undefined, archived: false, disabled: false, is_template: false },
        ...{ has_issues: true, has_projects: true, has_downloads: true, has_wiki: true, has_pages: false },
        ...{ has_discussions: false, allow_forking: true, web_commit_signoff_required: false },
        ...{ size: 0, forks: 0, forks_count: 0, stargazers_count: 0, watchers: 0, watchers_count: 0 },
        ...{ open_issues: 0, open_issues_count: 0, network_count: 0, subscribers_count: 0 },
        ...{ created_at: BORN, updated_at: BORN, pushed_at: BORN },
        default_branch: options.defaultBranch ?? "main",
    };
}
/** A comment of a pull request; pull requests are issues here, as on GitHub. */
function commentJson(addresses, { owner, repository }, comment) {
    const { id, issue, author, body, createdAt, updatedAt } = comment;
    const url = `${addresses.apiUrl}/repos/${owner}/${repository}/issues`;
    return {
        url: `${url}/comments/${id}`,
        html_url: `${addresses.serverUrl}/${owner}/${repository}/pull/${issue}#issuecomment-${id}`,
        issue_url: `${url}/${issue}`,
        id,
        node_id: nodeId("IC", id),
        user: accountJson(addresses, author),
        created_at: createdAt,
        updated_at: updatedAt,
        author_association: author.type === "Bot" ? "NONE" : "CONTRIBUTOR",
        body,
        performed_via_github_app: null,
    };
}

;// CONCATENATED MODULE: ./lib/demo/github/pull-request-documents.js


/** Who opens pull requests here, and whose fork it was when it is gone. */
const CONTRIBUTOR = "octocat";
/** A pull request in a list. */
function pullRequestJson(addresses, { options }, pull) {
    const repo = `${addresses.apiUrl}/repos/${options.owner}/${options.repository}`;
    const url = `${repo}/pulls/${pull.number}`;
    const issueUrl = `${repo}/issues/${pull.number}`;
    const htmlUrl = `${addresses.serverUrl}/${options.owner}/${options.repository}/pull/${pull.number}`;
    const statusesUrl = `${repo}/statuses/${pull.headSha}`;
    const closedAt = pull.state === "closed" || pull.state === "merged" ? pull.updatedAt : null;
    const headOwner = pull.headRepository === null ? CONTRIBUTOR : (pull.headRepository?.owner ?? options.owner);
    const headRepository = pull.headRepository === null ? null : repositoryJson(addresses, options, pull.headRepository ?? undefined);
    const side = (owner, ref, sha) => {
        const type = owner === options.owner ? "Organization" : "User";
        return { label: `${owner}:${ref}`, ref, sha, user: accountJson(addresses, account(owner, type)) };
    };
    const label = (name, index) => {
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
function wholePullRequestJson(addresses, state, pull) {
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

;// CONCATENATED MODULE: ./lib/demo/github/endpoints.js



const ENDPOINTS = [
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
function answerRest(state, addresses, request) {
    const { options, self } = state;
    if (request.authorization === undefined)
        return problem(401, "Requires authentication", "rest");
    if (!["token", "Bearer"].some((scheme) => request.authorization === `${scheme} ${options.token}`)) {
        return problem(401, "Bad credentials", "rest");
    }
    if (request.path === "/user" && request.method === "GET") {
        const docs = "users/users#get-the-authenticated-user";
        if (options.userToken === true)
            return { status: 200, body: profileJson(addresses, self) };
        return problem(403, "Resource not accessible by integration", docs);
    }
    const base = `/repos/${options.owner}/${options.repository}`;
    const inside = request.path.slice(base.length);
    if (request.path.slice(0, base.length).toLowerCase() !== base.toLowerCase())
        return problem(404, "Not Found", "rest");
    for (const { method, path, docs, answer } of ENDPOINTS) {
        const match = method === request.method ? path.exec(inside) : null;
        if (match === null)
            continue;
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
function mayUse({ options }, method, inside) {
    const { permissions } = options;
    const granted = [permissions["pull-requests"], inside.startsWith("/issues/") ? permissions.issues : undefined];
    if (method !== "GET")
        return granted.includes("write");
    const open = options.visibility !== "private" || inside === "";
    return open || granted.includes("read") || granted.includes("write");
}
function getRepository({ state, addresses }) {
    return { status: 200, body: repositoryJson(addresses, state.options) };
}
/** Every well-formed commit is known here, since commits without pull requests are not told to the double. */
function listPullRequestsOfCommit(call) {
    const { state, addresses, key: sha, docs } = call;
    if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(sha))
        return problem(422, `No commit found for SHA: ${sha}`, docs);
    return page(pageOf(call), state.pullRequestsOf(sha).map((pull) => pullRequestJson(addresses, state, pull)));
}
function getPullRequest({ state, addresses, key, docs }) {
    const pull = state.pullRequests.get(Number(key));
    if (pull === undefined)
        return problem(404, "Not Found", docs);
    return { status: 200, body: wholePullRequestJson(addresses, state, pull) };
}
function listComments(call) {
    const { state, addresses, request, key, docs } = call;
    if (!state.pullRequests.has(Number(key)))
        return problem(404, "Not Found", docs);
    const since = request.query.get("since") ?? "";
    const comments = state.comments(Number(key)).filter(({ updatedAt }) => updatedAt >= since);
    return page(pageOf(call), comments.map((comment) => commentJson(addresses, state.options, comment)));
}
function createComment({ state, addresses, request, key, docs }) {
    const pull = state.pullRequests.get(Number(key));
    if (pull === undefined)
        return problem(404, "Not Found", docs);
    if (pull.locked === true)
        return problem(403, "Unable to create comment because issue is locked.", docs);
    const body = readBody(request.text, docs);
    if (typeof body !== "string")
        return body;
    const comment = state.addComment(pull.number, body, state.self);
    const json = commentJson(addresses, state.options, comment);
    return { status: 201, body: json, headers: { location: json.url } };
}
function getComment({ state, addresses, key, docs }) {
    const comment = state.comment(Number(key));
    if (comment === undefined)
        return problem(404, "Not Found", docs);
    return { status: 200, body: commentJson(addresses, state.options, comment) };
}
function updateComment({ state, addresses, request, key, docs }) {
    const comment = state.comment(Number(key));
    if (comment === undefined)
        return problem(404, "Not Found", docs);
    const body = readBody(request.text, docs);
    if (typeof body !== "string")
        return body;
    return { status: 200, body: commentJson(addresses, state.options, state.editComment(comment, body)) };
}
function deleteComment({ state, key, docs }) {
    if (state.comment(Number(key)) === undefined)
        return problem(404, "Not Found", docs);
    state.removeComment(Number(key));
    return { status: 204, body: undefined };
}
/** Which page is asked for. GitHub's links to the others name the repository by its ID. */
function pageOf({ state, addresses, request }) {
    const inside = request.path.split("/").slice(4).join("/");
    return { query: request.query, url: `${addresses.apiUrl}/repositories/${state.options.repositoryId}/${inside}` };
}

;// CONCATENATED MODULE: ./lib/demo/github/failures.js
/** Failures that wait for their request. */
class FailureQueue {
    #waiting = [];
    add(matcher, failure) {
        this.#waiting.push({ matcher, failure });
    }
    /** The oldest failure that waits for such a request; it waits no longer. */
    take(method, path) {
        const index = this.#waiting.findIndex(({ matcher }) => {
            if (matcher.method !== undefined && matcher.method !== method)
                return false;
            if (matcher.path === undefined)
                return true;
            return typeof matcher.path === "string" ? matcher.path === path : path.search(matcher.path) >= 0;
        });
        return index < 0 ? undefined : this.#waiting.splice(index, 1)[0]?.failure;
    }
}

;// CONCATENATED MODULE: ./lib/demo/loopback-github.js




const API_PATH = "/api/v3";
/**
 * GitHub's REST API for one repository, on this machine's loopback: what the gate calls, with state, permissions,
 * pages and limits. For the `demo`, which must not need an account, and for the tests, which must not need a network.
 */
class LoopbackGithub {
    /** Every request in the order of its arrival. */
    requests = [];
    #server;
    #state;
    #failures = new FailureQueue();
    #onRequest;
    #addresses = { apiUrl: "", serverUrl: "" };
    constructor(options, onRequest) {
        this.#onRequest = onRequest;
        this.#state = new RepositoryState(options);
        this.#server = (0,external_node_http_.createServer)((incoming, outgoing) => {
            // Only a mistake in this double, or in `onRequest`, ends here: say it where the caller looks.
            this.#handle(incoming, outgoing).catch((error) => outgoing.writeHead(500).end(String(error)));
        });
    }
    /**
     * Listens on a free port of 127.0.0.1.
     *
     * @param onRequest hears of every request before its answer is sent
     */
    static async start(options, onRequest) {
        const github = new LoopbackGithub(options, onRequest);
        const server = github.#server;
        await new Promise((resolve, reject) => {
            server.once("error", reject);
            server.listen(0, "127.0.0.1", resolve);
        });
        const address = server.address();
        if (address === null || typeof address === "string")
            throw new Error("The server listens on no port.");
        const serverUrl = `http://127.0.0.1:${address.port}`;
        github.#addresses = { serverUrl, apiUrl: `${serverUrl}${API_PATH}` };
        return github;
    }
    /** For `GITHUB_API_URL`. */
    get apiUrl() {
        return this.#addresses.apiUrl;
    }
    /** For `GITHUB_SERVER_URL`. */
    get serverUrl() {
        return this.#addresses.serverUrl;
    }
    /** Adds a pull request, or replaces the one of this number: somebody pushed, closed or labelled. */
    addPullRequest(pull) {
        this.#state.addPullRequest(pull);
    }
    /** The comments of a pull request, oldest first. */
    comments(number) {
        return this.#state.comments(number).map(({ id, body, author, createdAt, updatedAt }) => ({
            id,
            body,
            user: { login: author.login, type: author.type },
            created_at: createdAt,
            updated_at: updatedAt,
        }));
    }
    /** Comments as anybody, without a request; returns the comment's ID. */
    addComment(number, body, login, type = "User") {
        return this.#state.addComment(number, body, account(login, type)).id;
    }
    /** Somebody deletes a comment. */
    removeComment(id) {
        this.#state.removeComment(id);
    }
    /** The next request that matches gets this instead of its answer; called twice, the next two do. */
    failNext(matcher, failure) {
        this.#failures.add(matcher, failure);
    }
    /** Stops listening and cuts what is still open. */
    async close() {
        const closed = new Promise((resolve) => this.#server.close(() => resolve()));
        this.#server.closeAllConnections();
        await closed;
    }
    async #handle(incoming, outgoing) {
        const text = await readText(incoming);
        const url = new URL(incoming.url ?? "/", this.serverUrl);
        const method = incoming.method ?? "GET";
        const { owner, repository, repositoryId } = this.#state.options;
        const inApi = url.pathname.startsWith(`${API_PATH}/`);
        const byId = new RegExp(`^/repositories/${repositoryId}(?=/|$)`);
        const path = inApi
            ? url.pathname.slice(API_PATH.length).replace(byId, () => `/repos/${owner}/${repository}`)
            : url.pathname;
        const failure = this.#failures.take(method, path);
        const answer = () => answerRest(this.#state, this.#addresses, {
            method,
            path: inApi ? path : "",
            query: url.searchParams,
            authorization: incoming.headers.authorization,
            text,
        });
        const log = (status, response) => {
            const request = {
                method,
                path,
                query: Object.fromEntries(url.searchParams),
                headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
                body: text === "" ? undefined : parsed(text),
                status,
                response,
                injected: failure !== undefined,
            };
            this.requests.push(request);
            this.#onRequest?.(request);
        };
        if (failure?.applied === true)
            answer();
        if (failure !== undefined && "connection" in failure) {
            log(failure.connection, undefined);
            if (failure.connection === "reset")
                incoming.socket.resetAndDestroy();
            return;
        }
        const { status, body, headers } = failure === undefined ? answer() : { body: undefined, ...failure };
        log(status, body);
        this.#send(outgoing, { status, body, ...(headers && { headers }) });
    }
    #send(outgoing, { status, body, headers }) {
        const used = this.requests.length;
        const text = typeof body === "string" ? body : JSON.stringify(body);
        const type = typeof body === "string" ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
        outgoing.writeHead(status, {
            ...(text !== undefined && { "content-type": type, "content-length": Buffer.byteLength(text) }),
            "x-github-media-type": "github.v3; format=json",
            "x-github-request-id": `0DEM:${used.toString(16).toUpperCase().padStart(6, "0")}`,
            "x-ratelimit-limit": "1000",
            "x-ratelimit-remaining": String(Math.max(1000 - used, 0)),
            "x-ratelimit-used": String(used),
            "x-ratelimit-reset": String(Math.floor(this.#state.now() / 1000) + 3600),
            "x-ratelimit-resource": "core",
            ...headers,
        });
        outgoing.end(text);
    }
}
async function readText(incoming) {
    const chunks = [];
    for await (const chunk of incoming)
        chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString("utf8");
}
function parsed(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return text;
    }
}

;// CONCATENATED MODULE: ./lib/demo/runner.js



/** Runs `dist/main` as the runner would: inputs and context in the environment, results in files. */
async function runMain(step) {
    const { env, files } = await prepare(step);
    const log = [];
    const end = await (0,supervise/* supervise */.zD)({
        file: step.node,
        args: [(0,external_node_path_.join)(step.dist, "main", "index.js")],
        cwd: step.workspace,
        env,
        signal: step.signal,
        onStart: step.onStart,
        onLine: (line) => {
            log.push(line);
            step.onLine?.(line);
        },
    });
    const [outputs, state, summary] = await Promise.all([
        (0,promises_.readFile)(files.output, "utf8").then(parseCommandFile),
        (0,promises_.readFile)(files.state, "utf8").then(parseCommandFile),
        (0,promises_.readFile)(files.summary, "utf8"),
    ]);
    return { end, exitCode: end.exitCode ?? 1, outputs, summary, log, state };
}
/** Runs `dist/post` after a main step, with what that saved. */
async function runPost(step, state) {
    const { env } = await prepare(step);
    const saved = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
    return (0,supervise/* supervise */.zD)({
        file: step.node,
        args: [(0,external_node_path_.join)(step.dist, "post", "index.js")],
        cwd: step.workspace,
        env: { ...env, ...saved },
        onLine: step.onLine,
    });
}
async function prepare(step) {
    const temporary = (0,external_node_path_.join)(step.folder, "runner-temp");
    await (0,promises_.mkdir)(temporary, { recursive: true });
    const eventPath = (0,external_node_path_.join)(step.folder, "event.json");
    await (0,promises_.writeFile)(eventPath, JSON.stringify(step.event.payload));
    const files = {
        output: (0,external_node_path_.join)(step.folder, "output"),
        state: (0,external_node_path_.join)(step.folder, "state"),
        summary: (0,external_node_path_.join)(step.folder, "summary"),
        env: (0,external_node_path_.join)(step.folder, "env"),
        path: (0,external_node_path_.join)(step.folder, "path"),
    };
    for (const file of Object.values(files))
        await (0,promises_.writeFile)(file, "");
    const inputs = Object.entries(step.inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const env = {
        ...step.env,
        ...Object.fromEntries(inputs),
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_ACTOR: "demo",
        GITHUB_API_URL: step.apiUrl,
        GITHUB_ENV: files.env,
        GITHUB_EVENT_NAME: step.event.name,
        GITHUB_EVENT_PATH: eventPath,
        GITHUB_JOB: "gate",
        GITHUB_OUTPUT: files.output,
        GITHUB_PATH: files.path,
        GITHUB_REF: step.ref,
        GITHUB_REPOSITORY: step.repository,
        GITHUB_RUN_ATTEMPT: String(step.runAttempt ?? 1),
        GITHUB_RUN_ID: String(1000 + step.runNumber),
        GITHUB_RUN_NUMBER: String(step.runNumber),
        GITHUB_SERVER_URL: step.serverUrl,
        GITHUB_SHA: step.sha,
        GITHUB_STATE: files.state,
        GITHUB_STEP_SUMMARY: files.summary,
        GITHUB_WORKFLOW: "repro-gate",
        GITHUB_WORKFLOW_REF: `${step.repository}/.github/workflows/repro-gate.yml@${step.ref}`,
        GITHUB_WORKSPACE: step.workspace,
        RUNNER_TEMP: temporary,
        RUNNER_TOOL_CACHE: step.toolCache,
        RUNNER_OS: "Linux",
    };
    return { env, files };
}
/** A command file: `name=value`, or `name<<delimiter` and lines up to the delimiter; the last value of a name counts. */
function parseCommandFile(text) {
    const values = {};
    const lines = text.split(/\r?\n/);
    for (let index = 0; index < lines.length; index++) {
        const line = lines[index] ?? "";
        const block = /^([^=<]+)<<(.+)$/.exec(line);
        if (block !== null) {
            const end = lines.indexOf(block[2] ?? "", index + 1);
            if (end < 0)
                break;
            values[block[1] ?? ""] = lines.slice(index + 1, end).join("\n");
            index = end;
        }
        else if (line.includes("=")) {
            values[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
        }
    }
    return values;
}

;// CONCATENATED MODULE: ./lib/demo/run-demo.js
















const OWNER = "demo";
const REPOSITORY = "wine";
const REPOSITORY_ID = 1;
const TOKEN = "ghs_demo_token_of_this_machine";
/**
 * Shows the whole product on this machine: a repository, a real tracking server, a baseline trained as users train, and
 * two pull requests gated by the built action against a loopback GitHub.
 *
 * @returns 0 only when the refactoring was reproduced and the changed training diverged
 */
async function runDemo(options) {
    const started = performance.now();
    const log = new terminal_log/* TerminalLog */.T();
    const cancellation = (0,on_cancel/* onCancel */.A)((text) => log.info(text));
    const folder = await (0,promises_.realpath)(await (0,promises_.mkdtemp)((0,external_node_path_.join)((0,external_node_os_.tmpdir)(), "repro-gate-demo-")));
    const close = [];
    let keep = false;
    try {
        const stage = await setStage(options, folder, log, cancellation.signal, close);
        const pullRequests = [];
        for (const change of CHANGES)
            pullRequests.push(await gate(stage, change, log, cancellation.signal));
        const seconds = Math.round((performance.now() - started) / 100) / 10;
        const right = pullRequests.every(({ outcome }, index) => outcome === CHANGES[index]?.outcome);
        const { trackingUri } = stage;
        keep = options.keep;
        if (options.json) {
            process.stdout.write(`${JSON.stringify({ pullRequests, trackingUri, seconds }, null, 2)}\n`);
        }
        else {
            for (const { title, comment } of pullRequests) {
                process.stdout.write(`\n──── The comment on “${title}” ────\n\n${withoutMarker(comment)}`);
            }
            const verdict = right ? "Both came out as they must." : "They did NOT come out as they must.";
            process.stdout.write(`\n${verdict} ${seconds} s.\n`);
        }
        if (keep) {
            log.info(`The runs can be looked at on ${trackingUri} (experiment wine-quality). End the server with: kill -- -${stage.serverPid}`);
            log.info(`Its files are in ${folder}.`);
        }
        else {
            log.info("Run it with --keep to look at the runs in MLflow.");
        }
        return right ? 0 : 1;
    }
    catch (error) {
        log.info(`The demo could not be shown: ${(0,gate_error/* messageOf */.bD)(error)}`);
        return 2;
    }
    finally {
        if (keep)
            await close[1]?.();
        else {
            await Promise.all(close.map((end) => end().catch(() => { })));
            await (0,promises_.rm)(folder, { recursive: true, force: true, maxRetries: 3 });
        }
        cancellation.dispose();
    }
}
/** Builds what a user would have: the repository, the server, the baseline on `main`. */
async function setStage(options, folder, log, signal, close) {
    const env = ownEnvironment(process.env);
    const dist = (0,external_node_path_.dirname)((0,external_node_path_.dirname)((0,external_node_url_.fileURLToPath)(import.meta.url)));
    const example = (0,external_node_path_.join)((0,external_node_path_.dirname)(dist), "examples", "wine-quality");
    const data = options.data === undefined ? undefined : (0,external_node_path_.resolve)(options.data);
    if (data !== undefined && !(await (0,promises_.stat)(data).catch(() => undefined))?.isFile()) {
        throw new Error(`--data: ${data} is not a file.`);
    }
    const git = await (0,which/* which */.K)("git", env.PATH, undefined);
    if (git === undefined)
        throw new Error("git is not on PATH.");
    const toolCache = (0,external_node_path_.dirname)((0,toolchain_cache/* desktopCache */.L)(env));
    const toolchain = new toolchain_toolchain/* Toolchain */.E({
        env,
        cacheFolder: (0,toolchain_cache/* desktopCache */.L)(env),
        workspace: folder,
        signal,
        announce: (text) => log.info(`  ${text}`),
    });
    log.step("Preparing MLflow and uv (the first time they are installed, which takes a minute)");
    const [mlflow, uv, server] = [await toolchain.mlflow("skinny"), await toolchain.uv(), await toolchain.mlflow("full")];
    log.step(`Starting MLflow ${server.version}'s tracking server`);
    const place = (0,external_node_path_.join)(folder, "server");
    await (0,promises_.mkdir)(place);
    let serverPid = 0;
    const tracking = (0,embedded_server/* startEmbeddedServer */.k)({
        mlflow: server,
        env,
        backendStoreUri: `sqlite:///${(0,external_node_path_.join)(place, "mlflow.db")}`,
        artifactsFolder: (0,external_node_path_.join)(place, "artifacts"),
        folder: place,
        nonce: "demo",
        signal,
        onStart: ({ pid }) => {
            serverPid = pid;
        },
    });
    const { uri, ready, stop } = await tracking;
    close.push(() => stop(signal.aborted));
    await ready;
    log.step("Making a repository with the project wine-quality on main");
    const repository = await DemoRepository.create((0,external_node_path_.join)(folder, "repository"), git, env, example, data);
    log.step("Training the baseline on main, as a user trains: mlflow run . -P max_depth=2 --env-manager uv");
    const output = new process_output/* LogKeeper */.$g();
    log.begin();
    const trained = await (0,supervise/* supervise */.zD)({
        file: mlflow.file,
        args: ["run", ".", "-P", "max_depth=2", "--env-manager", "uv", "--experiment-name", "wine-quality"],
        cwd: (0,external_node_path_.join)(repository.folder, PROJECT),
        env: {
            ...env,
            PATH: (0,toolchain_toolchain/* withFolder */.Z)(env.PATH, uv),
            MLFLOW_TRACKING_URI: uri,
            MLFLOW_ENV_ROOT: (0,external_node_path_.join)(folder, "envs"),
            MLFLOW_DISABLE_TELEMETRY: "true",
            PYTHONUNBUFFERED: "1",
            UV_NO_PROGRESS: "1",
        },
        signal,
        onLine: (line) => {
            output.add(line);
            log.line(line);
        },
    }).finally(() => log.end());
    if (trained.kind === "cancelled")
        throw new Error("it was cancelled.");
    if (trained.exitCode !== 0)
        throw new Error(`the baseline could not be trained:\n${output.tail(60).join("\n")}`);
    const github = await LoopbackGithub.start({
        owner: OWNER,
        repository: REPOSITORY,
        repositoryId: REPOSITORY_ID,
        token: TOKEN,
        permissions: { "pull-requests": "write" },
        defaultBranch: "main",
    });
    close.push(() => github.close());
    return { folder, env, dist, toolCache, trackingUri: uri, serverPid, repository, github };
}
/** Opens a pull request and runs the built action on it, as a runner would. */
async function gate(stage, change, log, signal) {
    const { repository, github, env } = stage;
    log.step(`Pull request ${change.number}, “${change.title}”: running the action`);
    const { head, merge, base } = await repository.open(change);
    github.addPullRequest({
        number: change.number,
        headSha: head,
        headRef: change.branch,
        baseRef: "main",
        baseSha: base,
    });
    const folder = (0,external_node_path_.join)(stage.folder, `job-${change.number}`);
    const workspace = (0,external_node_path_.join)(folder, "workspace");
    await (0,promises_.mkdir)(folder);
    await repository.checkout(merge, workspace);
    const step = {
        node: process.execPath,
        dist: stage.dist,
        folder,
        workspace,
        toolCache: stage.toolCache,
        inputs: { "tracking-uri": stage.trackingUri, "github-token": TOKEN, matrix: "null" },
        event: { name: "pull_request", payload: payload(change, head, merge, base) },
        repository: `${OWNER}/${REPOSITORY}`,
        apiUrl: github.apiUrl,
        serverUrl: github.serverUrl,
        sha: merge,
        ref: `refs/pull/${change.number}/merge`,
        runNumber: change.number,
        env,
        signal,
        onLine: (line) => relay(line, log),
    };
    const result = await runMain(step);
    await runPost(step, result.state);
    if (signal.aborted)
        throw new gate_error/* GateError */.ue("cancelled", ["it was cancelled."]);
    const comment = github.comments(change.number)[0]?.body ?? "";
    if (comment === "")
        log.info(result.log.slice(-20).join("\n"));
    log.info(`  ${result.outputs.headline ?? ""} (exit status ${result.exitCode})`);
    return {
        title: change.title,
        outcome: result.outputs.outcome ?? "",
        reason: result.outputs.reason ?? "",
        exitCode: result.exitCode,
        baselineRunId: result.outputs["baseline-run-id"] ?? "",
        candidateRunId: result.outputs["candidate-run-id"] ?? "",
        comment,
    };
}
/** The job's steps, without its annotations and without the training's own lines. */
function relay(line, log) {
    if (line.startsWith("::group::"))
        log.info(`  ${line.slice("::group::".length)}`);
    else if (!line.startsWith("::") && !line.startsWith("│"))
        log.info(`    ${line}`);
}
function payload(change, head, merge, base) {
    const own = { id: REPOSITORY_ID, name: REPOSITORY, full_name: `${OWNER}/${REPOSITORY}`, default_branch: "main" };
    return {
        action: "opened",
        number: change.number,
        repository: own,
        pull_request: {
            number: change.number,
            state: "open",
            title: change.title,
            merge_commit_sha: merge,
            head: { sha: head, ref: change.branch, repo: own },
            base: { sha: base, ref: "main", repo: own },
        },
    };
}
/** Our own environment without what would steer the action or MLflow. */
function ownEnvironment(env) {
    const kept = Object.entries(env).filter(([name, value]) => value !== undefined &&
        !/^(?:INPUT_|GITHUB_|ACTIONS_|RUNNER_|MLFLOW_|STATE_|GIT_DIR|GIT_WORK_TREE|GIT_INDEX)/.test(name));
    return Object.fromEntries(kept);
}
function withoutMarker(comment) {
    return comment.replace(/^<!--.*-->\n/, "");
}


/***/ })

};
