import { z } from "zod";
import { isForbiddenVariable } from "../core/environment-names.js";
import { nearMiss } from "../core/near-miss.js";
import { plain, type Sentence, say } from "../core/sentence.js";
import { DEFAULT_RULE, DIRECTIONS, LEVELS, type Rule } from "../core/tolerance.js";
import { COMMENT_MODES, ENV_MANAGERS, ON_MISSING_BASELINE } from "./inputs.js";
import { type Problem, Problems } from "./problems.js";
import { parseAbsolute, parseRelative, toTolerance } from "./rule-text.js";
import { parseYaml, type YamlFile, type YamlNode } from "./yaml.js";

export const DEFAULT_CONFIG_PATH = ".github/repro-gate.yml";

/** A tolerance as a number or as text, checked like the text of an input. */
const bound = (parse: typeof parseRelative, expected: string) =>
  z.union([z.number(), z.string()], { error: expected }).superRefine((value, context) => {
    const parsed = parse(String(value));
    if ("error" in parsed) context.addIssue({ code: "custom", message: plain(parsed.error) });
  });
const relativeBound = bound(parseRelative, "expected a number below 1 or a percentage such as 1%");
const absoluteBound = bound(parseAbsolute, "expected a number in the metric's own unit");
const ruleShape = {
  exact: z.literal(true).optional().meta({ description: "The same double on both sides." }),
  rel: relativeBound
    .optional()
    .meta({ description: "Relative tolerance: a number below 1, or a percentage such as 1%." }),
  abs: absoluteBound
    .optional()
    .meta({ description: "Absolute tolerance in the metric's own unit. With rel, the wider one counts." }),
  direction: z.enum(DIRECTIONS).optional().meta({ description: "On which side a deviation counts. Default: both." }),
  level: z.enum(LEVELS).optional().meta({ description: "fail gates, warn is shown, ignore is listed. Default: fail." }),
  "nan-equal": z
    .boolean()
    .optional()
    .meta({ description: "Whether NaN on both sides counts as equal. Default: false." }),
};
const metricRule = z.strictObject({
  match: z.string().min(1).meta({ description: "A metric's name, or a glob in which * stands for any text." }),
  ...ruleShape,
});

/** Parameters and labels are text in the end; YAML's numbers and booleans are taken as they are written. */
const values = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()], { error: "expected text, a number or a boolean" }),
);

const security = {
  "share-tracking-credentials": z
    .boolean()
    .optional()
    .meta({ description: "Whether the training gets the tracking server's credentials. Default: false." }),
  "pass-env": z
    .array(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
        .refine((name) => !isForbiddenVariable(name), "this variable never reaches a training"),
    )
    .optional()
    .meta({ description: "Environment variables that the training needs, by name." }),
  "pass-home": z.boolean().optional().meta({ description: "Whether the training sees the real HOME. Default: false." }),
};

const project = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: "Name of the project's section in the report. Default: the MLproject's name." }),
  path: z.string().optional().meta({ description: "Folder of the MLproject in the repository. Default: its root." }),
  experiment: z.string().min(1).optional().meta({ description: "Experiment that holds the baseline, by name or ID." }),
  "candidate-experiment": z
    .string()
    .min(1)
    .optional()
    .meta({ description: "Experiment for the re-executed run. Default: the baseline's." }),
  "entry-point": z.string().min(1).optional().meta({ description: "Entry point of the MLproject. Default: main." }),
  parameters: values.optional().meta({ description: "Parameters that override the baseline's." }),
  labels: values
    .optional()
    .meta({ description: "Parameters that only label a run: they may differ from the baseline without counting." }),
  "baseline-run-id": z
    .string()
    .superRefine((value, context) => {
      if (/^[0-9a-f]{32}$/.test(value)) return;
      const message = `${value} is not an MLflow run ID: expected 32 hexadecimal digits, as on the run's page in MLflow`;
      context.addIssue({ code: "custom", message });
    })
    .optional()
    .meta({ description: "MLflow run that must be obtained again." }),
  "branch-tag": z
    .string()
    .min(1)
    .optional()
    .meta({ description: "Tag that names the branch of a run, besides MLflow's own." }),
  "dirty-baseline": z
    .enum(["warn", "refuse"])
    .optional()
    .meta({ description: "What to do with a baseline recorded from a dirty tree. Default: warn." }),
  "on-missing-baseline": z.enum(ON_MISSING_BASELINE).optional().meta({ description: "What to do without a baseline." }),
  commit: z
    .enum(["head", "merge"])
    .optional()
    .meta({ description: "Which commit of a pull request is executed. Default: head." }),
  "timeout-minutes": z
    .number()
    .positive()
    .max(10_080)
    .optional()
    .meta({ description: "Deadline of one execution. Default: 60." }),
  "env-manager": z
    .enum(ENV_MANAGERS)
    .optional()
    .meta({ description: "How the project's environment is made. Default: auto." }),
  metrics: z
    .strictObject({
      default: z
        .strictObject(ruleShape)
        .optional()
        .meta({ description: "Rule of every metric that no other rule names." }),
      rules: z.array(metricRule).optional(),
    })
    .optional(),
  ...security,
});

