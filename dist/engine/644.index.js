export const id = 644;
export const ids = [644];
export const modules = {

/***/ 7644:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runDoctor: () => (/* binding */ runDoctor)
});

// EXTERNAL MODULE: ./lib/core/gate-error.js
var gate_error = __webpack_require__(3116);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/adapters/git/open-repository.js + 2 modules
var open_repository = __webpack_require__(2990);
// EXTERNAL MODULE: ./lib/core/sentence.js
var core_sentence = __webpack_require__(2998);
// EXTERNAL MODULE: ./lib/core/baseline.js
var baseline = __webpack_require__(5084);
// EXTERNAL MODULE: ./lib/core/run.js
var core_run = __webpack_require__(9254);
// EXTERNAL MODULE: ./lib/gate/find-experiments.js
var find_experiments = __webpack_require__(6893);
;// CONCATENATED MODULE: ./lib/doctor/check-baseline.js




/** How many runs are looked at, newest first. */
const NEWEST = 100;
/**
 * Whether the tracking server holds runs that the gate could link to a branch or a commit.
 *
 * @throws GateError when the experiment does not exist or the server does not answer
 */
async function checkBaseline(reader, checkout, settings, projectName, findings) {
    const wanted = {
        ruler: settings.ruler,
        projectPath: settings.path,
        entryPoint: settings.entryPoint,
        refuseDirty: settings.refuseDirtyBaseline,
    };
    if (settings.baselineRunId !== undefined)
        return checkNamedRun(reader, settings.baselineRunId, wanted, findings);
    const { searched, absent } = await (0,find_experiments/* findExperiments */.w)(reader, settings.experiment, projectName, undefined);
    const where = (0,core_sentence/* say */.cv) `the experiment ${(0,core_sentence/* list */.p_)(searched.map(({ name }) => name))}${absent.length === 0 ? [] : (0,core_sentence/* say */.cv) ` (${absent.flat()})`}`;
    const { runs } = await reader.searchRuns({
        experimentIds: searched.map(({ experimentId }) => experimentId),
        filter: "",
        orderBy: ["attributes.start_time DESC"],
        maxResults: NEWEST,
    });
    // A missing baseline fails the check unless the configuration says otherwise.
    const tell = (message, advice) => (settings.onMissingBaseline ?? "fail") === "fail"
        ? findings.problem(message, advice)
        : findings.warning(message, advice);
    if (runs.length === 0) {
        tell((0,core_sentence/* say */.cv) `There is no run in ${where}, so there is nothing to compare with.`, HOW_TO_BEGIN);
        return;
    }
    const refused = runs.flatMap((run) => (0,baseline/* refuse */.TR)(run, wanted, false) ?? []);
    const eligible = runs.filter((run) => (0,baseline/* refuse */.TR)(run, wanted, false) === undefined);
    const linked = eligible.filter((run) => commitOf(run) !== "" || (0,baseline/* recordedBranches */.HJ)(run, settings.branchTag).length > 0);
    if (linked.length === 0) {
        const [newest] = refused;
        const why = newest === undefined ? [] : (0,core_sentence/* say */.cv) ` (the newest, ${newest.runName || newest.runId}: ${newest.detail})`;
        const counts = (0,core_sentence/* say */.cv) `${eligible.length} carry neither a commit nor a branch, ${refused.length} are out of the question${why}`;
        tell((0,core_sentence/* say */.cv) `None of the newest ${runs.length} runs in ${where} can be a baseline: ${counts}.`, HOW_TO_LINK);
        return;
    }
    const usable = await countUsable(linked, checkout, settings.branchTag);
    if (usable === 0) {
        const commits = [...new Set(linked.map((run) => commitOf(run).slice(0, 12)))];
        tell((0,core_sentence/* say */.cv) `${linked.length} of the newest ${runs.length} runs in ${where} carry a commit, but none that this repository has: ${(0,core_sentence/* list */.p_)(commits, 3)}. Pull requests are checked out at merge commits, which are gone after the merge.`, HOW_TO_LINK);
        return;
    }
    findings.ok((0,core_sentence/* say */.cv) `${usable} of the newest ${runs.length} runs in ${where} can be linked by their commit or branch.`);
}
const HOW_TO_BEGIN = (0,core_sentence/* say */.cv) `Record one from the default branch with ${"mlflow run"}, or set ${"on-missing-baseline: create"}, which executes the fork point.`;
const CONTEXT = '{"mlflow.source.git.branch":"main"}';
const HOW_TO_LINK = (0,core_sentence/* say */.cv) `Record with ${"mlflow run"} inside the repository, which notes the commit; or set ${"MLFLOW_RUN_CONTEXT"} to ${CONTEXT} where a script records; or name one run by ${"baseline-run-id"}, or your own tag by ${"branch-tag"}.`;
function commitOf(run) {
    return run.tags.get(core_run/* TAG */.Dk.gitCommit) ?? "";
}
/** Runs with a branch, or with a commit that this repository has. */
async function countUsable(runs, checkout, branchTag) {
    const known = new Map();
    for (const commit of new Set(runs.map(commitOf))) {
        if (commit !== "")
            known.set(commit, (await checkout.hasCommit(commit)) ?? true);
    }
    return runs.filter((run) => (0,baseline/* recordedBranches */.HJ)(run, branchTag).length > 0 || known.get(commitOf(run)) === true).length;
}
async function checkNamedRun(reader, runId, wanted, findings) {
    const run = await reader.getRun(runId);
    if (run === undefined) {
        findings.problem((0,core_sentence/* say */.cv) `${"baseline-run-id"} names ${runId}, which the tracking server does not have.`, (0,core_sentence/* say */.cv) `Copy the ID from the run's page in MLflow.`);
        return;
    }
    const refusal = (0,baseline/* refuse */.TR)(run, wanted, true);
    if (refusal === undefined)
        findings.ok((0,core_sentence/* say */.cv) `${"baseline-run-id"} names a run with ${run.metrics.size} metrics.`);
    else
        findings.problem((0,core_sentence/* say */.cv) `${"baseline-run-id"} names ${runId}, which cannot be a baseline: ${refusal.detail}.`);
}

// EXTERNAL MODULE: ./lib/config/config-file.js
var config_file = __webpack_require__(1109);
// EXTERNAL MODULE: ./lib/config/inputs.js
var config_inputs = __webpack_require__(6097);
// EXTERNAL MODULE: ./lib/config/settings.js
var settings = __webpack_require__(1641);
// EXTERNAL MODULE: ./lib/adapters/git/git.js
var git_git = __webpack_require__(7863);
// EXTERNAL MODULE: ./lib/adapters/process/which.js
var which = __webpack_require__(8923);
;// CONCATENATED MODULE: ./lib/doctor/checkout.js





/** Larger files are no configuration. */
const LARGEST_TEXT = 1024 * 1024;
const LFS_POINTER = "version https://git-lfs.github.com/spec/v1";
/**
 * The repository as it lies on this desk. Files are read from the working tree, since they are what is being edited;
 * whether the gate will see them is asked of git, because it only ever sees commits. Nothing is written.
 */
