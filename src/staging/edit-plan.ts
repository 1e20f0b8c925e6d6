/**
 * What an edit of an import's rows means: which cell, which rows it looks at, and what it makes of each. All of it comes from
 * what is kept of the edit, so that any process can continue it.
 */
import { SluiceError, told } from "../core/errors.ts";
import { kindOf } from "../core/field.ts";
import type { ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { Attention } from "../core/ports.ts";
import type { ChangeRow, Edit, HeldRow, RowChange, Selection } from "../core/store/review.ts";
import { replacer } from "./find-text.ts";
import { brokenBy, isTooShort, maxCellChars, type NewCell, Revalidator } from "./revalidate.ts";
import { stageColumns } from "./stage-columns.ts";

/** A cell by its field, or by its column: the header, or the place from 0. */
export type CellOf = { field: string } | { column: string | number };

export interface FindOptions {
  /** Default: all mapped columns. Of valid rows then only those of text, e-mail, phone, choice and reference fields. */
  field?: string;
  find: string;
  replace: string;
  /** Only cells that are nothing else, white space around them aside. */
  wholeCell?: boolean;
  caseSensitive?: boolean;
}

export interface EditPlan {
  selection: Selection;
  change: ChangeRow;
}

/** The place of a cell in its row. @throws SluiceError `invalid` for one that nothing reads. */
export function placeOf(importer: Importer, job: ImportJob, cell: CellOf): number {
  const { columns } = job.mapping;
  const read = stageColumns(importer, job.mapping, job.assignment);
  if ("field" in cell) {
    const found = columns.find(({ field }) => field !== null && field === cell.field);
    if (found !== undefined) return found.column;
    throw new SluiceError("invalid", told`No column of import ${job.id} feeds a field "${short(cell.field)}".`);
  }
  const { column } = cell;
  const found = columns.find((each) => (typeof column === "number" ? each.column === column : each.header === column));
  if (found !== undefined && read.some((each) => each.column === found.column)) return found.column;
  throw new SluiceError(
    "invalid",
    found === undefined
      ? told`The file of import ${job.id} has no column "${short(String(column))}".`
      : told`The column "${short(found.header)}" of import ${job.id} feeds no field, so editing it would change nothing.`,
  );
}

/** Which rows an edit looks at, and what it makes of each: all of it from what is kept of the edit. */
export function planOf(
  importer: Importer,
  job: ImportJob,
  edit: Pick<Edit, "kind" | "field" | "params">,
  attention?: Attention,
): EditPlan {
  const { kind, params } = edit;
  const field = edit.field ?? undefined;
  const revalidator = new Revalidator(importer, job, attention);
  switch (kind) {
    case "replace": {
      const { from, to } = params as { from: string; to: string };
      const place = placeOf(importer, job, { field: field ?? "" });
      const edited = new Map([[place, { text: to }]]);
      return {
        selection: { text: from, match: "equal", cells: [place], staged: [] },
        change: whole((held) => changeOf(held, revalidator.revalidate(held, edited))),
      };
    }
    case "find":
      return findPlan(importer, revalidator, { field, ...(params as unknown as FindOptions) });
    default:
      return {
        selection: { text: null, match: "equal", cells: [], staged: [] },
        change: whole((held) => changeOf(held, revalidator.revalidate(held))),
      };
  }
}

function findPlan(
  { fields }: Importer,
  revalidator: Revalidator,
  { field, find, replace, wholeCell = false, caseSensitive = false }: FindOptions,
): EditPlan {
  const mapped = revalidator.columns.filter(({ name }) =>
    field === undefined ? Object.hasOwn(fields, name) : name === field,
  );
  const places = [...new Set(mapped.map(({ column }) => column))];
  const words = mapped.filter(({ name }) => field !== undefined || kindOf(fields[name]).isWords);
  // Whatever is longer than a cell may be stays as it was.
  const substitute = replacer({ find, replace, wholeCell, caseSensitive }, maxCellChars);
  const isAscii = isPlainAscii(find);
  const selection: Selection = {
    text: caseSensitive || isAscii ? find : anyCasePattern(find),
    match: caseSensitive ? "contained" : isAscii ? "any_case" : "pattern",
    cells: places,
    staged: words.map(({ name }) => name),
  };
  const change: ChangeRow = (held) => {
    const edited = new Map<number, NewCell>();
    const cells = revalidator.cells(held);
    for (const { name, column } of held.status === "valid" ? words : mapped) {
      // What a cell is in plain form, its part is too.
      const isPlain = held.kept !== null && Object.hasOwn(held.kept, name) && !kindOf(fields[name]).isWords;
      const before = held.status === "valid" ? (held.kept?.[name] ?? "") : cells[column];
      const text = substitute(before);
      if (text === before) continue;
      edited.set(column, { text, isTyped: isPlain || held.typed.includes(column) });
    }
    return edited.size === 0 ? null : changeOf(held, revalidator.revalidate(held, edited));
  };
  return { selection, change: whole(change) };
}

/** Leaves rows alone that an edit of many does not suit: those whose cells are not a row of the table. */
function whole(change: ChangeRow): ChangeRow {
  return (held) => (brokenBy(held) !== undefined || isTooShort(held) ? null : change(held));
}

/** A change that leaves something of the row, and changes something. */
export function changeOf(held: HeldRow, change: RowChange | null): RowChange | null {
  return change === null || isSame(held, change) ? null : change;
}

/** Whether an invalid row stays as it is. */
function isSame(held: HeldRow, { cells, issues }: RowChange): boolean {
  return (
    held.status === "invalid" &&
    JSON.stringify(cells) === JSON.stringify(held.cells) &&
    issues !== null &&
    sameIssues(issues, held.issues)
  );
}

/** jsonb gives keys back in an order of its own. */
function sameIssues(a: RowChange["issues"] & object, b: HeldRow["issues"]): boolean {
  const text = ({ c, f, p = {} }: HeldRow["issues"][number]): string =>
    JSON.stringify([c, f ?? null, Object.entries(p).sort(([x], [y]) => (x < y ? -1 : 1))]);
  return a.length === b.length && a.every((issue, k) => text(issue) === text(b[k]));
}

/** The database's idea of upper and lower case depends on its locale beyond ASCII. */
function isPlainAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/** Characters of a text that is found in any case by a pattern, which Postgres takes long to compile. */
const maxPatternChars = 500;

/** @throws SluiceError `invalid` for a text that is too long to be found in any case. */
export function checkFind({ find, caseSensitive = false }: Pick<FindOptions, "find" | "caseSensitive">): void {
  if (caseSensitive || find.length <= maxPatternChars || isPlainAscii(find)) return;
  throw new SluiceError(
    "invalid",
    told`A text of more than ${maxPatternChars} characters with accents can only be searched for exactly as it is written. Make the search case-sensitive.`,
  );
}

/** A regular expression of Postgres (the manual, 9.7.3) for a text in any case, whatever the database's locale: `é` as `[éÉ]`. */
function anyCasePattern(text: string): string {
  return Array.from(text, (char) => {
    const cases = [...new Set([char, char.toLowerCase(), char.toUpperCase()])].filter((each) => [...each].length === 1);
    if (cases.length > 1) return `[${cases.join("")}]`;
    return /[!-/:-@[-`{-~]/.test(char) ? `\\${char}` : char;
  }).join("");
}

/** How much of a text a message quotes. */
export function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
