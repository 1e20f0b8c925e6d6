/**
 * The review of an import that is ready: its rows page by page, and the edits that mend them: a cell, one value wherever it
 * keeps rows out, find and replace, validation anew; each can be taken back. All of them go through the same validation as
 * the file did.
 */
import type { ArchivedRow, Page, RowFilter } from "./archive.ts";
import { SluiceError } from "./errors.ts";
import type { Actor } from "./events.ts";
import type { ImportJob } from "./import.ts";
import type { Importer } from "./importer.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { brokenBy, isTooShort, type NewCell, Revalidator } from "./pipeline/revalidate.ts";
import { stageColumns } from "./pipeline/stage-columns.ts";
import type { EventListener } from "./ports.ts";
import type {
  BadValue,
  BadValuesPage,
  ChangeRow,
  Edit,
  EditCounts,
  HeldRow,
  NewEdit,
  RowChange,
  Selection,
} from "./review.ts";
import type { StageColumn, Store } from "./store.ts";

/** Characters that a cell may have: Excel's limit, as in a file. */
const maxCellChars = 32_767;

export interface ReviewingParts {
  store: Store;
  lifecycle: Lifecycle;
  importer(name: string): Importer;
  onEvent: EventListener;
}

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

/** A page of rows, and how many there are of each kind in the whole import. */
export interface RowsPage {
  rows: ArchivedRow[];
  valid: number;
  invalid: number;
}

/** Kinds of field whose values are searched when no field is named: a date or a number is not its letters. */
const wordKinds = new Set(["text", "email", "phone", "choice", "reference"]);

export class Reviewing {
  readonly #parts: ReviewingParts;

  constructor(parts: ReviewingParts) {
    this.#parts = parts;
  }