class Checkout {
    /** The top folder of the repository, absolute and without symbolic links. */
    folder;
    #git;
    #hasCommit;
    constructor(folder, git, hasCommit) {
        this.folder = folder;
        this.#git = git;
        this.#hasCommit = hasCommit;
    }
    /** Opens a folder whether or not it is a repository: what is missing is for `checkGit` to say. */
    static async open(folder, temporary, env) {
        const real = await (0,promises_.realpath)(folder);
        const file = await (0,which/* which */.K)("git", env.PATH, real);
        if (file === undefined)
            return new Checkout(real, undefined, false);
        const place = (0,external_node_path_.join)(temporary, "checkout");
        await (0,promises_.mkdir)(place, { recursive: true });
        const git = await git_git/* Git */.T.open(file, place, real, env);
        const head = await git.try(real, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
        return new Checkout(real, git, head.exitCode === 0);
    }
    /** Runs git in the repository; undefined without git. */
    async git(args) {
        return this.#git?.try(this.folder, args);
    }
    /** Text of a regular file inside the repository, undefined when there is none; links are not followed. */
    async readText(path) {
        const file = (0,external_node_path_.join)(this.folder, path);
        const entry = await (0,promises_.lstat)(file).catch(() => undefined);
        if (entry === undefined || !entry.isFile() || entry.size > LARGEST_TEXT)
            return undefined;
        const real = await (0,promises_.realpath)(file).catch(() => undefined);
        if (real === undefined || !(0,which/* isInside */.F)(real, this.folder))
            return undefined;
        return (0,promises_.readFile)(real, "utf8").catch(() => undefined);
    }
    /** Names in a folder, undefined when there is no such folder. */
    async names(folder) {
        return (0,promises_.readdir)((0,external_node_path_.join)(this.folder, folder)).then((names) => names.sort(), () => undefined);
    }
    async kind(path) {
        const entry = await (0,promises_.lstat)((0,external_node_path_.join)(this.folder, path)).catch(() => undefined);
        if (entry === undefined)
            return undefined;
        return entry.isSymbolicLink() ? "link" : entry.isDirectory() ? "folder" : "file";
    }
    /** Tracked files and untracked ones that git does not ignore. */
    async files() {
        const listed = await this.git(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        const files = listed?.exitCode === 0 ? listed.stdout.split("\0").filter((path) => path !== "") : [];
        return [...new Set(files)].sort();
    }
    /** Whether HEAD holds a path that is relative to the repository. */
    async held(path) {
        const wanted = external_node_path_.posix.normalize(path).replace(/\/$/, "");
        const exists = (await this.kind(wanted)) !== undefined;
        if (!this.#hasCommit)
            return exists ? "unknown" : "missing";
        const ask = async (...args) => {
            const answer = await this.git(args);
            return { yes: answer?.exitCode === 0, words: answer?.stderr ?? "" };
        };
        if ((await ask("cat-file", "-e", wanted === "." ? "HEAD^{tree}" : `HEAD:${wanted}`)).yes)
            return "committed";
        if (!exists)
            return "missing";
        if ((await ask("--literal-pathspecs", "ls-files", "--error-unmatch", "--", wanted)).yes)
            return "staged";
        // Takes paths as they are, and refuses to be told so.
        const ignored = await ask("check-ignore", "--quiet", "--", wanted);
        if (ignored.yes)
            return "ignored";
        return /is in submodule/.test(ignored.words) ? "submodule" : "untracked";
    }
    /** Whether HEAD holds a file as a pointer of Git LFS instead of its content. */
    async isLfsPointer(path) {
        const object = `HEAD:${external_node_path_.posix.normalize(path)}`;
        const size = await this.git(["cat-file", "-s", object]);
        if (size?.exitCode !== 0 || Number(size.stdout) > 1024)
            return false;
        const content = await this.git(["cat-file", "blob", object]);
        return content?.exitCode === 0 && content.stdout.startsWith(LFS_POINTER);
    }
    /** Whether a commit is in this repository; undefined when there is nobody to ask. */
    async hasCommit(commit) {
        if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit))
            return false;
        const answer = await this.git(["cat-file", "-e", `${commit}^{commit}`]);
        return answer === undefined ? undefined : answer.exitCode === 0;
    }
}
/** Why the gate will not see a path, as the end of a sentence that begins with it; undefined when it will. */
function describeUnseen(held) {
    switch (held) {
        case "committed":
        case "unknown":
            return undefined;
        case "staged":
            return (0,core_sentence/* say */.cv) `is added but not committed`;
        case "untracked":
            return (0,core_sentence/* say */.cv) `is not tracked by git`;
        case "ignored":
            return (0,core_sentence/* say */.cv) `is ignored by git`;
        case "submodule":
            return (0,core_sentence/* say */.cv) `lies in a submodule, which a clone of the gate does not have`;
        case "missing":
            return (0,core_sentence/* say */.cv) `does not exist`;
    }
}

;// CONCATENATED MODULE: ./lib/doctor/check-configuration.js






/** Where people put the file as well, and nobody reads it. */
const LOOK_ALIKES = [
    ".github/repro-gate.yaml",
    ".github/repro_gate.yml",
    "repro-gate.yml",
    "repro-gate.yaml",
    ".repro-gate.yml",
];
/** Reads the configuration file and names everything that is wrong with it. */
async function checkConfiguration(checkout, findings) {
    const kind = await checkout.kind(config_file/* DEFAULT_CONFIG_PATH */.Bi);
    if (kind === undefined) {
        for (const path of LOOK_ALIKES) {
            if ((await checkout.kind(path)) !== "file")
                continue;
            findings.warning((0,core_sentence/* say */.cv) `${path} is not read.`, (0,core_sentence/* say */.cv) `Call it ${config_file/* DEFAULT_CONFIG_PATH */.Bi}.`);
        }
        if (findings.well)
            findings.info((0,core_sentence/* say */.cv) `There is no ${config_file/* DEFAULT_CONFIG_PATH */.Bi}: every value has its default.`);
        return { config: undefined, readable: true };
    }
    const content = await checkout.readText(config_file/* DEFAULT_CONFIG_PATH */.Bi);
    if (content === undefined) {
        findings.problem((0,core_sentence/* say */.cv) `${config_file/* DEFAULT_CONFIG_PATH */.Bi} is a ${kind} and cannot be read: the gate wants a regular file.`);
        return { config: undefined, readable: false };
    }
    const unseen = describeUnseen(await checkout.held(config_file/* DEFAULT_CONFIG_PATH */.Bi));
    if (unseen !== undefined) {
        findings.problem((0,core_sentence/* say */.cv) `${config_file/* DEFAULT_CONFIG_PATH */.Bi} ${unseen}: the gate reads it from the commit.`, (0,core_sentence/* say */.cv) `Commit it.`);
    }
    const parsed = (0,config_file/* parseConfigFile */.me)(config_file/* DEFAULT_CONFIG_PATH */.Bi, content);
    if ("problems" in parsed) {
        for (const { where, sentence } of parsed.problems)
            findings.problem((0,core_sentence/* say */.cv) `${where}: ${sentence}`);
        return { config: undefined, readable: false };
    }
    const { config } = parsed;
    for (const { path } of config.projects) {
        if (path === "" || (await checkout.kind(path)) === "folder")
            continue;
        findings.problem((0,core_sentence/* say */.cv) `${config_file/* DEFAULT_CONFIG_PATH */.Bi} names the project folder ${path}, which does not exist.`, (0,core_sentence/* say */.cv) `Put right its ${"path"}, relative to the repository's root.`);
    }
    if (findings.well) {
        const names = config.projects.map((project) => project.name ?? (project.path || "."));
        const projects = names.length === 0 ? (0,core_sentence/* say */.cv) `no project of its own` : (0,core_sentence/* list */.p_)(names);
        findings.ok((0,core_sentence/* say */.cv) `${config_file/* DEFAULT_CONFIG_PATH */.Bi} can be read; its projects: ${projects}.`);
    }
    return { config, readable: true };
}
/**
 * What holds for each project that is to be looked at: the named one, else all that are configured, else the root.
 */
function settingsOf({ config }, wanted, env, findings) {
    const configured = config?.projects.map((project) => project.name ?? (project.path || ".")) ?? [];
    const names = wanted !== undefined ? [wanted] : configured.length > 0 ? configured : [undefined];
    return names.flatMap((name) => {
        try {
            const { inputs } = (0,config_inputs/* parseInputs */.TL)(name === undefined ? {} : { project: name });
            return [(0,settings/* resolveSettings */.M)(inputs, env, { head: config, forkPoint: undefined, judged: false })];
        }
        catch (error) {
            if (!(error instanceof gate_error/* GateError */.ue))
                throw error;
            findings.problem(error.sentence);
            return [];
        }
    });
}

;// CONCATENATED MODULE: ./lib/doctor/check-data.js




/** As MLflow and the gate tell an address from a path. */
const ADDRESS = /^[A-Za-z][A-Za-z0-9+.-]*:\//;
/** Whether the files that the training is given will be in a fresh clone of the commit. */
async function checkData(checkout, at, findings) {
    const { entryPoint, settings } = at;
    if (entryPoint === undefined)
        return;
    for (const parameter of entryPoint.parameters.values()) {
        const { name, defaultValue } = parameter;
        const value = settings.labels.get(name) ?? settings.parameters.get(name) ?? defaultValue;
        if (value === undefined || value === "")
            continue;
        if (parameter.type === "uri" && !ADDRESS.test(value)) {
            findings.problem((0,core_sentence/* say */.cv) `The parameter ${name} is declared as ${"uri"} and is ${value}: MLflow refuses what is no address.`, (0,core_sentence/* say */.cv) `Declare it as ${"path"}.`);
        }
        else if (!ADDRESS.test(value))
            await checkPath(checkout, at.path, parameter, value, findings);
    }
}
async function checkPath(checkout, folder, { name, type }, value, findings) {
    const declared = type === "path";
    if (external_node_path_.posix.isAbsolute(value)) {
        if (declared)
            await checkAbsolute(name, value, findings);
        return;
    }
    const path = external_node_path_.posix.join(folder, value);
    if (path.startsWith("../")) {
        if (declared) {
            findings.problem((0,core_sentence/* say */.cv) `The parameter ${name} is ${value}, which leads outside the repository: a clone has nothing there.`, (0,core_sentence/* say */.cv) `Put the data into the repository, or give an absolute path.`);
        }
        return;
    }
    const held = await checkout.held(path);
    if (held === "committed" && (declared || looksLikeFile(value)) && (await checkout.isLfsPointer(path))) {
        findings.problem((0,core_sentence/* say */.cv) `${path}, the value of ${name}, is kept in Git LFS: a clone of the gate holds its pointer instead of its content.`, (0,core_sentence/* say */.cv) `Commit the file itself, or have the training fetch the data.`);
        return;
    }
    const unseen = describeUnseen(held);
    if (declared && unseen !== undefined) {
        findings.problem((0,core_sentence/* say */.cv) `${path}, the value of the path parameter ${name}, ${unseen}: a fresh clone of the commit lacks it.`, adviceFor(held, name));
    }
    else if (declared && held === "committed")
        findings.ok((0,core_sentence/* say */.cv) `${path}, the value of ${name}, is in the commit.`);
    // Other types are only text to MLflow; a text that names a file of this folder most likely means it.
    else if (unseen !== undefined && held !== "missing" && looksLikeFile(value)) {
        findings.warning((0,core_sentence/* say */.cv) `The value of ${name} is also the name of a file here, and ${path} ${unseen}: a fresh clone of the commit lacks it.`, adviceFor(held, name));
    }
}
async function checkAbsolute(name, value, findings) {
    const exists = await (0,promises_.stat)(value).then(() => true, () => false);
    findings.warning((0,core_sentence/* say */.cv) `The parameter ${name} is ${value}, outside the repository${exists ? [""] : [", and this machine does not have it"]}: every machine that runs the gate needs it, and no commit says which content it had.`, (0,core_sentence/* say */.cv) `Put the data into the repository, or let the training fetch it by a version.`);
}
function looksLikeFile(value) {
    return /[/\\]|\.\w{1,8}$/.test(value);
}
function adviceFor(held, name) {
    switch (held) {
        case "ignored":
            return (0,core_sentence/* say */.cv) `Add it with ${"git add --force"}, or have the training fetch the data.`;
        case "missing":
            return (0,core_sentence/* say */.cv) `Add the file, or give another one: ${`parameters: { ${name}: … }`} in ${".github/repro-gate.yml"}.`;
        case "submodule":
            return (0,core_sentence/* say */.cv) `Commit the data into this repository.`;
        default:
            return (0,core_sentence/* say */.cv) `Commit it.`;
    }
}

// EXTERNAL MODULE: ./lib/adapters/mlflow/toolchain/pins.js
var pins = __webpack_require__(3170);
// EXTERNAL MODULE: ./lib/config/pyyaml.js + 1 modules
var pyyaml = __webpack_require__(7168);
// EXTERNAL MODULE: ./lib/config/yaml.js
var config_yaml = __webpack_require__(8099);
;// CONCATENATED MODULE: ./lib/doctor/requirements.js
/**
 * Parses the lines of a requirements file; options such as `--index-url` say nothing about versions and are left out.
 * https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
function parseRequirements(text) {
    return text
        .replaceAll(/\\\r?\n/g, " ")
        .split(/\r?\n/)
        .flatMap((line) => parseRequirement(line) ?? []);
}
function parseRequirement(line) {
    const written = line.replace(/(?:^|\s)#.*$/, "").trim();
    if (written === "")
        return undefined;
    const file = /^(?:(-r|--requirement)|-c|--constraint)[\s=]*(\S.*)$/.exec(written);
    if (file !== null)
        return { kind: "file", path: file[2] ?? "", constraint: file[1] === undefined };
    const editable = /^(?:-e|--editable)[\s=]*(\S.*)$/.exec(written);
    if (editable?.[1] !== undefined)
        return source(editable[1]);
    if (written.startsWith("-"))
        return undefined;
    const bare = written.replace(/\s--?[A-Za-z].*$/, "");
    const direct = /^[\w.-]+\s*(?:\[[^\]]*\])?\s*@\s*(.+)$/.exec(bare);
    if (direct?.[1] !== undefined)
        return named(bare, isPinnedSource(direct[1]));
    if (/^[a-z+]+:\/\/|^git\+|^[./]|^[A-Za-z]:\\|\.whl$|[\\/]/.test(bare.split(";")[0]?.trim() ?? ""))
        return source(bare);
    const specifier = (bare.split(";")[0] ?? "").replace(/^[\w.-]+\s*(?:\[[^\]]*\])?/, "");
    return named(bare, specifier
        .replace(/^\s*\(|\)\s*$/g, "")
        .split(",")
        .some(isExact));
}
function named(text, pinned) {
    return { kind: "package", name: normaliseName(/^[\w.-]*/.exec(text)?.[0] ?? ""), text, pinned };
}
/** `==1.2` and `===1.2`, but not `==1.*`. */
function isExact(clause) {
    return /^\s*={2,3}\s*[^\s*]+\s*$/.test(clause);
}
function source(text) {
    return { kind: "source", text, pinned: isPinnedSource(text) };
}
/** A commit, a hash or a wheel names one content; a folder of the repository is as fixed as the commit is. */
function isPinnedSource(text) {
    if (!/:\/\//.test(text))
        return true;
    return /@[0-9a-f]{40}\b|#.*(?:sha256|sha384|sha512)=|\.whl(?:[#?;\s]|$)/.test(text);
}
/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
function normaliseName(name) {
    return name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}
/** Whether a requirement brings the MLflow that a training imports; `mlflow-tracing` alone has no runs. */
function isMlflow(name) {
    return name === "mlflow" || name === "mlflow-skinny";
}

;// CONCATENATED MODULE: ./lib/doctor/yaml-access.js
/** The value of a key, undefined where the node is no mapping or does not have it. */
function entry(node, key) {
    return node?.kind === "map" ? node.entries.get(key) : undefined;
}
/** Text of a scalar as it was written. */
function yaml_access_text(node) {
    return node?.kind === "scalar" ? node.text : undefined;
}
/** Items of a list; none where the node is no list. */
function items(node) {
    return node?.kind === "list" ? node.items : [];
}
/** Keys of a mapping with their values; none where the node is no mapping. */
function entries(node) {
    return node?.kind === "map" ? [...node.entries] : [];
}

;// CONCATENATED MODULE: ./lib/doctor/environment-file.js





const PYTHON_ENV_KEYS = ["python", "build_dependencies", "dependencies"];
/** Parses a `python_env.yaml` as MLflow does, which crashes on an unknown key and on a Python that is not text. */
function parsePythonEnvironment(file, content) {
    const parsed = (0,config_yaml/* parseYaml */.h)(file, content);
    if ("problems" in parsed)
        return parsed;
    const { yaml } = parsed;
    if (yaml.root.kind !== "map")
        return refuse(file, (0,core_sentence/* say */.cv) `it is not a mapping with ${"python"} and ${"dependencies"}.`);
    const problems = [];
    for (const [key] of entries(yaml.root)) {
        if (!PYTHON_ENV_KEYS.includes(key)) {
            problems.push({ where: yaml.where([key]), sentence: (0,core_sentence/* say */.cv) `there is no key ${key}; MLflow fails on it.` });
        }
    }
    const python = entry(yaml.root, "python");
    if (python !== undefined && !(0,pyyaml/* isPythonNone */.fj)(python) && !(0,pyyaml/* isPythonString */.YE)(python)) {
        const written = yaml_access_text(python) ?? "";
        const version = `python: "${written}"`;
        problems.push({
            where: yaml.where(["python"]),
            sentence: (0,core_sentence/* say */.cv) `${"python"} is not text: YAML reads ${written} as a number, and MLflow fails on it. Put the version in quotes: ${version}.`,
        });
    }
    for (const key of ["build_dependencies", "dependencies"]) {
        problems.push(...nonLists(yaml, key, entry(yaml.root, key)));
    }
    if (problems.length > 0)
        return { problems };
    const lines = [...items(entry(yaml.root, "build_dependencies")), ...items(entry(yaml.root, "dependencies"))];
    return {
        python: python === undefined || (0,pyyaml/* isPythonNone */.fj)(python) ? undefined : yaml_access_text(python),
        requirements: lines.flatMap((line) => parseRequirements(yaml_access_text(line) ?? "")),
    };
}
function nonLists(yaml, key, node) {
    if (node === undefined || (0,pyyaml/* isPythonNone */.fj)(node))
        return [];
    if (node.kind !== "list")
        return [{ where: yaml.where([key]), sentence: (0,core_sentence/* say */.cv) `${key} is not a list of requirements.` }];
    return node.items.flatMap((item, index) => item.kind === "scalar"
        ? []
        : [{ where: yaml.where([key, index]), sentence: (0,core_sentence/* say */.cv) `an item of ${key} is not a requirement.` }]);
}
/** Parses a conda environment; packages of conda and of its `pip:` list count alike. */
function parseCondaEnvironment(file, content) {
    const parsed = (0,config_yaml/* parseYaml */.h)(file, content);
    if ("problems" in parsed)
        return parsed;
    const { yaml } = parsed;
    if (entry(yaml.root, "dependencies")?.kind !== "list") {
        return refuse(file, (0,core_sentence/* say */.cv) `it has no list of ${"dependencies"}.`);
    }
    let python;
    const requirements = [];
    for (const item of items(entry(yaml.root, "dependencies"))) {
        if (item.kind === "map") {
            const pip = items(entry(item, "pip")).flatMap((line) => parseRequirements(yaml_access_text(line) ?? ""));
            requirements.push(...pip);
            continue;
        }
        const parts = /^(?:[^:\s]+::)?([\w.-]+)\s*(.*)$/.exec(yaml_access_text(item) ?? "");
        const [, name = "", specifier = ""] = parts ?? [];
        if (name === "python")
            python = specifier.replace(/^[=\s]+/, "");
        else if (name !== "" && name !== "pip") {
            // In conda one "=" is a prefix: of a whole version it matches hardly anything else.
            const pinned = /^(?:==\s*[^\s,*|]+|=\s*\d+(?:\.\d+){2,}[^\s,*|]*|=\s*[^\s,*|=]+=\S+)$/.test(specifier);
            requirements.push({ kind: "package", name: normaliseName(name), text: yaml_access_text(item) ?? "", pinned });
        }
    }
    return { python: python === "" ? undefined : python, requirements };
}
function refuse(where, sentence) {
    return { problems: [{ where, sentence }] };
}

;// CONCATENATED MODULE: ./lib/doctor/check-environment.js






/** Requirements files inside requirements files deeper than this are somebody's mistake. */
const DEEPEST = 8;
/** The environment manager that the gate will use. */
function environmentManager(wanted, environment) {
    return wanted === "auto" ? (environment.kind === "conda" ? "conda" : "uv") : wanted;
}
/** Whether the environment can be made at all, holds MLflow, and would be the same tomorrow. */
async function checkEnvironment(checkout, at, findings) {
    const { environment } = at.project;
    if (environment.kind === "docker")
        return;
    const manager = environmentManager(at.settings.envManager, environment);
    if (environment.kind === "conda" && (manager === "uv" || manager === "virtualenv")) {
        findings.problem((0,core_sentence/* say */.cv) `The project declares ${"conda_env"}, which ${`env-manager: ${manager}`} cannot make.`, (0,core_sentence/* say */.cv) `Use ${"env-manager: conda"}.`);
    }
    if (environment.kind === "python" && manager === "conda") {
        findings.problem((0,core_sentence/* say */.cv) `The project declares ${"python_env"}, which ${"env-manager: conda"} cannot make.`, (0,core_sentence/* say */.cv) `Use ${"env-manager: uv"}.`);
    }
    if (manager === "local") {
        findings.warning((0,core_sentence/* say */.cv) `${"env-manager: local"} takes the libraries that happen to be on the machine: a difference in them looks like a difference in the code.`, (0,core_sentence/* say */.cv) `Use ${"env-manager: uv"}, which makes the environment that the project declares.`);
        return;
    }
    const lock = external_node_path_.posix.join(at.path, "uv.lock");
    const locked = manager === "uv" && at.names.includes("uv.lock") ? await checkout.readText(lock) : undefined;
    if (environment.kind === "none") {
        if (locked === undefined) {
            findings.problem((0,core_sentence/* say */.cv) `The project declares no environment: MLflow makes an empty one, in which ${"import mlflow"} fails.`, (0,core_sentence/* say */.cv) `Declare ${"python_env: python_env.yaml"} in the MLproject, and in that file a Python and pinned ${"dependencies"}.`);
            return;
        }
    }
    else if (!(await checkFile(checkout, at, environment, locked !== undefined, findings)))
        return;
    if (locked !== undefined)
        await checkLock(checkout, lock, locked, findings);
}
/** Reads the declared file; false when there is nothing more to say about the environment. */
async function checkFile(checkout, at, environment, locked, findings) {
    const file = external_node_path_.posix.join(at.path, environment.file);
    const content = await checkout.readText(file);
    const unseen = describeUnseen(await checkout.held(file));
    if (unseen !== undefined || content === undefined) {
        findings.problem((0,core_sentence/* say */.cv) `The MLproject declares the environment ${file}, which ${unseen ?? (0,core_sentence/* say */.cv) `cannot be read`}.`, (0,core_sentence/* say */.cv) `Commit the file, or put right ${`${environment.kind}_env`} in the MLproject.`);
    }
    if (content === undefined)
        return false;
    const parse = environment.kind === "python" ? parsePythonEnvironment : parseCondaEnvironment;
    const parsed = parse(file, content);
    if ("problems" in parsed) {
        for (const { where, sentence } of parsed.problems)
            findings.problem((0,core_sentence/* say */.cv) `${where}: ${sentence}`);
        return false;
    }
    if (parsed.python === undefined) {
        findings.warning((0,core_sentence/* say */.cv) `${file} names no Python: the one that happens to run MLflow decides.`, environment.kind === "python" ? (0,core_sentence/* say */.cv) `Add ${'python: "3.11"'}, in quotes.` : (0,core_sentence/* say */.cv) `Add ${"python=3.11"}.`);
    }
    // With a lock file uv takes every version from there.
    if (locked)
        return true;
    const resolved = await resolveRequirements(checkout, at.path, parsed.requirements, findings);
    reportRequirements(file, resolved, findings);
    if (findings.well) {
        const python = parsed.python === undefined ? [] : (0,core_sentence/* say */.cv) `Python ${parsed.python} and `;
        findings.ok((0,core_sentence/* say */.cv) `${file}: ${python}${resolved.packages.length} requirements, each pinned exactly.`);
    }
    return true;
}
/** Follows `-r` and `-c`; what a constraint pins is pinned. Files in the environment file start at the project. */
async function resolveRequirements(checkout, folder, requirements, findings) {
    const packages = [];
    const sources = [];
    const constrained = new Set();
    const seen = new Set();
    let incomplete = false;
    const visit = async (found, from, constraint, depth) => {
        for (const requirement of found) {
            if (requirement.kind === "package" && constraint) {
                if (requirement.pinned)
                    constrained.add(requirement.name);
            }
            else if (requirement.kind === "package")
                packages.push(requirement);
            else if (requirement.kind === "source")
                sources.push(requirement);
            else {
                const remote = /^[a-z]+:\/\//i.test(requirement.path);
                const path = external_node_path_.posix.join(from, requirement.path);
                if (seen.has(path) || depth > DEEPEST)
                    continue;
                seen.add(path);
                const unseen = remote ? undefined : describeUnseen(await checkout.held(path));
                if (unseen !== undefined) {
                    findings.problem((0,core_sentence/* say */.cv) `The environment includes ${path}, which ${unseen}.`, (0,core_sentence/* say */.cv) `Commit the file, or put right the line that names it.`);
                }
                const content = remote ? undefined : await checkout.readText(path);
                if (content === undefined)
                    incomplete = true;
                else {
                    const inside = requirement.constraint || constraint;
                    await visit(parseRequirements(content), external_node_path_.posix.dirname(path), inside, depth + 1);
                }
            }
        }
    };
    await visit(requirements, folder, false, 0);
    const pinned = packages.map((item) => ({ ...item, pinned: item.pinned || constrained.has(item.name) }));
    return { packages: pinned, sources, incomplete };
}
function reportRequirements(file, { packages, sources, incomplete }, findings) {
    if (!packages.some(({ name }) => isMlflow(name))) {
        const message = (0,core_sentence/* say */.cv) `${file} does not name ${"mlflow"}: the training imports the MLflow of its own environment, not the gate's.`;
        const advice = (0,core_sentence/* say */.cv) `Add ${`mlflow-skinny==${pins/* MLFLOW_VERSION */.fI}`} or the ${"mlflow"} that you use, pinned.`;
        // A package of one's own, or a file that could not be read, may bring it along.
        if (sources.length > 0 || incomplete)
            findings.warning(message, advice);
        else
            findings.problem(message, advice);
    }
    const loose = [...packages, ...sources].filter(({ pinned }) => !pinned).map(({ text }) => text);
    if (loose.length > 0) {
        findings.warning((0,core_sentence/* say */.cv) `${file} does not pin ${(0,core_sentence/* list */.p_)(loose)}: a new release changes the metrics without a change of the code.`, (0,core_sentence/* say */.cv) `Pin exact versions (${"scikit-learn==1.9.1"}), those of their dependencies as well: ${"uv pip compile"} writes them.`);
    }
}
/** With `uv.lock` MLflow restores exactly what it holds, instead of the declared dependencies. */
async function checkLock(checkout, lock, content, findings) {
    const project = external_node_path_.posix.join(external_node_path_.posix.dirname(lock), "pyproject.toml");
    for (const path of [lock, project]) {
        const unseen = describeUnseen(await checkout.held(path));
        if (unseen !== undefined)
            findings.problem((0,core_sentence/* say */.cv) `${path} ${unseen}.`, (0,core_sentence/* say */.cv) `Commit ${"uv.lock"} and ${"pyproject.toml"} together.`);
    }
    const names = [...content.matchAll(/^name = "([^"]+)"$/gm)].map((match) => match[1] ?? "");
    if (!names.some(isMlflow)) {
        findings.problem((0,core_sentence/* say */.cv) `${lock} does not hold ${"mlflow"}: the training imports the MLflow of its own environment, not the gate's.`, (0,core_sentence/* say */.cv) `Add it with ${"uv add mlflow-skinny"}.`);
    }
    if (findings.well)
        findings.ok((0,core_sentence/* say */.cv) `${lock} holds exact versions of ${names.length} packages.`);
}

// EXTERNAL MODULE: ./lib/adapters/process/command.js
var command = __webpack_require__(879);
;// CONCATENATED MODULE: ./lib/doctor/check-git.js




/**
 * Whether there is a git that will do, a repository, and a commit to test.
 *
 * @throws GateError when there is not
 */
async function checkGit(checkout, temporary, env, findings) {
    const repository = await (0,open_repository/* openRepository */.h)(checkout.folder, temporary, env, undefined);
    const desk = await repository.desk();
    const version = (await checkout.git(["version"]))?.stdout.trim() ?? "git";
    const branch = desk.branch === undefined ? (0,core_sentence/* say */.cv) `HEAD is detached` : (0,core_sentence/* say */.cv) `HEAD is on ${desk.branch}`;
    findings.ok((0,core_sentence/* say */.cv) `${version}; ${branch} at ${desk.head.slice(0, 12)}.`);
    if (await isOwnedBySomebodyElse(checkout.folder, env)) {
        findings.warning((0,core_sentence/* say */.cv) `The repository belongs to another user, so that git refuses to read it: MLflow records no commit on runs that are made here.`, (0,core_sentence/* say */.cv) `Allow it: ${`git config --global --add safe.directory ${checkout.folder}`}`);
    }
    return desk;
}
/** Asks git as MLflow would, with the user's own settings; the gate's own git trusts the repository. */
async function isOwnedBySomebodyElse(folder, env) {
    const file = await (0,which/* which */.K)("git", env.PATH, folder);
    if (file === undefined)
        return false;
    const asked = await (0,command/* run */.e)(file, ["rev-parse", "--git-dir"], {
        cwd: folder,
        env: { PATH: env.PATH ?? "", HOME: env.HOME ?? "", LC_ALL: "C" },
    });
    return asked.exitCode !== 0 && /dubious ownership/.test(asked.stderr);
}
/** Whether ancestry can be told, and which branch's record counts for a check at this desk. */
async function checkHistory(checkout, desk, findings) {
    const shallow = await checkout.git(["rev-parse", "--is-shallow-repository"]);
    if (shallow?.stdout.trim() === "true") {
        findings.problem((0,core_sentence/* say */.cv) `The history is shallow: the fork point and the commits of recorded runs cannot be found.`, (0,core_sentence/* say */.cv) `Fetch the rest with ${"git fetch --unshallow"}; in a workflow set ${"fetch-depth: 0"} for actions/checkout.`);
    }
    else
        findings.ok((0,core_sentence/* say */.cv) `The history is whole.`);
    if (desk.defaultBranch !== undefined)
        return;
    const remotes = (await checkout.git(["remote"]))?.stdout.trim() ?? "";
    if (desk.branch === undefined) {
        findings.warning((0,core_sentence/* say */.cv) `HEAD is detached and the remote's default branch is not known here, so a check at this desk cannot tell whose record counts.`, (0,core_sentence/* say */.cv) `Give it the branch: ${"repro-gate check --base main"}.`);
    }
    else if (remotes !== "") {
        findings.warning((0,core_sentence/* say */.cv) `The remote's default branch is not known here: a check at this desk takes the record of ${desk.branch} itself.`, (0,core_sentence/* say */.cv) `Ask for it once with ${"git remote set-head origin --auto"}, or give ${"--base main"}.`);
    }
}
/** Uncommitted changes: the gate tests commits, never the working tree. */
function checkWorkingTree(desk, findings) {
    if (desk.changed.length === 0) {
        findings.ok((0,core_sentence/* say */.cv) `No tracked file has uncommitted changes.`);
        return;
    }
    findings.warning((0,core_sentence/* say */.cv) `Tracked files have uncommitted changes: ${(0,core_sentence/* list */.p_)(desk.changed, 5)}. What follows looks at them; the gate tests HEAD without them.`, (0,core_sentence/* say */.cv) `Commit them; a check at this desk refuses to run otherwise, unless ${"--allow-dirty"} is given.`);
}

// EXTERNAL MODULE: ./lib/config/mlproject.js
var mlproject = __webpack_require__(960);
// EXTERNAL MODULE: ./lib/core/parameters.js + 1 modules
var parameters = __webpack_require__(5264);
// EXTERNAL MODULE: ./lib/gate/read-project.js
var read_project = __webpack_require__(8607);
;// CONCATENATED MODULE: ./lib/doctor/placeholders.js
/**
 * Placeholders of a command that MLflow cannot fill: Python's `str.format` fails on every `{name}` that is no
 * declared parameter, which is what `${HOME}` and awk's braces look like to it. A lone brace is in the list as itself.
 */
function unknownPlaceholders({ command, parameters }) {
    const unknown = new Set();
    for (let index = 0; index < command.length; index++) {
        const character = command[index];
        if (character !== "{" && character !== "}")
            continue;
        if (command[index + 1] === character) {
            index++;
            continue;
        }
        const end = command.indexOf("}", index);
        if (character === "}" || end < 0) {
            unknown.add(character);
            continue;
        }
        const field = command.slice(index + 1, end);
        // Behind the name may stand a conversion, a format, an index: `{x!r}`, `{x:>8}`, `{x[0]}`.
        const name = /^[^!:[]*/.exec(field)?.[0] ?? "";
        if (!parameters.has(name) || name.includes("."))
            unknown.add(`{${field}}`);
        index = end;
    }
    return [...unknown];
}

;// CONCATENATED MODULE: ./lib/doctor/check-project.js








/** Finds and parses the MLproject, and names everything that is wrong with it. */
async function checkProject(checkout, settings, findings) {
    const { path } = settings;
    const names = await checkout.names(path);
    const found = names?.find((name) => name.toLowerCase() === "mlproject");
    if (names === undefined || found === undefined) {
        await reportAbsence(checkout, path, names !== undefined, findings);
        return undefined;
    }
    const file = external_node_path_.posix.join(path, found);
    const content = await checkout.readText(file);
    if (content === undefined) {
        findings.problem((0,core_sentence/* say */.cv) `${file} cannot be read: the gate wants a regular file and follows no symbolic link.`);
        return undefined;
    }
    const unseen = describeUnseen(await checkout.held(file));
    if (unseen !== undefined)
        findings.problem((0,core_sentence/* say */.cv) `${file} ${unseen}: the gate only sees commits.`, (0,core_sentence/* say */.cv) `Commit it.`);
    const parsed = (0,mlproject/* parseMlProject */.I)(file, content, names);
    if ("problems" in parsed) {
        for (const { where, sentence } of parsed.problems)
            findings.problem((0,core_sentence/* say */.cv) `${where}: ${sentence}`);
        return undefined;
    }
    const { project } = parsed;
    if (project.environment.kind === "docker") {
        findings.problem((0,core_sentence/* say */.cv) `${file} declares ${"docker_env"}, which the gate does not run: a container sees paths and variables of the host.`, (0,core_sentence/* say */.cv) `Declare ${"python_env"} or ${"conda_env"}.`);
    }
    const entryPoint = selectEntryPoint(project, settings, findings);
    if (entryPoint !== undefined)
        checkCommand(file, entryPoint, findings);
    if (findings.well && entryPoint !== undefined) {
        findings.ok((0,core_sentence/* say */.cv) `${file}: entry point ${entryPoint.name} with ${entryPoint.parameters.size} ${entryPoint.parameters.size === 1 ? ["parameter"] : ["parameters"]}.`);
    }
    return { path, project, entryPoint, names, settings };
}
/** Folders that hold an MLproject, "" for the root. */
async function foldersOfProjects(checkout) {
    const files = await checkout.files();
    return files.filter((file) => /(?:^|\/)mlproject$/i.test(file)).map((file) => file.slice(0, -"/mlproject".length));
}
async function reportAbsence(checkout, path, isFolder, findings) {
    const elsewhere = await foldersOfProjects(checkout);
    const shown = path === "" ? (0,core_sentence/* say */.cv) `The root of the repository` : (0,core_sentence/* say */.cv) `The folder ${path}`;
    const lack = isFolder ? (0,core_sentence/* say */.cv) `has no file ${"MLproject"}` : (0,core_sentence/* say */.cv) `does not exist`;
    const [first] = elsewhere;
    if (first === undefined) {
        findings.problem((0,core_sentence/* say */.cv) `${shown} ${lack}, and no other folder has one.`, (0,core_sentence/* say */.cv) `The gate re-executes MLflow projects: add an ${"MLproject"} with the entry point of the training.`);
        return;
    }
    findings.problem((0,core_sentence/* say */.cv) `${shown} ${lack}; there is one in ${(0,core_sentence/* list */.p_)(elsewhere.map((folder) => folder || "."))}.`, (0,core_sentence/* say */.cv) `Name its folder: ${`path: ${first || "."}`} of a project in ${".github/repro-gate.yml"}, or ${`--project ${first || "."}`}.`);
}
function selectEntryPoint(project, settings, findings) {
    try {
        return (0,read_project/* findEntryPoint */.c)(project, settings.entryPoint);
    }
    catch (error) {
        if (!(error instanceof gate_error/* GateError */.ue))
            throw error;
        findings.problem(error.sentence);
        return undefined;
    }
}
function checkCommand(file, entryPoint, findings) {
    const unknown = unknownPlaceholders(entryPoint);
    if (unknown.length > 0) {
        findings.problem((0,core_sentence/* say */.cv) `${file}: the command of ${entryPoint.name} contains ${(0,core_sentence/* list */.p_)(unknown)}, which MLflow takes for parameters that are not declared.`, (0,core_sentence/* say */.cv) `Declare them, or double the braces that are meant literally: ${"${{HOME}}"}.`);
    }
    const quoted = [...entryPoint.parameters.keys()].filter((name) => (0,parameters/* quotesPlaceholder */.Fk)(entryPoint.command, name));
    if (quoted.length > 0) {
        findings.warning((0,core_sentence/* say */.cv) `${file}: the command of ${entryPoint.name} puts quotes around ${(0,core_sentence/* list */.p_)(quoted.map((name) => `{${name}}`))}. MLflow quotes values itself, so inside them a value with a space or a ${"$"} is acted on by the shell, and the gate refuses to pass it.`, (0,core_sentence/* say */.cv) `Remove the quotes around the placeholders.`);
    }
}
/** Whether every parameter will have a value, and every configured one a place. */
function checkParameters({ entryPoint, settings }, findings) {
    if (entryPoint === undefined)
        return;
    const { problems } = (0,parameters/* planParameters */.mV)(entryPoint, undefined, settings.parameters, settings.labels, undefined);
    for (const { reason, sentence } of problems) {
        if (reason !== "parameters-unavailable")
            findings.problem(sentence);
    }
    const given = (name) => settings.parameters.has(name) || settings.labels.has(name);
    const required = [...entryPoint.parameters.values()]
        .filter(({ name, defaultValue }) => defaultValue === undefined && !given(name))
        .map(({ name }) => name);
    if (required.length > 0) {
        findings.warning((0,core_sentence/* say */.cv) `The entry point ${entryPoint.name} requires ${(0,core_sentence/* list */.p_)(required)}, to which neither the configuration nor a default gives a value: only a recorded baseline does, and without one nothing can be executed.`, (0,core_sentence/* say */.cv) `Nothing to do where a baseline records them. Else set ${`parameters: { ${required.join(": …, ")}: … }`} in ${".github/repro-gate.yml"}.`);
    }
    else if (findings.well)
        findings.ok((0,core_sentence/* say */.cv) `Every parameter of ${entryPoint.name} has a value.`);
}

// EXTERNAL MODULE: ./lib/adapters/mlflow/toolchain/toolchain.js
var toolchain_toolchain = __webpack_require__(5599);
// EXTERNAL MODULE: ./lib/toolchain-cache.js
var toolchain_cache = __webpack_require__(3867);
;// CONCATENATED MODULE: ./lib/doctor/check-toolchain.js






/** Whether this machine has, or can get, the programs that an execution needs. Nothing is installed. */
async function checkToolchain(folder, managers, env, findings) {
    const cacheFolder = (0,toolchain_cache/* desktopCache */.L)(env);
    const signal = new AbortController().signal;
    const toolchain = new toolchain_toolchain/* Toolchain */.E({ env, cacheFolder, workspace: folder, signal, announce: () => { } });
    const onPath = (name) => (0,which/* which */.K)(name, env.PATH, folder);
    // Throws with its own advice when there is none.
    const python = await toolchain.python();
    findings.ok((0,core_sentence/* say */.cv) `Python for MLflow: ${python}.`);
    const uv = await onPath("uv");
    if (uv !== undefined)
        findings.ok((0,core_sentence/* say */.cv) `uv: ${uv}.`);
    else if (await hasPip(python, env)) {
        findings.info((0,core_sentence/* say */.cv) `uv is not on PATH: ${pins/* UV_VERSION */.t0} is installed into ${cacheFolder} on first use.`);
    }
    else {
        findings.problem((0,core_sentence/* say */.cv) `uv is not on PATH, and ${python} has no pip to install it with.`, (0,core_sentence/* say */.cv) `Install uv (https://docs.astral.sh/uv/), or Python's pip.`);
    }
    const mlflow = await toolchain.mlflowOnPath();
    const own = (0,core_sentence/* say */.cv) `${pins/* MLFLOW_VERSION */.fI} is installed into ${cacheFolder} on first use.`;
    if (managers.has("local") && mlflow === undefined) {
        findings.problem((0,core_sentence/* say */.cv) `${"env-manager: local"} uses the MLflow of PATH, and there is none that can be started.`, (0,core_sentence/* say */.cv) `Install the project's requirements first, or use ${"env-manager: uv"}.`);
    }
    else if (mlflow === undefined) {
        findings.info((0,core_sentence/* say */.cv) `PATH has no MLflow that the gate can start: ${own}`);
    }
    else if (!(0,pins/* isAtLeast */.du)(mlflow.version, pins/* OLDEST_WITH_UV */.HE) && !managers.has("local")) {
        findings.info((0,core_sentence/* say */.cv) `MLflow ${mlflow.version} on PATH cannot use uv (from ${pins/* OLDEST_WITH_UV */.HE.join(".")} on it can): ${own}`);
    }
    else
        findings.ok((0,core_sentence/* say */.cv) `MLflow ${mlflow.version}: ${mlflow.file}.`);
    if (managers.has("virtualenv") && (await onPath("pyenv")) === undefined) {
        findings.problem((0,core_sentence/* say */.cv) `${"env-manager: virtualenv"} needs pyenv even where the right Python is installed, and it is not on PATH.`, (0,core_sentence/* say */.cv) `Install pyenv, or use ${"env-manager: uv"}.`);
    }
    if (managers.has("conda") && (await onPath("conda")) === undefined) {
        findings.problem((0,core_sentence/* say */.cv) `The project's environment needs conda, which is not on PATH.`, (0,core_sentence/* say */.cv) `Install conda, or declare ${"python_env"} instead of ${"conda_env"}.`);
    }
}
async function hasPip(python, env) {
    const script = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)";
    const asked = await (0,command/* run */.e)(python, ["-I", "-c", script], { cwd: "/", env: { PATH: env.PATH ?? "" } });
    return asked.exitCode === 0;
}

// EXTERNAL MODULE: ./lib/adapters/mlflow/open-stores.js + 6 modules
var open_stores = __webpack_require__(1883);
// EXTERNAL MODULE: ./lib/config/tracking-address.js
var tracking_address = __webpack_require__(324);
;// CONCATENATED MODULE: ./lib/doctor/check-tracking.js








/**
 * The tracking store that a check at this desk would use: environment, then configuration; undefined for the embedded
 * server, and for a name that is no store, which is reported.
 *
 * @throws GateError for an address that cannot be one
 */
function locateTracking(env, config, findings) {
    const variable = env.MLFLOW_TRACKING_URI;
    if (variable?.trim() === "") {
        findings.problem((0,core_sentence/* say */.cv) `${"MLFLOW_TRACKING_URI"} is set but empty.`, (0,core_sentence/* say */.cv) `Give it an address, or ${"unset"} it so that an embedded server is used. In a workflow it is most often a secret that is missing there.`);
        return undefined;
    }
    if (variable !== undefined)
        return (0,tracking_address/* parseTrackingUri */.X)(variable.trim(), "MLFLOW_TRACKING_URI");
    const configured = config?.trackingUri;
    if (configured !== undefined && configured !== "auto") {
        return (0,tracking_address/* parseTrackingUri */.X)(configured, `tracking-uri in ${config_file/* DEFAULT_CONFIG_PATH */.Bi}`);
    }
    findings.info((0,core_sentence/* say */.cv) `No tracking server is named: each check starts one of its own that ends with it, and makes its baseline by executing the fork point.`, (0,core_sentence/* say */.cv) `To compare with recorded runs, set ${"MLFLOW_TRACKING_URI"}, or ${"tracking-uri"} in ${config_file/* DEFAULT_CONFIG_PATH */.Bi}.`);
    return undefined;
}
/** Whether a store on this machine is there. */
async function checkLocalStore(checkout, location, findings) {
    const path = (0,external_node_path_.resolve)(checkout.folder, location.kind === "sqlite" ? location.file : location.path);
    const found = await (0,promises_.stat)(path).catch(() => undefined);
    if (found === undefined) {
        findings.warning((0,core_sentence/* say */.cv) `The tracking store ${path} does not exist: the gate would begin an empty one, without a baseline.`, (0,core_sentence/* say */.cv) `Name the store that holds the recorded runs. A relative path starts at the repository's root.`);
    }
    else if (location.kind === "sqlite" ? !found.isFile() : !found.isDirectory()) {
        findings.problem((0,core_sentence/* say */.cv) `The tracking store ${path} is not a ${location.kind === "sqlite" ? "file" : "folder"}.`);
    }
    else if (location.kind === "sqlite")
        findings.ok((0,core_sentence/* say */.cv) `The tracking store is the file ${path}.`);
    else {
        findings.info((0,core_sentence/* say */.cv) `The tracking store is the folder ${path}, a kind of store that MLflow is giving up: from 3.13 on it refuses it unless ${"MLFLOW_ALLOW_FILE_STORE"} is set.`, (0,core_sentence/* say */.cv) `Move it to a database with ${"mlflow migrate-filestore"}.`);
    }
}
/** MLflow's own store inside git: it goes stale there and makes plain `mlflow run` fail. */
async function checkCommittedStore(checkout, folders, findings) {
    for (const folder of new Set(["", ...folders])) {
        const path = external_node_path_.posix.join(folder, "mlruns");
        if ((await checkout.held(path)) !== "committed")
            continue;
        findings.warning((0,core_sentence/* say */.cv) `The repository holds the MLflow store ${path}: the gate does not look there for a baseline, and from MLflow 3.13 on ${"mlflow run"} fails beside it.`, (0,core_sentence/* say */.cv) `Take it out with ${`git rm -r --cached ${path}`} and add ${"mlruns/"} to ${".gitignore"}; keep the runs on a tracking server.`);
    }
}
/**
 * Asks a tracking server once, with the credentials that the gate would use, and hands it to `look` when it answers.
 *
 * @throws GateError `tracker-*` when it does not
 */
async function checkServer(checkout, location, config, env, findings, look) {
    const { host, hostname, protocol } = new URL(location.uri);
    const credentials = await credentialsOf(location, env);
    if (location.password !== undefined) {
        findings.warning((0,core_sentence/* say */.cv) `The tracking URI of ${host} holds a password, which MLflow prints with every run.`, (0,core_sentence/* say */.cv) `Use ${"MLFLOW_TRACKING_USERNAME"} and ${"MLFLOW_TRACKING_PASSWORD"}.`);
    }
    const loopback = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
    if (protocol === "http:" && !loopback && credentials.some((secret) => secret !== undefined)) {
        findings.warning((0,core_sentence/* say */.cv) `The credentials of the tracking server ${host} go over plain http, readable by everyone on the way.`, (0,core_sentence/* say */.cv) `Use ${"https"}.`);
    }
    const { client, close } = await (0,open_stores/* openServer */.C)(location.uri, (0,config_inputs/* parseInputs */.TL)({}).inputs, {
        ...env,
        MLFLOW_TRACKING_USERNAME: env.MLFLOW_TRACKING_USERNAME || location.username,
        MLFLOW_TRACKING_PASSWORD: env.MLFLOW_TRACKING_PASSWORD || location.password,
        MLFLOW_TRACKING_SERVER_CERT_PATH: config?.caFile ?? env.MLFLOW_TRACKING_SERVER_CERT_PATH,
    }, checkout.folder);
    try {
        // Health alone proves nothing: it answers while every call of the API is refused.
        await client.getExperiment("0");
        findings.ok((0,core_sentence/* say */.cv) `The tracking server ${host} answers.`);
        await look(client);
    }
    finally {
        await close();
    }
}
/** Password and token, wherever MLflow would find them. */
async function credentialsOf(location, env) {
    const file = (0,external_node_path_.join)(env.HOME ?? (0,external_node_os_.homedir)(), ".mlflow", "credentials");
    const stored = (0,tracking_address/* parseCredentialsFile */.e)(await (0,promises_.readFile)(file, "utf8").catch(() => ""));
    const password = env.MLFLOW_TRACKING_PASSWORD || location.password || stored.password;
    return [password, env.MLFLOW_TRACKING_TOKEN || undefined];
}
/** What may not be printed, whoever puts it into a message. */
function secretsOf(env, config) {
    const passwords = [env.MLFLOW_TRACKING_URI, config?.trackingUri].flatMap((uri) => {
        const password = uri !== undefined && URL.canParse(uri) ? new URL(uri).password : "";
        return [password, safeDecode(password)];
    });
    const secrets = [env.MLFLOW_TRACKING_PASSWORD ?? "", env.MLFLOW_TRACKING_TOKEN ?? "", ...passwords];
    return secrets.filter((secret) => secret !== "");
}
function safeDecode(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        return text;
    }
}

