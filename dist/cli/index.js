#!/usr/bin/env node
import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 69:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _cli_parse_arguments_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(864);
/* harmony import */ var _config_inputs_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(253);
/* harmony import */ var _config_problems_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(784);
/* harmony import */ var _report_untrusted_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(536);
/* harmony import */ var _version_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(411);
/** The command line's entry: words and flags first, and only when they are right the engine, which takes longer to load. */





const BAD_INPUT = 2;
// Whatever happens from here on, only what ran to its end succeeds.
process.exitCode = BAD_INPUT;
process.on("uncaughtException", (error) => {
    process.stderr.write(`repro-gate: ${error.message}\n`);
    process.exit(BAD_INPUT);
});
const invocation = (0,_cli_parse_arguments_js__WEBPACK_IMPORTED_MODULE_0__/* .parseArguments */ .W)(process.argv.slice(2), _version_js__WEBPACK_IMPORTED_MODULE_2__/* .VERSION */ .x);
switch (invocation.kind) {
    case "print":
        process.stdout.write(`${invocation.text}\n`);
        process.exitCode = 0;
        break;
    case "wrong":
        refuse(invocation.message);
        break;
    case "run":
        await run(invocation);
}
async function run({ command, values, switches }) {
    const [json, debug] = [switches.has("json"), switches.has("debug")];
    if (command === "check") {
        const { inputs, problems } = (0,_config_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .parseInputs */ .TL)(values);
        if (problems.length > 0)
            return refuse((0,_report_untrusted_js__WEBPACK_IMPORTED_MODULE_3__/* .plainSentence */ .Gx)((0,_config_problems_js__WEBPACK_IMPORTED_MODULE_4__/* .describeProblems */ .y)(problems)));
        const { runDesk } = await import(/* webpackIgnore: true */ "../engine/index.js");
        process.exitCode = await runDesk(inputs, {
            base: values.base,
            allowDirty: switches.has("allow-dirty"),
            storeFile: values.store,
            reportFile: values.report,
            json,
            debug,
        });
    }
    else if (command === "demo") {
        const { runDemo } = await import(/* webpackIgnore: true */ "../engine/index.js");
        process.exitCode = await runDemo({ data: values.data, keep: switches.has("keep"), json });
    }
    else {
        const { runDoctor } = await import(/* webpackIgnore: true */ "../engine/index.js");
        process.exitCode = await runDoctor({ project: values.project, json });
    }
    // A socket or a timer that is still open must not keep the terminal waiting.
    process.exit();
}
function refuse(message) {
    process.stderr.write(`repro-gate: ${message}\n`);
    process.exitCode = BAD_INPUT;
}

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 864:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  W: () => (/* binding */ parseArguments)
});

;// CONCATENATED MODULE: external "node:util"
const external_node_util_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");
// EXTERNAL MODULE: ./lib/core/near-miss.js
var near_miss = __nccwpck_require__(930);
// EXTERNAL MODULE: ./lib/config/inputs.js + 3 modules
var inputs = __nccwpck_require__(253);
;// CONCATENATED MODULE: ./lib/cli/commands.js

