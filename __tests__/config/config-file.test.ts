import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ConfigFile,
  DEFAULT_CONFIG_PATH,
  normaliseFolder,
  parseConfigFile,
} from "../../src/config/config-file.js";
import { plain } from "../../src/core/sentence.js";
import { DEFAULT_RULE } from "../../src/core/tolerance.js";

const FULL = `version: 1
tracking-uri: https://mlflow.example.com
ca-file: ci/ca.pem
enforce: false
comment: on-change
pass-env: [HF_TOKEN]
projects:
  - name: wine-quality
    path: ./examples/wine-quality/
    experiment: wine
    candidate-experiment: wine-gate
    entry-point: train
    parameters: { max_depth: 2, note: "a b", fast: true }
    labels: { run_origin: repro-gate }
    baseline-run-id: 0123456789abcdef0123456789abcdef
    branch-tag: team.branch
    dirty-baseline: refuse
    on-missing-baseline: create
    commit: merge
    timeout-minutes: 1.5
    env-manager: uv
    share-tracking-credentials: true
    pass-home: false
    metrics:
      default: { rel: 1e-9 }
      rules:
        - { match: "val_*", rel: 1%, direction: higher-is-better }
        - { match: loss, abs: 0.5, rel: 0.001, nan-equal: true }
        - { match: "*_per_second", level: ignore }
        - match: acc
          exact: true
          level: warn
`;

function config(text: string): ConfigFile {
  const result = parseConfigFile("gate.yml", text);
  if ("problems" in result) throw new Error(complaints(text).join("\n"));
  return result.config;
}

function complaints(text: string): string[] {
  const result = parseConfigFile("gate.yml", text);
  return "problems" in result ? result.problems.map(({ where, sentence }) => `${where}: ${plain(sentence)}`) : [];
}

/** A configuration with one project, whose lines are given. */
const oneProject = (...lines: string[]) =>
  `version: 1\nprojects:\n  - path: .\n${lines.map((line) => `    ${line}\n`).join("")}`;
const firstProject = (...lines: string[]) => config(oneProject(...lines)).projects[0];

