import { isAllowedVariable, isForbiddenVariable } from "../../core/environment-names.js";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of everything that is not ours: the allowed part of our own, plus the variables that the user names.
 *
 * @param secrets values that may not be passed under any name
 */
export function childEnvironment(
  parent: Environment,
  passEnv: readonly string[] = [],
  secrets: ReadonlySet<string> = new Set(),
): Record<string, string> {
  const child: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent)) {
    if (value === undefined || secrets.has(value)) continue;
    if (isAllowedVariable(name) || (passEnv.includes(name) && !isForbiddenVariable(name))) child[name] = value;
  }
  return child;
}
