import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { LineSplitter } from "./output.js";

export interface SupervisedCommand {
  /** Absolute path; no shell is involved. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds after which the group is ended; undefined for none. */
  readonly deadlineMs?: number | undefined;
  /** Ends the group when it aborts. */
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
  readonly onStart?: ((process: StartedProcess) => void) | undefined;
  /** Value of `REPRO_GATE_INVOCATION` in the child's environment, to find processes that left the group. */
  readonly nonce?: string | undefined;
}

/** Identifies a process group across our own death: a process ID alone may be given to somebody else. */
export interface StartedProcess {
  readonly pid: number;
  /** Start time in clock ticks since boot, "" where the system does not tell. */
  readonly startTicks: string;
}

export interface SupervisedEnd {
  readonly kind: "exited" | "timeout" | "cancelled";
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly seconds: number;
  readonly survivors: number;
}

export const NONCE_VARIABLE = "REPRO_GATE_INVOCATION";

/** The nonce of an invocation's servers: they must outlive its trainings, whose escaped processes are killed by theirs. */
export function serverNonce(nonce: string): string {
  return `server-${nonce}`;
}

/** SIGINT lets MLflow mark its run, SIGTERM asks once more, SIGKILL ends: 5 s in all. */
const LADDER: readonly (readonly [number, NodeJS.Signals])[] = [
  [0, "SIGINT"],
  [3000, "SIGTERM"],
  [5000, "SIGKILL"],
];
const DRAIN_MS = 2000;

/**
 * Runs a command in a process group of its own until it has exited, its deadline has passed or it was cancelled, and
 * leaves nothing of it running.
 *
 * @throws the spawn error (ENOENT, E2BIG, …)
 */
export async function supervise(command: SupervisedCommand): Promise<SupervisedEnd> {
  const started = performance.now();
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    shell: false,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const drained = pipeLines(child, command.onLine ?? (() => {}));
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const { pid } = child;
  if (pid !== undefined) command.onStart?.({ pid, startTicks: await startTicks(pid) });

  let kind: SupervisedEnd["kind"] = "exited";
  const timers: NodeJS.Timeout[] = [];
  const end = (why: SupervisedEnd["kind"]) => {
    if (kind !== "exited" || pid === undefined) return;
    kind = why;
    for (const [delay, signal] of LADDER) timers.push(setTimeout(() => signalGroup(pid, signal), delay));
  };
  const onAbort = () => end("cancelled");
  if (command.signal?.aborted === true) onAbort();
  else command.signal?.addEventListener("abort", onAbort, { once: true });
  if (command.deadlineMs !== undefined) timers.push(setTimeout(() => end("timeout"), command.deadlineMs));

  try {
    const { code, signal } = await exited;
    const seconds = (performance.now() - started) / 1000;
    const survivors = pid === undefined ? 0 : await endSurvivors(pid, command.nonce);
    // A grandchild that holds the pipe open must not hold us: what is readable now is read, no more.
    await Promise.race([drained, new Promise((resolve) => timers.push(setTimeout(resolve, DRAIN_MS)))]);
    return { kind, exitCode: code ?? undefined, signal: signal ?? undefined, seconds, survivors };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    command.signal?.removeEventListener("abort", onAbort);
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

function pipeLines(child: ChildProcess, onLine: (line: string) => void): Promise<unknown> {
  return Promise.all(
    [child.stdout, child.stderr].map(
      (stream) =>
        new Promise<void>((resolve) => {
          if (stream === null) return resolve();
          const splitter = new LineSplitter(onLine);
          stream.on("data", (chunk: Buffer) => splitter.write(chunk));
          stream.once("error", () => resolve());
          stream.once("close", () => {
            splitter.end();
            resolve();
          });
        }),
    ),
  );
}

/** Signals every process of a group; false when there is none left. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Kills what is left of a group and what left the group but still carries our nonce. Returns how many there were. */
async function endSurvivors(pid: number, nonce: string | undefined): Promise<number> {
  const inGroup = signalGroup(pid, "SIGKILL") ? 1 : 0;
  if (nonce === undefined) return inGroup;
  const escaped = await findByNonce(nonce);
  for (const escapee of escaped) {
    try {
      process.kill(escapee, "SIGKILL");
    } catch {
      // It ended by itself between the scan and the signal.
    }
  }
  return inGroup + escaped.length;
}

/** Processes whose environment holds our nonce; none where there is no /proc. */
export async function findByNonce(nonce: string): Promise<number[]> {
  const entries = await readdir("/proc").catch(() => []);
  const wanted = `${NONCE_VARIABLE}=${nonce}`;
  const found = await Promise.all(
    entries
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const environ = await readFile(`/proc/${name}/environ`, "latin1").catch(() => "");
        if (!environ.split("\0").includes(wanted)) return [];
        // A zombie has ended; it only waits to be reaped.
        return (await processState(Number(name))) === "Z" ? [] : [Number(name)];
      }),
  );
  return found.flat();
}

async function processState(pid: number): Promise<string | undefined> {
  return (await statFields(pid))[0];
}

/** Start time of a process in clock ticks since boot, "" where /proc does not tell. */
export async function startTicks(pid: number): Promise<string> {
  return (await statFields(pid))[19] ?? "";
}

/** Fields of /proc/PID/stat from the third (state) on; the second may contain anything, so it is cut off. */
async function statFields(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
