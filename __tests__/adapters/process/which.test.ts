import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isInside, which } from "../../../src/adapters/process/which.js";

const SUFFIX = process.platform === "win32" ? ".exe" : "";
let root = "";

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "which-")));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** A program in a folder of the temporary one. */
async function program(folder: string, mode = 0o755): Promise<string> {
  await mkdir(join(root, folder), { recursive: true });
  const file = join(root, folder, `tool${SUFFIX}`);
  await writeFile(file, "#!/bin/sh\n");
  await chmod(file, mode);
  return file;
}

const path = (...folders: string[]) => folders.map((folder) => join(root, folder)).join(delimiter);

describe("which", () => {
  it("finds the first program of that name on the PATH", async () => {
    const first = await program("a");
    await program("b");
    expect(await which("tool", path("missing", "a", "b"), undefined)).toBe(first);
  });

  it("passes over files that are not executable and folders of that name", async () => {
    await program("a", 0o644);
    await mkdir(join(root, "b", `tool${SUFFIX}`), { recursive: true });
    const third = await program("c");
    expect(await which("tool", path("a", "b", "c"), undefined)).toBe(third);
  });

  it("finds nothing without a PATH, on an empty one, or without such a program", async () => {
    expect(await which("tool", undefined, undefined)).toBeUndefined();
    expect(await which("tool", "", undefined)).toBeUndefined();
    expect(await which("tool", path("a"), undefined)).toBeUndefined();
  });

  it("passes over relative entries, which name whatever folder one happens to be in", async () => {
    const file = await program("a");
    const relative = [".", "", "bin", "./a", "../a"].join(delimiter);
    expect(await which("tool", relative, undefined)).toBeUndefined();
    expect(await which("tool", relative + delimiter + path("a"), undefined)).toBe(file);
  });

  it("passes over a program that the repository brings", async () => {
    await program("repo/bin");
    const system = await program("system");
    expect(await which("tool", path("repo/bin", "system"), join(root, "repo"))).toBe(system);
    expect(await which("tool", path("repo/bin"), join(root, "repo"))).toBeUndefined();
  });

  it("passes over a link that leads into the repository", async () => {
    const planted = await program("repo/bin");
    await mkdir(join(root, "links"));
    await symlink(planted, join(root, "links", `tool${SUFFIX}`));
    expect(await which("tool", path("links"), join(root, "repo"))).toBeUndefined();
  });

  it("passes over a link in the repository that leads out of it", async () => {
    const system = await program("system");
    await mkdir(join(root, "repo/bin"), { recursive: true });
    await symlink(system, join(root, "repo/bin", `tool${SUFFIX}`));
    expect(await which("tool", path("repo/bin"), join(root, "repo"))).toBeUndefined();
  });

  it("passes over a program of the repository when the repository is named through a link", async () => {
    await program("repo/bin");
    await symlink(join(root, "repo"), join(root, "workspace"));
    expect(await which("tool", path("repo/bin"), join(root, "workspace"))).toBeUndefined();
  });

  it("passes over a folder of the repository whose name begins with two dots", async () => {
    await program("repo/..bin");
    expect(await which("tool", path("repo/..bin"), join(root, "repo"))).toBeUndefined();
  });
});

describe("isInside", () => {
  it.each<[string, string, boolean]>([
    ["/repo", "/repo", true],
    ["/repo/", "/repo", true],
    ["/repo/a/b", "/repo", true],
    ["/repo/a/../..", "/repo", false],
    ["/repository", "/repo", false],
    ["/", "/repo", false],
    ["/other", "/repo", false],
    ["/repo/..a", "/repo", true],
    ["/repo/...", "/repo", true],
    ["/anything", "/", true],
  ])("%s in %s: %s", (file, folder, inside) => {
    expect(isInside(file, folder)).toBe(inside);
  });

  it("holds for everything that is put below a folder", () => {
    const name = fc
      .string({ unit: fc.constantFrom("a", ".", "-"), minLength: 1 })
      .filter((text) => !/^\.{1,2}$/.test(text));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        expect(isInside(["/repo", ...names].join("/"), "/repo")).toBe(true);
      }),
    );
  });
});