;// CONCATENATED MODULE: ./lib/doctor/finding.js
/** The findings of one check, in the order in which they were made. */
class Findings {
    check;
    found = [];
    constructor(check) {
        this.check = check;
    }
    ok(message) {
        this.add("ok", message, []);
    }
    info(message, advice = []) {
        this.add("info", message, advice);
    }
    warning(message, advice = []) {
        this.add("warning", message, advice);
    }
    problem(message, advice = []) {
        this.add("problem", message, advice);
    }
    /** Whether nothing is worse than worth knowing, so that "all is well" may be said. */
    get well() {
        return this.found.every(({ status }) => status === "ok" || status === "info");
    }
    add(status, message, advice) {
        this.found.push({ check: this.check, status, message, advice });
    }
}

// EXTERNAL MODULE: ./lib/core/near-miss.js
var near_miss = __webpack_require__(5930);
;// CONCATENATED MODULE: ./lib/doctor/workflow.js





/** Events under which the gate executes nothing, since a stranger's code would get the repository's own token. */
const REFUSED_EVENTS = ["pull_request_target", "workflow_run", "issue_comment"];
/** Events that it knows; `workflow_call` takes the caller's. */
const KNOWN_EVENTS = [
    "pull_request",
    "push",
    "merge_group",
    "schedule",
    "workflow_dispatch",
    "release",
    "workflow_call",
];
/**
 * Looks for the commonest mistakes in one workflow file; false when it does not use the gate.
 */
