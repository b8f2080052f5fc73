import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../adapters/process/command.js";

/** Folder of the project in the demo's repository. */
export const PROJECT = "wine-quality";

const CONFIGURATION = `version: 1
projects:
  - name: wine-quality
    path: ${PROJECT}
    experiment: wine-quality
    labels: { run_origin: repro-gate }
`;

/** A pull request of the demo: an edit of the training, and what the gate must say about it. */
export interface DemoChange {
  readonly number: number;
  readonly branch: string;
  readonly title: string;
  readonly outcome: "reproduced" | "diverged";
  /** Pieces of `train.py` and what they become. */
  readonly edits: readonly (readonly [string, string])[];
}

export const CHANGES: readonly DemoChange[] = [
  {
    number: 1,
    branch: "tidy-up",
    title: "Name the share of held-out rows",
    outcome: "reproduced",
    edits: [
      ["SEED = 2019\n", "SEED = 2019\nTEST_SIZE = 0.30\n"],
      ["test_size=0.30", "test_size=TEST_SIZE"],
    ],
  },
  {
    number: 2,
    branch: "bigger-test-set",
    title: "Hold out more rows",
    outcome: "diverged",
    edits: [["test_size=0.30", "test_size=0.35"]],
  },
];

export interface Commits {
  readonly head: string;
  readonly merge: string;
  readonly base: string;
}

/** A repository on this machine with the example project on `main`, as a user's would be. */
export class DemoRepository {
  readonly folder: string;
  readonly #git: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: string, git: string, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#git = git;
    this.#env = env;
  }

  /** @param data another table for the training, undefined for the example's own */
  static async create(
    folder: string,
    git: string,
    env: Readonly<Record<string, string>>,
    example: string,
    data: string | undefined,
  ): Promise<DemoRepository> {
    const identity = { NAME: "demo", EMAIL: "demo@localhost", DATE: "" };
    const author = Object.entries(identity).flatMap(([key, value]) =>
      value === "" ? [] : [[`GIT_AUTHOR_${key}`, value] as const, [`GIT_COMMITTER_${key}`, value] as const],
    );
    const repository = new DemoRepository(folder, git, { ...env, ...Object.fromEntries(author) });
    await mkdir(join(folder, ".github"), { recursive: true });
    await cp(example, join(folder, PROJECT), { recursive: true });
    if (data !== undefined) await copyFile(data, join(folder, PROJECT, "data", "wine-quality-white.csv"));
    await writeFile(join(folder, ".github", "repro-gate.yml"), CONFIGURATION);
    await repository.#run("init", "--quiet", "--initial-branch=main");
    await repository.#run("add", "--all");
    await repository.#run("commit", "--quiet", "--message=Wine quality: a decision tree");
    return repository;
  }

  /** The commit of `main`. */
  main(): Promise<string> {
    return this.#run("rev-parse", "main");
  }

  /** Commits a change on a branch of its own and merges it on trial, as GitHub does for a pull request. */
  async open(change: DemoChange): Promise<Commits> {
    await this.#run("checkout", "--quiet", "-b", change.branch, "main");
    const file = join(this.folder, PROJECT, "train.py");
    let text = await readFile(file, "utf8");
    for (const [before, after] of change.edits) {
      if (!text.includes(before)) throw new Error(`The example has no ${JSON.stringify(before)} to change.`);
      text = text.replace(before, after);
    }
    await writeFile(file, text);
    await this.#run("commit", "--quiet", "--all", `--message=${change.title}`);
    const head = await this.#run("rev-parse", "HEAD");
    await this.#run("checkout", "--quiet", "--detach", "main");
    await this.#run("merge", "--quiet", "--no-ff", "--message=Merge", head);
    const merge = await this.#run("rev-parse", "HEAD");
    await this.#run("update-ref", `refs/pull/${change.number}/merge`, merge);
    await this.#run("checkout", "--quiet", "main");
    return { head, merge, base: await this.main() };
  }

  /** A checkout like that of actions/checkout with `fetch-depth: 0`. */
  async checkout(commit: string, folder: string): Promise<void> {
    await this.#run("clone", "--quiet", "--no-checkout", this.folder, folder);
    await this.#in(folder, "fetch", "--quiet", "origin", "+refs/*:refs/remotes/origin/all/*");
    await this.#in(folder, "checkout", "--quiet", "--detach", commit);
  }

  #run(...args: readonly string[]): Promise<string> {
    return this.#in(this.folder, ...args);
  }

  async #in(folder: string, ...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await run(this.#git, args, { cwd: folder, env: this.#env });
    if (exitCode !== 0) throw new Error(`git ${args[0]} failed: ${stderr.trim()}`);
    return stdout.trim();
  }
}
