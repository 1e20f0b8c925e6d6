/**
 * The rules of a lead as application code has them: twelve cells in, a lead with normalised keys or the code of its
 * first issue out.
 */
import { parsePhoneNumberFromString } from "libphonenumber-js/min";

/** Values in the order of LEAD_COLUMNS; null where the cell was blank. */
export type Lead = (string | null)[];

export const LEAD_COLUMNS = [
  "external_id",
  "first_name",
  "last_name",
  "email",
  "phone",
  "company",
  "address",
  "postal_code",
  "city",
  "country",
  "source",
  "status",
] as const;

/** Places of the three keys in a Lead. */
export const EXTERNAL_ID = 0;
export const EMAIL = 3;
export const PHONE = 4;
const STATUS = 11;

const EMAIL_FORM =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;

const STATUSES: ReadonlyMap<string, string> = new Map([
  ["nouveau", "new"],
  ["contacté", "contacted"],
  ["qualifié", "qualified"],
  ["converti", "converted"],
  ["perdu", "lost"],
]);

/** The lead of a row's cells, or the code of what is wrong with it. */
export function readLead(cells: string[]): Lead | string {
  if (cells.length !== LEAD_COLUMNS.length) return "cells_ragged";
  const lead: Lead = [];
  for (const cell of cells) lead.push(cell.trim() || null);

  const email = lead[EMAIL];
  if (email !== null) {
    lead[EMAIL] = email.toLowerCase();
    if (!EMAIL_FORM.test(lead[EMAIL])) return "email_invalid";
  }
  const phone = lead[PHONE];
  if (phone !== null) {
    const parsed = parsePhoneNumberFromString(phone, "FR");
    if (!parsed?.isValid()) return "phone_invalid";
    lead[PHONE] = parsed.number;
  }
  if (lead[EMAIL] === null && lead[PHONE] === null && lead[EXTERNAL_ID] === null) return "key_missing";
  const status = lead[STATUS] === null ? "new" : STATUSES.get(lead[STATUS].toLowerCase());
  if (status === undefined) return "status_unknown";
  lead[STATUS] = status;
  return lead;
}
