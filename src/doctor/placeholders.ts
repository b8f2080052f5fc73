import type { EntryPoint } from "../core/mlproject.js";

/**
 * Placeholders of a command that MLflow cannot fill: Python's `str.format` fails on every `{name}` that is no
 * declared parameter, which is what `${HOME}` and awk's braces look like to it. A lone brace is in the list as itself.
 */
export function unknownPlaceholders({ command, parameters }: EntryPoint): string[] {
  const unknown = new Set<string>();
  for (let index = 0; index < command.length; index++) {
    const character = command[index];
    if (character !== "{" && character !== "}") continue;
    if (command[index + 1] === character) {
      index++;
      continue;
    }
    const end = command.indexOf("}", index);
    if (character === "}" || end < 0) {
      unknown.add(character);
      continue;
    }
    const field = command.slice(index + 1, end);
    // Behind the name may stand a conversion, a format, an index: `{x!r}`, `{x:>8}`, `{x[0]}`.
    const name = /^[^!:[]*/.exec(field)?.[0] ?? "";
    if (!parameters.has(name) || name.includes(".")) unknown.add(`{${field}}`);
    index = end;
  }
  return [...unknown];
}
