/** Whether an import can start as it is: what it needs has a column, and nothing is in doubt. */
import type { DuplicateOptions } from "../core/duplicates.ts";
import { SluiceError, type Telling, told } from "../core/errors.ts";
import type { ImportJob, Mapping, MappingDoubt } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
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
  refuseUnfedKey(job.duplicates, importer, job.mapping);
  const doubtful = job.mapping.columns.filter(({ doubt }) => doubt !== undefined);
  if (doubtful.length > 0 && !acceptDoubts) {
    const named = doubtful.map(
      ({ header, field, doubt }) => told`"${header}" → ${field ?? ""} (${doubtWords[doubt as MappingDoubt]})`,
    );
    throw new SluiceError(
      "invalid",
      told`Some columns need a decision: ${named}. Settle them, or accept the suggestions.`,
      { next: { code: "settle_doubts", importId: job.id } },
    );
  }
}

const doubtWords: Readonly<Record<MappingDoubt, Telling>> = {
  ambiguous_field: told`ambiguous_field`,
  date_order: told`date_order`,
  date_serial: told`date_serial`,
  decimal_mark: told`decimal_mark`,
  similar_name: told`similar_name`,
};

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, k) => each === b[k]);
}

/** The importer's own keys are used as far as they are fed; one that was asked for must be. */
export function refuseUnfedKey({ keys }: DuplicateOptions, importer: Importer, mapping: Mapping): void {
  const unfed = unfedKey(keys, mapping);
  if (unfed === undefined || sameList(keys, importer.match.keys)) return;
  throw new SluiceError(
    "invalid",
    told`Duplicates are matched on "${unfed}", which no column feeds. Map a column to it, or remove it from the keys.`,
  );
}
