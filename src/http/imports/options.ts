/** What a person decides about an import, as the API represents it: options, and the mapping of its columns. */
import { z } from "@hono/zod-openapi";
import { duplicateStrategies } from "../../core/duplicates.ts";
import { addressParts, nameParts } from "../../core/field-source.ts";
import { mergeRules } from "../../core/fields/kind.ts";
import { languages } from "../../core/fields/language.ts";
import type { Given } from "../../core/given-mapping.ts";
import { type ColumnMapping, type ImportJob, readingReasons } from "../../core/import.ts";
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
import { type KeptKey, maxKeys } from "../../core/keys.ts";
import { maxNullChars, maxNulls, shortRowChoices, totalsChoices, trims } from "../../core/reading.ts";
import { isDelimiter, maxDelimiterChars, quoteEscapes, quotes } from "../../core/row.ts";
import { givenFields, hintsOf } from "../../engine/given-mapping.ts";

/** What is said of rows and cells. */
export const readingShapes = {
  nulls: z
    .array(z.string().max(maxNullChars).regex(/\S/, "must be a word: a cell of nothing is blank already"))
    .max(maxNulls)
    .optional()
    .openapi({ description: "Cells that are exactly one of these words are blank.", example: ["NULL"] }),
  trim: z.enum(trims).optional().openapi({
    description:
      "White space: dropped at the ends of cells (default), inside them too but for one space, or kept in fields of text.",
  }),
  shortRows: z.enum(shortRowChoices).optional().openapi({
    description: "Rows that end early: padded with blanks, or rejected. Default: as the whole file shows.",
  }),
  totals: z
    .enum(totalsChoices)
    .optional()
    .openapi({ description: "Rows that add up others: skipped (default), or kept as rows." }),
};

const dialectHintsSchema = z
  .strictObject({
    encoding: z.string().min(1).max(40).optional().openapi({ example: "windows-1252" }),
    delimiter: z
      .string()
      .max(maxDelimiterChars)
      .refine(isDelimiter, "must be one ASCII character, or up to four, and no quote")
      .optional()
      .openapi({ example: ";" }),
    quote: z.enum(quotes).optional().openapi({ description: "What encloses cells; `none`: quotes are text." }),
    escape: z.enum(quoteEscapes).optional().openapi({ description: "How a quote is written inside quotes." }),
    headerRow: z.number().int().min(0).max(1_000_000).optional().openapi({ description: "From 1; 0: there is none." }),
    sheet: z.string().min(1).max(255).optional().openapi({ description: "Its name, or its place from 1." }),
    entry: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .openapi({ description: "Name of the zip archive's file, or its place from 1." }),
    ...readingShapes,
  })
  .openapi("DialectHints", { description: "What is not left to detection." });

/** Those that stand in a query. */
export function dialectHintsIn(text: string, context: z.RefinementCtx): z.infer<typeof dialectHintsSchema> {
  return inQuery(dialectHintsSchema, "DialectHints", text, context);
}

/** What a mapping is remembered with. */
export const rememberedDialectSchema = z
  .strictObject({ quote: z.literal("none").optional(), ...readingShapes })
  .openapi("RememberedDialect", { description: "What was said of how rows and cells are read." });

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

/** A field, or several together. */
const keyPart = z.string().min(1).max(60);
export const keysSchema: z.ZodType<KeptKey[]> = z
  .array(z.union([keyPart, z.array(keyPart).min(1).max(20)]))
  .max(maxKeys)
  .openapi({
    description: "The strongest first. A list is a key of several fields, each of which must have a value.",
    example: ["email", ["first_name", "last_name"]],
  });

const duplicatesSchema = z
  .strictObject({
    strategy: z.enum(duplicateStrategies as ["skip", "update", "create"]),
    keys: keysSchema,
  })
  .openapi("Duplicates", { description: "What recognises a duplicate, and what becomes of it." });

export const mergeSchema = z
  .record(z.string().max(60), z.enum(mergeRules as ["overwrite", "fill", "never", "clear", "append"]))
  .openapi("MergeRules", {
    description:
      "What an update does with a field where it is not what the importer says: take the file's value unless it is blank, only " +
      "fill what is blank, leave the record as it is, or take the file's value even when it is blank. `append` is for lists: values " +
      "that the record does not have yet go behind those it has.",
    example: { phone: "fill" },
  });

