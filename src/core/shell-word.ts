/** Quotes a value for a POSIX shell exactly as Python's `shlex.quote` does, which is how MLflow logs parameters. */
export function shellQuote(value: string): string {
  if (value === "") return "''";
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
}

/**
 * Undoes one level of `shlex.quote`: the one word that `text` spells in a POSIX shell, or undefined when it is not
 * the quoted form of anything.
 */
export function shellUnquote(text: string): string | undefined {
  const pieces = text.split(`'"'"'`);
  const joined = pieces.join("'");
  const quoted = text.length >= 2 && text.startsWith("'") && text.endsWith("'");
  const value = quoted ? joined.slice(1, -1) : text;
  return shellQuote(value) === text ? value : undefined;
}
