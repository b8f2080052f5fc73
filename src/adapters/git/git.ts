import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GateError } from "../../core/gate-error.js";
import { say } from "../../core/sentence.js";
import { type CommandResult, run } from "../process/command.js";

/** What is switched off in every call: nothing of a repository's configuration may run a program. */
const HARDENING = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.symlinks=true",
  "core.autocrlf=false",
  "protocol.ext.allow=never",
  "submodule.recurse=false",
  "fetch.recurseSubmodules=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "advice.detachedHead=false",
].flatMap((setting) => ["-c", setting]);

/** Network and certificate settings that a fetch needs. */
const PASSED =
  /^(?:https?_proxy|no_proxy|all_proxy|ssl_cert_file|ssl_cert_dir|git_ssl_cainfo|git_ssl_capath|path|systemroot|tmpdir|temp|tmp)$/i;

/** git in a clean environment: no system or user configuration, no prompt, no hook, no filter, no credential helper. */
export class Git {
  readonly #file: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(file: string, env: Readonly<Record<string, string>>) {
    this.#file = file;
    this.#env = env;
  }

  /**
   * @param file absolute path of git
   * @param folder temporary folder for an empty HOME and the configuration
   * @param workspace folder that git may read although somebody else owns it, as in container jobs
   */
  static async open(
    file: string,
    folder: string,
    workspace: string,
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<Git> {
    const home = join(folder, "git-home");
    await mkdir(home, { recursive: true });
    const config = join(home, "config");
    const safe = [workspace, join(workspace, ".git")].map((path) => `\tdirectory = ${quoteConfig(path)}\n`);
    await writeFile(config, `[safe]\n${safe.join("")}[user]\n\tname = repro-gate\n\temail = repro-gate@localhost\n`);
    const passed = Object.entries(env).filter(([name, value]) => value !== undefined && PASSED.test(name));
    return new Git(file, {
      ...(Object.fromEntries(passed) as Record<string, string>),
      HOME: home,
      XDG_CONFIG_HOME: home,
      GIT_CONFIG_GLOBAL: config,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      GIT_LFS_SKIP_SMUDGE: "1",
      GIT_OPTIONAL_LOCKS: "0",
      GIT_NO_REPLACE_OBJECTS: "1",
      LC_ALL: "C",
    });
  }

  /** Runs git in a folder and returns whatever came of it. */
  async try(
    cwd: string,
    args: readonly string[],
    extraEnv: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    return run(this.#file, [...HARDENING, ...args], { cwd, env: { ...this.#env, ...extraEnv } });
  }

  /** Runs git in a folder, whose success is expected. */
  async run(cwd: string, args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.try(cwd, args);
    if (exitCode === 0) return stdout;
    throw new GateError("internal", say`git ${args[0] ?? ""} failed with exit status ${exitCode}: ${lastLine(stderr)}`);
  }

  /** Refuses a git that does not know `--end-of-options`. */
  async checkVersion(cwd: string): Promise<void> {
    const text = await this.run(cwd, ["version"]);
    const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text)?.slice(1) ?? []).map(Number);
    if (major > 2 || (major === 2 && minor >= 24)) return;
    throw new GateError("configuration", say`git is ${text.trim()}; at least 2.24 is needed.`);
  }
}

export function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

function quoteConfig(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
