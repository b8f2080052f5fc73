import type { ReasonOf } from "./outcome.js";
import { type Sentence, say } from "./sentence.js";

/** How an execution ended, as far as it decides about the outcome. */
export interface EndedExecution {
  readonly kind: "exited" | "timeout" | "cancelled";
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly entryPointStarted: boolean;
  readonly seconds: number;
  /** The last lines of the log. */
  readonly tail: readonly string[];
}

export type ExecutionFailure =
  | { readonly outcome: "error"; readonly reason: ReasonOf<"error">; readonly sentence: Sentence }
  | { readonly outcome: "broken"; readonly reason: ReasonOf<"broken">; readonly sentence: Sentence };

/**
 * Why an execution did not run to completion, or undefined when it did. Before MLflow announces the entry point only
 * the environment can have failed; after that it is the project's own fault.
 */
export function classifyEnd(
  end: EndedExecution,
  entryPoint: string,
  timeoutMinutes: number,
): ExecutionFailure | undefined {
  const after = say`after ${formatSeconds(end.seconds)}`;
  if (end.kind === "cancelled") {
    return {
      outcome: "error",
      reason: "cancelled",
      sentence: say`The job was cancelled ${after}; the training was stopped.`,
    };
  }
  if (end.kind === "timeout") {
    return {
      outcome: "broken",
      reason: "timeout",
      sentence: say`The entry point ${entryPoint} did not finish within ${timeoutMinutes} minutes and was stopped.`,
    };
  }
  if (end.exitCode === 0) return undefined;
  if (!end.entryPointStarted && end.signal === undefined) return classifyEnvironment(end);
  if (end.signal !== undefined) {
    return {
      outcome: "broken",
      reason: "signalled",
      sentence: say`${"mlflow run"} was ended by ${end.signal} ${after}, and not by the gate: often the system's memory was exhausted.`,
    };
  }
  return {
    outcome: "broken",
    reason: "entry-point-failed",
    sentence: say`The entry point ${entryPoint} failed ${after}: ${lastWords(end.tail)}`,
  };
}

/** Failures of environment creation by what uv, pip, conda and MLflow print; they offer nothing better to go by. */
const ENVIRONMENT_FAILURES: readonly (readonly [RegExp, (line: string) => ExecutionFailure])[] = [
  [
    /Could not find the (?:uv|pyenv|conda) (?:binary|executable)|No such file or directory: '(?:uv|pyenv|conda|None)'|pyenv is not available/i,
    (line) => ({
      outcome: "error",
      reason: "environment-manager-missing",
      sentence: say`The environment manager is not installed: ${line}`,
    }),
  ],
  [
    /Failed to fetch|error sending request|dns error|Temporary failure in name resolution|Name or service not known|Could not resolve host|Connection refused|ConnectionError|NewConnectionError|Network is unreachable|CondaHTTPError|Connection timed out|operation timed out|tls handshake|invalid peer certificate/i,
    (line) => ({
      outcome: "error",
      reason: "environment-unavailable",
      sentence: say`The project's environment could not be fetched: ${line}`,
    }),
  ],
  [
    /No solution found|No matching distribution|ResolutionImpossible|PackagesNotFoundError|UnsatisfiableError|No interpreter found|was not found in the package registry|no version of|not a supported wheel|Failed to build/i,
    (line) => ({
      outcome: "broken",
      reason: "environment-unsatisfiable",
      sentence: say`The project's environment cannot be made: ${line}`,
    }),
  ],
];

function classifyEnvironment(end: EndedExecution): ExecutionFailure {
  for (const [pattern, describe] of ENVIRONMENT_FAILURES) {
    const line = end.tail.find((candidate) => pattern.test(candidate));
    if (line !== undefined) return describe(line.trim());
  }
  return {
    outcome: "broken",
    reason: "environment-unsatisfiable",
    sentence: say`${"mlflow run"} ended with exit status ${end.exitCode ?? -1} before the entry point started: ${lastWords(end.tail)}`,
  };
}

/** The line of a log that most likely says what went wrong: the last exception or error, else the last line. */
export function lastWords(tail: readonly string[]): Sentence {
  const lines = tail.map((line) => line.trim()).filter((line) => line !== "");
  // MLflow ends with an exception of its own, which only repeats that the run failed.
  const own = lines.filter(
    (line) => !/^(?:\S+ ){0,3}(?:ERROR|INFO) mlflow\.|=== Run \(ID|^(?:🏃|🧪) View /u.test(line),
  );
  const telling = own.findLast((line) => /^(?:[\w.]+(?:Error|Exception|Interrupt|Exit)\b|error:|fatal:)/i.test(line));
  const line = telling ?? own.at(-1) ?? lines.at(-1);
  return line === undefined ? say`it printed nothing.` : say`${line}`;
}

/** Seconds as people write them: "41 s", "3 min 20 s", "2 h 5 min". */
export function formatSeconds(seconds: number): Sentence {
  const whole = Math.round(seconds);
  if (whole < 120) return [`${whole} s`];
  if (whole < 7200) return [`${Math.floor(whole / 60)} min ${whole % 60} s`];
  return [`${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`];
}
