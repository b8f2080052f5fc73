import { nearMiss } from "../core/near-miss.js";
import { say } from "../core/sentence.js";
import type { Rule } from "../core/tolerance.js";
import { type Problem, Problems } from "./problems.js";
import { parseDecimal, parseRuleText } from "./rule-text.js";

export const ON_MISSING_BASELINE = ["fail", "create", "allow"] as const;
export type OnMissingBaseline = (typeof ON_MISSING_BASELINE)[number];

export const COMMENT_MODES = ["always", "on-change", "on-failure", "never"] as const;
export type CommentMode = (typeof COMMENT_MODES)[number];

export const ENV_MANAGERS = ["auto", "uv", "local", "virtualenv", "conda"] as const;
export type EnvManager = (typeof ENV_MANAGERS)[number];

interface InputDefinition {
  /** One line for action.yml, the README's table and `--help`. */
  readonly description: string;
  /** The value in action.yml, where an absent input must not look like an empty one. */
  readonly default?: string;
  readonly secret?: true;
}

/** Every input of the step, which is also every flag of `check`: action.yml and the README are generated from it. */
export const INPUTS = {
  config: {
    description: "Path of the configuration file in the repository. Default: `.github/repro-gate.yml`, if it exists.",
  },
  project: {
    description:
      "Name or folder of the MLflow project, where the configuration names several or there is none. Default: the only one configured, else the repository's root.",
  },
  "tracking-uri": {
    description:
      "MLflow tracking server. `auto` is `MLFLOW_TRACKING_URI`, else an embedded server that lives as long as the job. Given but empty is an error.",
    default: "auto",
  },
  "tracking-username": { description: "User for the tracking server. Default: `MLFLOW_TRACKING_USERNAME`." },
  "tracking-password": {
    description: "Password for the tracking server. Default: `MLFLOW_TRACKING_PASSWORD`.",
    secret: true,
  },
  "tracking-token": {
    description: "Bearer token for the tracking server. Default: `MLFLOW_TRACKING_TOKEN`.",
    secret: true,
  },
  experiment: {
    description:
      "Experiment that holds the baseline, by name or ID. Default: `MLFLOW_EXPERIMENT_NAME` or `_ID`, else the MLproject's name and `Default`.",
  },
  "baseline-run-id": {
    description: "MLflow run that must be obtained again. Default: the record linked to the branch.",
  },
  "on-missing-baseline": {
    description:
      "What to do without a baseline: `fail`, `create` one from the fork point now, or `allow`. Default: `fail` with a tracking server, `create` without.",
  },
  tolerance: {
    description: "Default rule of comparison, such as `exact`, `rel 1e-6`, `abs 0.01` or `1%`. Default: `rel 1e-9`.",
  },
  metrics: { description: "Rules by metric, one a line: `pattern = rule`, such as `val_* = 1% higher-is-better`." },
  parameters: { description: "Parameters that override the baseline's, one a line: `name=value`." },
  "env-manager": {
    description:
      "How the project's environment is made: `auto`, `uv`, `local`, `virtualenv` or `conda`. Default: `auto`.",
  },
  "timeout-minutes": { description: "Deadline of one execution in minutes, decimals allowed. Default: `60`." },
  enforce: { description: "`false` reports only: the job succeeds whatever the outcome. Default: `true`." },
  comment: {
    description:
      "When to comment on the pull request: `always`, `on-change`, `on-failure` or `never`. Default: `always`.",
  },
  "github-token": {
    description: "Token for the comment and for reading history. Needs `contents: read` and `pull-requests: write`.",
    default: "${{ github.token }}",
    secret: true,
  },
  matrix: {
    description: "Tells the legs of a matrix apart, so that each has its own comment.",
    default: "${{ toJSON(matrix) }}",
  },
} as const satisfies Record<string, InputDefinition>;

export type InputName = keyof typeof INPUTS;
export type RawInputs = Partial<Record<InputName, string>>;

