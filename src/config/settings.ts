import { GateError } from "../core/gate-error.js";
import { list, type Sentence, say } from "../core/sentence.js";
import { DEFAULT_RULE, type MetricRule, type Ruler } from "../core/tolerance.js";
import {
  type ConfigFile,
  DEFAULT_CONFIG_PATH,
  normaliseFolder,
  type Policy,
  type ProjectConfig,
} from "./config-file.js";
import type { CommentMode, EnvManager, Inputs, OnMissingBaseline } from "./inputs.js";

/** What holds for one project in this invocation: inputs, then the environment, then files, then defaults. */
export interface Settings {
  /** Name of the project, undefined until the MLproject names it. */
  readonly name: string | undefined;
  readonly path: string;
  readonly experiment: string | undefined;
  readonly candidateExperiment: string | undefined;
  readonly entryPoint: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  readonly baselineRunId: string | undefined;
  readonly branchTag: string | undefined;
  readonly refuseDirtyBaseline: boolean;
  /** Undefined: `fail` with a tracking server, `create` without. */
  readonly onMissingBaseline: OnMissingBaseline | undefined;
  readonly commit: "head" | "merge";
  readonly timeoutMinutes: number;
  readonly envManager: EnvManager;
  readonly shareTrackingCredentials: boolean;
  readonly passEnv: readonly string[];
  readonly passHome: boolean;
  readonly ruler: Ruler;
  readonly enforce: boolean;
  readonly comment: CommentMode;
  /** What a reviewer should know about where these values came from. */
  readonly notes: readonly Sentence[];
}

/** Both states of the configuration: policy and security come from the fork point, everything else from the head. */
export interface ConfigSources {
  readonly head: ConfigFile | undefined;
  readonly forkPoint: ConfigFile | undefined;
  /** Whether head and fork point are two commits, so that one can judge the other. */
  readonly judged: boolean;
}

/** The configured tracking URI and CA file, which belong to the fork point as security keys do. */
export function trackingConfig(sources: ConfigSources): Pick<ConfigFile, "trackingUri" | "caFile"> {
  const file = sources.forkPoint ?? sources.head;
  return { trackingUri: file?.trackingUri, caFile: file?.caFile };
}

/**
 * Merges everything textual into the settings of one project.
 *
 * @throws GateError `configuration` when the project cannot be told
 */
export function resolveSettings(
  inputs: Inputs,
  env: Readonly<Record<string, string | undefined>>,
  sources: ConfigSources,
): Settings {
  const head = selectProject(sources.head, inputs.project);
  const before = sources.forkPoint?.projects ?? [];
  const forkPoint =
    before.find((entry) => entry.path === head.path && entry.name === head.name) ??
    before.find((entry) => entry.path === head.path) ??
    before.find((entry) => entry.name !== undefined && entry.name === head.name) ??
    // A file that names no project speaks for all of them, with the defaults as their policy.
    (sources.forkPoint !== undefined && before.length === 0 ? EMPTY_PROJECT : undefined);
  const notes: Sentence[] = [];
  if (sources.judged && forkPoint === undefined && (sources.head ?? sources.forkPoint) !== undefined) {
    notes.push(
      say`The configuration at the fork point does not have this project: its policy is this change's own, from ${sources.head?.path ?? DEFAULT_CONFIG_PATH}.`,
    );
  }
  if (sources.judged && forkPoint !== undefined && !samePolicy(forkPoint, head, sources)) {
    notes.push(
      say`This change edits the policy in ${sources.head?.path ?? DEFAULT_CONFIG_PATH}: it is judged by the fork point's.`,
    );
  }
  const fromInputs = (
    [
      ["tolerance", inputs.tolerance],
      ["metrics", inputs.metrics.length > 0 ? inputs.metrics : undefined],
      ["on-missing-baseline", inputs.onMissingBaseline],
      ["baseline-run-id", inputs.baselineRunId],
      ["enforce", inputs.enforce],
      ["experiment", inputs.experiment],
    ] as const
  ).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (fromInputs.length > 0)
    notes.push(say`Policy set by the workflow's inputs, not by the configuration: ${list(fromInputs)}.`);

  const top = sources.forkPoint ?? sources.head;
  const { policy } = forkPoint ?? head;
  // A file at the fork point rules even over a project that it does not know: nothing new is opened to its training.
  const security = sources.forkPoint === undefined ? head.security : (forkPoint ?? EMPTY_PROJECT).security;
  return {
    name: head.name,
    path: head.path,
    experiment:
      inputs.experiment ??
      policy.experiment ??
      nonEmpty(env.MLFLOW_EXPERIMENT_NAME) ??
      nonEmpty(env.MLFLOW_EXPERIMENT_ID),
    candidateExperiment: head.candidateExperiment,
    entryPoint: policy.entryPoint ?? "main",
    parameters: new Map([...head.parameters, ...inputs.parameters]),
    labels: head.labels,
    baselineRunId: inputs.baselineRunId ?? policy.baselineRunId,
    branchTag: policy.branchTag,
    refuseDirtyBaseline: policy.dirtyBaseline === "refuse",
    onMissingBaseline: inputs.onMissingBaseline ?? policy.onMissingBaseline,
    commit: head.commit ?? "head",
    timeoutMinutes: inputs.timeoutMinutes ?? head.timeoutMinutes ?? 60,
    envManager: inputs.envManager ?? head.envManager ?? "auto",
    shareTrackingCredentials: security.shareTrackingCredentials ?? top?.security.shareTrackingCredentials ?? false,
    passEnv: [...new Set([...(top?.security.passEnv ?? []), ...(security.passEnv ?? [])])],
    passHome: security.passHome ?? top?.security.passHome ?? false,
    ruler: resolveRuler(inputs, policy),
    enforce: inputs.enforce ?? top?.enforce ?? true,
    comment: inputs.comment ?? sources.head?.comment ?? "always",
    notes,
  };
}

