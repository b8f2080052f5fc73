import { describe, expect, it } from "vitest";
import { parseMlProject } from "../../src/config/mlproject.js";
import { plain } from "../../src/core/sentence.js";

const WINE = `name: wine-quality
python_env: python_env.yaml
entry_points:
  main:
    parameters:
      alpha: {type: float, default: 0.50}
      data: path
      note:
        default: x
    command: "python train.py --alpha {alpha} {data} {note}"
  validate:
    command: python validate.py
`;

function project(text: string, siblings: readonly string[] = []) {
  const result = parseMlProject("MLproject", text, siblings);
  if ("problems" in result) throw new Error(complaints(text).join("\n"));
  return result.project;
}

function complaints(text: string): string[] {
  const result = parseMlProject("MLproject", text, []);
  return "problems" in result ? result.problems.map(({ where, sentence }) => `${where}: ${plain(sentence)}`) : [];
}

/** The default that a project declares, as the text that MLflow puts into the command. */
function defaultOf(value: string): string | undefined {
  const text = `entry_points:\n  main:\n    parameters:\n      p:\n        type: string\n        default: ${value}\n    command: x\n`;
  return project(text).entryPoints.get("main")?.parameters.get("p")?.defaultValue;
}

describe("parseMlProject", () => {
  it("reads name, environment, entry points and parameters in their order", () => {
    const { name, environment, entryPoints } = project(WINE);
    expect({ name, environment }).toEqual({
      name: "wine-quality",
      environment: { kind: "python", file: "python_env.yaml" },
    });
    expect([...entryPoints.keys()]).toEqual(["main", "validate"]);
    expect(entryPoints.get("main")?.command).toBe("python train.py --alpha {alpha} {data} {note}");
    expect([...(entryPoints.get("main")?.parameters.values() ?? [])]).toEqual([
      { name: "alpha", type: "float", defaultValue: "0.5" },
      { name: "data", type: "path", defaultValue: undefined },
      { name: "note", type: "string", defaultValue: "x" },
    ]);
    expect(entryPoints.get("validate")?.parameters.size).toBe(0);
  });

  it.each<[string, string]>([
    ["no name", "python_env: p.yaml"],
    ["no entry points", "name: x"],
    ["entry points that are empty", "entry_points: {}"],
  ])("accepts %s", (_, text) => {
    expect(complaints(text)).toEqual([]);
  });

  it.each([
    ["entry points", "entry_points:", /entry_points is not a mapping/],
    ["parameters", "entry_points: {main: {command: x, parameters: }}", /parameters is not a mapping/],
  ])("refuses %s that are null, on which MLflow crashes", (_, text, message) => {
    expect(complaints(text).join()).toMatch(message);
  });

  it("reads a name that looks like a number as text", () => {
    expect(project("name: 2024").name).toBe("2024");
    expect(project("name:").name).toBeUndefined();
  });

  it("resolves aliases and merge keys, as PyYAML does", () => {
    const text = `lr: &lr 0.1
shared: &shared {type: float, default: 2}
all: &all
  seed: {type: int, default: 7}
base: &base
  command: python train.py
entry_points:
  main:
    <<: *base
    parameters:
      lr: {type: float, default: *lr}
      depth: *shared
  tune:
    command: python tune.py
    parameters: *all
`;
    const { entryPoints } = project(text);
    expect(entryPoints.get("main")?.command).toBe("python train.py");
    expect(entryPoints.get("main")?.parameters.get("lr")?.defaultValue).toBe("0.1");
    expect(entryPoints.get("main")?.parameters.get("depth")?.defaultValue).toBe("2");
    expect(entryPoints.get("tune")?.parameters.get("seed")?.defaultValue).toBe("7");
  });

  it("never takes an alias for an empty default", () => {
    const text = "lr: &lr 0.1\nentry_points: {main: {command: x, parameters: {p: {type: float, default: *lr}}}}\n";
    expect(project(text).entryPoints.get("main")?.parameters.get("p")?.defaultValue).toBe("0.1");
  });

  it("reports all problems together, each with its line", () => {
    const text = `python_env: [p.yaml]
entry_points:
  none: python train.py
  empty: {}
  main:
    command: x
    parameters:
      rate: 0.5
      "bad name": float
`;
    expect(complaints(text).map((problem) => problem.split(": ")[0])).toEqual([
      "MLproject:1",
      "MLproject:3",
      "MLproject:4",
      "MLproject:8",
      "MLproject:9",
    ]);
  });

  it.each<[string, string, RegExp]>([
    ["an empty file", "", /MLproject: it is not a mapping of keys/],
    ["a list", "- a", /it is not a mapping of keys/],
    ["a text", "main", /it is not a mapping of keys/],
    [
      "two environments",
      "python_env: p.yaml\nconda_env: c.yaml",
      /^MLproject:2: the project declares python_env and conda_env; MLflow allows one/,
    ],
    ["an environment that is no file name", "conda_env: {name: x}", /^MLproject:1: conda_env is not a file name/],
    ["entry points that are a list", "name: x\nentry_points: [main]", /^MLproject:2: entry_points is not a mapping/],
    [
      "an entry point that is a text",
      "entry_points:\n  main: python train.py",
      /^MLproject:2: the entry point main is not a mapping/,
    ],
    ["an entry point without a command", "entry_points:\n  main: {parameters: {}}", /main has no command/],
    ["a command that is a list", "entry_points:\n  main: {command: [python, x]}", /main has no command/],
    [
      "parameters that are a list",
      "entry_points:\n  main:\n    command: x\n    parameters: [a]",
      /^MLproject:4: parameters is not a mapping/,
    ],
    [
      "a parameter that is a number, on which MLflow crashes",
      "entry_points: {main: {command: x, parameters: {f2: 0.5}}}",
      /f2 is neither a type such as float/,
    ],
    [
      "a parameter that is a boolean",
      "entry_points: {main: {command: x, parameters: {f: yes}}}",
      /f is neither a type/,
    ],
    ["a parameter that is null", "entry_points: {main: {command: x, parameters: {f: }}}", /f is neither a type/],
    ["a parameter that is a list", "entry_points: {main: {command: x, parameters: {f: [1]}}}", /f is neither a type/],
    [
      "a parameter named like an option",
      "entry_points: {main: {command: x, parameters: {-h: float}}}",
      /the parameter name -h is not/,
    ],
    [
      "a parameter named like a command",
      'entry_points: {main: {command: x, parameters: {"x; id": float}}}',
      /the parameter name x; id is not/,
    ],
    [
      "a parameter without a name",
      'entry_points: {main: {command: x, parameters: {"": float}}}',
      /the parameter name {2}is not/,
    ],
    ["tabs", "entry_points:\n\tmain: {command: x}", /^MLproject:2: /],
  ])("refuses %s", (_, text, words) => {
    expect(complaints(text).join("\n")).toMatch(words);
  });
});