  /** Rows in their order. @throws SluiceError `unavailable` when the stage was lost, and is being made again. */
  async rows(jobId: number, filter: RowFilter, page: Page): Promise<RowsPage> {
    const job = await this.#parts.store.getImport(jobId);
    if (job.status === "ready" && !(await this.#parts.store.stageIsIntact(job))) {
      return this.#stageAgain(jobId, { generation: job.stageGeneration });
    }
    const rows = await this.#parts.store.archive.rows(job, this.#columns(job), filter, page);
    return { rows, valid: job.validRows, invalid: job.invalidRows };
  }

  /** The different cells of a field that keep rows out, the most frequent first. */
  async distinctBadValues(jobId: number, field: string, page: BadValuesPage): Promise<BadValue[]> {
    const job = await this.#parts.store.getImport(jobId);
    return this.#parts.store.review.badValues(jobId, { field, place: this.#placeOf(job, { field }) }, page);
  }

  /** The edits of an import, the newest first. */
  edits(jobId: number, page: { after?: number; limit: number }): Promise<Edit[]> {
    return this.#parts.store.review.edits(jobId, page);
  }

  /**
   * Puts a value into one cell; returns the row as it is then, with what is still wrong with it.
   *
   * @throws SluiceError `not_found` for a row that is none, `invalid` for a value that cannot be, `conflict` when the import
   * is not ready, or the row cannot be mended by an edit.
   */
  async editCell(jobId: number, cell: CellOf & { row: number; value: string }, by: Actor): Promise<ArchivedRow> {
    const { row, value } = cell;
    checkText(value, "The value");
    if (!Number.isInteger(row) || row < 1 || row > 2 ** 31 - 1)
      throw new SluiceError(
        "not_found",
        `Import ${jobId} has no row ${row}: rows are numbered as in the file, from 1.`,
      );
    return this.#guarded(jobId, async () => {
      await this.finishEdit(jobId);
      const job = await this.#parts.store.getImport(jobId);
      const place = this.#placeOf(job, cell);
      const columns = this.#columns(job);
      const revalidator = this.#revalidator(job);
      const field = job.mapping.columns[place].field ?? undefined;
      const edit = { kind: "cell", row, field, params: { column: place, value }, actor: by } satisfies NewEdit;
      await this.#parts.store.review.editRow(jobId, columns, edit, (held) => {
        refuseBroken(jobId, held);
        const change = revalidator.revalidate(held, new Map([[place, { text: value }]]));
        if (change === null) {
          throw new SluiceError(
            "invalid",
            `Nothing would be left of row ${row} of import ${jobId}, and a blank row is no row. Leave a value in it.`,
          );
        }
        return isSame(held, change) ? null : change;
      });
      const [now] = await this.#parts.store.archive.rows(job, columns, {}, { after: row - 1, limit: 1 });
      if (now?.row === row) return now;
      throw new SluiceError("conflict", `Import ${jobId} moved on a moment after row ${row} was edited.`);
    });
  }

  /** Puts `to` in the place of `from` in every invalid row whose cell of the field is exactly that. */
  async replaceValue(
    jobId: number,
    { field, from, to }: { field: string; from: string; to: string },
    by: Actor,
    signal?: AbortSignal,
  ): Promise<EditCounts> {
    checkText(to, "The new value");
    if (from === to)
      throw new SluiceError("invalid", `The new value is the old one, "${short(from)}". Give another one.`);
    this.#placeOf(await this.#parts.store.getImport(jobId), { field });
    return this.#many(jobId, { kind: "replace", field, params: { from, to }, actor: by }, signal);
  }

  /** Replaces a text within cells, or whole cells, of invalid and of valid rows; a valid row can become invalid by it. */
  async findAndReplace(jobId: number, options: FindOptions, by: Actor, signal?: AbortSignal): Promise<EditCounts> {
    const { field, find, replace, wholeCell = false, caseSensitive = false } = options;
    checkText(replace, "The replacement");
    checkText(find, "The text to find");
    if (find === "" && (!wholeCell || field === undefined))
      throw new SluiceError("invalid", "Say what to find; blank cells are found as whole cells of one field.");
    if (find === replace) throw new SluiceError("invalid", "The replacement is the text itself. Give another one.");
    if (field !== undefined) this.#placeOf(await this.#parts.store.getImport(jobId), { field });
    const params = { find, replace, wholeCell, caseSensitive };
    return this.#many(jobId, { kind: "find", field, params, actor: by }, signal);
  }

  /** Validates all invalid rows again, after the importer or a value map has changed. */
  revalidate(jobId: number, by: Actor, signal?: AbortSignal): Promise<EditCounts> {
    return this.#many(jobId, { kind: "revalidate", params: {}, actor: by }, signal);
  }

  /** Takes the newest edit back: its rows are what they were before it. @throws SluiceError `conflict` when there is none. */
  undoEdit(jobId: number, by: Actor, signal?: AbortSignal): Promise<Edit> {
    return this.#guarded(jobId, async () => {
      const { review } = this.#parts.store;
      const edit = await review.last(jobId);
      if (edit === null) throw new SluiceError("conflict", `Import ${jobId} has no edit that could be taken back.`);
      return this.#takeBack(edit, by, signal);
    });
  }

  /** Goes on with an edit of many rows whose process died, or helps the one that is at it. Null: there is none. */
  finishEdit(jobId: number, signal?: AbortSignal): Promise<Edit | null> {
    return this.#guarded(jobId, async () => {
      const edit = await this.#parts.store.review.unfinished(jobId);
      if (edit === null) return null;
      return edit.status === "undoing" ? this.#takeBack(edit, edit.actor, signal) : this.#goOn(edit, signal);
    });
  }

  #many(jobId: number, edit: NewEdit, signal?: AbortSignal): Promise<EditCounts> {
    return this.#guarded(jobId, async () => {
      await this.finishEdit(jobId, signal);
      const begun = await this.#parts.store.review.begin(jobId, edit);
      const { changed, nowValid, nowInvalid, stillInvalid } = await this.#goOn(begun, signal);
      return { changed, nowValid, nowInvalid, stillInvalid };
    });
  }

  async #goOn(begun: Edit, signal?: AbortSignal): Promise<Edit> {
    const { store, onEvent } = this.#parts;
    const job = await store.getImport(begun.jobId);
    const { selection, change } = this.#planOf(job, begun);
    let edit = begun;
    while (edit.status === "under_way") {
      signal?.throwIfAborted();
      edit = await store.review.goOn(edit, selection, change);
      onEvent({ name: "review.rows_edited", jobId: job.id, edit: edit.id, rows: edit.changed });
    }
    return edit;
  }

  async #takeBack(begun: Edit, by: Actor, signal?: AbortSignal): Promise<Edit> {
    let edit = begun;
    while (edit.status !== "undone") {
      signal?.throwIfAborted();
      edit = await this.#parts.store.review.takeBack(edit, by);
      this.#parts.onEvent({ name: "review.rows_edited", jobId: edit.jobId, edit: edit.id, rows: edit.changed });
    }
    return edit;
  }

  /** Which rows an edit looks at, and what it makes of each: all of it from what is kept of the edit. */
  #planOf(job: ImportJob, { kind, field, params }: Edit): { selection: Selection; change: ChangeRow } {
    const revalidator = this.#revalidator(job);
    switch (kind) {
      case "replace": {
        const { from, to } = params as { from: string; to: string };
        const place = this.#placeOf(job, { field: field ?? "" });
        const edited = new Map([[place, { text: to }]]);
        return {
          selection: { text: from, match: "equal", cells: [place], staged: [] },
          change: whole((held) => changeOf(held, revalidator.revalidate(held, edited))),
        };
      }
      case "find":
        return this.#findPlan(job, revalidator, { field: field ?? undefined, ...(params as unknown as FindOptions) });
      default:
        return {
          selection: { text: null, match: "equal", cells: [], staged: [] },
          change: whole((held) => changeOf(held, revalidator.revalidate(held))),
        };
    }
  }

  #findPlan(
    job: ImportJob,
    revalidator: Revalidator,
    { field, find, replace, wholeCell = false, caseSensitive = false }: FindOptions,
  ): { selection: Selection; change: ChangeRow } {
    const { fields } = this.#parts.importer(job.importer);
    const mapped = revalidator.columns.filter(({ name }) =>
      field === undefined ? Object.hasOwn(fields, name) : name === field,
    );
    const places = [...new Set(mapped.map(({ column }) => column))];
    const words = mapped.filter(({ name }) => field !== undefined || wordKinds.has(fields[name].kind));
    const substitute = replacing({ find, replace, wholeCell, caseSensitive });
    // The database's idea of upper and lower case depends on its locale beyond ASCII: there the rows are looked at here.
    const isAscii = /^[\x20-\x7e]*$/.test(find);
    const selection: Selection = {
      text: caseSensitive || isAscii ? find : null,
      match: caseSensitive ? "contained" : "contained_in_any_case",
      cells: places,
      staged: words.map(({ name }) => name),
    };
    const change: ChangeRow = (held) => {
      const edited = new Map<number, NewCell>();
      const cells = revalidator.cells(held);
      for (const { name, column } of held.status === "valid" ? words : mapped) {
        // What a cell is in plain form, its part is too.
        const isPlain = held.kept !== null && Object.hasOwn(held.kept, name) && !wordKinds.has(fields[name].kind);
        const before = held.status === "valid" ? (held.kept?.[name] ?? "") : cells[column];
        const text = substitute(before);
        if (text === before || text.length > maxCellChars) continue;
        edited.set(column, { text, isTyped: isPlain || held.typed.includes(column) });
      }
      return edited.size === 0 ? null : changeOf(held, revalidator.revalidate(held, edited));
    };
    return { selection, change: whole(change) };
  }

  #revalidator(job: ImportJob): Revalidator {
    return new Revalidator(this.#parts.importer(job.importer), job);
  }

  #columns(job: ImportJob): StageColumn[] {
    return stageColumns(this.#parts.importer(job.importer), job.mapping, job.assignment);
  }

  /** The place of a cell in its row. @throws SluiceError `invalid` for one that nothing reads. */
  #placeOf(job: ImportJob, cell: CellOf): number {
    const { columns } = job.mapping;
    const read = this.#columns(job);
    if ("field" in cell) {
      const found = columns.find(({ field }) => field !== null && field === cell.field);
      if (found !== undefined) return found.column;
      throw new SluiceError("invalid", `No column of import ${job.id} feeds a field "${short(cell.field)}".`);
    }
    const { column } = cell;
    const found = columns.find((each) =>
      typeof column === "number" ? each.column === column : each.header === column,
    );
    if (found !== undefined && read.some((each) => each.column === found.column)) return found.column;
    throw new SluiceError(
      "invalid",
      found === undefined
        ? `The file of import ${job.id} has no column ${JSON.stringify(short(String(column)))}.`
        : `The column "${short(found.header)}" of import ${job.id} feeds no field: an edit of it would change nothing.`,
    );
  }

  /** When the stage turns out to be lost, it is made again by a worker. */
  async #guarded<T>(jobId: number, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const lost = this.#parts.store.lostStage(error);
      if (lost === null) throw error;
      return this.#stageAgain(jobId, lost);
    }
  }

  /** Hands the import to a worker that reads the file again; what was edited is kept, and comes back with it. */
  async #stageAgain(jobId: number, lost: { generation: number }): Promise<never> {
    const { store, lifecycle, onEvent } = this.#parts;
    onEvent({ name: "stage.lost", jobId });
    await store.restartStage(jobId, lost);
    try {
      await lifecycle.tellQueue(await store.moveImport(jobId, "queued", { from: ["ready"], phase: "parse" }));
    } catch (error) {
      // Another request has found the same.
      if (!(error instanceof SluiceError) || error.code !== "conflict") throw error;
    }
    throw new SluiceError(
      "unavailable",
      `The database crashed and lost the staged rows of import ${jobId}; they are read again from the file, and edits are kept. Try again when it is ready.`,
    );
  }
}

