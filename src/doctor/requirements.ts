/** One line of a pip requirements file, as far as it decides whether the environment can be made again. */
export type Requirement =
  | {
      readonly kind: "package";
      /** As PyPI compares names: lower case, hyphens. */
      readonly name: string;
      readonly text: string;
      /** Whether exactly one version satisfies it. */
      readonly pinned: boolean;
    }
  | { readonly kind: "file"; readonly path: string; readonly constraint: boolean }
  /** A folder or an address: what it brings along cannot be told here. */
  | { readonly kind: "source"; readonly text: string; readonly pinned: boolean };

/**
 * Parses the lines of a requirements file; options such as `--index-url` say nothing about versions and are left out.
 * https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function parseRequirements(text: string): Requirement[] {
  return text
    .replaceAll(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .flatMap((line) => parseRequirement(line) ?? []);
}

function parseRequirement(line: string): Requirement | undefined {
  const written = line.replace(/(?:^|\s)#.*$/, "").trim();
  if (written === "") return undefined;
  const file = /^(?:(-r|--requirement)|-c|--constraint)[\s=]*(\S.*)$/.exec(written);
  if (file !== null) return { kind: "file", path: file[2] ?? "", constraint: file[1] === undefined };
  const editable = /^(?:-e|--editable)[\s=]*(\S.*)$/.exec(written);
  if (editable?.[1] !== undefined) return source(editable[1]);
  if (written.startsWith("-")) return undefined;
  const bare = written.replace(/\s--?[A-Za-z].*$/, "");
  const direct = /^[\w.-]+\s*(?:\[[^\]]*\])?\s*@\s*(.+)$/.exec(bare);
  if (direct?.[1] !== undefined) return named(bare, isPinnedSource(direct[1]));
  if (/^[a-z+]+:\/\/|^git\+|^[./]|^[A-Za-z]:\\|\.whl$|[\\/]/.test(bare.split(";")[0]?.trim() ?? ""))
    return source(bare);
  const specifier = (bare.split(";")[0] ?? "").replace(/^[\w.-]+\s*(?:\[[^\]]*\])?/, "");
  return named(
    bare,
    specifier
      .replace(/^\s*\(|\)\s*$/g, "")
      .split(",")
      .some(isExact),
  );
}

function named(text: string, pinned: boolean): Requirement {
  return { kind: "package", name: normaliseName(/^[\w.-]*/.exec(text)?.[0] ?? ""), text, pinned };
}

/** `==1.2` and `===1.2`, but not `==1.*`. */
function isExact(clause: string): boolean {
  return /^\s*={2,3}\s*[^\s*]+\s*$/.test(clause);
}

function source(text: string): Requirement {
  return { kind: "source", text, pinned: isPinnedSource(text) };
}

/** A commit, a hash or a wheel names one content; a folder of the repository is as fixed as the commit is. */
function isPinnedSource(text: string): boolean {
  if (!/:\/\//.test(text)) return true;
  return /@[0-9a-f]{40}\b|#.*(?:sha256|sha384|sha512)=|\.whl(?:[#?;\s]|$)/.test(text);
}

/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normaliseName(name: string): string {
  return name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}

/** Whether a requirement brings the MLflow that a training imports; `mlflow-tracing` alone has no runs. */
export function isMlflow(name: string): boolean {
  return name === "mlflow" || name === "mlflow-skinny";
}
