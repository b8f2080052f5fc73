import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distancesFrom } from "../../src/core/ancestry.js";

describe("distancesFrom", () => {
  it("counts parent steps along a line, 0 for the commit itself", () => {
    const parents = new Map([
      ["c", ["b"]],
      ["b", ["a"]],
      ["a", []],
    ]);
    expect([...distancesFrom("c", parents)]).toEqual([
      ["c", 0],
      ["b", 1],
      ["a", 2],
    ]);
  });

  it("takes the shorter way around a merge", () => {
    const parents = new Map([
      ["merge", ["long1", "short"]],
      ["long1", ["long2"]],
      ["long2", ["base"]],
      ["short", ["base"]],
      ["base", []],
    ]);
    expect(distancesFrom("merge", parents).get("base")).toBe(2);
  });

  it("does not contain descendants or other branches", () => {
    const parents = new Map([
      ["child", ["fork"]],
      ["other", ["fork"]],
      ["fork", []],
    ]);
    expect([...distancesFrom("fork", parents).keys()]).toEqual(["fork"]);
    expect(distancesFrom("child", parents).has("other")).toBe(false);
  });

  it("knows a commit whose parents are unknown, as at the border of a shallow clone", () => {
    expect([...distancesFrom("grafted", new Map())]).toEqual([["grafted", 0]]);
  });

  it("ends on a history of a hundred diamonds, whose paths cannot be enumerated", () => {
    const parents = new Map<string, string[]>();
    for (let level = 0; level < 100; level++) {
      parents.set(`top${level}`, [`left${level}`, `right${level}`]);
      parents.set(`left${level}`, [`top${level + 1}`]);
      parents.set(`right${level}`, [`top${level + 1}`]);
    }
    expect(distancesFrom("top0", parents).get("top100")).toBe(200);
  });

  it("equals relaxing every edge until nothing changes, on random histories", () => {
    const history = fc.array(fc.array(fc.nat({ max: 20 }), { maxLength: 3 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(history, (drawn) => {
        const parents = new Map(
          drawn.map((numbers, commit) => [String(commit), numbers.filter((n) => n < commit).map(String)] as const),
        );
        const head = String(drawn.length - 1);
        expect(new Map(distancesFrom(head, parents))).toEqual(relaxed(head, parents));
      }),
    );
  });
});

/** Bellman and Ford's way to the same distances. */
function relaxed(head: string, parents: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const distances = new Map([[head, 0]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [commit, its] of parents) {
      const distance = distances.get(commit);
      if (distance === undefined) continue;
      for (const parent of its) {
        if ((distances.get(parent) ?? Number.POSITIVE_INFINITY) <= distance + 1) continue;
        distances.set(parent, distance + 1);
        changed = true;
      }
    }
  }
  return distances;
}
