import { isMap, isPair, isScalar, LineCounter, type Node, type ParsedNode, parseDocument } from "yaml";
import { type Sentence, say } from "../core/sentence.js";

/** Far above any real configuration, far below what a parser can be made to choke on. */
const LARGEST_FILE = 1024 * 1024;

export interface YamlFile {
  readonly root: ParsedNode | null;
  /** The document as plain values. */
  readonly value: unknown;
  /** "file:line" of the node at a path of keys, or of its nearest existing parent. */
  where(path: readonly PropertyKey[]): string;
}

/**
 * Parses one YAML document strictly: duplicate keys, tabs, custom tags and alias bombs are errors with their line.
 *
 * @param version "1.2" for our own files, "1.1" for files that PyYAML reads
 */
export function parseYaml(
  file: string,
  text: string,
  version: "1.1" | "1.2",
): { readonly yaml: YamlFile } | { readonly problems: { readonly where: string; readonly sentence: Sentence }[] } {
  if (text.length > LARGEST_FILE) {
    return {
      problems: [
        { where: file, sentence: say`it is ${text.length} characters long; at most ${LARGEST_FILE} are read.` },
      ],
    };
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ""), {
    version,
    lineCounter,
    prettyErrors: false,
    stringKeys: true,
  });
  const line = (offset: number) => `${file}:${lineCounter.linePos(offset).line}`;
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    where: line(error.pos[0]),
    sentence: say`${error.message.split("\n")[0] ?? ""}`,
  }));
  if (problems.length > 0) return { problems };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { problems: [{ where: file, sentence: say`${error instanceof Error ? error.message : String(error)}` }] };
  }
  return {
    yaml: {
      root: document.contents,
      value,
      where: (path) => line(offsetOf(document.contents, path)),
    },
  };
}

function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
      if (pair !== undefined && isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      next = pair?.value;
    } else if (node !== null && typeof node === "object" && "items" in node && Array.isArray(node.items)) {
      next = node.items[Number(key)];
      if (next !== null && typeof next === "object" && "range" in next && Array.isArray(next.range)) {
        offset = Number(next.range[0]);
      }
    }
    if (next === undefined) break;
    node = next;
  }
  return offset;
}
