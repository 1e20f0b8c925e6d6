/** A row of an importer as JSON Schema (draft 2020-12): what its values are once they were read. */
import type { Field, Language } from "../../core/field.ts";
import type { Importer } from "../../core/importer.ts";
import { labelOf } from "./importer-view.ts";

type Json = string | number | boolean | Json[] | { [name: string]: Json };
type JsonSchema = Record<string, Json>;

export function rowSchemaOf(importer: Importer, language: Language): JsonSchema {
  const fields = Object.entries(importer.fields);
  const groups = (importer.checks ?? []).flatMap((check) =>
    typeof check === "function" ? [] : [{ anyOf: check.fields.map((name) => ({ required: [name] })) }],
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:sluice:importer:${importer.name}`,
    title: importer.name,
    type: "object",
    properties: Object.fromEntries(
      fields.map(([name, field]) => [name, { title: labelOf(name, field, language), ...valueSchema(field) }]),
    ),
    required: fields.filter(([, { required }]) => required).map(([name]) => name),
    additionalProperties: false,
    ...(groups.length > 0 && { allOf: groups }),
  };
}

function valueSchema(field: Field): JsonSchema {
  switch (field.kind) {
    case "text":
      return {
        type: "string",
        ...(field.minLength !== undefined && { minLength: field.minLength }),
        ...(field.maxLength !== undefined && { maxLength: field.maxLength }),
        ...(field.pattern !== undefined && { pattern: `^(?:${field.pattern.source})$` }),
      };
    case "email":
      return { type: "string", format: "email" };
    case "phone":
      return { type: "string", pattern: "^\\+[1-9]\\d{1,14}$", description: `E.164; read as of ${field.country}` };
    case "integer":
    case "decimal":
      return {
        type: field.kind === "integer" ? "integer" : "number",
        ...(field.min !== undefined && { minimum: field.min }),
        ...(field.max !== undefined && { maximum: field.max }),
        ...(field.kind === "decimal" && field.scale !== undefined && { multipleOf: Number(`1e-${field.scale}`) }),
      };
    case "date":
      return { type: "string", format: "date" };
    case "datetime":
      return { type: "string", format: "date-time" };
    case "boolean":
      return { type: "boolean" };
    case "choice":
      return { type: "string", enum: Object.keys(field.values) };
    case "reference":
      return { type: "string", description: `One of ${field.table}, by ${field.by.join(" or ")}` };
  }
}
