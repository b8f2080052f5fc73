import type { EntryPoint } from "./mlproject.js";
import { nearMiss } from "./near-miss.js";
import { type RunRecord, TAG } from "./run.js";
import { list, type Sentence, say } from "./sentence.js";
import { shellQuote, shellUnquote } from "./shell-word.js";
import { utf8Length } from "./utf8.js";

/** Where a parameter's value came from; a `label` may differ from the baseline without counting. */
export type ParameterOrigin = "baseline" | "configuration" | "label" | "default";

export interface PlannedParameter {
  readonly name: string;
  readonly value: string;
  readonly origin: ParameterOrigin;
  /** What the baseline recorded, where that is something else. */
  readonly recorded: string | undefined;
}

/** What the entry point will be started with, and what was left out or has changed. */
export interface ParameterPlan {
  /** Every declared parameter, in the MLproject's order. Those of origin `default` are left to MLflow. */
  readonly parameters: readonly PlannedParameter[];
  /** Recorded parameters that the entry point does not declare at this commit: not passed on. */
  readonly undeclared: readonly string[];
  /** Declared parameters whose default is another one than at the fork point. */
  readonly changedDefaults: readonly ChangedDefault[];
}

export interface ChangedDefault {
  readonly name: string;
  readonly before: string | undefined;
  readonly now: string | undefined;
  /** Whether the new default is what this execution uses. */
  readonly used: boolean;
}

/** Why nothing can be executed with these parameters. */
export interface ParameterProblem {
  readonly reason: "parameters-incompatible" | "parameters-unavailable" | "unsafe-value" | "undeclared-override";
  readonly sentence: Sentence;
}

/** Lengths at which MLflow cut parameter values: 250 up to 1.27, 500 in 1.28 to 2.9, 6000 since. */
const TRUNCATION_LENGTHS = [250, 500, 6000];

/** One argument of a process is at most 128 KiB on Linux; half of it leaves room for `name=`. */
const LONGEST_VALUE = 65_536;

/**
 * A run's parameters as the values that were passed. `mlflow run` logs them quoted for a shell; runs that the gate
 * made itself (`repro_gate.params_encoding=raw`), scripts and other clients log them as they are.
 */
export function recordedParameters(run: RunRecord): ReadonlyMap<string, string> {
  const quoted = run.tags.get(TAG.sourceType) === "PROJECT" && run.tags.get(TAG.paramsEncoding) !== "raw";
  return new Map([...run.params].map(([name, text]) => [name, quoted ? (shellUnquote(text) ?? text) : text]));
}

/**
 * Plans the parameters of one execution: the recorded ones that the entry point declares, then overrides, then labels,
 * else the default at this commit.
 *
 * @param recorded what the baseline ran with; undefined when the baseline is made now
 * @param forkPoint the entry point at the fork point, to notice changed defaults
 */
export function planParameters(
  entryPoint: EntryPoint,
  recorded: ReadonlyMap<string, string> | undefined,
  overrides: ReadonlyMap<string, string>,
  labels: ReadonlyMap<string, string>,
  forkPoint: EntryPoint | undefined,
): { readonly plan: ParameterPlan; readonly problems: readonly ParameterProblem[] } {
  const problems: ParameterProblem[] = [];
  const undeclared = [...(recorded?.keys() ?? [])].filter((name) => !entryPoint.parameters.has(name)).sort();

  for (const [source, values] of [
    ["parameters", overrides],
    ["labels", labels],
  ] as const) {
    for (const name of values.keys()) {
      if (entryPoint.parameters.has(name)) continue;
      const near = nearMiss(name, entryPoint.parameters.keys());
      problems.push({
        reason: "undeclared-override",
        sentence: say`${source}: the entry point ${entryPoint.name} declares no parameter ${name}${near === undefined ? say`.` : say`; did you mean ${near}?`} It has ${list([...entryPoint.parameters.keys()])}.`,
      });
    }
  }

  const parameters: PlannedParameter[] = [];
  for (const declared of entryPoint.parameters.values()) {
    const before = recorded?.get(declared.name);
    const chosen = choose(declared.name, before, overrides, labels) ?? {
      value: declared.defaultValue,
      origin: "default" as const,
    };
    if (chosen.value === undefined) {
      problems.push(missing(declared.name, entryPoint, recorded !== undefined, undeclared));
      continue;
    }
    const problem =
      chosen.origin === "default" ? undefined : unsafe(declared.name, chosen.value, chosen.origin, entryPoint);
    if (problem !== undefined) problems.push(problem);
    parameters.push({
      name: declared.name,
      value: chosen.value,
      origin: chosen.origin,
      recorded: before !== chosen.value ? before : undefined,
    });
  }
  return {
    plan: { parameters, undeclared, changedDefaults: changedDefaults(entryPoint, forkPoint, parameters) },
    problems,
  };
}

