/** A row of an importer as JSON Schema (draft 2020-12): what its values are once they were read. */
import { kindOf } from "../../core/field.ts";
import type { JsonSchema } from "../../core/fields/kind.ts";
import type { Language } from "../../core/fields/language.ts";
import { type Importer, neededGroups } from "../../core/importer.ts";
import { labelOf } from "./importer-view.ts";

export function rowSchemaOf(importer: Importer, language: Language): JsonSchema {
  const fields = Object.entries(importer.fields);
  const groups = neededGroups(importer).map((names) => ({ anyOf: names.map((name) => ({ required: [name] })) }));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:sluice:importer:${importer.name}`,
    title: importer.name,
    type: "object",
    properties: Object.fromEntries(
      fields.map(([name, field]) => [name, { title: labelOf(name, field, language), ...kindOf(field).schema(field) }]),
    ),
    required: fields.filter(([, { required }]) => required).map(([name]) => name),
    additionalProperties: false,
    ...(groups.length > 0 && { allOf: groups }),
  };
}
