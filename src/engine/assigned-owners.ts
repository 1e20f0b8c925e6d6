/** Who owns the records of an import: people as they are called, found among those who may own them. */

import type { Assignment } from "../core/assignment.ts";
import { SluiceError, told } from "../core/errors.ts";
import type { Mapping } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { Owners, OwnersFor } from "../core/owners.ts";
import { fold } from "../values/fold.ts";

/** Owners by their ids. @throws SluiceError `invalid` naming whom nobody knows. */
export async function ownedBy(
  owners: Pick<Owners, "find">,
  importer: Importer,
  mapping: Mapping,
  wanted: Assignment,
  whose: OwnersFor,
): Promise<Assignment> {
  if (wanted.mode === "none") return wanted;
  if (importer.assign === undefined)
    throw new SluiceError("invalid", told`The importer "${importer.name}" does not assign owners.`, {
      next: { code: "omit_option", option: "assignment" },
    });
  const { table } = importer.assign;
  const ownersOf = async (names: string[]): Promise<string[]> => {
    const different = [...new Set(names)];
    const ids = await owners.find(importer, different, whose);
    const unknown = different.filter((_, k) => ids[k] === null);
    if (unknown.length > 0) {
      const listed = unknown.map((name) => told`"${name}"`);
      throw new SluiceError("invalid", told`${table} has no owner called ${listed}. Correct the assignment.`);
    }
    return names.map((name) => ids[different.indexOf(name)] as string);
  };
  if (wanted.mode === "single") return { mode: "single", owner: (await ownersOf([wanted.owner]))[0] };
  if (wanted.mode === "round-robin") {
    const found = await ownersOf(wanted.owners.map(({ owner }) => owner));
    return { mode: "round-robin", owners: wanted.owners.map(({ weight }, k) => ({ owner: found[k], weight })) };
  }
  const column = mapping.columns.find(({ header }) => fold(header) === fold(wanted.column));
  if (column === undefined) {
    throw new SluiceError(
      "invalid",
      told`The assignment names the column "${wanted.column}", which the file does not have.`,
    );
  }
  const fallback = wanted.fallback === undefined ? undefined : (await ownersOf([wanted.fallback]))[0];
  const values = Object.entries(wanted.values ?? {});
  const found = await ownersOf(values.map(([, owner]) => owner));
  return {
    mode: "column",
    column: column.header,
    ...(fallback !== undefined && { fallback }),
    ...(values.length > 0 && { values: Object.fromEntries(values.map(([cell], k) => [cell, found[k]])) }),
  };
}
