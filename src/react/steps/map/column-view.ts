/** A column as its line shows it: what it feeds, what it holds, and whether a person has to look at it. */
import type {
  GivenColumn,
  ImporterField,
  MappedColumn,
  Mapping,
  Preview,
  PreviewColumn,
  Transform,
} from "../../../client/index.ts";

export interface ColumnView {
  column: MappedColumn;
  /** Undefined until it is known. */
  looks: PreviewColumn | undefined;
  field: ImporterField | undefined;
  /** Values that mean none of the field's choices, of those that were looked at. */
  unknown: number;
  /** Rows with one of them. */
  unknownRows: number;
  /** There is a question, or something that would reject rows. */
  decide: boolean;
}

export const columnFilters = ["all", "decide", "mapped", "left"] as const;
export type ColumnFilter = (typeof columnFilters)[number];

export function viewsOf(
  mapping: Mapping,
  preview: Preview | undefined,
  fields: readonly ImporterField[],
): ColumnView[] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  return mapping.columns.map((column) => {
    const at = preview?.columns[column.index];
    // While the file is read anew they may be of different readings.
    const looks = at?.column === column.column ? at : undefined;
    const strange = unknownIn({ column, looks });
    const unknown = strange.length;
    const unknownRows = strange.reduce((sum, { count }) => sum + count, 0);
    const field = column.field === null ? undefined : byName.get(column.field);
    const decide = column.doubt !== undefined || unknown > 0;
    return { column, looks, field, unknown, unknownRows, decide };
  });
}

/** Its values that mean none of the field's choices, and were not said to mean one. */
export function unknownIn({ column, looks }: Pick<ColumnView, "column" | "looks">): PreviewColumn["top"] {
  const said = column.transform?.values ?? {};
  return looks?.top.filter(({ value, choice }) => choice === null && !Object.hasOwn(said, value)) ?? [];
}

export function passes({ column, decide }: ColumnView, filter: ColumnFilter): boolean {
  if (filter === "decide") return decide;
  if (filter === "mapped") return column.field !== null;
  return filter === "all" || column.field === null;
}

/** By header, field or one of the values. */
export function isFound({ column, looks, field }: ColumnView, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return true;
  const words = [column.column, field?.label ?? "", ...(looks?.examples ?? [])];
  return words.some((word) => word.toLowerCase().includes(wanted));
}

/** Members of each group of which one is needed, or the one field that is. */
export function missingFieldsOf(missing: readonly string[], fields: readonly ImporterField[]): ImporterField[][] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  return missing.map((each) => each.split(" | ").flatMap((name) => byName.get(name) ?? []));
}

/** The fields that are not one column's, and have values. */
export function madeFieldsOf({ columns, fields: made }: Mapping, fields: readonly ImporterField[]): ImporterField[] {
  const fed = new Set(columns.map(({ field }) => field));
  const isMade = new Set(made.map(({ field }) => field));
  return fields.filter(({ name, hasDefault }) => isMade.has(name) || (hasDefault && !fed.has(name)));
}

/** Reasons that the server finds again in the file's first rows. */
const foundAgain: ReadonlySet<MappedColumn["readBy"]> = new Set(["cells", "columns", "origin", "language", "usual"]);

/** What somebody has said of how the cells are read: an order of dates or a decimal mark that the file suggests is not their word. */
export function saidTransform({ transform, readBy }: MappedColumn): Transform | undefined {
  if (transform === undefined || !foundAgain.has(readBy)) return transform;
  const { dateOrder: _, decimalMark: __, ...said } = transform;
  return said;
}

/** The column as it is, its cells read so. */
export function givenFor(
  { column, field, default: blank }: MappedColumn,
  transform: Transform | undefined,
): GivenColumn {
  return { column, field, ...(transform && { transform }), ...(blank !== undefined && { default: blank }) };
}
