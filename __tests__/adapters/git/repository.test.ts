import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { findTopLevel, openRepository } from "../../../src/adapters/git/open-repository.js";
import type { Remote } from "../../../src/adapters/git/repository.js";
import { startGitServer } from "../../support/git-server.js";

const execute = promisify(execFile);
const TOKEN = "ghs_0123456789abcdefTOKEN";
const PATH = process.env.PATH ?? "";

let folder: string;
/** The forge's repository, from which workspaces are checked out. */
let origin: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "git-test-")));
  origin = join(folder, "origin");
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute("git", args, {
    cwd,
    env: {
      PATH,
      HOME: "/nonexistent",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: "tester",
      GIT_AUTHOR_EMAIL: "tester@localhost",
      GIT_COMMITTER_NAME: "tester",
      GIT_COMMITTER_EMAIL: "tester@localhost",
    },
  });
  return stdout.trim();
}

async function write(cwd: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), content);
  }
}

async function commit(files: Readonly<Record<string, string>>, message = "change"): Promise<string> {
  await write(origin, files);
  await git(origin, "add", "--all");
  await git(origin, "commit", "--quiet", "--allow-empty", "--message", message);
  return git(origin, "rev-parse", "HEAD");
}

/** A repository with `main` (root, second) and a branch `change` from the root. */
async function makeOrigin(...options: readonly string[]) {
  await mkdir(origin);
  await git(origin, "init", "--quiet", "--initial-branch=main", ...options);
  const root = await commit({ MLproject: "name: one\n", "sub/file.txt": "one\n" }, "root");
  await git(origin, "branch", "change");
  const second = await commit({ MLproject: "name: two\n" }, "second");
  await git(origin, "checkout", "--quiet", "change");
  const head = await commit({ MLproject: "name: changed\n", "big.bin": "x".repeat(10_000) }, "changed");
  await git(origin, "checkout", "--quiet", "main");
  return { root, second, head };
}

/** As actions/checkout makes it; depth 0 is the whole history. */
async function checkOut(sha: string, options: { readonly depth?: number; readonly args?: readonly string[] } = {}) {
  const workspace = join(folder, "workspace");
  await mkdir(workspace);
  const format = await git(origin, "rev-parse", "--show-object-format");
  await git(workspace, "init", "--quiet", "--initial-branch=main", `--object-format=${format}`);
  await git(workspace, "remote", "add", "origin", `file://${origin}`);
  const refs =
    options.depth === undefined ? ["+refs/heads/*:refs/remotes/origin/*", sha] : [`--depth=${options.depth}`, sha];
  await git(workspace, "fetch", "--quiet", "--no-tags", ...(options.args ?? []), "origin", ...refs);
  await git(workspace, "checkout", "--quiet", "--detach", sha);
  return workspace;
}

async function open(workspace: string, remote?: Remote, env: Readonly<Record<string, string>> = {}) {
  const own = join(folder, "own");
  await mkdir(own, { recursive: true });
  return openRepository(workspace, own, { PATH, HOME: "/nonexistent", ...env }, remote);
}

async function serve(token: string | undefined = undefined) {
  const server = await startGitServer({ repositories: { "/octo/repo.git": join(origin, ".git") }, token });
  onTestFinished(() => server.close());
  return { server, url: `${server.uri}/octo/repo.git` };
}

/** Name, content, mode and modification time of everything below a folder, as one digest. */
async function digest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(path, { recursive: true })).sort()) {
    const found = await lstat(join(path, name));
    hash.update(`${name}\0${found.mode}\0${found.mtimeMs}\0`);
    if (found.isFile()) hash.update(await readFile(join(path, name)));
  }
  return hash.digest("hex");
}

/** Every file below a folder in which one of the texts stands. */
async function filesWith(path: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(path, { recursive: true })) {
    const file = join(path, name);
    if (!(await lstat(file)).isFile()) continue;
    const content = await readFile(file, "latin1");
    if (texts.some((text) => content.includes(text))) found.push(name);
  }
  return found;
}

