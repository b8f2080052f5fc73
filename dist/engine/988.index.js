export const id = 988;
export const ids = [988];
export const modules = {

/***/ 9988:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  PullRequestComments: () => (/* binding */ PullRequestComments)
});

// EXTERNAL MODULE: ./node_modules/@actions/github/lib/github.js + 22 modules
var github = __webpack_require__(2413);
// EXTERNAL MODULE: ./lib/core/gate-error.js
var gate_error = __webpack_require__(3116);
// EXTERNAL MODULE: ./lib/core/sentence.js
var sentence = __webpack_require__(2998);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./lib/adapters/github/comment-key.js

/** The first line of a comment of ours. Everything in it is our own hexadecimal and numbers. */
function renderMarker(key, stamp) {
    return `<!-- repro-gate:v1 key=${keyHash(key)} sha=${stamp.sha} run=${stamp.run} attempt=${stamp.attempt} -->`;
}
/** The stamp of a comment that begins with our marker for this key, undefined for any other comment. */
function parseMarker(body, key) {
    const match = /^<!-- repro-gate:v1 key=([0-9a-f]{16}) sha=([0-9a-f]*) run=(\d+) attempt=(\d+) -->\r?\n/.exec(body);
    if (match === null || match[1] !== keyHash(key))
        return undefined;
    return { sha: match[2] ?? "", run: Number(match[3]), attempt: Number(match[4]) };
}
/** Whether a stamp belongs to a later workflow run, or a later attempt of the same. */
function isNewer(a, b) {
    return a.run > b.run || (a.run === b.run && a.attempt > b.attempt);
}
function keyHash({ workflow, job, matrix }) {
    return (0,external_node_crypto_.createHash)("sha256")
        .update(JSON.stringify([workflow, job, matrix]))
        .digest("hex")
        .slice(0, 16);
}

;// CONCATENATED MODULE: ./lib/adapters/github/comments.js




/** The author of what a job writes with its own token, which may not ask who it is. */
const JOB_AUTHOR = "github-actions[bot]";
const REQUEST_MS = 30_000;
const MOST_PULL_REQUESTS = 3;
/** The gate's comments on the pull requests of one repository, found by author and marker. */
class PullRequestComments {
    #octokit;
    #target;
    constructor(target) {
        this.#target = target;
        this.#octokit = (0,github/* getOctokit */.Q)(target.token, { baseUrl: target.apiUrl });
    }
    /** Open pull requests whose head is a commit, at most three. */
    async pullRequestsOf(sha) {
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
    async upsert(pullRequest, key, stamp, markdown, onlyIfPresent = false) {
        try {
            const body = `${renderMarker(key, stamp)}\n${markdown}`;
            const [own, ...others] = await this.#own(pullRequest, key);
            if (own === undefined) {
                return onlyIfPresent ? { warning: undefined } : { url: await this.#create(pullRequest, key, body) };
            }
            // Two jobs that began at once may both have written: the first comment stays.
            for (const { id } of others)
                await this.#delete(id);
            if (isNewer(own.stamp, stamp)) {
                return { warning: (0,sentence/* say */.cv) `The comment already shows a newer run of this workflow, so it was left as it is.` };
            }
            return { url: await this.#update(own, pullRequest, key, body) };
        }
        catch (error) {
            return { warning: explain(error, pullRequest) };
        }
    }
    async #update(own, pullRequest, key, body) {
        try {
            await this.#octokit.rest.issues.updateComment({
                ...this.#repository(),
                comment_id: own.id,
                body,
                request: request(),
            });
            return own.url;
        }
        catch (error) {
            // Somebody deleted it between the look and the update.
            if (statusOf(error) !== 404)
                throw error;
            return this.#create(pullRequest, key, body);
        }
    }
    async #create(pullRequest, key, body) {
        try {
            const { data } = await this.#octokit.rest.issues.createComment({
                ...this.#repository(),
                issue_number: pullRequest,
                body,
                request: request(),
            });
            return data.html_url;
        }
        catch (error) {
            // A lost answer may hide a written comment: look before saying that there is none.
            if (statusOf(error) < 500)
                throw error;
            const [own] = await this.#own(pullRequest, key);
            if (own === undefined)
                throw error;
            return own.url;
        }
    }
    async #delete(id) {
        await this.#octokit.rest.issues.deleteComment({ ...this.#repository(), comment_id: id, request: request() });
    }
    /** Comments by this token's author that begin with this key's marker, oldest first, over all pages. */
    async #own(pullRequest, key) {
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
    async #login() {
        try {
            const { data } = await this.#octokit.rest.users.getAuthenticated({ request: request() });
            return data.login;
        }
        catch (error) {
            if (statusOf(error) === 403 || statusOf(error) === 401)
                return JOB_AUTHOR;
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
function statusOf(error) {
    return error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : 0;
}
function explain(error, pullRequest) {
    const status = statusOf(error);
    if (/\block(?:ed)?\b/i.test((0,gate_error/* messageOf */.bD)(error))) {
        return (0,sentence/* say */.cv) `The comment on pull request ${pullRequest} could not be written: its conversation is locked. The summary has the whole report.`;
    }
    if (status === 403 || status === 404) {
        return (0,sentence/* say */.cv) `The comment on pull request ${pullRequest} could not be written (HTTP ${status}): the token may not. Give the job ${"pull-requests: write"}; pull requests of forks never get it. The summary has the whole report.`;
    }
    return (0,sentence/* say */.cv) `The comment on pull request ${pullRequest} could not be written: ${(0,gate_error/* messageOf */.bD)(error)}. The summary has the whole report.`;
}


/***/ })

};
