import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import { z } from "zod";
import { MLFLOW_VERSION, OLDEST_PYTHON, OLDEST_WITH_UV } from "../../src/adapters/mlflow/toolchain/pins.js";
import { COMMANDS } from "../../src/cli/commands.js";
import { configSchema, DEFAULT_CONFIG_PATH, parseConfigFile } from "../../src/config/config-file.js";
import { INPUTS } from "../../src/config/inputs.js";
import { parseMlProject } from "../../src/config/mlproject.js";
import { parseRuleText } from "../../src/config/rule-text.js";
import { compareMetrics, type MetricState } from "../../src/core/comparison.js";
import { exitStatus, OUTCOMES, REASONS } from "../../src/core/outcome.js";
import { planParameters } from "../../src/core/parameters.js";
import { BUILT_IN_RULES, DEFAULT_RULE, looksLikeWallClock, renderRule } from "../../src/core/tolerance.js";
import { OUTPUTS } from "../../src/report/outputs.js";
import { reportSchema } from "../../src/report/report.js";
import { VERSION } from "../../src/version.js";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const exists = (path: string) => existsSync(new URL(path, root));

const readme = read("README.md");
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  ...readdirSync(new URL("docs/", root))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** The fenced blocks of a document in one language. */
function blocks(document: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm");
  return [...read(document).matchAll(fence)].map(([, body]) => body ?? "");
}

/** What stands under a heading, up to the next one of its level or above. */
function section(text: string, heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 1;
  const rest = text.slice(text.indexOf(`\n${heading}\n`) + heading.length + 2);
  const end = new RegExp(`^#{1,${level}} `, "m").exec(rest);
  return end === null ? rest : rest.slice(0, end.index);
}

/** Cells of the rows of every table in a text, without code marks. */
function tableRows(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.slice(1, -1).split(/(?<!\\)\|/))
    .map((cells) => cells.map((cell) => cell.trim()));
}

describe("action.yml", () => {
  const action = parse(read("action.yml"), { uniqueKeys: true, strict: true });

  it("has only keys that GitHub knows", () => {
    expect(Object.keys(action).sort()).toEqual([
      "author",
      "branding",
      "description",
      "inputs",
      "name",
      "outputs",
      "runs",
    ]);
  });

  it("declares exactly the inputs that the code reads, with their descriptions and defaults", () => {
    const expected = Object.entries(INPUTS).map(([name, definition]) => [
      name,
      {
        description: definition.description,
        required: false,
        ...("default" in definition ? { default: definition.default } : {}),
      },
    ]);
    expect(Object.entries(action.inputs)).toEqual(expected);
  });

  it("declares exactly the outputs that the code writes", () => {
    const expected = Object.entries(OUTPUTS).map(([name, description]) => [name, { description }]);
    expect(Object.entries(action.outputs)).toEqual(expected);
  });

  it("runs under Node 24 from bundles that exist", () => {
    expect(action.runs).toEqual({
      using: "node24",
      main: "dist/main/index.js",
      post: "dist/post/index.js",
      "post-if": "always()",
    });
    expect(exists(action.runs.main) && exists(action.runs.post)).toBe(true);
  });

  it("has a branding that GitHub offers", () => {
    // All colours of GitHub's list, and those of its icons that suit a gate.
    const colours = ["white", "black", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark"];
    const icons = ["activity", "award", "check", "check-circle", "check-square", "git-commit", "git-merge"].concat([
      ...["git-pull-request", "refresh-cw", "repeat", "rotate-cw", "shield", "target"],
    ]);
    expect(colours).toContain(action.branding.color);
    expect(icons).toContain(action.branding.icon);
  });
});

describe("generated parts", () => {
  const between = (name: string) =>
    readme.slice(
      readme.indexOf(`<!-- begin ${name} -->`) + `<!-- begin ${name} -->\n`.length,
      readme.indexOf(`<!-- end ${name} -->`),
    );
  const cell = (text: string) => text.replaceAll("|", "\\|");

  it("the README's table of inputs is that of the code", () => {
    const rows = Object.entries(INPUTS).map(([name, { description }]) => `| \`${name}\` | ${cell(description)} |`);
    expect(between("inputs")).toBe(["| Input | Meaning |", "|---|---|", ...rows, ""].join("\n"));
  });

  it("the README's table of outputs is that of the code", () => {
    const rows = Object.entries(OUTPUTS).map(([name, description]) => `| \`${name}\` | ${cell(description)} |`);
    expect(between("outputs")).toBe(["| Output | Meaning |", "|---|---|", ...rows, ""].join("\n"));
  });

  it.each([
    ["schema/repro-gate.schema.json", configSchema],
    ["schema/report.schema.json", reportSchema],
  ])("%s is that of the code", (path, schema) => {
    expect(JSON.parse(read(path))).toEqual(
      JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: "input", target: "draft-7" }))),
    );
  });
});

