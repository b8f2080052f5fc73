// Runs a script under Node 24, the runtime of the action: this process's own Node when it is one,
// else the one that npm installed as an optional dependency for this platform.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @returns {string} the path of a Node 24 executable */
export function node24() {
  if (process.versions.node.startsWith("24.")) return process.execPath;
  const executable = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  for (const name of [
    `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
  ]) {
    const path = fileURLToPath(new URL(`../node_modules/${name}/${executable}`, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new Error(
    `Tests run under Node 24; this is Node ${process.versions.node}, and no Node 24 was installed for ` +
      `${process.platform}-${process.arch}. Install Node 24 (for example "nvm install 24") and repeat.`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = spawnSync(node24(), process.argv.slice(2), { stdio: "inherit" });
  process.exitCode = result.status ?? 1;
}
