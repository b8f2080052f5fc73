import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  findByNonce,
  NONCE_VARIABLE,
  type SupervisedCommand,
  startTicks,
  supervise,
} from "../../../src/adapters/process/supervise.js";

const PATH = process.env.PATH ?? "";
const execute = promisify(execFile);

/** Runs a script of the shell under supervision. */
function shell(script: string, options: Partial<SupervisedCommand> = {}) {
  return supervise({ file: "/bin/sh", args: ["-c", script], cwd: "/", env: { PATH }, ...options });
}

/** The same in Python, where signals can be ignored for good. */
function python(script: string, options: Partial<SupervisedCommand> = {}) {
  return shell(`exec python3 -I -u -c '${script}'`, options);
}

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "supervise-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Whether a process runs; one that has ended and only waits to be reaped does not. */
async function runs(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !/\) [ZX] /.test(stat);
}

/** A nonce, and an environment that carries it. */
function marked() {
  const nonce = randomUUID();
  return { nonce, env: { PATH, [NONCE_VARIABLE]: nonce } };
}

describe("a command", () => {
  it("ends with its exit status, its lines and its time", async () => {
    const lines: string[] = [];
    const end = await shell("echo out; echo err >&2; printf unfinished; exit 7", {
      onLine: (line) => lines.push(line),
    });
    expect(end).toMatchObject({ kind: "exited", exitCode: 7, signal: undefined, survivors: 0 });
    expect(lines.sort()).toEqual(["err", "out", "unfinished"]);
    expect(end.seconds).toBeLessThan(5);
  });

  it("that is ended by a signal says by which", async () => {
    expect(await shell("kill -SEGV $$")).toMatchObject({ kind: "exited", exitCode: undefined, signal: "SIGSEGV" });
  });

  it("leads a process group of its own and gets nothing on standard input", async () => {
    const lines: string[] = [];
    let pid = 0;
    await shell("ps -o pgid= -p $$; cat; echo after", {
      onLine: (line) => lines.push(line.trim()),
      onStart: (process) => {
        pid = process.pid;
      },
    });
    expect(lines).toEqual([String(pid), "after"]);
  });

  it("is told with the time at which it started, by which it can be recognised", async () => {
    let ticks = "";
    let again = "";
    await shell("sleep 0.3", {
      onStart: async ({ pid, startTicks: started }) => {
        ticks = started;
        again = await startTicks(pid);
      },
    });
    expect(ticks).toMatch(/^\d+$/);
    expect(again).toBe(ticks);
  });

  it("gets exactly the environment that it is given", async () => {
    const lines: string[] = [];
    await supervise({
      file: "/usr/bin/env",
      args: [],
      cwd: "/",
      env: { ONE: "1", TWO: "a\nb" },
      onLine: (line) => lines.push(line),
    });
    expect(lines.sort()).toEqual(["ONE=1", "TWO=a", "b"]);
  });
});

describe("what cannot be started", () => {
  it("is thrown: no such program", async () => {
    await expect(supervise({ file: "/no/such/program", args: [], cwd: "/", env: {} })).rejects.toMatchObject({
      code: "ENOENT",
    });
  });

  it("is thrown: no such folder", async () => {
    await expect(supervise({ file: "/bin/true", args: [], cwd: "/no/such", env: {} })).rejects.toMatchObject({
      code: "ENOENT",
    });
  });

  it("is thrown: an argument that is too long", async () => {
    const long = "x".repeat(200_000);
    await expect(supervise({ file: "/bin/true", args: [long], cwd: "/", env: {} })).rejects.toMatchObject({
      code: "E2BIG",
    });
  });

  it("is thrown: an environment that is too big", async () => {
    const env = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`V${index}`, "x".repeat(100_000)]));
    await expect(supervise({ file: "/bin/true", args: [], cwd: "/", env })).rejects.toMatchObject({ code: "E2BIG" });
  });

  it("is thrown: a file that is no program", async () => {
    const file = join(await temporary(), "notes.txt");
    await writeFile(file, "no program\n", { mode: 0o644 });
    await expect(supervise({ file, args: [], cwd: "/", env: {} })).rejects.toMatchObject({ code: "EACCES" });
  });
});

describe("the ladder", () => {
  it("asks first: a command that heeds SIGINT ends at once", async () => {
    const end = await shell("sleep 60", { deadlineMs: 200 });
    expect(end).toMatchObject({ kind: "timeout", signal: "SIGINT" });
    expect(end.seconds).toBeLessThan(2);
  });

  it("asks once more by SIGTERM after three seconds", async () => {
    const lines: string[] = [];
    const script =
      'import signal, sys\nsignal.signal(signal.SIGINT, lambda *a: print("int"))\nwhile True: signal.pause()';
    const end = await python(script, { deadlineMs: 500, onLine: (line) => lines.push(line) });
    expect(lines).toEqual(["int"]);
    expect(end).toMatchObject({ kind: "timeout", signal: "SIGTERM" });
    expect(end.seconds).toBeGreaterThan(3.4);
    expect(end.seconds).toBeLessThan(5);
  });

  it("kills after five seconds what ignores both, and its children with it", async () => {
    const folder = await temporary();
    const controller = new AbortController();
    const script = `import os, signal\nfor s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(s, signal.SIG_IGN)\npid = os.fork()\nopen("${folder}/" + ("child" if pid == 0 else "parent"), "w").write(str(os.getpid()))\nprint("ready")\nwhile True: signal.pause()`;
    let ready = 0;
    const started = performance.now();
    let aborted = 0;
    const end = await python(script, {
      signal: controller.signal,
      onLine: () => {
        ready += 1;
        if (ready < 2) return;
        aborted = performance.now() - started;
        controller.abort();
      },
    });
    expect(end).toMatchObject({ kind: "cancelled", signal: "SIGKILL" });
    expect(end.seconds * 1000 - aborted).toBeGreaterThan(4900);
    expect(end.seconds * 1000 - aborted).toBeLessThan(6500);
    for (const name of ["parent", "child"]) {
      expect(await runs(Number(await readFile(join(folder, name), "utf8")))).toBe(false);
    }
  });

  it("is climbed at once when the job was cancelled before", async () => {
    const end = await shell("sleep 60", { signal: AbortSignal.abort() });
    expect(end).toMatchObject({ kind: "cancelled", signal: "SIGINT" });
    expect(end.seconds).toBeLessThan(2);
  });

  it("is climbed once: cancelling after the deadline changes nothing", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 600);
    const script = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: signal.pause()";
    const end = await python(script, { deadlineMs: 300, signal: controller.signal });
    expect(end).toMatchObject({ kind: "timeout", signal: "SIGTERM" });
    expect(end.seconds).toBeLessThan(5);
  });

  it("leaves alone what ended in time", async () => {
    const end = await shell("sleep 0.2; exit 0", { deadlineMs: 5000 });
    expect(end).toMatchObject({ kind: "exited", exitCode: 0 });
  });
});

