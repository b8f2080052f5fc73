import { describe, expect, it } from "vitest";
import { classifyEnd, type EndedExecution, formatSeconds, lastWords } from "../../src/core/execution.js";
import { plain } from "../../src/core/sentence.js";

function ended(overrides: Partial<EndedExecution> = {}): EndedExecution {
  return {
    kind: "exited",
    exitCode: 1,
    signal: undefined,
    entryPointStarted: true,
    seconds: 41,
    tail: ["ValueError: bad shape"],
    ...overrides,
  };
}

describe("classifyEnd", () => {
  it("has nothing to say about an execution that ended with status 0", () => {
    expect(classifyEnd(ended({ exitCode: 0 }), "main", 60)).toBeUndefined();
    expect(classifyEnd(ended({ exitCode: 0, entryPointStarted: false }), "main", 60)).toBeUndefined();
  });

  it.each<[string, string, string, Partial<EndedExecution>]>([
    ["a cancelled job", "error", "cancelled", { kind: "cancelled", exitCode: undefined, signal: "SIGTERM" }],
    ["a cancelled job whose training still ended with 0", "error", "cancelled", { kind: "cancelled", exitCode: 0 }],
    ["a deadline", "broken", "timeout", { kind: "timeout", exitCode: undefined, signal: "SIGKILL" }],
    ["a deadline whose training still ended with 0", "broken", "timeout", { kind: "timeout", exitCode: 0 }],
    ["a failing entry point", "broken", "entry-point-failed", {}],
    [
      "a failing entry point that printed of the network",
      "broken",
      "entry-point-failed",
      { tail: ["ConnectionError: refused"] },
    ],
    ["a signal", "broken", "signalled", { exitCode: undefined, signal: "SIGKILL" }],
    [
      "a signal before the entry point",
      "broken",
      "signalled",
      { exitCode: undefined, signal: "SIGKILL", entryPointStarted: false },
    ],
  ])("%s is %s: %s", (_, outcome, reason, overrides) => {
    expect(classifyEnd(ended(overrides), "main", 60)).toMatchObject({ outcome, reason });
  });

  it.each<[string, string, string]>([
    [
      "mlflow.exceptions.ExecutionException: Could not find the pyenv binary. See https://x",
      "error",
      "environment-manager-missing",
    ],
    ["FileNotFoundError: [Errno 2] No such file or directory: 'conda'", "error", "environment-manager-missing"],
    ["error: Failed to fetch: `https://pypi.org/simple/numpy/`", "error", "environment-unavailable"],
    ["ERROR: Could not install: NewConnectionError('<pip>')", "error", "environment-unavailable"],
    ["CondaHTTPError: HTTP 000 CONNECTION FAILED", "error", "environment-unavailable"],
    ["  Caused by: dns error", "error", "environment-unavailable"],
    ["  × No solution found when resolving dependencies:", "broken", "environment-unsatisfiable"],
    ["ERROR: No matching distribution found for nmupy==9", "broken", "environment-unsatisfiable"],
    ["PackagesNotFoundError: not available from current channels", "broken", "environment-unsatisfiable"],
    ["something that nobody has seen before", "broken", "environment-unsatisfiable"],
  ])("before the entry point started, %j is %s: %s", (line, outcome, reason) => {
    const failure = classifyEnd(ended({ entryPointStarted: false, tail: ["Creating…", line] }), "main", 60);
    expect(failure).toMatchObject({ outcome, reason });
    expect(plain(failure?.sentence ?? [])).toContain(line.trim());
  });

  it("says what was expected, found and how long it took", () => {
    const words = (overrides: Partial<EndedExecution>) =>
      plain(classifyEnd(ended(overrides), "train", 1.5)?.sentence ?? []);
    expect(words({})).toBe("The entry point train failed after 41 s: ValueError: bad shape");
    expect(words({ kind: "timeout" })).toContain("did not finish within 1.5 minutes");
    expect(words({ kind: "cancelled", seconds: 200 })).toContain("was cancelled after 3 min 20 s");
    expect(words({ signal: "SIGKILL", exitCode: undefined })).toContain("was ended by SIGKILL after 41 s");
    expect(words({ entryPointStarted: false, exitCode: 2, tail: [] })).toContain("ended with exit status 2");
  });

  it("never names an exit status that there was not", () => {
    const failure = classifyEnd(
      ended({ exitCode: undefined, signal: "SIGSEGV", entryPointStarted: false }),
      "main",
      60,
    );
    expect(plain(failure?.sentence ?? [])).not.toContain("-1");
  });
});

describe("lastWords", () => {
  const MLFLOW = "2026/02/01 10:00:00 ERROR mlflow.cli: === Run (ID 'abc') failed ===";

  it.each<[string, string[], string]>([
    ["the last exception", ["KeyError: 'a'", "ValueError: bad", "  at line 3"], "ValueError: bad"],
    ["an exception of a module", ["x", "torch.cuda.OutOfMemoryError: CUDA", "y"], "torch.cuda.OutOfMemoryError: CUDA"],
    ["an error of a tool", ["fatal: not a git repository", "more"], "fatal: not a git repository"],
    ["the last line where none looks like an error", ["one", "two"], "two"],
    ["what came before MLflow's own words", ["ValueError: bad", MLFLOW], "ValueError: bad"],
    ["MLflow's own words where there are no others", [MLFLOW], MLFLOW],
    ["the last line that is not blank", ["one", "  ", ""], "one"],
    ["a line without the space around it", ["   KeyError: 'a'  "], "KeyError: 'a'"],
    ["a word about silence", [], "it printed nothing."],
    ["a word about silence where all lines are blank", ["", " "], "it printed nothing."],
    ["the error and not a warning that follows it", ["ValueError: bad", "DeprecationWarning: old"], "ValueError: bad"],
  ])("is %s", (_, tail, words) => {
    expect(plain(lastWords(tail))).toBe(words);
  });
});

describe("formatSeconds", () => {
  it.each([
    [0, "0 s"],
    [0.4, "0 s"],
    [41.2, "41 s"],
    [119.4, "119 s"],
    [119.6, "2 min 0 s"],
    [200, "3 min 20 s"],
    [7199, "119 min 59 s"],
    [7200, "2 h 0 min"],
    [7500, "2 h 5 min"],
    [90_000, "25 h 0 min"],
  ])("writes %d as %s", (seconds, text) => {
    expect(plain(formatSeconds(seconds))).toBe(text);
  });
});
