import { stat } from "node:fs/promises";
import { posix } from "node:path";
import type { DeclaredParameter } from "../core/mlproject.js";
import { say } from "../core/sentence.js";
import type { ProjectAtDesk } from "./check-project.js";
import { type Checkout, describeUnseen, type Held } from "./checkout.js";
import type { Findings } from "./finding.js";

/** As MLflow and the gate tell an address from a path. */
const ADDRESS = /^[A-Za-z][A-Za-z0-9+.-]*:\//;

/** Whether the files that the training is given will be in a fresh clone of the commit. */
export async function checkData(checkout: Checkout, at: ProjectAtDesk, findings: Findings): Promise<void> {
  const { entryPoint, settings } = at;
  if (entryPoint === undefined) return;
  for (const parameter of entryPoint.parameters.values()) {
    const { name, defaultValue } = parameter;
    const value = settings.labels.get(name) ?? settings.parameters.get(name) ?? defaultValue;
    if (value === undefined || value === "") continue;
    if (parameter.type === "uri" && !ADDRESS.test(value)) {
      findings.problem(
        say`The parameter ${name} is declared as ${"uri"} and is ${value}: MLflow refuses what is no address.`,
        say`Declare it as ${"path"}.`,
      );
    } else if (!ADDRESS.test(value)) await checkPath(checkout, at.path, parameter, value, findings);
  }
}

async function checkPath(
  checkout: Checkout,
  folder: string,
  { name, type }: DeclaredParameter,
  value: string,
  findings: Findings,
): Promise<void> {
  const declared = type === "path";
  if (posix.isAbsolute(value)) {
    if (declared) await checkAbsolute(name, value, findings);
    return;
  }
  const path = posix.join(folder, value);
  if (path.startsWith("../")) {
    if (declared) {
      findings.problem(
        say`The parameter ${name} is ${value}, which leads outside the repository: a clone has nothing there.`,
        say`Put the data into the repository, or give an absolute path.`,
      );
    }
    return;
  }
  const held = await checkout.held(path);
  if (held === "committed" && (declared || looksLikeFile(value)) && (await checkout.isLfsPointer(path))) {
    findings.problem(
      say`${path}, the value of ${name}, is kept in Git LFS: a clone of the gate holds its pointer instead of its content.`,
      say`Commit the file itself, or have the training fetch the data.`,
    );
    return;
  }
  const unseen = describeUnseen(held);
  if (declared && unseen !== undefined) {
    findings.problem(
      say`${path}, the value of the path parameter ${name}, ${unseen}: a fresh clone of the commit lacks it.`,
      adviceFor(held, name),
    );
  } else if (declared && held === "committed") findings.ok(say`${path}, the value of ${name}, is in the commit.`);
  // Other types are only text to MLflow; a text that names a file of this folder most likely means it.
  else if (unseen !== undefined && held !== "missing" && looksLikeFile(value)) {
    findings.warning(
      say`The value of ${name} is also the name of a file here, and ${path} ${unseen}: a fresh clone of the commit lacks it.`,
      adviceFor(held, name),
    );
  }
}

async function checkAbsolute(name: string, value: string, findings: Findings): Promise<void> {
  const exists = await stat(value).then(
    () => true,
    () => false,
  );
  findings.warning(
    say`The parameter ${name} is ${value}, outside the repository${exists ? [""] : [", and this machine does not have it"]}: every machine that runs the gate needs it, and no commit says which content it had.`,
    say`Put the data into the repository, or let the training fetch it by a version.`,
  );
}

function looksLikeFile(value: string): boolean {
  return /[/\\]|\.\w{1,8}$/.test(value);
}

function adviceFor(held: Held, name: string) {
  switch (held) {
    case "ignored":
      return say`Add it with ${"git add --force"}, or have the training fetch the data.`;
    case "missing":
      return say`Add the file, or give another one: ${`parameters: { ${name}: … }`} in ${".github/repro-gate.yml"}.`;
    case "submodule":
      return say`Commit the data into this repository.`;
    default:
      return say`Commit it.`;
  }
}
