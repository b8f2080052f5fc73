#!/usr/bin/env node
/** The command line's entry: words and flags first, and only when they are right the engine, which takes longer to load. */
import { type Invocation, parseArguments } from "./cli/parse-arguments.js";
import { parseInputs } from "./config/inputs.js";
import { describeProblems } from "./config/problems.js";
import { plainSentence } from "./report/untrusted.js";
import { VERSION } from "./version.js";

const BAD_INPUT = 2;

// Whatever happens from here on, only what ran to its end succeeds.
process.exitCode = BAD_INPUT;
process.on("uncaughtException", (error) => {
  process.stderr.write(`repro-gate: ${error.message}\n`);
  process.exit(BAD_INPUT);
});

const invocation = parseArguments(process.argv.slice(2), VERSION);
switch (invocation.kind) {
  case "print":
    process.stdout.write(`${invocation.text}\n`);
    process.exitCode = 0;
    break;
  case "wrong":
    refuse(invocation.message);
    break;
  case "run":
    await run(invocation);
}

async function run({ command, values, switches }: Extract<Invocation, { kind: "run" }>): Promise<void> {
  const [json, debug] = [switches.has("json"), switches.has("debug")];
  if (command === "check") {
    const { inputs, problems } = parseInputs(values);
    if (problems.length > 0) return refuse(plainSentence(describeProblems(problems)));
    const { runDesk } = await import("./engine.js");
    process.exitCode = await runDesk(inputs, {
      base: values.base,
      allowDirty: switches.has("allow-dirty"),
      storeFile: values.store,
      reportFile: values.report,
      json,
      debug,
    });
  } else if (command === "demo") {
    const { runDemo } = await import("./engine.js");
    process.exitCode = await runDemo({ data: values.data, keep: switches.has("keep"), json });
  } else {
    const { runDoctor } = await import("./engine.js");
    process.exitCode = await runDoctor({ project: values.project, json });
  }
  // A socket or a timer that is still open must not keep the terminal waiting.
  process.exit();
}

function refuse(message: string): void {
  process.stderr.write(`repro-gate: ${message}\n`);
  process.exitCode = BAD_INPUT;
}
