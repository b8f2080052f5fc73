import { homedir } from "node:os";
import { join } from "node:path";

/** Where the toolchain is kept outside a workflow, by the XDG base directory specification. */
export function desktopCache(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "repro-gate");
}