function resolveRuler(inputs: Inputs, policy: Policy): Ruler {
  const fromInput: MetricRule[] = inputs.metrics.map(({ match, rule }) => ({ match, rule, origin: "input metrics" }));
  const overridden = new Set(fromInput.map(({ match }) => match));
  const fromFile = policy.rules
    .filter(({ match }) => !overridden.has(match))
    .map(({ match, rule, where }) => ({ match, rule, origin: where }));
  const [rule, origin] =
    inputs.tolerance !== undefined
      ? [inputs.tolerance, "input tolerance"]
      : policy.defaultRule !== undefined
        ? [policy.defaultRule, "configured default"]
        : [DEFAULT_RULE, "default"];
  return { default: rule, defaultOrigin: origin, rules: [...fromInput, ...fromFile] };
}

const EMPTY_PROJECT: ProjectConfig = {
  name: undefined,
  path: "",
  candidateExperiment: undefined,
  parameters: new Map(),
  labels: new Map(),
  commit: undefined,
  timeoutMinutes: undefined,
  envManager: undefined,
  policy: {
    entryPoint: undefined,
    onMissingBaseline: undefined,
    dirtyBaseline: undefined,
    baselineRunId: undefined,
    branchTag: undefined,
    experiment: undefined,
    defaultRule: undefined,
    rules: [],
  },
  security: { shareTrackingCredentials: undefined, passEnv: undefined, passHome: undefined },
};

function selectProject(config: ConfigFile | undefined, wanted: string | undefined): ProjectConfig {
  const projects = config?.projects ?? [];
  const folder = wanted === undefined ? undefined : normaliseFolder(wanted);
  if (wanted === undefined) {
    const [only, ...others] = projects;
    if (others.length > 0) {
      throw new GateError(
        "configuration",
        say`${"project"}: the configuration has ${projects.length} projects, ${list(projects.map(nameOf))}. Name the one to gate with the input ${"project"}.`,
      );
    }
    return only ?? EMPTY_PROJECT;
  }
  const found = projects.find((entry) => entry.name === wanted) ?? projects.find((entry) => entry.path === folder);
  if (found !== undefined) return found;
  if (projects.length > 0) {
    throw new GateError(
      "configuration",
      say`${"project"}: ${wanted} is no project of the configuration. It has ${list(projects.map(nameOf))}.`,
    );
  }
  if (folder === undefined) {
    throw new GateError("configuration", say`${"project"}: ${wanted} is not a folder inside the repository.`);
  }
  return { ...EMPTY_PROJECT, path: folder };
}

function nameOf(project: ProjectConfig): string {
  return project.name ?? (project.path === "" ? "." : project.path);
}

function samePolicy(a: ProjectConfig, b: ProjectConfig, sources: ConfigSources): boolean {
  const comparable = (project: ProjectConfig, file: ConfigFile | undefined) =>
    JSON.stringify([
      { ...project.policy, rules: project.policy.rules.map(({ match, rule }) => [match, rule]) },
      project.security,
      file?.security,
      file?.enforce,
      file?.trackingUri,
      file?.caFile,
    ]);
  return comparable(a, sources.forkPoint) === comparable(b, sources.head);
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}
