import { posix } from "node:path";
import { MLFLOW_VERSION } from "../adapters/mlflow/toolchain/pins.js";
import type { EnvManager } from "../config/inputs.js";
import type { ProjectEnvironment } from "../core/mlproject.js";
import { list, say } from "../core/sentence.js";
import type { ProjectAtDesk } from "./check-project.js";
import { type Checkout, describeUnseen } from "./checkout.js";
import { parseCondaEnvironment, parsePythonEnvironment } from "./environment-file.js";
import type { Findings } from "./finding.js";
import { isMlflow, parseRequirements, type Requirement } from "./requirements.js";

/** Requirements files inside requirements files deeper than this are somebody's mistake. */
const DEEPEST = 8;

/** The environment manager that the gate will use. */
export function environmentManager(wanted: EnvManager, environment: ProjectEnvironment): Exclude<EnvManager, "auto"> {
  return wanted === "auto" ? (environment.kind === "conda" ? "conda" : "uv") : wanted;
}

/** Whether the environment can be made at all, holds MLflow, and would be the same tomorrow. */
export async function checkEnvironment(checkout: Checkout, at: ProjectAtDesk, findings: Findings): Promise<void> {
  const { environment } = at.project;
  if (environment.kind === "docker") return;
  const manager = environmentManager(at.settings.envManager, environment);
  if (environment.kind === "conda" && (manager === "uv" || manager === "virtualenv")) {
    findings.problem(
      say`The project declares ${"conda_env"}, which ${`env-manager: ${manager}`} cannot make.`,
      say`Use ${"env-manager: conda"}.`,
    );
  }
  if (environment.kind === "python" && manager === "conda") {
    findings.problem(
      say`The project declares ${"python_env"}, which ${"env-manager: conda"} cannot make.`,
      say`Use ${"env-manager: uv"}.`,
    );
  }
  if (manager === "local") {
    findings.warning(
      say`${"env-manager: local"} takes the libraries that happen to be on the machine: a difference in them looks like a difference in the code.`,
      say`Use ${"env-manager: uv"}, which makes the environment that the project declares.`,
    );
    return;
  }
  const lock = posix.join(at.path, "uv.lock");
  const locked = manager === "uv" && at.names.includes("uv.lock") ? await checkout.readText(lock) : undefined;
  if (environment.kind === "none") {
    if (locked === undefined) {
      findings.problem(
        say`The project declares no environment: MLflow makes an empty one, in which ${"import mlflow"} fails.`,
        say`Declare ${"python_env: python_env.yaml"} in the MLproject, and in that file a Python and pinned ${"dependencies"}.`,
      );
      return;
    }
  } else if (!(await checkFile(checkout, at, environment, locked !== undefined, findings))) return;
  if (locked !== undefined) await checkLock(checkout, lock, locked, findings);
}

/** Reads the declared file; false when there is nothing more to say about the environment. */
async function checkFile(
  checkout: Checkout,
  at: ProjectAtDesk,
  environment: Extract<ProjectEnvironment, { kind: "python" | "conda" }>,
  locked: boolean,
  findings: Findings,
): Promise<boolean> {
  const file = posix.join(at.path, environment.file);
  const content = await checkout.readText(file);
  const unseen = describeUnseen(await checkout.held(file));
  if (unseen !== undefined || content === undefined) {
    findings.problem(
      say`The MLproject declares the environment ${file}, which ${unseen ?? say`cannot be read`}.`,
      say`Commit the file, or put right ${`${environment.kind}_env`} in the MLproject.`,
    );
  }
  if (content === undefined) return false;
  const parse = environment.kind === "python" ? parsePythonEnvironment : parseCondaEnvironment;
  const parsed = parse(file, content);
  if ("problems" in parsed) {
    for (const { where, sentence } of parsed.problems) findings.problem(say`${where}: ${sentence}`);
    return false;
  }
  if (parsed.python === undefined) {
    findings.warning(
      say`${file} names no Python: the one that happens to run MLflow decides.`,
      environment.kind === "python" ? say`Add ${'python: "3.11"'}, in quotes.` : say`Add ${"python=3.11"}.`,
    );
  }
  // With a lock file uv takes every version from there.
  if (locked) return true;
  const resolved = await resolveRequirements(checkout, at.path, parsed.requirements, findings);
  reportRequirements(file, resolved, findings);
  if (findings.well) {
    const python = parsed.python === undefined ? [] : say`Python ${parsed.python} and `;
    findings.ok(say`${file}: ${python}${resolved.packages.length} requirements, each pinned exactly.`);
  }
  return true;
}

