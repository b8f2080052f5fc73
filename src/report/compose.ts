import type { Sentence } from "../core/sentence.js";
import { overall } from "./outputs.js";
import { type ProjectReport, REPORT_VERSION, type Report } from "./report.js";

/** What is known about the invocation besides its projects. */
export interface Invocation
  extends Pick<
    Report,
    | "createdAt"
    | "exitStatus"
    | "advisory"
    | "event"
    | "pullRequest"
    | "repository"
    | "repositoryUrl"
    | "workflowRun"
    | "trackingUri"
  > {
  readonly toolVersion: string;
  readonly warnings: readonly Sentence[];
}

/** The report of an invocation: the worst of its projects speaks for all. */
export function composeReport(projects: readonly ProjectReport[], invocation: Invocation): Report {
  const { toolVersion, warnings, ...rest } = invocation;
  return {
    version: REPORT_VERSION,
    tool: { name: "repro-gate", version: toolVersion },
    ...overall(projects),
    ...rest,
    projects: [...projects],
    warnings: warnings.map((warning) => [...warning]),
  };
}