/** Inputs that mean something only in a workflow. */
const NOT_AT_A_DESK = ["github-token", "matrix", "comment"];
/** Inputs of several lines. */
const SEVERAL_LINES = ["metrics", "parameters"];
const INPUT_FLAGS = Object.fromEntries(Object.keys(inputs/* INPUTS */.mc)
    .filter((name) => !NOT_AT_A_DESK.includes(name))
    .map((name) => {
    const text = inputs/* INPUTS */.mc[name].description.replaceAll("`", "");
    return SEVERAL_LINES.includes(name)
        ? [name, { text: `${text} May be given several times.`, value: "line", several: true }]
        : [name, { text, value: "value" }];
}));
const JSON_FLAG = { text: "Print the result as JSON." };
const DEBUG_FLAG = { text: "Print stack traces." };
/** Every command: `--help` and the parser are made from it. */
const COMMANDS = {
    check: {
        summary: "Gate HEAD of this repository against the record of a branch, as the action does for a pull request.",
        flags: {
            base: { text: "Branch whose record counts. Default: the remote's default branch.", value: "branch" },
            "allow-dirty": { text: "Test HEAD although the working tree has uncommitted changes." },
            store: { text: "Keep the embedded tracking server's SQLite file here.", value: "file" },
            report: { text: "Also write the JSON report to a file.", value: "file" },
            ...INPUT_FLAGS,
            json: JSON_FLAG,
            debug: DEBUG_FLAG,
        },
        example: "repro-gate check --base main --project examples/wine-quality --parameters max_depth=2",
        exitStatus: "0 reproduced, 1 diverged, 2 error, 3 broken, 4 not proven.",
    },
    demo: {
        summary: "Gate two pull requests of a real MLflow project on this machine: one that must pass and one that must not.",
        flags: {
            data: { text: "Train on another table of the same columns.", value: "file" },
            keep: { text: "Leave the tracking server up, to look at the runs." },
            json: JSON_FLAG,
            debug: DEBUG_FLAG,
        },
        example: "repro-gate demo --keep",
        exitStatus: "0 when both came out as they must, 1 when not, 2 when the demo could not be shown.",
    },
    doctor: {
        summary: "Look for the commonest mistakes in this repository's set-up, without running anything.",
        flags: {
            project: { text: "Folder of the MLflow project.", value: "folder" },
            json: JSON_FLAG,
            debug: DEBUG_FLAG,
        },
        example: "repro-gate doctor --project examples/wine-quality",
        exitStatus: "0 without a problem, else 2.",
    },
};
const ABOUT = "Can the recorded result be obtained again from this commit? Re-executes the MLflow project and compares its metrics with the recorded baseline run.";
/** The help of the program. */
function renderProgramHelp() {
    const commands = Object.entries(COMMANDS).map(([name, { summary }]) => entry(name, summary));
    return [
        "Usage: repro-gate <command> [flags]",
        wrap(ABOUT, 0),
        `Commands:\n${commands.join("\n")}`,
        `Flags:\n${[entry("--help", "Help of the program, or of a command."), entry("--version", "The version.")].join("\n")}`,
        "Example:\n  repro-gate demo",
    ].join("\n\n");
}
/** The help of one command. */
function renderCommandHelp(name) {
    const { summary, flags, example, exitStatus } = COMMANDS[name];
    const lines = Object.entries(flags).map(([flag, { text, value }]) => entry(`--${flag}${value === undefined ? "" : ` <${value}>`}`, text));
    return [
        `Usage: repro-gate ${name} [flags]`,
        wrap(summary, 0),
        `Flags:\n${lines.join("\n")}`,
        `Example:\n  ${example}`,
        `Exit status: ${exitStatus}`,
    ].join("\n\n");
}
const COLUMN = 32;
const WIDTH = 100;
function entry(name, text) {
    const head = `  ${name}`;
    const body = wrap(text, COLUMN);
    return head.length < COLUMN - 1 ? head.padEnd(COLUMN) + body.trimStart() : `${head}\n${body}`;
}
function wrap(text, indent) {
    const margin = " ".repeat(indent);
    const lines = [];
    let line = margin;
    for (const word of text.split(" ")) {
        if (line.length > indent && line.length + 1 + word.length > WIDTH) {
            lines.push(line);
            line = margin;
        }
        line += line.length > indent ? ` ${word}` : word;
    }
    return [...lines, line].join("\n");
}

;// CONCATENATED MODULE: ./lib/cli/parse-arguments.js



