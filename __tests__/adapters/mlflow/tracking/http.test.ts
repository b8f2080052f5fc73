import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  AmbiguousError,
  type Call,
  type TrackingAddress,
  TrackingHttp,
} from "../../../../src/adapters/mlflow/tracking/http.js";
import { type RetryPolicy, TRACKING_RETRY } from "../../../../src/adapters/mlflow/tracking/retry.js";
import { plain } from "../../../../src/core/sentence.js";
import { answer, type Handler, startHttpServer } from "../../../support/http-server.js";

const execute = promisify(execFile);
/** The real policy, a hundred times faster. */
const FAST: RetryPolicy = {
  ...TRACKING_RETRY,
  baseMs: 5,
  capMs: 160,
  connectMs: 300,
  headersMs: 400,
  bodyMs: 400,
  deadlineMs: 10_000,
};
const READ: Call = { method: "GET", path: "/api/2.0/mlflow/runs/get", query: { run_id: "a b&c" }, repeatable: true };
const CREATE: Call = { method: "POST", path: "/api/2.0/mlflow/runs/create", body: { x: 1 }, repeatable: false };
const OK = { run: { info: {} } };

function address(uri: string, more: Partial<TrackingAddress> = {}): TrackingAddress {
  return {
    ...{ uri, username: undefined, password: undefined, token: undefined },
    ...{ caFile: undefined, clientCertFile: undefined, workspace: undefined },
    ...more,
  };
}

async function open(
  handler: Handler,
  more: Partial<TrackingAddress> = {},
  policy: Partial<RetryPolicy> = {},
  signal?: AbortSignal,
) {
  const server = await startHttpServer(handler);
  const retries: string[] = [];
  const http = new TrackingHttp(address(server.uri, more), {
    policy: { ...FAST, ...policy },
    onRetry: (sentence) => retries.push(plain(sentence)),
    signal,
  });
  onTestFinished(async () => {
    await http.close().catch(() => {});
    await server.close();
  });
  return { server, http, retries };
}

/** Answers the first requests in turn, and every later one like the last. */
function inTurn(...handlers: readonly Handler[]): Handler {
  let index = 0;
  return (seen, response) => {
    const handler = handlers[Math.min(index, handlers.length - 1)];
    index += 1;
    return handler?.(seen, response);
  };
}

const good: Handler = (_, response) => answer(response, 200, OK);
const status =
  (code: number, headers = {}): Handler =>
  (_, response) =>
    answer(response, code, { error_code: "X", message: "m" }, headers);
const reset: Handler = (_, response) => void response.socket?.destroy();
const truncated: Handler = (_, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"run":');
  setTimeout(() => response.socket?.destroy(), 20);
};
const silent: Handler = () => {};
const slowBody: Handler = (_, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.write("{");
};

describe("a request", () => {
  it("goes to the address behind its prefix, with its query and MLflow's headers", async () => {
    const server = await startHttpServer(good);
    const http = new TrackingHttp(address(`${server.uri}/pre/fix`, { workspace: "team" }), { policy: FAST });
    onTestFinished(async () => {
      await http.close();
      await server.close();
    });
    expect(await http.call(READ)).toEqual({ ok: true, value: OK });
    await http.call(CREATE);
    const [read, create] = server.requests;
    expect(read?.url).toBe("/pre/fix/api/2.0/mlflow/runs/get?run_id=a+b%26c");
    expect(read?.headers).toMatchObject({ accept: "application/json", "x-mlflow-workspace": "team" });
    expect(read?.headers).not.toHaveProperty("origin");
    expect(read?.headers).not.toHaveProperty("authorization");
    expect(create?.headers["content-type"]).toBe("application/json");
    expect(create?.body.toString()).toBe('{"x":1}');
  });

  it.each([
    [{ username: "u", password: "p:ä" }, `Basic ${Buffer.from("u:p:ä").toString("base64")}`],
    [{ token: "t" }, "Bearer t"],
    [{ username: "u", password: "p", token: "t" }, `Basic ${Buffer.from("u:p").toString("base64")}`],
    [{ username: "u", token: "t" }, "Bearer t"],
  ])("with %j says who it is as MLflow's own client does", async (credentials, expected) => {
    const { http, server } = await open(good, credentials);
    await http.call(READ);
    expect(server.requests[0]?.headers.authorization).toBe(expected);
  });
});

