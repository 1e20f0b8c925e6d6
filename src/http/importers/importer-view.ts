/** An importer and its fields as the API returns them, in the reader's language. */
import { z } from "@hono/zod-openapi";
import { contextTypes } from "../../core/context.ts";
import { duplicateStrategies } from "../../core/duplicates.ts";
import { feedsOf } from "../../core/feeds.ts";
import { choiceLabel, choicesOf, type Field, kindOf, mergeRulesOf } from "../../core/field.ts";
import { mergeRules } from "../../core/fields/kind.ts";
import type { Language } from "../../core/fields/language.ts";
import type { Importer } from "../../core/importer.ts";
import { keptKey } from "../../core/keys.ts";
import { modes, offeredModes } from "../../core/modes.ts";
import { repeatChoices } from "../../core/repeats.ts";
import { recordLabel } from "../../locale/record-label.ts";
import type { ContextChoice } from "../request/reach.ts";

export const importerSchema = z
  .object({
    name: z.string(),
    label: z.string().openapi({ description: "What people call what it brings in, in the reader's language." }),
    match: z.object({
      keys: z.array(z.union([z.string(), z.array(z.string())])).openapi({
        description: "What recognises a duplicate, the strongest first; a list: several fields together.",
        example: ["email", ["first_name", "last_name"]],
      }),
      onDuplicate: z.enum(duplicateStrategies as [string, ...string[]]),
    }),
    modes: z
      .array(z.enum(modes as [string, ...string[]]))
      .openapi({ description: "What an import may do with what is there, the default first." }),
    repeats: z
      .enum(repeatChoices as [string, ...string[]])
      .nullable()
      .openapi({ description: "Which rows count that are the same record; null: the importer does not say." }),
    context: z
      .array(
        z.object({
          name: z.string(),
          label: z.string(),
          type: z.enum(contextTypes),
          pinned: z.boolean().openapi({ description: "The server sets it: say nothing." }),
          choices: z
            .array(z.string())
            .optional()
            .openapi({ description: "What you may choose from, where the server knows that beforehand." }),
          choiceLabels: z
            .record(z.string(), z.string())
            .optional()
            .openapi({ description: "What a person reads instead of some of the choices." }),
        }),
      )
      .openapi({ description: "Values that every row of an import gets beside those of the file, such as a tenant." }),
    assignsOwners: z.boolean(),
    records: z
      .array(z.object({ name: z.string(), label: z.string(), isMain: z.boolean() }))
      .optional()
      .openapi({
        description:
          "Where a row makes several records: what they are called, in the order in which they are written. The main one is what each row is about.",
      }),
  })
  .openapi("Importer");

const mergeRule = z.enum(mergeRules);

const choiceSchema = z.object({
  value: z.string(),
  label: z.string().openapi({ description: "What it is called in the reader's language; else the value." }),
  words: z.array(z.string()).openapi({ description: "What means it, in any language." }),
});

/** What a mapping can name beside the field itself. */
const partSchema = z.object({
  name: z.string().openapi({ description: "As a mapping names it.", example: "custom.size" }),
  label: z.string(),
  kind: z.string(),
  required: z.boolean(),
  shared: z.boolean().openapi({ description: "Any number of columns may feed it." }),
  aliases: z.array(z.string()),
  element: z.string().optional(),
  choices: z.array(choiceSchema).optional(),
});

export const fieldSchema = z
  .object({
    name: z.string(),
    label: z.string(),
    kind: z.string().openapi({ example: "email" }),
    required: z.boolean(),
    hasDefault: z.boolean().openapi({ description: "It needs no column: the importer says what a blank counts as." }),
    computed: z.boolean().openapi({ description: "It takes no column: the importer makes it of the row's others." }),
    aliases: z.array(z.string()).openapi({ description: "Headers that mean this field, in any language." }),
    merge: mergeRule,
    mergeRules: z.array(mergeRule).openapi({ description: "What an update may do with it." }),
    element: z.string().optional().openapi({ description: "Of a list: the kind of its values.", example: "text" }),
    shared: z.boolean().openapi({ description: "Any number of columns may feed it." }),
    choices: z.array(choiceSchema).optional(),
    parts: z.array(partSchema).optional().openapi({
      description: "Of a document: its members, and `custom.*` for the columns that feed nothing else.",
    }),
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
    match: { keys: keys.map(keptKey), onDuplicate },
    modes: [...offeredModes(importer)],
    repeats: importer.repeats ?? null,
    context: choices.map(({ name, isPinned, values, labels }) => ({
      name,
      label: importer.context?.[name].label?.[language] ?? importer.context?.[name].label?.en ?? readable(name),
      type: importer.context?.[name].type ?? "text",
      pinned: isPinned,
      ...(!isPinned && values !== null && { choices: values }),
      ...(!isPinned && labels.size > 0 && { choiceLabels: Object.fromEntries(labels) }),
    })),
    assignsOwners: importer.assign !== undefined,
    ...(importer.records !== undefined && {
      records: importer.records.map((record) => ({
        name: record.name,
        label: recordLabel(record, language),
        isMain: record.isMain,
      })),
    }),
  };
}

/** `year-wheel` and `year_wheel` as "Year wheel". */
function readable(name: string): string {
  return `${name[0].toUpperCase()}${name.slice(1).replaceAll(/[-_]/g, " ")}`;
}

export function presentField(name: string, field: Field, language: Language): z.infer<typeof fieldSchema> {
  const limits = limitsOf(field);
  return {
    name,
    label: labelOf(name, field, language),
    ...presentReading(field, language),
    hasDefault: field.default !== undefined,
    computed: field.derive !== undefined,
    merge: field.merge,
    mergeRules: [...mergeRulesOf(field)],
    shared: field.kind === "columns",
    ...(field.kind === "json" && { parts: partsOf(name, field, language) }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

/** What a field and a part of one are both told by: how its cells are read. */
function presentReading(
  field: Field,
  language: Language,
): Pick<z.infer<typeof partSchema>, "kind" | "required" | "aliases" | "element" | "choices"> {
  const choices = choicesOf(field)?.map(({ value, words }) => ({
    value,
    label: choiceLabel(field, value, language),
    words,
  }));
  return {
    kind: field.kind,
    required: field.required,
    aliases: [...new Set([...Object.values(field.aliases).flat(), ...Object.values(field.label)])],
    ...("element" in field && { element: field.element.kind }),
    ...(choices && { choices }),
  };
}

/** `Custom · Size` */
function partsOf(name: string, field: Field, language: Language): z.infer<typeof partSchema>[] {
  const own = labelOf(name, field, language);
  return feedsOf({ fields: { [name]: field } })
    .filter((feed) => feed.name !== name)
    .map(({ name: part, field: read, member, isShared, isRest }) => ({
      name: part,
      label: `${own} · ${isRest ? otherColumns[language] : labelOf(member ?? part, read, language)}`,
      ...presentReading(read, language),
      shared: isShared,
    }));
}

const otherColumns: Readonly<Record<Language, string>> = {
  en: "other columns",
  fr: "autres colonnes",
  sv: "övriga kolumner",
};

export function labelOf(name: string, { label }: Field, language: Language): string {
  return label[language] ?? label.en ?? name;
}

function limitsOf(field: Field): Record<string, number | string> {
  const all: Record<string, number | string> = {};
  const names: readonly string[] = kindOf(field).limits ?? [];
  for (const [name, limit] of Object.entries(field)) {
    if (!names.includes(name) || limit === undefined) continue;
    if (limit instanceof RegExp) all[name] = limit.source;
    else if (typeof limit === "number" || typeof limit === "string") all[name] = limit;
  }
  return all;
}
