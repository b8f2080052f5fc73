import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 822:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  g: () => (/* binding */ refuseInputs)
});

;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
// EXTERNAL MODULE: ./lib/config/problems.js
var config_problems = __nccwpck_require__(784);
// EXTERNAL MODULE: ./lib/core/sentence.js
var core_sentence = __nccwpck_require__(998);
;// CONCATENATED MODULE: ./lib/report/untrusted.js
const LONGEST = 200;
/**
 * Text from outside for a markdown document: a code span that nothing inside can end, in which mentions, links,
 * references and HTML are dead, on one line, at most 200 characters. It is the only way such text gets into markdown.
 */
function codeSpan(text, longest = LONGEST) {
    const visible = showInvisible(cut(text, longest));
    if (visible === "")
        return "*(empty)*";
    const fence = "`".repeat(longestRun(visible) + 1);
    // A space at both ends is taken away again, and needed beside a backtick or where the text has spaces itself.
    const pad = /^[` ]|[` ]$/.test(visible) ? " " : "";
    return `${fence}${pad}${visible}${pad}${fence}`;
}
/**
 * Markdown as a cell of a table. A pipe ends a cell even inside a code span unless a backslash stands before it, and
 * a backslash of the text itself would take that backslash away: it is spelled out.
 */
function cell(markdown) {
    return markdown.replaceAll(/\\(?=\|)/g, "\\u{5c}").replaceAll("|", "\\|");
}
/** A block of untrusted lines in a fence that none of them can end. */
function codeBlock(lines, longestLine = 500) {
    const shown = lines.map((line) => showInvisible(cut(line, longestLine)));
    const fence = "`".repeat(Math.max(3, longestRun(shown.join("\n")) + 1));
    return `${fence}text\n${shown.join("\n")}\n${fence}`;
}
/** A sentence as markdown. */
function renderSentence(sentence) {
    return sentence.map((part) => (typeof part === "string" ? part : codeSpan(part.code))).join("");
}
/** A sentence as one line of plain text, for annotations, logs and terminals. */
function plainSentence(sentence) {
    return sentence.map((part) => (typeof part === "string" ? part : showInvisible(cut(part.code, LONGEST)))).join("");
}
/**
 * Makes every character that is not visible as itself visible as `\u{…}`: controls, line breaks, bidirectional and
 * zero-width characters, and lone surrogates.
 */
function showInvisible(text) {
    return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufffe\uffff]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
function cut(text, longest) {
    // Cheap first: segmenting text of megabytes into graphemes is not.
    if (text.length <= longest)
        return text;
    const segments = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text.slice(0, longest * 4));
    const graphemes = Array.from(segments, ({ segment }) => segment);
    return graphemes.length <= longest && text.length <= longest * 4 ? text : `${graphemes.slice(0, longest).join("")}…`;
}
function longestRun(text) {
    return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

;// CONCATENATED MODULE: ./lib/adapters/actions/refuse.js




/**
 * Refuses a step whose inputs are wrong, before anything is loaded: an annotation, the summary and the outputs, written
 * by hand since the toolkit takes longer to load than all of this takes.
 *
 * @returns the exit status
 */
function refuseInputs(problems, env) {
    const sentence = (0,config_problems/* describeProblems */.y)(problems);
    const message = `Fix the inputs of this step. ${(0,core_sentence/* plain */.pj)(sentence)}`
        .replaceAll("%", "%25")
        .replaceAll("\r", "%0D")
        .replaceAll("\n", "%0A");
    process.stdout.write(`::error title=Error (configuration)::${message}\n`);
    append(env.GITHUB_STEP_SUMMARY, `### ⚠️ Error — the inputs of this step are wrong\n\n${renderSentence(sentence)}\n`);
    append(env.GITHUB_OUTPUT, "outcome=error\nreason=configuration\nheadline=error: its configuration is wrong\n");
    return 2;
}
function append(file, text) {
    if (file === undefined || file === "")
        return;
    try {
        (0,external_node_fs_namespaceObject.appendFileSync)(file, text);
    }
    catch {
        // The annotation and the exit status say the same.
    }
}


/***/ }),

/***/ 951:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  TL: () => (/* binding */ parseInputs),
  Ui: () => (/* binding */ readActionInputs)
});