describe("the README on outcomes", () => {
  const rows = tableRows(section(readme, "## Outcomes, and what to do"));

  it.each(OUTCOMES)("says what %s means and how the job ends", (outcome) => {
    const row = rows.find(
      (cells) => cells[0] === `\`${outcome}\`` && cells.length === 4 && /^\d$/.test(cells[3] ?? ""),
    );
    expect(row?.slice(2)).toEqual([exitStatus(outcome) === 0 ? "success" : "failure", String(exitStatus(outcome))]);
  });

  it("has a row with a remedy for every reason, and none for a reason that does not exist", () => {
    const documented = rows
      .filter(([, reason]) => /^`[a-z-]+`$/.test(reason ?? ""))
      .map(([outcome, reason, ...rest]) => {
        expect(rest.every((cell) => cell !== "")).toBe(true);
        return `${outcome} ${reason}`;
      });
    const expected = Object.entries(REASONS).flatMap(([outcome, reasons]) =>
      reasons.map((reason) => `\`${outcome}\` \`${reason}\``),
    );
    expect(documented.sort()).toEqual(expected.sort());
  });
});

describe("the README on the configuration file", () => {
  const snippet = blocks("README.md", "yaml").find((text) => /^version: 1/m.test(text)) ?? "";

  it("shows every key that exists, and no other", () => {
    expect(keysOf(parse(snippet))).toEqual(keysOfSchema(z.toJSONSchema(configSchema, { io: "input" })));
  });

  it("lists every key of the base, so that the rest is the head's", () => {
    const text = section(readme, "### The ruler belongs to the base");
    const project = parse(snippet).projects[0];
    const ofTheHead = ["name", "path", "parameters", "labels", "commit", "env-manager", "timeout-minutes"].concat([
      "candidate-experiment",
    ]);
    const ofTheBase = [...Object.keys(parse(snippet)), ...Object.keys(project)].filter(
      (key) => !["version", "projects", "comment", ...ofTheHead].includes(key),
    );
    for (const key of ofTheBase) expect(text).toContain(`\`${key}\``);
    for (const key of ofTheHead) expect(text).not.toContain(`\`${key}\``);
  });
});

describe("snippets", () => {
  const snippets = DOCUMENTS.flatMap((document) => blocks(document, "yaml").map((text) => [document, text] as const));

  it.each(snippets)("%s: a YAML snippet parses", (_, text) => {
    const { errors, warnings } = parseDocument(text, { uniqueKeys: true, strict: true });
    expect([...errors, ...warnings]).toEqual([]);
  });

  const configurations = snippets.filter(([, text]) => /^version: 1/m.test(text));
  it.each([...configurations, [DEFAULT_CONFIG_PATH, read(DEFAULT_CONFIG_PATH)] as const])(
    "%s: a configuration is valid",
    (document, text) => {
      expect(parseConfigFile(document, text)).not.toHaveProperty("problems");
    },
  );

  it("give the action only inputs that it has", () => {
    const given = blocks("README.md", "yaml").flatMap((text) =>
      [...text.matchAll(/uses: OWNER\/mlflow-repro-gate@v1\n {8}with:\n((?: {10}.*\n)*)/g)].flatMap(([, lines]) =>
        Object.keys(parse(lines ?? "")),
      ),
    );
    expect(given.length).toBeGreaterThan(4);
    expect(given.filter((name) => !(name in INPUTS))).toEqual([]);
  });
});

