import { openRepository } from "../adapters/git/open-repository.js";
import type { Environment } from "../adapters/process/child-environment.js";
import { run } from "../adapters/process/command.js";
import { which } from "../adapters/process/which.js";
import { list, say } from "../core/sentence.js";
import type { Desk } from "../gate/ports.js";
import type { Checkout } from "./checkout.js";
import type { Findings } from "./finding.js";

/**
 * Whether there is a git that will do, a repository, and a commit to test.
 *
 * @throws GateError when there is not
 */
export async function checkGit(
  checkout: Checkout,
  temporary: string,
  env: Environment,
  findings: Findings,
): Promise<Desk> {
  const repository = await openRepository(checkout.folder, temporary, env, undefined);
  const desk = await repository.desk();
  const version = (await checkout.git(["version"]))?.stdout.trim() ?? "git";
  const branch = desk.branch === undefined ? say`HEAD is detached` : say`HEAD is on ${desk.branch}`;
  findings.ok(say`${version}; ${branch} at ${desk.head.slice(0, 12)}.`);
  if (await isOwnedBySomebodyElse(checkout.folder, env)) {
    findings.warning(
      say`The repository belongs to another user, so that git refuses to read it: MLflow records no commit on runs that are made here.`,
      say`Allow it: ${`git config --global --add safe.directory ${checkout.folder}`}`,
    );
  }
  return desk;
}

/** Asks git as MLflow would, with the user's own settings; the gate's own git trusts the repository. */
async function isOwnedBySomebodyElse(folder: string, env: Environment): Promise<boolean> {
  const file = await which("git", env.PATH, folder);
  if (file === undefined) return false;
  const asked = await run(file, ["rev-parse", "--git-dir"], {
    cwd: folder,
    env: { PATH: env.PATH ?? "", HOME: env.HOME ?? "", LC_ALL: "C" },
  });
  return asked.exitCode !== 0 && /dubious ownership/.test(asked.stderr);
}

/** Whether ancestry can be told, and which branch's record counts for a check at this desk. */
export async function checkHistory(checkout: Checkout, desk: Desk, findings: Findings): Promise<void> {
  const shallow = await checkout.git(["rev-parse", "--is-shallow-repository"]);
  if (shallow?.stdout.trim() === "true") {
    findings.problem(
      say`The history is shallow: the fork point and the commits of recorded runs cannot be found.`,
      say`Fetch the rest with ${"git fetch --unshallow"}; in a workflow set ${"fetch-depth: 0"} for actions/checkout.`,
    );
  } else findings.ok(say`The history is whole.`);
  if (desk.defaultBranch !== undefined) return;
  const remotes = (await checkout.git(["remote"]))?.stdout.trim() ?? "";
  if (desk.branch === undefined) {
    findings.warning(
      say`HEAD is detached and the remote's default branch is not known here, so a check at this desk cannot tell whose record counts.`,
      say`Give it the branch: ${"repro-gate check --base main"}.`,
    );
  } else if (remotes !== "") {
    findings.warning(
      say`The remote's default branch is not known here: a check at this desk takes the record of ${desk.branch} itself.`,
      say`Ask for it once with ${"git remote set-head origin --auto"}, or give ${"--base main"}.`,
    );
  }
}

/** Uncommitted changes: the gate tests commits, never the working tree. */
export function checkWorkingTree(desk: Desk, findings: Findings): void {
  if (desk.changed.length === 0) {
    findings.ok(say`No tracked file has uncommitted changes.`);
    return;
  }
  findings.warning(
    say`Tracked files have uncommitted changes: ${list(desk.changed, 5)}. What follows looks at them; the gate tests HEAD without them.`,
    say`Commit them; a check at this desk refuses to run otherwise, unless ${"--allow-dirty"} is given.`,
  );
}