const HISTORY = () => join(folder, "own", "git", "history.git");

describe("a checkout with its whole history", () => {
  it("lends its objects, and nothing in its .git changes", async () => {
    const { root, second, head } = await makeOrigin();
    const workspace = await checkOut(head);
    // The index is stale, so that a careless `git status` would rewrite it.
    await utimes(join(workspace, "MLproject"), new Date(), new Date());
    const before = await digest(join(workspace, ".git"));

    const repository = await open(workspace);
    await repository.ensure([head, second]);
    expect(await repository.mergeBase(head, second)).toBe(root);
    expect(await repository.ancestry(head)).toEqual(
      new Map([
        [head, 0],
        [root, 1],
      ]),
    );
    expect(await repository.readFile(head, "MLproject")).toBe("name: changed\n");
    expect(await repository.readFile(second, "MLproject")).toBe("name: two\n");
    expect(await repository.readFile(second, "sub/file.txt")).toBe("one\n");
    expect(await repository.readFile(second, "absent")).toBeUndefined();
    expect(await repository.list(second, "absent")).toBeUndefined();
    expect((await repository.list(head, ""))?.map(({ name, kind }) => [name, kind])).toEqual([
      ["MLproject", "file"],
      ["big.bin", "file"],
      ["sub", "folder"],
    ]);
    expect(await repository.tip("main")).toBe(second);
    expect(await repository.tip("absent")).toBeUndefined();
    expect(await repository.desk()).toMatchObject({ head, branch: undefined, changed: [] });
    const clone = await repository.cloneAt(head);
    expect(await readFile(join(clone, "MLproject"), "utf8")).toBe("name: changed\n");

    expect(await readFile(join(folder, "own", "git", "borrowed.git", "objects/info/alternates"), "utf8")).toBe(
      `${workspace}/.git/objects\n`,
    );
    expect(await digest(join(workspace, ".git"))).toBe(before);
  });

  it("without the commit is commit-missing", async () => {
    const { head } = await makeOrigin();
    const repository = await open(await checkOut(head));
    await expect(repository.ensure([head, "1".repeat(40)])).rejects.toMatchObject({ reason: "commit-missing" });
  });

  it("fetches a commit that only the forge has", async () => {
    const { head, second } = await makeOrigin();
    const workspace = await checkOut(head);
    const later = await commit({ "later.txt": "later\n" }, "later");
    const { url } = await serve();
    const repository = await open(workspace, { url, token: undefined });
    await repository.ensure([head, later]);
    expect(await repository.readFile(later, "later.txt")).toBe("later\n");
    expect((await repository.ancestry(later)).get(second)).toBe(1);
    expect(await readFile(join(await repository.cloneAt(later), "later.txt"), "utf8")).toBe("later\n");
  });

  it("asks the forge for a commit that was force-pushed away, and says so", async () => {
    const { head } = await makeOrigin();
    const workspace = await checkOut(head);
    const { url } = await serve();
    const repository = await open(workspace, { url, token: undefined });
    const gone = repository.ensure([head, "1".repeat(40)]);
    await expect(gone).rejects.toMatchObject({ reason: "commit-missing" });
    await expect(gone).rejects.toThrow(/force-push/);
  });

  it("stays usable after a commit was missing on the forge", async () => {
    const { root, second, head } = await makeOrigin();
    const workspace = await checkOut(head);
    const { url } = await serve();
    const repository = await open(workspace, { url, token: undefined });
    await repository.ensure([head]);
    await expect(repository.ensure([head, "1".repeat(40)])).rejects.toMatchObject({ reason: "commit-missing" });
    expect(await repository.readFile(head, "MLproject")).toBe("name: changed\n");
    await repository.ensure([head, second]);
    expect(await repository.mergeBase(head, second)).toBe(root);
    expect(await repository.readFile(head, "MLproject")).toBe("name: changed\n");
    expect(await readFile(join(await repository.cloneAt(head), "MLproject"), "utf8")).toBe("name: changed\n");
  });

  it("may be a worktree", async () => {
    const { head } = await makeOrigin();
    const workspace = join(folder, "worktree");
    await git(origin, "worktree", "add", "--quiet", "--detach", workspace, head);
    const repository = await open(workspace);
    await repository.ensure([head]);
    expect(await repository.desk()).toMatchObject({ head });
    expect(await repository.readFile(head, "MLproject")).toBe("name: changed\n");
  });

  it("may itself borrow from another repository", async () => {
    const { head } = await makeOrigin();
    const workspace = join(folder, "workspace");
    await git(folder, "clone", "--quiet", "--shared", origin, workspace);
    const repository = await open(workspace);
    await repository.ensure([head]);
    expect(await readFile(join(await repository.cloneAt(head), "MLproject"), "utf8")).toBe("name: changed\n");
  });

  it("may be a partial clone, as actions/checkout makes with `filter` and `sparse-checkout`", async () => {
    const { root, second, head } = await makeOrigin();
    await git(origin, "config", "uploadpack.allowFilter", "true");
    const workspace = await checkOut(head, { args: ["--filter=blob:none"] });
    expect(await git(workspace, "rev-list", "--objects", "--missing=print", second)).toMatch(/^\?/m);
    const before = await digest(join(workspace, ".git"));
    const { url } = await serve();
    const repository = await open(workspace, { url, token: undefined });
    await repository.ensure([head, second]);
    expect(await repository.mergeBase(head, second)).toBe(root);
    expect(await repository.readFile(head, "MLproject")).toBe("name: changed\n");
    expect(await repository.readFile(second, "MLproject")).toBe("name: two\n");
    expect(await readFile(join(await repository.cloneAt(second), "MLproject"), "utf8")).toBe("name: two\n");
    expect(await digest(join(workspace, ".git"))).toBe(before);
  });
});

