/**
 * Where a field's values come from when they are not the cells of one column: the same value in every row, several columns
 * joined, or a part of a column. Chosen in the mapping. A column is named by its place in the file, or by its header where a
 * person says it.
 */

/** Parts of a person's full name. */
export const nameParts = ["first", "last", "title"] as const;
export type NamePart = (typeof nameParts)[number];

/** Parts of a postal address. */
export const addressParts = ["street", "postal_code", "city", "country"] as const;
export type AddressPart = (typeof addressParts)[number];

export const fieldSourceKinds = ["constant", "join", "split"] as const satisfies FieldSource["kind"][];

export interface ConstantSource {
  kind: "constant";
  /** Read like a cell. */
  value: string;
}

export interface JoinSource<Column extends string | number = number> {
  kind: "join";
  columns: Column[];
  /** Between the cells that are not blank. */
  separator: string;
}

export type SplitSource<Column extends string | number = number> = { kind: "split"; column: Column } & (
  | { by: "name"; part: NamePart }
  | { by: "address"; part: AddressPart }
  /** The n-th piece, from 1; negative ones count from the end. */
  | { by: "separator"; separator: string; part: number }
);

export type FieldSource<Column extends string | number = number> =
  | ConstantSource
  | JoinSource<Column>
  | SplitSource<Column>;

/** The columns that it reads. */
export function columnsOf<Column extends string | number>(source: FieldSource<Column>): Column[] {
  if (source.kind === "constant") return [];
  return source.kind === "join" ? source.columns : [source.column];
}

/** The same source with its columns called otherwise. */
export function withColumns<From extends string | number, To extends string | number>(
  source: FieldSource<From>,
  called: (column: From) => To,
): FieldSource<To> {
  if (source.kind === "constant") return source;
  return source.kind === "join"
    ? { ...source, columns: source.columns.map(called) }
    : { ...source, column: called(source.column) };
}
