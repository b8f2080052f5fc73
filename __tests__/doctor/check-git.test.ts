import { rm } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { GateError } from "../../src/core/gate-error.js";
import { checkGit, checkHistory, checkWorkingTree } from "../../src/doctor/check-git.js";
import { Checkout } from "../../src/doctor/checkout.js";
import { Findings } from "../../src/doctor/finding.js";
import { DeskRepository, words } from "./desk.js";

async function examined(repository: DeskRepository): Promise<{ git: string[]; history: string[]; tree: string[] }> {
  const checkout = await repository.checkout();
  const [git, history, tree] = [new Findings("git"), new Findings("history"), new Findings("working-tree")];
  const desk = await checkGit(checkout, await repository.temporary(), repository.env, git);
  await checkHistory(checkout, desk, history);
  checkWorkingTree(desk, tree);
  return { git: words(git), history: words(history), tree: words(tree) };
}

describe("checkGit", () => {
  it("names the version, the branch and the commit", async () => {
    const repository = await DeskRepository.create();
    const head = await repository.git("rev-parse", "--short=12", "HEAD");
    const { git, history, tree } = await examined(repository);
    expect(git).toEqual([expect.stringMatching(`^ok: git version .*; HEAD is on main at ${head}\\.$`)]);
    expect(history).toEqual(["ok: The history is whole."]);
    expect(tree).toEqual(["ok: No tracked file has uncommitted changes."]);
  });

  it("fails without git, without a repository, and without a commit", async () => {
    const repository = await DeskRepository.bare();
    const attempt = async (env: Record<string, string>) => {
      const checkout = await Checkout.open(repository.folder, await repository.temporary(), env);
      return checkGit(checkout, await repository.temporary(), env, new Findings("git")).catch(
        (error: unknown) => error,
      );
    };
    expect(String(await attempt({ PATH: "/nowhere" }))).toMatch(/git is not on PATH/);
    expect(String(await attempt(repository.env))).toMatch(/is not a git repository/);
    await repository.git("init", "--quiet");
    const error = await attempt(repository.env);
    expect(error).toBeInstanceOf(GateError);
    expect(String(error)).toMatch(/no commit yet/);
  });

  it("warns of changes in tracked files, not of new files", async () => {
    const repository = await DeskRepository.create();
    await repository.write({ "train.py": "print(2)\n", "new.py": "" });
    expect((await examined(repository)).tree).toEqual([
      expect.stringMatching(/^warning: .*changes: train\.py\. .*--allow-dirty/),
    ]);
  });

  it("calls a shallow history a problem", async () => {
    const origin = await DeskRepository.create();
    await origin.commit({ "more.txt": "1" });
    const repository = await DeskRepository.bare();
    await rm(repository.folder, { recursive: true });
    await origin.git("clone", "--quiet", "--depth=1", `file://${origin.folder}`, repository.folder);
    expect((await examined(repository)).history).toEqual([expect.stringMatching(/^problem: .*shallow.*--unshallow/)]);
  });

  it("warns where a check could not tell whose record counts", async () => {
    const repository = await DeskRepository.create();
    await repository.git("remote", "add", "origin", "https://localhost/x.git");
    expect((await examined(repository)).history[1]).toMatch(
      /^warning: .*default branch is not known.*record of main itself/,
    );
    await repository.git("checkout", "--quiet", "--detach");
    const { git, history } = await examined(repository);
    expect(git[0]).toMatch(/HEAD is detached at/);
    expect(history[1]).toMatch(/^warning: HEAD is detached.*--base main/);
  });
});
