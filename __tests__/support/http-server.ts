import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it arrived at a server of the tests. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpServer {
  /** Without a trailing slash. */
  readonly uri: string;
  readonly port: number;
  /** Every request in the order of its arrival. */
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

export type Handler = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

/** Starts a real HTTP server on loopback. */
export async function startHttpServer(handler: Handler): Promise<HttpServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    read(incoming)
      .then((seen) => {
        requests.push(seen);
        return handler(seen, response);
      })
      .catch((error: unknown) => response.writeHead(500, { "content-type": "text/plain" }).end(String(error)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { uri: `http://127.0.0.1:${port}`, port, requests, close };
}

/** Answers with text and a content type. */
export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": typeof body === "string" ? "text/html" : "application/json",
    ...headers,
  });
  response.end(text);
}

export interface Forwarding {
  /** Path and query at the target; the request's own unless told. */
  readonly path?: string;
  /** The Host header; the target's unless told. */
  readonly host?: string;
  /** What to make of the answer's body. */
  readonly change?: (body: string) => string;
}

/** Passes a request on to a real server, by its base address, and the answer back. */
export async function forward(
  seen: SeenRequest,
  response: ServerResponse,
  target: string,
  { path = seen.url, host, change = (body) => body }: Forwarding = {},
): Promise<void> {
  const url = new URL(target);
  const { status, headers, body } = await new Promise<{ status: number; headers: OutgoingHttpHeaders; body: Buffer }>(
    (resolve, reject) => {
      const outgoing = request(
        {
          host: url.hostname,
          port: url.port,
          method: seen.method,
          path,
          headers: { ...seen.headers, host: host ?? url.host, connection: "close" },
        },
        (incoming) => {
          read(incoming).then(
            ({ body }) => resolve({ status: incoming.statusCode ?? 500, headers: incoming.headers, body }),
            reject,
          );
        },
      );
      outgoing.once("error", reject);
      outgoing.end(seen.body);
    },
  );
  const changed = Buffer.from(change(body.toString("utf8")));
  const { "transfer-encoding": _, "content-length": __, connection: ___, ...rest } = headers;
  response.writeHead(status, { ...rest, "content-length": changed.length });
  response.end(changed);
}

async function read(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return {
    method: incoming.method ?? "GET",
    url: incoming.url ?? "/",
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks),
  };
}