/** The inputs as typed values; undefined where nothing was given. */
export interface Inputs {
  readonly config: string | undefined;
  readonly project: string | undefined;
  readonly trackingUri: string | undefined;
  readonly trackingUsername: string | undefined;
  readonly trackingPassword: string | undefined;
  readonly trackingToken: string | undefined;
  readonly experiment: string | undefined;
  readonly baselineRunId: string | undefined;
  readonly onMissingBaseline: OnMissingBaseline | undefined;
  readonly tolerance: Rule | undefined;
  readonly metrics: readonly { readonly match: string; readonly rule: Rule }[];
  readonly parameters: ReadonlyMap<string, string>;
  readonly envManager: EnvManager | undefined;
  readonly timeoutMinutes: number | undefined;
  readonly enforce: boolean | undefined;
  readonly comment: CommentMode | undefined;
  readonly githubToken: string | undefined;
  readonly matrix: string | undefined;
}

/** Names of the inputs that carry secrets, for masking. */
export const SECRET_INPUTS: readonly InputName[] = ["tracking-password", "tracking-token", "github-token"];

/**
 * Parses the texts of inputs or flags. An empty text is an input that was not given, except `tracking-uri`, where it
 * most often is a secret that a fork does not have.
 */
export function parseInputs(raw: RawInputs): { readonly inputs: Inputs; readonly problems: readonly Problem[] } {
  const problems = new Problems();
  const text = (name: InputName) => {
    const value = raw[name]?.trim();
    return value === undefined || value === "" ? undefined : value;
  };
  const oneOf = <T extends string>(name: InputName, values: readonly T[]): T | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const known = values.find((candidate) => candidate === value);
    if (known === undefined) problems.add(name, notOneOf(value, values));
    return known;
  };

  if (raw["tracking-uri"] !== undefined && text("tracking-uri") === undefined) {
    problems.add(
      "tracking-uri",
      say`it is given but empty, most often because a secret is missing here (pull requests of forks get none). Expected an MLflow tracking URI, or ${"auto"} for ${"MLFLOW_TRACKING_URI"} or an embedded server. Remove the input or set the secret.`,
    );
  }
  const tolerance = text("tolerance");
  const parsedTolerance = tolerance === undefined ? undefined : parseRuleText(tolerance);
  if (parsedTolerance !== undefined && "error" in parsedTolerance) problems.add("tolerance", parsedTolerance.error);

  const trackingUri = text("tracking-uri");
  const inputs: Inputs = {
    config: text("config"),
    project: text("project"),
    trackingUri: trackingUri === "auto" ? undefined : trackingUri,
    trackingUsername: text("tracking-username"),
    trackingPassword: raw["tracking-password"] === "" ? undefined : raw["tracking-password"],
    trackingToken: text("tracking-token"),
    experiment: text("experiment"),
    baselineRunId: parseRunId(text("baseline-run-id"), "baseline-run-id", problems),
    onMissingBaseline: oneOf("on-missing-baseline", ON_MISSING_BASELINE),
    tolerance: parsedTolerance !== undefined && "value" in parsedTolerance ? parsedTolerance.value : undefined,
    metrics: parseMetricLines(raw.metrics, problems),
    parameters: parseParameterLines(raw.parameters, problems),
    envManager: oneOf("env-manager", ENV_MANAGERS),
    timeoutMinutes: parseMinutes(text("timeout-minutes"), "timeout-minutes", problems),
    enforce: parseBoolean(text("enforce"), "enforce", problems),
    comment: oneOf("comment", COMMENT_MODES),
    githubToken: text("github-token"),
    matrix: text("matrix"),
  };
  return { inputs, problems: problems.found };
}

/** An MLflow run ID: 32 hexadecimal digits. */
export function parseRunId(value: string | undefined, where: string, problems: Problems): string | undefined {
  if (value === undefined || /^[0-9a-f]{32}$/.test(value)) return value;
  const commit = /^[0-9a-f]{40}$/.test(value);
  problems.add(
    where,
    say`${value} ${commit ? ["has 40 characters and looks like a git commit"] : ["is not an MLflow run ID"]}. Expected 32 hexadecimal digits: copy the ID from the run's page in MLflow.`,
  );
  return undefined;
}

