/** The columns that make up a field together: each with its name in it, and how its cells are read. */
import { type Feed, feedOf } from "../core/feeds.ts";
import { namerOf } from "../core/fields/columns.ts";
import type { ColumnMapping, Mapping } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import { storedParts } from "../values/encode-list.ts";
import { fold } from "../values/fold.ts";
import { isNested, parseJson } from "../values/json-cell.ts";

export interface FieldPart {
  /** Place of the cell in a row. */
  column: number;
  /** Of a document the member, of several columns what each is called; null: the cell is the document itself. */
  name: string | null;
  feed: Feed;
  mapped: ColumnMapping;
}

/** Null for a field that a single cell feeds, or nothing. */
export function partsOf(importer: Importer, { columns }: Mapping, name: string): FieldPart[] | null {
  const field = importer.fields[name];
  if (field.kind !== "columns" && field.kind !== "json") return null;
  const namer = field.kind === "columns" ? namerOf(field, fold) : null;
  const parts = columns.flatMap((mapped): FieldPart[] => {
    if (mapped.field === null) return [];
    const feed = feedOf(importer, mapped.field);
    if (feed === null || feed.owner !== name) return [];
    const { header, column } = mapped;
    const own = namer === null ? (feed.isRest ? header : feed.member) : (namer(header) ?? header);
    return [{ column, name: own, feed, mapped }];
  });
  if (parts.length === 0) return null;
  return field.kind === "json" && parts.length === 1 && parts[0].name === null ? null : parts;
}

/** What the cells of the parts were, as far as the stage's values tell: in plain form, by their places. */
export function partTexts(
  parts: NonNullable<StageColumn["parts"]>,
  value: string | null,
  names: string | null,
): Map<number, string> {
  const texts = new Map<number, string>();
  if (value === null) return texts;
  if (names !== null) {
    const called = storedParts(names);
    for (const [k, text] of storedParts(value).entries()) {
      const part = parts.find(({ column, name }) => name === called[k] && !texts.has(column));
      if (part !== undefined && text !== null) texts.set(part.column, text);
    }
    return texts;
  }
  const document: unknown = parseJson(value);
  const whole = parts.find(({ name }) => name === null);
  if (whole !== undefined) texts.set(whole.column, value);
  if (!isNested(document) || Array.isArray(document)) return texts;
  for (const { column, name } of parts) {
    if (name === null || !Object.hasOwn(document, name)) continue;
    const member = (document as Record<string, unknown>)[name];
    if (member !== null) texts.set(column, typeof member === "string" ? member : JSON.stringify(member));
  }
  return texts;
}
