import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeUnseen } from "../../src/doctor/checkout.js";
import { DeskRepository } from "./desk.js";

describe("Checkout", () => {
  it("tells why a path is not in the commit", async () => {
    const repository = await DeskRepository.create({ ".gitignore": "ignored/\n", "data/a.csv": "1", "[x].csv": "1" });
    await repository.write({ "ignored/b.csv": "1", "new.csv": "1", "staged.csv": "1" });
    await repository.git("add", "staged.csv");
    const checkout = await repository.checkout();
    const paths = [
      "data/a.csv",
      "data",
      "data/../data/a.csv",
      "",
      "[x].csv",
      "staged.csv",
      "ignored/b.csv",
      "new.csv",
      "no.csv",
    ];
    expect(await Promise.all(paths.map((path) => checkout.held(path)))).toEqual([
      "committed",
      "committed",
      "committed",
      "committed",
      "committed",
      "staged",
      "ignored",
      "untracked",
      "missing",
    ]);
  });

  it("takes no name for a pattern", async () => {
    const repository = await DeskRepository.create({ "a.csv": "1" });
    await repository.write({ "*.csv": "1" });
    expect(await (await repository.checkout()).held("*.csv")).toBe("untracked");
  });

  it("tells data in a submodule", async () => {
    const library = await DeskRepository.create({ "data.csv": "1" });
    const repository = await DeskRepository.create({ "a.csv": "1" });
    await repository.git("submodule", "--quiet", "add", library.folder, "library");
    await repository.commit({});
    expect(await (await repository.checkout()).held("library/data.csv")).toBe("submodule");
  });

  it("knows nothing of commits where there is none", async () => {
    const repository = await DeskRepository.bare();
    await repository.write({ "a.csv": "1" });
    const checkout = await repository.checkout();
    expect(await checkout.held("a.csv")).toBe("unknown");
    expect(await checkout.held("b.csv")).toBe("missing");
    expect(await checkout.files()).toEqual([]);
  });

  it("reads regular files inside the repository only", async () => {
    const repository = await DeskRepository.create({ "a.txt": "words" });
    await mkdir(join(repository.home, "outside"));
    await symlink(join(repository.folder, "a.txt"), join(repository.folder, "link.txt"));
    await symlink(repository.home, join(repository.folder, "way-out"));
    const checkout = await repository.checkout();
    expect(await checkout.readText("a.txt")).toBe("words");
    expect(await checkout.readText("link.txt")).toBeUndefined();
    expect(await checkout.readText("../home")).toBeUndefined();
    expect(await checkout.kind("link.txt")).toBe("link");
    expect(await checkout.kind("way-out/outside")).toBe("folder");
  });

  it("lists tracked and new files, but no ignored ones", async () => {
    const repository = await DeskRepository.create({ ".gitignore": "x\n", "a/MLproject": "" });
    await repository.write({ x: "", "b/MLproject": "" });
    expect(await (await repository.checkout()).files()).toEqual([".gitignore", "a/MLproject", "b/MLproject"]);
  });

  it("knows a pointer of Git LFS by its content", async () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 5\n";
    const repository = await DeskRepository.create({ "a.csv": pointer, "b.csv": "1,2\n" });
    const checkout = await repository.checkout();
    expect(await checkout.isLfsPointer("a.csv")).toBe(true);
    expect(await checkout.isLfsPointer("b.csv")).toBe(false);
    expect(await checkout.isLfsPointer("c.csv")).toBe(false);
  });

  it("knows its commits, and takes no text for one", async () => {
    const repository = await DeskRepository.create();
    const checkout = await repository.checkout();
    expect(await checkout.hasCommit(await repository.git("rev-parse", "HEAD"))).toBe(true);
    expect(await checkout.hasCommit("0".repeat(39).concat("1"))).toBe(false);
    expect(await checkout.hasCommit("--help")).toBe(false);
  });
});

describe("describeUnseen", () => {
  it.each([
    ["committed", false],
    ["unknown", false],
    ["staged", true],
    ["untracked", true],
    ["ignored", true],
    ["submodule", true],
    ["missing", true],
  ] as const)("%s", (held, unseen) => {
    expect(describeUnseen(held) !== undefined).toBe(unseen);
  });
});
