import { spawnSync } from "node:child_process";

/**
 * Runs a Python script that reads lines and writes one line for each, in one process. A missing Python fails the
 * test: an oracle that is skipped proves nothing.
 */
export function askPython(script: string, lines: readonly string[]): string[] {
  const python = spawnSync("python3", ["-I", "-c", script], {
    input: `${lines.join("\n")}\n`,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (python.error !== undefined) throw new Error("python3 on PATH is this test's oracle", { cause: python.error });
  if (python.status !== 0) throw new Error(`python3 ended with ${python.status}: ${python.stderr}`);
  const answers = python.stdout.split("\n").slice(0, -1);
  if (answers.length !== lines.length) throw new Error(`${lines.length} questions, ${answers.length} answers`);
  return answers;
}

/** The 64 bits of a double as 16 hexadecimal digits, which lose nothing on the way to Python. */
export function doubleBits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

/** Python's way back from `doubleBits`. */
export const FROM_BITS = "struct.unpack('>d', bytes.fromhex(bits))[0]";

/** The double that lies `ulps` representable values away from a finite one. */
export function neighbour(value: number, ulps: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  const ordered = bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
  const moved = ordered + BigInt(ulps);
  view.setBigInt64(0, moved < 0n ? -moved | -0x8000000000000000n : moved);
  return view.getFloat64(0);
}
