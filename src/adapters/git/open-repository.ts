import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { GateError } from "../../core/gate-error.js";
import { say } from "../../core/sentence.js";
import { run } from "../process/command.js";
import { which } from "../process/which.js";
import { Git } from "./git.js";
import { GitRepository, type Remote } from "./repository.js";

/**
 * Opens the repository of a workspace.
 *
 * @param folder a folder of this invocation alone
 * @throws GateError `configuration` without git, or when the workspace is no repository
 */
export async function openRepository(
  workspace: string,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  remote: Remote | undefined,
): Promise<GitRepository> {
  const file = await which("git", env.PATH, workspace);
  if (file === undefined) throw new GateError("configuration", say`git is not on PATH.`);
  const place = join(folder, "git");
  await mkdir(place, { recursive: true });
  const git = await Git.open(file, place, workspace, env);
  return GitRepository.open(git, workspace, place, remote);
}

/**
 * The top folder of the repository that holds a folder; the folder itself when there is none, which is said later.
 */
export async function findTopLevel(folder: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const file = await which("git", env.PATH, undefined);
  if (file === undefined) return folder;
  const found = await run(file, ["rev-parse", "--show-toplevel"], {
    cwd: folder,
    env: { PATH: env.PATH ?? "", HOME: env.HOME ?? "", LC_ALL: "C" },
  });
  return found.exitCode === 0 ? found.stdout.replace(/\n$/, "") : folder;
}