function examineWorkflow(file, content, context, findings) {
    const parsed = (0,config_yaml/* parseYaml */.h)(file, content);
    if ("problems" in parsed) {
        if (!/mlflow-repro-gate/.test(content))
            return false;
        // Later ones follow from the first.
        const [first] = parsed.problems;
        if (first !== undefined)
            findings.problem((0,core_sentence/* say */.cv) `${first.where}: ${first.sentence}`);
        return true;
    }
    const { yaml } = parsed;
    const uses = gateSteps(yaml, context.isGate);
    if (uses.length === 0)
        return false;
    const events = eventsOf(entry(yaml.root, "on"));
    examineEvents(file, yaml, events, findings);
    for (const job of new Set(uses.map(({ name }) => name))) {
        const first = uses.find(({ name }) => name === job);
        if (first !== undefined)
            examineJob(yaml, first, events, context, findings);
    }
    for (const step of uses)
        examineStep(yaml, step, events, findings);
    return true;
}
function gateSteps(yaml, isGate) {
    return entries(entry(yaml.root, "jobs")).flatMap(([name, job]) => {
        const steps = items(entry(job, "steps"));
        return steps.flatMap((step, index) => isGate(yaml_access_text(entry(step, "uses")) ?? "") ? [{ name, job, steps, index, step }] : []);
    });
}
function eventsOf(node) {
    if (node?.kind === "scalar")
        return [node.text];
    if (node?.kind === "list")
        return node.items.flatMap((item) => yaml_access_text(item) ?? []);
    return entries(node).map(([name]) => name);
}
function examineEvents(file, yaml, events, findings) {
    for (const event of events) {
        const where = yaml.where(["on", event]);
        if (REFUSED_EVENTS.includes(event)) {
            findings.problem((0,core_sentence/* say */.cv) `${where}: under ${event} a change would run with the repository's own token and secrets, so the gate executes nothing.`, (0,core_sentence/* say */.cv) `Use ${"pull_request"}, which gives forks neither.`);
        }
        else if (!KNOWN_EVENTS.includes(event)) {
            findings.warning((0,core_sentence/* say */.cv) `${where}: the gate does not run on ${event}.`, (0,core_sentence/* say */.cv) `Remove it, or skip the job for it.`);
        }
    }
    // A refused event was answered with `pull_request` already.
    const answered = events.includes("workflow_call") || events.some((event) => REFUSED_EVENTS.includes(event));
    if (!answered && !events.includes("pull_request")) {
        findings.warning((0,core_sentence/* say */.cv) `${file} is not triggered by ${"pull_request"}: no pull request is gated.`, (0,core_sentence/* say */.cv) `Add ${"pull_request:"} below ${"on:"}.`);
    }
    else if (events.includes("pull_request") && !events.includes("merge_group")) {
        findings.warning((0,core_sentence/* say */.cv) `${file} is not triggered by ${"merge_group"}: as a required check it would hold up a merge queue for ever.`, (0,core_sentence/* say */.cv) `Add ${"merge_group:"} below ${"on:"}, unless the repository has no merge queue.`);
    }
    for (const filter of ["paths", "paths-ignore"]) {
        if (entry(entry(entry(yaml.root, "on"), "pull_request"), filter) === undefined)
            continue;
        findings.warning((0,core_sentence/* say */.cv) `${yaml.where(["on", "pull_request", filter])}: with ${filter} the workflow does not start for other changes, and as a required check it then stays pending for ever.`, (0,core_sentence/* say */.cv) `Remove the filter where the check is required.`);
    }
}
function examineJob(yaml, { name, job, steps, index }, events, context, findings) {
    const where = yaml.where(["jobs", name]);
    examineCheckout(yaml, name, steps.slice(0, index), findings);
    examinePermissions(yaml, name, job, events, context, findings);
    if (yaml_access_text(entry(job, "continue-on-error")) === "true") {
        findings.warning((0,core_sentence/* say */.cv) `${where}: with ${"continue-on-error"} the workflow is green whatever the gate says.`, (0,core_sentence/* say */.cv) `Remove it; ${"enforce: false"} says openly that the gate only advises.`);
    }
}
function examineCheckout(yaml, job, before, findings) {
    const usesOf = (step) => yaml_access_text(entry(step, "uses")) ?? "";
    const at = before.findLastIndex((step) => /^actions\/checkout(?:@|$)/.test(usesOf(step)));
    const checkout = before[at];
    if (checkout === undefined) {
        const other = before.some((step) => /checkout/i.test(usesOf(step)) || /\bgit\b/.test(yaml_access_text(entry(step, "run")) ?? ""));
        if (other)
            return;
        findings.problem((0,core_sentence/* say */.cv) `${yaml.where(["jobs", job])}: no step before the gate checks the repository out.`, (0,core_sentence/* say */.cv) `Put ${"uses: actions/checkout"} with ${"fetch-depth: 0"} before it.`);
        return;
    }
    const where = yaml.where(["jobs", job, "steps", at]);
    const path = yaml_access_text(entry(entry(checkout, "with"), "path"));
    if (path !== undefined && !/^\.?\/?$/.test(path)) {
        findings.problem((0,core_sentence/* say */.cv) `${where}: the repository is checked out into ${path}, and the gate looks for it in the workspace itself.`, (0,core_sentence/* say */.cv) `Remove ${"path"} from actions/checkout.`);
    }
    const depth = yaml_access_text(entry(entry(checkout, "with"), "fetch-depth"));
    if (depth === "0" || depth?.includes("${{") === true)
        return;
    findings.warning((0,core_sentence/* say */.cv) `${where}: actions/checkout fetches ${depth === undefined || depth === "1" ? ["one commit"] : (0,core_sentence/* say */.cv) `${depth} commits`}, so the gate has to fetch the history itself.`, (0,core_sentence/* say */.cv) `Set ${"fetch-depth: 0"}.`);
}
function examinePermissions(yaml, job, node, events, context, findings) {
    const own = entry(node, "permissions");
    const permissions = own ?? entry(yaml.root, "permissions");
    const where = yaml.where(own === undefined ? ["permissions"] : ["jobs", job, "permissions"]);
    const advice = (0,core_sentence/* say */.cv) `Give the job ${"contents: read"} and ${"pull-requests: write"}.`;
    if (permissions === undefined) {
        findings.warning((0,core_sentence/* say */.cv) `${yaml.where(["jobs", job])}: without ${"permissions"} the repository's default holds: too little for the comment, or more than code under test should have.`, advice);
        return;
    }
    const all = yaml_access_text(permissions);
    const granted = (scope) => all?.replace(/-all$/, "") ?? yaml_access_text(entry(permissions, scope)) ?? "none";
    if (granted("contents") === "none") {
        findings.warning((0,core_sentence/* say */.cv) `${where}: without ${"contents: read"} a private repository can neither be checked out nor its history fetched.`, advice);
    }
    if (granted("pull-requests") !== "write" && events.includes("pull_request") && !context.neverComments) {
        findings.warning((0,core_sentence/* say */.cv) `${where}: without ${"pull-requests: write"} the gate cannot comment; its report is then only in the job's summary.`, (0,core_sentence/* say */.cv) `Add ${"pull-requests: write"}, or set ${"comment: never"}.`);
    }
    if (granted("id-token") === "write") {
        findings.warning((0,core_sentence/* say */.cv) `${where}: ${"id-token: write"} lets the code under test sign in elsewhere as this workflow.`, (0,core_sentence/* say */.cv) `Take it from the job that runs the gate.`);
    }
}
function examineStep(yaml, { name, job, index, step }, events, findings) {
    const path = ["jobs", name, "steps", index];
    if (yaml_access_text(entry(step, "continue-on-error")) === "true") {
        findings.warning((0,core_sentence/* say */.cv) `${yaml.where([...path, "continue-on-error"])}: the job is green whatever the gate says.`, (0,core_sentence/* say */.cv) `Remove it; ${"enforce: false"} says openly that the gate only advises.`);
    }
    examineInputs(yaml, path, step, findings);
    const sources = [
        [yaml_access_text(entry(entry(step, "with"), "tracking-uri")), [...path, "with", "tracking-uri"]],
        [yaml_access_text(entry(entry(step, "env"), VARIABLE)), [...path, "env", VARIABLE]],
        [yaml_access_text(entry(entry(job, "env"), VARIABLE)), ["jobs", name, "env", VARIABLE]],
        [yaml_access_text(entry(entry(yaml.root, "env"), VARIABLE)), ["env", VARIABLE]],
    ];
    const secret = sources.find(([value]) => value !== undefined && /\$\{\{(?!.*\|\|).*\bsecrets\b/s.test(value));
    if (secret !== undefined && events.includes("pull_request")) {
        findings.warning((0,core_sentence/* say */.cv) `${yaml.where(secret[1])}: the tracking address comes from a secret, which pull requests of forks and of Dependabot do not get: there it is empty, which is an error.`, (0,core_sentence/* say */.cv) `Write the address into ${".github/repro-gate.yml"}, since only the credentials are secret; or fall back to a server of the job's own: ${"${{ secrets.… || 'auto' }}"}.`);
    }
}
const VARIABLE = "MLFLOW_TRACKING_URI";
/** The values of `with:` as the gate will parse them; expressions are known only when the workflow runs. */
function examineInputs(yaml, path, step, findings) {
    const names = Object.keys(config_inputs/* INPUTS */.mc);
    const raw = {};
    const unknown = [];
    for (const [written, node] of entries(entry(step, "with"))) {
        const input = names.find((name) => name === written.toLowerCase());
        const value = yaml_access_text(node) ?? "";
        if (input === undefined)
            unknown.push(written);
        else if (!value.includes("${{"))
            raw[input] = value;
    }
    for (const name of unknown) {
        const near = (0,near_miss/* nearMiss */.b)(name, names);
        findings.problem((0,core_sentence/* say */.cv) `${yaml.where([...path, "with", name])}: there is no input ${name}${near === undefined ? (0,core_sentence/* say */.cv) `.` : (0,core_sentence/* say */.cv) `; did you mean ${near}?`}`, near === undefined ? (0,core_sentence/* say */.cv) `The inputs are ${(0,core_sentence/* list */.p_)(names, 30)}.` : []);
    }
    for (const { where, sentence } of (0,config_inputs/* parseInputs */.TL)(raw).problems) {
        findings.problem((0,core_sentence/* say */.cv) `${yaml.where([...path, "with", where])}: ${where}: ${sentence}`);
    }
}

;// CONCATENATED MODULE: ./lib/doctor/check-workflows.js





const FOLDER = ".github/workflows";
/** Looks at every workflow that uses the gate. */
async function checkWorkflows(checkout, neverComments, findings) {
    const names = (await checkout.names(FOLDER)) ?? [];
    const users = [];
    for (const name of names.filter((candidate) => /\.ya?ml$/.test(candidate))) {
        const file = external_node_path_.posix.join(FOLDER, name);
        const content = await checkout.readText(file);
        if (content === undefined)
            continue;
        const local = await localGates(checkout, content);
        const isGate = (uses) => uses.includes("mlflow-repro-gate") || local.has(uses);
        const own = new Findings("workflow");
        if (!examineWorkflow(file, content, { isGate, neverComments }, own))
            continue;
        users.push(file);
        findings.found.push(...own.found);
        const unseen = describeUnseen(await checkout.held(file));
        if (unseen !== undefined)
            findings.warning((0,core_sentence/* say */.cv) `${file} ${unseen}: it runs once it is pushed.`, (0,core_sentence/* say */.cv) `Commit it.`);
        else if (own.well)
            findings.ok((0,core_sentence/* say */.cv) `${file} uses the gate as intended.`);
    }
    if (users.length > 0)
        return;
    const others = names.length === 0 ? (0,core_sentence/* say */.cv) `There is no workflow` : (0,core_sentence/* say */.cv) `No workflow among ${(0,core_sentence/* list */.p_)(names, 5)} uses the gate`;
    findings.info((0,core_sentence/* say */.cv) `${others}: nothing is gated yet.`, (0,core_sentence/* say */.cv) `Add ${`${FOLDER}/repro-gate.yml`} with ${"on: [pull_request, merge_group]"}, ${"permissions: { contents: read, pull-requests: write }"}, and a job with the steps ${"uses: actions/checkout"} (${"fetch-depth: 0"}) and ${"uses: OWNER/mlflow-repro-gate@v1"}.`);
}
/** Those of a workflow's `uses: ./…` whose folder holds this action. */
async function localGates(checkout, content) {
    const found = new Set();
    for (const match of content.matchAll(/uses:\s*["']?(\.(?:\/[^\s"'#]*)?)/g)) {
        const uses = match[1] ?? "";
        const folder = external_node_path_.posix.normalize(uses);
        if (folder.startsWith(".."))
            continue;
        for (const name of ["action.yml", "action.yaml"]) {
            const action = await checkout.readText(external_node_path_.posix.join(folder, name));
            if (/^name:.*Reproducibility Gate/m.test(action ?? ""))
                found.add(uses);
        }
    }
    return found;
}

;// CONCATENATED MODULE: ./lib/doctor/examine.js

















/** Looks for mistakes in a repository's set-up, executing nothing of it and writing nothing into it. */
async function examine(options) {
    const temporary = await (0,promises_.mkdtemp)((0,external_node_path_.join)(await (0,promises_.realpath)((0,external_node_os_.tmpdir)()), "repro-gate-doctor-"));
    try {
        const folder = await (0,open_repository/* findTopLevel */.T)(options.cwd, options.env);
        const checkout = await Checkout.open(folder, temporary, options.env);
        return await new Examiner(checkout, temporary, options).examine();
    }
    finally {
        await (0,promises_.rm)(temporary, { recursive: true, force: true, maxRetries: 3 });
    }
}
/** One examination; a check that fails is a finding and keeps no other from being made. */
class Examiner {
    #checkout;
    #temporary;
    #options;
    #sections = [];
    constructor(checkout, temporary, options) {
        this.#checkout = checkout;
        this.#temporary = temporary;
        this.#options = options;
    }
    async examine() {
        const checkout = this.#checkout;
        const { env } = this.#options;
        await this.#examineGit();
        const configured = (await this.#check("configuration", (findings) => checkConfiguration(checkout, findings))) ?? {
            config: undefined,
            readable: false,
        };
        const wanted = await this.#settings(configured);
        const projects = [];
        for (const settings of wanted) {
            const project = (await this.#examineProject(settings)) ?? (await this.#examineUnnamed(configured, settings));
            if (project !== undefined)
                projects.push(project);
        }
        const managers = new Set(projects.map(({ project, settings }) => environmentManager(settings.envManager, project.environment)));
        await Promise.all([
            this.#check("toolchain", (findings) => checkToolchain(checkout.folder, managers, env, findings)),
            this.#examineTracking(configured, wanted, projects),
            this.#check("workflow", (findings) => checkWorkflows(checkout, configured.config?.comment === "never", findings)),
        ]);
        return {
            folder: checkout.folder,
            findings: this.#sections.flatMap(({ found }) => found),
            secrets: secretsOf(env, configured.config),
        };
    }
    async #examineGit() {
        const checkout = this.#checkout;
        const desk = await this.#check("git", (findings) => checkGit(checkout, this.#temporary, this.#options.env, findings));
        if (desk === undefined)
            return;
        await this.#check("history", (findings) => checkHistory(checkout, desk, findings));
        await this.#check("working-tree", async (findings) => checkWorkingTree(desk, findings));
    }
    async #settings(configured) {
        const { env, project } = this.#options;
        // A configuration that cannot be read says nothing about projects: the only one there is, is meant.
        const only = configured.readable ? undefined : await this.#onlyFolder();
        const name = project ?? (only === "" ? "." : only);
        if (!configured.readable && name === undefined)
            return [];
        const settings = await this.#check("configuration", async (findings) => settingsOf(configured, name, env, findings));
        return settings ?? [];
    }
    async #onlyFolder() {
        const folders = await foldersOfProjects(this.#checkout);
        return folders.length === 1 ? folders[0] : undefined;
    }
    async #examineProject(settings) {
        const checkout = this.#checkout;
        const project = await this.#check("project", (findings) => checkProject(checkout, settings, findings));
        if (project === undefined)
            return undefined;
        await this.#check("parameters", async (findings) => checkParameters(project, findings));
        await this.#check("environment", (findings) => checkEnvironment(checkout, project, findings));
        await this.#check("data", (findings) => checkData(checkout, project, findings));
        return project;
    }
    /** Where nobody names a project and the root has none, the only one there is deserves a look all the same. */
    async #examineUnnamed({ config }, settings) {
        const named = this.#options.project !== undefined || (config?.projects.length ?? 0) > 0;
        const path = named ? undefined : await this.#onlyFolder();
        return path === undefined || path === settings.path ? undefined : this.#examineProject({ ...settings, path });
    }
    async #examineTracking({ config }, wanted, projects) {
        const checkout = this.#checkout;
        const { env } = this.#options;
        const baselines = [];
        const look = async (reader) => {
            for (const settings of wanted) {
                const name = projects.find(({ path }) => path === settings.path)?.project.name;
                const findings = new Findings("baseline");
                baselines.push(findings);
                await guard(findings, () => checkBaseline(reader, checkout, settings, name, findings));
            }
        };
        await this.#check("tracking", async (findings) => {
            const location = locateTracking(env, config, findings);
            const folders = projects.map(({ path }) => path);
            await checkCommittedStore(checkout, folders, findings);
            if (location?.kind === "server")
                await checkServer(checkout, location, config, env, findings, look);
            else if (location !== undefined)
                await checkLocalStore(checkout, location, findings);
        });
        this.#sections.push(...baselines);
    }
    /** Makes one check; its place among the others is where it was begun. */
    async #check(name, body) {
        const findings = new Findings(name);
        this.#sections.push(findings);
        return guard(findings, () => body(findings));
    }
}
async function guard(findings, body) {
    try {
        return await body();
    }
    catch (error) {
        if (error instanceof gate_error/* GateError */.ue)
            findings.problem(error.sentence);
        else
            findings.problem((0,core_sentence/* say */.cv) `This could not be checked: ${(0,gate_error/* messageOf */.bD)(error)}.`);
        return undefined;
    }
}

