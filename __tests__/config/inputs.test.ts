import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  INPUTS,
  type InputName,
  type Inputs,
  notOneOf,
  parseInputs,
  type RawInputs,
  readActionInputs,
  SECRET_INPUTS,
} from "../../src/config/inputs.js";
import { plain } from "../../src/core/sentence.js";
import { DEFAULT_RULE } from "../../src/core/tolerance.js";

const read = (raw: RawInputs): Inputs => {
  const { inputs, problems } = parseInputs(raw);
  expect(problems).toEqual([]);
  return inputs;
};
const complaints = (raw: RawInputs): string[] =>
  parseInputs(raw).problems.map(({ where, sentence }) => `${where}: ${plain(sentence)}`);

describe("parseInputs", () => {
  it("finds nothing given where nothing is", () => {
    const { metrics, parameters, ...others } = read({});
    expect([metrics, parameters.size]).toEqual([[], 0]);
    expect(Object.values(others).filter((value) => value !== undefined)).toEqual([]);
  });

  it("takes an empty text, which is what an absent input of a step is, as not given", () => {
    const names = (Object.keys(INPUTS) as InputName[]).filter((name) => name !== "tracking-uri");
    expect(read(Object.fromEntries(names.map((name) => [name, ""])))).toEqual(read({}));
  });

  it("takes auto as no tracking URI", () => {
    expect(read({ "tracking-uri": "auto" }).trackingUri).toBeUndefined();
    expect(read({ "tracking-uri": " http://x " }).trackingUri).toBe("http://x");
  });

  it.each(["", "  ", "\n"])("refuses the tracking URI %j, most often a secret that a fork does not have", (uri) => {
    expect(complaints({ "tracking-uri": uri })).toEqual([
      expect.stringContaining("tracking-uri: it is given but empty"),
    ]);
  });

  it.each<[InputName, string, keyof Inputs, unknown]>([
    ["config", "ci/gate.yml", "config", "ci/gate.yml"],
    ["project", "wine", "project", "wine"],
    ["experiment", " wine quality ", "experiment", "wine quality"],
    ["baseline-run-id", "0123456789abcdef0123456789abcdef", "baselineRunId", "0123456789abcdef0123456789abcdef"],
    ["on-missing-baseline", "create", "onMissingBaseline", "create"],
    ["tolerance", "exact", "tolerance", { ...DEFAULT_RULE, tolerance: { kind: "exact" } }],
    ["env-manager", "conda", "envManager", "conda"],
    ["timeout-minutes", "1.5", "timeoutMinutes", 1.5],
    ["timeout-minutes", "10080", "timeoutMinutes", 10080],
    ["enforce", "true", "enforce", true],
    ["enforce", "FALSE", "enforce", false],
    ["comment", "on-failure", "comment", "on-failure"],
    ["matrix", '{"os":"linux"}', "matrix", '{"os":"linux"}'],
    ["tracking-username", "me", "trackingUsername", "me"],
    ["tracking-token", " t\n", "trackingToken", "t"],
    ["tracking-password", " with spaces ", "trackingPassword", " with spaces "],
    ["github-token", "ghs_x", "githubToken", "ghs_x"],
  ])("reads %s %j", (name, text, field, value) => {
    expect(read({ [name]: text })[field]).toEqual(value);
  });

  it.each<[InputName, string, string]>([
    ["on-missing-baseline", "crate", "crate is not one of fail, create or allow; did you mean create?"],
    ["on-missing-baseline", "Create", "did you mean create?"],
    ["env-manager", "docker", "docker is not one of auto, uv, local, virtualenv or conda."],
    ["comment", "on_change", "did you mean on-change?"],
    ["enforce", "yes", "yes is not a boolean; expected true or false"],
    ["enforce", "0", "0 is not a boolean"],
    ["enforce", "tRUE", "tRUE is not a boolean"],
    ["timeout-minutes", "0", "0 is not a number of minutes above 0"],
    ["timeout-minutes", "-5", "-5 is not a number of minutes"],
    ["timeout-minutes", "1h", "1h is not a number of minutes"],
    ["timeout-minutes", "10080.5", "at most 10080"],
    ["timeout-minutes", "NaN", "NaN is not a number of minutes"],
    ["tolerance", "1e999", "1e999 is not a rule"],
    ["tolerance", "-1", "-1 is not a rule"],
    [
      "baseline-run-id",
      "5500ff3b12f76aeb500120edfa10d0082c87bad0",
      "has 40 characters and looks like a git commit. Expected 32",
    ],
    ["baseline-run-id", "0123456789ABCDEF0123456789ABCDEF", "is not an MLflow run ID"],
    ["baseline-run-id", "0123", "0123 is not an MLflow run ID"],
    ["baseline-run-id", "../../etc/passwd", "is not an MLflow run ID"],
  ])("refuses %s %j and says what was expected", (name, text, words) => {
    expect(complaints({ [name]: text })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
    expect(complaints({ [name]: text })[0]).toContain(words);
  });

  it("reports all problems together, and the value of none of them is taken", () => {
    const raw = {
      enforce: "yes",
      "timeout-minutes": "x",
      comment: "x",
      tolerance: "x",
      "tracking-uri": "",
      metrics: "x",
    };
    const { inputs, problems } = parseInputs(raw);
    expect(problems.map(({ where }) => where).sort()).toEqual(Object.keys(raw).sort());
    expect(inputs).toMatchObject({ enforce: undefined, timeoutMinutes: undefined, comment: undefined });
  });

  it("never repeats a secret in a problem", () => {
    const secret = "hunter2-hunter2";
    const raw = Object.fromEntries(SECRET_INPUTS.map((name) => [name, secret]));
    expect(complaints({ ...raw, enforce: "yes" }).join()).not.toContain(secret);
  });
});

describe("the metrics input", () => {
  it("reads one rule a line, the last = separating pattern and rule", () => {
    const { metrics } = read({ metrics: "\n  val_* = 1% higher-is-better\r\n\na=b = exact\nloss=abs 0.1\n" });
    expect(metrics).toEqual([
      {
        match: "val_*",
        rule: {
          ...DEFAULT_RULE,
          tolerance: { kind: "band", relative: 0.01, absolute: 0 },
          direction: "higher-is-better",
        },
      },
      { match: "a=b", rule: { ...DEFAULT_RULE, tolerance: { kind: "exact" } } },
      { match: "loss", rule: { ...DEFAULT_RULE, tolerance: { kind: "band", relative: 0, absolute: 0.1 } } },
    ]);
  });

  it.each<[string, string]>([
    ["val_loss 1%", "val_loss 1% is not of the form pattern = rule"],
    ["= 1%", "is not of the form pattern = rule"],
    ["loss =", "it is empty"],
    ["loss = 5%%", "5%% is not a tolerance"],
    ["loss = 1%\nloss = 2%", "loss has two rules"],
  ])("refuses %j: %s", (text, words) => {
    const found = complaints({ metrics: text });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(words);
  });

  it("names the metric whose rule cannot be read", () => {
    expect(complaints({ metrics: "accuracy = 5%%" })[0]).toContain("accuracy");
  });
});

describe("the parameters input", () => {
  it("reads one value a line, everything behind the first = as it is", () => {
    const { parameters } = read({ parameters: "lr=0.1\r\n  note = a=b c \nempty=\n\n__proto__=x\nconstructor=y" });
    expect([...parameters]).toEqual([
      ["lr", "0.1"],
      ["note", " a=b c "],
      ["empty", ""],
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });

  it.each<[string, string]>([
    ["lr 0.1", "lr 0.1 is not of the form name=value"],
    ["=0.1", "=0.1 is not of the form name=value"],
    ["lr=1\nlr=2", "lr has two values"],
  ])("refuses %j: %s", (text, words) => {
    expect(complaints({ parameters: text })).toEqual([expect.stringContaining(words)]);
  });

  it("reads back what was written, line by line", () => {
    const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/);
    const value = fc.string().filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }), (pairs) => {
        const text = pairs.map(([key, its]) => `${key}=${its}`).join("\n");
        expect([...read({ parameters: text }).parameters]).toEqual(pairs);
      }),
    );
  });
});

