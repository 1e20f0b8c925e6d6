/** What a person decides about an import, as the API represents it: options, and the mapping of its columns. */
import { z } from "@hono/zod-openapi";
import { duplicateStrategies } from "../../core/duplicates.ts";
import { mergeRules } from "../../core/fields/kind.ts";
import { languages } from "../../core/fields/language.ts";
import type { ColumnMapping, ImportJob } from "../../core/import.ts";
import {
  completeOptions,
  type ImportOptions,
  optionNames,
  optionRules,
  type PlainOption,
  type PlainOptions,
  pickOptions,
  plainNames,
  type RememberedOptions,
  rememberedNames,
} from "../../core/import-options.ts";
import type { Importer } from "../../core/importer.ts";
import { hintsOf } from "../../engine/given-mapping.ts";

const dialectHintsSchema = z
  .strictObject({
    encoding: z.string().min(1).max(40).optional().openapi({ example: "windows-1252" }),
    delimiter: z
      .string()
      .regex(/^[\t !#-~]$/, "must be one ASCII character, and no quote")
      .optional()
      .openapi({ example: ";" }),
    headerRow: z.number().int().min(0).max(1_000_000).optional().openapi({ description: "From 1; 0: there is none." }),
    sheet: z.string().min(1).max(255).optional().openapi({ description: "Its name, or its place from 1." }),
  })
  .openapi("DialectHints", { description: "What is not left to detection." });

const owner = z
  .string()
  .min(1)
  .max(200)
  .openapi({ description: "By id, e-mail or name.", example: "anna@example.com" });
const assignmentSchema = z
  .discriminatedUnion("mode", [
    z.strictObject({ mode: z.literal("none") }),
    z.strictObject({ mode: z.literal("single"), owner }),
    z.strictObject({
      mode: z.literal("round-robin"),
      owners: z
        .array(z.strictObject({ owner, weight: z.number().int().min(1).max(100).default(1) }))
        .min(1)
        .max(1000),
    }),
    z.strictObject({
      mode: z.literal("column"),
      column: z.string().min(1).max(1000),
      fallback: owner.optional(),
      values: z
        .record(z.string().min(1).max(1000), owner)
        .refine((values) => Object.keys(values).length <= 1000, "must be at most 1000")
        .optional()
        .openapi({
          description: "Cell, in any case → owner, where nobody is called so.",
          example: { "A. Berg": "anna@example.com" },
        }),
    }),
  ])
  .openapi("Assignment", { description: "Who owns the records." });

const duplicatesSchema = z
  .strictObject({
    strategy: z.enum(duplicateStrategies as ["skip", "update", "create"]),
    keys: z.array(z.string().min(1).max(60)).max(20),
  })
  .openapi("Duplicates", { description: "Which fields recognise a duplicate, and what becomes of it." });

export const mergeSchema = z
  .record(z.string().max(60), z.enum(mergeRules as ["overwrite", "fill", "never", "clear"]))
  .openapi("MergeRules", {
    description:
      "What an update does with a field where it is not what the importer says: take the file's value unless it is blank, only " +
      "fill what is blank, leave the record as it is, or take the file's value even when it is blank.",
    example: { phone: "fill" },
  });

/** What the list of options says of each that is one word, or a yes or no. */
const plainShapes = Object.fromEntries(plainNames.map((name) => [name, plainShape(optionRules[name].plain)])) as {
  [Name in keyof PlainOptions]: z.ZodType<PlainOptions[Name]>;
};

function plainShape(plain: PlainOption): z.ZodType {
  const shape = plain.kind === "boolean" ? z.boolean() : z.enum(plain.of as [string, ...string[]]);
  return shape.openapi({ description: plain.says });
}

/** Those of them that are remembered with a mapping. */
export const rememberedShapes = Object.fromEntries(
  Object.entries(plainShapes).filter(([name]) => (rememberedNames as readonly string[]).includes(name)),
) as Pick<typeof plainShapes, keyof PlainOptions & keyof RememberedOptions>;

/** Every member may be left out: then it is the default. */
export const optionsInput = z
  .strictObject({
    dialect: dialectHintsSchema,
    duplicates: duplicatesSchema.openapi({ description: "Default: the importer's." }),
    merge: mergeSchema.openapi({ description: "Default: each field as the importer says." }),
    assignment: assignmentSchema.openapi({ description: "Default: none." }),
    context: z.record(z.string().max(60), z.string().max(1000)).openapi({
      description: "Only what you may choose (`context` of the importer). Default: as the server sets it.",
    }),
    language: z.enum(languages),
    ...plainShapes,
  })
  .partial()
  .openapi("ImportOptionsInput", {
    example: {
      duplicates: { strategy: "update", keys: ["email"] },
      assignment: { mode: "round-robin", owners: [{ owner: "anna@example.com" }, { owner: "17" }] },
      autoCommit: true,
    } as never,
  });

export const optionsSchema = z
  .object({
    dialect: dialectHintsSchema,
    duplicates: duplicatesSchema,
    merge: mergeSchema,
    assignment: assignmentSchema,
    context: z.record(z.string(), z.string()),
    language: z.string(),
    ...plainShapes,
  })
  .openapi("ImportOptions");

/** Options as a request says them: what is left out is as somebody else says, or the importer. */
export function optionsOf(
  importer: Importer,
  said: z.infer<typeof optionsInput>,
  ...fallbacks: readonly (Partial<ImportOptions> | null)[]
): ImportOptions {
  return completeOptions(importer, said as Partial<ImportOptions>, ...fallbacks);
}

export function presentOptions(job: ImportJob): z.infer<typeof optionsSchema> {
  return { dialect: hintsOf(job), ...pickOptions(job, optionNames) };
}

const transformSchema = z
  .strictObject({
    dateOrder: z.enum(["dmy", "mdy", "ymd", "serial"]).optional(),
    decimalMark: z.enum([",", "."]).optional(),
    padTo: z.number().int().min(2).max(30).optional().openapi({ description: "Zeros before codes of so many digits." }),
    values: z
      .record(z.string().max(500), z.string().max(500))
      .optional()
      .openapi({ description: "Cell → choice, on top of the field's own words." }),
  })
  .openapi("Transform", { description: "How cells are read where they alone do not say." });

/** What is said of one column. */
export const givenColumn = z
  .strictObject({
    column: z.string().min(1).max(10_000).openapi({ description: "Its header.", example: "E-mail" }),
    field: z.string().max(60).nullable().openapi({ description: "Null leaves it out.", example: "email" }),
    transform: transformSchema.optional(),
  })
  .openapi("GivenColumn");

export const mappingInput = z
  .strictObject({ columns: z.array(givenColumn).max(20_000) })
  .openapi("MappingInput", { example: { columns: [{ column: "E-mail", field: "email" }] } });

export const mappedColumn = z
  .object({
    column: z.string(),
    index: z.number().int().openapi({ description: "Its place in the file, from 0." }),
    field: z.string().nullable(),
    transform: transformSchema.optional(),
    score: z.number().openapi({ description: "0 to 1: how sure the suggestion is." }),
    reason: z.enum(["given", "name", "alias", "similar", "values", "none"]),
    doubt: z
      .enum(["ambiguous_field", "date_order", "date_serial", "decimal_mark", "similar_name"])
      .optional()
      .openapi({ description: "What must be decided, or accepted, before the start." }),
    repair: z.object({ kind: z.literal("pad_zeros"), width: z.number().int(), cells: z.number().int() }).optional(),
  })
  .openapi("MappedColumn");

export const mappingSchema = z
  .object({
    columns: z.array(mappedColumn),
    missing: z.array(z.string()).openapi({ description: "Fields that need a column before the start." }),
  })
  .openapi("Mapping");

export function presentMapping({ mapping }: ImportJob, missing: string[]): z.infer<typeof mappingSchema> {
  return { columns: mapping.columns.map(presentColumn), missing };
}

function presentColumn(column: ColumnMapping): z.infer<typeof mappedColumn> {
  const { header, field, transform, score, reason, doubt, repair } = column;
  return {
    column: header,
    index: column.column,
    field,
    ...(transform !== undefined && { transform }),
    score,
    reason,
    ...(doubt !== undefined && { doubt }),
    ...(repair !== undefined && { repair }),
  };
}
