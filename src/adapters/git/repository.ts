import { mkdir, realpath, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { distancesFrom } from "../../core/ancestry.js";
import type { Ancestry } from "../../core/baseline.js";
import { GateError } from "../../core/gate-error.js";
import { say } from "../../core/sentence.js";
import type { Desk, Repository, TreeEntry } from "../../gate/ports.js";
import { type Git, lastLine } from "./git.js";

/** Older history than this is not asked about: a record that old is not found by ancestry. */
const NEWEST_COMMITS = 50_000;

/** The forge's copy of the repository, for commits that a shallow checkout does not have. */
export interface Remote {
  /** Without credentials. */
  readonly url: string;
  readonly token: string | undefined;
}

/**
 * The repository under test, seen from a bare repository of the gate's own: the workspace's objects are borrowed when
 * its history is whole, else history and trees are fetched from the forge. The workspace's `.git` is never written.
 */
export class GitRepository implements Repository {
  readonly #git: Git;
  readonly #workspace: string;
  readonly #folder: string;
  readonly #remote: Remote | undefined;
  /** Holds every commit, for ancestry. */
  readonly #history: string;
  /** Holds trees and files of the commits that were asked for. */
  #content: string;
  #shallow: boolean;
  #clones = 0;

  private constructor(git: Git, workspace: string, folder: string, remote: Remote | undefined, shallow: boolean) {
    this.#git = git;
    this.#workspace = workspace;
    this.#folder = folder;
    this.#remote = remote;
    this.#shallow = shallow;
    this.#history = join(folder, "history.git");
    this.#content = this.#history;
  }

  /**
   * @param workspace the checkout
   * @param folder an empty temporary folder of the gate's own
   * @throws GateError `configuration` when the workspace is not a git repository
   */
  static async open(git: Git, workspace: string, folder: string, remote: Remote | undefined): Promise<GitRepository> {
    await git.checkVersion(folder);
    const found = await git.try(workspace, ["rev-parse", "--git-common-dir", "--is-shallow-repository"]);
    const [commonDir = "", shallow = ""] = found.stdout.trim().split("\n");
    if (found.exitCode !== 0) {
      throw new GateError(
        "configuration",
        say`${workspace} is not a git repository (${lastLine(found.stderr)}). Check out the repository in a step before this one.`,
      );
    }
    const repository = new GitRepository(git, workspace, folder, remote, shallow === "true");
    await repository.#init(repository.#history);
    if (!repository.#shallow) {
      const objects = join(await realpath(resolve(workspace, commonDir)), "objects");
      await writeFile(join(repository.#history, "objects", "info", "alternates"), `${objects}\n`);
    }
    return repository;
  }

  async #init(path: string): Promise<void> {
    // A SHA-256 repository borrows only from its like.
    const format = await this.#git.try(this.#workspace, ["rev-parse", "--show-object-format"]);
    const objectFormat = format.exitCode === 0 ? format.stdout.trim() : "sha1";
    await this.#git.run(this.#folder, ["init", "--quiet", "--bare", `--object-format=${objectFormat}`, path]);
    await mkdir(join(path, "objects", "info"), { recursive: true });
    await this.#git.run(path, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
  }

  async desk(): Promise<Desk> {
    const git = async (args: readonly string[]) => {
      const { exitCode, stdout } = await this.#git.try(this.#workspace, args);
      return exitCode === 0 ? stdout.replace(/\n$/, "") : undefined;
    };
    const head = await git(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
    if (head === undefined) {
      throw new GateError("configuration", say`The repository has no commit yet. Commit the project first.`);
    }
    const status = (await git(["status", "--porcelain=v1", "-z", "--untracked-files=no"])) ?? "";
    const remoteHead = await git(["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"]);
    return {
      head,
      branch: (await git(["symbolic-ref", "--quiet", "--short", "HEAD"])) ?? undefined,
      defaultBranch: remoteHead?.replace(/^refs\/remotes\/origin\//, ""),
      changed: status
        .split("\0")
        .filter((entry) => entry !== "")
        .map((entry) => entry.slice(3)),
    };
  }

  async ensure(commits: readonly string[]): Promise<void> {
    const missing = [];
    for (const commit of commits) if (!(await this.#has(commit))) missing.push(commit);
    if (missing.length === 0) return;
    await this.#fetch(commits, missing);
  }

  /** Whether a commit and its tree can be read here. */
  async #has(commit: string): Promise<boolean> {
    const tree = await this.#git.try(this.#content, ["cat-file", "-e", `${commit}^{tree}`]);
    if (tree.exitCode !== 0) return false;
    if (this.#content === this.#history) return true;
    return (await this.#git.try(this.#history, ["cat-file", "-e", `${commit}^{commit}`])).exitCode === 0;
  }

  /** Fetches commits from the forge: all history without trees, then the trees of just these commits. */
  async #fetch(commits: readonly string[], missing: readonly string[]): Promise<void> {
    const name = missing[0]?.slice(0, 12) ?? "";
    if (this.#remote === undefined) {
      throw this.#shallow
        ? new GateError(
            "history-shallow",
            say`This checkout is shallow: it does not hold the history of ${name}. Fetch it with ${"git fetch --unshallow"}, or set ${"fetch-depth: 0"} for actions/checkout.`,
          )
        : new GateError("commit-missing", say`The commit ${name} is not in this repository. Fetch it first.`);
    }
    if (!this.#shallow) {
      // Borrowed objects would make the forge believe that we have what may be missing here: start afresh.
      await rm(join(this.#history, "objects", "info", "alternates"), { force: true });
      this.#shallow = true;
    }
    if (this.#content === this.#history) {
      this.#content = join(this.#folder, "content.git");
      await this.#init(this.#content);
    }
    await this.#fetchInto(this.#history, ["--filter=tree:0"], commits, name);
    await this.#fetchInto(this.#content, ["--depth=1"], commits, name);
  }

  async #fetchInto(
    repository: string,
    options: readonly string[],
    wanted: readonly string[],
    name: string,
  ): Promise<void> {
    const remote = this.#remote;
    if (remote === undefined) return;
    const { exitCode, stderr } = await this.#git.try(
      repository,
      ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", ...options, "--end-of-options", remote.url, ...wanted],
      remoteEnvironment(remote),
    );
    if (exitCode === 0) return;
    const unknown = /not our ref|couldn't find remote ref|unadvertised object/.test(stderr);
    throw new GateError(
      unknown ? "commit-missing" : "history-shallow",
      unknown
        ? say`The commit ${name} is not in the repository any more (${lastLine(stderr)}). It was probably replaced by a force-push: run the gate on the new commit.`
        : say`This checkout does not hold the history of ${name}, and fetching it failed (${lastLine(stderr)}). Set ${"fetch-depth: 0"} for actions/checkout, and give the job ${"contents: read"}.`,
    );
  }

  async tip(branch: string): Promise<string | undefined> {
    for (const ref of [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`]) {
      const found = await this.#git.try(this.#workspace, [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        `${ref}^{commit}`,
      ]);
      if (found.exitCode === 0) return found.stdout.trim();
    }
    if (this.#remote === undefined) return undefined;
    const listed = await this.#git.try(
      this.#folder,
      ["ls-remote", "--end-of-options", this.#remote.url, `refs/heads/${branch}`],
      remoteEnvironment(this.#remote),
    );
    // ls-remote matches by pattern, so the name is compared.
    const line = listed.stdout.split("\n").find((entry) => entry.split("\t")[1] === `refs/heads/${branch}`);
    return line?.split("\t")[0];
  }

  async mergeBase(a: string, b: string): Promise<string | undefined> {
    const { exitCode, stdout } = await this.#git.try(this.#history, ["merge-base", a, b]);
    return exitCode === 0 ? stdout.trim().split("\n")[0] : undefined;
  }

  async ancestry(commit: string): Promise<Ancestry> {
    const listed = await this.#git.run(this.#history, [
      "rev-list",
      "--parents",
      `--max-count=${NEWEST_COMMITS}`,
      commit,
    ]);
    const parents = new Map(
      listed
        .trimEnd()
        .split("\n")
        .map((line) => {
          const [own = "", ...rest] = line.split(" ");
          return [own, rest] as const;
        }),
    );
    return distancesFrom(commit, parents);
  }

  async readFile(commit: string, path: string): Promise<string | undefined> {
    const slash = path.lastIndexOf("/");
    const entries = await this.list(commit, path.slice(0, Math.max(slash, 0)));
    const entry = entries?.find(({ name }) => name === path.slice(slash + 1));
    if (entry?.kind !== "file") return undefined;
    return this.#git.run(this.#content, ["cat-file", "blob", `${commit}:${path}`]);
  }

  async list(commit: string, folder: string): Promise<readonly TreeEntry[] | undefined> {
    const { exitCode, stdout } = await this.#git.try(this.#content, [
      "ls-tree",
      "-z",
      "--full-tree",
      `${commit}:${folder}`,
    ]);
    if (exitCode !== 0) return undefined;
    return stdout
      .split("\0")
      .filter((line) => line !== "")
      .map((line) => {
        const mode = line.slice(0, 6);
        const id = line.slice(0, line.indexOf("\t")).split(" ").at(-1) ?? "";
        return { name: line.slice(line.indexOf("\t") + 1), kind: KINDS[mode] ?? "file", id };
      });
  }

  async cloneAt(commit: string): Promise<string> {
    this.#clones += 1;
    const clone = join(this.#folder, `clone-${this.#clones}`);
    const format = (await this.#git.run(this.#content, ["rev-parse", "--show-object-format"])).trim();
    await this.#git.run(this.#folder, ["init", "--quiet", `--object-format=${format}`, clone]);
    await this.#git.run(clone, [
      "fetch",
      "--quiet",
      "--no-tags",
      "--no-write-fetch-head",
      "--depth=1",
      this.#content,
      commit,
    ]);
    await this.#git.run(clone, ["checkout", "--quiet", "--detach", "--force", commit]);
    return clone;
  }
}

const KINDS: Readonly<Record<string, TreeEntry["kind"]>> = {
  "100644": "file",
  "100755": "file",
  "040000": "folder",
  "120000": "link",
  "160000": "submodule",
};

/** The job's token, as a header for this one call: it is in no file and no argument. */
function remoteEnvironment(remote: Remote): Record<string, string> {
  if (remote.token === undefined) return {};
  const basic = Buffer.from(`x-access-token:${remote.token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${remote.url}.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  };
}
