import type { YamlNode } from "../config/yaml.js";

/** The value of a key, undefined where the node is no mapping or does not have it. */
export function entry(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === "map" ? node.entries.get(key) : undefined;
}

/** Text of a scalar as it was written. */
export function text(node: YamlNode | undefined): string | undefined {
  return node?.kind === "scalar" ? node.text : undefined;
}

/** Items of a list; none where the node is no list. */
export function items(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === "list" ? node.items : [];
}

/** Keys of a mapping with their values; none where the node is no mapping. */
export function entries(node: YamlNode | undefined): readonly (readonly [string, YamlNode])[] {
  return node?.kind === "map" ? [...node.entries] : [];
}
