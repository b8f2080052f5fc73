import { INPUTS, type InputName } from "../config/inputs.js";

/** One flag of a command; without a value's name it is a switch. */
export interface Flag {
  readonly text: string;
  readonly value?: string;
  /** May be given several times, each time one line of the value. */
  readonly several?: true;
}

export interface CommandDefinition {
  readonly summary: string;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly example: string;
  readonly exitStatus: string;
}

/** Inputs that mean something only in a workflow. */
const NOT_AT_A_DESK: readonly InputName[] = ["github-token", "matrix", "comment"];
/** Inputs of several lines. */
const SEVERAL_LINES: readonly InputName[] = ["metrics", "parameters"];

const INPUT_FLAGS: Readonly<Record<string, Flag>> = Object.fromEntries(
  (Object.keys(INPUTS) as InputName[])
    .filter((name) => !NOT_AT_A_DESK.includes(name))
    .map((name): [string, Flag] => {
      const text = INPUTS[name].description.replaceAll("`", "");
      return SEVERAL_LINES.includes(name)
        ? [name, { text: `${text} May be given several times.`, value: "line", several: true }]
        : [name, { text, value: "value" }];
    }),
);

const JSON_FLAG = { text: "Print the result as JSON." };
const DEBUG_FLAG = { text: "Print stack traces." };

/** Every command: `--help` and the parser are made from it. */
export const COMMANDS: Readonly<Record<"check" | "demo" | "doctor", CommandDefinition>> = {
  check: {
    summary: "Gate HEAD of this repository against the record of a branch, as the action does for a pull request.",
    flags: {
      base: { text: "Branch whose record counts. Default: the remote's default branch.", value: "branch" },
      "allow-dirty": { text: "Test HEAD although the working tree has uncommitted changes." },
      store: { text: "Keep the embedded tracking server's SQLite file here.", value: "file" },
      report: { text: "Also write the JSON report to a file.", value: "file" },
      ...INPUT_FLAGS,
      json: JSON_FLAG,
      debug: DEBUG_FLAG,
    },
    example: "repro-gate check --base main --project examples/wine-quality --parameters max_depth=2",
    exitStatus: "0 reproduced, 1 diverged, 2 error, 3 broken, 4 not proven.",
  },
  demo: {
    summary:
      "Gate two pull requests of a real MLflow project on this machine: one that must pass and one that must not.",
    flags: {
      data: { text: "Train on another table of the same columns.", value: "file" },
      keep: { text: "Leave the tracking server up, to look at the runs." },
      json: JSON_FLAG,
      debug: DEBUG_FLAG,
    },
    example: "repro-gate demo --keep",
    exitStatus: "0 when both came out as they must, 1 when not, 2 when the demo could not be shown.",
  },
  doctor: {
    summary: "Look for the commonest mistakes in this repository's set-up, without running anything.",
    flags: {
      project: { text: "Folder of the MLflow project.", value: "folder" },
      json: JSON_FLAG,
      debug: DEBUG_FLAG,
    },
    example: "repro-gate doctor --project examples/wine-quality",
    exitStatus: "0 without a problem, else 2.",
  },
};

export type CommandName = keyof typeof COMMANDS;

const ABOUT =
  "Can the recorded result be obtained again from this commit? Re-executes the MLflow project and compares its metrics with the recorded baseline run.";

/** The help of the program. */
export function renderProgramHelp(): string {
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => entry(name, summary));
  return [
    "Usage: repro-gate <command> [flags]",
    wrap(ABOUT, 0),
    `Commands:\n${commands.join("\n")}`,
    `Flags:\n${[entry("--help", "Help of the program, or of a command."), entry("--version", "The version.")].join("\n")}`,
    "Example:\n  repro-gate demo",
  ].join("\n\n");
}

/** The help of one command. */
export function renderCommandHelp(name: CommandName): string {
  const { summary, flags, example, exitStatus } = COMMANDS[name];
  const lines = Object.entries(flags).map(([flag, { text, value }]) =>
    entry(`--${flag}${value === undefined ? "" : ` <${value}>`}`, text),
  );
  return [
    `Usage: repro-gate ${name} [flags]`,
    wrap(summary, 0),
    `Flags:\n${lines.join("\n")}`,
    `Example:\n  ${example}`,
    `Exit status: ${exitStatus}`,
  ].join("\n\n");
}

const COLUMN = 32;
const WIDTH = 100;

function entry(name: string, text: string): string {
  const head = `  ${name}`;
  const body = wrap(text, COLUMN);
  return head.length < COLUMN - 1 ? head.padEnd(COLUMN) + body.trimStart() : `${head}\n${body}`;
}

function wrap(text: string, indent: number): string {
  const margin = " ".repeat(indent);
  const lines: string[] = [];
  let line = margin;
  for (const word of text.split(" ")) {
    if (line.length > indent && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = margin;
    }
    line += line.length > indent ? ` ${word}` : word;
  }
  return [...lines, line].join("\n");
}
