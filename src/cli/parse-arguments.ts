import { parseArgs } from "node:util";
import { nearMiss } from "../core/near-miss.js";
import { COMMANDS, type CommandName, renderCommandHelp, renderProgramHelp } from "./commands.js";

/** What the words on the command line ask for. */
export type Invocation =
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "wrong"; readonly message: string }
  | {
      readonly kind: "run";
      readonly command: CommandName;
      /** Values by flag; several lines of one flag are joined. */
      readonly values: Readonly<Record<string, string>>;
      readonly switches: ReadonlySet<string>;
    };

/** Parses the command line strictly: an unknown command or flag is named, with the likely spelling. */
export function parseArguments(words: readonly string[], version: string): Invocation {
  const [first, ...rest] = words;
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    return first === undefined
      ? { kind: "wrong", message: `name a command.\n\n${renderProgramHelp()}` }
      : { kind: "print", text: renderProgramHelp() };
  }
  if (first === "--version" || first === "-V") return { kind: "print", text: version };
  const command = (Object.keys(COMMANDS) as CommandName[]).find((name) => name === first);
  if (command === undefined) {
    return { kind: "wrong", message: `there is no command ${first}${suggestion(first, Object.keys(COMMANDS))}` };
  }
  if (rest.includes("--help") || rest.includes("-h")) return { kind: "print", text: renderCommandHelp(command) };
  return parseFlags(command, rest);
}

function parseFlags(command: CommandName, words: readonly string[]): Invocation {
  const { flags } = COMMANDS[command];
  const wrong = (message: string): Invocation => ({ kind: "wrong", message });
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value, several }]) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const), multiple: several === true },
    ]),
  );
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const values: Record<string, string> = {};
  const switches = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "positional") return wrong(`${command} takes no argument ${token.value}`);
    if (token.kind !== "option") continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined)
      return wrong(`${command} has no flag ${token.rawName}${suggestion(token.name, Object.keys(flags), "--")}`);
    if (flag.value === undefined) {
      if (token.value !== undefined) return wrong(`--${token.name} takes no value`);
      switches.add(token.name);
    } else if (token.value === undefined) {
      return wrong(`--${token.name} needs a <${flag.value}>`);
    } else {
      const before = values[token.name];
      if (before !== undefined && flag.several !== true) return wrong(`--${token.name} is given twice`);
      values[token.name] = before === undefined ? token.value : `${before}\n${token.value}`;
    }
  }
  return { kind: "run", command, values, switches };
}

function suggestion(text: string, known: readonly string[], prefix = ""): string {
  const near = nearMiss(text, known);
  return near === undefined ? "; --help lists what there is" : `; did you mean ${prefix}${near}?`;
}
