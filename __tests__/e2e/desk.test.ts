import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, inject, it } from "vitest";
import type { Report } from "../../src/report/report.js";
import { World } from "../support/world.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const CLI = join(root, "dist", "cli", "index.js");
const GOOD = { accuracy: 0.875, loss: 0.25 };
const METRICS = JSON.stringify(GOOD);
const MOVED = '{"accuracy": 0.5, "loss": 0.25}';
const ESCAPE = "\u001b[";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function start(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(file, args, {
    cwd,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: await mkdtemp(join(tmpdir(), "desk-home-")),
      XDG_CACHE_HOME: inject("toolCache"),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}

const run = (args: readonly string[], cwd: string, env?: Readonly<Record<string, string>>) =>
  start(process.execPath, [CLI, ...args], cwd, env);

/** PATH with the world's `mlflow`, which `env-manager: local` wants there. */
const path = (world: World) => ({ PATH: [join(world.folder, "bin"), process.env.PATH].join(delimiter) });

/** `check` in the world's repository, against its experiment. */
function check(
  world: World,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  cwd = world.repository,
) {
  const own = ["--tracking-uri", world.trackingUri, "--experiment", world.experiment, "--env-manager", "local"];
  return run(["check", ...own, ...args], cwd, { ...path(world), ...env });
}

/** A world with a record of `main`, and a branch checked out. */
async function recorded(files: Readonly<Record<string, string | undefined>> = { "README.md": "words" }) {
  const world = await World.create({ files: { "metrics.json": METRICS, "deep/er/file": "1" } });
  const main = await world.git("rev-parse", "main");
  const baseline = await world.record({ commit: main, metrics: GOOD });
  const change = await world.change(files);
  await world.git("checkout", "--quiet", change.branch);
  return { world, main, baseline, change };
}

function parsed({ stdout }: Ended): Report {
  return JSON.parse(stdout) as Report;
}

describe("check", () => {
  it("compares HEAD with the record of the base branch, and says so in plain text", async () => {
    const { world, baseline } = await recorded();
    const ended = await check(world, ["--base", "main"]);
    expect(ended.stderr).toContain("Executing");
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^Reproduced — stub/);
    expect(ended.stdout).toContain(baseline);
    expect(ended.stdout).toMatch(/accuracy\s+0\.875\s+0\.875/);
    expect(ended.stdout + ended.stderr).not.toContain(ESCAPE);
  });

  it("ends with 1 when a metric moved, and says what to do", async () => {
    const { world } = await recorded({ "metrics.json": MOVED });
    const ended = await check(world, ["--base", "main"]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^Diverged — stub/);
    expect(ended.stdout).toMatch(/accuracy\s+0\.875\s+0\.5\s+−0\.375\s+outside/);
    expect(ended.stdout).toContain("→ ");
  });

  it.each([
    [2, "error", "configuration", { MLproject: "name: [" }],
    [3, "broken", "entry-point-failed", { "stub.py": "raise SystemExit(9)\n" }],
    [3, "broken", "no-metrics", { "metrics.json": "{}" }],
  ])("ends with %d for %s: %s", async (code, outcome, reason, files) => {
    const { world } = await recorded(files);
    const ended = await check(world, ["--base", "main", "--json"]);
    expect(parsed(ended)).toMatchObject({ outcome, reason });
    expect(ended.code).toBe(code);
  });

  it("ends with 4 for what is not proven", async () => {
    const world = await World.create();
    const ended = await check(world, ["--base", "main", "--json"]);
    expect(parsed(ended)).toMatchObject({ outcome: "inconclusive", reason: "no-baseline" });
    expect(ended.code).toBe(4);
  });

  it("takes the remote's default branch when no base is named", async () => {
    const { world, main } = await recorded();
    const clone = join(world.folder, "clone");
    await world.git("checkout", "--quiet", "main");
    await world.git("clone", "--quiet", world.repository, clone);
    await world.git("-C", clone, "checkout", "--quiet", "change");
    const ended = await check(world, ["--json"], {}, clone);
    expect(parsed(ended)).toMatchObject({ outcome: "reproduced", event: "desk" });
    expect(parsed(ended).projects[0]).toMatchObject({ linkedBranch: "main", forkPoint: main });
  });

  it("on the base branch itself asks whether the record still reproduces", async () => {
    const { world, main, baseline } = await recorded();
    await world.git("checkout", "--quiet", "main");
    const ended = await check(world, ["--json"]);
    expect(parsed(ended)).toMatchObject({ outcome: "reproduced" });
    expect(parsed(ended).projects[0]).toMatchObject({ commit: main, forkPoint: main, baseline: { runId: baseline } });
  });

  it("works from a folder below, and on a project that lies there", async () => {
    const { world } = await recorded();
    const ended = await check(world, ["--base", "main"], {}, join(world.repository, "deep", "er"));
    expect(ended.code).toBe(0);
  });

  it("on a detached HEAD wants a base, and takes one", async () => {
    const { world, main } = await recorded();
    await world.git("checkout", "--quiet", "--detach");
    const without = await check(world, ["--json"]);
    expect(parsed(without)).toMatchObject({ outcome: "error", reason: "configuration" });
    expect(without.code).toBe(2);
    expect(without.stdout).toContain("--base main");
    const named = await check(world, ["--base", "main", "--json"]);
    expect(parsed(named)).toMatchObject({ outcome: "reproduced" });
    expect(parsed(named).projects[0]?.forkPoint).toBe(main);
  });

  it("refuses a dirty tree, naming the files, and tests HEAD when told to", async () => {
    const { world } = await recorded();
    await world.write({ "metrics.json": MOVED, "untracked.txt": "1" });
    const refused = await check(world, ["--base", "main"]);
    expect(refused.code).toBe(2);
    expect(refused.stdout).toMatch(/uncommitted changes: metrics\.json.*--allow-dirty/);
    expect(refused.stdout).not.toContain("untracked.txt");
    const allowed = await check(world, ["--base", "main", "--allow-dirty"]);
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toContain("Reproduced");
    expect(allowed.stderr).toMatch(/metrics\.json.*HEAD was tested/);
    expect(await readFile(join(world.repository, "metrics.json"), "utf8")).toBe(MOVED);
  });

  it("writes nothing into the repository", async () => {
    const { world } = await recorded();
    const before = await world.git("for-each-ref");
    await check(world, ["--base", "main"]);
    expect(await world.git("status", "--porcelain", "--ignored")).toBe("");
    expect(await world.git("for-each-ref")).toBe(before);
    expect(await world.git("config", "--local", "--list")).not.toContain("safe.directory");
  });

  it("names a base that there is not, and its mistakes with exit status 2", async () => {
    const { world } = await recorded();
    const ended = await check(world, ["--base", "mian"]);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toMatch(/no branch mian/);
  });

  it("says that it is not in a repository", async () => {
    const folder = await mkdtemp(join(tmpdir(), "desk-"));
    const ended = await run(["check", "--base", "main"], folder);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toContain("is not a git repository");
    expect(ended.stdout + ended.stderr).not.toMatch(/\n\s+at /);
  });
});

describe("--json", () => {
  it.each(["reproduced", "diverged", "error"])(
    "prints nothing but a report that its schema knows, when %s",
    async (outcome) => {
      const files = {
        reproduced: { "README.md": "1" },
        diverged: { "metrics.json": MOVED },
        error: { MLproject: "name: [" },
      }[outcome];
      const { world } = await recorded(files);
      const ended = await check(world, ["--base", "main", "--json"]);
      const schema = JSON.parse(await readFile(join(root, "schema", "report.schema.json"), "utf8"));
      const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true });
      addFormats.default(ajv);
      const validate = ajv.compile(schema);
      const report: unknown = JSON.parse(ended.stdout);
      validate(report);
      expect(validate.errors ?? []).toEqual([]);
      expect(report).toMatchObject({ outcome, event: "desk", pullRequest: null });
    },
  );

  it("is what --report writes to a file", async () => {
    const { world } = await recorded();
    const file = join(world.folder, "report.json");
    const ended = await check(world, ["--base", "main", "--json", "--report", file]);
    expect(await readFile(file, "utf8")).toBe(ended.stdout);
    const unwritable = await check(world, [
      "--base",
      "main",
      "--json",
      "--report",
      join(world.folder, "no", "such", "folder.json"),
    ]);
    expect(unwritable.stdout).toContain('"reproduced"');
    expect(unwritable.stderr).toMatch(/folder\.json|ENOENT/);
    expect(unwritable.stderr).not.toMatch(/\n\s+at /);
  });
});

