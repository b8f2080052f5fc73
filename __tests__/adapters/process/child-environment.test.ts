import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { childEnvironment } from "../../../src/adapters/process/child-environment.js";
import { isForbiddenVariable } from "../../../src/core/environment-names.js";

const ALLOWED = [
  ...["PATH", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP"],
  ...["SystemRoot", "windir", "ComSpec", "PATHEXT", "APPDATA", "LOCALAPPDATA", "ProgramData", "ProgramFiles(x86)"],
  ...["USERPROFILE", "NUMBER_OF_PROCESSORS", "pythonLocation", "Python_ROOT_DIR", "Python3_ROOT_DIR", "PYENV_ROOT"],
  ...["CONDA_EXE", "MAMBA_ROOT_PREFIX", "VIRTUAL_ENV", "UV_CACHE_DIR", "PIP_INDEX_URL", "LD_LIBRARY_PATH"],
  ...["DYLD_LIBRARY_PATH", "PKG_CONFIG_PATH", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "OMP_NUM_THREADS"],
  ...["MKL_CBWR", "OPENBLAS_NUM_THREADS", "TF_DETERMINISTIC_OPS", "XLA_FLAGS", "PYTORCH_CUDA_ALLOC_CONF"],
  ...["PYTHONHASHSEED", "CUBLAS_WORKSPACE_CONFIG", "HF_HOME", "XDG_CACHE_HOME", "RUNNER_TRACKING_ID"],
  ...["HTTP_PROXY", "https_proxy", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"],
];
const STRIPPED = [
  ...["HOME", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "HF_TOKEN", "WANDB_API_KEY", "SSH_AUTH_SOCK", "PWD"],
  ...["MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_TOKEN", "DATABRICKS_TOKEN", "PYTHONPATH", "PYTHONSTARTUP", "KUBECONFIG"],
  ...["GITHUB_ACTOR", "GITHUB_REPOSITORY", "RUNNER_TEMP", "DOCKER_HOST", "GOOGLE_APPLICATION_CREDENTIALS", ""],
];
const FORBIDDEN = [
  ...["GITHUB_TOKEN", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"],
  ...["GITHUB_EVENT_PATH", "RUNNER_TOKEN", "NODE_OPTIONS", "LD_PRELOAD", "BASH_ENV", "ENV", "INPUT_GITHUB-TOKEN"],
  ...["INPUT_TOLERANCE", "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL", "GIT_ASKPASS", "GIT_CONFIG_COUNT"],
  ...["github_token", "Node_Options", "input_x"],
];

const environment = (names: readonly string[]) =>
  Object.fromEntries(names.map((name, index) => [name, `value ${index}`]));

describe("childEnvironment", () => {
  it("passes what a training needs to run and to be deterministic", () => {
    expect(childEnvironment(environment(ALLOWED))).toEqual(environment(ALLOWED));
  });

  it.each(STRIPPED)("strips %j, unless the user names it", (name) => {
    expect(childEnvironment({ [name]: "x" })).toEqual({});
    expect(childEnvironment({ [name]: "x" }, [name])).toEqual({ [name]: "x" });
  });

  it.each(FORBIDDEN)("never passes %s, even when the user names it", (name) => {
    expect(isForbiddenVariable(name)).toBe(true);
    expect(childEnvironment({ [name]: "x" }, [name])).toEqual({});
  });

  it("passes no secret under any name", () => {
    const parent = { PATH: "hunter2", UV_TOKEN: "hunter2", MINE: "hunter2", LANG: "C" };
    expect(childEnvironment(parent, ["MINE"], new Set(["hunter2"]))).toEqual({ LANG: "C" });
  });

  it("keeps empty values and leaves out undefined ones", () => {
    expect(childEnvironment({ LANG: "", PATH: undefined })).toEqual({ LANG: "" });
  });

  it("takes the user's names exactly, since variables of one system differ by case", () => {
    expect(childEnvironment({ my_token: "x" }, ["MY_TOKEN"])).toEqual({});
  });

  const name = fc.oneof(
    fc.constantFrom(...ALLOWED, ...STRIPPED, ...FORBIDDEN, "__proto__", "constructor"),
    fc.string(),
    fc.tuple(fc.constantFrom("INPUT_", "ACTIONS_", "git_", "uv_", "lc_"), fc.string()).map((parts) => parts.join("")),
  );
  const parent = fc.uniqueArray(fc.tuple(name, fc.string()), { selector: ([key]) => key });

  it("is a subset of its parent, never holds a forbidden name or a secret, and holds strangers only when named", () => {
    fc.assert(
      fc.property(parent, fc.array(name), fc.array(fc.string()), (pairs, passEnv, secrets) => {
        const source = Object.fromEntries(pairs);
        const child = childEnvironment(source, passEnv, new Set(secrets));
        const plain = childEnvironment(source, [], new Set(secrets));
        for (const [key, value] of Object.entries(child)) {
          expect(source[key]).toBe(value);
          expect(isForbiddenVariable(key)).toBe(false);
          expect(secrets).not.toContain(value);
          expect(Object.hasOwn(plain, key) || passEnv.includes(key)).toBe(true);
        }
      }),
    );
  });
});

describe("isForbiddenVariable", () => {
  it.each([...ALLOWED, ...STRIPPED])("lets the user name %j", (allowed) => {
    expect(isForbiddenVariable(allowed)).toBe(false);
  });
});
