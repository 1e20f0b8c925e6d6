/**
 * Parts of a column for required fields that none feeds: the first name of `Nom complet`, the postal code of a whole address. Suggested
 * where names and cells say so, and a doubt until a person has agreed.
 */
import type { Field } from "../core/field.ts";
import type { AddressPart, NamePart, SplitSource } from "../core/field-source.ts";
import type { ColumnMapping, MadeField } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { fold } from "../values/fold.ts";
import { addressOf, nameOf } from "../values/split-text.ts";
import { type ColumnProfile, isPostalName } from "./profile.ts";

interface Family {
  by: "name" | "address";
  /** The part that a field called so is; null: none. */
  partOf(name: string): NamePart | AddressPart | null;
  /** Whether a column called so may be the whole; null: whatever it is called, its cells decide. */
  headers: ReadonlySet<string> | null;
  /** Whether a cell has the parts. */
  isWhole(cell: string): boolean;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split("|"));
const firstNames = words("first name|firstname|given name|prenom|fornamn|tilltalsnamn");
const lastNames = words("last name|lastname|surname|family name|nom|nom de famille|efternamn");
const streets = words("street|street address|address|adresse|rue|voie|gata|gatuadress|adress");
const cities = words("city|town|ville|commune|ort|stad|postort");

const families: readonly Family[] = [
  {
    by: "name",
    partOf: (name) => (firstNames.has(name) ? "first" : lastNames.has(name) ? "last" : null),
    headers: words(
      "name|full name|fullname|contact|contact name|customer name|client|nom complet|nom et prenom|nom prenom|prenom nom|prenom et nom|namn|fullstandigt namn|hela namnet|for och efternamn|kontaktperson",
    ),
    isWhole(cell) {
      const { first, last } = nameOf(cell);
      return first !== "" && last !== "" && !/[\d@]/.test(cell) && cell.split(/\s+/).length <= 6;
    },
  },
  {
    by: "address",
    partOf: (name) =>
      streets.has(name) ? "street" : isPostalName(name) ? "postal_code" : cities.has(name) ? "city" : null,
    headers: null,
    isWhole(cell) {
      const { street, postal_code, city } = addressOf(cell);
      return street !== "" && postal_code !== "" && city !== "";
    },
  },
];

/** Share of the cells that must have the parts. */
const leastShare = 0.8;

/** The suggested fields; their column feeds nothing else, unless a person has said so. */
export function suggestedSplits(
  importer: Importer,
  columns: readonly ColumnMapping[],
  profiles: readonly ColumnProfile[],
  hasValues: (field: string) => boolean,
): MadeField[] {
  return families.flatMap((family) => {
    const parts = Object.entries(importer.fields).flatMap(([name, field]) => {
      const part = partOfField(family, name, field);
      return part === null || field.derive !== undefined ? [] : [{ name, part, required: field.required }];
    });
    if (!parts.some(({ name, required }) => required && !hasValues(name))) return [];
    const whole = columns.find((column) => mayBeWhole(family, column, profiles[column.column], parts));
    if (whole === undefined) return [];
    const open = parts.filter(({ name }) => whole.field === name || !hasValues(name));
    return open.map(({ name, part }): MadeField => {
      const source = { kind: "split", column: whole.column, by: family.by, part } as SplitSource;
      return { field: name, source, reason: "values", doubt: "suggested_split" };
    });
  });
}

function partOfField(family: Family, name: string, { aliases, label }: Field): NamePart | AddressPart | null {
  const called = [name, ...Object.values(label), ...Object.values(aliases).flat()].map(fold);
  for (const each of called) {
    const part = family.partOf(each);
    if (part !== null) return part;
  }
  return null;
}

/** A column that nobody has decided on, which feeds nothing or just one of the parts. */
function mayBeWhole(
  { headers, isWhole }: Family,
  { field, reason, header }: ColumnMapping,
  { top, filled }: ColumnProfile,
  parts: readonly { name: string }[],
): boolean {
  if (reason === "given" || filled < 2) return false;
  if (field !== null && !parts.some(({ name }) => name === field)) return false;
  if (headers !== null && !headers.has(fold(header))) return false;
  const counted = top.reduce((sum, { count }) => sum + count, 0);
  const whole = top.reduce((sum, { value, count }) => (isWhole(value) ? sum + count : sum), 0);
  return counted > 0 && whole >= leastShare * counted;
}
