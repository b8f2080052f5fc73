import { redact } from "../core/redact.js";
import { plainSentence } from "../report/untrusted.js";
import type { Finding, Status } from "./finding.js";

const MARKS: Readonly<Record<Status, string>> = { ok: "✓", info: "·", warning: "!", problem: "✗" };
const COLOURS: Readonly<Record<Status, string>> = { ok: "32", info: "36", warning: "33", problem: "31" };
/** What has to be done stands last, where the eye of a reader of a terminal is. */
const ORDER: readonly Status[] = ["ok", "info", "warning", "problem"];
const NARROWEST = 60;

export interface TerminalStyle {
  readonly colour: boolean;
  /** Columns to wrap at; undefined where the reader is a file or a program. */
  readonly columns: number | undefined;
}

/** The findings as a table for people, with the counts in the last line. */
export function renderFindings(findings: readonly Finding[], secrets: readonly string[], style: TerminalStyle): string {
  const paint = (text: string, code: string) => (style.colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const indent = width + 4;
  const wrapped = (text: string) => wrap(redact(text, secrets), style.columns, indent);
  const rows = ORDER.flatMap((status) => findings.filter((finding) => finding.status === status)).flatMap(
    ({ advice, check, message, status }) => {
      const [first = "", ...rest] = wrapped(plainSentence(message));
      const mark = paint(MARKS[status], COLOURS[status]);
      const steps = advice.length === 0 ? [] : wrapped(`→ ${plainSentence(advice)}`);
      return [
        `${mark} ${paint(check.padEnd(width), status === "ok" || status === "info" ? "2" : "1")}  ${first}`,
        ...[...rest, ...steps].map((line) => " ".repeat(indent) + line),
      ];
    },
  );
  const [problems, warnings] = [count(findings, "problem"), count(findings, "warning")];
  const worst: Status = problems > 0 ? "problem" : warnings > 0 ? "warning" : "ok";
  const words = `${plural(problems, "problem")}, ${plural(warnings, "warning")}, ${count(findings, "ok")} in order`;
  return [...rows, "", paint(`${MARKS[worst]} ${words}.`, COLOURS[worst])].join("\n");
}

/** The findings for programs, in the order of the checks. */
export function findingsToJson(findings: readonly Finding[], secrets: readonly string[]): string {
  const text = (sentence: Finding["message"]) => redact(plainSentence(sentence), secrets);
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

export function count(findings: readonly Finding[], wanted: Status): number {
  return findings.filter(({ status }) => status === wanted).length;
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Breaks at spaces; a word that is longer than a line stays whole, so that it can be copied. */
function wrap(text: string, columns: number | undefined, indent: number): string[] {
  if (columns === undefined) return [text];
  const room = Math.max(NARROWEST, columns) - indent;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