/** What the list of options says of each that is one word, or a yes or no. */
const plainShapes = Object.fromEntries(plainNames.map((name) => [name, plainShape(optionRules[name].plain)])) as {
  [Name in keyof PlainOptions]: z.ZodType<PlainOptions[Name]>;
};

function plainShape(plain: PlainOption): z.ZodType {
  const shapeOf = (): z.ZodType => {
    switch (plain.kind) {
      case "boolean":
        return z.boolean();
      case "number":
        return z.number().int().min(0);
      case "choice":
        return z.enum(plain.of);
    }
  };
  return shapeOf().openapi({ description: plain.says });
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
    timeZone: z.string().min(1).max(60).optional().openapi({
      description: "The zone of times that name none: `UTC`, an offset, or a name of the IANA database.",
      example: "Europe/Paris",
    }),
    separator: z
      .string()
      .min(1)
      .max(10)
      .optional()
      .openapi({ description: "What separates the values in a list's cell.", example: ";" }),
    blankWords: z
      .array(z.string().min(1).max(maxNullChars))
      .max(maxNulls)
      .optional()
      .openapi({
        description: "Cells of the column that are exactly one of these words are blank.",
        example: ["NULL"],
      }),
    padTo: z.number().int().min(2).max(30).optional().openapi({ description: "Zeros before codes of so many digits." }),
    values: z
      .record(z.string().max(500), z.string().max(500))
      .optional()
      .openapi({ description: "Cell → choice, on top of the field's own words." }),
  })
  .openapi("Transform", { description: "How cells are read where they alone do not say." });

const defaultSchema = z
  .string()
  .min(1)
  .max(32_767)
  .openapi({ description: "What a blank cell counts as; read like a cell." });

/** What is said of one column. */
export const givenColumn = z
  .strictObject({
    column: z.string().min(1).max(10_000).openapi({ description: "Its header.", example: "E-mail" }),
    field: z.string().max(120).nullable().openapi({ description: "Null leaves it out.", example: "email" }),
    transform: transformSchema.optional(),
    default: defaultSchema.optional(),
  })
  .openapi("GivenColumn");

const header = z.string().min(1).max(10_000);
const separator = z.string().max(100);

export const fieldSourceSchema = z
  .union([
    z.strictObject({
      kind: z.literal("constant"),
      value: z.string().min(1).max(32_767).openapi({ description: "The same in every row; read like a cell." }),
    }),
    z.strictObject({
      kind: z.literal("join"),
      columns: z.array(header).min(1).max(50),
      separator: separator.openapi({ description: "Between the cells that are not blank.", example: " " }),
    }),
    z.strictObject({
      kind: z.literal("split"),
      column: header,
      by: z.literal("name"),
      part: z.enum(nameParts),
    }),
    z.strictObject({
      kind: z.literal("split"),
      column: header,
      by: z.literal("address"),
      part: z.enum(addressParts),
    }),
    z.strictObject({
      kind: z.literal("split"),
      column: header,
      by: z.literal("separator"),
      separator: separator.min(1),
      part: z.number().int().min(-1000).max(1000).openapi({ description: "Which piece, from 1; -1 is the last." }),
    }),
  ])
  .openapi("FieldSource", {
    description:
      "Where a field's values come from when they are not the cells of one column: a constant, several columns joined, a part of a column.",
    example: { kind: "join", columns: ["Prénom", "Nom"], separator: " " },
  });

/** What is said of one field. */
export const givenField = z
  .strictObject({
    field: z.string().min(1).max(60),
    source: z.union([fieldSourceSchema, z.null()]).openapi({ description: "Null: it is not made any more." }),
    transform: transformSchema.optional(),
    default: defaultSchema.optional(),
  })
  .openapi("GivenField");