describe("a shallow checkout", () => {
  it("gets history and trees from the forge, with a token that stays out of arguments and files", async () => {
    const { root, second, head } = await makeOrigin();
    const workspace = await checkOut(head, { depth: 1 });
    const before = await digest(join(workspace, ".git"));
    const { server, url } = await serve(TOKEN);
    // Writes down the arguments of git and of every program that git starts.
    const trace = join(folder, "trace");
    const bin = join(folder, "bin");
    const real = (await execute("sh", ["-c", "command -v git"])).stdout.trim();
    await write(bin, { git: `#!/bin/sh\nprintf '%s\\n' "$@" >> ${trace}\nGIT_TRACE=${trace} exec ${real} "$@"\n` });
    await chmod(join(bin, "git"), 0o755);

    const repository = await open(workspace, { url, token: TOKEN }, { PATH: [bin, PATH].join(delimiter) });
    await repository.ensure([head, second]);
    expect(await repository.mergeBase(head, second)).toBe(root);
    expect((await repository.ancestry(second)).get(root)).toBe(1);
    expect(await repository.readFile(head, "MLproject")).toBe("name: changed\n");
    expect(await repository.readFile(second, "MLproject")).toBe("name: two\n");
    expect(await repository.tip("main")).toBe(second);
    const clone = await repository.cloneAt(head);
    expect(await readFile(join(clone, "big.bin"), "utf8")).toHaveLength(10_000);

    expect(server.requests.every(({ headers }) => headers.authorization !== undefined)).toBe(true);
    const traced = await readFile(trace, "utf8");
    expect(traced).toContain("fetch");
    const secrets = [TOKEN, Buffer.from(`x-access-token:${TOKEN}`).toString("base64")];
    for (const secret of secrets) expect(traced).not.toContain(secret);
    expect(await filesWith(join(folder, "own"), secrets)).toEqual([]);
    expect(await digest(join(workspace, ".git"))).toBe(before);
  });

  it("fetches the history without trees and files", async () => {
    const { second, head } = await makeOrigin();
    const workspace = await checkOut(head, { depth: 1 });
    const { server, url } = await serve();
    const repository = await open(workspace, { url, token: undefined });
    await repository.ensure([head, second]);
    expect(server.wants.some((body) => body.includes("filter tree:0"))).toBe(true);
    const types = await git(HISTORY(), "cat-file", "--batch-check=%(objecttype)", "--batch-all-objects", "--unordered");
    expect([...new Set(types.split("\n"))]).toEqual(["commit"]);
  });

  it("fetches nothing again that it has", async () => {
    const { second, head } = await makeOrigin();
    const workspace = await checkOut(head, { depth: 1 });
    const { server, url } = await serve();
    const repository = await open(workspace, { url, token: undefined });
    await repository.ensure([head, second]);
    const count = server.requests.length;
    await repository.ensure([head]);
    await repository.ensure([second, head]);
    expect(server.requests).toHaveLength(count);
  });

  it("says fetch-depth: 0 without a forge", async () => {
    const { second, head } = await makeOrigin();
    const repository = await open(await checkOut(head, { depth: 1 }));
    const shallow = repository.ensure([head, second]);
    await expect(shallow).rejects.toMatchObject({ reason: "history-shallow" });
    await expect(shallow).rejects.toThrow(/fetch-depth: 0/);
  });

  it("says fetch-depth: 0 when the forge refuses the token, and does not ask for a password", async () => {
    const { second, head } = await makeOrigin();
    const workspace = await checkOut(head, { depth: 1 });
    const { url } = await serve(TOKEN);
    const repository = await open(workspace, { url, token: "ghs_wrong_token" });
    const refused = repository.ensure([head, second]);
    await expect(refused).rejects.toMatchObject({ reason: "history-shallow" });
    await expect(refused).rejects.toThrow(/fetch-depth: 0.*contents: read/);
    await expect(refused).rejects.not.toThrow(/ghs_wrong_token/);
  });

  it("says fetch-depth: 0 when the forge cannot be reached", async () => {
    const { second, head } = await makeOrigin();
    const workspace = await checkOut(head, { depth: 1 });
    const repository = await open(workspace, { url: "http://127.0.0.1:9/octo/repo.git", token: TOKEN });
    const unreachable = repository.ensure([head, second]);
    await expect(unreachable).rejects.toMatchObject({ reason: "history-shallow" });
    await expect(unreachable).rejects.toThrow(/fetch-depth: 0/);
  });

  it("whose commit is gone from the forge is commit-missing", async () => {
    const { head } = await makeOrigin();
    const workspace = await checkOut(head, { depth: 1 });
    const { url } = await serve();
    const repository = await open(workspace, { url, token: undefined });
    await expect(repository.ensure([head, "2".repeat(40)])).rejects.toMatchObject({ reason: "commit-missing" });
  });

  it("finds a branch's tip on the forge by its whole name", async () => {
    const { second, head } = await makeOrigin();
    await git(origin, "update-ref", "refs/heads/refs/heads/other", head);
    const workspace = await checkOut(head, { depth: 1 });
    const { url } = await serve();
    const repository = await open(workspace, { url, token: undefined });
    expect(await repository.tip("main")).toBe(second);
    expect(await repository.tip("other")).toBeUndefined();
    expect(await repository.tip("*")).toBeUndefined();
  });
});

