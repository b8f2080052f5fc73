import type { Ancestry } from "./baseline.js";

/**
 * The distance of every ancestor from a commit: the smallest number of parent steps, 0 for the commit itself.
 *
 * @param parents commit → its parents, at least for everything reachable from `commit`
 */
export function distancesFrom(commit: string, parents: ReadonlyMap<string, readonly string[]>): Ancestry {
  const distances = new Map([[commit, 0]]);
  let frontier = [commit];
  for (let distance = 1; frontier.length > 0; distance++) {
    const next: string[] = [];
    for (const parent of frontier.flatMap((ancestor) => parents.get(ancestor) ?? [])) {
      if (distances.has(parent)) continue;
      distances.set(parent, distance);
      next.push(parent);
    }
    frontier = next;
  }
  return distances;
}