export const mappingInput = z
  .strictObject({
    columns: z.array(givenColumn).max(20_000).default([]),
    fields: z
      .array(givenField)
      .max(1000)
      .default([])
      .openapi({ description: "Fields that are not one column's: constant, joined, split." }),
  })
  .openapi("MappingInput", {
    example: {
      columns: [{ column: "E-mail", field: "email" }],
      fields: [{ field: "source", source: { kind: "constant", value: "Salon 2026" } }],
    },
  });

/** A field that stands in a query. */
export function givenFieldIn(text: string, context: z.RefinementCtx): z.infer<typeof givenField> {
  return inQuery(givenField, "GivenField", text, context);
}

function inQuery<Shape extends z.ZodType>(
  shape: Shape,
  name: string,
  text: string,
  context: z.RefinementCtx,
): z.infer<Shape> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = text;
  }
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  context.addIssue({ code: "custom", message: `must be a ${name} as JSON` });
  return z.NEVER;
}

/** What a request says, as the engine takes it. */
export function givenIn({ columns, fields }: Partial<z.infer<typeof mappingInput>>): Given[] {
  return [...(columns ?? []), ...(fields ?? [])];
}

export const mappedColumn = z
  .object({
    column: z.string(),
    index: z.number().int().openapi({ description: "Its place in the file, from 0." }),
    field: z.string().nullable(),
    transform: transformSchema.optional(),
    default: z.string().optional().openapi({ description: "What a blank cell counts as." }),
    score: z.number().openapi({ description: "0 to 1: how sure the suggestion is." }),
    reason: z.enum(["given", "name", "alias", "similar", "values", "rest", "none"]),
    doubt: z
      .enum(["ambiguous_field", "date_order", "date_serial", "decimal_mark", "separator", "similar_name", "time_zone"])
      .optional()
      .openapi({ description: "What must be decided, or accepted, before the start." }),
    readBy: z.enum(readingReasons).optional().openapi({
      description:
        "Why its dates or numbers are read so: by its cells, the file's other columns, its delimiter, the language of its header, all of its rows against the first ones, a remembered mapping; or as is usual. Absent: somebody said it.",
    }),
    repair: z.object({ kind: z.literal("pad_zeros"), width: z.number().int(), cells: z.number().int() }).optional(),
    blanks: z
      .object({ words: z.array(z.string()), cells: z.number().int() })
      .optional()
      .openapi({
        description:
          "Words for a null in a column of text, and how many cells have them: `blankWords` of its transform makes them blank.",
      }),
  })
  .openapi("MappedColumn");

export const mappedField = z
  .object({
    field: z.string(),
    source: fieldSourceSchema,
    transform: transformSchema.optional(),
    default: z.string().optional(),
    reason: z.enum(["given", "values"]).openapi({ description: "`values`: the cells suggest it." }),
    doubt: z.enum(["suggested_split"]).optional(),
  })
  .openapi("MappedField", { description: "A field whose values are not the cells of one column." });

export const mappingSchema = z
  .object({
    columns: z.array(mappedColumn),
    fields: z.array(mappedField),
    missing: z
      .array(z.string())
      .openapi({ description: "Fields that nothing feeds, and that are needed before the start." }),
  })
  .openapi("Mapping");

export function presentMapping({ mapping }: ImportJob, missing: string[]): z.infer<typeof mappingSchema> {
  const made = givenFields(mapping).map((given, k): z.infer<typeof mappedField> => {
    const { doubt, reason } = mapping.fields?.[k] ?? {};
    return { ...given, reason: reason === "values" ? reason : "given", ...(doubt === "suggested_split" && { doubt }) };
  });
  return { columns: mapping.columns.map(presentColumn), fields: made, missing };
}

function presentColumn(column: ColumnMapping): z.infer<typeof mappedColumn> {
  const { header: name, field, transform, default: fallback, score, reason, readBy, doubt, repair, blanks } = column;
  return {
    column: name,
    index: column.column,
    field,
    ...(transform !== undefined && { transform }),
    ...(fallback !== undefined && { default: fallback }),
    score,
    reason,
    ...(readBy !== undefined && { readBy }),
    ...(doubt !== undefined && doubt !== "suggested_split" && { doubt }),
    ...(repair !== undefined && { repair }),
    ...(blanks !== undefined && { blanks }),
  };
}
