import { lstat, mkdir, readdir, readFile, realpath } from "node:fs/promises";
import { join, posix } from "node:path";
import { Git } from "../adapters/git/git.js";
import type { Environment } from "../adapters/process/child-environment.js";
import type { CommandResult } from "../adapters/process/command.js";
import { isInside, which } from "../adapters/process/which.js";
import { type Sentence, say } from "../core/sentence.js";

/** Larger files are no configuration. */
const LARGEST_TEXT = 1024 * 1024;
const LFS_POINTER = "version https://git-lfs.github.com/spec/v1";

/** Whether the commit that would be tested holds a path, and if not, why. `unknown`: there is no commit to ask. */
export type Held = "committed" | "staged" | "untracked" | "ignored" | "submodule" | "missing" | "unknown";

/**
 * The repository as it lies on this desk. Files are read from the working tree, since they are what is being edited;
 * whether the gate will see them is asked of git, because it only ever sees commits. Nothing is written.
 */
export class Checkout {
  /** The top folder of the repository, absolute and without symbolic links. */
  readonly folder: string;
  readonly #git: Git | undefined;
  readonly #hasCommit: boolean;

  private constructor(folder: string, git: Git | undefined, hasCommit: boolean) {
    this.folder = folder;
    this.#git = git;
    this.#hasCommit = hasCommit;
  }

  /** Opens a folder whether or not it is a repository: what is missing is for `checkGit` to say. */
  static async open(folder: string, temporary: string, env: Environment): Promise<Checkout> {
    const real = await realpath(folder);
    const file = await which("git", env.PATH, real);
    if (file === undefined) return new Checkout(real, undefined, false);
    const place = join(temporary, "checkout");
    await mkdir(place, { recursive: true });
    const git = await Git.open(file, place, real, env);
    const head = await git.try(real, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
    return new Checkout(real, git, head.exitCode === 0);
  }

  /** Runs git in the repository; undefined without git. */
  async git(args: readonly string[]): Promise<CommandResult | undefined> {
    return this.#git?.try(this.folder, args);
  }

  /** Text of a regular file inside the repository, undefined when there is none; links are not followed. */
  async readText(path: string): Promise<string | undefined> {
    const file = join(this.folder, path);
    const entry = await lstat(file).catch(() => undefined);
    if (entry === undefined || !entry.isFile() || entry.size > LARGEST_TEXT) return undefined;
    const real = await realpath(file).catch(() => undefined);
    if (real === undefined || !isInside(real, this.folder)) return undefined;
    return readFile(real, "utf8").catch(() => undefined);
  }

  /** Names in a folder, undefined when there is no such folder. */
  async names(folder: string): Promise<readonly string[] | undefined> {
    return readdir(join(this.folder, folder)).then(
      (names) => names.sort(),
      () => undefined,
    );
  }

  async kind(path: string): Promise<"file" | "folder" | "link" | undefined> {
    const entry = await lstat(join(this.folder, path)).catch(() => undefined);
    if (entry === undefined) return undefined;
    return entry.isSymbolicLink() ? "link" : entry.isDirectory() ? "folder" : "file";
  }

  /** Tracked files and untracked ones that git does not ignore. */
  async files(): Promise<readonly string[]> {
    const listed = await this.git(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    const files = listed?.exitCode === 0 ? listed.stdout.split("\0").filter((path) => path !== "") : [];
    return [...new Set(files)].sort();
  }

  /** Whether HEAD holds a path that is relative to the repository. */
  async held(path: string): Promise<Held> {
    const wanted = posix.normalize(path).replace(/\/$/, "");
    const exists = (await this.kind(wanted)) !== undefined;
    if (!this.#hasCommit) return exists ? "unknown" : "missing";
    const ask = async (...args: readonly string[]) => {
      const answer = await this.git(args);
      return { yes: answer?.exitCode === 0, words: answer?.stderr ?? "" };
    };
    if ((await ask("cat-file", "-e", wanted === "." ? "HEAD^{tree}" : `HEAD:${wanted}`)).yes) return "committed";
    if (!exists) return "missing";
    if ((await ask("--literal-pathspecs", "ls-files", "--error-unmatch", "--", wanted)).yes) return "staged";
    // Takes paths as they are, and refuses to be told so.
    const ignored = await ask("check-ignore", "--quiet", "--", wanted);
    if (ignored.yes) return "ignored";
    return /is in submodule/.test(ignored.words) ? "submodule" : "untracked";
  }

  /** Whether HEAD holds a file as a pointer of Git LFS instead of its content. */
  async isLfsPointer(path: string): Promise<boolean> {
    const object = `HEAD:${posix.normalize(path)}`;
    const size = await this.git(["cat-file", "-s", object]);
    if (size?.exitCode !== 0 || Number(size.stdout) > 1024) return false;
    const content = await this.git(["cat-file", "blob", object]);
    return content?.exitCode === 0 && content.stdout.startsWith(LFS_POINTER);
  }

  /** Whether a commit is in this repository; undefined when there is nobody to ask. */
  async hasCommit(commit: string): Promise<boolean | undefined> {
    if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit)) return false;
    const answer = await this.git(["cat-file", "-e", `${commit}^{commit}`]);
    return answer === undefined ? undefined : answer.exitCode === 0;
  }
}

/** Why the gate will not see a path, as the end of a sentence that begins with it; undefined when it will. */
export function describeUnseen(held: Held): Sentence | undefined {
  switch (held) {
    case "committed":
    case "unknown":
      return undefined;
    case "staged":
      return say`is added but not committed`;
    case "untracked":
      return say`is not tracked by git`;
    case "ignored":
      return say`is ignored by git`;
    case "submodule":
      return say`lies in a submodule, which a clone of the gate does not have`;
    case "missing":
      return say`does not exist`;
  }
}