describe("an accident on the way", () => {
  it.each([
    ["a 500", status(500)],
    ["a 502", status(502)],
    ["a 503", status(503)],
    ["a 504", status(504)],
    ["a 429", status(429)],
    ["a 408", status(408)],
    ["a cut connection", reset],
    ["a cut body", truncated],
    ["silence", silent],
    ["a body that stops", slowBody],
  ])("such as %s is overcome by asking again", async (_, accident) => {
    const { http, server, retries } = await open(inTurn(accident, accident, good));
    expect(await http.call(READ)).toEqual({ ok: true, value: OK });
    expect(server.requests).toHaveLength(3);
    expect(retries).toHaveLength(2);
    expect(retries[0]).toMatch(/127\.0\.0\.1:\d+: GET \/api.*attempt 2 in/);
  });

  it("that does not end is tracker-unreachable after six attempts", async () => {
    const { http, server } = await open(status(503));
    const call = http.call(READ);
    await expect(call).rejects.toMatchObject({ reason: "tracker-unreachable" });
    await expect(call).rejects.toThrow(/6 attempts.*503/);
    expect(server.requests).toHaveLength(6);
  });

  it.each([
    ["silence", silent],
    ["a body that stops", slowBody],
  ])("of %s ends at the deadline of the whole call", async (_, accident) => {
    const { http } = await open(accident, {}, { headersMs: 60_000, bodyMs: 60_000, deadlineMs: 700 });
    const started = performance.now();
    await expect(http.call(READ)).rejects.toMatchObject({ reason: "tracker-unreachable" });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("is given the pause that the server asks for", async () => {
    const { http } = await open(inTurn(status(429, { "retry-after": "1" }), good));
    const started = performance.now();
    await http.call(READ);
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  it("is given up at once when the pause that is asked for is too long, and says so", async () => {
    const { http, server } = await open(status(503, { "retry-after": "3600" }));
    await expect(http.call(READ)).rejects.toThrow(/asked for a pause of 3600 s/);
    expect(server.requests).toHaveLength(1);
  });

  it("is given up at once when the job is cancelled", async () => {
    const controller = new AbortController();
    const { http, server } = await open(silent, {}, { headersMs: 60_000, deadlineMs: 60_000 }, controller.signal);
    setTimeout(() => controller.abort(), 100);
    const started = performance.now();
    await expect(http.call(READ)).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(1000);
    expect(server.requests).toHaveLength(1);
  });

  it("is given up at once when the job is cancelled during a pause", async () => {
    const controller = new AbortController();
    const { http } = await open(status(503, { "retry-after": "30" }), {}, { deadlineMs: 60_000 }, controller.signal);
    setTimeout(() => controller.abort(), 200);
    const started = performance.now();
    await expect(http.call(READ)).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("a call that must not be repeated", () => {
  it.each([
    ["a cut connection", reset],
    ["a cut body", truncated],
    ["silence", silent],
    ["a 500", status(500)],
    ["a 502", status(502)],
    ["a 504", status(504)],
  ])("is ambiguous after %s, and is never sent twice by itself", async (_, accident) => {
    const { http, server } = await open(inTurn(accident, good));
    const call = http.call(CREATE);
    await expect(call).rejects.toBeInstanceOf(AmbiguousError);
    expect(server.requests).toHaveLength(1);
  });

  it.each([429, 503])("is sent again after %d, which says that nothing was done", async (code) => {
    const { http, server } = await open(inTurn(status(code), good));
    expect(await http.call(CREATE)).toEqual({ ok: true, value: OK });
    expect(server.requests).toHaveLength(2);
  });

  it("is sent again when it cannot have arrived", async () => {
    const server = await startHttpServer(good);
    await server.close();
    const http = new TrackingHttp(address(server.uri), { policy: FAST });
    onTestFinished(() => http.close());
    const call = http.call(CREATE);
    await expect(call).rejects.not.toBeInstanceOf(AmbiguousError);
    await expect(call).rejects.toThrow(/6 attempts/);
  });
});

describe("an answer", () => {
  it.each([
    [400, "INVALID_PARAMETER_VALUE"],
    [404, "RESOURCE_DOES_NOT_EXIST"],
    [409, "RESOURCE_CONFLICT"],
    [500, "FEATURE_DISABLED"],
  ])("of %d %s is one, and is not asked for again", async (code, error_code) => {
    const { http, server } = await open((_, response) => answer(response, code, { error_code, message: "why" }));
    expect(await http.call(READ)).toEqual({ ok: false, status: code, code: error_code, message: "why" });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ["", "application/json"],
    ["200 OK", "text/plain"],
  ])("of %j is an empty object, as Databricks means it", async (body, type) => {
    const { http } = await open((_, response) => void response.writeHead(200, { "content-type": type }).end(body));
    expect(await http.call(READ)).toEqual({ ok: true, value: {} });
  });

  it.each([
    ["a login page", "text/html", "<html>Sign in</html>", /login page/],
    ["an array", "text/plain", "[1]", /not JSON/],
    ["no JSON", "text/plain", "hello", /not JSON/],
  ])("that is %s is tracker-answer, asked for once", async (_, type, body, words) => {
    const { http, server } = await open(
      (__, response) => void response.writeHead(200, { "content-type": type }).end(body),
    );
    await expect(http.call(READ)).rejects.toMatchObject({
      reason: "tracker-answer",
      message: expect.stringMatching(words),
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ["as it is", false],
    ["in a zip bomb", true],
  ])("that is larger than 32 MiB, %s, is refused without being kept", async (_, zipped) => {
    const big = Buffer.alloc(64 * 1024 * 1024, " ");
    const body = zipped ? gzipSync(big) : big;
    const { http } = await open(
      (__, response) =>
        void response
          .writeHead(200, { "content-type": "application/json", ...(zipped ? { "content-encoding": "gzip" } : {}) })
          .end(body),
      {},
      { deadlineMs: 20_000, bodyMs: 20_000 },
    );
    await expect(http.call(READ)).rejects.toMatchObject({ reason: "tracker-answer" });
  });

  it("that redirects is refused, naming no more than the host", async () => {
    const { http, server } = await open((_, response) =>
      answer(response, 302, "", { location: "https://user:secret@login.example/sso?token=secret" }),
    );
    const call = http.call(READ);
    await expect(call).rejects.toMatchObject({
      reason: "tracker-refused",
      message: expect.stringContaining("login.example"),
    });
    await expect(call).rejects.not.toThrow(/secret/);
    expect(server.requests).toHaveLength(1);
  });
});

describe("TLS", () => {
  async function serveTls() {
    const folder = await mkdtemp(join(tmpdir(), "tls-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    await execute("openssl", [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      cert,
      ...subject,
    ]);
    let requests = 0;
    const server = createTlsServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) => {
      requests += 1;
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(OK));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    onTestFinished(async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    });
    const { port } = server.address() as AddressInfo;
    return { port, cert, count: () => requests };
  }

  it("with a certificate that nobody knows is tracker-unreachable at once, and names ca-file", async () => {
    const { port, count } = await serveTls();
    const retries: unknown[] = [];
    const http = new TrackingHttp(address(`https://localhost:${port}`), {
      policy: FAST,
      onRetry: (text) => retries.push(text),
    });
    onTestFinished(() => http.close());
    const call = http.call(READ);
    await expect(call).rejects.toMatchObject({ reason: "tracker-unreachable" });
    await expect(call).rejects.toThrow(/certificate is not trusted.*ca-file/);
    expect(retries).toEqual([]);
    expect(count()).toBe(0);
  });

  it("with its authority in ca-file works, and not under another name", async () => {
    const { port, cert } = await serveTls();
    const http = new TrackingHttp(address(`https://localhost:${port}`, { caFile: cert }), { policy: FAST });
    const other = new TrackingHttp(address(`https://127.0.0.1:${port}`, { caFile: cert }), { policy: FAST });
    onTestFinished(async () => {
      await http.close();
      await other.close();
    });
    expect(await http.call(READ)).toEqual({ ok: true, value: OK });
    await expect(other.call(READ)).rejects.toThrow(/certificate is not trusted/);
  });

  it("with a server that speaks plain http is tracker-unreachable", async () => {
    const server = await startHttpServer(good);
    const http = new TrackingHttp(address(server.uri.replace("http:", "https:")), { policy: FAST });
    onTestFinished(async () => {
      await http.close();
      await server.close();
    });
    await expect(http.call(READ)).rejects.toMatchObject({ reason: "tracker-unreachable" });
  });
});

describe("what is no HTTP server", () => {
  it.each([
    ["that says nothing and hangs up", (socket: import("node:net").Socket) => socket.end()],
    ["that speaks another language", (socket: import("node:net").Socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n")],
  ])("%s is tracker-unreachable", async (_, talk) => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => talk(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    const http = new TrackingHttp(address(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), {
      policy: FAST,
    });
    onTestFinished(async () => {
      await http.close();
      server.close();
    });
    await expect(http.call(READ)).rejects.toMatchObject({ reason: "tracker-unreachable" });
  });
});
