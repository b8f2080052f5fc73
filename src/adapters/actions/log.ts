import { randomUUID } from "node:crypto";
import { endGroup, info, startGroup } from "@actions/core";
import { plain, type Sentence } from "../../core/sentence.js";
import type { Log } from "../../gate/ports.js";
import { harmless } from "../process/output.js";

/** Where the training's lines go. */
export interface TrainingOutput {
  begin(): void;
  line(text: string): void;
  end(): void;
}

/**
 * The log of a job. What the training prints can be no command to the runner: commands are stopped while it prints,
 * every line stands behind a bar, and the older syntax, which the runner finds anywhere in a line, is broken up.
 */
export class ActionsLog implements Log, TrainingOutput {
  #token: string | undefined;
  #grouped = false;
  /** Our own words while the training prints. */
  readonly #held: string[] = [];

  step(title: string): void {
    this.#endGroup();
    startGroup(harmless(title));
    this.#grouped = true;
  }

  info(text: string): void {
    const line = inert(harmless(text));
    if (this.#token === undefined) info(line);
    else this.#held.push(line);
  }

  warning(sentence: Sentence): void {
    this.info(`Warning: ${plain(sentence)}`);
  }

  begin(): void {
    this.#token = `${randomUUID()}${randomUUID()}`.replaceAll("-", "");
    info(`::stop-commands::${this.#token}`);
  }

  line(text: string): void {
    info(`│ ${text.replaceAll("##[", "##\\[")}`);
  }

  end(): void {
    if (this.#token === undefined) return;
    info(`::${this.#token}::`);
    this.#token = undefined;
    for (const line of this.#held.splice(0)) info(line);
  }

  /** Ends what is open, so that what follows stands outside. */
  finish(): void {
    this.end();
    this.#endGroup();
  }

  #endGroup(): void {
    if (this.#grouped) endGroup();
    this.#grouped = false;
  }
}

/** Text that may hold names from outside as a line that is no command. */
function inert(line: string): string {
  return line.replaceAll("##[", "##\\[").replace(/^\s*::/, "\\$&");
}