describe("--store", () => {
  it("keeps the embedded server's records for the next time", async () => {
    const { world } = await recorded();
    const store = join(world.folder, "kept store.db");
    const args = ["check", "--env-manager", "local", "--base", "main", "--store", store, "--json"];
    const first = await run(args, world.repository, path(world));
    expect(parsed(first)).toMatchObject({ outcome: "reproduced", trackingUri: null });
    expect(parsed(first).projects[0]?.baseline?.source).toBe("created");
    expect(existsSync(store)).toBe(true);
    const second = await run(args, world.repository, path(world));
    expect(parsed(second).projects[0]?.baseline?.runId).toBe(parsed(first).projects[0]?.baseline?.runId);
    expect(parsed(second).projects[0]?.baseline?.source).not.toBe("created");
  });

  it("is taken relative to where the command was given", async () => {
    const { world } = await recorded();
    const cwd = join(world.folder, "elsewhere");
    await mkdir(cwd);
    await world.git("worktree", "add", "--quiet", "--detach", join(cwd, "tree"));
    const below = join(cwd, "tree", "deep");
    const ended = await run(
      ["check", "--env-manager", "local", "--base", "main", "--store", "kept.db", "--json"],
      below,
      path(world),
    );
    expect(parsed(ended)).toMatchObject({ outcome: "reproduced" });
    expect(existsSync(join(below, "kept.db"))).toBe(true);
  });
});