// UNUSED EXPORTS: COMMENT_MODES, ENV_MANAGERS, INPUTS, ON_MISSING_BASELINE, SECRET_INPUTS, notOneOf, parseMinutes, parseRunId

;// CONCATENATED MODULE: ./lib/core/near-miss.js
/**
 * Number of single-character edits between two texts, a swap of neighbours being one (optimal string alignment:
 * https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance).
 */
function editDistance(a, b) {
    let beforePrevious = [];
    let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let i = 0; i < a.length; i++) {
        const current = [i + 1];
        for (let j = 0; j < b.length; j++) {
            const substitution = (previous[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
            const swapped = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
            const swap = swapped ? (beforePrevious[j - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
            current.push(Math.min(substitution, (previous[j + 1] ?? 0) + 1, (current[j] ?? 0) + 1, swap));
        }
        beforePrevious = previous;
        previous = current;
    }
    return previous[b.length] ?? 0;
}
/**
 * The name among `known` that somebody who wrote `text` most likely meant: the closest one, if no more than a third
 * of it differs or one contains the other; undefined when nothing is near.
 */
function nearMiss(text, known) {
    const fold = (name) => name.toLowerCase().replaceAll(/[_.\s-]/g, "-");
    const wanted = fold(text);
    let best;
    for (const name of known) {
        // Names of MLflow are at most 250 characters; beyond that a guess is not worth its quadratic cost.
        if (name === text || name.length > 250 || text.length > 250)
            continue;
        const folded = fold(name);
        const contained = Math.min(wanted.length, folded.length) >= 3 && (folded.includes(wanted) || wanted.includes(folded));
        const distance = contained ? 0.5 : editDistance(wanted, folded);
        if (distance > 0.5 && distance > Math.max(wanted.length, folded.length) / 3)
            continue;
        if (best === undefined || distance < best.distance)
            best = { name, distance };
    }
    return best?.name;
}

// EXTERNAL MODULE: ./lib/core/sentence.js
var sentence = __nccwpck_require__(998);
// EXTERNAL MODULE: ./lib/config/problems.js
var config_problems = __nccwpck_require__(784);
;// CONCATENATED MODULE: ./lib/core/tolerance.js
/** On which side a deviation counts: `higher-is-better` forgives any increase, `lower-is-better` any decrease. */
const DIRECTIONS = ["both", "higher-is-better", "lower-is-better"];
/** `fail` gates, `warn` is judged and shown but never fails, `ignore` is only listed. */
const LEVELS = ["fail", "warn", "ignore"];
const DEFAULT_RULE = {
    tolerance: { kind: "band", relative: 1e-9, absolute: 0 },
    direction: "both",
    level: "fail",
    nanEqual: false,
};
/**
 * Metrics that measure the machine and not the model, by exact name. A name that only looks like a time
 * (`waiting_time`) is somebody's real metric: `looksLikeWallClock` warns about it, nothing ignores it.
 */
const WALL_CLOCK_METRICS = [
    "training_time",
    "train_time",
    "train_runtime",
    "train_samples_per_second",
    "train_steps_per_second",
    "eval_runtime",
    "eval_samples_per_second",
    "eval_steps_per_second",
    "test_runtime",
    "test_samples_per_second",
    "test_steps_per_second",
    "predict_runtime",
    "predict_samples_per_second",
    "predict_steps_per_second",
    "mean_fit_time",
    "std_fit_time",
    "mean_score_time",
    "std_score_time",
];
const BUILT_IN_ORIGIN = "built in: measures the machine, not the model";
/** Rules that hold unless the user's own name or glob matches. */
const BUILT_IN_RULES = ["system/*", ...WALL_CLOCK_METRICS].map((match) => ({
    match,
    rule: { ...DEFAULT_RULE, level: "ignore" },
    origin: BUILT_IN_ORIGIN,
}));
/** Whether a metric's name suggests a duration or a rate, which no re-run gives twice. */
function looksLikeWallClock(key) {
    return /(?:^|[_./ -])(?:time|runtime|duration|seconds|secs|per_second|per_sec|throughput|latency)(?:[_./ -](?:ms|s|sec|seconds))?$/i.test(key);
}
/** The rule as text that a configuration reads back as the same rule. */
function renderRule(rule) {
    const { tolerance } = rule;
    const bounds = tolerance.kind === "exact"
        ? ["exact"]
        : [
            ...(tolerance.relative > 0 || tolerance.absolute === 0 ? [`rel ${tolerance.relative}`] : []),
            ...(tolerance.absolute > 0 ? [`abs ${tolerance.absolute}`] : []),
        ];
    const words = [
        bounds.join(", "),
        ...(rule.direction === "both" ? [] : [rule.direction]),
        ...(rule.level === "fail" ? [] : [rule.level]),
        ...(rule.nanEqual ? ["nan-equal"] : []),
    ];
    return words.join(" ");
}

;// CONCATENATED MODULE: ./lib/config/rule-text.js


const EXPECTED = (0,sentence/* say */.cv) `Expected ${"exact"}, ${"rel 1e-6"}, ${"abs 0.01"}, a percentage such as ${"1%"} or a relative number below 1 such as ${"0.01"}; several joined by commas; then ${"higher-is-better"} or ${"lower-is-better"}, ${"warn"} or ${"ignore"}.`;
/**
 * Parses a rule written as text: "exact", "rel 1e-6", "abs 0.01", "1%", a bare number below 1 (relative), several
 * joined by commas of which the widest allowance counts, then a direction and a level.
 */
function parseRuleText(text) {
    const refuse = (detail) => ({ error: (0,sentence/* say */.cv) `${text} is not a rule: ${detail} ${EXPECTED}` });
    const words = text
        .trim()
        .split(/[\s,]+/)
        .filter((word) => word !== "");
    if (words.length === 0)
        return refuse((0,sentence/* say */.cv) `it is empty.`);
    if (/^\s*,|,\s*(?:,|$)/.test(text))
        return refuse((0,sentence/* say */.cv) `a comma stands without a tolerance beside it.`);
    let exact = false;
    let relative;
    let absolute;
    let direction;
    let level;
    let nanEqual = false;
    for (let index = 0; index < words.length; index++) {
        const word = words[index] ?? "";
        const knownDirection = DIRECTIONS.find((name) => name === word);
        const knownLevel = LEVELS.find((name) => name === word);
        if (knownDirection !== undefined) {
            if (direction !== undefined)
                return refuse((0,sentence/* say */.cv) `it names two directions.`);
            direction = knownDirection;
        }
        else if (knownLevel !== undefined) {
            if (level !== undefined)
                return refuse((0,sentence/* say */.cv) `it names two levels.`);
            level = knownLevel;
        }
        else if (word === "nan-equal") {
            nanEqual = true;
        }
        else if (direction !== undefined || level !== undefined || nanEqual) {
            return refuse((0,sentence/* say */.cv) `${word} stands after the direction or level.`);
        }
        else if (word === "exact") {
            exact = true;
        }
        else if (word === "rel" || word === "abs") {
            index += 1;
            const parsed = word === "rel" ? parseRelative(words[index] ?? "") : parseAbsolute(words[index] ?? "");
            if ("error" in parsed)
                return refuse(parsed.error);
            if (word === "rel")
                relative = Math.max(relative ?? 0, parsed.value);
            else
                absolute = Math.max(absolute ?? 0, parsed.value);
        }
        else {
            const parsed = parseRelative(word);
            if ("error" in parsed)
                return refuse(parsed.error);
            relative = Math.max(relative ?? 0, parsed.value);
        }
    }
    if (exact && (relative !== undefined || absolute !== undefined)) {
        return refuse((0,sentence/* say */.cv) `${"exact"} allows nothing, so it cannot be combined with another tolerance.`);
    }
    return {
        value: {
            tolerance: toTolerance(exact, relative, absolute),
            direction: direction ?? DEFAULT_RULE.direction,
            level: level ?? DEFAULT_RULE.level,
            nanEqual,
        },
    };
}
/** The tolerance that a combination means; nothing at all is the default. */
function toTolerance(exact, relative, absolute) {
    if (exact)
        return { kind: "exact" };
    if (relative === undefined && absolute === undefined)
        return DEFAULT_RULE.tolerance;
    return { kind: "band", relative: relative ?? 0, absolute: absolute ?? 0 };
}
/** A relative tolerance: a number from 0 to below 1, or a percentage from 0 % to below 100 %. */
function parseRelative(text) {
    const percent = text.endsWith("%");
    const number = parseDecimal(percent ? text.slice(0, -1) : text);
    if (number === undefined) {
        return {
            error: (0,sentence/* say */.cv) `${text} is not a tolerance; expected a number such as ${"0.01"} or a percentage such as ${"1%"}.`,
        };
    }
    const value = percent ? number / 100 : number;
    // max(|a|, |b|) · 1 allows any two values of one sign: such a rule could never fail.
    if (value >= 1) {
        return {
            error: (0,sentence/* say */.cv) `${text} allows a relative deviation of ${value * 100} %, which nothing can fail; expected less than ${"100%"}. For a bound in the metric's own unit write ${`abs ${percent ? text.slice(0, -1) : text}`}.`,
        };
    }
    return { value };
}
/** An absolute tolerance in the metric's own unit: a finite number, not negative. */
function parseAbsolute(text) {
    const value = parseDecimal(text);
    return value === undefined
        ? {
            error: (0,sentence/* say */.cv) `${text} is not an absolute tolerance; expected a number in the metric's own unit such as ${"0.01"}.`,
        }
        : { value };
}
/** A finite decimal number that is not negative, in the one notation that every language reads alike. */
function parseDecimal(text) {
    if (!/^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text))
        return undefined;
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
}

;// CONCATENATED MODULE: ./lib/config/inputs.js




const ON_MISSING_BASELINE = ["fail", "create", "allow"];
const COMMENT_MODES = ["always", "on-change", "on-failure", "never"];
const ENV_MANAGERS = ["auto", "uv", "local", "virtualenv", "conda"];
/** Every input of the step, which is also every flag of `check`: action.yml and the README are generated from it. */
const INPUTS = {
    config: {
        description: "Path of the configuration file in the repository. Default: `.github/repro-gate.yml`, if it exists.",
    },
    project: {
        description: "Name or folder of the MLflow project, where the configuration names several or there is none. Default: the only one configured, else the repository's root.",
    },
    "tracking-uri": {
        description: "MLflow tracking server. `auto` is `MLFLOW_TRACKING_URI`, else an embedded server that lives as long as the job. Given but empty is an error.",
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
        description: "Experiment that holds the baseline, by name or ID. Default: `MLFLOW_EXPERIMENT_NAME` or `_ID`, else the MLproject's name and `Default`.",
    },
    "baseline-run-id": {
        description: "MLflow run that must be obtained again. Default: the record linked to the branch.",
    },
    "on-missing-baseline": {
        description: "What to do without a baseline: `fail`, `create` one from the fork point now, or `allow`. Default: `fail` with a tracking server, `create` without.",
    },
    tolerance: {
        description: "Default rule of comparison, such as `exact`, `rel 1e-6`, `abs 0.01` or `1%`. Default: `rel 1e-9`.",
    },
    metrics: { description: "Rules by metric, one a line: `pattern = rule`, such as `val_* = 1% higher-is-better`." },
    parameters: { description: "Parameters that override the baseline's, one a line: `name=value`." },
    "env-manager": {
        description: "How the project's environment is made: `auto`, `uv`, `local`, `virtualenv` or `conda`. Default: `auto`.",
    },
    "timeout-minutes": { description: "Deadline of one execution in minutes, decimals allowed. Default: `60`." },
    enforce: { description: "`false` reports only: the job succeeds whatever the outcome. Default: `true`." },
    comment: {
        description: "When to comment on the pull request: `always`, `on-change`, `on-failure` or `never`. Default: `always`.",
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
};
/** Names of the inputs that carry secrets, for masking. */
const SECRET_INPUTS = (/* unused pure expression or super */ null && (["tracking-password", "tracking-token", "github-token"]));
/**
 * Parses the texts of inputs or flags. An empty text is an input that was not given, except `tracking-uri`, where it
 * most often is a secret that a fork does not have.
 */
function parseInputs(raw) {
    const problems = new config_problems/* Problems */.Z();
    const text = (name) => {
        const value = raw[name]?.trim();
        return value === undefined || value === "" ? undefined : value;
    };
    const oneOf = (name, values) => {
        const value = text(name);
        if (value === undefined)
            return undefined;
        const known = values.find((candidate) => candidate === value);
        if (known === undefined)
            problems.add(name, notOneOf(value, values));
        return known;
    };
    if (raw["tracking-uri"] !== undefined && text("tracking-uri") === undefined) {
        problems.add("tracking-uri", (0,sentence/* say */.cv) `it is given but empty, most often because a secret is missing here (pull requests of forks get none). Expected an MLflow tracking URI, or ${"auto"} for ${"MLFLOW_TRACKING_URI"} or an embedded server. Remove the input or set the secret.`);
    }
    const tolerance = text("tolerance");
    const parsedTolerance = tolerance === undefined ? undefined : parseRuleText(tolerance);
    if (parsedTolerance !== undefined && "error" in parsedTolerance)
        problems.add("tolerance", parsedTolerance.error);
    const trackingUri = text("tracking-uri");
    const inputs = {
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
function parseRunId(value, where, problems) {
    if (value === undefined || /^[0-9a-f]{32}$/.test(value))
        return value;
    const commit = /^[0-9a-f]{40}$/.test(value);
    problems.add(where, (0,sentence/* say */.cv) `${value} ${commit ? ["has 40 characters and looks like a git commit"] : ["is not an MLflow run ID"]}. Expected 32 hexadecimal digits: copy the ID from the run's page in MLflow.`);
    return undefined;
}
/** A deadline in minutes: above 0 and at most a week. */
function parseMinutes(value, where, problems) {
    if (value === undefined)
        return undefined;
    const minutes = parseDecimal(value);
    if (minutes !== undefined && minutes > 0 && minutes <= 10_080)
        return minutes;
    problems.add(where, (0,sentence/* say */.cv) `${value} is not a number of minutes above 0 and at most 10080, such as ${"60"} or ${"1.5"}.`);
    return undefined;
}
/** A boolean of YAML 1.2's core schema; anything else is an error, since "yes" must not mean false. */
function parseBoolean(value, where, problems) {
    if (value === undefined)
        return undefined;
    if (/^(?:true|True|TRUE)$/.test(value))
        return true;
    if (/^(?:false|False|FALSE)$/.test(value))
        return false;
    problems.add(where, (0,sentence/* say */.cv) `${value} is not a boolean; expected ${"true"} or ${"false"}.`);
    return undefined;
}
function notOneOf(value, values) {
    const near = nearMiss(value, values);
    const expected = values.flatMap((name, index) => [
        index === 0 ? "" : index === values.length - 1 ? " or " : ", ",
        { code: name },
    ]);
    return (0,sentence/* say */.cv) `${value} is not one of ${expected}${near === undefined ? (0,sentence/* say */.cv) `.` : (0,sentence/* say */.cv) `; did you mean ${near}?`}`;
}
function parseMetricLines(text, problems) {
    const rules = [];
    for (const line of lines(text)) {
        const at = line.lastIndexOf("=");
        const match = line.slice(0, at).trim();
        if (at < 0 || match === "") {
            problems.add("metrics", (0,sentence/* say */.cv) `${line} is not of the form ${"pattern = rule"}, such as ${"val_* = 1%"}.`);
            continue;
        }
        const parsed = parseRuleText(line.slice(at + 1).trim());
        if ("error" in parsed)
            problems.add("metrics", (0,sentence/* say */.cv) `${match}: ${parsed.error}`);
        else if (rules.some((rule) => rule.match === match))
            problems.add("metrics", (0,sentence/* say */.cv) `${match} has two rules.`);
        else
            rules.push({ match, rule: parsed.value });
    }
    return rules;
}
function parseParameterLines(text, problems) {
    const parameters = new Map();
    for (const line of lines(text)) {
        const at = line.indexOf("=");
        const name = line.slice(0, at).trim();
        if (at < 0 || name === "") {
            problems.add("parameters", (0,sentence/* say */.cv) `${line} is not of the form ${"name=value"}.`);
        }
        else if (parameters.has(name)) {
            problems.add("parameters", (0,sentence/* say */.cv) `${name} has two values.`);
        }
        else {
            parameters.set(name, line.slice(at + 1));
        }
    }
    return parameters;
}
function lines(text) {
    return (text ?? "")
        .split(/\r?\n/)
        .filter((line) => line.trim() !== "")
        .map((line) => line.trimStart());
}
/**
 * Reads the inputs of a step from its environment: `INPUT_` and the upper-cased name, hyphens kept. A name that is
 * no input but nearly one is a problem, since the runner only warns about it in the log.
 */
function readActionInputs(env) {
    const raw = {};
    const names = Object.keys(INPUTS);
    for (const name of names) {
        const value = env[`INPUT_${name.toUpperCase()}`];
        if (value !== undefined)
            raw[name] = value;
    }
    const unknown = Object.keys(env)
        .filter((key) => key.startsWith("INPUT_"))
        .map((key) => key.slice("INPUT_".length).toLowerCase())
        .filter((name) => !names.some((known) => known === name))
        .map((name) => {
        const near = nearMiss(name, names);
        return {
            where: name,
            sentence: (0,sentence/* say */.cv) `there is no such input${near === undefined ? (0,sentence/* say */.cv) `.` : (0,sentence/* say */.cv) `; did you mean ${near}?`}`,
        };
    });
    return { raw, unknown };
}


/***/ }),

/***/ 784:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Z: () => (/* binding */ Problems),
/* harmony export */   y: () => (/* binding */ describeProblems)
/* harmony export */ });
/** Collects problems, so that all of them are reported together. */
class Problems {
    found = [];
    add(where, sentence) {
        this.found.push({ where, sentence });
    }
}
/** All problems as one sentence, each behind the place where it was written. */
function describeProblems(problems) {
    return problems.flatMap(({ where, sentence }, index) => [
        ...(index === 0 ? [] : [" · "]),
        { code: where },
        ": ",
        ...sentence,
    ]);
}


/***/ }),

