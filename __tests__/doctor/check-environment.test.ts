import { describe, expect, it } from "vitest";
import { parseConfigFile } from "../../src/config/config-file.js";
import { settingsOf } from "../../src/doctor/check-configuration.js";
import { checkEnvironment, environmentManager } from "../../src/doctor/check-environment.js";
import { checkProject } from "../../src/doctor/check-project.js";
import { Findings } from "../../src/doctor/finding.js";
import { DeskRepository, SOUND, words } from "./desk.js";

async function examined(repository: DeskRepository, manager = "auto"): Promise<string[]> {
  const parsed = parseConfigFile("c.yml", `version: 1\nprojects: [{env-manager: ${manager}}]\n`);
  if ("problems" in parsed) throw new Error("The test's own configuration does not parse.");
  const [settings] = settingsOf({ config: parsed.config, readable: true }, undefined, {}, new Findings("project"));
  if (settings === undefined) throw new Error("There are no settings.");
  const checkout = await repository.checkout();
  const project = await checkProject(checkout, settings, new Findings("project"));
  if (project === undefined) throw new Error("There is no project.");
  const findings = new Findings("environment");
  await checkEnvironment(checkout, project, findings);
  return words(findings);
}

const python = (dependencies: string, files: Readonly<Record<string, string>> = {}) =>
  DeskRepository.create({ ...SOUND, "python_env.yaml": `python: "3.11"\ndependencies: ${dependencies}\n`, ...files });
const project = (environment: string) => `${environment}\nentry_points: {main: {command: x}}\n`;

describe("environmentManager", () => {
  it.each([
    ["auto", "python", "uv"],
    ["auto", "none", "uv"],
    ["auto", "conda", "conda"],
    ["local", "conda", "local"],
  ] as const)("%s for %s is %s", (wanted, kind, expected) => {
    const environment = kind === "none" ? ({ kind } as const) : ({ kind, file: "x" } as const);
    expect(environmentManager(wanted, environment)).toBe(expected);
  });
});

describe("checkEnvironment", () => {
  it("has nothing against pinned requirements with MLflow", async () => {
    expect(await examined(await DeskRepository.create())).toEqual([
      "ok: python_env.yaml: Python 3.11 and 2 requirements, each pinned exactly.",
    ]);
  });

  it("names what is not pinned", async () => {
    expect(await examined(await python("[mlflow==3.17.2, scikit-learn, 'pandas>=2']"))).toEqual([
      expect.stringMatching(/^warning: python_env\.yaml does not pin scikit-learn, pandas>=2:/),
    ]);
  });

  it("wants an MLflow of the project's own", async () => {
    expect(await examined(await python("[scikit-learn==1.9.1]"))).toEqual([
      expect.stringMatching(/^problem: python_env\.yaml does not name mlflow/),
    ]);
    // A package of one's own may bring it along.
    expect(await examined(await python("[scikit-learn==1.9.1, -e .]"))).toEqual([
      expect.stringMatching(/^warning: .*mlflow/),
    ]);
  });

  it("follows requirements files and constraints from the project's folder", async () => {
    const repository = await python("[-r more/all.txt, -c pins.txt]", {
      "more/all.txt": "-r rest.txt\nmlflow\n",
      "more/rest.txt": "numpy\npandas\n",
      "pins.txt": "mlflow==3.17.2\nnumpy==2.4.6\n",
    });
    expect(await examined(repository)).toEqual([expect.stringMatching(/^warning: .* does not pin pandas:/)]);
  });

  it("names a requirements file that the commit lacks", async () => {
    expect(await examined(await python("[mlflow==3.17.2, -r all.txt]"))).toEqual([
      expect.stringMatching(/^problem: The environment includes all\.txt, which does not exist/),
    ]);
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      "a declared file that does not exist",
      { MLproject: project("python_env: env.yaml") },
      /^problem: .*environment env\.yaml, which does not exist/,
    ],
    [
      "a Python without quotes",
      { ...SOUND, "python_env.yaml": "python: 3.11\n" },
      /^problem: python_env\.yaml:1: python is not text/,
    ],
    ["no environment at all", { MLproject: project("name: x") }, /^problem: The project declares no environment/],
    [
      "no Python",
      { ...SOUND, "python_env.yaml": "dependencies: [mlflow==3.17.2]\n" },
      /^warning: python_env\.yaml names no Python/,
    ],
    [
      "conda without pins",
      { MLproject: project("conda_env: c.yaml"), "c.yaml": "dependencies: [python=3.11, mlflow=3.17.2, numpy]\n" },
      /^warning: c\.yaml does not pin numpy/,
    ],
  ])("names %s", async (_, files, expected) => {
    const found = await examined(await DeskRepository.create(files));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it("names a manager that cannot make the environment", async () => {
    const conda = { MLproject: project("conda_env: c.yaml"), "c.yaml": "dependencies: [python=3.11, mlflow=3.17.2]\n" };
    expect((await examined(await DeskRepository.create(conda), "uv"))[0]).toMatch(
      /^problem: .*env-manager: uv cannot make/,
    );
    expect((await examined(await DeskRepository.create(), "conda"))[0]).toMatch(
      /^problem: .*env-manager: conda cannot make/,
    );
    expect(await examined(await DeskRepository.create(), "local")).toEqual([
      expect.stringMatching(/^warning: env-manager: local/),
    ]);
  });

  it("takes uv.lock instead of the dependencies, with uv only", async () => {
    const files = {
      "pyproject.toml": "[project]\n",
      "uv.lock": 'version = 1\n[[package]]\nname = "mlflow-skinny"\nversion = "3.17.2"\n',
    };
    const repository = await python("[pandas]", files);
    expect(await examined(repository)).toEqual(["ok: uv.lock holds exact versions of 1 packages."]);
    expect(await examined(repository, "virtualenv")).toHaveLength(2);
    const without = await python("[pandas]", { "uv.lock": 'name = "pandas"\n' });
    expect(await examined(without)).toEqual([
      expect.stringMatching(/^problem: pyproject\.toml does not exist/),
      expect.stringMatching(/^problem: uv\.lock does not hold mlflow/),
    ]);
  });
});
