import type { z } from "zod";
import { tagEquals } from "../../../core/filter.js";
import { GateError } from "../../../core/gate-error.js";
import {
  type DatasetInput,
  isTerminal,
  type MetricPoint,
  type RunRecord,
  type RunStatus,
  TAG,
} from "../../../core/run.js";
import { say } from "../../../core/sentence.js";
import type { Experiment, NewRun, RunPage, RunReader, RunSearch, RunWriter } from "../../../gate/ports.js";
import { AmbiguousError, type Answer, type Call, type TrackingHttp } from "./http.js";
import { encodeMetricValue } from "./json.js";
import { shapes, toRunRecord } from "./shapes.js";

/** Servers 3.1 to 3.13 send nothing and a token that never advances unless this is given. */
const HISTORY_PAGE = 25_000;
const BATCH = { metrics: 1000, params: 100, tags: 100 };

/** MLflow's REST API 2.0, as far as the gate needs it: https://mlflow.org/docs/latest/api_reference/rest-api.html */
export class TrackingClient implements RunReader, RunWriter {
  readonly #http: TrackingHttp;

  constructor(http: TrackingHttp) {
    this.#http = http;
  }

  async getRun(runId: string): Promise<RunRecord | undefined> {
    const answer = await this.#get("runs/get", { run_id: runId });
    if (isMissing(answer)) return undefined;
    return toRunRecord(this.#read(shapes.run, answer, "runs/get").run);
  }

  async searchRuns(search: RunSearch): Promise<RunPage> {
    const answer = await this.#post("runs/search", true, {
      experiment_ids: search.experimentIds,
      ...(search.filter === "" ? {} : { filter: search.filter }),
      run_view_type: "ACTIVE_ONLY",
      max_results: search.maxResults,
      order_by: search.orderBy,
      ...(search.pageToken === undefined ? {} : { page_token: search.pageToken }),
    });
    const page = this.#read(shapes.runs, answer, "runs/search");
    const token = page.next_page_token;
    if (token !== undefined && token !== "" && token === search.pageToken) {
      throw new GateError(
        "tracker-answer",
        say`The tracking server sent the same page token twice for ${"runs/search"}.`,
      );
    }
    return { runs: page.runs.map(toRunRecord), nextPageToken: token === "" ? undefined : token };
  }

  async getExperiment(experimentId: string): Promise<Experiment | undefined> {
    return this.#experiment("experiments/get", { experiment_id: experimentId });
  }

  async getExperimentByName(name: string): Promise<Experiment | undefined> {
    return this.#experiment("experiments/get-by-name", { experiment_name: name });
  }

  async #experiment(path: string, query: Record<string, string>): Promise<Experiment | undefined> {
    const answer = await this.#get(path, query);
    if (isMissing(answer)) return undefined;
    const { experiment } = this.#read(shapes.experiment, answer, path);
    return {
      experimentId: experiment.experiment_id,
      name: experiment.name,
      active: experiment.lifecycle_stage === "active",
    };
  }

  async getMetricHistory(runId: string, key: string): Promise<readonly MetricPoint[]> {
    const points: MetricPoint[] = [];
    let token: string | undefined;
    for (;;) {
      const answer = await this.#get("metrics/get-history", {
        run_id: runId,
        metric_key: key,
        max_results: String(HISTORY_PAGE),
        ...(token === undefined ? {} : { page_token: token }),
      });
      const page = this.#read(shapes.history, answer, "metrics/get-history");
      points.push(...page.metrics);
      const next = page.next_page_token;
      // Old servers ignore the token and send everything again, others repeat it for ever.
      if (next === undefined || next === "" || next === token || page.metrics.length === 0) return points;
      token = next;
    }
  }

  async createExperiment(name: string): Promise<string> {
    const answer = await this.#post("experiments/create", true, { name });
    if (!answer.ok && answer.code === "RESOURCE_ALREADY_EXISTS") {
      const existing = await this.getExperimentByName(name);
      if (existing?.active === true) return existing.experimentId;
    }
    return this.#read(shapes.createdExperiment, answer, "experiments/create").experiment_id;
  }

  async createRun(run: NewRun): Promise<string> {
    const body = {
      // Numbers are refused from 3.x on.
      experiment_id: run.experimentId,
      start_time: run.startTime,
      run_name: run.runName,
      user_id: run.tags.get(TAG.user) ?? "",
      tags: pairs(run.tags),
    };
    try {
      const answer = await this.#post("runs/create", false, body);
      return toRunRecord(this.#read(shapes.run, answer, "runs/create").run).runId;
    } catch (error) {
      const invocation = run.tags.get(TAG.invocation);
      if (!(error instanceof AmbiguousError) || invocation === undefined) throw error;
      const found = await this.#findByInvocation(run.experimentId, invocation);
      if (found !== undefined) return found;
      const again = await this.#post("runs/create", false, body);
      return toRunRecord(this.#read(shapes.run, again, "runs/create").run).runId;
    }
  }

  async #findByInvocation(experimentId: string, invocation: string): Promise<string | undefined> {
    const { runs } = await this.searchRuns({
      experimentIds: [experimentId],
      filter: tagEquals(TAG.invocation, invocation) ?? "",
      orderBy: [],
      maxResults: 10,
    });
    return runs.find((candidate) => candidate.tags.get(TAG.invocation) === invocation)?.runId;
  }

  async endRun(runId: string, status: RunStatus, endTime: number): Promise<void> {
    await this.#write("runs/update", { run_id: runId, status, end_time: endTime });
    const stored = await this.getRun(runId);
    if (stored === undefined || !isTerminal(stored.status)) {
      throw new GateError(
        "tracker-answer",
        say`The tracking server accepted the end of run ${runId} but keeps it ${stored?.status ?? "missing"}.`,
      );
    }
  }

  async setTags(runId: string, tags: ReadonlyMap<string, string>): Promise<void> {
    for (const batch of batches(pairs(tags), BATCH.tags))
      await this.#write("runs/log-batch", { run_id: runId, tags: batch });
  }

  async logParams(runId: string, params: ReadonlyMap<string, string>): Promise<void> {
    for (const batch of batches(pairs(params), BATCH.params)) {
      await this.#write("runs/log-batch", { run_id: runId, params: batch });
    }
  }

  async logMetrics(runId: string, points: readonly MetricPoint[]): Promise<void> {
    const metrics = points.map(({ key, value, timestamp, step }) => ({
      key,
      value: encodeMetricValue(value),
      timestamp,
      // JSON numbers beyond 2^53 would be rounded; every server takes text as well.
      step: Number.isSafeInteger(Number(step)) ? Number(step) : step,
    }));
    for (const batch of batches(metrics, BATCH.metrics))
      await this.#write("runs/log-batch", { run_id: runId, metrics: batch });
  }

  async logDatasets(runId: string, datasets: readonly DatasetInput[]): Promise<void> {
    if (datasets.length === 0) return;
    await this.#write("runs/log-inputs", {
      run_id: runId,
      datasets: datasets.map((input) => ({
        tags: pairs(input.tags),
        dataset: {
          name: input.name,
          digest: input.digest,
          source_type: input.sourceType,
          source: input.source,
          ...(input.schema === undefined ? {} : { schema: input.schema }),
          ...(input.profile === undefined ? {} : { profile: input.profile }),
        },
      })),
    });
  }

  async #write(path: string, body: unknown): Promise<void> {
    const answer = await this.#post(path, true, body);
    if (!answer.ok) throw unexpected(answer, path);
  }

  #get(path: string, query: Record<string, string>): Promise<Answer> {
    return this.#call({ method: "GET", path, query, repeatable: true });
  }

  #post(path: string, repeatable: boolean, body: unknown): Promise<Answer> {
    return this.#call({ method: "POST", path, body, repeatable });
  }

  #call(call: Call): Promise<Answer> {
    return this.#http.call({ ...call, path: `/api/2.0/mlflow/${call.path}` });
  }

  #read<T>(schema: z.ZodType<T>, answer: Answer, path: string): T {
    if (!answer.ok) throw unexpected(answer, path);
    const parsed = schema.safeParse(answer.value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new GateError(
      "tracker-answer",
      say`The tracking server's answer to ${path} is not what MLflow documents: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}.`,
    );
  }
}

/** Whether the server says that the thing asked for does not exist. */
function isMissing(answer: Answer): boolean {
  return !answer.ok && (answer.code === "RESOURCE_DOES_NOT_EXIST" || answer.code === "NOT_FOUND");
}

function unexpected(answer: Extract<Answer, { ok: false }>, path: string): GateError {
  const message = answer.message.split("\n")[0] ?? "";
  return new GateError(
    answer.code === "PERMISSION_DENIED" ? "tracker-refused" : "tracker-answer",
    say`The tracking server refuses ${path}: ${answer.code} ${message.slice(0, 300)}`,
  );
}

function pairs(map: ReadonlyMap<string, string>): { key: string; value: string }[] {
  return [...map].map(([key, value]) => ({ key, value }));
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