describe("parseConfigFile", () => {
  it("reads every key", () => {
    const { projects, ...top } = config(FULL);
    expect(top).toEqual({
      path: "gate.yml",
      trackingUri: "https://mlflow.example.com",
      caFile: "ci/ca.pem",
      enforce: false,
      comment: "on-change",
      security: { shareTrackingCredentials: undefined, passEnv: ["HF_TOKEN"], passHome: undefined },
    });
    expect(projects).toHaveLength(1);
    expect(projects[0]).toEqual({
      name: "wine-quality",
      path: "examples/wine-quality",
      candidateExperiment: "wine-gate",
      parameters: new Map([
        ["max_depth", "2"],
        ["note", "a b"],
        ["fast", "true"],
      ]),
      labels: new Map([["run_origin", "repro-gate"]]),
      commit: "merge",
      timeoutMinutes: 1.5,
      envManager: "uv",
      security: { shareTrackingCredentials: true, passEnv: undefined, passHome: false },
      policy: {
        entryPoint: "train",
        onMissingBaseline: "create",
        dirtyBaseline: "refuse",
        baselineRunId: "0123456789abcdef0123456789abcdef",
        branchTag: "team.branch",
        experiment: "wine",
        defaultRule: DEFAULT_RULE,
        rules: [
          {
            match: "val_*",
            where: "gate.yml:27",
            rule: {
              ...DEFAULT_RULE,
              tolerance: { kind: "band", relative: 0.01, absolute: 0 },
              direction: "higher-is-better",
            },
          },
          {
            match: "loss",
            where: "gate.yml:28",
            rule: { ...DEFAULT_RULE, tolerance: { kind: "band", relative: 0.001, absolute: 0.5 }, nanEqual: true },
          },
          { match: "*_per_second", where: "gate.yml:29", rule: { ...DEFAULT_RULE, level: "ignore" } },
          {
            match: "acc",
            where: "gate.yml:30",
            rule: { ...DEFAULT_RULE, tolerance: { kind: "exact" }, level: "warn" },
          },
        ],
      },
    });
  });

  it("needs no more than a version", () => {
    expect(config("version: 1\n")).toMatchObject({ projects: [], trackingUri: undefined, enforce: undefined });
  });

  it("takes the repository's root where no path is given", () => {
    expect(config("version: 1\nprojects: [{}]\n").projects[0]?.path).toBe("");
  });

  it.each<[string, string, string, RegExp]>([
    [
      "a misspelled key",
      "version: 1\nenforced: true",
      "gate.yml:2",
      /there is no key enforced; did you mean enforce\?/,
    ],
    [
      "a misspelled key of a project",
      oneProject("entrypoint: main"),
      "gate.yml:4",
      /no key entrypoint in projects\.0; did you mean entry-point\?/,
    ],
    [
      "a misspelled key of metrics",
      oneProject("metrics:", "  rule: []"),
      "gate.yml:5",
      /no key rule in projects\.0\.metrics; did you mean rules\?/,
    ],
    [
      "a misspelled key of a rule",
      oneProject("metrics:", "  rules:", "    - match: a", "      reel: 1%"),
      "gate.yml:7",
      /no key reel in .*; did you mean rel\?/,
    ],
    [
      "a misspelled key of the default",
      oneProject("metrics: { default: { direcion: both } }"),
      "gate.yml:4",
      /did you mean direction\?/,
    ],
    [
      "a match in the default",
      oneProject("metrics: { default: { match: a } }"),
      "gate.yml:4",
      /no key match in projects\.0\.metrics\.default\./,
    ],
    ["a key that is like none", "version: 1\nqqqqqqq: true", "gate.yml:2", /there is no key qqqqqqq\.$/],
    ["a key of a later capability", oneProject("launcher: [srun]"), "gate.yml:4", /there is no key launcher/],
    ["an input that is no key", "version: 1\ntolerance: 1%", "gate.yml:2", /there is no key tolerance/],
    ["a duplicate key", "version: 1\nenforce: true\nenforce: false", "gate.yml:3", /unique/i],
    ["a tab", "version: 1\nprojects:\n\t- path: a", "gate.yml:3", /tab/i],
    ["no version", "enforce: true", "gate.yml:1", /version: expected 1/],
    ["another version", "version: 2", "gate.yml:1", /version: expected 1/],
    ["a version as text", 'version: "1"', "gate.yml:1", /version: expected 1/],
    ["an empty file", "", "gate.yml:1", /the file: expected object/],
    ["a list", "- version: 1", "gate.yml:1", /the file: expected object/],
    ["a boolean of YAML 1.1", "version: 1\nenforce: yes", "gate.yml:2", /enforce: expected boolean/],
    ["a text for a list", "version: 1\npass-env: HOME", "gate.yml:2", /pass-env: expected array/],
    ["projects as a mapping", "version: 1\nprojects: {path: a}", "gate.yml:2", /projects: expected array/],
    ["no projects in the list", "version: 1\nprojects: []", "gate.yml:2", /projects: .*(?:1|small)/i],
    ["a choice that is none", oneProject("env-manager: docker"), "gate.yml:4", /env-manager: .*"auto"\|"uv"\|"local"/],
    ["a deadline of 0", oneProject("timeout-minutes: 0"), "gate.yml:4", /timeout-minutes: .*>0/],
    ["an endless deadline", oneProject("timeout-minutes: .inf"), "gate.yml:4", /timeout-minutes: /],
    ["a deadline beyond a week", oneProject("timeout-minutes: 10081"), "gate.yml:4", /timeout-minutes: .*10080/],
    ["a variable name with =", "version: 1\npass-env: [A=B]", "gate.yml:2", /pass-env\.0: /],
    ["a parameter that is a list", oneProject("parameters: { a: [1] }"), "gate.yml:4", /parameters\.a: /],
    ["a parameter that is null", oneProject("parameters:", "  a:"), "gate.yml:5", /parameters\.a: /],
    ["an empty match", oneProject("metrics: { rules: [{ match: '', rel: 1% }] }"), "gate.yml:4", /match: /],
    ["exact: false", oneProject("metrics: { default: { exact: false } }"), "gate.yml:4", /exact: expected true/],
    [
      "exact with another tolerance",
      oneProject("metrics:", "  default: { exact: true, abs: 1 }"),
      "gate.yml:5",
      /exact allows nothing/,
    ],
    [
      "two rules for one pattern",
      oneProject("metrics:", "  rules:", "    - { match: a }", "    - { match: a, rel: 1% }"),
      "gate.yml:7",
      /a already has a rule/,
    ],
    [
      "a negative tolerance",
      oneProject("metrics: { default: { rel: -0.1 } }"),
      "gate.yml:4",
      /-0\.1 is not a tolerance/,
    ],
    [
      "a relative tolerance of 1",
      oneProject("metrics: { default: { rel: 1 } }"),
      "gate.yml:4",
      /which nothing can fail/,
    ],
    [
      "an infinite tolerance",
      oneProject("metrics: { default: { abs: .inf } }"),
      "gate.yml:4",
      /abs: expected a number in the metric's own unit/,
    ],
    [
      "a tolerance that is NaN",
      oneProject("metrics: { default: { abs: .nan } }"),
      "gate.yml:4",
      /abs: expected a number in the metric's own unit/,
    ],
    [
      "an absolute tolerance in percent",
      oneProject("metrics: { default: { abs: 1% } }"),
      "gate.yml:4",
      /1% is not an absolute tolerance/,
    ],
    [
      "a run ID that is none",
      oneProject("baseline-run-id: abc"),
      "gate.yml:4",
      /abc is not an MLflow run ID: expected 32/,
    ],
    [
      "a path above the repository",
      oneProject().replace("path: .", "path: ../other"),
      "gate.yml:3",
      /\.\.\/other is not a folder inside the repository/,
    ],
    ["an absolute path", oneProject().replace("path: .", "path: /etc"), "gate.yml:3", /\/etc is not a folder inside/],
  ])("refuses %s and names the line", (_, text, where, words) => {
    const found = complaints(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${where}: `));
    expect(found[0]).toMatch(words);
  });

  it("says what it expected of a tolerance and what it found instead of one", () => {
    expect(complaints(oneProject("metrics: { default: { rel: [1] } }")).join()).toMatch(/rel: expected .*number/i);
    expect(complaints(oneProject("parameters: { a: [1] }")).join()).toMatch(/a: expected .*(?:text|string)/i);
  });

  it("refuses two projects that the report could not tell apart", () => {
    const two = (a: string, b: string) => complaints(`version: 1\nprojects:\n  - ${a}\n  - ${b}\n`);
    expect(two("{ name: wine, path: a }", "{ name: wine, path: b }")).toEqual([
      "gate.yml:4: a project wine is already configured.",
    ]);
    expect(two("{ path: a }", "{ path: a/ }")).toEqual(["gate.yml:4: a project a is already configured."]);
    expect(two("{ name: b, path: a }", "{ path: b }")).toHaveLength(1);
    expect(two("{ path: a }", "{ path: b }")).toEqual([]);
  });

  it("names the root by a dot where two projects lie in it", () => {
    expect(complaints("version: 1\nprojects: [{}, {}]\n").join()).toContain("a project . is already configured");
  });

  it("reports all problems of the schema together", () => {
    const text = oneProject("entrypoint: x", "commit: neither", "timeout-minutes: soon").replace(
      "version: 1",
      "version: 3",
    );
    expect(
      complaints(text)
        .map((problem) => problem.split(": ")[0])
        .sort(),
    ).toEqual(["gate.yml:1", "gate.yml:4", "gate.yml:5", "gate.yml:6"]);
  });

  it("reports all doubtful values together", () => {
    const text = oneProject(
      "baseline-run-id: x",
      "metrics:",
      "  default: { rel: 2, abs: -1 }",
      "  rules: [{ match: a, rel: x }]",
    );
    expect(complaints(text)).toHaveLength(4);
  });

  it("reports an unknown key and a doubtful value together", () => {
    const found = complaints(oneProject("entrypoint: x", "baseline-run-id: abc"));
    expect(found.map((problem) => problem.split(": ")[0])).toEqual(["gate.yml:4", "gate.yml:5"]);
  });

  it("refuses an alias bomb", () => {
    const levels = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(", ")}]`);
    expect(complaints(["version: 1", "a0: &a0 [x]", ...levels].join("\n")).join()).toMatch(/alias/i);
  });

  it("refuses an unknown key that JavaScript gives a meaning", () => {
    expect(complaints("version: 1\n__proto__: { enforce: false }\n").join()).toContain("there is no key __proto__");
    expect(complaints("version: 1\nconstructor: 1\n").join()).toContain("there is no key constructor");
  });
});

