/** A column of the stage whose value is made of the row's others: how, and which cell goes before it. */
import { type Mapping, mappedTo } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import { encodersOf } from "../values/encoder.ts";
import type { LateField } from "./late-values.ts";
import { hasCell, type Slot, slotOf } from "./slot.ts";

export interface LateColumn extends LateField {
  /** Of its own cell; null: it has none. */
  slot: Slot | null;
}

/** What makes a field's value of the others; null: nothing does. */
export function lateMakerOf(
  importer: Importer,
  mapping: Mapping,
  name: string,
): Pick<LateColumn, "make" | "place"> | null {
  if (!Object.hasOwn(importer.fields, name)) return null;
  const { derive, default: fallback } = importer.fields[name];
  if (derive !== undefined) return { make: derive, place: `fields.${name}.derive` };
  if (typeof fallback !== "function" || mappedTo(mapping, name)?.default !== undefined) return null;
  return { make: fallback, place: `fields.${name}.default` };
}

export function lateColumnOf(
  column: StageColumn,
  importer: Importer,
  mapping: Mapping,
  keys: readonly string[],
): LateColumn {
  const { name } = column;
  const field = importer.fields[name];
  const made = lateMakerOf(importer, mapping, name);
  if (made === null) throw new Error(`no code makes the field ${name}`);
  const { encodeTyped: encode } = encodersOf(name, field, { transform: {}, isKey: keys.includes(name) });
  const slot = hasCell(column) ? slotOf(column, importer, mapping, keys, true) : null;
  return { name, field, ...made, encode, slot };
}