// EXTERNAL MODULE: ./lib/core/redact.js
var redact = __webpack_require__(8038);
// EXTERNAL MODULE: ./lib/report/untrusted.js
var untrusted = __webpack_require__(5536);
;// CONCATENATED MODULE: ./lib/doctor/render-findings.js


const MARKS = { ok: "✓", info: "·", warning: "!", problem: "✗" };
const COLOURS = { ok: "32", info: "36", warning: "33", problem: "31" };
/** What has to be done stands last, where the eye of a reader of a terminal is. */
const ORDER = ["ok", "info", "warning", "problem"];
const NARROWEST = 60;
/** The findings as a table for people, with the counts in the last line. */
function renderFindings(findings, secrets, style) {
    const paint = (text, code) => (style.colour ? `\u001b[${code}m${text}\u001b[0m` : text);
    const width = Math.max(0, ...findings.map(({ check }) => check.length));
    const indent = width + 4;
    const wrapped = (text) => wrap((0,redact/* redact */.E)(text, secrets), style.columns, indent);
    const rows = ORDER.flatMap((status) => findings.filter((finding) => finding.status === status)).flatMap(({ advice, check, message, status }) => {
        const [first = "", ...rest] = wrapped((0,untrusted/* plainSentence */.Gx)(message));
        const mark = paint(MARKS[status], COLOURS[status]);
        const steps = advice.length === 0 ? [] : wrapped(`→ ${(0,untrusted/* plainSentence */.Gx)(advice)}`);
        return [
            `${mark} ${paint(check.padEnd(width), status === "ok" || status === "info" ? "2" : "1")}  ${first}`,
            ...[...rest, ...steps].map((line) => " ".repeat(indent) + line),
        ];
    });
    const [problems, warnings] = [count(findings, "problem"), count(findings, "warning")];
    const worst = problems > 0 ? "problem" : warnings > 0 ? "warning" : "ok";
    const words = `${plural(problems, "problem")}, ${plural(warnings, "warning")}, ${count(findings, "ok")} in order`;
    return [...rows, "", paint(`${MARKS[worst]} ${words}.`, COLOURS[worst])].join("\n");
}
/** The findings for programs, in the order of the checks. */
function findingsToJson(findings, secrets) {
    const text = (sentence) => (0,redact/* redact */.E)((0,untrusted/* plainSentence */.Gx)(sentence), secrets);
    const document = {
        findings: findings.map(({ advice, check, message, status }) => ({
            check,
            status,
            message: text(message),
            advice: text(advice),
        })),
        problems: count(findings, "problem"),
        warnings: count(findings, "warning"),
    };
    return JSON.stringify(document, null, 2);
}
function count(findings, wanted) {
    return findings.filter(({ status }) => status === wanted).length;
}
function plural(number, noun) {
    return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
/** Breaks at spaces; a word that is longer than a line stays whole, so that it can be copied. */
function wrap(text, columns, indent) {
    if (columns === undefined)
        return [text];
    const room = Math.max(NARROWEST, columns) - indent;
    const lines = [];
    let line = "";
    for (const word of text.split(" ")) {
        if (line !== "" && line.length + 1 + word.length > room) {
            lines.push(line);
            line = word;
        }
        else
            line = line === "" ? word : `${line} ${word}`;
    }
    return [...lines, line];
}

;// CONCATENATED MODULE: ./lib/doctor/run-doctor.js



const PROBLEM = 2;
/**
 * Looks for the commonest mistakes in the set-up of the repository around the current folder, and prints what it
 * finds with what to do about it.
 *
 * @returns the exit status: 0 without a problem, else 2
 */
async function runDoctor(options, world = { cwd: process.cwd(), env: process.env, stdout: process.stdout, stderr: process.stderr }) {
    const { cwd, env, stderr, stdout } = world;
    try {
        const { findings, secrets } = await examine({ project: options.project, cwd, env });
        const terminal = stdout.isTTY === true;
        const text = options.json
            ? findingsToJson(findings, secrets)
            : renderFindings(findings, secrets, {
                colour: terminal && (env.NO_COLOR ?? "") === "",
                columns: terminal ? (stdout.columns ?? 100) : undefined,
            });
        stdout.write(`${text}\n`);
        return count(findings, "problem") > 0 ? PROBLEM : 0;
    }
    catch (error) {
        stderr.write(`repro-gate: ${(0,gate_error/* messageOf */.bD)(error)}\n`);
        return PROBLEM;
    }
}


/***/ })

};
