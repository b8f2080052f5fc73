import { describe, expect, it } from "vitest";
import { type Gated, type GateOptions, type Job, World } from "../support/world.js";

const RECORDED = { accuracy: 0.875, alpha_metric: 0.5 };
/** The runner kills a step 7.5 s after its first signal. */
const PATIENCE_MS = 7000;

interface Interrupted extends Gated {
  /** From the signal to the end of the main step. */
  readonly milliseconds: number;
}

/** Gates a pull request and signals the main step's process when the step comes to a point. */
async function interrupt(
  world: World,
  signal: NodeJS.Signals,
  when: (job: Job, lines: AsyncIterable<string>) => Promise<unknown>,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Interrupted> {
  let sent = Number.NaN;
  let interruption: Promise<void> | undefined;
  const lines = new Lines();
  const options: GateOptions = {
    inputs,
    onLine: (line) => lines.add(line),
    onStart: (job) => {
      interruption = when(job, lines).then(async () => {
        sent = performance.now();
        await job.signal(signal);
      });
    },
  };
  const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }), options);
  const milliseconds = performance.now() - sent;
  await interruption;
  return { ...gated, milliseconds };
}

/** Lines as they come, for one reader. */
class Lines implements AsyncIterable<string> {
  readonly #lines: string[] = [];
  #wake = () => {};

  add(line: string): void {
    this.#lines.push(line);
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<string> {
    for (let index = 0; ; index++) {
      while (index >= this.#lines.length) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      yield this.#lines[index] ?? "";
    }
  }
}

function seen(pattern: RegExp) {
  return async (_: Job, lines: AsyncIterable<string>) => {
    for await (const line of lines) if (pattern.test(line)) return;
  };
}

const training = seen(/^│ training started/);

async function worldWithBaseline(): Promise<World> {
  const world = await World.create();
  await world.record({ commit: await world.git("rev-parse", "main"), metrics: RECORDED });
  return world;
}

function expectCancelled(gated: Interrupted): void {
  expect(gated.outputs).toMatchObject({ outcome: "error", reason: "cancelled" });
  expect(gated.exitCode).toBe(2);
  expect(gated.milliseconds).toBeLessThan(PATIENCE_MS);
  expect(gated.summary).toContain("⚠️ Error");
  expect(gated.summary).toContain("the job was cancelled");
  // Nobody waits for the opinion of a cancelled job; a comment would only replace a better one.
  expect(gated.comment).toBe("");
}

describe("a job that is cancelled", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("by %s while the training runs", async (signal) => {
    const world = await worldWithBaseline();
    const gated = await interrupt(world, signal, training, { parameters: "mode=sleep-after-metrics" });
    expectCancelled(gated);
    expect(gated.log.join("\n")).toContain(`Received ${signal}: stopping.`);
    const candidates = (await world.runs()).filter(({ tags }) => tags.get("repro_gate.role") === "candidate");
    expect(candidates.map(({ status }) => status)).toEqual([expect.stringMatching(/^(?:KILLED|FAILED)$/)]);
    expect(await world.leftovers(gated)).toEqual([]);
    // The post step that follows finds nothing to do, and does no harm.
    await world.post(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("while a training runs that ignores signals", async () => {
    const world = await worldWithBaseline();
    const gated = await interrupt(world, "SIGINT", training, { parameters: "mode=ignore-signals" });
    expectCancelled(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("while a training runs that must not see the tracking server", async () => {
    const world = await worldWithBaseline();
    const gated = await interrupt(world, "SIGINT", training, {
      parameters: "mode=sleep-after-metrics",
      "tracking-username": "reader",
      "tracking-password": "correct horse",
    });
    expectCancelled(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("before anything was started", async () => {
    const world = await worldWithBaseline();
    const gated = await interrupt(world, "SIGINT", seen(/^::group::Reading the repository/));
    expectCancelled(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("while the embedded server starts", async () => {
    const world = await World.create();
    const starts = (job: Job) => job.processLike(/mlflow\S* server /);
    const gated = await interrupt(world, "SIGINT", starts, { "tracking-uri": "auto" });
    expectCancelled(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("while the fork point is executed against the embedded server", async () => {
    const world = await World.create();
    const inputs = { "tracking-uri": "auto", parameters: "mode=sleep-after-metrics" };
    const gated = await interrupt(world, "SIGTERM", training, inputs);
    expectCancelled(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});

describe("a main step that is killed", () => {
  it("leaves a training behind, which the post step ends", async () => {
    const world = await worldWithBaseline();
    const gated = await interrupt(world, "SIGKILL", training, { parameters: "mode=sleep-after-metrics" });
    expect(gated.end.signal).toBe("SIGKILL");
    // What was said first still stands: nothing is proven.
    expect(gated.outputs).toMatchObject({ outcome: "error", reason: "internal" });
    const left = await world.leftovers(gated);
    expect(left.some((what) => /^process .*stub\.py/.test(what))).toBe(true);
    expect(left.some((what) => /^run .*RUNNING/.test(what))).toBe(true);
    expect(left.some((what) => what.startsWith("file repro-gate-"))).toBe(true);
    await world.post(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("leaves a training behind that ignores signals and has left the group", async () => {
    const world = await World.create({
      files: {
        "stub.py": [
          "import os, signal, subprocess, sys",
          "for name in ('SIGINT', 'SIGTERM', 'SIGHUP'): signal.signal(getattr(signal, name), signal.SIG_IGN)",
          "subprocess.Popen(['sleep', '300'], start_new_session=True)",
          "print('training started', flush=True)",
          "signal.pause()",
          "",
        ].join("\n"),
      },
    });
    await world.record({ commit: await world.git("rev-parse", "main"), metrics: RECORDED });
    const gated = await interrupt(world, "SIGKILL", training);
    expect((await world.leftovers(gated)).filter((what) => /sleep 300/.test(what))).toHaveLength(1);
    await world.post(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });

  it("leaves an embedded server behind, which the post step ends", async () => {
    const world = await World.create();
    const inputs = { "tracking-uri": "auto", parameters: "mode=sleep-after-metrics" };
    const gated = await interrupt(world, "SIGKILL", training, inputs);
    expect((await world.leftovers(gated)).some((what) => /^process .*mlflow\S* server /.test(what))).toBe(true);
    await world.post(gated);
    expect(await world.leftovers(gated)).toEqual([]);
  });
});
