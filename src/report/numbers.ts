import type { ReportedNumber } from "./report.js";

/** A double for JSON: NaN and infinities as text. */
export function encodeNumber(value: number): ReportedNumber {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "Infinity";
  return value === Number.NEGATIVE_INFINITY ? "-Infinity" : value;
}

export function encodeOptional(value: number | undefined): ReportedNumber | null {
  return value === undefined ? null : encodeNumber(value);
}

const SHORT_DIGITS = 6;

/**
 * Two values of one metric for people: six significant digits when that tells them apart or they are the same double,
 * else as many as it takes to see the difference.
 */
export function renderPair(a: ReportedNumber | null, b: ReportedNumber | null): readonly [string, string] {
  if (typeof a !== "number" || typeof b !== "number" || a === b) return [renderNumber(a), renderNumber(b)];
  for (let digits = SHORT_DIGITS; digits < 17; digits++) {
    const [left, right] = [renderNumber(a, digits), renderNumber(b, digits)];
    if (left !== right) return [left, right];
  }
  return [String(a), String(b)];
}

/** A number with that many significant digits; integers up to 15 digits as they are. */
export function renderNumber(value: ReportedNumber | null, digits = SHORT_DIGITS): string {
  if (value === null) return "–";
  if (typeof value === "string") return value.replace("Infinity", "∞");
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return minus(Object.is(value, -0) ? "0" : String(value));
  return minus(shortest(value, digits));
}

/** A difference with its sign and three significant digits, "0" only when there is none. */
export function renderDelta(value: ReportedNumber | null): string {
  if (value === null) return "–";
  if (typeof value === "string") return value.replace("Infinity", "∞");
  if (value === 0) return "0";
  return `${value > 0 ? "+" : ""}${minus(shortest(value, 3))}`;
}

/** A ratio as a signed percentage with at least two significant digits: "+4.4 %". */
export function renderPercent(ratio: ReportedNumber | null): string {
  if (typeof ratio !== "number" || ratio === 0) return "";
  const percent = ratio * 100;
  if (!Number.isFinite(percent)) return "";
  const magnitude = Math.abs(percent);
  const text = magnitude >= 10 ? String(Math.round(percent)) : shortest(percent, 2);
  // A no-break space: "%" alone on a line reads badly.
  return `${percent > 0 ? "+" : ""}${minus(text)}\u00a0%`;
}

/** A bound such as "±6.3e-10". */
export function renderAllowed(allowed: ReportedNumber | null): string {
  if (allowed === null) return "–";
  if (typeof allowed === "string") return allowed.replace("Infinity", "∞");
  return allowed === 0 ? "exact" : `±${shortest(allowed, 2)}`;
}

/** The shortest text with at most that many significant digits. */
function shortest(value: number, digits: number): string {
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e15)) {
    const [mantissa = "", exponent = ""] = value.toExponential(digits - 1).split("e");
    return `${trimZeros(mantissa)}e${exponent.replace("+", "")}`;
  }
  const fixed = value.toPrecision(digits);
  return trimZeros(fixed.includes("e") ? String(Number(fixed)) : fixed);
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A minus sign that is as wide as a plus. */
function minus(text: string): string {
  return text.replaceAll("-", "−").replace(/e−/, "e-");
}
