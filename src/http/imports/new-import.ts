/** What a request for a new import may say, and what it is answered. */
import { z } from "@hono/zod-openapi";
import { importSchema } from "./import-view.ts";
import { givenColumn, givenField, mappingSchema, optionsInput } from "./options.ts";
import { templateSchema } from "./template-view.ts";

export const newImport = z
  .strictObject({
    uploadId: z.string().min(1).max(200).optional().openapi({ description: "Needed unless fileOf says the file." }),
    fileOf: z.number().int().positive().optional().openapi({
      description:
        "Instead of uploadId, an import whose file is still kept (`hasFile`): a copy of it is imported anew, read and matched like that one.",
    }),
    importer: z
      .string()
      .max(100)
      .optional()
      .openapi({ description: "Needed unless parentId or fileOf says it.", example: "leads" }),
    options: optionsInput.optional(),
    columns: z
      .array(givenColumn)
      .max(20_000)
      .optional()
      .openapi({ description: "What is known of columns; a field for the others is suggested." }),
    fields: z
      .array(givenField)
      .max(1000)
      .optional()
      .openapi({ description: "Fields that are not one column's: constant, joined, split." }),
    templateId: z.number().int().positive().optional().openapi({ description: "A remembered mapping to use." }),
    parentId: z.number().int().positive().optional().openapi({
      description: "The import whose corrected rejects this file brings: it is read and matched like that one.",
    }),
    dryRun: z.boolean().default(false).openapi({ description: "Only to be counted, never committed." }),
    again: z.boolean().default(false).openapi({ description: "Import the file although it was imported before." }),
    start: z.boolean().optional().openapi({ description: "Start at once. Default: what options.autoCommit is." }),
    acceptDoubts: z.boolean().default(false),
  })
  .openapi("NewImport", { example: { uploadId: "01JD0K7T6P", importer: "leads" } as never });

export const created = importSchema
  .extend({
    mapping: mappingSchema,
    template: templateSchema.nullable().openapi({ description: "The remembered mapping that was used." }),
    suggestedTemplates: z
      .array(templateSchema)
      .openapi({ description: "Remembered mappings for files of these columns; use one with templateId." }),
  })
  .openapi("CreatedImport");

export interface CreatedImport {
  answer: z.infer<typeof created>;
  isStarted: boolean;
}
