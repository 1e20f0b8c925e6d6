/** A view of an import's rows as the database is asked for it. */
import { SluiceError, told } from "../core/errors.ts";
import type { ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { comparedChars, type RowFilter } from "../core/store/archive.ts";
import { mostViewColumns, mostViewIssues, mostViewValues, type RowView } from "../core/store/row-view.ts";
import { valueColumnOf } from "./row-column.ts";

/** @throws SluiceError `invalid` for a column that the rows do not have, or for too much. */
export function rowFilterOf(importer: Importer, job: ImportJob, { where, ...filter }: RowView): RowFilter {
  if ((filter.issues?.length ?? 0) > mostViewIssues)
    throw new SluiceError("invalid", told`Rows can be filtered by at most ${mostViewIssues} kinds of issue at once.`);
  // None chosen is nothing asked.
  const { issues, ...rest } = filter;
  const base = { ...rest, ...(issues !== undefined && issues.length > 0 && { issues }) };
  if (where === undefined) return base;
  const columns = Object.entries(where).filter(([, values]) => values.length > 0);
  const values = columns.flatMap(([, each]) => each);
  if (columns.length > mostViewColumns || values.length > mostViewValues)
    throw new SluiceError(
      "invalid",
      told`Rows can be filtered by at most ${mostViewValues} values of ${mostViewColumns} columns at once.`,
    );
  for (const value of values) {
    if ([...value].length > comparedChars)
      throw new SluiceError(
        "invalid",
        told`A value to filter by has more than ${comparedChars} characters. Give its first ${comparedChars}.`,
      );
    if (value.includes("\0") || !value.isWellFormed())
      throw new SluiceError(
        "invalid",
        told`A value to filter by contains a character that text cannot have: NUL, or half of a surrogate pair.`,
      );
  }
  if (columns.length === 0) return base;
  return {
    ...base,
    where: columns.map(([name, each]) => ({ column: valueColumnOf(importer, job, name), values: each })),
  };
}
