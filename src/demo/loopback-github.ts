import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { RestAnswer } from "./github/answers.js";
import type { Addresses } from "./github/documents.js";
import { answerRest } from "./github/endpoints.js";
import { type Failure, FailureQueue, type RequestMatcher } from "./github/failures.js";
import {
  type AccountType,
  account,
  type LoopbackGithubOptions,
  type NewPullRequest,
  RepositoryState,
} from "./github/state.js";

/** A request that arrived, and what became of it. */
export interface LoggedRequest {
  readonly method: string;
  /** Below the API's own path (whole when it is outside), with the repository by its name. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON, the bare text when it is none, undefined when nothing was sent. */
  readonly body: unknown;
  readonly status: number | "reset" | "stalled";
  readonly response: unknown;
  /** Whether `failNext` decided the answer. */
  readonly injected: boolean;
}

export interface ShownComment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string; readonly type: AccountType };
  readonly created_at: string;
  readonly updated_at: string;
}

const API_PATH = "/api/v3";

/**
 * GitHub's REST API for one repository, on this machine's loopback: what the gate calls, with state, permissions,
 * pages and limits. For the `demo`, which must not need an account, and for the tests, which must not need a network.
 */
export class LoopbackGithub {
  /** Every request in the order of its arrival. */
  readonly requests: LoggedRequest[] = [];
  readonly #server: Server;
  readonly #state: RepositoryState;
  readonly #failures = new FailureQueue();
  readonly #onRequest: ((request: LoggedRequest) => void) | undefined;
  #addresses: Addresses = { apiUrl: "", serverUrl: "" };

  private constructor(options: LoopbackGithubOptions, onRequest: ((request: LoggedRequest) => void) | undefined) {
    this.#onRequest = onRequest;
    this.#state = new RepositoryState(options);
    this.#server = createServer((incoming, outgoing) => {
      // Only a mistake in this double, or in `onRequest`, ends here: say it where the caller looks.
      this.#handle(incoming, outgoing).catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
    });
  }

  /**
   * Listens on a free port of 127.0.0.1.
   *
   * @param onRequest hears of every request before its answer is sent
   */
  static async start(
    options: LoopbackGithubOptions,
    onRequest?: (request: LoggedRequest) => void,
  ): Promise<LoopbackGithub> {
    const github = new LoopbackGithub(options, onRequest);
    const server = github.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
    const serverUrl = `http://127.0.0.1:${address.port}`;
    github.#addresses = { serverUrl, apiUrl: `${serverUrl}${API_PATH}` };
    return github;
  }

  /** For `GITHUB_API_URL`. */
  get apiUrl(): string {
    return this.#addresses.apiUrl;
  }

  /** For `GITHUB_SERVER_URL`. */
  get serverUrl(): string {
    return this.#addresses.serverUrl;
  }

  /** Adds a pull request, or replaces the one of this number: somebody pushed, closed or labelled. */
  addPullRequest(pull: NewPullRequest): void {
    this.#state.addPullRequest(pull);
  }

  /** The comments of a pull request, oldest first. */
  comments(number: number): readonly ShownComment[] {
    return this.#state.comments(number).map(({ id, body, author, createdAt, updatedAt }) => ({
      id,
      body,
      user: { login: author.login, type: author.type },
      created_at: createdAt,
      updated_at: updatedAt,
    }));
  }

  /** Comments as anybody, without a request; returns the comment's ID. */
  addComment(number: number, body: string, login: string, type: AccountType = "User"): number {
    return this.#state.addComment(number, body, account(login, type)).id;
  }

  /** Somebody deletes a comment. */
  removeComment(id: number): void {
    this.#state.removeComment(id);
  }

  /** The next request that matches gets this instead of its answer; called twice, the next two do. */
  failNext(matcher: RequestMatcher, failure: Failure): void {
    this.#failures.add(matcher, failure);
  }

  /** Stops listening and cuts what is still open. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
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
    const answer = (): RestAnswer =>
      answerRest(this.#state, this.#addresses, {
        method,
        path: inApi ? path : "",
        query: url.searchParams,
        authorization: incoming.headers.authorization,
        text,
      });
    const log = (status: LoggedRequest["status"], response: unknown) => {
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
    if (failure?.applied === true) answer();
    if (failure !== undefined && "connection" in failure) {
      log(failure.connection, undefined);
      if (failure.connection === "reset") incoming.socket.resetAndDestroy();
      return;
    }
    const { status, body, headers } = failure === undefined ? answer() : { body: undefined, ...failure };
    log(status, body);
    this.#send(outgoing, { status, body, ...(headers && { headers }) });
  }

  #send(outgoing: ServerResponse, { status, body, headers }: RestAnswer): void {
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

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