describe("history", () => {
  it("has the merge base of branches that were merged before, and none of unrelated ones", async () => {
    const { second, head } = await makeOrigin();
    await git(origin, "merge", "--quiet", "--no-ff", "--message=merge", "--strategy-option=ours", head);
    const merge = await git(origin, "rev-parse", "HEAD");
    await git(origin, "checkout", "--quiet", "--orphan", "island");
    const island = await commit({ other: "1" }, "island");
    const workspace = await checkOut(merge);
    const repository = await open(workspace);
    await repository.ensure([merge, island]);
    expect(await repository.mergeBase(merge, head)).toBe(head);
    expect(await repository.mergeBase(second, head)).not.toBe(second);
    expect(await repository.mergeBase(merge, island)).toBeUndefined();
  });

  it("gives every ancestor its smallest distance across merges", async () => {
    const { root, second, head } = await makeOrigin();
    await git(origin, "merge", "--quiet", "--no-ff", "--message=merge", "--strategy-option=ours", head);
    const merge = await git(origin, "rev-parse", "HEAD");
    const after = await commit({ after: "1" }, "after");
    const repository = await open(await checkOut(after));
    await repository.ensure([after]);
    expect(Object.fromEntries(await repository.ancestry(after))).toEqual({
      [after]: 0,
      [merge]: 1,
      [second]: 2,
      [head]: 2,
      [root]: 3,
    });
  });
});