it("our own configuration names a project whose entry point gets all its parameters", () => {
  const parsed = parseConfigFile(DEFAULT_CONFIG_PATH, read(DEFAULT_CONFIG_PATH));
  if (!("config" in parsed)) throw new Error("the configuration is wrong");
  for (const { path, parameters, labels, policy } of parsed.config.projects) {
    const project = parseMlProject("MLproject", read(`${path}/MLproject`), readdirSync(new URL(path, root)));
    if (!("project" in project)) throw new Error("the MLproject is wrong");
    const entryPoint = project.project.entryPoints.get(policy.entryPoint ?? "main");
    if (entryPoint === undefined) throw new Error("there is no such entry point");
    expect(planParameters(entryPoint, undefined, parameters, labels, undefined).problems).toEqual([]);
  }
});

describe("links", () => {
  const links = DOCUMENTS.flatMap((document) =>
    [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => [document, target ?? ""] as const),
  ).filter(([, target]) => !/^https?:/.test(target));

  it.each(links)("%s → %s leads somewhere", (document, target) => {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? document : new URL(path, new URL(document, "file:///")).pathname.slice(1);
    // The pictures are taken of a finished product: until the first one is there, none is missed.
    if (file.startsWith("docs/images/") && !exists("docs/images")) return;
    expect(exists(file)).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(read(file))).toContain(anchor);
  });

  it("the README shows two pictures, each with words for those who cannot see it", () => {
    const pictures = [...readme.matchAll(/!\[([^\]]*)\]\((docs\/images\/[^)]+)\)/g)];
    expect(pictures.map(([, , path]) => path)).toEqual(["docs/images/reproduced.png", "docs/images/diverged.png"]);
    for (const [, words = ""] of pictures) expect(words.length).toBeGreaterThan(30);
  });
});

describe("the command line", () => {
  const text = section(readme, "## Command line");

  it("every command is in the README", () => {
    const documented = tableRows(text).map(([name]) => name);
    expect(documented).toEqual(["Command", ...Object.keys(COMMANDS).map((name) => `\`${name}\``)]);
  });

  it("every flag of check that is no input is in the README", () => {
    const flags = Object.keys(COMMANDS.check.flags).filter((name) => !(name in INPUTS));
    expect(flags.length).toBeGreaterThan(3);
    for (const flag of flags) expect(text).toContain(`\`--${flag}`);
  });

  it("every input that is no flag of check is named as such", () => {
    const without = Object.keys(INPUTS).filter((name) => !(name in COMMANDS.check.flags));
    const exception = /inputs of the action as flags \(except ([^)]*)\)/.exec(text.replaceAll(/\s+/g, " "))?.[1] ?? "";
    expect([...exception.matchAll(/`([^`]+)`/g)].map(([, name]) => name).sort()).toEqual(without.sort());
  });
});

describe("the tolerance page", () => {
  const page = read("docs/tolerance.md");

  it("names exactly the rules that are built in", () => {
    const listed = tableRows(section(page, "## Which rule decides")).flatMap(([, names = ""]) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    expect(["system/*", ...listed].sort()).toEqual(BUILT_IN_RULES.map(({ match }) => match).sort());
  });

  it("names as an example one that only looks like a time and is not built in", () => {
    expect(page).toContain("`waiting_time`");
    expect(looksLikeWallClock("waiting_time")).toBe(true);
    expect(BUILT_IN_RULES.map(({ match }) => match)).not.toContain("waiting_time");
  });

  it("shows rules as text that are rules", () => {
    const lines = section(page, "## Writing a rule").split("```")[1]?.trim().split("\n") ?? [];
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(parseRuleText(line)).toHaveProperty("value");
    expect(renderRule(DEFAULT_RULE)).toBe("rel 1e-9");
  });

  it.each<[string, number, number, MetricState]>([
    ["rel 1e-9", 0.627104, 0.6271040005, "within"],
    ["rel 1e-9", 0.627104, 0.6271040007, "outside"],
    ["1%", 0.8, 0.7921, "within"],
    ["1%", 0.8, 0.792, "outside"],
    ["1%", 0.8, 0.7919, "outside"],
    ["1%", 0.8, 0.808, "within"],
    ["1%", 0.8, 0.80808, "within"],
    ["1%", 0.8, 0.8081, "outside"],
    ["abs 0.01", 0.8, 0.809, "within"],
    ["abs 0.01", 0.8, 0.81, "outside"],
    ["abs 0.01", 0.8, 0.811, "outside"],
    ["rel 1%, abs 0.05", 0.8, 0.84, "within"],
    ["rel 1%, abs 0.05", 10, 10.09, "within"],
    ["rel 1%, abs 0.05", 10, 10.12, "outside"],
    ["rel 1e-9", 0, 1e-300, "outside"],
    ["exact", 0.3, 0.1 + 0.2, "outside"],
    ["exact", 0, -0, "within"],
    ["1% higher-is-better", 0.8, 0.95, "within"],
    ["1% higher-is-better", 0.8, 0.791, "outside"],
    ["abs 5", Number.NaN, Number.NaN, "not-finite"],
    ["abs 5", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, "within"],
    ["abs 5", Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, "not-finite"],
    ["1% higher-is-better", 0.8, Number.POSITIVE_INFINITY, "not-finite"],
  ])("is right that under %s %d → %d is %s", (text, baseline, candidate, state) => {
    const parsed = parseRuleText(text);
    if (!("value" in parsed)) throw new Error(`${text} is no rule`);
    const ruler = { default: parsed.value, defaultOrigin: "example", rules: [] };
    const { metrics } = compareMetrics(new Map([["m", baseline]]), new Map([["m", candidate]]), ruler);
    expect(metrics[0]?.state).toBe(state);
  });
});

