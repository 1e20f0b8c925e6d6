/** `/openapi.json`: what the API is, as OpenAPI 3.1. */
import type { Router } from "./request/router.ts";

export const apiVersion = "1.0.0";

/** Written once, when it is first asked for. */
export function describeApi(app: Router): Record<string, unknown> {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "An API token, or a JSON Web Token where the server accepts those.",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "sluice_session",
    description: "What a sign-in begins. Behind TLS its name begins with `__Host-`.",
  });
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Sluice",
      version: apiVersion,
      description:
        "Takes spreadsheet files into Postgres tables. Errors are problem+json (RFC 9457). What is written for people (labels, issues, " +
        "`title` and `detail` of problems, `errorMessage` of imports) is in the language of `?lang=` (en, fr or sv), else of " +
        "`Accept-Language`, else in the server's own. A POST may carry an `Idempotency-Key`: its answer is kept for 24 hours, and a " +
        "repetition gets it again.",
      license: { name: "MIT", url: "https://spdx.org/licenses/MIT" },
    },
    // The paths name the one that the app is mounted below themselves.
    servers: [{ url: "/" }],
    security: [{ bearer: [] }, { session: [] }],
  }) as unknown as Record<string, unknown>;
  tellDefaults(document);
  tellNull(document);
  return document;
}

interface Schema {
  properties?: Record<string, Schema>;
  required?: string[];
  default?: unknown;
  description?: string;
}

/**
 * What a body may leave out is said in words: generators of clients (openapi-typescript and others) take a property with the
 * keyword `default` for one that is always there, and ask for it in requests.
 */
function tellDefaults(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const { properties, required } = value as Schema;
  for (const [name, property] of Object.entries(properties ?? {})) {
    if (typeof property !== "object" || property === null || !("default" in property)) continue;
    const { default: left, description } = property;
    delete property.default;
    const said = `Default: ${JSON.stringify(left)}.`;
    if (description === undefined) property.description = said;
    else if (!description.includes("Default")) property.description = `${description} ${said}`;
    if (required?.includes(name)) (value as Schema).required = required.filter((each) => each !== name);
  }
  for (const each of Object.values(value)) tellDefaults(each);
}

/**
 * A schema with a name that may be null: what generates the document says "all of the schema and an object or null", which no null
 * fulfils.
 */
function tellNull(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const schema = value as { allOf?: Record<string, unknown>[]; anyOf?: unknown[] };
  const [named, { type, ...rest } = {}] = schema.allOf ?? [];
  if (named?.$ref !== undefined && JSON.stringify(type) === '["object","null"]') {
    delete schema.allOf;
    Object.assign(schema, rest, { anyOf: [named, { type: "null" }] });
  }
  for (const each of Object.values(value)) tellNull(each);
}