describe("the environment", () => {
  it.each<[string, string, string[], unknown]>([
    ["declared for python", "python_env: envs/p.yaml", [], { kind: "python", file: "envs/p.yaml" }],
    ["declared for conda", "conda_env: c.yaml", [], { kind: "conda", file: "c.yaml" }],
    ["declared for docker", "docker_env: {image: x}", ["conda.yaml"], { kind: "docker" }],
    ["declared over what lies beside it", "conda_env: c.yaml", ["python_env.yaml"], { kind: "conda", file: "c.yaml" }],
    [
      "declared as null, which is not declared",
      "python_env:\nconda_env: c.yaml",
      [],
      { kind: "conda", file: "c.yaml" },
    ],
    [
      "python_env.yaml beside the MLproject",
      "name: x",
      ["conda.yaml", "python_env.yaml"],
      { kind: "python", file: "python_env.yaml" },
    ],
    ["conda.yaml beside the MLproject", "name: x", ["MLproject", "conda.yaml"], { kind: "conda", file: "conda.yaml" }],
    ["nothing", "name: x", ["python_env.yml", "requirements.txt"], { kind: "none" }],
  ])("is %s", (_, text, siblings, environment) => {
    expect(project(text, siblings).environment).toEqual(environment);
  });
});

describe("a default as MLflow's text of it", () => {
  it.each<[string, string | undefined]>([
    ["1e-3", "1e-3"],
    ["1.0e-3", "0.001"],
    ["1.0E-3", "0.001"],
    ["1.0e3", "1.0e3"],
    ["1e5", "1e5"],
    ["1e16", "1e16"],
    ["1.0e+16", "1e+16"],
    ["1.0e+400", "inf"],
    ["0.00001", "1e-05"],
    ["0.50", "0.5"],
    ["1.", "1.0"],
    [".5", "0.5"],
    ["-0.0", "-0.0"],
    ["1_0.5", "10.5"],
    ["-.inf", "-inf"],
    ["+.inf", "inf"],
    [".nan", "nan"],
    ["nan", "nan"],
    ["1.2.3", "1.2.3"],
  ])("reads %s, a float only with a dot and a signed exponent, as %s", (value, text) => {
    expect(defaultOf(value)).toBe(text);
  });

  it.each([
    ["-.5", "-.5"],
    ["+.5", "+.5"],
  ])("reads %s as text, since a float without digits before its dot has no sign", (value, text) => {
    expect(defaultOf(value)).toBe(text);
  });

  it.each<[string, string]>([
    ["10", "10"],
    ["+5", "5"],
    ["-0", "0"],
    ["010", "8"],
    ["-010", "-8"],
    ["08", "08"],
    ["0o10", "0o10"],
    ["0xFF", "255"],
    ["-0x1F", "-31"],
    ["0b101", "5"],
    ["1_000", "1000"],
    ["1_", "1"],
    ["_1", "_1"],
  ])("reads the integer notation %s as %s", (value, text) => {
    expect(defaultOf(value)).toBe(text);
  });

  it.each(["9007199254740993", "12345678901234567890", "-9223372036854775808"])(
    "keeps every digit of %s, which no double holds",
    (value) => {
      expect(defaultOf(value)).toBe(value);
    },
  );

  it.each([
    ["1:30", "90"],
    ["12:30:45", "45045"],
    ["1:30.5", "90.5"],
  ])("reads %s as the number %s to base 60", (value, text) => {
    expect(defaultOf(value)).toBe(text);
  });

  it.each([
    ["2020-01-01", "2020-01-01"],
    ["2020-01-01 10:00:00", "2020-01-01 10:00:00"],
  ])("reads the date %s as Python writes it", (value, text) => {
    expect(defaultOf(value)).toBe(text);
  });

  it.each([
    ["yes", "True"],
    ["No", "False"],
    ["on", "True"],
    ["OFF", "False"],
    ["true", "True"],
    ["False", "False"],
    ["'yes'", "yes"],
    ["yEs", "yEs"],
  ])("reads %s as %s", (value, text) => {
    expect(defaultOf(value)).toBe(text);
  });

  it.each(["y", "n", "Y", "N"])("reads %s as a letter, unlike YAML 1.1 has it", (value) => {
    expect(defaultOf(value)).toBe(value);
  });

  it.each(["", "~", "null", "NULL", "Null"])("takes %j for no default, which makes the parameter required", (value) => {
    expect(defaultOf(value)).toBeUndefined();
  });

  it.each([
    ["None", "None"],
    ["'null'", "null"],
    ["''", ""],
    ["'1e-3'", "1e-3"],
    ["!!str 1", "1"],
    ["a b # comment", "a b"],
    ['"a\\nb"', "a\nb"],
    ["it's", "it's"],
    ["é", "é"],
  ])("reads the text %s as %j", (value, text) => {
    expect(defaultOf(value)).toBe(text);
  });

  it.each([
    ["[1, 2]", "[1, 2]"],
    ["[]", "[]"],
    ["{}", "{}"],
    ["[[1, 2], [3]]", "[[1, 2], [3]]"],
    ["[a, 'b c', 1e-3, 1.0e-5, yes, null, 010, -0.0]", "['a', 'b c', '1e-3', 1e-05, True, None, 8, -0.0]"],
    [`[it's, 'say "x"']`, `["it's", 'say "x"']`],
    ["{a: 1, b: x}", "{'a': 1, 'b': 'x'}"],
    ["{a: }", "{'a': None}"],
    ["{a}", "{'a': None}"],
  ])("writes the collection %s as Python's repr %s", (value, text) => {
    expect(defaultOf(value)).toBe(text);
  });
});