describe("words and flags", () => {
  it("are listed by --help, with an example for every command", async () => {
    const help = await run(["--help"], root);
    expect(help.code).toBe(0);
    const commands = [...help.stdout.matchAll(/^ {2,}([a-z]+)\s{2,}/gm)].map((match) => match[1] ?? "");
    expect(commands).toEqual(expect.arrayContaining(["check", "demo", "doctor"]));
    for (const command of commands) {
      const ended = await run([command, "--help"], root);
      expect(ended.code, command).toBe(0);
      expect(ended.stdout, command).toMatch(/Examples?:\n\s+repro-gate /);
      expect(ended.stderr, command).toBe("");
    }
  });

  it.each([
    [["chekc"], /chekc/],
    [["check", "--bsae", "main"], /--bsae/],
    [["check", "--base"], /--base/],
    [["check", "stray"], /stray/],
    [["check", "--tolerance", "five", "--timeout-minutes", "soon"], /tolerance.*timeout-minutes/s],
    [[], /check/],
  ])("that are wrong end with 2, in one line on stderr: %j", async (args, words) => {
    const ended = await run(args, root);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).toMatch(words);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  it("tell the version", async () => {
    const ended = await run(["--version"], root);
    expect(ended).toMatchObject({ code: 0, stdout: "1.0.0\n" });
  });
});

describe("a terminal", () => {
  /** Through `script`, which gives the command a real one. */
  const inTerminal = (world: World, env: Readonly<Record<string, string>>) => {
    const words = [process.execPath, CLI, "check", "--base", "main", "--tracking-uri", world.trackingUri];
    const command = [...words, "--experiment", world.experiment, "--env-manager", "local"]
      .map((word) => `'${word}'`)
      .join(" ");
    return start("script", ["--quiet", "--return", "--command", command, "/dev/null"], world.repository, {
      TERM: "xterm",
      ...path(world),
      ...env,
    });
  };

  it("gets colours, and none with NO_COLOR", async () => {
    const { world } = await recorded();
    const colourful = await inTerminal(world, {});
    expect(colourful.code).toBe(0);
    expect(colourful.stdout).toContain(`${ESCAPE}32m`);
    const plain = await inTerminal(world, { NO_COLOR: "1" });
    expect(plain.code).toBe(0);
    expect(plain.stdout).toContain("Reproduced");
    expect(plain.stdout).not.toMatch(/\u001b\[\d+m/);
  });
});
