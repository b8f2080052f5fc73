import { describe, expect, it } from "vitest";
import { type ConfigFile, parseConfigFile } from "../../src/config/config-file.js";
import { parseInputs, type RawInputs } from "../../src/config/inputs.js";
import { type ConfigSources, resolveSettings, type Settings, trackingConfig } from "../../src/config/settings.js";
import { GateError } from "../../src/core/gate-error.js";
import { plain } from "../../src/core/sentence.js";
import { DEFAULT_RULE } from "../../src/core/tolerance.js";

const RUN_A = "a".repeat(32);
const RUN_B = "b".repeat(32);

function file(text: string, path = ".github/repro-gate.yml"): ConfigFile {
  const parsed = parseConfigFile(path, `version: 1\n${text}`);
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

/** Settings from texts of configuration files; without a fork point the head is judged by nobody. */
function settings(
  given: {
    inputs?: RawInputs;
    env?: Readonly<Record<string, string>>;
    head?: string | undefined;
    forkPoint?: string | undefined;
    judged?: boolean;
  } = {},
): Settings {
  const { inputs, problems } = parseInputs(given.inputs ?? {});
  expect(problems).toEqual([]);
  const sources: ConfigSources = {
    head: given.head === undefined ? undefined : file(given.head),
    forkPoint: given.forkPoint === undefined ? undefined : file(given.forkPoint),
    judged: given.judged ?? given.forkPoint !== undefined,
  };
  return resolveSettings(inputs, given.env ?? {}, sources);
}

const notes = (resolved: Settings) => resolved.notes.map(plain);

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof GateError && error.reason === "configuration") return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("resolveSettings", () => {
  it("has a default for everything", () => {
    expect(settings()).toEqual({
      name: undefined,
      path: "",
      experiment: undefined,
      candidateExperiment: undefined,
      entryPoint: "main",
      parameters: new Map(),
      labels: new Map(),
      baselineRunId: undefined,
      branchTag: undefined,
      refuseDirtyBaseline: false,
      onMissingBaseline: undefined,
      commit: "head",
      timeoutMinutes: 60,
      envManager: "auto",
      shareTrackingCredentials: false,
      passEnv: [],
      passHome: false,
      ruler: { default: DEFAULT_RULE, defaultOrigin: "default", rules: [] },
      enforce: true,
      comment: "always",
      notes: [],
    });
  });

  it("takes what the configuration says", () => {
    const head = `enforce: false
comment: never
projects:
  - name: wine
    path: w
    experiment: e
    candidate-experiment: ce
    entry-point: train
    parameters: { a: 1 }
    labels: { l: 2 }
    baseline-run-id: ${RUN_A}
    branch-tag: t
    dirty-baseline: refuse
    on-missing-baseline: allow
    commit: merge
    timeout-minutes: 5
    env-manager: conda
    share-tracking-credentials: true
    pass-env: [HF_TOKEN]
    pass-home: true
`;
    expect(settings({ head })).toMatchObject({
      name: "wine",
      path: "w",
      experiment: "e",
      candidateExperiment: "ce",
      entryPoint: "train",
      parameters: new Map([["a", "1"]]),
      labels: new Map([["l", "2"]]),
      baselineRunId: RUN_A,
      branchTag: "t",
      refuseDirtyBaseline: true,
      onMissingBaseline: "allow",
      commit: "merge",
      timeoutMinutes: 5,
      envManager: "conda",
      shareTrackingCredentials: true,
      passEnv: ["HF_TOKEN"],
      passHome: true,
      enforce: false,
      comment: "never",
      notes: [],
    });
  });

  it("lets inputs win over the configuration, parameters one by one", () => {
    const head = `enforce: true
comment: never
projects:
  - { path: w, experiment: e, parameters: { a: 1, b: 2 }, baseline-run-id: ${RUN_A}, on-missing-baseline: allow, timeout-minutes: 5, env-manager: conda }
`;
    const inputs: RawInputs = {
      experiment: "x",
      parameters: "b=3\nc=4",
      "baseline-run-id": RUN_B,
      "on-missing-baseline": "fail",
      "timeout-minutes": "7",
      "env-manager": "local",
      enforce: "false",
      comment: "always",
    };
    expect(settings({ head, inputs })).toMatchObject({
      experiment: "x",
      parameters: new Map([
        ["a", "1"],
        ["b", "3"],
        ["c", "4"],
      ]),
      baselineRunId: RUN_B,
      onMissingBaseline: "fail",
      timeoutMinutes: 7,
      envManager: "local",
      enforce: false,
      comment: "always",
    });
  });

  it("names each policy value that an input sets, and no other input", () => {
    const inputs: RawInputs = {
      tolerance: "1%",
      metrics: "a = exact",
      "on-missing-baseline": "allow",
      "baseline-run-id": RUN_A,
      enforce: "false",
      experiment: "e",
      comment: "never",
      "env-manager": "uv",
      "timeout-minutes": "5",
      parameters: "a=1",
    };
    expect(notes(settings({ inputs }))).toEqual([
      "Policy set by the workflow's inputs, not by the configuration: tolerance, metrics, on-missing-baseline, baseline-run-id, enforce, experiment.",
    ]);
    expect(notes(settings({ inputs: { comment: "never", parameters: "a=1" } }))).toEqual([]);
  });

  it("finds the experiment in input, configuration, name, ID, in this order", () => {
    const env = { MLFLOW_EXPERIMENT_NAME: "name", MLFLOW_EXPERIMENT_ID: "7" };
    const head = "projects: [{ experiment: configured }]";
    expect(settings({ env, head, inputs: { experiment: "input" } }).experiment).toBe("input");
    expect(settings({ env, head }).experiment).toBe("configured");
    expect(settings({ env }).experiment).toBe("name");
    expect(settings({ env: { ...env, MLFLOW_EXPERIMENT_NAME: "" } }).experiment).toBe("7");
    expect(settings({ env: { MLFLOW_EXPERIMENT_ID: "" } }).experiment).toBeUndefined();
  });

  it("adds the top's variables to the project's, each once", () => {
    const head = "pass-env: [A, B]\nprojects: [{ pass-env: [B, C] }]";
    expect(settings({ head }).passEnv).toEqual(["A", "B", "C"]);
  });

  it.each<[string, string, boolean]>([
    ["the project's own", "pass-home: true\nprojects: [{ pass-home: false }]", false],
    ["the top's", "pass-home: true\nprojects: [{ path: a }]", true],
    ["the default", "projects: [{ path: a }]", false],
  ])("takes pass-home from %s", (_, head, passHome) => {
    expect(settings({ head }).passHome).toBe(passHome);
  });
});

