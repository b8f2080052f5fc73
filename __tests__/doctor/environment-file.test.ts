import { describe, expect, it } from "vitest";
import { plain } from "../../src/core/sentence.js";
import { parseCondaEnvironment, parsePythonEnvironment } from "../../src/doctor/environment-file.js";

function complaints(parsed: ReturnType<typeof parsePythonEnvironment>): string[] {
  return "problems" in parsed ? parsed.problems.map(({ where, sentence }) => `${where}: ${plain(sentence)}`) : [];
}

describe("parsePythonEnvironment", () => {
  it("reads the Python and both lists of dependencies", () => {
    const text =
      'python: "3.11"\nbuild_dependencies: [pip==25.1]\ndependencies:\n  - mlflow==3.17.2\n  - -r more.txt\n';
    expect(parsePythonEnvironment("p.yaml", text)).toMatchObject({
      python: "3.11",
      requirements: [{ name: "pip" }, { name: "mlflow" }, { kind: "file", path: "more.txt" }],
    });
  });

  it("takes absent and null values as nothing", () => {
    expect(parsePythonEnvironment("p.yaml", "python:\ndependencies:\n")).toEqual({
      python: undefined,
      requirements: [],
    });
  });

  it("takes a version of three parts, which YAML reads as text, without quotes", () => {
    expect(parsePythonEnvironment("p.yaml", "python: 3.11.7\n")).toMatchObject({ python: "3.11.7" });
  });

  it.each<[string, string, RegExp]>([
    ["a Python without quotes", "dependencies: []\npython: 3.10\n", /^p\.yaml:2: .*quotes: python: "3\.10"/],
    ["an unknown key", "pyhton: '3.11'\n", /^p\.yaml:1: there is no key pyhton/],
    ["dependencies that are no list", "dependencies: mlflow\n", /^p\.yaml:1: dependencies is not a list/],
    ["a dependency that is a mapping", "dependencies:\n  - mlflow\n  - {pip: x}\n", /^p\.yaml:3: an item of/],
    ["a list", "- mlflow\n", /not a mapping/],
    ["no YAML", "python: '3\n", /^p\.yaml:/],
  ])("refuses %s", (_, text, expected) => {
    const found = complaints(parsePythonEnvironment("p.yaml", text));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });
});

describe("parseCondaEnvironment", () => {
  it("tells pinned packages of conda and pip from loose ones", () => {
    const text = `dependencies:
  - python=3.11
  - pip
  - numpy=2.4.6
  - conda-forge::pandas==3.1.1
  - scipy=1.17
  - blas=1.0=mkl
  - xgboost>=2
  - pip:
      - mlflow==3.17.2
      - scikit-learn
`;
    const parsed = parseCondaEnvironment("conda.yaml", text);
    expect(parsed).toMatchObject({ python: "3.11" });
    const loose =
      "requirements" in parsed ? parsed.requirements.filter((item) => "pinned" in item && !item.pinned) : [];
    expect(loose).toMatchObject([{ name: "scipy" }, { name: "xgboost" }, { name: "scikit-learn" }]);
    expect("requirements" in parsed && parsed.requirements.length).toBe(7);
  });

  it("wants a list of dependencies", () => {
    expect(complaints(parseCondaEnvironment("conda.yaml", "name: x\n"))).toEqual([
      "conda.yaml: it has no list of dependencies.",
    ]);
  });
});
