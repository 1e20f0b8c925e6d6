/** A remembered mapping as the API returns it. */
import { z } from "@hono/zod-openapi";
import { pickOptions, rememberedNames } from "../../core/import-options.ts";
import type { MappingTemplate } from "../../core/store/templates.ts";
import { givenColumns, givenFields } from "../../engine/given-mapping.ts";
import {
  givenColumn,
  givenField,
  keysSchema,
  mergeSchema,
  rememberedDialectSchema,
  rememberedShapes,
} from "./options.ts";

export const templateSchema = z
  .object({
    id: z.number().int(),
    importer: z.string(),
    createdBy: z.string(),
    fingerprint: z.string().openapi({ description: "SHA-256 over the folded names of the columns, in hex." }),
    columns: z.array(givenColumn),
    fields: z.array(givenField),
    name: z.string().nullable().openapi({ description: "What you call it; null: remembered without being asked." }),
    duplicates: z.object({ strategy: z.enum(["skip", "update", "create"]), keys: keysSchema }),
    merge: mergeSchema,
    assignment: z.looseObject({ mode: z.string() }),
    ...rememberedShapes,
    dialect: rememberedDialectSchema,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi("Template", { description: "What served for files of these columns." });

export function presentTemplate(template: MappingTemplate): z.infer<typeof templateSchema> {
  const { id, importer, createdBy, name, fingerprint, mapping, createdAt, updatedAt } = template;
  return {
    id,
    importer,
    createdBy,
    fingerprint,
    columns: givenColumns(mapping),
    fields: givenFields(mapping),
    name,
    ...pickOptions(template, rememberedNames),
    dialect: template.reading ?? {},
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
