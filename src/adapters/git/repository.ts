import { mkdir, realpath, writeFile } from "node:fs/promises";
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
 * The repository under test, seen from bare repositories of the gate's own: the workspace's objects are borrowed when
 * they are whole, else history and trees are fetched from the forge. The workspace's `.git` is never written.
 */
export class GitRepository implements Repository {
  readonly #git: Git;
  readonly #workspace: string;
  readonly #folder: string;
  readonly #remote: Remote | undefined;
  /** Sees the workspace's objects; undefined when they are not whole. */
  #borrowed: string | undefined;
  /** Holds every commit, but no trees: for ancestry. */
  #history: string | undefined;
  /** Holds trees and files of single commits. */
  #content: string | undefined;
  /** Every commit that was asked for: what is fetched later must know them all. */
  readonly #asked = new Set<string>();
  #clones = 0;

  private constructor(git: Git, workspace: string, folder: string, remote: Remote | undefined) {
    this.#git = git;
    this.#workspace = workspace;
    this.#folder = folder;
    this.#remote = remote;
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
    const repository = new GitRepository(git, workspace, folder, remote);
    const promisor = await git.try(workspace, [
      "config",
      "--get-regexp",
      "^(extensions\\.partialclone|remote\\..*\\.promisor)$",
    ]);
    const partial = promisor.exitCode === 0 && remote !== undefined;
    if (shallow !== "true" && !partial) {
      const borrowed = await repository.#init("borrowed.git");
      const objects = join(await realpath(resolve(workspace, commonDir)), "objects");
      await writeFile(join(borrowed, "objects", "info", "alternates"), `${objects}\n`);
      repository.#borrowed = borrowed;
    }
    return repository;
  }

  /** Makes an empty bare repository of the workspace's object format. */
  async #init(name: string): Promise<string> {
    const path = join(this.#folder, name);
    const format = await this.#git.try(this.#workspace, ["rev-parse", "--show-object-format"]);
    const objectFormat = format.exitCode === 0 ? format.stdout.trim() : "sha1";
    await this.#git.run(this.#folder, ["init", "--quiet", "--bare", `--object-format=${objectFormat}`, path]);
    await mkdir(join(path, "objects", "info"), { recursive: true });
    await this.#git.run(path, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
    return path;
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
      changed: parseStatus(status),
    };
  }

  async ensure(commits: readonly string[]): Promise<void> {
    const wanted = [...this.#asked, ...commits];
    const absent = await this.#absent(this.#borrowed, wanted, "tree");
    if (absent.length > 0 || this.#history !== undefined) {
      const name = (absent[0] ?? commits[0] ?? "").slice(0, 12);
      const remote = this.#requireRemote(name);
      const history = this.#history ?? (await this.#init("history.git"));
      // Nothing is borrowed here: the forge would believe that we have what the workspace only seems to have.
      const unknown = await this.#absent(history, wanted, "commit");
      await this.#fetchInto(history, remote, ["--filter=tree:0"], unknown, name);
      const content = this.#content ?? (await this.#init("content.git"));
      await this.#fetchInto(content, remote, ["--depth=1"], await this.#absent(content, absent, "tree"), name);
      this.#history = history;
      this.#content = content;
    }
    for (const commit of commits) this.#asked.add(commit);
  }

  /** Those of the commits that a repository does not hold, or whose tree it does not. */
  async #absent(
    repository: string | undefined,
    commits: readonly string[],
    what: "commit" | "tree",
  ): Promise<string[]> {
    const absent: string[] = [];
    for (const commit of new Set(commits)) {
      // Without lazy fetching: an answer about what is here must not reach for the network.
      const found =
        repository !== undefined &&
        (await this.#git.try(repository, ["cat-file", "-e", `${commit}^{${what}}`], { GIT_NO_LAZY_FETCH: "1" }))
          .exitCode === 0;
      if (!found) absent.push(commit);
    }
    return absent;
  }

  #requireRemote(name: string): Remote {
    if (this.#remote !== undefined) return this.#remote;
    throw this.#borrowed === undefined
      ? new GateError(
          "history-shallow",
          say`This checkout is shallow: it does not hold the history of ${name}. Fetch it with ${"git fetch --unshallow"}, or set ${"fetch-depth: 0"} for actions/checkout.`,
        )
      : new GateError("commit-missing", say`The commit ${name} is not in this repository. Fetch it first.`);
  }

  /** The repository that holds a commit's tree and files. */
  async #holderOf(commit: string): Promise<string> {
    await this.ensure([commit]);
    const borrowed = this.#borrowed;
    if (borrowed !== undefined && (await this.#absent(borrowed, [commit], "tree")).length === 0) return borrowed;
    return this.#content ?? this.#ancestryRepository();
  }

  #ancestryRepository(): string {
    const repository = this.#history ?? this.#borrowed;
    if (repository === undefined) throw new GateError("internal", say`Ancestry was asked for before any commit.`);
    return repository;
  }

  async #fetchInto(
    repository: string,
    remote: Remote,
    options: readonly string[],
    wanted: readonly string[],
    name: string,
  ): Promise<void> {
    if (wanted.length === 0) return;
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
    const { exitCode, stdout } = await this.#git.try(this.#ancestryRepository(), ["merge-base", a, b]);
    return exitCode === 0 ? stdout.trim().split("\n")[0] : undefined;
  }

  async ancestry(commit: string): Promise<Ancestry> {
    const listed = await this.#git.run(this.#ancestryRepository(), [
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
    return this.#git.run(await this.#holderOf(commit), ["cat-file", "blob", `${commit}:${path}`]);
  }

  async list(commit: string, folder: string): Promise<readonly TreeEntry[] | undefined> {
    const { exitCode, stdout } = await this.#git.try(await this.#holderOf(commit), [
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
    const holder = await this.#holderOf(commit);
    const format = (await this.#git.run(holder, ["rev-parse", "--show-object-format"])).trim();
    await this.#git.run(this.#folder, ["init", "--quiet", `--object-format=${format}`, clone]);
    await this.#git.run(clone, ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--depth=1", holder, commit]);
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

/** Paths of `git status --porcelain=v1 -z`: "XY path", and after a rename or copy the old path as an entry of its own. */
function parseStatus(text: string): string[] {
  const paths: string[] = [];
  const entries = text.split("\0");
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index] ?? "";
    if (entry === "") continue;
    paths.push(entry.slice(3));
    if (/^[RC]/.test(entry)) index += 1;
  }
  return paths;
}

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