function choose(
  name: string,
  recorded: string | undefined,
  overrides: ReadonlyMap<string, string>,
  labels: ReadonlyMap<string, string>,
): { value: string; origin: ParameterOrigin } | undefined {
  const label = labels.get(name);
  if (label !== undefined) return { value: label, origin: "label" };
  const override = overrides.get(name);
  if (override !== undefined) return { value: override, origin: "configuration" };
  return recorded === undefined ? undefined : { value: recorded, origin: "baseline" };
}

function missing(
  name: string,
  entryPoint: EntryPoint,
  hasRecord: boolean,
  undeclared: readonly string[],
): ParameterProblem {
  if (!hasRecord) {
    return {
      reason: "parameters-unavailable",
      sentence: say`The entry point ${entryPoint.name} requires ${name}, and nothing gives its value. Set it: ${`parameters: { ${name}: … }`} in .github/repro-gate.yml, or the input ${"parameters"}.`,
    };
  }
  const renamed = nearMiss(name, undeclared) ?? (undeclared.length === 1 ? undeclared[0] : undefined);
  const hint =
    renamed === undefined
      ? say`The baseline recorded no parameter of that name.`
      : say`The baseline recorded ${renamed}, which this commit no longer declares: was it renamed?`;
  return {
    reason: "parameters-incompatible",
    sentence: say`The entry point ${entryPoint.name} requires ${name}. ${hint} Give its value: ${`parameters: { ${name}: … }`} in .github/repro-gate.yml, or the input ${"parameters"}.`,
  };
}

/** Values that cannot be passed on as they are, or that a shell would read as something else than a value. */
function unsafe(
  name: string,
  value: string,
  origin: ParameterOrigin,
  entryPoint: EntryPoint,
): ParameterProblem | undefined {
  if (origin === "baseline" && TRUNCATION_LENGTHS.includes([...value].length)) {
    return {
      reason: "parameters-unavailable",
      sentence: say`The recorded value of ${name} is exactly ${[...value].length} characters long, a length at which MLflow cuts values: it may not be what the baseline ran with. Give the value by ${"parameters"}.`,
    };
  }
  if (value.includes("\0") || utf8Length(value) > LONGEST_VALUE) {
    return {
      reason: "unsafe-value",
      sentence: say`The value of ${name} ${value.includes("\0") ? ["contains a NUL character"] : say`is ${[...value].length} characters long, more than ${LONGEST_VALUE} bytes`}, which no command line can carry. Pass a file instead.`,
    };
  }
  // MLflow quotes the value itself; inside quotes of the template its quotes end the template's, and a shell
  // expands what follows.
  if (shellQuote(value) !== value && value !== "" && quotesPlaceholder(entryPoint.command, name)) {
    return {
      reason: "unsafe-value",
      sentence: say`The command of the entry point ${entryPoint.name} puts ${`{${name}}`} in quotes, and its value contains a character that a shell would act on there. MLflow quotes values itself: remove the quotes around the placeholder in the MLproject.`,
    };
  }
  return undefined;
}

/** Whether the command template has the placeholder of `name` inside single or double quotes. */
export function quotesPlaceholder(command: string, name: string): boolean {
  let quote: string | undefined;
  for (let index = 0; index < command.length; index++) {
    const character = command[index];
    if (command.startsWith("{{", index)) {
      index++;
      continue;
    }
    if (quote !== undefined && command.startsWith(`{${name}}`, index)) return true;
    if (character === "\\" && quote !== "'") index++;
    else if (quote === undefined && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = undefined;
  }
  return false;
}

function changedDefaults(
  entryPoint: EntryPoint,
  forkPoint: EntryPoint | undefined,
  parameters: readonly PlannedParameter[],
): ChangedDefault[] {
  if (forkPoint === undefined) return [];
  return [...entryPoint.parameters.values()].flatMap((declared) => {
    const before = forkPoint.parameters.get(declared.name);
    if (before === undefined || before.defaultValue === declared.defaultValue) return [];
    const used = parameters.find((parameter) => parameter.name === declared.name)?.origin === "default";
    return [{ name: declared.name, before: before.defaultValue, now: declared.defaultValue, used }];
  });
}