/** Parses the command line strictly: an unknown command or flag is named, with the likely spelling. */
function parseArguments(words, version) {
    const [first, ...rest] = words;
    if (first === undefined || first === "--help" || first === "-h" || first === "help") {
        return first === undefined
            ? { kind: "wrong", message: `name a command.\n\n${renderProgramHelp()}` }
            : { kind: "print", text: renderProgramHelp() };
    }
    if (first === "--version" || first === "-V")
        return { kind: "print", text: version };
    const command = Object.keys(COMMANDS).find((name) => name === first);
    if (command === undefined) {
        return { kind: "wrong", message: `there is no command ${first}${suggestion(first, Object.keys(COMMANDS))}` };
    }
    if (rest.includes("--help") || rest.includes("-h"))
        return { kind: "print", text: renderCommandHelp(command) };
    return parseFlags(command, rest);
}
function parseFlags(command, words) {
    const { flags } = COMMANDS[command];
    const wrong = (message) => ({ kind: "wrong", message });
    const options = Object.fromEntries(Object.entries(flags).map(([name, { value, several }]) => [
        name,
        { type: value === undefined ? "boolean" : "string", multiple: several === true },
    ]));
    const { tokens } = (0,external_node_util_namespaceObject.parseArgs)({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
    const values = {};
    const switches = new Set();
    for (const token of tokens) {
        if (token.kind === "positional")
            return wrong(`${command} takes no argument ${token.value}`);
        if (token.kind !== "option")
            continue;
        const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
        if (flag === undefined)
            return wrong(`${command} has no flag ${token.rawName}${suggestion(token.name, Object.keys(flags), "--")}`);
        if (flag.value === undefined) {
            if (token.value !== undefined)
                return wrong(`--${token.name} takes no value`);
            switches.add(token.name);
        }
        else if (token.value === undefined) {
            return wrong(`--${token.name} needs a <${flag.value}>`);
        }
        else {
            const before = values[token.name];
            if (before !== undefined && flag.several !== true)
                return wrong(`--${token.name} is given twice`);
            values[token.name] = before === undefined ? token.value : `${before}\n${token.value}`;
        }
    }
    return { kind: "run", command, values, switches };
}
function suggestion(text, known, prefix = "") {
    const near = (0,near_miss/* nearMiss */.b)(text, known);
    return near === undefined ? "; --help lists what there is" : `; did you mean ${prefix}${near}?`;
}


/***/ }),

/***/ 253:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  mc: () => (/* binding */ INPUTS),
  TL: () => (/* binding */ parseInputs)
});

// UNUSED EXPORTS: COMMENT_MODES, ENV_MANAGERS, ON_MISSING_BASELINE, SECRET_INPUTS, notOneOf, parseMinutes, parseRunId, readActionInputs

// EXTERNAL MODULE: ./lib/core/near-miss.js
var near_miss = __nccwpck_require__(930);
;// CONCATENATED MODULE: ./lib/core/sentence.js
/**
 * Template tag for a `Sentence`. An interpolated string is a value from outside; a number is ours; a `Sentence` is
 * taken over part by part.
 */
