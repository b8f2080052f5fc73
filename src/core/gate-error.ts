import type { ReasonOf } from "./outcome.js";
import { plain, type Sentence } from "./sentence.js";

/** What the gate could not do: it becomes `error: <reason>`, with a sentence that says what to do about it. */
export class GateError extends Error {
  readonly reason: ReasonOf<"error">;
  readonly sentence: Sentence;

  constructor(reason: ReasonOf<"error">, sentence: Sentence, options?: ErrorOptions) {
    super(plain(sentence), options);
    this.name = "GateError";
    this.reason = reason;
    this.sentence = sentence;
  }
}

/** An answer that is larger than what is read: the same question in smaller pieces may do. */
export class AnswerTooLargeError extends GateError {}

/** The message of anything that was thrown, since not everything that is thrown is an `Error`. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === "") return thrown.errors.map(messageOf).join("; ");
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown === "string") return thrown;
  try {
    return `a ${typeof thrown} was thrown: ${String(thrown)}`;
  } catch {
    return `a ${typeof thrown} was thrown that has no text`;
  }
}
