import { BUILT_IN_RULES, type MetricRule, type Rule, type Ruler } from "./tolerance.js";

/** The rule that decides about one metric, and where it was written. */
export interface SelectedRule {
  readonly rule: Rule;
  /** The name or glob that matched; undefined for the default. */
  readonly match: string | undefined;
  readonly origin: string;
}

/**
 * Picks the rule of a metric: an exact name, else the glob with the most literal characters, else the built-in rules
 * in the same order, else the default. `rules` must have passed `findRuleConflicts`.
 */
export function selectRule(key: string, ruler: Ruler): SelectedRule {
  const own = mostSpecific(key, ruler.rules);
  // A bare "*" names no metric: it is a default, and leaves what measures the machine ignored.
  const found = own !== undefined && literalLength(own.match) > 0 ? own : (mostSpecific(key, BUILT_IN_RULES) ?? own);
  return found ?? { rule: ruler.default, match: undefined, origin: ruler.defaultOrigin };
}

function mostSpecific(key: string, rules: readonly MetricRule[]): MetricRule | undefined {
  const exact = rules.find((candidate) => candidate.match === key);
  if (exact !== undefined) return exact;
  return rules
    .filter((candidate) => matchesGlob(candidate.match, key))
    .reduce<MetricRule | undefined>(
      (best, candidate) =>
        best === undefined || literalLength(candidate.match) > literalLength(best.match) ? candidate : best,
      undefined,
    );
}

/**
 * Pairs of globs that match one of `keys` with equally many literal characters: no order between them would be
 * anything but chance, so the configuration is refused.
 */
export function findRuleConflicts(
  keys: Iterable<string>,
  rules: readonly MetricRule[],
): { readonly key: string; readonly first: string; readonly second: string }[] {
  const conflicts = [];
  for (const key of keys) {
    if (rules.some((rule) => rule.match === key)) continue;
    const matching = rules.filter((rule) => matchesGlob(rule.match, key));
    const longest = Math.max(...matching.map((rule) => literalLength(rule.match)));
    const [first, second] = matching.filter((rule) => literalLength(rule.match) === longest);
    if (first !== undefined && second !== undefined) conflicts.push({ key, first: first.match, second: second.match });
  }
  return conflicts;
}

/** The rules that match none of `keys`, most often a misspelled name. */
export function findIdleRules(keys: readonly string[], rules: readonly MetricRule[]): MetricRule[] {
  return rules.filter((rule) => !keys.some((key) => key === rule.match || matchesGlob(rule.match, key)));
}

/**
 * Whether `glob`, in which `*` stands for any text and everything else for itself, matches the whole of `text`.
 * Leftmost matches of the literal pieces suffice, so there is no backtracking.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const pieces = glob.split("*");
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return glob === text;
  const last = pieces[pieces.length - 1] ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let position = first.length;
  const end = text.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, position);
    if (found < 0 || found + piece.length > end) return false;
    position = found + piece.length;
  }
  return true;
}

function literalLength(glob: string): number {
  return glob.replaceAll("*", "").length;
}