/** Leaves rows alone that an edit of many does not suit: those whose cells are not a row of the table. */
function whole(change: ChangeRow): ChangeRow {
  return (held) => (brokenBy(held) !== undefined || isTooShort(held) ? null : change(held));
}

/** A change that leaves something of the row, and changes something. */
function changeOf(held: HeldRow, change: RowChange | null): RowChange | null {
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

function refuseBroken(jobId: number, held: HeldRow): void {
  const broken = brokenBy(held);
  if (broken === undefined) return;
  throw new SluiceError(
    "conflict",
    `Row ${held.row} of import ${jobId} cannot be mended here (${broken.c}): its cells are not the columns of the table. Correct it in the file of rejected rows, and import that.`,
  );
}

/** What a cell of a Postgres text can be. */
function checkText(text: string, what: string): void {
  if (text.length > maxCellChars)
    throw new SluiceError("invalid", `${what} has ${text.length} characters; a cell holds at most ${maxCellChars}.`);
  if (text.includes("\0")) throw new SluiceError("invalid", `${what} holds a NUL character, which no text can have.`);
  if (!text.isWellFormed() || text.includes("\ufffd"))
    throw new SluiceError(
      "invalid",
      `${what} holds a broken character (U+FFFD, or half of a surrogate pair). Type it anew.`,
    );
}

/** Replaces the text as it is, whatever regular expressions or `$` it holds. */
function replacing({ find, replace, wholeCell, caseSensitive }: Required<Omit<FindOptions, "field">>) {
  const pattern = RegExp(find.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), caseSensitive ? "gu" : "giu");
  const wholePattern = RegExp(`^(?:${pattern.source})$`, caseSensitive ? "u" : "iu");
  return (text: string): string =>
    wholeCell ? (wholePattern.test(text.trim()) ? replace : text) : text.replace(pattern, () => replace);
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
