import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { harmless, LineSplitter, LogKeeper } from "../../../src/adapters/process/output.js";

/** The lines that a splitter makes of chunks. */
function split(chunks: readonly Buffer[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(chunk);
  splitter.end();
  return lines;
}

/** The lines of a whole text; a last one that is empty is none. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** A buffer cut at the given places, in the middle of characters too. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const borders = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}

describe("LineSplitter", () => {
  it.each<[string, string[], string[]]>([
    ["lines", ["a\nb\n"], ["a", "b"]],
    ["a last line without end", ["a\nb"], ["a", "b"]],
    ["a progress bar", ["10%\r20%\r30%\n"], ["10%", "20%", "30%"]],
    ["Windows' lines", ["a\r\nb\r\n"], ["a", "b"]],
    ["empty lines", ["\n\na\n\n"], ["", "", "a", ""]],
    ["nothing", [], []],
    ["an empty chunk", ["a", "", "b\n"], ["ab"]],
    ["a line in pieces", ["on", "e l", "ine\nrest"], ["one line", "rest"]],
  ])("splits %s", (_, chunks, lines) => {
    expect(split(chunks.map((chunk) => Buffer.from(chunk)))).toEqual(lines);
  });

  it("joins a character whose bytes came in two chunks", () => {
    const bytes = Buffer.from("né😀\n");
    expect(split([...bytes].map((byte) => Buffer.of(byte)))).toEqual(["né😀"]);
  });

  it("takes a carriage return and the newline of the next chunk as one end of a line", () => {
    expect(split([Buffer.from("a\r"), Buffer.from("\nb\n")])).toEqual(["a", "b"]);
  });

  const text = fc.string({ unit: fc.constantFrom("a", "é", "😀", "中", "\n", "\t"), maxLength: 40 });
  const places = fc.array(fc.nat({ max: 200 }), { maxLength: 8 });

  it("finds the lines of the whole text however it is cut", () => {
    fc.assert(
      fc.property(text, places, (whole, where) => {
        expect(split(cut(Buffer.from(whole), where))).toEqual(linesOf(whole));
      }),
      { numRuns: 500 },
    );
  });

  it("finds the lines of the whole text however it is cut, between CR and LF too", () => {
    const withReturns = fc.string({ unit: fc.constantFrom("a", "é", "\n", "\r"), maxLength: 20 });
    fc.assert(
      fc.property(withReturns, places, (whole, where) => {
        expect(split(cut(Buffer.from(whole), where))).toEqual(linesOf(whole));
      }),
      { numRuns: 500 },
    );
  });

  it("shows bytes that are no UTF-8 as replacement characters and goes on", () => {
    expect(split([Buffer.of(0x61, 0xff, 0x0a, 0xc3), Buffer.of(0x0a)])).toEqual(["a\ufffd", "\ufffd"]);
    expect(split([Buffer.of(0xe2, 0x82)])).toEqual(["\ufffd"]);
  });

  it("cuts a line without end, so that memory stays constant, and loses nothing", () => {
    const chunk = Buffer.alloc(10_000, "x");
    const lines = split(Array(30).fill(chunk));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(16 * 1024 + chunk.length);
    expect(lines.join("")).toHaveLength(300_000);
  });
});

describe("harmless", () => {
  it.each([
    ["plain text", "loss=0.1\tacc=0.9", "loss=0.1\tacc=0.9"],
    ["letters of any script", "né 中 😀 مرحبا", "né 中 😀 مرحبا"],
    ["colours", "\u001b[1;31mred\u001b[0m", "red"],
    ["cursor movement", "\u001b[2K\u001b[1Gdone", "done"],
    ["a title", "\u001b]0;owned\u0007text", "text"],
    ["a link", "\u001b]8;;http://evil\u001b\\click\u001b]8;;\u001b\\", "click"],
    ["a title without end", "\u001b]0;owned", ""],
    ["a two-character escape", "\u001bMup\u001b7", "up7"],
    ["a sequence without end", "a\u001b[31", "a[31"],
    ["nested sequences", "\u001b\u001b[0m[31mx", "[31mx"],
    ["8-bit sequences", "\u009b31mred", "31mred"],
    ["NUL, bell, backspace and delete", "a\0b\u0007c\u0008d\u007f", "abcd"],
    ["line separators", "a\u2028b\u2029c\u0085d", "abcd"],
    ["bidirectional overrides", "a\u202eb\u2066c\u2069", "abc"],
    ["workflow commands, which only lose what is not text", "::error::\u001b[0mx", "::error::x"],
    ["nothing", "", ""],
  ])("of %s", (_, line, rest) => {
    expect(harmless(line)).toBe(rest);
  });

  it("removes the character-set sequence that tput sgr0 prints", () => {
    expect(harmless("\u001b(B\u001b[mplain")).toBe("plain");
  });

  it("leaves no control character but tabs, no separator and no override, whatever comes in", () => {
    const unit = fc.oneof(
      fc.constantFrom(
        "\u001b",
        "[",
        "]",
        "0",
        "m",
        ";",
        "\u0007",
        "\\",
        "\u009b",
        "\u202e",
        "\u2028",
        "\t",
        "\n",
        "\r",
      ),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit }), (line) => {
        const rest = harmless(line);
        expect(rest).not.toMatch(/(?!\t)\p{Cc}|\p{Zl}|\p{Zp}|[\u202a-\u202e\u2066-\u2069]/u);
        expect(harmless(rest)).toBe(rest);
      }),
      { numRuns: 2_000 },
    );
  });

  it("removes nothing from text without control characters", () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        expect(harmless(line)).toBe(line);
      }),
    );
  });

  it("needs no more than linear time for a megabyte of openings without ends", () => {
    expect(harmless("\u001b[".repeat(500_000))).toHaveLength(500_000);
    expect(harmless("\u001b]0;".repeat(300_000))).toBe("");
  });
});

describe("LogKeeper", () => {
  const KIB = 1024;

  function keep(lines: Iterable<string>): LogKeeper {
    const log = new LogKeeper();
    for (const line of lines) log.add(line);
    return log;
  }

  function numbered(count: number, width: number): string[] {
    return Array.from({ length: count }, (_, index) => String(index).padEnd(width, "."));
  }

  it("gives the last lines in order", () => {
    const log = keep(["a", "b", "c"]);
    expect(log.tail(2)).toEqual(["b", "c"]);
    expect(log.tail(40)).toEqual(["a", "b", "c"]);
    expect(log.droppedBytes).toBe(0);
  });

  it("gives none where none are asked for or there are none", () => {
    expect(keep([]).tail(40)).toEqual([]);
    expect(keep(["a", "b"]).tail(0)).toEqual([]);
  });

  it("gives the last lines across the border of what it keeps first and last", () => {
    const lines = numbered(300, KIB);
    expect(keep(lines).tail(60)).toEqual(lines.slice(-60));
    expect(keep(lines).droppedBytes).toBe(0);
  });

  it("drops the middle of a long log, counts its bytes and keeps the end", () => {
    const lines = numbered(20_000, 99);
    const log = keep(lines);
    expect(log.tail(1_000)).toEqual(lines.slice(-1_000));
    expect(log.droppedBytes).toBeGreaterThan(20_000 * 100 - 4 * 256 * KIB);
    expect(log.droppedBytes).toBeLessThan(20_000 * 100 - 2 * 256 * KIB + 100);
  });

  it("counts bytes and not characters", () => {
    const log = keep(Array(6_000).fill("€".repeat(100)));
    expect(log.droppedBytes % 301).toBe(0);
    expect(log.droppedBytes).toBeGreaterThan(0);
  });

  it("never gives lines as neighbours between which others were dropped", () => {
    const tail = keep(numbered(100, 16 * KIB)).tail(40);
    const numbers = tail.map((line) => Number.parseInt(line, 10));
    expect(numbers).toEqual(tail.map((_, index) => 100 - tail.length + index));
  });

  it("survives one line that is longer than all it keeps", () => {
    const log = keep(["x".repeat(KIB * KIB), "end"]);
    expect(log.tail(1)).toEqual(["end"]);
  });
});