describe("a SHA-256 repository", () => {
  it("works whole", async () => {
    const { root, second, head } = await makeOrigin("--object-format=sha256");
    expect(head).toHaveLength(64);
    const repository = await open(await checkOut(head));
    await repository.ensure([head, second]);
    expect(await repository.mergeBase(head, second)).toBe(root);
    expect(await repository.readFile(second, "MLproject")).toBe("name: two\n");
    const clone = await repository.cloneAt(head);
    expect(await git(clone, "rev-parse", "HEAD")).toBe(head);
  });

  it("works shallow", async () => {
    const { root, second, head } = await makeOrigin("--object-format=sha256");
    const workspace = await checkOut(head, { depth: 1 });
    const { url } = await serve();
    const repository = await open(workspace, { url, token: undefined });
    await repository.ensure([head, second]);
    expect(await repository.mergeBase(head, second)).toBe(root);
    expect(await git(await repository.cloneAt(second), "rev-parse", "HEAD")).toBe(second);
  });
});

describe("names", () => {
  it.each([
    "a b",
    "#1",
    `it's "quoted"`,
    "größe 🍷",
    "$(touch x)",
    "--option",
    "new\nline",
    "tab\there",
    "back\\slash",
    ":(glob)*",
  ])("of a folder may be %j", async (name) => {
    await mkdir(origin);
    await git(origin, "init", "--quiet", "--initial-branch=main");
    const head = await commit({ [`${name}/MLproject`]: "name: odd\n", [`${name}/deep er/file`]: "deep\n" });
    const repository = await open(await checkOut(head));
    await repository.ensure([head]);
    expect((await repository.list(head, ""))?.map((entry) => entry.name)).toEqual([name]);
    expect((await repository.list(head, name))?.map((entry) => entry.name)).toEqual(["MLproject", "deep er"]);
    expect(await repository.readFile(head, `${name}/MLproject`)).toBe("name: odd\n");
    expect(await repository.readFile(head, `${name}/deep er/file`)).toBe("deep\n");
    expect(await readFile(join(await repository.cloneAt(head), name, "MLproject"), "utf8")).toBe("name: odd\n");
  });

  it.each([
    "--upload-pack=touch x",
    "--upload-pack=x",
    "$(id)",
    "a b",
    "-f",
    "größe-🍷",
    "a'b\"c",
    "HEAD",
    "feature/deep/er",
  ])("of a branch may be %j: plain data, here and on the forge", async (name) => {
    const { second, head } = await makeOrigin();
    const legal = !name.includes(" ");
    if (legal) await git(origin, "update-ref", `refs/heads/${name}`, head);
    const { url } = await serve();

    const whole = await open(await checkOut(second));
    expect(await whole.tip(name)).toBe(legal ? head : undefined);
    await rm(join(folder, "workspace"), { recursive: true });
    await rm(join(folder, "own"), { recursive: true });
    const workspace = await checkOut(second, { depth: 1 });
    const shallow = await open(workspace, { url, token: undefined });
    expect(await shallow.tip(name)).toBe(legal ? head : undefined);
    expect(await readdir(workspace)).not.toContain("x");
  });

  it("of the workspace may have a space, quotes and a hash", async () => {
    const { head } = await makeOrigin();
    const workspace = join(folder, `my "work" #1 it's`);
    await git(folder, "clone", "--quiet", origin, workspace);
    const repository = await open(workspace);
    await repository.ensure([head]);
    expect(await repository.readFile(head, "MLproject")).toBe("name: changed\n");
    expect(await readFile(join(await repository.cloneAt(head), "MLproject"), "utf8")).toBe("name: changed\n");
  });
});

