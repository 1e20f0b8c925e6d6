/** A record of another table. */
import { columnName, listOf, tableName } from "../shape/shape.ts";
import { type Common, type FieldOptions, type Kind, made, textType } from "./kind.ts";

export interface ReferenceOptions {
  /** Table the value is looked up in, optionally with its schema: `profiles` or `crm.profiles`. */
  table: string;
  /** Columns a cell is compared with, case ignored; the first that knows it decides. */
  by: readonly string[];
  /** Column whose value is stored. Default `id`. */
  id?: string | undefined;
}
export type ReferenceField = Common & { readonly kind: "reference" } & ReferenceOptions;

/**
 * A record of another table, found by what the cell says. An importer with a context says of each whose records they are:
 * `context: ["tenant_id"]`, or `shared: true`.
 */
export function reference(options: FieldOptions & ReferenceOptions): ReferenceField {
  return made("reference", options);
}

export const referenceKind = {
  options: { table: tableName, by: listOf(columnName, { least: 1 }), id: columnName },
  required: ["table", "by"],
  stage: textType,
  key: "looked_up",
  isWords: true,
  issues: {
    reference_unknown: {
      severity: "error",
      text: {
        en: "{field}: there is no “{value}” in {table}.",
        fr: "{field} : rien dans {table} ne s’appelle « {value} ».",
        sv: "{field}: inget i {table} heter ”{value}”.",
      },
      title: {
        en: "refers to something unknown",
        fr: "renvoie à quelque chose d’inconnu",
        sv: "pekar på något okänt",
      },
    },
  },
  value: (stored) => stored,
  schema: ({ table, by }) => ({ type: "string", description: `One of ${table}, by ${by.join(" or ")}` }),
  example: () => "",
  samples: () => ["a"],
} as const satisfies Kind<ReferenceField>;