describe("versions", () => {
  const manifest = JSON.parse(read("package.json"));

  it("the program's is the package's, and the changelog has it", () => {
    expect(VERSION).toBe(manifest.version);
    expect(read("CHANGELOG.md")).toContain(`\n## ${VERSION}`);
  });

  it("every dependency is pinned to one version", () => {
    const groups = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies];
    const pins = groups.flatMap((group: Record<string, string>) => Object.entries(group));
    expect(pins.length).toBeGreaterThan(10);
    expect(pins.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it("the README names those that the code wants", () => {
    expect(readme).toContain(`Python ≥ ${OLDEST_PYTHON.join(".")}`);
    expect(readme).toContain(`MLflow (${OLDEST_WITH_UV.join(".")} or newer)`);
    expect(readme).toContain(`| MLflow ${MLFLOW_VERSION} |`);
    expect(readme).toContain(`Node ≥ ${manifest.engines.node.replace(">=", "")}`);
  });
});

it("the demo that the README promises is in the committed bundle", () => {
  expect(statSync(new URL("dist/cli/index.js", root)).size).toBeGreaterThan(0);
  expect(readme).toContain("node dist/cli/index.js demo");
});

/** Every key of a document, as a path without the indices of lists. */
function keysOf(value: unknown, free: readonly string[] = ["parameters", "labels"]): string[] {
  const paths = new Set<string>();
  const walk = (node: unknown, path: string) => {
    if (Array.isArray(node)) for (const item of node) walk(item, path);
    else if (node !== null && typeof node === "object") {
      for (const [key, child] of Object.entries(node)) {
        paths.add(`${path}${key}`);
        if (!free.includes(key)) walk(child, `${path}${key}.`);
      }
    }
  };
  walk(value, "");
  return [...paths].sort(byText);
}

/** The same of a JSON schema; security keys may stand at the top and in a project, and one place suffices. */
function keysOfSchema(schema: unknown): string[] {
  const paths = new Set<string>();
  const walk = (node: unknown, path: string) => {
    if (node === null || typeof node !== "object") return;
    const { properties, items } = node as { properties?: Record<string, unknown>; items?: unknown };
    walk(items, path);
    for (const [key, child] of Object.entries(properties ?? {})) {
      paths.add(`${path}${key}`);
      walk(child, `${path}${key}.`);
    }
  };
  walk(schema, "");
  const twice = [...paths].filter((path) => paths.has(path.replace("projects.", "")) && path.startsWith("projects."));
  // A rule's keys are shown where they matter most; the default rule takes the same ones.
  const ofDefault = [...paths].filter((path) => /\.default\.(?!rel$)/.test(path));
  return [...paths].filter((path) => !twice.includes(path) && !ofDefault.includes(path)).sort(byText);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** The anchors that GitHub makes of a document's headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
