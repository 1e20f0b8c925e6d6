/** An importer and its fields as the API returns them, in the reader's language. */
import { z } from "@hono/zod-openapi";
import { contextTypes } from "../../core/context.ts";
import { duplicateStrategies } from "../../core/duplicates.ts";
import { type Field, kindOf } from "../../core/field.ts";
import type { Language } from "../../core/fields/language.ts";
import type { Importer } from "../../core/importer.ts";
import type { ContextChoice } from "../request/reach.ts";

export const importerSchema = z
  .object({
    name: z.string(),
    label: z.string().openapi({ description: "What people call what it brings in, in the reader's language." }),
    match: z.object({
      keys: z.array(z.string()).openapi({ description: "Fields that recognise a duplicate, the first deciding." }),
      onDuplicate: z.enum(duplicateStrategies as [string, ...string[]]),
    }),
    context: z
      .array(
        z.object({
          name: z.string(),
          type: z.enum(contextTypes),
          pinned: z.boolean().openapi({ description: "The server sets it: say nothing." }),
          choices: z
            .array(z.string())
            .optional()
            .openapi({ description: "What you may choose from, where the server knows that beforehand." }),
        }),
      )
      .openapi({ description: "Values that every row of an import gets beside those of the file, such as a tenant." }),
    assignsOwners: z.boolean(),
  })
  .openapi("Importer");

export const fieldSchema = z
  .object({
    name: z.string(),
    label: z.string(),
    kind: z.string().openapi({ example: "email" }),
    required: z.boolean(),
    aliases: z.array(z.string()).openapi({ description: "Headers that mean this field, in any language." }),
    merge: z.enum(["overwrite", "fill", "never", "clear"]),
    choices: z.array(z.object({ value: z.string(), words: z.array(z.string()) })).optional(),
    limits: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
  })
  .openapi("Field");

export const importerWithFields = importerSchema
  .extend({
    fields: z.array(fieldSchema),
    atLeastOne: z
      .array(z.array(z.string()))
      .openapi({ description: "Groups of fields of which each row needs one.", example: [["email", "phone"]] }),
  })
  .openapi("ImporterWithFields");

export function presentImporter(
  importer: Importer,
  language: Language,
  choices: readonly ContextChoice[],
): z.infer<typeof importerSchema> {
  const { keys, onDuplicate } = importer.match;
  return {
    name: importer.name,
    label: importer.label?.[language] ?? importer.label?.en ?? readable(importer.name),
    match: { keys: [...keys], onDuplicate },
    context: choices.map(({ name, isPinned, values }) => ({
      name,
      type: importer.context?.[name].type ?? "text",
      pinned: isPinned,
      ...(!isPinned && values !== null && { choices: values }),
    })),
    assignsOwners: importer.assign !== undefined,
  };
}

/** `year-wheel` as "Year wheel". */
function readable(name: string): string {
  return `${name[0].toUpperCase()}${name.slice(1).replaceAll("-", " ")}`;
}

/** The groups of fields of which a row needs one. */
export function neededGroups({ checks = [] }: Importer): string[][] {
  return checks.flatMap((check) => (typeof check === "function" ? [] : [[...check.fields]]));
}

export function presentField(name: string, field: Field, language: Language): z.infer<typeof fieldSchema> {
  const limits = limitsOf(field);
  const { choices } = kindOf(field);
  return {
    name,
    label: labelOf(name, field, language),
    kind: field.kind,
    required: field.required,
    aliases: [...new Set([...Object.values(field.aliases).flat(), ...Object.values(field.label)])],
    merge: field.merge,
    ...(choices !== undefined && { choices: choices(field) }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

export function labelOf(name: string, { label }: Field, language: Language): string {
  return label[language] ?? label.en ?? name;
}

function limitsOf(field: Field): Record<string, number | string> {
  const all: Record<string, number | string> = {};
  const names: readonly string[] = kindOf(field).limits ?? [];
  for (const [name, limit] of Object.entries(field)) {
    if (!names.includes(name) || limit === undefined) continue;
    all[name] = limit instanceof RegExp ? limit.source : limit;
  }
  return all;
}
