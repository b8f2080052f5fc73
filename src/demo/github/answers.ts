export interface RestAnswer {
  readonly status: number;
  /** Undefined for an answer without content. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A list's query, and its address without it. */
export interface PageRequest {
  readonly query: URLSearchParams;
  readonly url: string;
}

const MAX_BODY_CHARACTERS = 65_536;

/** The text of a comment, or why it is refused. Characters are code points here; GitHub does not say what it counts. */
export function readBody(text: string, docs: string): string | RestAnswer {
  let sent: unknown;
  try {
    sent = text === "" ? {} : JSON.parse(text);
  } catch {
    return problem(400, "Problems parsing JSON", docs);
  }
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) {
    return problem(400, "Body should be a JSON object", docs);
  }
  if (!("body" in sent)) return problem(422, 'Invalid request.\n\n"body" wasn\'t supplied.', docs);
  const { body } = sent;
  if (typeof body !== "string") {
    return problem(422, `Invalid request.\n\nFor 'properties/body', ${JSON.stringify(body)} is not a string.`, docs);
  }
  if (body.trim() === "") return invalid("Body can't be blank", docs);
  if ([...body].length > MAX_BODY_CHARACTERS) {
    return invalid(`Body is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`, docs);
  }
  return body;
}

/** A refusal; `docs` names the page that explains the endpoint, "rest" when no endpoint was reached. */
export function problem(status: number, message: string, docs: string, errors?: readonly unknown[]): RestAnswer {
  const documentation_url = `https://docs.github.com/${docs === "rest" ? docs : `rest/${docs}`}`;
  return { status, body: { message, ...(errors && { errors }), documentation_url, status: String(status) } };
}

function invalid(message: string, docs: string): RestAnswer {
  const error = { resource: "IssueComment", code: "unprocessable", field: "data", message };
  return problem(422, "Validation Failed", docs, [error]);
}

/** One page of a list, with links to the others. */
export function page({ query, url }: PageRequest, items: readonly unknown[]): RestAnswer {
  const size = Math.min(positive(query.get("per_page"), 30), 100);
  const current = positive(query.get("page"), 1);
  const last = Math.max(Math.ceil(items.length / size), 1);
  const link = (relation: string, number: number) => {
    const other = new URLSearchParams(query);
    other.set("page", String(number));
    return `<${url}?${other}>; rel="${relation}"`;
  };
  const links = [
    ...(current > 1 ? [link("prev", Math.min(current - 1, last))] : []),
    ...(current < last ? [link("next", current + 1), link("last", last)] : []),
    ...(current > 1 ? [link("first", 1)] : []),
  ];
  const body = items.slice((current - 1) * size, current * size);
  return { status: 200, body, ...(links.length > 0 && { headers: { link: links.join(", ") } }) };
}

/** A positive integer of the query, GitHub's default for anything else. */
function positive(text: string | null, otherwise: number): number {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : otherwise;
}
