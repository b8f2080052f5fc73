import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { LoggedRequest } from "../../src/demo/loopback-github.js";
import { at, isObject, orNull, pointer, withoutNullable } from "./openapi-schema.js";

/** What is checked of a request and its answer. */
export type Exchange = Pick<LoggedRequest, "method" | "path" | "query" | "body" | "status" | "response" | "injected">;

const JSON_SCHEMA = ["content", "application/json", "schema"] as const;
const ERROR = pointer("components", "schemas", "basic-error");

/** Compiled once, each schema when it is first needed. */
let cached: { readonly description: unknown; readonly ajv: Ajv } | undefined;

function contract() {
  if (cached !== undefined) return cached;
  const text = readFileSync(new URL("./github-openapi.json", import.meta.url), "utf8");
  const description = withoutNullable(JSON.parse(text, admitDeletedForks));
  const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(isObject(description) ? description : {}, "github");
  cached = { description, ajv };
  return cached;
}

/** A known gap: GitHub answers `head.repo: null` once the fork is deleted, whatever its description says. */
function admitDeletedForks(key: string, value: unknown): unknown {
  const repo = key === "head" ? at(value, "properties", "repo") : undefined;
  if (repo === undefined || !isObject(value) || !isObject(value.properties)) return value;
  return { ...value, properties: { ...value.properties, repo: orNull(repo) } };
}

/**
 * In what a request, or the answer to it, is not what GitHub's description of its REST API says. Injected answers are
 * wrong on purpose and not looked at.
 */
export function contractViolations(exchange: Exchange): readonly string[] {
  const { method, path } = exchange;
  const operation = findOperation(method.toLowerCase(), path);
  if (operation === undefined) return [`${method} ${path}: no operation of the contract`];
  return [
    ...parameterViolations(exchange, operation),
    ...requestBodyViolations(exchange, operation),
    ...responseViolations(exchange, operation),
  ].map((violation) => `${method} ${path}: ${violation}`);
}

interface Operation {
  /** Where it is described. */
  readonly keys: readonly [string, string, string];
  readonly description: unknown;
  readonly pathParameters: Readonly<Record<string, string>>;
}

function findOperation(method: string, path: string): Operation | undefined {
  const { description } = contract();
  const paths = at(description, "paths");
  for (const template of isObject(paths) ? Object.keys(paths) : []) {
    const match = new RegExp(`^${template.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`).exec(path);
    const operation = at(paths, template, method);
    if (match === null || operation === undefined) continue;
    return { keys: ["paths", template, method], description: operation, pathParameters: match.groups ?? {} };
  }
  return undefined;
}

function parameterViolations({ query }: Exchange, operation: Operation): readonly string[] {
  const { description } = contract();
  const references = at(operation.description, "parameters");
  const known = (Array.isArray(references) ? references : []).map((reference: unknown) => {
    const target = String(at(reference, "$ref"));
    return { target, parameter: at(description, ...target.split("/").slice(1)) };
  });
  const violations: string[] = [];
  for (const [place, values] of Object.entries({ path: operation.pathParameters, query })) {
    for (const [name, text] of Object.entries(values)) {
      const found = known.find(({ parameter }) => at(parameter, "name") === name && at(parameter, "in") === place);
      if (found === undefined) {
        violations.push(`unknown ${place} parameter ${name}`);
        continue;
      }
      const number = at(found.parameter, "schema", "type") === "integer" && /^-?\d+$/.test(text);
      violations.push(...check(`${found.target}/schema`, number ? Number(text) : text, `${place} parameter ${name}`));
    }
  }
  // The description does not give the limit, and GitHub silently answers fewer than were asked for.
  if (Number(query.per_page ?? 1) > 100) violations.push("query parameter per_page is over 100");
  return violations;
}

function requestBodyViolations({ body }: Exchange, { keys, description }: Operation): readonly string[] {
  if (at(description, "requestBody") !== undefined) {
    return check(pointer(...keys, "requestBody", ...JSON_SCHEMA), body, "request body");
  }
  return body === undefined ? [] : ["a request body, where none belongs"];
}

function responseViolations({ status, response, injected }: Exchange, operation: Operation): readonly string[] {
  if (injected || typeof status === "string") return [];
  const what = `answer ${status}`;
  const documented = at(operation.description, "responses", String(status));
  if (documented === undefined && status < 400) return [`${what} is not documented`];
  const violations = status < 400 ? [] : explanationViolations(response, what);
  const reference = at(documented, "$ref");
  const shared = typeof reference === "string" ? reference : undefined;
  const place = shared ?? pointer(...operation.keys, "responses", String(status));
  const content = at(shared === undefined ? documented : resolve(shared), "content");
  if (documented === undefined) return [...violations, ...check(ERROR, response, what)];
  if (content === undefined) return response === undefined ? violations : [...violations, `${what} has a body`];
  return [...violations, ...check(`${place}${pointer(...JSON_SCHEMA).slice(1)}`, response, what)];
}

/** The description requires nothing of an error, yet GitHub always explains itself. */
function explanationViolations(response: unknown, what: string): readonly string[] {
  return ["message", "documentation_url"]
    .filter((key) => typeof at(response, key) !== "string")
    .map((key) => `${what} has no ${key}`);
}

function resolve(reference: string): unknown {
  return at(contract().description, ...reference.split("/").slice(1));
}

/** What the schema at this place of the description has against a value. */
function check(place: string, value: unknown, what: string): readonly string[] {
  const validate: ValidateFunction | undefined = contract().ajv.getSchema(`github${place}`);
  if (validate === undefined) return [`${what}: the description has nothing at ${place}`];
  if (validate(value) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${what}${instancePath}: ${message ?? "is wrong"}`);
}