/** The configuration file; the published JSON schema is generated from it. */
export const configSchema = z
  .strictObject({
    version: z.literal(1),
    "tracking-uri": z
      .string()
      .min(1)
      .optional()
      .meta({ description: "MLflow tracking server; auto is MLFLOW_TRACKING_URI, else an embedded server." }),
    "ca-file": z
      .string()
      .min(1)
      .optional()
      .meta({ description: "PEM file of a private certificate authority, added to the system's." }),
    enforce: z.boolean().optional().meta({ description: "false reports only. Default: true." }),
    comment: z
      .enum(COMMENT_MODES)
      .optional()
      .meta({ description: "When to comment on the pull request. Default: always." }),
    ...security,
    projects: z.array(project).min(1).optional().meta({ description: "The MLflow projects of the repository." }),
  })
  .meta({ title: "Configuration of the MLflow Reproducibility Gate" });

type ParsedProject = z.infer<typeof project>;

/** Keys that judge a pull request: they count as the fork point has them, not as the pull request would like them. */
export interface Policy {
  readonly entryPoint: string | undefined;
  readonly onMissingBaseline: (typeof ON_MISSING_BASELINE)[number] | undefined;
  readonly dirtyBaseline: "warn" | "refuse" | undefined;
  readonly baselineRunId: string | undefined;
  readonly branchTag: string | undefined;
  readonly experiment: string | undefined;
  readonly defaultRule: Rule | undefined;
  readonly rules: readonly { readonly match: string; readonly rule: Rule; readonly where: string }[];
}

/** Keys that open something to the training; base only for the same reason. */
export interface Security {
  readonly shareTrackingCredentials: boolean | undefined;
  readonly passEnv: readonly string[] | undefined;
  readonly passHome: boolean | undefined;
}

export interface ProjectConfig {
  readonly name: string | undefined;
  /** Folder relative to the repository, "" for its root. */
  readonly path: string;
  readonly candidateExperiment: string | undefined;
  readonly parameters: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  readonly commit: "head" | "merge" | undefined;
  readonly timeoutMinutes: number | undefined;
  readonly envManager: (typeof ENV_MANAGERS)[number] | undefined;
  readonly policy: Policy;
  readonly security: Security;
}

export interface ConfigFile {
  readonly path: string;
  readonly trackingUri: string | undefined;
  readonly caFile: string | undefined;
  readonly enforce: boolean | undefined;
  readonly comment: (typeof COMMENT_MODES)[number] | undefined;
  readonly security: Security;
  readonly projects: readonly ProjectConfig[];
}

/** Parses the configuration file strictly: every unknown key, wrong type or doubtful value is named with its line. */
export function parseConfigFile(
  path: string,
  text: string,
): { readonly config: ConfigFile } | { readonly problems: readonly Problem[] } {
  const parsed = parseYaml(path, text);
  if ("problems" in parsed) return parsed;
  const { yaml } = parsed;
  const checked = configSchema.safeParse(yaml.value);
  const problems = new Problems();
  if (!checked.success) {
    for (const issue of checked.error.issues) describeIssue(issue, yaml, problems);
    return { problems: problems.found.sort(byLine) };
  }
  const { data } = checked;
  const config: ConfigFile = {
    path,
    trackingUri: data["tracking-uri"],
    caFile: data["ca-file"],
    enforce: data.enforce,
    comment: data.comment,
    security: toSecurity(data),
    projects: (data.projects ?? []).map((entry, index) => toProject(entry, ["projects", index], yaml, problems)),
  };
  const names = config.projects.map((entry) => entry.name ?? (entry.path || "."));
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index)
      problems.add(yaml.where(["projects", index]), say`a project ${name} is already configured.`);
  });
  return problems.found.length > 0 ? { problems: problems.found } : { config };
}

function toSecurity(data: Pick<ParsedProject, keyof typeof security>): Security {
  return {
    shareTrackingCredentials: data["share-tracking-credentials"],
    passEnv: data["pass-env"],
    passHome: data["pass-home"],
  };
}

