import { describe, expect, it } from "vitest";
import { isMlflow, normaliseName, parseRequirements } from "../../src/doctor/requirements.js";

describe("parseRequirements", () => {
  it.each<[string, string, boolean]>([
    ["mlflow==3.17.2", "mlflow", true],
    ["scikit_Learn == 1.9.1", "scikit-learn", true],
    ["torch===2.4.0+cu121", "torch", true],
    ["pandas (==3.1.1)", "pandas", true],
    ["mlflow[extras]==3.17.2 ; python_version >= '3.10'", "mlflow", true],
    ["numpy==2.4.6 --hash=sha256:abc", "numpy", true],
    ["numpy==2.4.6, != 2.4.5", "numpy", true],
    ["pandas", "pandas", false],
    ["pandas>=2", "pandas", false],
    ["pandas~=2.1.0", "pandas", false],
    ["pandas==2.*", "pandas", false],
    ["pandas ; python_version == '3.11'", "pandas", false],
    ["own @ https://example.com/own-1.0-py3-none-any.whl", "own", true],
    ["own @ git+https://example.com/own.git@main", "own", false],
    ["own @ git+https://example.com/own.git@0123456789012345678901234567890123456789", "own", true],
  ])("reads %s", (line, name, pinned) => {
    expect(parseRequirements(line)).toMatchObject([{ kind: "package", name, pinned }]);
  });

  it.each<[string, boolean]>([
    [".", true],
    ["-e .", true],
    ["--editable=./library", true],
    ["./wheels/own-1.0-py3-none-any.whl", true],
    ["git+https://example.com/own.git", false],
    ["-e git+https://example.com/own.git@v1", false],
    ["https://example.com/own.tar.gz#sha256=abc", true],
    ["https://example.com/archive/main.zip", false],
  ])("reads the source %s", (line, pinned) => {
    expect(parseRequirements(line)).toMatchObject([{ kind: "source", pinned }]);
  });

  it.each<[string, string, boolean]>([
    ["-r requirements.txt", "requirements.txt", false],
    ["-rrequirements.txt", "requirements.txt", false],
    ["--requirement=more/all.txt", "more/all.txt", false],
    ["-c constraints.txt", "constraints.txt", true],
    ["--constraint constraints.txt", "constraints.txt", true],
  ])("follows %s", (line, path, constraint) => {
    expect(parseRequirements(line)).toEqual([{ kind: "file", path, constraint }]);
  });

  it("leaves out comments, options and empty lines, and joins continued ones", () => {
    const text = "# all\n\n--index-url https://example.com\nnumpy==2.4.6 \\\n  --hash=sha256:abc\r\npandas # newest\n";
    expect(parseRequirements(text)).toMatchObject([
      { name: "numpy", pinned: true },
      { name: "pandas", pinned: false },
    ]);
  });
});

describe("isMlflow", () => {
  it.each([
    ["mlflow", true],
    ["MLflow_Skinny", true],
    ["mlflow-tracing", false],
  ])("%s: %s", (name, expected) => {
    expect(isMlflow(normaliseName(name))).toBe(expected);
  });
});
