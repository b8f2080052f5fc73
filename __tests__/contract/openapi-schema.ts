/** OpenAPI 3.0 writes its schemas almost, but not quite, as JSON Schema does. */

type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What lies at a path of keys, undefined when something on the way is missing. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

/** A JSON pointer's fragment for a path of keys. */
export function pointer(...keys: readonly string[]): string {
  return `#/${keys.map((key) => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;
}

/** A copy in which `nullable: true` of OpenAPI 3.0 is said as JSON Schema, and as OpenAPI 3.1, says it. */
export function withoutNullable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNullable);
  if (!isObject(value)) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutNullable(inner)]),
  );
  if (nullable === undefined) return rest;
  // A property may be called "nullable"; then it is described by an object.
  if (typeof nullable !== "boolean") return { ...rest, nullable };
  return nullable ? orNull(rest) : rest;
}

/** The schema, or null. */
export function orNull(schema: unknown): unknown {
  return { anyOf: [schema, { type: "null" }] };
}
