import type { Sentence } from "../core/sentence.js";

/** What the doctor looks at, in the order in which it reports. */
export type CheckName =
  | "git"
  | "history"
  | "working-tree"
  | "configuration"
  | "project"
  | "parameters"
  | "environment"
  | "data"
  | "toolchain"
  | "tracking"
  | "baseline"
  | "workflow";

/**
 * `problem`: the gate cannot decide until it is put right. `warning`: it can, but something will surprise. `info`:
 * nothing is wrong, and there is something to know.
 */
export type Status = "ok" | "info" | "warning" | "problem";

export interface Finding {
  readonly check: CheckName;
  readonly status: Status;
  readonly message: Sentence;
  /** What to do about it; empty when there is nothing to do, or the message says it. */
  readonly advice: Sentence;
}

/** The findings of one check, in the order in which they were made. */
export class Findings {
  readonly check: CheckName;
  readonly found: Finding[] = [];

  constructor(check: CheckName) {
    this.check = check;
  }

  ok(message: Sentence): void {
    this.add("ok", message, []);
  }

  info(message: Sentence, advice: Sentence = []): void {
    this.add("info", message, advice);
  }

  warning(message: Sentence, advice: Sentence = []): void {
    this.add("warning", message, advice);
  }

  problem(message: Sentence, advice: Sentence = []): void {
    this.add("problem", message, advice);
  }

  /** Whether nothing is worse than worth knowing, so that "all is well" may be said. */
  get well(): boolean {
    return this.found.every(({ status }) => status === "ok" || status === "info");
  }

  private add(status: Status, message: Sentence, advice: Sentence): void {
    this.found.push({ check: this.check, status, message, advice });
  }
}
