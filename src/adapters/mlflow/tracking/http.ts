import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { AnswerTooLargeError, GateError, messageOf } from "../../../core/gate-error.js";
import { type Sentence, say } from "../../../core/sentence.js";
import { parseMlflowJson } from "./json.js";
import { parseRetryAfter, pauseMs, RETRIED_STATUS, type RetryPolicy, sleep, TRACKING_RETRY } from "./retry.js";

/** Larger answers are refused; 10,000 metrics are about 1 MiB. */
const LARGEST_ANSWER = 32 * 1024 * 1024;

/** How to reach a tracking server. */
export interface TrackingAddress {
  /** Without userinfo and trailing slash; a path prefix is kept. */
  readonly uri: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly token: string | undefined;
  readonly caFile: string | undefined;
  /** One PEM file with a client certificate and its key. */
  readonly clientCertFile: string | undefined;
  readonly workspace: string | undefined;
}

export interface Call {
  readonly method: "GET" | "POST" | "PATCH";
  /** Behind the base address, such as "/api/2.0/mlflow/runs/get". */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Whether doing it twice does no harm. A call that is not is only repeated when it cannot have arrived. */
  readonly repeatable: boolean;
}

/** What the server answered: an object, or an error with MLflow's code. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string };

/** A write whose answer was lost, so that nobody knows whether it happened. */
export class AmbiguousError extends GateError {}

/** HTTP to one tracking server: no redirects, bounded answers, honest retries, errors in the user's words. */
export class TrackingHttp {
  readonly #address: TrackingAddress;
  readonly #policy: RetryPolicy;
  readonly #dispatcher: Dispatcher;
  readonly #onRetry: (sentence: Sentence) => void;
  readonly #signal: AbortSignal | undefined;

  constructor(
    address: TrackingAddress,
    options: {
      readonly policy?: RetryPolicy;
      readonly onRetry?: (sentence: Sentence) => void;
      readonly signal?: AbortSignal | undefined;
    } = {},
  ) {
    this.#address = address;
    this.#policy = options.policy ?? TRACKING_RETRY;
    this.#onRetry = options.onRetry ?? (() => {});
    this.#signal = options.signal;
    this.#dispatcher = makeDispatcher(address, this.#policy);
  }

  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  /**
   * @throws GateError `tracker-unreachable`, `tracker-refused` or `tracker-answer`; `AmbiguousError` when a call that
   *   must not be repeated may have arrived
   */
  async call(call: Call): Promise<Answer> {
    const started = performance.now();
    for (let attempt = 1; ; attempt++) {
      const left = this.#policy.deadlineMs - (performance.now() - started);
      const result = await this.#attempt(call, left);
      if ("answer" in result) return result.answer;
      const pause =
        attempt < this.#policy.attempts && result.retry && (call.repeatable || !result.ambiguous)
          ? pauseMs(this.#policy, attempt, result.retryAfterMs, left, Math.random())
          : undefined;
      if (pause === undefined || this.#signal?.aborted === true) {
        throw this.#failure(call, result, attempt);
      }
      this.#onRetry(
        say`${this.#host()}: ${call.method} ${call.path}: ${result.detail}; attempt ${attempt + 1} in ${Math.ceil(pause / 100) / 10} s`,
      );
      await sleep(pause, undefined, this.#signal === undefined ? {} : { signal: this.#signal });
    }
  }

  #failure(call: Call, failed: Failed, attempts: number): GateError {
    const tries = attempts === 1 ? "" : ` (${attempts} attempts)`;
    if (failed.ambiguous && !call.repeatable) {
      return new AmbiguousError(
        "tracker-unreachable",
        say`The tracking server ${this.#host()} may or may not have carried out ${call.path}: ${failed.detail}.`,
      );
    }
    const Kind = failed.tooLarge ? AnswerTooLargeError : GateError;
    return new Kind(
      failed.reason,
      say`The tracking server ${this.#host()} could not be used${[tries]}: ${failed.detail}. ${failed.advice}`,
    );
  }

  #host(): string {
    return new URL(this.#address.uri).host;
  }

