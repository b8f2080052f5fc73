import { access, constants, writeFile } from "node:fs/promises";
import { error, setOutput, summary, warning } from "@actions/core";
import type { CommentMode } from "../../config/inputs.js";
import { messageOf } from "../../core/gate-error.js";
import { type Sentence, say } from "../../core/sentence.js";
import { COMMENT_BYTES, renderMarkdown, SUMMARY_BYTES } from "../../report/markdown.js";
import { toAnnotations, toOutputs } from "../../report/outputs.js";
import type { Report } from "../../report/report.js";
import type { CommentKey, CommentStamp } from "../github/comment-key.js";
import type { PullRequestComments } from "../github/comments.js";

export interface PublisherOptions {
  readonly comments: PullRequestComments | undefined;
  readonly key: CommentKey;
  readonly stamp: CommentStamp;
  readonly mode: CommentMode;
  /** The pull requests to comment on; a failure to find them is a warning. */
  readonly pullRequests: () => Promise<readonly number[]>;
  readonly reportPath: string;
  /** Removes every registered secret from a text that leaves. */
  readonly redact: (text: string) => string;
}

/**
 * Shows a report in the comment, the summary, the annotations, the outputs and a JSON file. None of it can change the
 * outcome: what fails is a warning in what comes after.
 */
export async function publish(report: Report, options: PublisherOptions): Promise<void> {
  const { redact } = options;
  const { url, warnings } = await comment(report, options);
  let shown: Report = { ...report, warnings: [...report.warnings, ...warnings.map((sentence) => [...sentence])] };
  const note = (sentence: Sentence) => {
    shown = { ...shown, warnings: [...shown.warnings, [...sentence]] };
  };

  await writeFile(options.reportPath, redact(`${JSON.stringify(shown, null, 2)}\n`)).catch((cause: unknown) => {
    note(say`The JSON report could not be written: ${messageOf(cause)}.`);
  });
  await writeSummary(redact(renderMarkdown(shown, SUMMARY_BYTES))).catch((cause: unknown) => {
    note(say`The job summary could not be written: ${messageOf(cause)}.`);
  });
  for (const { level, title, message } of toAnnotations(shown)) {
    if (level === "error") error(redact(message), { title });
    else warning(redact(message), { title });
  }
  setOutputs(toOutputs(shown, options.reportPath, url), redact);
}

/** Writes outputs; without a file for them they are only lost, which the log says. */
export function setOutputs(outputs: Readonly<Record<string, string>>, redact = (text: string) => text): void {
  for (const [name, value] of Object.entries(outputs)) {
    try {
      if ((process.env.GITHUB_OUTPUT ?? "") !== "") setOutput(name, redact(value));
    } catch (cause) {
      warning(`The output ${name} could not be set: ${messageOf(cause)}`, { title: "repro-gate" });
    }
  }
}

async function writeSummary(markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === "") return;
  await access(file, constants.W_OK);
  await summary.addRaw(markdown).write();
}

async function comment(
  report: Report,
  options: PublisherOptions,
): Promise<{ readonly url: string; readonly warnings: readonly Sentence[] }> {
  const nothing = { url: "", warnings: [] };
  if (options.mode === "never" || report.outcome === "skipped" || report.reason === "cancelled") return nothing;
  let pullRequests: readonly number[];
  try {
    pullRequests = await options.pullRequests();
  } catch (error) {
    return { url: "", warnings: [say`The pull requests of this commit could not be looked up: ${messageOf(error)}.`] };
  }
  if (pullRequests.length === 0) return nothing;
  if (options.comments === undefined) {
    return { url: "", warnings: [say`There is no ${"github-token"}, so no comment was written.`] };
  }
  const markdown = options.redact(renderMarkdown(report, COMMENT_BYTES));
  const results = [];
  for (const number of pullRequests) {
    results.push(
      await options.comments.upsert(number, options.key, options.stamp, markdown, isQuiet(report, options.mode)),
    );
  }
  return {
    url: results.find(({ url }) => url !== undefined)?.url ?? "",
    warnings: results.flatMap(({ warning: found }) => (found === undefined ? [] : [found])),
  };
}

/** Whether a mode has nothing new to say; a comment that is there is still updated, so that an alarm is cleared. */
function isQuiet(report: Report, mode: CommentMode): boolean {
  if (report.outcome !== "reproduced") return false;
  if (mode === "on-failure") return true;
  const unchanged = report.projects.every(({ metrics }) =>
    metrics.every(({ state, baseline, candidate }) => state === "ignored" || baseline === candidate),
  );
  return mode === "on-change" && unchanged;
}
