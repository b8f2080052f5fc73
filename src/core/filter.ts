/**
 * A value as a string of MLflow's filter grammar, or undefined: the grammar has no escape, so a value with both kinds
 * of quotes cannot be written, and the caller filters by itself.
 */
export function quoteFilterValue(value: string): string | undefined {
  if (value.includes("\0")) return undefined;
  if (!value.includes("'")) return `'${value}'`;
  return value.includes('"') ? undefined : `"${value}"`;
}

/** The clause "this tag has this value", or undefined when the key or the value cannot be written. */
export function tagEquals(key: string, value: string): string | undefined {
  const quoted = quoteFilterValue(value);
  return quoted === undefined || key.includes("`") ? undefined : `tags.\`${key}\` = ${quoted}`;
}