  async #attempt(call: Call, leftMs: number): Promise<{ readonly answer: Answer } | Failed> {
    const query = new URLSearchParams(call.query).toString();
    // Concatenated as MLflow does: `new URL(path, base)` would lose a path prefix.
    const url = `${this.#address.uri}${call.path}${query === "" ? "" : `?${query}`}`;
    const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(leftMs)));
    let status: number;
    let type: string;
    let text: string;
    let headers: Dispatcher.ResponseData["headers"];
    try {
      const response = await request(url, {
        method: call.method,
        headers: this.#headers(call),
        body: call.body === undefined ? null : JSON.stringify(call.body),
        dispatcher: this.#dispatcher,
        headersTimeout: this.#policy.headersMs,
        bodyTimeout: this.#policy.bodyMs,
        signal: this.#signal === undefined ? deadline : AbortSignal.any([deadline, this.#signal]),
      });
      status = response.statusCode;
      headers = response.headers;
      type = String(headers["content-type"] ?? "");
      text = await response.body.text();
    } catch (error) {
      return this.#networkFailure(error);
    }
    return this.#read(call, status, type, text, headers);
  }

  #headers(call: Call): Record<string, string> {
    const { username, password, token, workspace } = this.#address;
    const basic = username !== undefined && password !== undefined;
    return {
      accept: "application/json",
      "user-agent": "repro-gate",
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...(workspace === undefined ? {} : { "x-mlflow-workspace": workspace }),
      // The order of MLflow's own client: user and password win over a token.
      ...(basic
        ? { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` }
        : token === undefined
          ? {}
          : { authorization: `Bearer ${token}` }),
    };
  }

  #networkFailure(error: unknown): Failed {
    const code = codeOf(error);
    const notArrived = [
      "ECONNREFUSED",
      "ENOTFOUND",
      "EAI_AGAIN",
      "UND_ERR_CONNECT_TIMEOUT",
      "EHOSTUNREACH",
      "ENETUNREACH",
    ].includes(code);
    if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(code)) {
      return failed("tracker-unreachable", say`its certificate is not trusted (${code})`, {
        advice: say`Name the file of its certificate authority: ${"ca-file"} in the configuration or ${"MLFLOW_TRACKING_SERVER_CERT_PATH"}.`,
      });
    }
    if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
      return failed("tracker-answer", say`an answer is larger than ${LARGEST_ANSWER / 1024 / 1024} MiB`, {
        tooLarge: true,
      });
    }
    const advice = say`Check the address, that the server runs, and that this machine may reach it.`;
    return failed("tracker-unreachable", say`${messageOf(error) || code}`, {
      advice,
      retry: true,
      ambiguous: !notArrived,
    });
  }

  #read(
    call: Call,
    status: number,
    type: string,
    text: string,
    headers: Dispatcher.ResponseData["headers"],
  ): { readonly answer: Answer } | Failed {
    if (status >= 300 && status < 400) {
      const target = hostOf(String(headers.location ?? ""), this.#address.uri);
      return failed("tracker-refused", say`it redirects to ${target}`, {
        advice: say`The gate does not follow redirects with credentials: give the final address.`,
      });
    }
    const json = parseObject(text, type, status);
    const code = json?.error_code;
    if (typeof code === "string") {
      const message = typeof json?.message === "string" ? json.message : "";
      // 500 FEATURE_DISABLED and a 503 for too many clauses are answers, not accidents.
      if (RETRIED_STATUS.has(status) && !/FEATURE_DISABLED|at most 64 tables/.test(`${code} ${message}`)) {
        return this.#retryLater(status, headers, message === "" ? code : message);
      }
      if (status === 401 || status === 403) return refused(status, message, call.path);
      return { answer: { ok: false, status, code, message } };
    }
    if (status === 401 || status === 403) return refused(status, text, call.path);
    if (RETRIED_STATUS.has(status)) return this.#retryLater(status, headers, `HTTP ${status}`);
    if (status >= 400) {
      return failed("tracker-answer", say`${call.path} answers HTTP ${status} and no MLflow error`, {
        advice: say`Is this an MLflow tracking server, and is its path prefix right?`,
      });
    }
    if (json === undefined) {
      return failed(
        "tracker-answer",
        say`${call.path} answers ${type === "" ? "no content type" : type} and not JSON`,
        {
          advice: say`This is not an MLflow tracking server, or a login page stands before it.`,
          // A body that was cut on its way can be asked for again.
          retry: /json/i.test(type),
          ambiguous: true,
        },
      );
    }
    return { answer: { ok: true, value: json } };
  }

  #retryLater(status: number, headers: Dispatcher.ResponseData["headers"], detail: string): Failed {
    const retryAfterMs = parseRetryAfter(headers["retry-after"]?.toString(), Date.now());
    const wish =
      retryAfterMs === undefined ? say`` : say`; it asked for a pause of ${Math.ceil(retryAfterMs / 1000)} s`;
    return failed("tracker-unreachable", say`it answers HTTP ${status}: ${shorten(detail)}${wish}`, {
      advice: say`Try again when the server is well.`,
      retry: true,
      retryAfterMs,
      // 429 and 503 say that nothing was done.
      ambiguous: status !== 429 && status !== 503,
    });
  }
}

interface Failed {
  readonly reason: "tracker-unreachable" | "tracker-refused" | "tracker-answer";
  readonly detail: Sentence;
  readonly advice: Sentence;
  readonly retry: boolean;
  readonly retryAfterMs: number | undefined;
  readonly ambiguous: boolean;
  readonly tooLarge: boolean;
}

function failed(reason: Failed["reason"], detail: Sentence, rest: Partial<Failed>): Failed {
  return {
    reason,
    detail,
    advice: [],
    retry: false,
    retryAfterMs: undefined,
    ambiguous: false,
    tooLarge: false,
    ...rest,
  };
}

function refused(status: number, text: string, path: string): Failed {
  if (/Invalid Host header/i.test(text)) {
    return failed("tracker-refused", say`it rejects the Host header`, {
      advice: say`Ask its administrator to add this host and port to ${"--allowed-hosts"} (${"MLFLOW_SERVER_ALLOWED_HOSTS"}).`,
    });
  }
  const words = shorten(text.trim());
  const said = words === "" || words.startsWith("<") ? say`` : say`: ${words}`;
  return failed("tracker-refused", say`it answers HTTP ${status} to ${path}${said}`, {
    advice:
      status === 401
        ? say`Check the credentials: ${"tracking-username"} and ${"tracking-password"}, or ${"tracking-token"}.`
        : say`These credentials lack the permission for it.`,
  });
}

/** The answer as an object. Some servers answer writes with nothing or "200 OK": that is an empty object. */
function parseObject(text: string, type: string, status: number): Record<string, unknown> | undefined {
  if (status < 300 && (text === "" || text === "200 OK")) return {};
  if (/html/i.test(type)) return undefined;
  try {
    const value = parseMlflowJson(text);
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function makeDispatcher(address: TrackingAddress, policy: RetryPolicy): Dispatcher {
  const ca = address.caFile === undefined ? undefined : [...rootCertificates, ...extraCertificates(address.caFile)];
  const pem = address.clientCertFile === undefined ? undefined : readFileSync(address.clientCertFile);
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(pem === undefined ? {} : { cert: pem, key: pem }),
  };
  const options = {
    connect: { ...tls, timeout: policy.connectMs, autoSelectFamilyAttemptTimeout: 2000 },
    connections: 8,
    maxResponseSize: LARGEST_ANSWER,
  };
  const { hostname } = new URL(address.uri);
  const loopback = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return loopback ? new Agent(options) : new EnvHttpProxyAgent({ ...options, requestTls: tls });
}

function extraCertificates(caFile: string): string[] {
  const files = [caFile, process.env.NODE_EXTRA_CA_CERTS].filter((file) => file !== undefined && file !== "");
  return files.map((file) => readFileSync(file as string, "utf8"));
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : "";
}

function hostOf(location: string, base: string): string {
  try {
    return new URL(location, base).host;
  } catch {
    return "an unreadable address";
  }
}

function shorten(text: string): string {
  const line = text.split("\n")[0] ?? "";
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
