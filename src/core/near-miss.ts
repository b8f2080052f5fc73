/**
 * Number of single-character edits between two texts, a swap of neighbours being one (optimal string alignment:
 * https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance).
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const current = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const substitution = (previous[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      const swapped = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
      const swap = swapped ? (beforePrevious[j - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(substitution, (previous[j + 1] ?? 0) + 1, (current[j] ?? 0) + 1, swap));
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/**
 * The name among `known` that somebody who wrote `text` most likely meant: the closest one, if no more than a third
 * of it differs or one contains the other; undefined when nothing is near.
 */
export function nearMiss(text: string, known: Iterable<string>): string | undefined {
  const fold = (name: string) => name.toLowerCase().replaceAll(/[_.\s-]/g, "-");
  const wanted = fold(text);
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    // Names of MLflow are at most 250 characters; beyond that a guess is not worth its quadratic cost.
    if (name === text || name.length > 250 || text.length > 250) continue;
    const folded = fold(name);
    const contained =
      Math.min(wanted.length, folded.length) >= 3 && (folded.includes(wanted) || wanted.includes(folded));
    const distance = contained ? 0.5 : editDistance(wanted, folded);
    if (distance > 0.5 && distance > Math.max(wanted.length, folded.length) / 3) continue;
    if (best === undefined || distance < best.distance) best = { name, distance };
  }
  return best?.name;
}
