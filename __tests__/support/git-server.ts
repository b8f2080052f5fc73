import { spawn } from "node:child_process";
import { gunzipSync } from "node:zlib";
import { type HttpServer, type SeenRequest, startHttpServer } from "./http-server.js";

export interface GitServerOptions {
  /** Path of a repository's address, such as "/owner/name.git" → its `.git` folder. */
  readonly repositories: Readonly<Record<string, string>>;
  /** What every request must carry as the password of `x-access-token`; undefined for a public server. */
  readonly token?: string | undefined;
}

export interface GitServer extends HttpServer {
  /** Bodies of the requests to `git-upload-pack`, as packet lines. */
  readonly wants: readonly string[];
}

/** A forge's git over smart HTTP: the real `git http-backend`, which lets clients filter and ask for any commit. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const wants: string[] = [];
  const expected =
    options.token === undefined
      ? undefined
      : `basic ${Buffer.from(`x-access-token:${options.token}`).toString("base64")}`;
  const server = await startHttpServer(async (seen, response) => {
    if (expected !== undefined && seen.headers.authorization?.replace(/^Basic /, "basic ") !== expected) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="GitHub"' }).end("Bad credentials\n");
      return;
    }
    const url = new URL(seen.url, "http://localhost");
    const [path, folder] =
      Object.entries(options.repositories).find(([name]) => url.pathname.startsWith(`${name}/`)) ?? [];
    if (path === undefined || folder === undefined) {
      response.writeHead(404).end("Repository not found.\n");
      return;
    }
    if (url.pathname.endsWith("/git-upload-pack")) wants.push(textOf(seen));
    const { status, headers, body } = await backend(seen, url, `${folder}${url.pathname.slice(path.length)}`);
    response.writeHead(status, headers).end(body);
  });
  return { ...server, wants };
}

/** One request through the CGI program. */
async function backend(seen: SeenRequest, url: URL, file: string) {
  const config = { "uploadpack.allowFilter": "true", "uploadpack.allowAnySHA1InWant": "true", "safe.directory": "*" };
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH ?? "",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_COUNT: String(Object.keys(config).length),
      ...Object.fromEntries(
        Object.entries(config).flatMap(([key, value], index) => [
          [`GIT_CONFIG_KEY_${index}`, key],
          [`GIT_CONFIG_VALUE_${index}`, value],
        ]),
      ),
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_TRANSLATED: file,
      REQUEST_METHOD: seen.method,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: seen.headers["content-type"] ?? "",
      CONTENT_LENGTH: String(seen.body.length),
      HTTP_CONTENT_ENCODING: seen.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: seen.headers["git-protocol"] ?? "",
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(seen.body);
  await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const answer = Buffer.concat(chunks);
  const end = answer.indexOf("\r\n\r\n");
  const headers: Record<string, string> = {};
  for (const line of answer.subarray(0, end).toString("latin1").split("\r\n")) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const { status = "200", ...rest } = headers;
  return { status: Number.parseInt(status, 10), headers: rest, body: answer.subarray(end + 4) };
}

function textOf({ headers, body }: SeenRequest): string {
  return (headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString("latin1");
}
