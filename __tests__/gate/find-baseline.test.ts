import { describe, expect, it } from "vitest";
import { parseInputs } from "../../src/config/inputs.js";
import { resolveSettings } from "../../src/config/settings.js";
import { AnswerTooLargeError } from "../../src/core/gate-error.js";
import type { RunRecord } from "../../src/core/run.js";
import { findBaseline } from "../../src/gate/find-baseline.js";
import type { Location } from "../../src/gate/locate.js";
import type { RunReader, RunSearch } from "../../src/gate/ports.js";
import { runRecord } from "../support/runs.js";

const EXPERIMENTS = [{ experimentId: "1", name: "e", active: true }];
const SETTINGS = resolveSettings(parseInputs({}).inputs, {}, { head: undefined, forkPoint: undefined, judged: false });

const sha = (digit: number) => String(digit).repeat(40);
const runId = (index: number) => index.toString(16).padStart(32, "0");
const LOCATION: Location = {
  head: sha(9),
  merge: undefined,
  linkedBranches: ["main"],
  forkPoint: sha(0),
  noForkPoint: undefined,
  ancestry: new Map([0, 1, 2].map((distance) => [sha(distance), distance])),
  branch: "change",
  recordOnly: false,
  warnings: [],
};

/** A server with runs newest first, which refuses pages of more than `largest` and keeps what it was asked. */
function server(runs: readonly RunRecord[], largest = 50_000) {
  const asked: RunSearch[] = [];
  const reader: RunReader = {
    getRun: async (id) => runs.find((run) => run.runId === id),
    searchRuns: async (search) => {
      asked.push(search);
      if (search.maxResults > largest) throw new AnswerTooLargeError("tracker-answer", ["too large"]);
      // A branch filter matches nothing here: every run is linked by its commit alone.
      const matching = search.filter === "" ? runs : [];
      const from = Number(search.pageToken ?? 0);
      const page = matching.slice(from, from + search.maxResults);
      const next = from + page.length;
      return { runs: page, nextPageToken: next < matching.length ? String(next) : undefined };
    },
    getExperiment: async () => undefined,
    getExperimentByName: async () => undefined,
    getMetricHistory: async () => [],
  };
  return { reader, asked, scans: () => asked.filter(({ filter }) => filter === "") };
}

const recorded = (index: number, commit: string) =>
  runRecord({ runId: runId(index), tags: { "mlflow.source.git.commit": commit }, startTime: 1_000_000 - index });

describe("the scan for a run by its commit", () => {
  it("stops at the page that holds the fork point's own run", async () => {
    const runs = Array.from({ length: 3000 }, (_, index) => recorded(index, index === 1500 ? sha(0) : sha(8)));
    const { reader, scans } = server(runs);
    const { baseline } = await findBaseline(reader, EXPERIMENTS, SETTINGS, LOCATION);
    expect(baseline).toMatchObject({ run: { runId: runId(1500) }, distance: 0, source: "commit-tag" });
    expect(scans()).toHaveLength(2);
  });

  it("goes on to the nearest ancestor when the fork point has none", async () => {
    const runs = [recorded(1, sha(2)), recorded(2, sha(1)), recorded(3, sha(8))];
    const { reader } = server(runs);
    const { baseline } = await findBaseline(reader, EXPERIMENTS, SETTINGS, LOCATION);
    expect(baseline).toMatchObject({ run: { runId: runId(2) }, distance: 1 });
  });

  it("gives up after 20,000 runs and says so", async () => {
    const runs = Array.from({ length: 21_000 }, (_, index) => recorded(index, sha(8)));
    const { reader, scans } = server(runs);
    const { baseline, trace } = await findBaseline(reader, EXPERIMENTS, SETTINGS, LOCATION);
    expect(baseline).toBeUndefined();
    expect(scans()).toHaveLength(20);
    expect(trace.at(-1)?.summary.join("")).toContain("Only the newest 20000 runs were looked at.");
  });

  it("asks for fewer runs at a time when a page is too large to be read", async () => {
    const runs = Array.from({ length: 100 }, (_, index) => recorded(index, index === 99 ? sha(0) : sha(8)));
    const { reader, scans } = server(runs, 20);
    const { baseline } = await findBaseline(reader, EXPERIMENTS, SETTINGS, LOCATION);
    expect(baseline).toMatchObject({ run: { runId: runId(99) } });
    expect(
      scans()
        .map(({ maxResults }) => maxResults)
        .slice(0, 5),
    ).toEqual([1000, 250, 63, 16, 16]);
  });

  it("passes on that even one run is too large", async () => {
    const { reader } = server([recorded(1, sha(0))], 0);
    await expect(findBaseline(reader, EXPERIMENTS, SETTINGS, LOCATION)).rejects.toThrow(AnswerTooLargeError);
  });
});
