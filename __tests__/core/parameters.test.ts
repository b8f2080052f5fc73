import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { EntryPoint } from "../../src/core/mlproject.js";
import { planParameters, quotesPlaceholder, recordedParameters } from "../../src/core/parameters.js";
import { plain } from "../../src/core/sentence.js";
import { shellQuote } from "../../src/core/shell-word.js";
import { runRecord } from "../support/runs.js";

type Texts = Readonly<Record<string, string>>;

/** An entry point `main`; a parameter without a default is required. */
function entryPoint(defaults: Readonly<Record<string, string | undefined>>, command = "python train.py"): EntryPoint {
  return {
    name: "main",
    command,
    parameters: new Map(
      Object.entries(defaults).map(([name, defaultValue]) => [name, { name, type: "string", defaultValue }]),
    ),
  };
}

function plan(
  declared: EntryPoint,
  given: { recorded?: Texts | undefined; overrides?: Texts; labels?: Texts; forkPoint?: EntryPoint } = {},
) {
  const map = (texts: Texts) => new Map(Object.entries(texts));
  const recorded = "recorded" in given ? given.recorded : {};
  return planParameters(
    declared,
    recorded === undefined ? undefined : map(recorded),
    map(given.overrides ?? {}),
    map(given.labels ?? {}),
    given.forkPoint,
  );
}

describe("recordedParameters", () => {
  const logged = {
    epochs: "10",
    note: "'hello world'",
    name: `'it'"'"'s'`,
    empty: "''",
    raw: "two words",
    twice: `''"'"'x'"'"''`,
  };
  const values = { epochs: "10", note: "hello world", name: "it's", empty: "", raw: "two words", twice: "'x'" };

  it("undoes one level of the quotes that mlflow run adds, and keeps what is no quoted form", () => {
    const run = runRecord({ params: logged, tags: { "mlflow.source.type": "PROJECT" } });
    expect(Object.fromEntries(recordedParameters(run))).toEqual(values);
  });

  it.each<[string, Texts]>([
    ["of a script", { "mlflow.source.type": "LOCAL" }],
    ["of an unknown origin", {}],
    ["of the gate's own, which logs raw", { "mlflow.source.type": "PROJECT", "repro_gate.params_encoding": "raw" }],
  ])("keeps the parameters of a run %s as they are", (_, tags) => {
    expect(Object.fromEntries(recordedParameters(runRecord({ params: logged, tags })))).toEqual(logged);
  });

  it("keeps hostile names", () => {
    const params = new Map([
      ["__proto__", "'a b'"],
      ["constructor", "x"],
      ["", "y"],
    ]);
    const run = runRecord({ params, tags: { "mlflow.source.type": "PROJECT" } });
    expect([...recordedParameters(run)]).toEqual([
      ["__proto__", "a b"],
      ["constructor", "x"],
      ["", "y"],
    ]);
  });
});

describe("the origin of a parameter", () => {
  it.each<[string, Parameters<typeof plan>[1], string, string, string | undefined]>([
    ["the record over the default", { recorded: { lr: "0.1" } }, "0.1", "baseline", undefined],
    [
      "the configuration over the record",
      { recorded: { lr: "0.1" }, overrides: { lr: "0.2" } },
      "0.2",
      "configuration",
      "0.1",
    ],
    [
      "the label over all",
      { recorded: { lr: "0.1" }, overrides: { lr: "0.2" }, labels: { lr: "0.3" } },
      "0.3",
      "label",
      "0.1",
    ],
    ["the default where nothing else is given", { recorded: {} }, "0.5", "default", undefined],
    [
      "the configuration without a record",
      { recorded: undefined, overrides: { lr: "0.2" } },
      "0.2",
      "configuration",
      undefined,
    ],
    [
      "an override that equals the record",
      { recorded: { lr: "0.1" }, overrides: { lr: "0.1" } },
      "0.1",
      "configuration",
      undefined,
    ],
    ["an empty record, which is a value", { recorded: { lr: "" } }, "", "baseline", undefined],
    ["an empty override, which is a value", { recorded: { lr: "1" }, overrides: { lr: "" } }, "", "configuration", "1"],
  ])("takes %s", (_, given, value, origin, recorded) => {
    const { plan: made, problems } = plan(entryPoint({ lr: "0.5" }), given);
    expect(problems).toEqual([]);
    expect(made.parameters).toEqual([{ name: "lr", value, origin, recorded }]);
  });

  it("keeps the MLproject's order and lists recorded parameters that are no longer declared, sorted", () => {
    const { plan: made, problems } = plan(entryPoint({ b: "1", a: "2" }), { recorded: { z: "1", a: "3", c: "4" } });
    expect(made.parameters.map(({ name }) => name)).toEqual(["b", "a"]);
    expect(made.undeclared).toEqual(["c", "z"]);
    expect(problems).toEqual([]);
  });

  it("passes values with =, newlines and 5,000 characters on as they are", () => {
    for (const value of ["a=b=c", "a\nb", "x".repeat(5_000), "[1, 2]", "'x'", "-1", "--flag"]) {
      const { plan: made, problems } = plan(entryPoint({ p: undefined }), { recorded: { p: value } });
      expect(problems).toEqual([]);
      expect(made.parameters).toEqual([{ name: "p", value, origin: "baseline", recorded: undefined }]);
    }
  });
});

