/**
 * A sentence for people: literal text of ours, and values that came from outside. Each rendering decides how a value
 * is made harmless (a code span in markdown, escaped controls in a terminal), so no caller can forget it.
 */
export type Sentence = readonly SentencePart[];
export type SentencePart = string | { readonly code: string };

/**
 * Template tag for a `Sentence`. An interpolated string is a value from outside; a number is ours; a `Sentence` is
 * taken over part by part.
 */
export function say(literals: TemplateStringsArray, ...values: readonly (string | number | Sentence)[]): Sentence {
  const parts: SentencePart[] = [];
  literals.forEach((literal, index) => {
    if (literal !== "") parts.push(literal);
    const value = values[index];
    if (value === undefined) return;
    if (typeof value === "number") parts.push(String(value));
    else if (typeof value === "string") parts.push({ code: value });
    else parts.push(...value);
  });
  return parts;
}

/** Values from outside as a list, "`a`, `b` and 3 more" when there are more than `most`. */
export function list(values: readonly string[], most = 10): Sentence {
  if (values.length === 0) return ["none"];
  const shown = values.slice(0, most).flatMap((code, index) => (index === 0 ? [{ code }] : [", ", { code }]));
  return values.length > most ? [...shown, ` and ${values.length - most} more`] : shown;
}

/** The sentence as plain text, values as they are: for logs and exceptions, which neutralise it as a whole. */
export function plain(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === "string" ? part : part.code)).join("");
}
