/**
 * What an edit of an import's rows means: which cell, which rows it looks at, and what it makes of each. All of it comes from
 * what is kept of the edit, so that any process can continue it.
 */
import { cellKeys } from "../core/cell-keys.ts";
import { SluiceError, told } from "../core/errors.ts";
import { kindOf } from "../core/field.ts";
import { columnsOf } from "../core/field-source.ts";
import { type ImportJob, placeOfField } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { IssueCode } from "../core/issue.ts";
import type { Attention } from "../core/ports.ts";
import type { RepairKind } from "../core/repairs.ts";
import type {
  CellsEdit,
  ChangeRow,
  Edit,
  HeldRow,
  RowChange,
  RowDecision,
  RowsOf,
  Selection,
} from "../core/store/review.ts";
import type { RowView } from "../core/store/row-view.ts";
import { replacer } from "./find-text.ts";
import { asItIs, isLeftOutByHand, leaveOut, putBack } from "./left-out.ts";
import { short } from "./quoted.ts";
import { Repairer, repairRow, repairSelection } from "./repairer.ts";
import { brokenBy, isTooShort, maxCellChars, type NewCell, Revalidator, UnknownParts } from "./revalidate.ts";
import { rowFilterOf } from "./row-view.ts";
import { hasCell } from "./slot.ts";
import { cellSources, stageColumns } from "./stage-columns.ts";

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
  /** In these rows alone. */
  within?: RowView | undefined;
}

export interface DecidedRows extends RowsOf {
  decision: RowDecision;
}

export interface EditPlan {
  selection: Selection;
  change: ChangeRow;
}

/** The place of a cell in its row. @throws SluiceError `invalid` for one that nothing reads. */
export function placeOf(importer: Importer, job: ImportJob, cell: CellOf): number {
  const { mapping } = job;
  const staged = stageColumns(importer, mapping, job.assignment);
  if ("field" in cell) {
    const keyed = cellKeys(mapping).indexOf(cell.field);
    if (keyed >= 0) return keyed;
    const found = staged.find(({ name, isCreated }) => name === cell.field && isCreated !== true);
    const place = found === undefined ? placeOfField(mapping, cell.field) : found.column;
    if (place !== null) return place;
    throw new SluiceError(
      "invalid",
      found === undefined
        ? told`No column of import ${job.id} feeds a field "${short(cell.field)}".`
        : told`The field "${cell.field}" is made of the row's other fields. Edit those.`,
    );
  }
  const { column } = cell;
  const found = mapping.columns.find((each) =>
    typeof column === "number" ? each.column === column : each.header === column,
  );
  const read = [
    ...staged.flatMap(({ column: at, parts }) => [at, ...(parts ?? []).map((part) => part.column)]),
    ...cellSources(importer, mapping).flatMap((source) => (source === null ? [] : columnsOf(source))),
  ];
  if (found !== undefined && read.includes(found.column)) return found.column;
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
    case "repair": {
      const repairer = new Repairer(importer, job);
      const { issue, repair } = params as { issue: IssueCode; repair: RepairKind };
      const planned = repairer.plan({ field: field ?? "", code: issue, repair });
      if (planned === null)
        throw new SluiceError(
          "invalid",
          told`The field "${short(field ?? "")}" has no such repair for this kind of issue.`,
        );
      return {
        selection: repairSelection(planned, repairer),
        change: whole((held) => changeOf(held, repairRow(planned, repairer, revalidator, held))),
      };
    }
    case "cells":
      return cellsPlan(importer, job, revalidator, params as unknown as CellsEdit);
    case "find":
    case "find_within": {
      const { within, ...options } = params as unknown as FindOptions;
      const { selection, change } = findPlan(importer, revalidator, { field, ...options });
      return { selection: { ...selection, ...withinOf(importer, job, revalidator, within) }, change };
    }
    case "leave_out":
      return {
        selection: {
          ...rowsSelection(importer, job, revalidator, params as RowsOf),
          staged: revalidator.columns.map(({ name }) => name),
        },
        change: (held) => leaveOut(held, revalidator),
      };
    case "decide":
      return decidePlan(importer, job, revalidator, params as unknown as DecidedRows);
    case "put_back": {
      const taken = whole((held) => putBack(held, revalidator));
      return {
        selection: { ...rowsSelection(importer, job, revalidator, params as RowsOf), kept: "skipped" },
        change: (held) => (isLeftOutByHand(held) ? putBack(held, revalidator) : taken(held)),
      };
    }
    default:
      return {
        selection: {
          ...(kind === "take_in" && { kept: "skipped" }),
          text: null,
          match: "equal",
          cells: [],
          staged: [],
        },
        change: whole((held) => changeOf(held, revalidator.revalidate(held))),
      };
  }
}

/** The rows of an edit that is about rows as a whole, whatever is in them. */
function rowsSelection(
  importer: Importer,
  job: ImportJob,
  revalidator: Revalidator,
  { rows, from, to, within }: RowsOf,
): Selection {
  const isRange = from !== undefined || to !== undefined;
  return {
    text: null,
    match: "equal",
    cells: [],
    staged: [],
    ...(rows !== undefined && { rows: [...rows].sort((a, b) => a - b) }),
    ...(isRange && { range: { after: (from ?? 1) - 1, upTo: to ?? lastRowNumber } }),
    ...withinOf(importer, job, revalidator, within),
  };
}