function toProject(data: ParsedProject, at: readonly PropertyKey[], yaml: YamlFile, problems: Problems): ProjectConfig {
  const path = normaliseFolder(data.path ?? "");
  if (path === undefined) {
    problems.add(yaml.where([...at, "path"]), say`${data.path ?? ""} is not a folder inside the repository.`);
  }
  const rules = (data.metrics?.rules ?? []).map((entry, index) => {
    const where = yaml.where([...at, "metrics", "rules", index]);
    return { match: entry.match, rule: toRule(entry, where, problems), where };
  });
  rules.forEach(({ match, where }, index) => {
    if (rules.findIndex((other) => other.match === match) !== index)
      problems.add(where, say`${match} already has a rule.`);
  });
  return {
    name: data.name,
    path: path ?? "",
    candidateExperiment: data["candidate-experiment"],
    parameters: textsAt(yaml.root, [...at, "parameters"]),
    labels: textsAt(yaml.root, [...at, "labels"]),
    commit: data.commit,
    timeoutMinutes: data["timeout-minutes"],
    envManager: data["env-manager"],
    policy: {
      entryPoint: data["entry-point"],
      onMissingBaseline: data["on-missing-baseline"],
      dirtyBaseline: data["dirty-baseline"],
      baselineRunId: data["baseline-run-id"],
      branchTag: data["branch-tag"],
      experiment: data.experiment,
      defaultRule:
        data.metrics?.default === undefined
          ? undefined
          : toRule(data.metrics.default, yaml.where([...at, "metrics", "default"]), problems),
      rules,
    },
    security: toSecurity(data),
  };
}

function toRule(data: Omit<z.infer<typeof metricRule>, "match">, where: string, problems: Problems): Rule {
  // Checked by the schema already: what does not parse never gets here.
  const value = (text: number | string | undefined, parse: typeof parseRelative) => {
    const parsed = text === undefined ? undefined : parse(String(text));
    return parsed !== undefined && "value" in parsed ? parsed.value : undefined;
  };
  if (data.exact === true && (data.rel !== undefined || data.abs !== undefined)) {
    problems.add(where, say`${"exact"} allows nothing, so it cannot be combined with ${"rel"} or ${"abs"}.`);
  }
  return {
    tolerance: toTolerance(data.exact === true, value(data.rel, parseRelative), value(data.abs, parseAbsolute)),
    direction: data.direction ?? DEFAULT_RULE.direction,
    level: data.level ?? DEFAULT_RULE.level,
    nanEqual: data["nan-equal"] ?? DEFAULT_RULE.nanEqual,
  };
}

/** The values of a mapping as they are written: 0.50 stays 0.50, and no name is special. */
function textsAt(root: YamlNode, path: readonly PropertyKey[]): Map<string, string> {
  let node: YamlNode | undefined = root;
  for (const key of path) {
    if (node?.kind === "map") node = node.entries.get(String(key));
    else node = node?.kind === "list" ? node.items[Number(key)] : undefined;
  }
  if (node?.kind !== "map") return new Map();
  return new Map(
    [...node.entries].flatMap(([name, value]) => (value.kind === "scalar" ? [[name, value.text] as const] : [])),
  );
}

/** A folder of the repository without leading "./" and trailing "/", or undefined when it leads outside. */
export function normaliseFolder(path: string): string | undefined {
  if (path.startsWith("/") || /[\\\0]/.test(path)) return undefined;
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") || /^[A-Za-z]:/.test(parts[0] ?? "") ? undefined : parts.join("/");
}

function describeIssue(issue: z.core.$ZodIssue, yaml: YamlFile, problems: Problems): void {
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) {
      const near = nearMiss(key, knownKeys(issue.path));
      problems.add(
        yaml.where([...issue.path, key]),
        say`there is no key ${key}${issue.path.length === 0 ? [] : say` in ${issue.path.join(".")}`}${near === undefined ? say`.` : say`; did you mean ${near}?`}`,
      );
    }
    return;
  }
  const key = issue.path.length === 0 ? "the file" : issue.path.join(".");
  const expected: Sentence =
    issue.code === "invalid_type"
      ? say`expected ${issue.expected}.`
      : say`${issue.message.replace(/^Invalid input: /, "")}.`;
  problems.add(yaml.where(issue.path), say`${key}: ${expected}`);
}

/** The order in which they stand in the file. */
function byLine(a: Problem, b: Problem): number {
  const line = ({ where }: Problem) => Number(where.slice(where.lastIndexOf(":") + 1));
  return line(a) - line(b);
}

/** The keys that the schema knows at a path of the document. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  const last = path.filter((key) => typeof key === "string").at(-1);
  if (last === undefined) return Object.keys(configSchema.shape);
  if (last === "projects") return Object.keys(project.shape);
  if (last === "metrics") return ["default", "rules"];
  return last === "rules" ? Object.keys(metricRule.shape) : Object.keys(ruleShape);
}
