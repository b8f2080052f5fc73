import type { Sentence } from "../core/sentence.js";
import type { Verdict } from "../core/verdict.js";
import { advise } from "../report/advice.js";
import { emptyProjectReport, toComparisonFields } from "../report/project-report.js";
import type { ProjectReport } from "../report/report.js";
import type { Log, LogExcerpt } from "./ports.js";

/** A project's report while it is being written: whatever ends the story, what was known by then is in it. */
export class Dossier {
  readonly #log: Log;
  #report: ProjectReport;

  constructor(log: Log, name: string) {
    this.#log = log;
    this.#report = emptyProjectReport(name, "");
  }

  get report(): ProjectReport {
    return this.#report;
  }

  note(fields: Partial<ProjectReport>): void {
    this.#report = { ...this.#report, ...fields };
  }

  noteLog({ tail, droppedBytes }: LogExcerpt): void {
    this.note({ log: { tail: [...tail], droppedBytes } });
  }

  warn(sentences: readonly Sentence[]): void {
    for (const sentence of sentences) this.#log.warning(sentence);
    this.note({ warnings: [...this.#report.warnings, ...sentences.map((sentence) => [...sentence])] });
  }

  conclude(verdict: Verdict): void {
    this.note({
      outcome: verdict.outcome,
      reason: "reason" in verdict ? verdict.reason : null,
      sentence: [...verdict.sentence],
      ...(verdict.comparison === undefined ? {} : toComparisonFields(verdict.comparison)),
    });
    this.note({ advice: advise(this.#report).map((step) => [...step]) });
  }
}
