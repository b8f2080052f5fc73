/**
 * Which variables of the job's environment may reach what is not ours: an allow-list, since a deny-list forgets the
 * next secret. Names are compared without case, as Windows does.
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

/** A prefix also covers names that hold a secret (`TF_TOKEN_…`, `UV_PUBLISH_PASSWORD`): those want `pass-env`. */
const SECRET_WORDS = /token|password|passwd|secret|credential|api_?key|tf_var_/;

const FORBIDDEN_NAMES = new Set([
  "github_token",
  "github_env",
  "github_path",
  "github_output",
  "github_state",
  "github_step_summary",
  "github_event_path",
  "runner_token",
  "node_options",
  "ld_preload",
  "bash_env",
  "env",
]);
const FORBIDDEN_PREFIXES = ["input_", "actions_", "git_"];

/** Whether a variable may never reach a child, whatever the configuration says. */
export function isForbiddenVariable(name: string): boolean {
  const folded = name.toLowerCase();
  return FORBIDDEN_NAMES.has(folded) || FORBIDDEN_PREFIXES.some((prefix) => folded.startsWith(prefix));
}

/** Whether a variable reaches a child without being named in `pass-env`. */
export function isAllowedVariable(name: string): boolean {
  const folded = name.toLowerCase();
  if (isForbiddenVariable(folded)) return false;
  if (ALLOWED_NAMES.has(folded) || /^python\d*_root_dir$/.test(folded)) return true;
  return ALLOWED_PREFIXES.some((prefix) => folded.startsWith(prefix)) && !SECRET_WORDS.test(folded);
}
