/** What columns can be mapped to, and what their cells are called: fields, and the members of documents as fields of their own. */
import type { ImporterField, MappedColumn } from "../../client/index.ts";

export function mappableFields(fields: readonly ImporterField[]): ImporterField[] {
  return fields.flatMap((field) => [
    field,
    ...(field.parts ?? []).map((part) => ({
      ...field,
      parts: undefined,
      choices: undefined,
      element: undefined,
      ...part,
    })),
  ]);
}

/** The field that a name of the mapping belongs to: `custom` of `custom.size`. */
export function ownerName(name: string): string {
  const dot = name.indexOf(".");
  return dot < 0 ? name : name.slice(0, dot);
}

/** What the cells of a row are called among its values, by the columns: the field, with the header where several columns may feed one. */
export function cellNames(mapped: readonly Pick<MappedColumn, "column" | "field">[]): (string | null)[] {
  const counts = new Map<string, number>();
  for (const { field } of mapped) if (field !== null) counts.set(field, (counts.get(field) ?? 0) + 1);
  return mapped.map(({ column, field }) =>
    field !== null && (field.endsWith(".*") || (counts.get(field) ?? 0) > 1) ? `${field}[${column}]` : field,
  );
}

/** What a value of a choice is called. */
export function choiceName(choices: ImporterField["choices"] | null, value: string): string {
  return choices?.find((each) => each.value === value)?.label ?? value;
}

/** The choice that a text names by its value or its label; the text itself where it names none. */
export function choiceOf(choices: ImporterField["choices"] | null, text: string): string {
  if (choices == null || choices.some(({ value }) => value === text)) return text;
  return choices.find(({ label }) => label === text)?.value ?? text;
}
