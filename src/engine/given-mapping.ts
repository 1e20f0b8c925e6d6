/** Mappings and dialects as a person would say them: of one file to be used for another, and of some columns over others. */
import { SluiceError, told } from "../core/errors.ts";
import type { ImportJob, Mapping } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { type DialectHints, saidOf } from "../core/row.ts";
import type { GivenMapping } from "../mapping/map.ts";
import { fold } from "../values/fold.ts";

/** A mapping as a person would say it, to be used for another file. */
export function givenOf(mapping: Mapping): GivenMapping[] {
  return mapping.columns.map(({ header, field, transform }) => ({
    column: header,
    field,
    ...(transform !== undefined && { transform }),
  }));
}

/** The part of a mapping that fits a file of these columns, named as they are there, and the importer as it is now. */
export function givenFor(mapping: Mapping, columns: readonly string[], importer: Importer): GivenMapping[] {
  const byName = new Map(columns.map((header) => [fold(header) || header, header]));
  return givenOf(mapping).flatMap((each) => {
    const column = byName.get(fold(each.column) || each.column);
    const isKnown = each.field === null || Object.hasOwn(importer.fields, each.field);
    return column === undefined || !isKnown ? [] : [{ ...each, column }];
  });
}

/** @throws SluiceError `invalid` for a column that is named twice. */
export function namedOnce(given: readonly GivenMapping[]): readonly GivenMapping[] {
  const seen = new Set<string>();
  for (const { column } of given) {
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

/** Whether all that is hinted is so already. */
export function sameHints(hints: DialectHints, present: DialectHints): boolean {
  return Object.entries(hints).every(([name, value]) => present[name as keyof DialectHints] === value);
}
