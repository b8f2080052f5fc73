import { harmless } from "./adapters/process/output.js";
import type { Sentence } from "./core/sentence.js";
import type { Log } from "./gate/ports.js";
import { plainSentence } from "./report/untrusted.js";

const REFRESH_MS = 200;

/**
 * Progress at a desk, on standard error: the steps, and while the training prints, one line with the elapsed time and
 * its last words. Without a terminal only the steps are printed.
 */
export class TerminalLog implements Log {
  readonly #stream: NodeJS.WriteStream;
  #live: NodeJS.Timeout | undefined;
  #began = 0;
  #last = "";

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  step(title: string): void {
    this.info(`▸ ${title}`);
  }

  info(text: string): void {
    this.#clear();
    this.#stream.write(`${text.split("\n").map(harmless).join("\n")}\n`);
  }

  warning(sentence: Sentence): void {
    this.info(`  ! ${plainSentence(sentence)}`);
  }

  begin(): void {
    this.#began = performance.now();
    this.#last = "starting";
    if (!this.#stream.isTTY) return;
    this.#live = setInterval(() => this.#draw(), REFRESH_MS);
  }

  line(text: string): void {
    if (text.trim() !== "") this.#last = text.trim();
  }

  end(): void {
    clearInterval(this.#live);
    this.#live = undefined;
    this.#clear();
    this.#stream.write(`  ended after ${Math.round((performance.now() - this.#began) / 1000)} s\n`);
  }

  #draw(): void {
    const seconds = Math.round((performance.now() - this.#began) / 1000);
    const width = Math.max(20, (this.#stream.columns ?? 80) - 1);
    this.#clear();
    this.#stream.write(`  ${seconds} s │ ${this.#last}`.slice(0, width));
  }

  #clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\u001b[2K");
  }
}