describe("a parameter that cannot be planned", () => {
  const only = (made: ReturnType<typeof plan>) => {
    expect(made.problems).toHaveLength(1);
    const [problem] = made.problems;
    return { reason: problem?.reason, text: plain(problem?.sentence ?? []) };
  };

  it("is incompatible when it is required and the record lacks it, naming the likely rename", () => {
    const { reason, text } = only(
      plan(entryPoint({ learning_rate: undefined }), { recorded: { learning_rat: "1", z: "2" } }),
    );
    expect(reason).toBe("parameters-incompatible");
    expect(text).toContain("requires learning_rate");
    expect(text).toContain("The baseline recorded learning_rat, which this commit no longer declares");
  });

  it("names the only parameter that was dropped as the likely rename, however unlike", () => {
    expect(only(plan(entryPoint({ eta: undefined }), { recorded: { lr: "1" } })).text).toContain("recorded lr");
  });

  it("names no rename where none is likely", () => {
    const { reason, text } = only(plan(entryPoint({ eta: undefined }), { recorded: { batch: "1", seed: "2" } }));
    expect(reason).toBe("parameters-incompatible");
    expect(text).toContain("The baseline recorded no parameter of that name.");
  });

  it("is unavailable when it is required and there is no record at all", () => {
    const { reason, text } = only(plan(entryPoint({ lr: undefined }), { recorded: undefined }));
    expect(reason).toBe("parameters-unavailable");
    expect(text).toContain("requires lr, and nothing gives its value");
  });

  it("is left out of the plan, while the others stay in it", () => {
    const { plan: made } = plan(entryPoint({ lr: undefined, seed: "1" }), { recorded: {} });
    expect(made.parameters.map(({ name }) => name)).toEqual(["seed"]);
  });

  it.each<["overrides" | "labels", string, string, string]>([
    ["overrides", "max_depht", "parameters: ", "did you mean max_depth?"],
    ["labels", "zzz", "labels: ", "declares no parameter zzz."],
  ])("is refused among %s when the entry point does not declare it", (where, name, source, words) => {
    const { reason, text } = only(plan(entryPoint({ max_depth: "1" }), { [where]: { [name]: "1" } }));
    expect(reason).toBe("undeclared-override");
    expect(text).toContain(source);
    expect(text).toContain(words);
  });

  it.each([250, 500, 6000])(
    "is unavailable when its record is exactly %d characters long, where MLflow cut values",
    (length) => {
      const value = `${"x".repeat(length - 1)}😀`;
      const declared = entryPoint({ p: "0" });
      expect(only(plan(declared, { recorded: { p: value } })).reason).toBe("parameters-unavailable");
      expect(plan(declared, { recorded: { p: `${value}x` } }).problems).toEqual([]);
      expect(plan(declared, { recorded: {}, overrides: { p: value } }).problems).toEqual([]);
      expect(plan(declared, { recorded: { p: value }, overrides: { p: "given" } }).problems).toEqual([]);
    },
  );

  it.each<[string, string, string]>([
    ["a NUL character", "a\0b", "contains a NUL character"],
    ["70,000 letters", "x".repeat(70_000), "70000 characters long"],
  ])("is unsafe when its value has %s", (_, value, words) => {
    const { reason, text } = only(plan(entryPoint({ p: "0" }), { overrides: { p: value } }));
    expect(reason).toBe("unsafe-value");
    expect(text).toContain(words);
  });

  it("is unsafe when its value has few characters but more bytes than an argument can hold", () => {
    // Linux allows 131,072 bytes for one argument, whatever the characters.
    const value = "€".repeat(50_000);
    expect(only(plan(entryPoint({ p: "0" }), { overrides: { p: value } })).reason).toBe("unsafe-value");
  });

  it("reports all problems together", () => {
    const { problems } = plan(entryPoint({ a: undefined, b: undefined, c: "" }), {
      recorded: {},
      overrides: { d: "1", c: "\0" },
      labels: { e: "1" },
    });
    expect(problems.map(({ reason }) => reason)).toEqual([
      "undeclared-override",
      "undeclared-override",
      "parameters-incompatible",
      "parameters-incompatible",
      "unsafe-value",
    ]);
  });

  it("is not looked for in a default, which is the project's own text", () => {
    expect(plan(entryPoint({ p: "$(id)" }, 'echo "{p}"')).problems).toEqual([]);
  });
});