/** Beyond any row of a file. */
const lastRowNumber = 2 ** 31 - 1;

function withinOf(
  importer: Importer,
  job: ImportJob,
  { columns }: Revalidator,
  within: RowView | undefined,
): Pick<Selection, "within"> {
  return within === undefined ? {} : { within: { job, columns, filter: rowFilterOf(importer, job, within) } };
}

/** Of valid rows all values stay. */
function decidePlan(
  importer: Importer,
  job: ImportJob,
  revalidator: Revalidator,
  { decision, ...which }: DecidedRows,
): EditPlan {
  const change: ChangeRow = (held) => {
    const others = held.warnings.filter(({ c }) => c !== "decided_update");
    const isDecided = others.length < held.warnings.length;
    if (held.status !== "valid" || isDecided === (decision === "update")) return null;
    return { ...asItIs(held, revalidator, null), warnings: isDecided ? others : [...others, { c: "decided_update" }] };
  };
  return {
    selection: {
      ...rowsSelection(importer, job, revalidator, which),
      staged: revalidator.columns.map(({ name }) => name),
    },
    change,
  };
}

function cellsPlan(
  importer: Importer,
  job: ImportJob,
  revalidator: Revalidator,
  { fields, rows }: CellsEdit,
): EditPlan {
  const targets = fields.map((field) => {
    const place = placeOf(importer, job, { field });
    return { place, staged: revalidator.columns.find(({ column, parts }) => column === place && parts === undefined) };
  });
  const valuesOf = new Map(rows.map(({ row, values }) => [row, values]));
  const change: ChangeRow = (held) => {
    const cells = revalidator.cells(held);
    const edited = new Map<number, NewCell>();
    for (const [k, text] of (valuesOf.get(held.row) ?? []).entries()) {
      const { place, staged } = targets[k];
      const isStaged = held.status === "valid" && staged !== undefined;
      const before = isStaged ? revalidator.shown(held, staged.name) : cells[place];
      if (text !== null && text !== before) edited.set(place, { text });
    }
    return edited.size === 0 ? null : changeOf(held, revalidator.revalidate(held, edited));
  };
  return {
    selection: {
      rows: [...valuesOf.keys()].sort((a, b) => a - b),
      kept: "both",
      text: null,
      match: "equal",
      cells: [],
      staged: revalidator.columns.map(({ name }) => name),
    },
    change: whole(change),
  };
}

function findPlan(
  { fields }: Importer,
  revalidator: Revalidator,
  { field, find, replace, wholeCell = false, caseSensitive = false }: FindOptions,
): EditPlan {
  const keys = cellKeys(revalidator.mapping);
  const mapped = revalidator.columns
    .filter(hasCell)
    .flatMap(({ name, column, parts }) =>
      (Object.hasOwn(fields, name) ? (parts?.map((part) => part.column) ?? [column]) : [])
        .filter((place) => field === undefined || name === field || keys[place] === field)
        .map((place) => ({ name, place, isPart: parts !== undefined })),
    );
  const places = [...new Set(mapped.map(({ place }) => place))];
  const words = mapped.filter(({ name }) => field !== undefined || kindOf(fields[name]).isWords);
  // Whatever is longer than a cell may be stays as it was.
  const substitute = replacer({ find, replace, wholeCell, caseSensitive }, maxCellChars);
  const isAscii = isPlainAscii(find);
  const selection: Selection = {
    text: caseSensitive || isAscii ? find : anyCasePattern(find),
    match: caseSensitive ? "contained" : isAscii ? "any_case" : "pattern",
    cells: places,
    staged: [...new Set(words.map(({ name }) => name))],
  };
  const change: ChangeRow = (held) => {
    const edited = new Map<number, NewCell>();
    const cells = revalidator.cells(held);
    for (const { name, place, isPart } of held.status === "valid" ? words : mapped) {
      // What a cell is in plain form, its part is too.
      const isKept = held.kept !== null && Object.hasOwn(held.kept, name);
      const isPlain = !isPart && isKept && !kindOf(fields[name]).isWords;
      const before = held.status === "valid" && !isPart ? revalidator.shown(held, name) : cells[place];
      const text = substitute(before);
      if (text === before) continue;
      edited.set(place, { text, isTyped: isPlain || held.typed.includes(place) });
    }
    return edited.size === 0 ? null : changeOf(held, revalidator.revalidate(held, edited));
  };
  return { selection, change: whole(change) };
}

/**
 * Leaves rows alone that an edit of many does not suit: those whose cells are not a row of the table, or are not all kept, and those that
 * a person has left out.
 */
function whole(change: ChangeRow): ChangeRow {
  return (held) => {
    if (brokenBy(held) !== undefined || isTooShort(held) || isLeftOutByHand(held)) return null;
    try {
      return change(held);
    } catch (error) {
      if (error instanceof UnknownParts) return null;
      throw error;
    }
  };
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
