import { type ConfigFile, DEFAULT_CONFIG_PATH, normaliseFolder, parseConfigFile } from "../config/config-file.js";
import { describeProblems } from "../config/problems.js";
import type { ConfigSources } from "../config/settings.js";
import { GateError } from "../core/gate-error.js";
import { say } from "../core/sentence.js";
import type { Location } from "./locate.js";
import type { Repository } from "./ports.js";

/**
 * Reads the configuration of the head and of the fork point.
 *
 * @throws GateError `configuration` with every problem of both files, or when a named file does not exist
 */
export async function readConfig(
  repository: Repository,
  named: string | undefined,
  location: Location,
): Promise<ConfigSources> {
  const path = normaliseFolder(named ?? DEFAULT_CONFIG_PATH);
  if (path === undefined) {
    throw new GateError("configuration", say`${"config"}: ${named ?? ""} is not a path inside the repository.`);
  }
  const judged = location.forkPoint !== undefined && location.forkPoint !== location.head;
  const head = await readAt(repository, location.head, path);
  const forkPoint =
    judged && location.forkPoint !== undefined ? await readAt(repository, location.forkPoint, path) : undefined;
  if (named !== undefined && head === undefined && forkPoint === undefined) {
    throw new GateError(
      "configuration",
      say`${"config"}: the commit ${location.head.slice(0, 12)} has no file ${path}.`,
    );
  }
  return { head, forkPoint, judged };
}

async function readAt(repository: Repository, commit: string, path: string): Promise<ConfigFile | undefined> {
  const text = await repository.readFile(commit, path);
  if (text === undefined) return undefined;
  const parsed = parseConfigFile(path, text);
  if ("config" in parsed) return parsed.config;
  throw new GateError("configuration", say`${describeProblems(parsed.problems)} (at commit ${commit.slice(0, 12)})`);
}

/** Whether a change touches the workflows that run the gate. */
export async function workflowsChanged(repository: Repository, location: Location): Promise<boolean> {
  if (location.forkPoint === undefined || location.forkPoint === location.head) return false;
  const treeId = async (commit: string) =>
    (await repository.list(commit, ".github"))?.find(({ name }) => name === "workflows")?.id;
  return (await treeId(location.head)) !== (await treeId(location.forkPoint));
}