describe("the ruler", () => {
  const head =
    "projects: [{ metrics: { default: { rel: 0.5 }, rules: [{ match: a, rel: 0.1 }, { match: b, rel: 0.2 }] } }]";
  const where = ".github/repro-gate.yml:2";
  const band = (relative: number) => ({ ...DEFAULT_RULE, tolerance: { kind: "band", relative, absolute: 0 } });

  it("is the configured one, each rule with its line", () => {
    expect(settings({ head }).ruler).toEqual({
      default: band(0.5),
      defaultOrigin: "configured default",
      rules: [
        { match: "a", rule: band(0.1), origin: where },
        { match: "b", rule: band(0.2), origin: where },
      ],
    });
  });

  it("takes the tolerance input as default and a metrics line in place of the rule of that pattern", () => {
    expect(settings({ head, inputs: { tolerance: "0.3", metrics: "b = 0.4\nc = 0.6" } }).ruler).toEqual({
      default: band(0.3),
      defaultOrigin: "input tolerance",
      rules: [
        { match: "b", rule: band(0.4), origin: "input metrics" },
        { match: "c", rule: band(0.6), origin: "input metrics" },
        { match: "a", rule: band(0.1), origin: where },
      ],
    });
  });

  it("is the default where nothing is configured", () => {
    expect(settings({ head: "projects: [{ path: a }]" }).ruler).toEqual({
      default: DEFAULT_RULE,
      defaultOrigin: "default",
      rules: [],
    });
  });
});