interface Resolved {
  readonly packages: readonly Extract<Requirement, { kind: "package" }>[];
  readonly sources: readonly Extract<Requirement, { kind: "source" }>[];
  /** Whether a file that would tell more could not be read. */
  readonly incomplete: boolean;
}

/** Follows `-r` and `-c`; what a constraint pins is pinned. Files in the environment file start at the project. */
async function resolveRequirements(
  checkout: Checkout,
  folder: string,
  requirements: readonly Requirement[],
  findings: Findings,
): Promise<Resolved> {
  const packages: Extract<Requirement, { kind: "package" }>[] = [];
  const sources: Extract<Requirement, { kind: "source" }>[] = [];
  const constrained = new Set<string>();
  const seen = new Set<string>();
  let incomplete = false;
  const visit = async (found: readonly Requirement[], from: string, constraint: boolean, depth: number) => {
    for (const requirement of found) {
      if (requirement.kind === "package" && constraint) {
        if (requirement.pinned) constrained.add(requirement.name);
      } else if (requirement.kind === "package") packages.push(requirement);
      else if (requirement.kind === "source") sources.push(requirement);
      else {
        const remote = /^[a-z]+:\/\//i.test(requirement.path);
        const path = posix.join(from, requirement.path);
        if (seen.has(path) || depth > DEEPEST) continue;
        seen.add(path);
        const unseen = remote ? undefined : describeUnseen(await checkout.held(path));
        if (unseen !== undefined) {
          findings.problem(
            say`The environment includes ${path}, which ${unseen}.`,
            say`Commit the file, or put right the line that names it.`,
          );
        }
        const content = remote ? undefined : await checkout.readText(path);
        if (content === undefined) incomplete = true;
        else {
          const inside = requirement.constraint || constraint;
          await visit(parseRequirements(content), posix.dirname(path), inside, depth + 1);
        }
      }
    }
  };
  await visit(requirements, folder, false, 0);
  const pinned = packages.map((item) => ({ ...item, pinned: item.pinned || constrained.has(item.name) }));
  return { packages: pinned, sources, incomplete };
}

function reportRequirements(file: string, { packages, sources, incomplete }: Resolved, findings: Findings): void {
  if (!packages.some(({ name }) => isMlflow(name))) {
    const message = say`${file} does not name ${"mlflow"}: the training imports the MLflow of its own environment, not the gate's.`;
    const advice = say`Add ${`mlflow-skinny==${MLFLOW_VERSION}`} or the ${"mlflow"} that you use, pinned.`;
    // A package of one's own, or a file that could not be read, may bring it along.
    if (sources.length > 0 || incomplete) findings.warning(message, advice);
    else findings.problem(message, advice);
  }
  const loose = [...packages, ...sources].filter(({ pinned }) => !pinned).map(({ text }) => text);
  if (loose.length > 0) {
    findings.warning(
      say`${file} does not pin ${list(loose)}: a new release changes the metrics without a change of the code.`,
      say`Pin exact versions (${"scikit-learn==1.9.1"}), those of their dependencies as well: ${"uv pip compile"} writes them.`,
    );
  }
}

/** With `uv.lock` MLflow restores exactly what it holds, instead of the declared dependencies. */
async function checkLock(checkout: Checkout, lock: string, content: string, findings: Findings): Promise<void> {
  const project = posix.join(posix.dirname(lock), "pyproject.toml");
  for (const path of [lock, project]) {
    const unseen = describeUnseen(await checkout.held(path));
    if (unseen !== undefined)
      findings.problem(say`${path} ${unseen}.`, say`Commit ${"uv.lock"} and ${"pyproject.toml"} together.`);
  }
  const names = [...content.matchAll(/^name = "([^"]+)"$/gm)].map((match) => match[1] ?? "");
  if (!names.some(isMlflow)) {
    findings.problem(
      say`${lock} does not hold ${"mlflow"}: the training imports the MLflow of its own environment, not the gate's.`,
      say`Add it with ${"uv add mlflow-skinny"}.`,
    );
  }
  if (findings.well) findings.ok(say`${lock} holds exact versions of ${names.length} packages.`);
}
