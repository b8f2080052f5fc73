/**
 * The environment of everything that is not ours: an allow-list, since a deny-list forgets the next secret. What the
 * gate or the user adds comes on top, except the names that no one may pass.
 */

const ALLOWED_NAMES = new Set(
  [
    "PATH USER LOGNAME SHELL LANG TZ TMPDIR TEMP TMP",
    "SystemRoot windir ComSpec PATHEXT APPDATA LOCALAPPDATA ProgramData USERPROFILE NUMBER_OF_PROCESSORS",
    "pythonLocation PYENV_ROOT PYENV_VERSION VIRTUAL_ENV LD_LIBRARY_PATH PKG_CONFIG_PATH",
    "HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE",
    "PYTHONHASHSEED CUBLAS_WORKSPACE_CONFIG HF_HOME XDG_CACHE_HOME",
    // Kept so that the runner finds orphans of the job.
    "RUNNER_TRACKING_ID",
  ].flatMap((names) => names.toLowerCase().split(" ")),
);

const ALLOWED_PREFIXES = [
  "lc_",
  "programfiles",
  "conda",
  "mamba",
  "uv_",
  "pip_",
  "dyld_",
  "cuda_",
  "nvidia_",
  "omp_",
  "mkl_",
  "openblas_",
  "tf_",
  "xla_",
  "pytorch_",
];

const NEVER_NAMES = new Set(
  ["github_token", "github_env", "github_path", "github_output", "github_state", "github_step_summary"].concat([
    "github_event_path",
    "runner_token",
    "node_options",
    "ld_preload",
    "bash_env",
    "env",
  ]),
);
const NEVER_PREFIXES = ["input_", "actions_", "git_"];

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a variable may never reach a child, whatever the configuration says. */
export function isForbidden(name: string): boolean {
  const folded = name.toLowerCase();
  return NEVER_NAMES.has(folded) || NEVER_PREFIXES.some((prefix) => folded.startsWith(prefix));
}

function isAllowed(name: string): boolean {
  const folded = name.toLowerCase();
  if (isForbidden(folded)) return false;
  return (
    ALLOWED_NAMES.has(folded) ||
    ALLOWED_PREFIXES.some((prefix) => folded.startsWith(prefix)) ||
    /^python\d*_root_dir$/.test(folded)
  );
}

/**
 * The allowed part of an environment, plus the variables that the user names.
 *
 * @param secrets values that may not be passed under any name
 */
export function childEnvironment(
  parent: Environment,
  passEnv: readonly string[] = [],
  secrets: ReadonlySet<string> = new Set(),
): Record<string, string> {
  const child: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent)) {
    if (value === undefined || secrets.has(value)) continue;
    if (isAllowed(name) || (passEnv.includes(name) && !isForbidden(name))) child[name] = value;
  }
  return child;
}