describe("the ruler belongs to the base", () => {
  const strict = (path: string) => `projects: [{ path: ${path}, metrics: { default: { exact: true } } }]`;
  const loose = (path: string) => `projects: [{ path: ${path}, metrics: { default: { rel: 50% } } }]`;

  it.each<[string, string, string, keyof Settings, unknown]>([
    ["entry point", "{ entry-point: train }", "{ entry-point: fake }", "entryPoint", "train"],
    ["baseline", `{ baseline-run-id: ${RUN_A} }`, `{ baseline-run-id: ${RUN_B} }`, "baselineRunId", RUN_A],
    [
      "missing baselines",
      "{ on-missing-baseline: fail }",
      "{ on-missing-baseline: allow }",
      "onMissingBaseline",
      "fail",
    ],
    ["dirty baselines", "{ dirty-baseline: refuse }", "{ dirty-baseline: warn }", "refuseDirtyBaseline", true],
    ["branch tag", "{ branch-tag: good }", "{ branch-tag: evil }", "branchTag", "good"],
    ["experiment", "{ experiment: good }", "{ experiment: evil }", "experiment", "good"],
    ["credentials", "{ path: . }", "{ share-tracking-credentials: true }", "shareTrackingCredentials", false],
    ["variables", "{ pass-env: [A] }", "{ pass-env: [A, SECRET] }", "passEnv", ["A"]],
    ["home", "{ pass-home: false }", "{ pass-home: true }", "passHome", false],
  ])("for %s", (_, before, now, key, value) => {
    const resolved = settings({ forkPoint: `projects: [${before}]`, head: `projects: [${now}]` });
    expect(resolved[key]).toEqual(value);
    expect(notes(resolved)).toEqual([
      "This change edits the policy in .github/repro-gate.yml: it is judged by the fork point's.",
    ]);
  });

  it("for tolerances", () => {
    expect(settings({ forkPoint: strict("."), head: loose(".") }).ruler.default.tolerance).toEqual({ kind: "exact" });
  });

  it.each<[string, string, string, Partial<Settings>]>([
    ["enforce", "enforce: true", "enforce: false", { enforce: true }],
    ["variables of all projects", "pass-env: [A]", "pass-env: [A, B]", { passEnv: ["A"] }],
    [
      "credentials of all projects",
      "enforce: true",
      "enforce: true\nshare-tracking-credentials: true",
      { shareTrackingCredentials: false },
    ],
  ])("for %s, with a project on both sides", (_, before, now, expected) => {
    const resolved = settings({ forkPoint: `${before}\nprojects: [{}]`, head: `${now}\nprojects: [{}]` });
    expect(resolved).toMatchObject(expected);
    expect(notes(resolved)).toHaveLength(1);
  });

  it("while everything else is the change's own", () => {
    const before =
      "comment: never\nprojects: [{ parameters: { a: 1 }, commit: merge, timeout-minutes: 5, env-manager: conda, labels: { l: x } }]";
    const now =
      "comment: always\nprojects: [{ parameters: { a: 2 }, commit: head, timeout-minutes: 9, env-manager: uv, labels: { l: y } }]";
    const resolved = settings({ forkPoint: before, head: now });
    expect(resolved).toMatchObject({
      comment: "always",
      parameters: new Map([["a", "2"]]),
      labels: new Map([["l", "y"]]),
      commit: "head",
      timeoutMinutes: 9,
      envManager: "uv",
      notes: [],
    });
  });

  it("without a note where only lines moved", () => {
    const text = "projects: [{ metrics: { rules: [{ match: a, rel: 0.1 }] } }]";
    expect(settings({ forkPoint: text, head: `# a comment\n\n${text}` }).notes).toEqual([]);
  });

  it("also when the project was renamed or moved, but not both", () => {
    const before = `projects: [{ name: wine, path: old, metrics: { default: { exact: true } } }]`;
    const moved = settings({ forkPoint: before, head: "projects: [{ name: wine, path: new }]" });
    const renamed = settings({ forkPoint: before, head: "projects: [{ name: vino, path: old }]" });
    expect([moved, renamed].map(({ ruler }) => ruler.default.tolerance.kind)).toEqual(["exact", "exact"]);
    expect(moved).toMatchObject({ path: "new" });
    expect(renamed).toMatchObject({ name: "vino" });
  });

  it("and each of two projects in one folder is judged by its own", () => {
    const both = (second: string) =>
      `projects: [{ name: quick, path: p, metrics: { default: { rel: 50% } } }, { name: full, path: p, metrics: { default: ${second} } }]`;
    const resolved = settings({
      forkPoint: both("{ exact: true }"),
      head: both("{ rel: 40% }"),
      inputs: { project: "full" },
    });
    expect(resolved.ruler.default.tolerance).toEqual({ kind: "exact" });
  });

  it("is the change's own, with a note, where the fork point has no configuration", () => {
    const resolved = settings({ head: loose("."), judged: true });
    expect(resolved.ruler.default.tolerance).toMatchObject({ relative: 0.5 });
    expect(notes(resolved)).toEqual([
      expect.stringMatching(/fork point does not have this project: its policy is this change's own/),
    ]);
  });

  it("opens nothing to the training of a project that the fork point's file does not know", () => {
    const head = "pass-home: true\nprojects: [{ path: new, share-tracking-credentials: true, pass-env: [SECRET] }]";
    const resolved = settings({ forkPoint: strict("old"), head });
    expect(resolved).toMatchObject({ shareTrackingCredentials: false, passEnv: [], passHome: false });
    expect(notes(resolved)).toEqual([expect.stringContaining("its policy is this change's own")]);
  });

  it("stays the base's when the change deletes the configuration", () => {
    const resolved = settings({ forkPoint: `enforce: true\n${strict(".")}` });
    expect(resolved.ruler.default.tolerance.kind).toBe("exact");
    expect(notes(resolved)).toEqual([expect.stringContaining("judged by the fork point's")]);
  });

  it("is not silently the default when the change deletes the configuration of the only project, in a folder", () => {
    const resolved = settings({ forkPoint: strict("examples/wine") });
    expect(resolved.ruler.default.tolerance.kind === "exact" || resolved.notes.length > 0).toBe(true);
  });

  it("needs no note where head and fork point are one commit", () => {
    expect(settings({ forkPoint: strict("."), head: strict("."), judged: false }).notes).toEqual([]);
    expect(settings({ head: strict("."), judged: false }).notes).toEqual([]);
  });

  it("names inputs that win over both", () => {
    const resolved = settings({
      forkPoint: strict("."),
      head: strict("."),
      inputs: { tolerance: "50%", enforce: "false" },
    });
    expect(resolved).toMatchObject({ enforce: false, ruler: { default: { tolerance: { relative: 0.5 } } } });
    expect(notes(resolved)).toEqual([expect.stringMatching(/workflow's inputs.*: tolerance, enforce\./)]);
  });
});

describe("the choice of the project", () => {
  const two = "projects: [{ name: wine, path: examples/wine }, { path: iris }]";

  it.each<[string, string | undefined, string | undefined, string, string | undefined]>([
    ["the root without a configuration", undefined, undefined, "", undefined],
    ["the root of a configuration without projects", "enforce: true", undefined, "", undefined],
    ["the only one", "projects: [{ name: wine, path: w }]", undefined, "w", "wine"],
    ["by name", two, "wine", "examples/wine", "wine"],
    ["by folder", two, "examples/wine", "examples/wine", "wine"],
    ["by folder, however written", two, "./iris/", "iris", undefined],
    ["by name before folder", "projects: [{ path: a }, { name: b, path: c }, { name: x, path: a/b }]", "b", "c", "b"],
    ["a folder that no configuration mentions", undefined, "some/where/", "some/where", undefined],
    ["the root by a dot", undefined, ".", "", undefined],
  ])("is %s", (_, head, wanted, path, name) => {
    const inputs = wanted === undefined ? {} : { project: wanted };
    expect(settings({ head, inputs })).toMatchObject({ path, name });
  });

  it("is refused where it could be several, naming them", () => {
    expect(refusal(() => settings({ head: two }))).toMatch(/has 2 projects, wine, iris\. Name the one/);
    expect(refusal(() => settings({ head: "projects: [{ name: a, path: a }, {}]" }))).toMatch(/a, \.\./);
  });

  it("is refused where the configuration does not have it", () => {
    expect(refusal(() => settings({ head: two, inputs: { project: "vine" } }))).toMatch(
      /vine is no project .* It has wine, iris\./,
    );
  });

  it.each(["../x", "/etc", "a\\b"])("is refused where %s lies outside the repository", (project) => {
    expect(refusal(() => settings({ inputs: { project } }))).toContain("is not a folder inside the repository");
  });
});

describe("trackingConfig", () => {
  const before = file("tracking-uri: https://good\nca-file: good.pem");
  const now = file("tracking-uri: https://evil\nca-file: evil.pem");

  it.each<[string, ConfigSources, string | undefined, string | undefined]>([
    ["the fork point's", { head: now, forkPoint: before, judged: true }, "https://good", "good.pem"],
    [
      "nothing where the fork point's file says nothing",
      { head: now, forkPoint: file(""), judged: true },
      undefined,
      undefined,
    ],
    [
      "the head's where there is no other",
      { head: now, forkPoint: undefined, judged: true },
      "https://evil",
      "evil.pem",
    ],
    ["nothing without a file", { head: undefined, forkPoint: undefined, judged: false }, undefined, undefined],
  ])("is %s", (_, sources, trackingUri, caFile) => {
    expect(trackingConfig(sources)).toEqual({ trackingUri, caFile });
  });
});
