/** What the loopback GitHub knows: one repository with its pull requests and their comments. */

export type Access = "none" | "read" | "write";

/** The `permissions:` block of a workflow, as far as it matters here. */
export interface TokenPermissions {
  readonly "pull-requests"?: Access | undefined;
  readonly issues?: Access | undefined;
}

export interface LoopbackGithubOptions {
  readonly owner: string;
  readonly repository: string;
  readonly repositoryId: number;
  /** The one token that is accepted. */
  readonly token: string;
  readonly permissions: TokenPermissions;
  /** Who writes with the token; `github-actions[bot]` unless told. */
  readonly login?: string | undefined;
  /** Whether the token belongs to a person, who may ask `GET /user`; a workflow's own token may not. */
  readonly userToken?: boolean | undefined;
  /** In a public repository everybody reads, whatever the permissions; public unless told. */
  readonly visibility?: "public" | "private" | undefined;
  /** `main` unless told. */
  readonly defaultBranch?: string | undefined;
  /** Milliseconds since the epoch, for the times in the answers. */
  readonly now?: (() => number) | undefined;
}

export interface NewPullRequest {
  readonly number: number;
  readonly headSha: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly state?: "open" | "closed" | "merged" | undefined;
  readonly baseSha?: string | undefined;
  /** Commits of the branch before its head. */
  readonly commits?: readonly string[] | undefined;
  readonly mergeCommitSha?: string | undefined;
  /** The fork that the branch lies in, null for a deleted one; the repository itself unless told. */
  readonly headRepository?: { readonly id: number; readonly owner: string } | null | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly title?: string | undefined;
  readonly locked?: boolean | undefined;
}

export interface PullRequest extends NewPullRequest {
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type AccountType = "Bot" | "User" | "Organization";

export interface Account {
  readonly login: string;
  readonly id: number;
  readonly type: AccountType;
}

export interface Comment {
  readonly id: number;
  /** The number of the pull request. */
  readonly issue: number;
  readonly body: string;
  readonly author: Account;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const ACTIONS_BOT: Account = { login: "github-actions[bot]", id: 41898282, type: "Bot" };

/** The account of this name, with the same ID each time. */
export function account(login: string, type: AccountType): Account {
  if (login === ACTIONS_BOT.login) return ACTIONS_BOT;
  const id = [...login].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 90_000_000, 7);
  return { login, id: id + 1000, type };
}

/** The repository; identifiers ascend, times have whole seconds, as on GitHub. */
export class RepositoryState {
  readonly options: LoopbackGithubOptions;
  /** Whoever the token belongs to. */
  readonly self: Account;
  readonly pullRequests = new Map<number, PullRequest>();
  #comments: Comment[] = [];
  #nextCommentId = 1_800_000_001;

  constructor(options: LoopbackGithubOptions) {
    this.options = options;
    this.self = account(options.login ?? ACTIONS_BOT.login, options.userToken === true ? "User" : "Bot");
  }

  /** Adds a pull request, or replaces the one of this number: somebody pushed, closed or labelled. */
  addPullRequest(pull: NewPullRequest): void {
    const now = this.time();
    const createdAt = this.pullRequests.get(pull.number)?.createdAt ?? now;
    this.pullRequests.set(pull.number, { ...pull, createdAt, updatedAt: now });
  }

  /** Open and merged pull requests that a commit belongs to: GitHub leaves out those closed without a merge. */
  pullRequestsOf(sha: string): readonly PullRequest[] {
    return [...this.pullRequests.values()].filter(
      (pull) => pull.state !== "closed" && [pull.headSha, pull.mergeCommitSha, ...(pull.commits ?? [])].includes(sha),
    );
  }

  comments(issue: number): readonly Comment[] {
    return this.#comments.filter((comment) => comment.issue === issue);
  }

  comment(id: number): Comment | undefined {
    return this.#comments.find((comment) => comment.id === id);
  }

  addComment(issue: number, body: string, author: Account): Comment {
    const now = this.time();
    const comment = { id: this.#nextCommentId++, issue, body, author, createdAt: now, updatedAt: now };
    this.#comments.push(comment);
    return comment;
  }

  editComment(comment: Comment, body: string): Comment {
    const edited = { ...comment, body, updatedAt: this.time() };
    this.#comments = this.#comments.map((other) => (other.id === comment.id ? edited : other));
    return edited;
  }

  removeComment(id: number): void {
    this.#comments = this.#comments.filter((comment) => comment.id !== id);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.options.now?.() ?? Date.now();
  }

  /** Now, as GitHub writes it. */
  time(): string {
    return new Date(this.now()).toISOString().replace(/\.\d+Z$/, "Z");
  }
}
