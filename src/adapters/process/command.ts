import { getExecOutput } from "@actions/exec";

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A short command whose whole output is wanted; it cannot be signalled, so nothing of the project's runs here. */
export async function run(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<CommandResult> {
  return getExecOutput(`"${file}"`, [...args], {
    cwd: options.cwd,
    env: { ...options.env },
    silent: true,
    ignoreReturnCode: true,
  });
}
