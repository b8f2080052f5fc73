import { writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { resolve } from "node:path";
import { findTopLevel } from "./adapters/git/open-repository.js";
import type { Inputs } from "./config/inputs.js";
import { messageOf } from "./core/gate-error.js";
import { TAG } from "./core/run.js";
import { say } from "./core/sentence.js";
import { type Checked, check, failedCheck } from "./gate/check.js";
import { onCancel } from "./on-cancel.js";
import { composeReport } from "./report/compose.js";
import { renderTerminal } from "./report/outputs.js";
import { TerminalLog } from "./terminal-log.js";
import { desktopCache } from "./toolchain-cache.js";
import { VERSION } from "./version.js";
import { type Wired, wire } from "./wire.js";

export interface DeskOptions {
  readonly base: string | undefined;
  readonly allowDirty: boolean;
  readonly storeFile: string | undefined;
  readonly reportFile: string | undefined;
  readonly json: boolean;
  readonly debug: boolean;
}

/**
 * Runs the gate on the repository of the current folder.
 *
 * @returns the exit status
 */
export async function runDesk(inputs: Inputs, options: DeskOptions): Promise<number> {
  const { env } = process;
  const log = new TerminalLog();
  const cancellation = onCancel((text) => log.info(text));
  let wired: Wired | undefined;
  let checked: Checked;
  try {
    wired = await wire({
      inputs,
      env,
      workspace: await findTopLevel(process.cwd(), env),
      trustWorkspace: true,
      temporaryFolder: tmpdir(),
      cacheFolder: desktopCache(env),
      remote: undefined,
      // Relative to where the command was given, as every other path of it.
      storeFile: options.storeFile === undefined ? undefined : resolve(options.storeFile),
      log,
      training: log,
      signal: cancellation.signal,
      openJobState: () => ({ rememberRun: () => {}, rememberProcess: () => {}, settle: () => {} }),
      mask: () => {},
    });
    checked = await check(
      {
        trigger: { kind: "desk", event: "desk", base: options.base, allowDirty: options.allowDirty },
        inputs,
        env,
        tags: new Map([[TAG.user, userInfo().username]]),
        repositoryUrl: undefined,
      },
      wired.ports,
    );
  } catch (error) {
    if (options.debug) log.info(error instanceof Error ? (error.stack ?? error.message) : String(error));
    checked = failedCheck(error, inputs);
  }
  const report = composeReport([checked.project], {
    toolVersion: VERSION,
    createdAt: new Date().toISOString(),
    exitStatus: checked.exitStatus,
    advisory: !checked.enforce,
    event: "desk",
    pullRequest: null,
    repository: null,
    repositoryUrl: null,
    workflowRun: null,
    trackingUri: checked.trackingUri,
    warnings: [],
  });
  const clean = wired?.redact ?? ((text: string) => text);
  const json = clean(`${JSON.stringify(report, null, 2)}\n`);
  const colour = process.stdout.isTTY && (env.NO_COLOR ?? "") === "";
  process.stdout.write(options.json ? json : `${clean(renderTerminal(report, colour))}\n`);
  if (options.reportFile !== undefined) {
    // The verdict stands, whatever becomes of its copy.
    await writeFile(options.reportFile, json).catch((error: unknown) => {
      log.warning(say`--report: ${options.reportFile ?? ""} could not be written: ${messageOf(error)}.`);
    });
  }
  await wired?.close(cancellation.signal.aborted);
  cancellation.dispose();
  return checked.exitStatus;
}