describe("readActionInputs", () => {
  it("reads INPUT_ variables by upper-cased name, hyphens kept, and keeps empty ones", () => {
    const env = { "INPUT_TRACKING-URI": "", INPUT_ENFORCE: "false", PATH: "/bin", INPUT: "x" };
    expect(readActionInputs(env)).toEqual({ raw: { "tracking-uri": "", enforce: "false" }, unknown: [] });
  });

  it("reads every input that is declared", () => {
    const names = Object.keys(INPUTS);
    const env = Object.fromEntries(names.map((name) => [`INPUT_${name.toUpperCase()}`, name]));
    expect(readActionInputs(env).raw).toEqual(Object.fromEntries(names.map((name) => [name, name])));
  });

  it.each<[string, string, string]>([
    ["INPUT_TRACKING_URI", "tracking_uri", "did you mean tracking-uri?"],
    ["INPUT_TOLERENCE", "tolerence", "did you mean tolerance?"],
    ["INPUT_QQQQ", "qqqq", "there is no such input."],
  ])("reports %s, which the runner would only warn about", (variable, where, words) => {
    const { raw, unknown } = readActionInputs({ [variable]: "x" });
    expect(raw).toEqual({});
    expect(unknown.map((problem) => problem.where)).toEqual([where]);
    expect(plain(unknown[0]?.sentence ?? [])).toContain(words);
  });
});

describe("INPUTS", () => {
  it("name secrets that have to be masked, and no others", () => {
    const declared = Object.entries(INPUTS).filter(([, input]) => "secret" in input);
    expect([...SECRET_INPUTS].sort()).toEqual(declared.map(([name]) => name).sort());
  });

  it("are kebab-case and described in a sentence", () => {
    for (const [name, { description }] of Object.entries(INPUTS)) {
      expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(description).toMatch(/^[A-Z`].*[.`]$/);
    }
  });
});

describe("notOneOf", () => {
  it("lists what is known as people do", () => {
    expect(plain(notOneOf("zzz", ["a", "b", "c"]))).toBe("zzz is not one of a, b or c.");
    expect(plain(notOneOf("zzz", ["only"]))).toBe("zzz is not one of only.");
  });
});
