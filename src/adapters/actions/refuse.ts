import { appendFileSync } from "node:fs";
import { describeProblems, type Problem } from "../../config/problems.js";
import { plain } from "../../core/sentence.js";
import { renderSentence } from "../../report/untrusted.js";

/**
 * Refuses a step whose inputs are wrong, before anything is loaded: an annotation, the summary and the outputs, written
 * by hand since the toolkit takes longer to load than all of this takes.
 *
 * @returns the exit status
 */
export function refuseInputs(problems: readonly Problem[], env: Readonly<Record<string, string | undefined>>): number {
  const sentence = describeProblems(problems);
  const message = `Fix the inputs of this step. ${plain(sentence)}`
    .replaceAll("%", "%25")
    .replaceAll("\r", "%0D")
    .replaceAll("\n", "%0A");
  process.stdout.write(`::error title=Error (configuration)::${message}\n`);
  append(env.GITHUB_STEP_SUMMARY, `### ⚠️ Error — the inputs of this step are wrong\n\n${renderSentence(sentence)}\n`);
  append(env.GITHUB_OUTPUT, "outcome=error\nreason=configuration\nheadline=error: its configuration is wrong\n");
  return 2;
}

function append(file: string | undefined, text: string): void {
  if (file === undefined || file === "") return;
  try {
    appendFileSync(file, text);
  } catch {
    // The annotation and the exit status say the same.
  }
}
