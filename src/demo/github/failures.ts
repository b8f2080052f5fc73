export interface RequestMatcher {
  readonly method?: string;
  /** The whole path, or a pattern for it; see `LoggedRequest.path`. */
  readonly path?: string | RegExp;
}

/** What a request gets instead of its answer. */
export type Failure = {
  /** Whether the request takes effect all the same, and only its answer is lost. */
  readonly applied?: boolean;
} & (
  | {
      readonly status: number;
      /** Text is sent as it is, anything else as JSON. */
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is cut, or nothing is ever said. */
  | { readonly connection: "reset" | "stalled" }
);

/** Failures that wait for their request. */
export class FailureQueue {
  readonly #waiting: { readonly matcher: RequestMatcher; readonly failure: Failure }[] = [];

  add(matcher: RequestMatcher, failure: Failure): void {
    this.#waiting.push({ matcher, failure });
  }

  /** The oldest failure that waits for such a request; it waits no longer. */
  take(method: string, path: string): Failure | undefined {
    const index = this.#waiting.findIndex(({ matcher }) => {
      if (matcher.method !== undefined && matcher.method !== method) return false;
      if (matcher.path === undefined) return true;
      return typeof matcher.path === "string" ? matcher.path === path : path.search(matcher.path) >= 0;
    });
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0]?.failure;
  }
}