describe("readFile and list", () => {
  it("follow no symbolic link and enter no submodule", async () => {
    await mkdir(origin);
    await git(origin, "init", "--quiet", "--initial-branch=main");
    await write(origin, { "target.txt": "secret\n" });
    await execute("ln", ["-s", "target.txt", join(origin, "link")]);
    await execute("ln", ["-s", "/etc", join(origin, "etc")]);
    await git(origin, "update-index", "--add", "--cacheinfo", `160000,${"3".repeat(40)},module`);
    await git(origin, "add", "target.txt", "link", "etc");
    await git(origin, "commit", "--quiet", "--message=links");
    const head = await git(origin, "rev-parse", "HEAD");
    const repository = await open(await checkOut(head));
    await repository.ensure([head]);
    expect(await repository.readFile(head, "link")).toBeUndefined();
    expect(await repository.readFile(head, "etc/passwd")).toBeUndefined();
    expect(await repository.readFile(head, "module")).toBeUndefined();
    expect((await repository.list(head, ""))?.map(({ name, kind }) => [name, kind])).toEqual([
      ["etc", "link"],
      ["link", "link"],
      ["module", "submodule"],
      ["target.txt", "file"],
    ]);
  });
});

describe("cloneAt", () => {
  it("runs no hook, no filter and no monitor that the workspace's configuration names", async () => {
    await mkdir(origin);
    await git(origin, "init", "--quiet", "--initial-branch=main");
    const head = await commit({ MLproject: "name: clean\n", ".gitattributes": "* filter=evil diff=evil merge=evil\n" });
    const workspace = await checkOut(head);
    const marker = join(folder, "ran");
    const program = join(folder, "evil.sh");
    await write(folder, { "evil.sh": `#!/bin/sh\necho "$0 $*" >> ${marker}\ncat\n` });
    await chmod(program, 0o755);
    for (const hook of [
      "post-checkout",
      "pre-auto-gc",
      "reference-transaction",
      "post-index-change",
      "fsmonitor-watchman",
    ]) {
      await write(join(workspace, ".git", "hooks"), { [hook]: `#!/bin/sh\necho ${hook} >> ${marker}\n` });
      await chmod(join(workspace, ".git", "hooks", hook), 0o755);
    }
    const planted = {
      "filter.evil.smudge": program,
      "filter.evil.process": program,
      "filter.evil.required": "true",
      "core.fsmonitor": program,
      "core.hooksPath": join(workspace, ".git", "hooks"),
      "core.sshCommand": program,
      "core.gitProxy": program,
      "core.pager": program,
      "core.editor": program,
      "credential.helper": `!${program}`,
      "uploadpack.packObjectsHook": program,
      "init.templateDir": join(workspace, ".git"),
      "http.extraheader": "AUTHORIZATION: basic c2VjcmV0",
    };
    for (const [key, value] of Object.entries(planted)) await git(workspace, "config", key, value);
    await rm(marker, { force: true });

    const repository = await open(
      workspace,
      { url: "http://127.0.0.1:9/x.git", token: TOKEN },
      {
        GIT_TEMPLATE_DIR: join(workspace, ".git"),
        GIT_SSH_COMMAND: program,
        GIT_ASKPASS: program,
        GIT_EXTERNAL_DIFF: program,
        GIT_CONFIG_PARAMETERS: `'core.fsmonitor'='${program}'`,
      },
    );
    await repository.ensure([head]);
    await repository.list(head, "");
    const clone = await repository.cloneAt(head);
    expect(existsSync(marker) ? await readFile(marker, "utf8") : "").toBe("");
    expect(await readFile(join(clone, "MLproject"), "utf8")).toBe("name: clean\n");
  });

  it("is exactly the commit, with neither remote nor credentials nor anything uncommitted", async () => {
    const { head } = await makeOrigin();
    const workspace = await checkOut(head);
    await git(workspace, "config", "http.https://github.com/.extraheader", "AUTHORIZATION: basic c2VjcmV0");
    await write(workspace, { MLproject: "name: dirty\n", "untracked.txt": "1" });
    const repository = await open(workspace);
    await repository.ensure([head]);
    const clone = await repository.cloneAt(head);
    expect(await git(clone, "rev-parse", "HEAD")).toBe(head);
    expect(await git(clone, "status", "--porcelain", "--ignored")).toBe("");
    expect(await git(clone, "remote")).toBe("");
    expect(await git(clone, "for-each-ref")).toBe("");
    expect(await git(clone, "config", "--local", "--list")).not.toMatch(/extraheader|remote|url|credential|hook/i);
    expect(await readFile(join(clone, "MLproject"), "utf8")).toBe("name: changed\n");
    expect(existsSync(join(clone, "untracked.txt"))).toBe(false);
    expect(existsSync(join(clone, ".git", "objects", "info", "alternates"))).toBe(false);
  });

  it("makes independent clones, in a folder that is no part of the workspace", async () => {
    const { second, head } = await makeOrigin();
    const workspace = await checkOut(head);
    const repository = await open(workspace);
    await repository.ensure([head, second]);
    const [one, two] = [await repository.cloneAt(head), await repository.cloneAt(second)];
    expect(one).not.toBe(two);
    expect(one.startsWith(workspace)).toBe(false);
    await rm(join(one, "MLproject"));
    expect(await readFile(join(two, "MLproject"), "utf8")).toBe("name: two\n");
  });

  it("keeps bytes, line ends, modes and links as they were committed", async () => {
    await mkdir(origin);
    await git(origin, "init", "--quiet", "--initial-branch=main");
    await write(origin, { "crlf.txt": "a\r\nb\r\n", "run.sh": "#!/bin/sh\n", ".gitattributes": "*.txt text\n" });
    await chmod(join(origin, "run.sh"), 0o755);
    await execute("ln", ["-s", "run.sh", join(origin, "link")]);
    await git(origin, "config", "core.autocrlf", "false");
    await git(origin, "-c", "core.attributesFile=/dev/null", "add", "--all");
    await git(origin, "commit", "--quiet", "--message=modes");
    const head = await git(origin, "rev-parse", "HEAD");
    const workspace = await checkOut(head);
    await git(workspace, "config", "core.autocrlf", "true");
    const repository = await open(workspace);
    await repository.ensure([head]);
    const clone = await repository.cloneAt(head);
    // `*.txt text` has normalised the committed blob; the clone has what was committed.
    expect(await readFile(join(clone, "crlf.txt"), "utf8")).toBe("a\nb\n");
    expect((await lstat(join(clone, "run.sh"))).mode & 0o111).not.toBe(0);
    expect((await lstat(join(clone, "link"))).isSymbolicLink()).toBe(true);
  });
});