describe("a value in the shell that MLflow starts", () => {
  // What they print is not what they say, so that printing the value itself proves nothing.
  const COMMAND = "printf INJ%sED ECT";
  const VALUES = [
    `a; ${COMMAND}`,
    `a\n${COMMAND}`,
    `a && ${COMMAND}`,
    `a | ${COMMAND}`,
    `a & ${COMMAND}`,
    `$(${COMMAND})`,
    `\`${COMMAND}\``,
    `a'; ${COMMAND}; '`,
    `a"; ${COMMAND}; "`,
    `a\\'; ${COMMAND}; '`,
    `a)"; ${COMMAND}; "$(`,
  ];

  it.each([
    ["a bare placeholder", "printf '%s' {p}"],
    ["a placeholder in double quotes", "printf '%s' \"{p}\""],
    ["a placeholder in single quotes", "printf '%s' '{p}'"],
    ["a placeholder after an option in single quotes", "printf '%s' '--note={p}'"],
    ["a placeholder in single quotes inside a substitution", "printf '%s' \"$(printf %s '{p}')\""],
  ])("runs no command of its own behind %s, or is refused", (_, command) => {
    const injected = VALUES.filter((value) => {
      if (plan(entryPoint({ p: "0" }, command), { recorded: { p: value } }).problems.length > 0) return false;
      const shell = spawnSync("sh", ["-c", command.replace("{p}", () => shellQuote(value))], { encoding: "utf8" });
      return `${shell.stdout}${shell.stderr}`.includes("INJECTED");
    });
    expect(injected).toEqual([]);
  });

  it("is refused behind a quoted placeholder with a word about the quotes", () => {
    const [problem] = plan(entryPoint({ p: "0" }, 'echo "{p}"'), { recorded: { p: "$(id)" } }).problems;
    expect(problem?.reason).toBe("unsafe-value");
    expect(plain(problem?.sentence ?? [])).toContain("remove the quotes around the placeholder");
  });

  it.each(["0.25", "hello", "a_b-c.d/e", "1e-3"])("%j is harmless in quotes as well", (value) => {
    expect(plan(entryPoint({ p: "0" }, `echo "{p}" '{p}'`), { recorded: { p: value } }).problems).toEqual([]);
  });
});

describe("quotesPlaceholder", () => {
  it.each([
    ["python train.py {p}", false],
    ['python train.py "{p}"', true],
    ["python train.py '{p}'", true],
    ["python train.py --x='a {p}'", true],
    ['echo "a" {p} "b"', false],
    ["echo 'a' {p} 'b'", false],
    [`echo "it's" {p}`, false],
    [`echo 'say "' {p}`, false],
    ['echo "\\" {p}"', true],
    ['echo \\" {p}', false],
    ["echo '\\' {p}", false],
    ["echo '\\' '{p}'", true],
    ['echo {p} "{q}"', false],
    ['echo "{q}"', false],
    ['echo {p} "{p}"', true],
    ['echo "{{p}}"', false],
    ["", false],
  ])("in %s: %s", (command, quoted) => {
    expect(quotesPlaceholder(command, "p")).toBe(quoted);
  });
});

describe("changed defaults", () => {
  const now = entryPoint({ lr: "0.2", depth: "3", added: "1", required: undefined });
  const before = entryPoint({ lr: "0.1", depth: "3", removed: "1", required: "7" });

  it("are those that differ from the fork point's, with a word on whether this execution uses them", () => {
    const { plan: made } = plan(now, { recorded: { required: "7" }, forkPoint: before });
    expect(made.changedDefaults).toEqual([
      { name: "lr", before: "0.1", now: "0.2", used: true },
      { name: "required", before: "7", now: undefined, used: false },
    ]);
  });

  it("are not used where the record has a value", () => {
    const { plan: made } = plan(now, { recorded: { lr: "0.1", required: "7" }, forkPoint: before });
    expect(made.changedDefaults[0]).toEqual({ name: "lr", before: "0.1", now: "0.2", used: false });
  });

  it("are unknown without the fork point's entry point", () => {
    expect(plan(now, { recorded: { required: "7" } }).plan.changedDefaults).toEqual([]);
  });
});