describe("parameters and labels", () => {
  it.each([
    ["1.0", "1.0"],
    ["0.50", "0.50"],
    ["1e-5", "1e-5"],
    ["010", "010"],
    ["0x1F", "0x1F"],
    ["12345678901234567890", "12345678901234567890"],
    ["True", "True"],
    ["false", "false"],
    ["yes", "yes"],
    ["'1.0'", "1.0"],
    ["a b", "a b"],
    ["2020-01-01", "2020-01-01"],
    ["''", ""],
  ])("take %s as it is written", (written, text) => {
    const project = firstProject(`parameters: { p: ${written} }`, `labels: { q: ${written} }`);
    expect(project?.parameters.get("p")).toBe(text);
    expect(project?.labels.get("q")).toBe(text);
  });

  it("keep names that JavaScript gives a meaning", () => {
    const project = firstProject("parameters: { __proto__: a, constructor: b, toString: c }");
    expect([...(project?.parameters ?? [])]).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
      ["toString", "c"],
    ]);
  });
});

describe("normaliseFolder", () => {
  it.each<[string, string | undefined]>([
    ["", ""],
    [".", ""],
    ["./", ""],
    ["a", "a"],
    ["./a//b/./c/", "a/b/c"],
    ["a b/é#1", "a b/é#1"],
    ["..a/b..", "..a/b.."],
    ["..", undefined],
    ["a/../b", undefined],
    ["a/..", undefined],
    ["/a", undefined],
    ["C:/a", undefined],
    ["c:a", undefined],
    ["./C:/a", undefined],
    ["a\\b", undefined],
    ["a\0b", undefined],
  ])("makes %j of %j", (path, folder) => {
    expect(normaliseFolder(path)).toBe(folder);
  });

  it("never leads outside, and changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", ".", "/", "\\", ":", " ") }), (path) => {
        const folder = normaliseFolder(path);
        if (folder === undefined) return;
        expect(folder.split("/")).not.toContain("..");
        expect(folder.startsWith("/")).toBe(false);
        expect(normaliseFolder(folder)).toBe(folder);
      }),
    );
  });
});

describe("DEFAULT_CONFIG_PATH", () => {
  it("lies where GitHub's own configuration lies", () => {
    expect(DEFAULT_CONFIG_PATH).toBe(".github/repro-gate.yml");
  });
});
