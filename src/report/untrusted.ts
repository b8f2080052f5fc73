import type { Sentence } from "../core/sentence.js";

const LONGEST = 200;

/**
 * Text from outside for a markdown document: a code span that nothing inside can end, in which mentions, links,
 * references and HTML are dead, on one line, at most 200 characters. It is the only way such text gets into markdown.
 */
export function codeSpan(text: string, longest = LONGEST): string {
  const visible = showInvisible(cut(text, longest));
  if (visible === "") return "*(empty)*";
  const fence = "`".repeat(longestRun(visible) + 1);
  // A space at both ends is taken away again, and needed beside a backtick or where the text has spaces itself.
  const pad = /^[` ]|[` ]$/.test(visible) ? " " : "";
  return `${fence}${pad}${visible}${pad}${fence}`;
}

/**
 * Markdown as a cell of a table. A pipe ends a cell even inside a code span unless a backslash stands before it, and
 * a backslash of the text itself would take that backslash away: it is spelled out.
 */
export function cell(markdown: string): string {
  return markdown.replaceAll(/\\(?=\|)/g, "\\u{5c}").replaceAll("|", "\\|");
}

/** A block of untrusted lines in a fence that none of them can end. */
export function codeBlock(lines: readonly string[], longestLine = 500): string {
  const shown = lines.map((line) => showInvisible(cut(line, longestLine)));
  const fence = "`".repeat(Math.max(3, longestRun(shown.join("\n")) + 1));
  return `${fence}text\n${shown.join("\n")}\n${fence}`;
}

/** A sentence as markdown. */
export function renderSentence(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === "string" ? part : codeSpan(part.code))).join("");
}

/** A sentence as one line of plain text, for annotations, logs and terminals. */
export function plainSentence(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === "string" ? part : showInvisible(cut(part.code, LONGEST)))).join("");
}

/**
 * Makes every character that is not visible as itself visible as `\u{…}`: controls, line breaks, bidirectional and
 * zero-width characters, and lone surrogates.
 */
export function showInvisible(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufffe\uffff]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function cut(text: string, longest: number): string {
  // Cheap first: segmenting text of megabytes into graphemes is not.
  if (text.length <= longest) return text;
  const segments = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text.slice(0, longest * 4));
  const graphemes = Array.from(segments, ({ segment }) => segment);
  return graphemes.length <= longest && text.length <= longest * 4 ? text : `${graphemes.slice(0, longest).join("")}…`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
