import { type Sentence, say } from "../core/sentence.js";
import {
  DEFAULT_RULE,
  DIRECTIONS,
  type Direction,
  LEVELS,
  type Level,
  type Rule,
  type Tolerance,
} from "../core/tolerance.js";

export type Parsed<T> = { readonly value: T } | { readonly error: Sentence };

const EXPECTED = say`Expected ${"exact"}, ${"rel 1e-6"}, ${"abs 0.01"}, a percentage such as ${"1%"} or a relative number below 1 such as ${"0.01"}; several joined by commas; then ${"higher-is-better"} or ${"lower-is-better"}, ${"warn"} or ${"ignore"}.`;

/**
 * Parses a rule written as text: "exact", "rel 1e-6", "abs 0.01", "1%", a bare number below 1 (relative), several
 * joined by commas of which the widest allowance counts, then a direction and a level.
 */
export function parseRuleText(text: string): Parsed<Rule> {
  const refuse = (detail: Sentence): Parsed<Rule> => ({ error: say`${text} is not a rule: ${detail} ${EXPECTED}` });
  const words = text
    .trim()
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  if (words.length === 0) return refuse(say`it is empty.`);
  if (/^\s*,|,\s*(?:,|$)/.test(text)) return refuse(say`a comma stands without a tolerance beside it.`);

  let exact = false;
  let relative: number | undefined;
  let absolute: number | undefined;
  let direction: Direction | undefined;
  let level: Level | undefined;
  let nanEqual = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const knownDirection = DIRECTIONS.find((name) => name === word);
    const knownLevel = LEVELS.find((name) => name === word);
    if (knownDirection !== undefined) {
      if (direction !== undefined) return refuse(say`it names two directions.`);
      direction = knownDirection;
    } else if (knownLevel !== undefined) {
      if (level !== undefined) return refuse(say`it names two levels.`);
      level = knownLevel;
    } else if (word === "nan-equal") {
      nanEqual = true;
    } else if (direction !== undefined || level !== undefined || nanEqual) {
      return refuse(say`${word} stands after the direction or level.`);
    } else if (word === "exact") {
      exact = true;
    } else if (word === "rel" || word === "abs") {
      index += 1;
      const parsed = word === "rel" ? parseRelative(words[index] ?? "") : parseAbsolute(words[index] ?? "");
      if ("error" in parsed) return refuse(parsed.error);
      if (word === "rel") relative = Math.max(relative ?? 0, parsed.value);
      else absolute = Math.max(absolute ?? 0, parsed.value);
    } else {
      const parsed = parseRelative(word);
      if ("error" in parsed) return refuse(parsed.error);
      relative = Math.max(relative ?? 0, parsed.value);
    }
  }
  if (exact && (relative !== undefined || absolute !== undefined)) {
    return refuse(say`${"exact"} allows nothing, so it cannot be combined with another tolerance.`);
  }
  return {
    value: {
      tolerance: toTolerance(exact, relative, absolute),
      direction: direction ?? DEFAULT_RULE.direction,
      level: level ?? DEFAULT_RULE.level,
      nanEqual,
    },
  };
}

/** The tolerance that a combination means; nothing at all is the default. */
export function toTolerance(exact: boolean, relative: number | undefined, absolute: number | undefined): Tolerance {
  if (exact) return { kind: "exact" };
  if (relative === undefined && absolute === undefined) return DEFAULT_RULE.tolerance;
  return { kind: "band", relative: relative ?? 0, absolute: absolute ?? 0 };
}

/** A relative tolerance: a number from 0 to below 1, or a percentage from 0 % to below 100 %. */
export function parseRelative(text: string): Parsed<number> {
  const percent = text.endsWith("%");
  const number = parseDecimal(percent ? text.slice(0, -1) : text);
  if (number === undefined) {
    return {
      error: say`${text} is not a tolerance; expected a number such as ${"0.01"} or a percentage such as ${"1%"}.`,
    };
  }
  const value = percent ? number / 100 : number;
  // max(|a|, |b|) · 1 allows any two values of one sign: such a rule could never fail.
  if (value >= 1) {
    return {
      error: say`${text} allows a relative deviation of ${value * 100} %, which nothing can fail; expected less than ${"100%"}. For a bound in the metric's own unit write ${`abs ${percent ? text.slice(0, -1) : text}`}.`,
    };
  }
  return { value };
}

/** An absolute tolerance in the metric's own unit: a finite number, not negative. */
export function parseAbsolute(text: string): Parsed<number> {
  const value = parseDecimal(text);
  return value === undefined
    ? {
        error: say`${text} is not an absolute tolerance; expected a number in the metric's own unit such as ${"0.01"}.`,
      }
    : { value };
}

/** A finite decimal number that is not negative, in the one notation that every language reads alike. */
export function parseDecimal(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
