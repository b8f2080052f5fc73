import { describe, expect, it } from "vitest";
import { settingsOf } from "../../src/doctor/check-configuration.js";
import { checkData } from "../../src/doctor/check-data.js";
import { checkProject } from "../../src/doctor/check-project.js";
import { Findings } from "../../src/doctor/finding.js";
import { DeskRepository, words } from "./desk.js";

/** Findings about the data of a project in the folder `p` that declares these parameters. */
async function examined(
  parameters: string,
  committed: Readonly<Record<string, string>>,
  written: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const MLproject = `entry_points:\n  main:\n    parameters: {${parameters}}\n    command: x\n`;
  const repository = await DeskRepository.create({
    "p/MLproject": MLproject,
    ".gitignore": "ignored/\n",
    ...committed,
  });
  await repository.write(written);
  const checkout = await repository.checkout();
  const [settings] = settingsOf({ config: undefined, readable: true }, "p", {}, new Findings("data"));
  const project = settings && (await checkProject(checkout, settings, new Findings("project")));
  if (project === undefined) throw new Error("There is no project.");
  const findings = new Findings("data");
  await checkData(checkout, project, findings);
  return words(findings);
}

const path = (value: string) => `data: {type: path, default: ${value}}`;
const text = (value: string) => `data: {type: string, default: ${value}}`;

describe("checkData", () => {
  it("finds committed files and folders", async () => {
    const files = { "p/data/a.csv": "1" };
    expect(await examined(path("data/a.csv"), files)).toEqual([
      "ok: p/data/a.csv, the value of data, is in the commit.",
    ]);
    expect(await examined(path("data"), files)).toHaveLength(1);
    expect(await examined(path("../elsewhere.csv"), { "elsewhere.csv": "1" })).toHaveLength(1);
  });

  it.each<[string, string, Readonly<Record<string, string>>, RegExp]>([
    [
      "a file that does not exist",
      path("a.csv"),
      {},
      /^problem: p\/a\.csv, .* does not exist: .* → Add the file, or give another/,
    ],
    [
      "a file that is not tracked",
      path("a.csv"),
      { "p/a.csv": "1" },
      /^problem: .* is not tracked by git: .* → Commit it/,
    ],
    [
      "a file that is ignored",
      path("ignored/a.csv"),
      { "p/ignored/a.csv": "1" },
      /^problem: .* is ignored by git: .*--force/,
    ],
    ["a path that leads outside", path("../../a.csv"), {}, /^problem: .* leads outside the repository/],
    [
      "an absolute path",
      path("/no/such/data.csv"),
      {},
      /^warning: .*outside the repository, and this machine does not have it/,
    ],
    ["an ignored file by a text", text("ignored/a.csv"), { "p/ignored/a.csv": "1" }, /^warning: .* ignored by git/],
    [
      "a uri that is no address",
      "data: {type: uri, default: a.csv}",
      { "p/a.csv": "1" },
      /^problem: .*declared as uri/,
    ],
  ])("names %s", async (_, parameters, written, expected) => {
    const found = await examined(parameters, {}, written);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it("names data in Git LFS", async () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 5\n";
    expect(await examined(path("a.csv"), { "p/a.csv": pointer })).toEqual([
      expect.stringMatching(/^problem: .*Git LFS/),
    ]);
  });

  it.each<[string, string]>([
    ["an address", path("s3://bucket/a.csv")],
    ["an address as uri", "data: {type: uri, default: https://example.com/a.csv}"],
    ["a text that names no file", text("models/best")],
    ["a text of one word", text("ignored")],
    ["no default", "data: path"],
  ])("has nothing to say about %s", async (_, parameters) => {
    expect(await examined(parameters, {}, { "p/ignored/a.csv": "1" })).toEqual([]);
  });
});