function sentence_say(literals, ...values) {
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


const EXPECTED = sentence_say `Expected ${"exact"}, ${"rel 1e-6"}, ${"abs 0.01"}, a percentage such as ${"1%"} or a relative number below 1 such as ${"0.01"}; several joined by commas; then ${"higher-is-better"} or ${"lower-is-better"}, ${"warn"} or ${"ignore"}.`;
/**
 * Parses a rule written as text: "exact", "rel 1e-6", "abs 0.01", "1%", a bare number below 1 (relative), several
 * joined by commas of which the widest allowance counts, then a direction and a level.
 */
function parseRuleText(text) {
    const refuse = (detail) => ({ error: sentence_say `${text} is not a rule: ${detail} ${EXPECTED}` });
    const words = text
        .trim()
        .split(/[\s,]+/)
        .filter((word) => word !== "");
    if (words.length === 0)
        return refuse(sentence_say `it is empty.`);
    if (/^\s*,|,\s*(?:,|$)/.test(text))
        return refuse(sentence_say `a comma stands without a tolerance beside it.`);
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
                return refuse(sentence_say `it names two directions.`);
            direction = knownDirection;
        }
        else if (knownLevel !== undefined) {
            if (level !== undefined)
                return refuse(sentence_say `it names two levels.`);
            level = knownLevel;
        }
        else if (word === "nan-equal") {
            nanEqual = true;
        }
        else if (direction !== undefined || level !== undefined || nanEqual) {
            return refuse(sentence_say `${word} stands after the direction or level.`);
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
        return refuse(sentence_say `${"exact"} allows nothing, so it cannot be combined with another tolerance.`);
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
            error: sentence_say `${text} is not a tolerance; expected a number such as ${"0.01"} or a percentage such as ${"1%"}.`,
        };
    }
    const value = percent ? number / 100 : number;
    // max(|a|, |b|) · 1 allows any two values of one sign: such a rule could never fail.
    if (value >= 1) {
        return {
            error: sentence_say `${text} allows a relative deviation of ${value * 100} %, which nothing can fail; expected less than ${"100%"}. For a bound in the metric's own unit write ${`abs ${percent ? text.slice(0, -1) : text}`}.`,
        };
    }
    return { value };
}
/** An absolute tolerance in the metric's own unit: a finite number, not negative. */
function parseAbsolute(text) {
    const value = parseDecimal(text);
    return value === undefined
        ? {
            error: sentence_say `${text} is not an absolute tolerance; expected a number in the metric's own unit such as ${"0.01"}.`,
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
        problems.add("tracking-uri", sentence_say `it is given but empty, most often because a secret is missing here (pull requests of forks get none). Expected an MLflow tracking URI, or ${"auto"} for ${"MLFLOW_TRACKING_URI"} or an embedded server. Remove the input or set the secret.`);
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
    problems.add(where, sentence_say `${value} ${commit ? ["has 40 characters and looks like a git commit"] : ["is not an MLflow run ID"]}. Expected 32 hexadecimal digits: copy the ID from the run's page in MLflow.`);
    return undefined;
}
/** A deadline in minutes: above 0 and at most a week. */
function parseMinutes(value, where, problems) {
    if (value === undefined)
        return undefined;
    const minutes = parseDecimal(value);
    if (minutes !== undefined && minutes > 0 && minutes <= 10_080)
        return minutes;
    problems.add(where, sentence_say `${value} is not a number of minutes above 0 and at most 10080, such as ${"60"} or ${"1.5"}.`);
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
    problems.add(where, sentence_say `${value} is not a boolean; expected ${"true"} or ${"false"}.`);
    return undefined;
}
function notOneOf(value, values) {
    const near = (0,near_miss/* nearMiss */.b)(value, values);
    const expected = values.flatMap((name, index) => [
        index === 0 ? "" : index === values.length - 1 ? " or " : ", ",
        { code: name },
    ]);
    return sentence_say `${value} is not one of ${expected}${near === undefined ? sentence_say `.` : sentence_say `; did you mean ${near}?`}`;
}
function parseMetricLines(text, problems) {
    const rules = [];
    for (const line of lines(text)) {
        const at = line.lastIndexOf("=");
        const match = line.slice(0, at).trim();
        if (at < 0 || match === "") {
            problems.add("metrics", sentence_say `${line} is not of the form ${"pattern = rule"}, such as ${"val_* = 1%"}.`);
            continue;
        }
        const parsed = parseRuleText(line.slice(at + 1).trim());
        if ("error" in parsed)
            problems.add("metrics", sentence_say `${match}: ${parsed.error}`);
        else if (rules.some((rule) => rule.match === match))
            problems.add("metrics", sentence_say `${match} has two rules.`);
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
            problems.add("parameters", sentence_say `${line} is not of the form ${"name=value"}.`);
        }
        else if (parameters.has(name)) {
            problems.add("parameters", sentence_say `${name} has two values.`);
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
            sentence: say `there is no such input${near === undefined ? say `.` : say `; did you mean ${near}?`}`,
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

/***/ 930:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ nearMiss)
/* harmony export */ });
/* unused harmony export editDistance */
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


/***/ }),

/***/ 536:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Gx: () => (/* binding */ plainSentence)
/* harmony export */ });
/* unused harmony exports codeSpan, cell, codeBlock, renderSentence, showInvisible */
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


/***/ }),

/***/ 411:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   x: () => (/* binding */ VERSION)
/* harmony export */ });
/** The version of the product; a test keeps it equal to package.json's. */
const VERSION = "1.0.0";


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
/******/ var __webpack_exports__ = __nccwpck_require__(69);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
