/** Values of the stage as a cell of their column would have them: what a person sees, and edits. */
import { cellKeys } from "../core/cell-keys.ts";
import { namesColumn } from "../core/feed-names.ts";
import { kindOf } from "../core/field.ts";
import { type FieldChange, type ImportJob, type Mapping, mappedTo } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { RecordChanges } from "../core/store/commits.ts";
import type { ComparedField } from "../core/store/side-by-side.ts";
import { shownText } from "../values/encoder.ts";
import { partsOf, partTexts } from "./field-parts.ts";

/** The changes of records, their values as a person sees them. */
export function shownChanges(importer: Importer, { mapping }: ImportJob, changes: RecordChanges): RecordChanges {
  const show = valueShower(importer, mapping);
  const shown = ({ field, from, to }: FieldChange): FieldChange => ({
    field,
    from: show({ [field]: from })[field],
    to: show({ [field]: to })[field],
  });
  return { ...changes, samples: changes.samples.map((each) => ({ ...each, changes: each.changes.map(shown) })) };
}

/** The same of a duplicate beside what it repeats. */
export function shownFields(
  importer: Importer,
  { mapping }: ImportJob,
  fields: readonly ComparedField[],
): ComparedField[] {
  const show = valueShower(importer, mapping);
  return fields.map(({ field, row, other, differs, without, updated }) => {
    const shown = (value: string | null): string | null => show({ [field]: value })[field];
    return {
      field,
      row: shown(row),
      other: shown(other),
      differs,
      without: shown(without),
      updated: shown(updated),
    };
  });
}

export type Values = Readonly<Record<string, string | null>>;

/** Fields of one value are shown as the database has them, so most rows are returned as they are. */
export function valueShower(importer: Importer, mapping: Mapping): (values: Values) => Values {
  const { fields } = importer;
  const keys = cellKeys(mapping);
  const composed = Object.keys(fields).flatMap((name) => {
    const parts = partsOf(importer, mapping, name);
    return parts === null ? [] : [{ name, parts }];
  });
  const several = Object.entries(fields).filter(([, field]) => kindOf(field).inner !== undefined);
  if (several.length === 0) return (values) => values;
  const shown = several.map(([name, field]) => {
    const transform = mappedTo(mapping, name)?.transform;
    return [name, (value: string) => shownText(field, value, transform)] as const;
  });
  return (values) => {
    const changed: Record<string, string | null> = { ...values };
    for (const { name, parts } of composed) {
      const names = namesColumn(name);
      const texts = partTexts(parts, values[name] ?? null, values[names] ?? null);
      for (const { column } of parts) changed[keys[column] ?? name] = texts.get(column) ?? null;
      delete changed[names];
    }
    for (const [name, show] of shown) {
      const value = values[name];
      if (typeof value === "string" && !composed.some((each) => each.name === name && keys.includes(name)))
        changed[name] = show(value);
    }
    return changed;
  };
}
