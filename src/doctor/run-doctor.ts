import type { Environment } from "../adapters/process/child-environment.js";
import { messageOf } from "../core/gate-error.js";
import { examine } from "./examine.js";
import { count, findingsToJson, renderFindings } from "./render-findings.js";

const PROBLEM = 2;

/** What the command takes from the process; tests hand in their own. */
export interface DoctorWorld {
  readonly cwd: string;
  readonly env: Environment;
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: { write(text: string): unknown };
}

/**
 * Looks for the commonest mistakes in the set-up of the repository around the current folder, and prints what it
 * finds with what to do about it.
 *
 * @returns the exit status: 0 without a problem, else 2
 */
export async function runDoctor(
  options: { readonly project: string | undefined; readonly json: boolean },
  world: DoctorWorld = { cwd: process.cwd(), env: process.env, stdout: process.stdout, stderr: process.stderr },
): Promise<number> {
  const { cwd, env, stderr, stdout } = world;
  try {
    const { findings, secrets } = await examine({ project: options.project, cwd, env });
    const terminal = stdout.isTTY === true;
    const text = options.json
      ? findingsToJson(findings, secrets)
      : renderFindings(findings, secrets, {
          colour: terminal && (env.NO_COLOR ?? "") === "",
          columns: terminal ? (stdout.columns ?? 100) : undefined,
        });
    stdout.write(`${text}\n`);
    return count(findings, "problem") > 0 ? PROBLEM : 0;
  } catch (error) {
    stderr.write(`repro-gate: ${messageOf(error)}\n`);
    return PROBLEM;
  }
}
