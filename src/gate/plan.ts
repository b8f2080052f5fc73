import type { Settings } from "../config/settings.js";
import { GateError } from "../core/gate-error.js";
import type { EntryPoint } from "../core/mlproject.js";
import { type ParameterPlan, planParameters } from "../core/parameters.js";
import type { Verdict } from "../core/verdict.js";

/**
 * Plans an execution's parameters, or says before anything runs why there can be none.
 *
 * @param recorded what the baseline ran with, undefined when the baseline itself is being made
 * @throws GateError `configuration` for overrides that cannot be passed
 */
export function plan(
  settings: Settings,
  entryPoint: EntryPoint,
  recorded: ReadonlyMap<string, string> | undefined,
  forkPoint: EntryPoint | undefined,
): { readonly plan: ParameterPlan; readonly verdict: Verdict | undefined } {
  const planned = planParameters(entryPoint, recorded, settings.parameters, settings.labels, forkPoint);
  const sentence = planned.problems.flatMap((problem, index) => [...(index === 0 ? [] : [" "]), ...problem.sentence]);
  const reasons = new Set(planned.problems.map(({ reason }) => reason));
  if (reasons.has("undeclared-override") || reasons.has("unsafe-value")) throw new GateError("configuration", sentence);
  const reason = reasons.has("parameters-incompatible")
    ? "parameters-incompatible"
    : reasons.has("parameters-unavailable")
      ? "parameters-unavailable"
      : undefined;
  return {
    plan: planned.plan,
    verdict: reason === undefined ? undefined : { outcome: "inconclusive", reason, sentence },
  };
}

/** The parameters to pass on the command line: a default is MLflow's to fill in. */
export function passedParameters(plan: ParameterPlan): Map<string, string> {
  return new Map(
    plan.parameters.flatMap(({ name, value, origin }) => (origin === "default" ? [] : [[name, value] as const])),
  );
}
