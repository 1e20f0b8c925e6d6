/** Whether an import can start as it is: what it needs has a column, and nothing is in doubt. */
import { SluiceError, type Telling, told } from "../core/errors.ts";
import { feedsOf } from "../core/feeds.ts";
import { doubtsOf, feedsNothing, type ImportJob, type Mapping, type MappingDoubt } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { keyText, sameKeys } from "../core/keys.ts";
import { duplicatesIn } from "../core/modes.ts";
import { missingFields, unfedKey } from "../mapping/map.ts";

/**
 * Whether the import can start as it is.
 *
 * @throws SluiceError `invalid` when a required field has no column, or, unless they are accepted, a column is in doubt.
 */
export function settle(job: ImportJob, importer: Importer, acceptDoubts: boolean): void {
  const missing = missingFields(importer, job.mapping);
  if (missing.length > 0) {
    throw new SluiceError("invalid", told`No column feeds: ${missing.join("; ")}.`, {
      next: { code: "map_column", fields: missing.join("; "), importId: job.id },
    });
  }
  refuseNothingFed(job, importer);
  refuseUnfedKey(job, importer, job.mapping);
  const doubtful = doubtsOf(job.mapping);
  if (doubtful.length > 0 && !acceptDoubts) {
    const named = doubtful.map(({ header, field, doubt }) => told`"${header}" → ${field ?? ""} (${doubtWords[doubt]})`);
    throw new SluiceError(
      "invalid",
      told`Some columns need a decision: ${named}. Settle them, or accept the suggestions.`,
      { next: { code: "settle_doubts", importId: job.id } },
    );
  }
}

/** @throws SluiceError `invalid` when no column of the file feeds a field: every row would be the same, or none. */
export function refuseNothingFed(
  { id, mapping }: Pick<ImportJob, "mapping"> & { id?: number },
  importer: Importer,
): void {
  if (!feedsNothing(mapping)) return;
  const [columns, fields] = [mapping.columns.map(({ header }) => header), feedsOf(importer).map(({ name }) => name)];
  throw new SluiceError(
    "invalid",
    told`No column of the file feeds any field, so there is nothing to import. Its columns are: ${some(columns)}. The fields are: ${some(fields)}.`,
    { next: { code: "map_column", fields: fields.join("; "), ...(id !== undefined && { importId: id }) } },
  );
}

/** Names that a sentence lists. */
const maxNamed = 30;

function some(names: readonly string[]): string {
  return [...names.slice(0, maxNamed), ...(names.length > maxNamed ? ["…"] : [])].join(", ");
}

/** What is to be decided about a column. */
export const doubtWords: Readonly<Record<MappingDoubt, Telling>> = {
  ambiguous_field: told`ambiguous_field`,
  date_order: told`date_order`,
  date_serial: told`date_serial`,
  decimal_mark: told`decimal_mark`,
  separator: told`separator`,
  similar_name: told`similar_name`,
  suggested_split: told`suggested_split`,
  time_zone: told`time_zone`,
};

/** The importer's own keys are used as far as they are fed; one that was asked for must be. */
export function refuseUnfedKey(
  options: Pick<ImportJob, "mode" | "duplicates">,
  importer: Importer,
  mapping: Mapping,
): void {
  refuseNothingToUpdate(options, importer, mapping);
  const { keys } = duplicatesIn(options);
  const unfed = unfedKey(keys, importer, mapping);
  if (unfed === undefined || sameKeys(keys, importer.match.keys)) return;
  throw new SluiceError(
    "invalid",
    told`Duplicates are matched on "${unfed}", which no column feeds. Map a column to it, or remove it from the keys.`,
  );
}

/** @throws SluiceError `invalid` when an import only updates records, or mirrors a file, and nothing in the file recognises one. */
export function refuseNothingToUpdate(
  options: Pick<ImportJob, "mode" | "duplicates">,
  importer: Importer,
  mapping: Mapping,
): void {
  const { keys } = duplicatesIn(options);
  const needsKey = options.mode === "update_only" || options.mode === "mirror";
  if (!needsKey || keys.some((key) => unfedKey([key], importer, mapping) === undefined)) return;
  const named = (keys.length > 0 ? keys : importer.match.keys).map(keyText).join(", ") || told`none`;
  if (options.mode === "mirror")
    throw new SluiceError(
      "invalid",
      told`Records that the file does not name are removed, and no column feeds a field to recognise records by: ${named}. Map a column to one of them, or choose another mode.`,
    );
  throw new SluiceError(
    "invalid",
    told`Only records that are there are updated, and no column feeds a field to recognise them by: ${named}. Map a column to one of them, or choose another mode.`,
  );
}
