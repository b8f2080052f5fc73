import type { Sentence } from "../core/sentence.js";

/** One thing that is wrong with what the user wrote, and where: an input, an environment variable, a file and line. */
export interface Problem {
  readonly where: string;
  readonly sentence: Sentence;
}

/** Collects problems, so that all of them are reported together. */
export class Problems {
  readonly found: Problem[] = [];

  add(where: string, sentence: Sentence): void {
    this.found.push({ where, sentence });
  }
}

/** All problems as one sentence, each behind the place where it was written. */
export function describeProblems(problems: readonly Problem[]): Sentence {
  return problems.flatMap(({ where, sentence }, index) => [
    ...(index === 0 ? [] : [" · "]),
    { code: where },
    ": ",
    ...sentence,
  ]);
}
