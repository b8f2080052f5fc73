import { describe, expect, it } from "vitest";
import { parseConfigFile } from "../../src/config/config-file.js";
import { settingsOf } from "../../src/doctor/check-configuration.js";
import { checkParameters, checkProject } from "../../src/doctor/check-project.js";
import { Findings } from "../../src/doctor/finding.js";
import { DeskRepository, SOUND, words } from "./desk.js";

/** Findings about the project at the root, or about the one that a configuration describes. */
async function examined(repository: DeskRepository, configuration = "version: 1\n") {
  const parsed = parseConfigFile("c.yml", configuration);
  if ("problems" in parsed) throw new Error("The test's own configuration does not parse.");
  const [settings] = settingsOf({ config: parsed.config, readable: true }, undefined, {}, new Findings("project"));
  if (settings === undefined) throw new Error("There are no settings.");
  const project = new Findings("project");
  const parameters = new Findings("parameters");
  const found = await checkProject(await repository.checkout(), settings, project);
  if (found !== undefined) checkParameters(found, parameters);
  return { project: words(project), parameters: words(parameters) };
}

const withProject = (text: string) => DeskRepository.create({ ...SOUND, MLproject: text });

describe("checkProject", () => {
  it("has nothing against a sound project", async () => {
    expect(await examined(await DeskRepository.create())).toEqual({
      project: ["ok: MLproject: entry point main with 2 parameters."],
      parameters: ["ok: Every parameter of main has a value."],
    });
  });

  it("lists where else an MLproject lies", async () => {
    const repository = await DeskRepository.create({ "a/MLproject": "", "b/mlproject": "" });
    expect((await examined(repository)).project).toEqual([
      expect.stringMatching(
        /^problem: The root of the repository has no file MLproject; there is one in a, b\. → .*path: a/,
      ),
    ]);
    expect((await examined(repository, "version: 1\nprojects: [{path: c}]\n")).project[0]).toMatch(
      /^problem: The folder c does not exist/,
    );
    expect((await examined(await DeskRepository.create({ x: "" }))).project[0]).toMatch(/no other folder has one/);
  });

  it("says that an MLproject is not committed", async () => {
    const repository = await DeskRepository.create({ ".gitignore": "MLproject\n" });
    await repository.write({ ...SOUND });
    expect((await examined(repository)).project[0]).toMatch(
      /^problem: MLproject is ignored by git: the gate only sees/,
    );
  });

  it.each<[string, string, RegExp]>([
    ["YAML that does not parse", "name: [", /^problem: MLproject:/],
    [
      "a number as a parameter",
      "entry_points:\n  main:\n    parameters: {f: 0.5}\n    command: x {f}\n",
      /^problem: MLproject:3: the parameter f is neither/,
    ],
    [
      "a key parameters without a value",
      "entry_points:\n  main:\n    parameters:\n    command: x\n",
      /^problem: MLproject:3: parameters is not a mapping/,
    ],
    [
      "docker_env",
      "docker_env: {image: x}\nentry_points: {main: {command: x}}\n",
      /^problem: MLproject declares docker_env/,
    ],
    [
      "an entry point of another name",
      "entry_points: {train: {command: x}}\n",
      /^problem: entry-point: .*no entry point main; it has train/,
    ],
    [
      "a placeholder that is not declared",
      "entry_points: {main: {command: 'echo ${HOME}'}}\n",
      /^problem: .*contains \{HOME\}/,
    ],
    [
      "a placeholder in quotes",
      'entry_points:\n  main:\n    parameters: {note: {default: a}}\n    command: echo "{note}"\n',
      /^warning: .*quotes around \{note\}/,
    ],
  ])("names %s", async (_, text, expected) => {
    const { project } = await examined(await withProject(text));
    expect(project).toHaveLength(1);
    expect(project[0]).toMatch(expected);
  });
});

describe("checkParameters", () => {
  const REQUIRED = "entry_points:\n  main:\n    parameters: {depth: int, rate: float}\n    command: x {depth} {rate}\n";

  it("warns of values that only a baseline can give", async () => {
    const { parameters } = await examined(await withProject(REQUIRED));
    expect(parameters).toEqual([
      expect.stringMatching(/^warning: .*requires depth, rate, .*parameters: \{ depth: …, rate: … \}/),
    ]);
  });

  it("takes values from the configuration, and names one without a parameter", async () => {
    const { parameters } = await examined(
      await withProject(REQUIRED),
      "version: 1\nprojects: [{parameters: {depth: 2, rates: 1}, labels: {rate: 1}}]\n",
    );
    expect(parameters).toEqual([expect.stringMatching(/^problem: .*declares no parameter rates; did you mean rate\?/)]);
  });
});