describe("what a command leaves behind", () => {
  it("in its group is killed and counted, and the pipe that it holds delays nothing", async () => {
    const folder = await temporary();
    const started = performance.now();
    const end = await shell(`sleep 300 & echo $! > ${folder}/pid; echo done`);
    expect(end).toMatchObject({ kind: "exited", exitCode: 0, survivors: 1 });
    expect(performance.now() - started).toBeLessThan(2500);
    expect(await runs(Number(await readFile(join(folder, "pid"), "utf8")))).toBe(false);
  });

  it("outside its group, by setsid, is found by the nonce and killed", async () => {
    const folder = await temporary();
    const { nonce, env } = marked();
    const started = performance.now();
    const end = await shell(`setsid sh -c 'echo $$ > ${folder}/pid; exec sleep 300' & sleep 0.5`, { nonce, env });
    expect(end.kind).toBe("exited");
    expect(end.survivors).toBeGreaterThanOrEqual(1);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(await runs(Number(await readFile(join(folder, "pid"), "utf8")))).toBe(false);
    expect(await findByNonce(nonce)).toEqual([]);
  });

  it("as a double-forked daemon of a command that is killed is killed too", async () => {
    const folder = await temporary();
    const { nonce, env } = marked();
    const script = `import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        open("${folder}/pid", "w").write(str(os.getpid()))\n        time.sleep(300)\n    os._exit(0)\ntime.sleep(300)`;
    const end = await python(script, { nonce, env, deadlineMs: 1000 });
    expect(end.kind).toBe("timeout");
    expect(await runs(Number(await readFile(join(folder, "pid"), "utf8")))).toBe(false);
  });

  it("and holds the pipe where no nonce finds it costs two seconds at most", async () => {
    const folder = await temporary();
    const started = performance.now();
    // env -i takes the nonce away, setsid the group.
    const { nonce, env } = marked();
    const end = await shell(`env -i setsid sh -c 'echo $$ > ${folder}/pid; exec sleep 30' & sleep 0.3; echo done`, {
      nonce,
      env,
    });
    const took = performance.now() - started;
    expect(end).toMatchObject({ kind: "exited", exitCode: 0 });
    expect(took).toBeGreaterThan(1900);
    expect(took).toBeLessThan(3500);
    process.kill(Number(await readFile(join(folder, "pid"), "utf8")));
  });

  it("does not touch processes of another invocation", async () => {
    const other = marked();
    const bystander = supervise({ file: "/bin/sleep", args: ["2"], cwd: "/", env: other.env, nonce: other.nonce });
    await sleep(200);
    const { nonce, env } = marked();
    await shell("true", { nonce, env });
    expect(await bystander).toMatchObject({ kind: "exited", exitCode: 0 });
  });
});

describe("fifty megabytes of output", () => {
  it.each([
    ["in lines", "yes 'a line of a training that talks too much' | head -c 50000000"],
    ["without a single line end", "head -c 50000000 /dev/zero | tr '\\0' x"],
    ["in progress bars", "yes 'epoch 1 of 10' | tr '\\n' '\\r' | head -c 50000000"],
  ])("%s arrive whole and cost no memory", async (_, script) => {
    let bytes = 0;
    let longest = 0;
    let peak = 0;
    const before = process.memoryUsage().rss;
    const end = await shell(script, {
      onLine: (line) => {
        bytes += line.length;
        longest = Math.max(longest, line.length);
        if (bytes % 64 === 0) peak = Math.max(peak, process.memoryUsage.rss());
      },
    });
    expect(end).toMatchObject({ kind: "exited", exitCode: 0 });
    expect(bytes).toBeGreaterThan(45_000_000);
    expect(longest).toBeLessThan(200_000);
    expect(peak - before).toBeLessThan(150 * 1024 * 1024);
  });

  it("of one who is slow to read are not lost", async () => {
    let count = 0;
    await shell("seq 1 20000", {
      onLine: () => {
        count += 1;
        if (count % 5000 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      },
    });
    expect(count).toBe(20_000);
  });
});

describe("a supervisor that is killed itself", () => {
  it("leaves a group that can be found by the nonce", async () => {
    const { nonce } = marked();
    const child = execFile("/bin/sleep", ["30"], { env: { [NONCE_VARIABLE]: nonce } });
    await sleep(100);
    expect(await findByNonce(nonce)).toEqual([child.pid]);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    expect(await findByNonce(nonce)).toEqual([]);
    await expect(execute("true")).resolves.toBeDefined();
  });
});
