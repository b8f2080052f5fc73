import { pythonFloat, pythonString } from "./python-text.js";
import type { YamlNode } from "./yaml.js";

/** PyYAML's resolvers, in the order in which it asks them: https://github.com/yaml/pyyaml/blob/6.0.3/lib/yaml/resolver.py */
const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const FLOAT =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;

/** Whether PyYAML reads a node as `None`. */
export function isPythonNone(node: YamlNode): boolean {
  return node.kind === "scalar" && node.plain && NULL.test(node.text);
}

/** Whether PyYAML reads a node as text. */
export function isPythonString(node: YamlNode): boolean {
  return (
    node.kind === "scalar" &&
    !(node.plain && [BOOLEAN, FLOAT, INTEGER, NULL].some((pattern) => pattern.test(node.text)))
  );
}

/** What MLflow puts into a command for a YAML value: Python's `str` of what PyYAML makes of it. */
export function pythonText(node: YamlNode, nested = false): string {
  if (node.kind === "list") return `[${node.items.map((item) => pythonText(item, true)).join(", ")}]`;
  if (node.kind === "map") {
    return `{${[...node.entries].map(([key, value]) => `${pythonString(key)}: ${pythonText(value, true)}`).join(", ")}}`;
  }
  const { text, plain } = node;
  if (plain && BOOLEAN.test(text)) return /^(?:yes|true|on)$/i.test(text) ? "True" : "False";
  if (plain && FLOAT.test(text)) return pythonFloat(toFloat(text.replaceAll("_", "").toLowerCase()));
  if (plain && INTEGER.test(text)) return String(toInteger(text.replaceAll("_", "")));
  if (plain && NULL.test(text)) return "None";
  return nested ? pythonString(text) : text;
}

function toFloat(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.replace(/^[-+]/, "");
  if (digits === ".inf") return sign * Number.POSITIVE_INFINITY;
  if (digits === ".nan") return Number.NaN;
  return sign * digits.split(":").reduce((total, part) => total * 60 + Number(part), 0);
}

/** Exact whatever its length, as Python's integers are. */
function toInteger(text: string): bigint {
  const sign = text.startsWith("-") ? -1n : 1n;
  const digits = text.replace(/^[-+]/, "");
  if (/^0[bx]/.test(digits)) return sign * BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return sign * BigInt(`0o${digits.slice(1)}`);
  return sign * digits.split(":").reduce((total, part) => total * 60n + BigInt(part), 0n);
}