/***/ 998:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   cv: () => (/* binding */ say),
/* harmony export */   pj: () => (/* binding */ plain)
/* harmony export */ });
/* unused harmony export list */
/**
 * Template tag for a `Sentence`. An interpolated string is a value from outside; a number is ours; a `Sentence` is
 * taken over part by part.
 */
function say(literals, ...values) {
    const parts = [];
    literals.forEach((literal, index) => {
        if (literal !== "")
            parts.push(literal);
        const value = values[index];
        if (value === undefined)
            return;
        if (typeof value === "number")
            parts.push(String(value));
        else if (typeof value === "string")
            parts.push({ code: value });
        else
            parts.push(...value);
    });
    return parts;
}
/** Values from outside as a list, "`a`, `b` and 3 more" when there are more than `most`. */
function list(values, most = 10) {
    if (values.length === 0)
        return ["none"];
    const shown = values.slice(0, most).flatMap((code, index) => (index === 0 ? [{ code }] : [", ", { code }]));
    return values.length > most ? [...shown, ` and ${values.length - most} more`] : shown;
}
/** The sentence as plain text, values as they are: for logs and exceptions, which neutralise it as a whole. */
function plain(sentence) {
    return sentence.map((part) => (typeof part === "string" ? part : part.code)).join("");
}


/***/ }),

/***/ 342:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _adapters_actions_refuse_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(822);
/* harmony import */ var _config_inputs_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(951);
/** The action's entry: inputs first, and only when they are right the engine, which takes longer to load. */


// Whatever happens from here on, only a proven result makes the step succeed.
process.exitCode = 2;
process.on("uncaughtException", (error) => {
    process.stdout.write(`::error::The gate itself failed: ${String(error).replaceAll(/[\r\n%]/g, " ")}\n`);
    process.exit(2);
});
const { raw, unknown } = (0,_config_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .readActionInputs */ .Ui)(process.env);
const { inputs, problems } = (0,_config_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .parseInputs */ .TL)(raw);
if (problems.length > 0) {
    process.exitCode = (0,_adapters_actions_refuse_js__WEBPACK_IMPORTED_MODULE_0__/* .refuseInputs */ .g)([...problems, ...unknown], process.env);
}
else {
    const { runAction } = await import(/* webpackIgnore: true */ "../engine/index.js");
    process.exitCode = await runAction(inputs, unknown);
    // A socket or a timer that is still open must not keep the job waiting.
    process.exit();
}

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(342);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
