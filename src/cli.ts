#!/usr/bin/env node
/** The command line's entry: words and flags first, and only when they are right the engine, which takes longer to load. */
import { Command, CommanderError, Option } from "commander";
import { INPUTS, type InputName, parseInputs, type RawInputs } from "./config/inputs.js";
import { describeProblems } from "./config/problems.js";
import { plainSentence } from "./report/untrusted.js";
import { VERSION } from "./version.js";

const BAD_INPUT = 2;

/** Inputs that mean something only in a workflow. */
const NOT_AT_A_DESK: readonly InputName[] = ["github-token", "matrix", "comment"];
/** Inputs of several lines: flags that may be given several times. */
const SEVERAL_LINES: readonly InputName[] = ["metrics", "parameters"];

process.exitCode = BAD_INPUT;
process.on("uncaughtException", (error) => {
  process.stderr.write(`repro-gate: ${error.message}\n`);
  process.exit(BAD_INPUT);
});

const program = new Command("repro-gate")
  .description(
    "Can the recorded result be obtained again from this commit? Re-executes the MLflow project and compares its metrics with the recorded baseline run.",
  )
  .version(VERSION)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "repro-gate: ")) })
  .showHelpAfterError("(repro-gate --help lists the commands)");

const check = program
  .command("check")
  .description("Gate HEAD of this repository against the record of a branch, as the action does for a pull request.")
  .option("--base <branch>", "branch whose record counts (default: the remote's default branch)")
  .option("--allow-dirty", "test HEAD although the working tree has uncommitted changes")
  .option("--store <file>", "keep the embedded tracking server's SQLite file here")
  .option("--report <file>", "also write the JSON report to a file")
  .option("--json", "print the JSON report")
  .option("--debug", "print stack traces");
for (const name of Object.keys(INPUTS) as InputName[]) {
  if (NOT_AT_A_DESK.includes(name)) continue;
  const several = SEVERAL_LINES.includes(name);
  const text = INPUTS[name].description.replaceAll("`", "");
  const option = new Option(
    `--${name} <${several ? "line" : "value"}>`,
    several ? `${text} May be given several times.` : text,
  );
  if (several)
    option.argParser((line: string, before: string | undefined) =>
      before === undefined ? line : `${before}\n${line}`,
    );
  check.addOption(option);
}
check
  .addHelpText(
    "after",
    "\nExample:\n  repro-gate check --base main --project examples/wine-quality --parameters max_depth=2\n\nExit status: 0 reproduced, 1 diverged, 2 error, 3 broken, 4 not proven.",
  )
  .action(async (flags: Record<string, unknown>) => {
    const { inputs, problems } = parseInputs(rawInputs(flags));
    if (problems.length > 0) return refuse(plainSentence(describeProblems(problems)));
    const { runDesk } = await import("./engine.js");
    process.exitCode = await runDesk(inputs, {
      base: text(flags.base),
      allowDirty: flags.allowDirty === true,
      storeFile: text(flags.store),
      reportFile: text(flags.report),
      json: flags.json === true,
      debug: flags.debug === true,
    });
  });

program
  .command("demo")
  .description(
    "Gate two pull requests of a real MLflow project on this machine: one that must pass and one that must not.",
  )
  .option("--data <file>", "train on another table of the same columns")
  .option("--keep", "leave the tracking server up, to look at the runs")
  .option("--json", "print the result as JSON")
  .addHelpText("after", "\nExample:\n  repro-gate demo --keep")
  .action(async (flags: Record<string, unknown>) => {
    const { runDemo } = await import("./engine.js");
    process.exitCode = await runDemo({ data: text(flags.data), keep: flags.keep === true, json: flags.json === true });
  });

program
  .command("doctor")
  .description("Look for the commonest mistakes in this repository's set-up.")
  .option("--project <folder>", "folder of the MLflow project")
  .option("--json", "print the findings as JSON")
  .addHelpText(
    "after",
    "\nExample:\n  repro-gate doctor --project examples/wine-quality\n\nExit status: 0 without a problem, else 2.",
  )
  .action(async (flags: Record<string, unknown>) => {
    const { runDoctor } = await import("./engine.js");
    process.exitCode = await runDoctor({ project: text(flags.project), json: flags.json === true });
  });

for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : BAD_INPUT;
}
// A socket or a timer that is still open must not keep the terminal waiting.
process.exit();

/** Commander's flags as inputs; an absent flag is an absent input. */
function rawInputs(flags: Readonly<Record<string, unknown>>): RawInputs {
  const raw: RawInputs = {};
  for (const name of Object.keys(INPUTS) as InputName[]) {
    const value = text(flags[name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())]);
    if (value !== undefined) raw[name] = value;
  }
  return raw;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function refuse(message: string): void {
  process.stderr.write(`repro-gate: ${message}\n`);
  process.exitCode = BAD_INPUT;
}
