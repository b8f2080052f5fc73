/** What an MLproject file declares, as far as the gate needs it. */
export interface MlProject {
  readonly name: string | undefined;
  /** The environment that the project declares; `none` means that MLflow makes an empty Python one. */
  readonly environment: ProjectEnvironment;
  readonly entryPoints: ReadonlyMap<string, EntryPoint>;
}

export type ProjectEnvironment =
  | { readonly kind: "python" | "conda"; readonly file: string }
  | { readonly kind: "docker" }
  | { readonly kind: "none" };

export interface EntryPoint {
  readonly name: string;
  /** The command template with `{placeholders}`. */
  readonly command: string;
  readonly parameters: ReadonlyMap<string, DeclaredParameter>;
}

export interface DeclaredParameter {
  readonly name: string;
  /** MLflow acts on `path` and `uri` only; `int`, `float` and the like are documentation. */
  readonly type: string;
  /** As text, the way MLflow would put it into the command; undefined makes the parameter required. */
  readonly defaultValue: string | undefined;
}
