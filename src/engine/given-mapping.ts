/** Mappings and dialects as a person would say them: of one file to be used for another, and of some columns over others. */
import { SluiceError, told } from "../core/errors.ts";
import { feedOf } from "../core/feeds.ts";
import { columnsOf, type FieldSource, withColumns } from "../core/field-source.ts";
import { type Given, type GivenField, type GivenMapping, isGivenField } from "../core/given-mapping.ts";
import type { ColumnMapping, ImportJob, MadeField, Mapping } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { readingOf } from "../core/reading.ts";
import { type DialectHints, saidOf } from "../core/row.ts";
import { madeFields } from "../mapping/given.ts";
import { fold } from "../values/fold.ts";

/** A mapping as a person would say it of the same file, which shows again how its dates and numbers are written. */
export function givenOf(mapping: Mapping): Given[] {
  return [...mapping.columns.map(withoutEvidence).map(givenColumn), ...givenFields(mapping)];
}

/** A mapping as another file's suggests it: how that file showed dates and numbers to be written is no word of a person. */
export function rememberedOf(mapping: Mapping): Given[] {
  return [...mapping.columns.map(rememberedColumn), ...givenFields(mapping)];
}

function rememberedColumn(column: ColumnMapping): GivenMapping {
  const { readBy, doubt } = column;
  const wasAsked = doubt === "date_order" || doubt === "decimal_mark";
  // Nothing has shown it, and nobody was asked.
  if (readBy === "usual" && !wasAsked) return givenColumn(withoutEvidence(column));
  return { ...givenColumn(column), ...(readBy !== undefined && { readBy }) };
}

function withoutEvidence(column: ColumnMapping): ColumnMapping {
  if (column.readBy === undefined || column.transform === undefined) return column;
  const { dateOrder: _, decimalMark: __, ...transform } = column.transform;
  return { ...column, transform };
}

/** The same mapping as what somebody has said: rows of a file that was read by it are to be read so again. */
export function asSaid(mapping: Mapping): Mapping {
  return { ...mapping, columns: mapping.columns.map(({ readBy: _, ...column }) => column) };
}

export function givenColumns({ columns }: Mapping): GivenMapping[] {
  return columns.map(givenColumn);
}

function givenColumn({ header, field, transform, default: fallback }: ColumnMapping): GivenMapping {
  return {
    column: header,
    field,
    ...(transform !== undefined && { transform }),
    ...(fallback !== undefined && { default: fallback }),
  };
}

export function givenFields({ columns, fields = [] }: Mapping): (GivenField & { source: FieldSource<string> })[] {
  return fields.map(({ field, source, transform, default: fallback }) => ({
    field,
    source: withColumns(source, (place) => columns[place].header),
    ...(transform !== undefined && { transform }),
    ...(fallback !== undefined && { default: fallback }),
  }));
}

/** The part of a remembered mapping that fits a file of these columns, named as they are there, and the importer as it is now. */
export function givenFor(mapping: Mapping, columns: readonly string[], importer: Importer): Given[] {
  const byName = new Map(columns.map((header) => [fold(header) || header, header]));
  const called = (column: string): string | undefined => byName.get(fold(column) || column);
  const isKnown = (field: string | null): boolean => field === null || feedOf(importer, field) !== null;
  return [
    ...mapping.columns.flatMap((each): GivenMapping[] => {
      const column = called(each.header);
      return column === undefined || !isKnown(each.field) ? [] : [{ ...rememberedColumn(each), column }];
    }),
    ...givenFields(mapping).flatMap((each): GivenField[] => {
      const isThere = columnsOf(each.source).every((column) => called(column) !== undefined);
      if (!isThere || !isKnown(each.field)) return [];
      return [{ ...each, source: withColumns(each.source, (column) => called(column) ?? column) }];
    }),
  ];
}

/** What is remembered, as far as nothing that is said is about the same column or field. */
export function unsaid(remembered: readonly Given[], said: readonly Given[]): Given[] {
  const named = new Set(said.flatMap((each) => (isGivenField(each) ? [] : [each.column])));
  const fed = new Set(said.map(({ field }) => field));
  return remembered.filter(
    (each) => (isGivenField(each) || !named.has(each.column)) && (each.field === null || !fed.has(each.field)),
  );
}

/** @throws SluiceError `invalid` for a column that is named twice. */
export function namedOnce(given: readonly Given[]): readonly Given[] {
  const seen = new Set<string>();
  for (const each of given) {
    if (isGivenField(each)) continue;
    const { column } = each;
    if (seen.has(column))
      throw new SluiceError(
        "invalid",
        told`The column "${column}" is named twice. Name it once, with the field it feeds.`,
      );
    seen.add(column);
  }
  return given;
}

/** The dialect of an import as what a person would say of it. */
export function hintsOf({ dialect }: ImportJob): DialectHints {
  return saidOf(dialect);
}

/** Whether all that is hinted is so already. Of rows and cells, what is left out where something is hinted is taken back. */
export function sameHints(hints: DialectHints, present: DialectHints): boolean {
  const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  if (Object.keys(hints).length > 0 && !same(readingOf(hints), readingOf(present))) return false;
  return Object.entries(hints).every(([name, value]) => same(value, present[name as keyof DialectHints]));
}

/** The mapping as it would be with these fields made so, which is not kept. @throws SluiceError `invalid` for a field or a column that does not exist */
export function withMadeFields(mapping: Mapping, importer: Importer, given: readonly GivenField[]): Mapping {
  const said = new Set(given.map(({ field }) => field));
  return {
    columns: mapping.columns.map((each) =>
      each.field !== null && said.has(each.field) ? { ...each, field: null } : each,
    ),
    fields: fieldsAfter(mapping, importer, mapping.columns, given),
  };
}

/** The fields that are made after what is said: of those before, all that no word of it is about. */
export function fieldsAfter(
  { fields = [] }: Mapping,
  importer: Importer,
  columns: readonly { header: string }[],
  named: readonly Given[],
): MadeField[] {
  const isSaid = new Set(named.map(({ field }) => field));
  const stay = fields.filter(({ field }) => !isSaid.has(field));
  return [...stay, ...madeFields(importer, columns, named.filter(isGivenField))];
}
