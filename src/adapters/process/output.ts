import { StringDecoder } from "node:string_decoder";

const KEPT_BYTES = 256 * 1024;
const LONGEST_LINE = 16 * 1024;

/**
 * Turns a child's bytes into lines: UTF-8 across chunk borders, LF and CR both end a line (progress bars), and a line
 * without end is cut, so that memory stays constant.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  readonly #onLine: (line: string) => void;
  #rest = "";
  #afterReturn = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    let text = this.#decoder.write(chunk);
    if (text === "") return;
    if (this.#afterReturn && text.startsWith("\n")) text = text.slice(1);
    this.#afterReturn = text === "" ? false : text.endsWith("\r");
    const pieces = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = pieces.pop() ?? "";
    for (const piece of pieces) this.#onLine(piece);
    if (this.#rest.length > LONGEST_LINE) {
      this.#onLine(this.#rest);
      this.#rest = "";
    }
  }

  end(): void {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = "";
    if (rest !== "") this.#onLine(rest);
  }
}

/** A line of a child without terminal sequences and control characters, tabs excepted. */
export function harmless(line: string): string {
  return line
    .replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]+[0-~]|[@-Z\\-_])/g, "")
    .replaceAll(/(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "");
}

/** The first and the last 256 KiB of a log, and how much was dropped between them. */
export class LogKeeper {
  readonly #first: string[] = [];
  #firstBytes = 0;
  #last: string[] = [];
  #lastBytes = 0;
  droppedBytes = 0;

  add(line: string): void {
    const bytes = Buffer.byteLength(line) + 1;
    if (this.#lastBytes === 0 && this.#firstBytes + bytes <= KEPT_BYTES) {
      this.#first.push(line);
      this.#firstBytes += bytes;
      return;
    }
    this.#last.push(line);
    this.#lastBytes += bytes;
    // Drops in batches: shifting one line at a time from a long array is quadratic.
    if (this.#lastBytes > 2 * KEPT_BYTES) {
      let drop = 0;
      while (drop < this.#last.length - 1 && this.#lastBytes > KEPT_BYTES) {
        const size = Buffer.byteLength(this.#last[drop] ?? "") + 1;
        this.#lastBytes -= size;
        this.droppedBytes += size;
        drop++;
      }
      this.#last = this.#last.slice(drop);
    }
  }

  tail(count: number): string[] {
    const lines = this.droppedBytes > 0 || this.#last.length >= count ? this.#last : [...this.#first, ...this.#last];
    return count === 0 ? [] : lines.slice(-count);
  }
}
