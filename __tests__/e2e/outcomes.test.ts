import { describe, expect, it } from "vitest";
import { World } from "../support/world.js";

const METRICS = '{"accuracy": 0.875, "loss": 0.25}';

describe("a pull request", () => {
  it("that computes the same is reproduced, and says so everywhere", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    const baseline = await world.record({
      commit: await world.git("rev-parse", "main"),
      metrics: { accuracy: 0.875, loss: 0.25 },
    });
    const gated = await world.gatePullRequest(await world.change({ "README.md": "words" }));
    expect(gated.log.join("\n")).toContain("Executing");
    expect(gated.outputs).toMatchObject({
      outcome: "reproduced",
      reason: "",
      "baseline-run-id": baseline,
      "metrics-within": "2",
      "metrics-outside": "0",
    });
    expect(gated.exitCode).toBe(0);
    expect(gated.comment).toContain("✅ Reproduced");
    expect(gated.summary).toContain("✅ Reproduced");
    const candidate = (await world.runs()).find(({ runId }) => runId === gated.outputs["candidate-run-id"]);
    expect(candidate?.status).toBe("FINISHED");
    expect(world.violations).toEqual([]);
  });

  it("that changes a metric diverges", async () => {
    const world = await World.create({ files: { "metrics.json": METRICS } });
    await world.record({ commit: await world.git("rev-parse", "main"), metrics: { accuracy: 0.875, loss: 0.25 } });
    const gated = await world.gatePullRequest(
      await world.change({ "metrics.json": '{"accuracy": 0.870, "loss": 0.25}' }),
    );
    expect(gated.outputs).toMatchObject({ outcome: "diverged", reason: "outside-tolerance", "metrics-outside": "1" });
    expect(gated.exitCode).toBe(1);
    expect(gated.comment).toContain("❌ Diverged");
  });
});
