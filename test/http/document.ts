/** The OpenAPI document as a judge: whether an answer is one that the document promises. */

type Json = unknown;
type Schema = Record<string, Json>;

export interface Operation {
  method: string;
  path: string;
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

export interface ApiDocument {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Omit<Operation, "method" | "path">>>;
  components: { schemas: Record<string, Schema> };
}

const methods = new Set(["get", "put", "post", "delete", "options", "head", "patch"]);

export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.has(method))
      .map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

/** The operation that a request belongs to; one with fixed words goes before one with a parameter in their place. */
export function operationFor(document: ApiDocument, method: string, pathname: string): Operation | undefined {
  const parameters = ({ path }: Operation): number => path.split("{").length;
  return operationsOf(document)
    .filter((each) => each.method === method && pattern(each.path).test(pathname))
    .sort((a, b) => parameters(a) - parameters(b))[0];
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{[^}]+\}/g, "[^/]+")}$`);
}

/** What of the answer the document does not promise. */
export function undocumented(
  document: ApiDocument,
  operation: Operation,
  answer: { status: number; contentType: string | null; json: Json },
): string[] {
  const isCommon = [400, 413, 415, 429, 500, 503].includes(answer.status);
  const response = operation.responses[String(answer.status)] ?? (isCommon ? operation.responses.default : undefined);
  const where = `${operation.method} ${operation.path} → ${answer.status}`;
  if (response === undefined) return [`${where}: the status is not documented`];
  const type = answer.contentType?.split(";")[0] ?? null;
  if (type === null) return response.content === undefined ? [] : [`${where}: has no content`];
  const content = response.content?.[type];
  if (content === undefined) return [`${where}: ${type} is not documented`];
  return type.endsWith("json") ? mismatches(document, content.schema, answer.json, where) : [];
}

/** A value against a JSON Schema, as far as the document uses it. */
export function mismatches(document: ApiDocument, given: Schema, value: Json, where: string): string[] {
  const schema = resolved(document, given);
  const several = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (several !== undefined) {
    const each = several.map((one) => mismatches(document, one, value, where));
    return each.some((found) => found.length === 0)
      ? []
      : [`${where}: fits none of ${several.length}: ${each.flat().join(", ")}`];
  }
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOf(String(type), value))) {
    return [`${where}: ${JSON.stringify(value)} is no ${types.join(" or ")}`];
  }
  if (Array.isArray(schema.enum) && !schema.enum.includes(value))
    return [`${where}: ${String(value)} is not one of the enum`];
  if (Array.isArray(value)) {
    const items = schema.items as Schema | undefined;
    return items === undefined ? [] : value.flatMap((one, k) => mismatches(document, items, one, `${where}[${k}]`));
  }
  if (typeof value !== "object" || value === null) return [];
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const more = schema.additionalProperties;
  const missing = ((schema.required as string[] | undefined) ?? []).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${where}: ${name} is missing`),
    ...Object.entries(value).flatMap(([name, one]) => {
      if (Object.hasOwn(properties, name)) return mismatches(document, properties[name], one, `${where}.${name}`);
      if (typeof more === "object" && more !== null)
        return mismatches(document, more as Schema, one, `${where}.${name}`);
      return more === true || (schema.properties === undefined && more !== false)
        ? []
        : [`${where}: ${name} is not documented`];
    }),
  ];
}

/** A schema with what it refers to, and with the parts it is put together from as one. */
function resolved(document: ApiDocument, schema: Schema): Schema {
  if (typeof schema.$ref === "string") {
    return resolved(document, document.components.schemas[schema.$ref.replace("#/components/schemas/", "")]);
  }
  const { allOf, ...own } = schema;
  if (allOf === undefined) return own;
  const parts = [...(allOf as Schema[]).map((part) => resolved(document, part)), own];
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required }) => (required as string[] | undefined) ?? []),
  };
}

function isOf(type: string, value: Json): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
