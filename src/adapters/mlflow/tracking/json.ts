/**
 * Parses JSON as MLflow servers write it: bare NaN and infinities become the strings that other endpoints use, and
 * integers that a double cannot hold become text (steps are 64 bit).
 *
 * @throws SyntaxError as `JSON.parse`
 */
export function parseMlflowJson(text: string): unknown {
  // Strings are matched first and kept, so nothing inside them is touched.
  return JSON.parse(
    text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?\bInfinity\b|\bNaN\b/g, (token) =>
      token.startsWith('"') || (/\d$/.test(token) && (!/^-?\d+$/.test(token) || Number.isSafeInteger(Number(token))))
        ? token
        : `"${token}"`,
    ),
  );
}

/**
 * A metric value as JSON for MLflow, which silently logs 0.0 for any other spelling of NaN and infinities and for
 * `null`.
 */
export function encodeMetricValue(value: number): number | string {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return value;
  return value > 0 ? "Infinity" : "-Infinity";
}
