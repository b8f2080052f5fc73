/** The action's entry: inputs first, and only when they are right the engine, which takes longer to load. */
import { refuseInputs } from "./adapters/actions/refuse.js";
import { parseInputs, readActionInputs } from "./config/inputs.js";

// Whatever happens from here on, only a proven result makes the step succeed.
process.exitCode = 2;
process.on("uncaughtException", (error) => {
  process.stdout.write(`::error::The gate itself failed: ${String(error).replaceAll(/[\r\n%]/g, " ")}\n`);
  process.exit(2);
});
const { raw, unknown } = readActionInputs(process.env);
const { inputs, problems } = parseInputs(raw);
if (problems.length > 0) {
  process.exitCode = refuseInputs([...problems, ...unknown], process.env);
} else {
  const { runAction } = await import("./engine.js");
  process.exitCode = await runAction(inputs, unknown);
  // A socket or a timer that is still open must not keep the job waiting.
  process.exit();
}
