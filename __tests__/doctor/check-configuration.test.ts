import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkConfiguration, settingsOf } from "../../src/doctor/check-configuration.js";
import { Findings } from "../../src/doctor/finding.js";
import { DeskRepository, SOUND, words } from "./desk.js";

const FILE = ".github/repro-gate.yml";

async function examined(repository: DeskRepository) {
  const findings = new Findings("configuration");
  const configured = await checkConfiguration(await repository.checkout(), findings);
  return { configured, found: words(findings) };
}

describe("checkConfiguration", () => {
  it("is content without a file", async () => {
    const { configured, found } = await examined(await DeskRepository.create());
    expect(configured).toEqual({ config: undefined, readable: true });
    expect(found).toEqual([`info: There is no ${FILE}: every value has its default.`]);
  });

  it("warns of a file that nobody reads", async () => {
    const repository = await DeskRepository.create({ ".github/repro-gate.yaml": "version: 1\n" });
    expect((await examined(repository)).found).toEqual([
      `warning: .github/repro-gate.yaml is not read. → Call it ${FILE}.`,
    ]);
  });

  it("names the projects of a good file", async () => {
    const repository = await DeskRepository.create({ ...SOUND, [FILE]: "version: 1\nprojects: [{name: wine}]\n" });
    expect((await examined(repository)).found).toEqual([`ok: ${FILE} can be read; its projects: wine.`]);
  });

  it("names every problem with its line", async () => {
    const repository = await DeskRepository.create({
      [FILE]: "version: 1\nenforced: true\nprojects:\n  - metrics: { default: { rel: lots } }\n",
    });
    const { configured, found } = await examined(repository);
    expect(configured.readable).toBe(false);
    expect(found).toEqual([
      expect.stringMatching(/^problem: \.github\/repro-gate\.yml:2: there is no key enforced; did you mean enforce\?/),
      expect.stringMatching(/^problem: \.github\/repro-gate\.yml:4: /),
    ]);
  });

  it("names a folder that does not exist, and a file that is not committed", async () => {
    const repository = await DeskRepository.create();
    await repository.write({ [FILE]: "version: 1\nprojects: [{path: wyne}]\n" });
    expect((await examined(repository)).found).toEqual([
      expect.stringMatching(/^problem: .* is not tracked by git/),
      expect.stringMatching(/^problem: .*folder wyne, which does not exist/),
    ]);
  });

  it("does not follow a link", async () => {
    const repository = await DeskRepository.create({ "config.yml": "version: 1\n", ".github/keep": "" });
    await symlink("../config.yml", join(repository.folder, FILE));
    expect((await examined(repository)).found).toEqual([expect.stringMatching(/^problem: .* is a link/)]);
  });
});

describe("settingsOf", () => {
  it("covers every configured project, or the one that is named", async () => {
    const repository = await DeskRepository.create({
      [FILE]: "version: 1\nprojects: [{name: a, path: x}, {path: y}]\n",
    });
    const { configured } = await examined(repository);
    const paths = (wanted: string | undefined) =>
      settingsOf(configured, wanted, {}, new Findings("configuration")).map(({ path }) => path);
    expect(paths(undefined)).toEqual(["x", "y"]);
    expect(paths("y")).toEqual(["y"]);
    const findings = new Findings("configuration");
    expect(settingsOf(configured, "z", {}, findings)).toEqual([]);
    expect(words(findings)).toEqual([expect.stringMatching(/^problem: project: z is no project/)]);
  });

  it("means the root without a configuration", () => {
    const configured = { config: undefined, readable: true };
    const settings = settingsOf(configured, undefined, {}, new Findings("configuration"));
    expect(settings.map(({ path }) => path)).toEqual([""]);
  });
});
