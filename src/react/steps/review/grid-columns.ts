/**
 * The columns of the grid: the fields that a column of the file feeds, in the file's order, then those that have values without one;
 * with places that follow from their widths.
 */
import type { CSSProperties } from "react";
import type { ImporterField, Mapping, Row } from "../../../client/index.ts";
import { shownKind } from "../../foundation/field-kind.ts";
import { cellNames, mappableFields, ownerName } from "../../foundation/mappable-fields.ts";
import type { GridLayout } from "./grid-layout.ts";

export interface GridColumn {
  /** What the cell is called among a row's values: the field, with the header where several columns feed one. */
  field: string;
  /** The field that its issues name. */
  owner: string;
  /** Of a member of a document, its name there. */
  part: string | null;
  label: string;
  /** What the file calls it; null: it is no column's. */
  header: string | null;
  /** It is made of the row's other fields: nobody edits it. */
  isComputed: boolean;
  kind: string;
  choices: NonNullable<ImporterField["choices"]> | null;
  /** Pixels from the end of the row numbers. */
  start: number;
  width: number;
  style: CSSProperties;
}

/** Of the column of row numbers, in pixels. */
export const numberWidth = 84;

export function gridColumns(
  mapping: Pick<Mapping, "columns" | "fields">,
  fields: readonly ImporterField[],
): GridColumn[] {
  const byName = new Map([...fields, ...mappableFields(fields)].map((field) => [field.name, field]));
  const names = cellNames(mapping.columns);
  let start = 0;
  const columns: GridColumn[] = [];
  const fed = new Set(mapping.columns.map(({ field }) => (field === null ? null : ownerName(field))));
  const made = new Set(mapping.fields.map(({ field }) => field));
  const without = fields.filter(
    ({ name, hasDefault, computed }) => !fed.has(name) && (made.has(name) || hasDefault || computed),
  );
  const shown = [
    ...mapping.columns.map(({ column, field }): [string | null, string | null] => [column, field]),
    ...without.map(({ name }): [string | null, string | null] => [null, name]),
  ];
  for (const [k, [column, field]] of shown.entries()) {
    if (field === null) continue;
    const known = byName.get(field);
    const { kind = "text", choices, computed: isComputed = false } = known ?? {};
    const name = names[k] ?? field;
    const several = column !== null && name !== field;
    const label = several ? column : (known?.label ?? field);
    const width = Math.max(shownKind(kind).width, Math.min(260, 48 + label.length * 8));
    const style = { insetInlineStart: numberWidth + start, width };
    columns.push({
      field: name,
      owner: ownerName(field),
      part: field === ownerName(field) ? null : field.slice(ownerName(field).length + 1),
      label,
      header: column,
      isComputed,
      kind,
      // A list's words stand one beside the other.
      choices: kind === "choice" ? (choices ?? null) : null,
      start,
      width,
      style,
    });
    start += width;
  }
  return columns;
}

/** The columns as a person has laid them out, and how many of the first stay in view. `always`: one that is not hidden now. */
export function arranged(
  columns: readonly GridColumn[],
  { widths, hidden, frozen }: GridLayout,
  always: string | null,
): { columns: readonly GridColumn[]; frozen: number } {
  const lastFrozen = columns.findIndex(({ field }) => field === frozen);
  const isHidden = ({ field }: GridColumn): boolean => field !== always && hidden.includes(field);
  const areAllHidden = columns.every(isHidden);
  const shown: GridColumn[] = [];
  let start = 0;
  let count = 0;
  for (const [k, column] of columns.entries()) {
    if (isHidden(column) && !areAllHidden) continue;
    const { [column.field]: width = column.width } = widths;
    shown.push({ ...column, start, width, style: { insetInlineStart: numberWidth + start, width } });
    start += width;
    if (k <= lastFrozen) count++;
  }
  return { columns: shown, frozen: count };
}

/** Where the first so many columns end: pixels from the end of the row numbers. */
export function endOf(columns: readonly GridColumn[], count: number): number {
  const last = columns[count - 1];
  return last === undefined ? 0 : last.start + last.width;
}

/** The share of the view that columns that stay in it may take. */
const mostFrozen = 0.6;

/** How many of the columns that are to stay in view do: in a narrow one the others could not be seen beside them. */
export function frozenIn(columns: readonly GridColumn[], frozen: number, view: number): number {
  let count = Math.min(frozen, columns.length);
  while (count > 0 && numberWidth + endOf(columns, count) > view * mostFrozen) count--;
  return count;
}

/** Whether an issue is about a cell of the column: of a field of several, the one that it tells, or all where it tells none. */
export function isAbout({ field, owner, part }: GridColumn, issue: Row["issues"][number], value: string): boolean {
  if (issue.field !== owner) return false;
  const told = issue.params.part;
  if (field === owner || typeof told !== "string") return true;
  // `Lyon: many`; of a cell without a value the name alone.
  const cell = value.trim();
  return cell === "" ? told === part : told.includes(`: ${[...cell].slice(0, 60).join("")}`);
}

export function widthOf(columns: readonly GridColumn[]): number {
  return numberWidth + endOf(columns, columns.length);
}

/** The columns that are seen beside the frozen ones, from the first to before the last; `left`: pixels scrolled, `view`: pixels seen. */
export function columnsInView(
  columns: readonly GridColumn[],
  frozen: number,
  left: number,
  view: number,
): { first: number; last: number } {
  const firstAt = (place: number): number => {
    let low = 0;
    for (let high = columns.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (columns[middle].start + columns[middle].width <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    first: Math.max(frozen, firstAt(left + endOf(columns, frozen)) - 1),
    last: Math.max(frozen, Math.min(columns.length, firstAt(left + view - numberWidth) + 2)),
  };
}

/** Whether the rows were asked for as duplicates, and it is one. */
export function isDuplicate({ issues }: Row): boolean {
  return issues.some(({ code }) => code === "duplicate_in_file" || code === "duplicate_in_table");
}