describe("a workspace that belongs to somebody else", () => {
  it("is read all the same, as in a container job", async () => {
    const { root, second, head } = await makeOrigin();
    const workspace = await checkOut(head);
    // Only root can give a folder away; git's own switch for its tests makes it take the workspace for another user's.
    const script = `#!/bin/sh\ncase "$(pwd -P)" in "${workspace}"*) export GIT_TEST_ASSUME_DIFFERENT_OWNER=1;; esac\nexec "$REAL_GIT" "$@"\n`;
    const { stdout: realGit } = await execute("sh", ["-c", "command -v git"], { env: { PATH } });
    await write(join(folder, "bin"), { git: script.replace("$REAL_GIT", realGit.trim()) });
    await chmod(join(folder, "bin", "git"), 0o755);
    const env = { PATH: `${join(folder, "bin")}:${PATH}` };
    await expect(execute("git", ["status"], { cwd: workspace, env: { ...env, HOME: "/nonexistent" } })).rejects.toThrow(
      /dubious ownership/,
    );
    const repository = await open(workspace, undefined, env);
    await repository.ensure([head, second]);
    expect(await repository.mergeBase(head, second)).toBe(root);
    expect(await repository.desk()).toMatchObject({ head });
    expect(await readFile(join(await repository.cloneAt(head), "MLproject"), "utf8")).toBe("name: changed\n");
  });
});

