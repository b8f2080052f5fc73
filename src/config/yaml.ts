import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
} from "yaml";
import { type Sentence, say } from "../core/sentence.js";
import type { Problem } from "./problems.js";

/** Far above any real configuration, far below what a parser can be made to choke on. */
const LARGEST_FILE = 1024 * 1024;
/** How many nodes may be reached through aliases. */
const MOST_NODES = 20_000;

/** A node as it was written: nothing is guessed about the type of a scalar. */
export type YamlNode =
  | {
      readonly kind: "scalar";
      readonly text: string;
      /** Written without quotes, so that a reader may take it for a number, a boolean or null. */
      readonly plain: boolean;
    }
  | { readonly kind: "list"; readonly items: readonly YamlNode[] }
  | { readonly kind: "map"; readonly entries: ReadonlyMap<string, YamlNode> };

export interface YamlFile {
  /** The document as plain values, scalars typed by YAML 1.2's core schema. */
  readonly value: unknown;
  /** The document as it was written. */
  readonly root: YamlNode;
  /** "file:line" of the node at a path of keys, or of its nearest existing parent. */
  where(path: readonly PropertyKey[]): string;
}

/** Parses one YAML document strictly: duplicate keys, tabs, custom tags and alias bombs are problems with their line. */
export function parseYaml(
  file: string,
  text: string,
): { readonly yaml: YamlFile } | { readonly problems: readonly Problem[] } {
  if (text.length > LARGEST_FILE) {
    return {
      problems: [
        { where: file, sentence: say`it is ${text.length} characters long; at most ${LARGEST_FILE} are read.` },
      ],
    };
  }
  const lineCounter = new LineCounter();
  const line = (offset: number) => `${file}:${lineCounter.linePos(offset).line}`;
  const document = parseDocument(text.replace(/^\uFEFF/, ""), {
    lineCounter,
    prettyErrors: false,
    stringKeys: true,
    merge: true,
  });
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    where: line(error.pos[0]),
    sentence: say`${error.message.split("\n")[0] ?? ""}`,
  }));
  if (problems.length > 0) return { problems };
  try {
    return {
      yaml: {
        value: document.toJS({ maxAliasCount: 100 }),
        root: toNode(document.contents, document, { left: MOST_NODES }),
        where: (path) => line(offsetOf(document.contents, path)),
      },
    };
  } catch (error) {
    return { problems: [{ where: line(firstAlias(text)), sentence: describe(error) }] };
  }
}

function describe(error: unknown): Sentence {
  return say`${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`;
}

function firstAlias(text: string): number {
  return Math.max(0, text.search(/(?<=[:\-[,]\s*)\*/));
}

function toNode(node: unknown, document: Document, budget: { left: number }): YamlNode {
  budget.left -= 1;
  if (budget.left < 0) throw new Error("Too many nodes are reached through aliases");
  if (isAlias(node)) return toNode(node.resolve(document), document, budget);
  if (isSeq(node)) return { kind: "list", items: node.items.map((item) => toNode(item, document, budget)) };
  if (isMap(node)) {
    const merged = new Map<string, YamlNode>();
    const own = new Map<string, YamlNode>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? scalarText(key.value, key.source) : "";
      const child = toNode(value, document, budget);
      if (name !== "<<") own.set(name, child);
      else for (const source of child.kind === "list" ? child.items : [child]) mergeInto(merged, source);
    }
    for (const [name, child] of own) merged.set(name, child);
    return { kind: "map", entries: merged };
  }
  if (!isScalar(node)) return { kind: "scalar", text: "", plain: true };
  return {
    kind: "scalar",
    text: scalarText(node.value, node.source),
    plain: node.type === undefined || node.type === "PLAIN",
  };
}

function mergeInto(target: Map<string, YamlNode>, source: YamlNode): void {
  if (source.kind !== "map") return;
  for (const [name, child] of source.entries) if (!target.has(name)) target.set(name, child);
}

function scalarText(value: unknown, source: string | undefined): string {
  return typeof value === "string" ? value : (source ?? "");
}

function offsetOf(root: ParsedNode | null, path: readonly PropertyKey[]): number {
  let node: Node | null | undefined = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair: (typeof node.items)[number] | undefined = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(key),
      );
      if (pair === undefined) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = node.items[Number(key)] as Node | undefined;
      offset = node?.range?.[0] ?? offset;
    } else {
      break;
    }
  }
  return offset;
}