/** A deadline in minutes: above 0 and at most a week. */
export function parseMinutes(value: string | undefined, where: string, problems: Problems): number | undefined {
  if (value === undefined) return undefined;
  const minutes = parseDecimal(value);
  if (minutes !== undefined && minutes > 0 && minutes <= 10_080) return minutes;
  problems.add(where, say`${value} is not a number of minutes above 0 and at most 10080, such as ${"60"} or ${"1.5"}.`);
  return undefined;
}

/** A boolean of YAML 1.2's core schema; anything else is an error, since "yes" must not mean false. */
function parseBoolean(value: string | undefined, where: string, problems: Problems): boolean | undefined {
  if (value === undefined) return undefined;
  if (/^(?:true|True|TRUE)$/.test(value)) return true;
  if (/^(?:false|False|FALSE)$/.test(value)) return false;
  problems.add(where, say`${value} is not a boolean; expected ${"true"} or ${"false"}.`);
  return undefined;
}

export function notOneOf(value: string, values: readonly string[]) {
  const near = nearMiss(value, values);
  const expected = values.flatMap((name, index) => [
    index === 0 ? "" : index === values.length - 1 ? " or " : ", ",
    { code: name },
  ]);
  return say`${value} is not one of ${expected}${near === undefined ? say`.` : say`; did you mean ${near}?`}`;
}

function parseMetricLines(text: string | undefined, problems: Problems) {
  const rules: { match: string; rule: Rule }[] = [];
  for (const line of lines(text)) {
    const at = line.lastIndexOf("=");
    const match = line.slice(0, at).trim();
    if (at < 0 || match === "") {
      problems.add("metrics", say`${line} is not of the form ${"pattern = rule"}, such as ${"val_* = 1%"}.`);
      continue;
    }
    const parsed = parseRuleText(line.slice(at + 1).trim());
    if ("error" in parsed) problems.add("metrics", say`${match}: ${parsed.error}`);
    else if (rules.some((rule) => rule.match === match)) problems.add("metrics", say`${match} has two rules.`);
    else rules.push({ match, rule: parsed.value });
  }
  return rules;
}

function parseParameterLines(text: string | undefined, problems: Problems): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const line of lines(text)) {
    const at = line.indexOf("=");
    const name = line.slice(0, at).trim();
    if (at < 0 || name === "") {
      problems.add("parameters", say`${line} is not of the form ${"name=value"}.`);
    } else if (parameters.has(name)) {
      problems.add("parameters", say`${name} has two values.`);
    } else {
      parameters.set(name, line.slice(at + 1));
    }
  }
  return parameters;
}

function lines(text: string | undefined): string[] {
  return (text ?? "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => line.trimStart());
}

/**
 * Reads the inputs of a step from its environment: `INPUT_` and the upper-cased name, hyphens kept. A name that is
 * no input but nearly one is a problem, since the runner only warns about it in the log.
 */
export function readActionInputs(env: Readonly<Record<string, string | undefined>>): {
  readonly raw: RawInputs;
  readonly unknown: readonly Problem[];
} {
  const raw: RawInputs = {};
  const names = Object.keys(INPUTS) as InputName[];
  for (const name of names) {
    const value = env[`INPUT_${name.toUpperCase()}`];
    if (value !== undefined) raw[name] = value;
  }
  const unknown = Object.keys(env)
    .filter((key) => key.startsWith("INPUT_"))
    .map((key) => key.slice("INPUT_".length).toLowerCase())
    .filter((name) => !names.some((known) => known === name))
    .map((name) => {
      const near = nearMiss(name, names);
      return {
        where: name,
        sentence: say`there is no such input${near === undefined ? say`.` : say`; did you mean ${near}?`}`,
      };
    });
  return { raw, unknown };
}