describe("openRepository", () => {
  it("says what to do in a folder that is no repository", async () => {
    const workspace = join(folder, "plain");
    await mkdir(workspace);
    const opened = open(workspace);
    await expect(opened).rejects.toMatchObject({ reason: "configuration" });
    await expect(opened).rejects.toThrow(/is not a git repository.*Check out the repository/);
  });

  it("says that git is missing", async () => {
    const { head } = await makeOrigin();
    const workspace = await checkOut(head);
    await expect(open(workspace, undefined, { PATH: folder })).rejects.toThrow(/git is not on PATH/);
  });

  it("refuses a git that is too old", async () => {
    const { head } = await makeOrigin();
    const workspace = await checkOut(head);
    await write(join(folder, "bin"), { git: "#!/bin/sh\necho git version 2.23.4\n" });
    await chmod(join(folder, "bin", "git"), 0o755);
    await expect(open(workspace, undefined, { PATH: join(folder, "bin") })).rejects.toThrow(/2\.24 is needed/);
  });

  it("uses no git that lies in the workspace", async () => {
    const { head } = await makeOrigin();
    const workspace = await checkOut(head);
    await write(workspace, { "bin/git": `#!/bin/sh\ntouch ${folder}/ran\n` });
    await chmod(join(workspace, "bin", "git"), 0o755);
    await open(workspace, undefined, { PATH: [join(workspace, "bin"), PATH].join(delimiter) });
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });
});

describe("desk", () => {
  it("tells branch, default branch and changed files, whatever their names", async () => {
    const { head } = await makeOrigin();
    const workspace = join(folder, "workspace");
    await git(folder, "clone", "--quiet", origin, workspace);
    await git(workspace, "checkout", "--quiet", "change");
    await write(workspace, { MLproject: "name: edited\n", "untracked.txt": "1", "staged é.txt": "1" });
    await git(workspace, "add", "staged é.txt");
    const repository = await open(workspace);
    expect(await repository.desk()).toEqual({
      head,
      branch: "change",
      defaultBranch: "main",
      changed: ["MLproject", "staged é.txt"].sort(),
    });
  });

  it("lists a renamed file once, by its new name", async () => {
    await makeOrigin();
    const workspace = join(folder, "workspace");
    await git(folder, "clone", "--quiet", origin, workspace);
    await git(workspace, "mv", "sub/file.txt", "sub/renamed file.txt");
    const repository = await open(workspace);
    expect((await repository.desk()).changed).toEqual(["sub/renamed file.txt"]);
  });

  it("says that there is no commit yet", async () => {
    const workspace = join(folder, "empty");
    await mkdir(workspace);
    await git(workspace, "init", "--quiet");
    const repository = await open(workspace);
    await expect(repository.desk()).rejects.toThrow(/no commit yet/);
  });
});

describe("findTopLevel", () => {
  it("is the repository's folder seen from below, and the folder itself outside of any", async () => {
    const { head } = await makeOrigin();
    const workspace = await checkOut(head);
    const env = { PATH, HOME: "/nonexistent" };
    expect(await findTopLevel(join(workspace, "sub"), env)).toBe(workspace);
    expect(await findTopLevel(folder, env)).toBe(folder);
  });
});
