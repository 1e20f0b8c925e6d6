/**
 * The review of an import that is ready: its rows page by page, and the edits that correct them: a cell, those of a range, one value
 * wherever it keeps rows out, find and replace, computed repairs, validating again, rows left out and put back in; each can be undone. What is
 * edited goes through the same validation as the file did.
 */

import { SluiceError, type Telling, told } from "../core/errors.ts";
import type { Actor } from "../core/events.ts";
import { ownerOf } from "../core/feed-names.ts";
import type { Language } from "../core/fields/language.ts";
import { fieldAt, type ImportJob } from "../core/import.ts";
import { decidesByRow, type Importer } from "../core/importer.ts";
import type { IssueCode } from "../core/issue.ts";
import type { Attention, EventListener } from "../core/ports.ts";
import type { RepairKind } from "../core/repairs.ts";
import type { ArchivedRow, Page, RowValues } from "../core/store/archive.ts";
import {
  type BadValue,
  type BadValuesPage,
  type CellsEdit,
  type ChangeRow,
  type Edit,
  type EditCounts,
  type HeldRow,
  isKnownEdit,
  LostMatch,
  type NewEdit,
  type RowsOf,
} from "../core/store/review.ts";
import type { RowView } from "../core/store/row-view.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import type { Store } from "../core/store/store.ts";
import {
  type CellOf,
  changeOf,
  checkFind,
  type DecidedRows,
  type FindOptions,
  placeOf,
  planOf,
} from "../staging/edit-plan.ts";
import { isLeftOutByHand } from "../staging/left-out.ts";
import { StuckRow } from "../staging/own-code.ts";
import { short } from "../staging/quoted.ts";
import { brokenBy, maxCellChars, Revalidator } from "../staging/revalidate.ts";
import { rowSortOf, valueColumnOf } from "../staging/row-column.ts";
import { rowFilterOf } from "../staging/row-view.ts";
import { valueShower } from "../staging/shown-values.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { RepairOffers, type RepairsPage, type RepairsQuery } from "./repair-offers.ts";

export interface ReviewSessionParts {
  store: Store;
  lifecycle: Lifecycle;
  /** With the import's own rules of merging. */
  importer(job: ImportJob): Importer;
  /** Those of the import's stage. */
  columns(job: ImportJob): StageColumn[];
  onEvent: EventListener;
  attention: Attention;
}

/** A page of rows, and how many there are of each kind in the whole import. */
export interface RowsPage {
  rows: ArchivedRow[];
  /** Whether others follow: large rows make a page short. */
  more: boolean;
  valid: number;
  invalid: number;
  /** How many rows the view finds; only where the page has an `offset`, and once they are counted. */
  total?: number;
  /** While they are counted: how many are found so far, up to which row; `isPending`: rows of this page may be among those that follow. */
  counting?: { found: number; through: number; isPending: boolean };
}

/**
 * A page may also begin at an `offset` of the view instead of after a key. `total: "later"`: it comes within a second, counted or not; ask
 * again as long as it is `counting`.
 */
export type RowsPageQuery = Page | { offset: number; limit: number; total?: "now" | "later" };

/** Rows are in the file's order, or sorted by a column in the order of a language; `after` is then how many come before the page. */
export interface RowsQuery extends RowView {
  sort?: { field: string; order: "asc" | "desc"; language?: Language };
}

export class ReviewSession {
  readonly #parts: ReviewSessionParts;

  constructor(parts: ReviewSessionParts) {
    this.#parts = parts;
  }

  /**
   * Rows in their order. A page deep in the list costs no more than the first.
   *
   * @throws SluiceError `invalid` for a column that the rows do not have, `unavailable` when the stage was lost, and is being made again.
   */
  async rows(jobId: number, { sort, ...view }: RowsQuery, page: RowsPageQuery): Promise<RowsPage> {
    const job = await this.#staged(jobId);
    const importer = this.#parts.importer(job);
    const filter = rowFilterOf(importer, job, view);
    const { archive } = this.#parts.store;
    const columns = this.#parts.columns(job);
    const { validRows: valid, invalidRows: invalid } = job;
    if (!("offset" in page) && sort === undefined) {
      const { items, more } = await archive.rows(job, columns, filter, page);
      return { rows: this.#shown(job, items), more, valid, invalid };
    }
    const { offset, total: count = "now" } = "offset" in page ? page : { offset: page.after ?? 0 };
    const list = { filter, sort: sort && rowSortOf(importer, job, sort, sort.language ?? "en") };
    const isPatient = count === "now";
    const found = await archive.rowsAt(job, columns, list, { offset, limit: page.limit, isPatient });
    const { items, more, total, isPending, through } = found;
    const rows = this.#shown(job, items);
    if (!("offset" in page)) return { rows, more, valid, invalid };
    if (total !== null && !isPending) return { rows, more, valid, invalid, total };
    const counting = { found: found.found, through, isPending };
    return { rows, more, valid, invalid, ...(total !== null && { total }), counting };
  }

  /**
   * The different values of a column with their rows, of those that a view shows, as far as one call comes: ask again with `through` as
   * `after`, and add the counts up.
   *
   * @throws SluiceError `invalid` for a column that the rows do not have, or whose cells have several values.
   */
  async rowValues(
    jobId: number,
    view: RowView,
    { field, search, after = 0 }: { field: string; search?: string | undefined; after?: number | undefined },
  ): Promise<RowValues> {
    const job = await this.#staged(jobId);
    const importer = this.#parts.importer(job);
    const column = valueColumnOf(importer, job, field);
    const filter = rowFilterOf(importer, job, view);
    return this.#parts.store.archive.rowValues(job, this.#parts.columns(job), filter, { column, search, after });
  }

  /** Rows as a person sees them. */
  #shown(job: ImportJob, rows: readonly ArchivedRow[]): ArchivedRow[] {
    const show = valueShower(this.#parts.importer(job), job.mapping);
    return rows.map((row) => (row.values === null ? row : { ...row, values: show(row.values) }));
  }

  /** The different cells of a field that keep rows out, the most frequent first. */
  async distinctBadValues(jobId: number, field: string, page: BadValuesPage): Promise<BadValue[]> {
    const job = await this.#parts.store.imports.get(jobId);
    const place = this.#placeOf(job, field);
    // An issue names the field as a whole.
    return this.#parts.store.review.badValues(
      jobId,
      { field: ownerOf(fieldAt(job.mapping, place) ?? field), place },
      page,
    );
  }

  /** The edits of an import, the newest first. */
  edits(jobId: number, page: { after?: number; limit: number }): Promise<Edit[]> {
    return this.#parts.store.review.edits(jobId, page);
  }

  /**
   * Puts a value into one cell; returns the row as it is then, with what is still wrong with it.
   *
   * @throws SluiceError `not_found` for a row that does not exist, `invalid` for an impossible value, `conflict` when the import
   * is not ready, or the row cannot be corrected by an edit.
   */
  async editCell(jobId: number, cell: CellOf & { row: number; value: string }, by: Actor): Promise<ArchivedRow> {
    const { row, value } = cell;
    checkText(value, told`The value`);
    if (!Number.isInteger(row) || row < 1 || row > 2 ** 31 - 1)
      throw new SluiceError(
        "not_found",
        told`Import ${jobId} has no row ${row}: rows are numbered as in the file, starting at 1.`,
      );
    return this.withStage(jobId, async () => {
      await this.finishEdit(jobId);
      const job = await this.#parts.store.imports.get(jobId);
      const importer = this.#parts.importer(job);
      const place = placeOf(importer, job, cell);
      const columns = this.#parts.columns(job);
      const revalidator = new Revalidator(importer, job, this.#parts.attention);
      const field = "field" in cell ? cell.field : (fieldAt(job.mapping, place) ?? undefined);
      const edit = { kind: "cell", row, field, params: { column: place, value }, actor: by } satisfies NewEdit;
      await this.#parts.store.review.editRow(jobId, columns, edit, (held) => {
        refuseBroken(jobId, held);
        const change = revalidator.revalidate(held, new Map([[place, { text: value }]]));
        if (change === null) {
          throw new SluiceError(
            "invalid",
            told`Row ${row} of import ${jobId} would be blank, and blank rows are ignored. Keep at least one value in it.`,
          );
        }
        return changeOf(held, change);
      });
      const { items } = await this.#parts.store.archive.rows(job, columns, {}, { after: row - 1, limit: 1 });
      const now = items.at(0);
      if (now?.row === row) return this.#shown(job, [now])[0];
      throw new SluiceError("conflict", told`Import ${jobId} moved on just after row ${row} was edited.`);
    });
  }

  /**
   * Puts values into cells of several rows, as one edit. Rows that are not there, whose cells do not line up with the columns, or that
   * would be blank are left alone.
   *
   * @throws SluiceError `invalid` for more than `mostEditedRows` rows or `mostEditedCells` cells, a row twice, or an impossible value.
   */
  async editCells(
    jobId: number,
    { fields, rows, digest }: CellsEdit,
    by: Actor,
    signal?: AbortSignal,
  ): Promise<EditCounts> {
    checkCells({ fields, rows });
    const job = await this.#parts.store.imports.get(jobId);
    const places = fields.map((field) => this.#placeOf(job, field));
    if (new Set(places).size < places.length)
      throw new SluiceError("invalid", told`Two of the fields are the same cell of a row. Name each cell once.`);
    const values = new Set(rows.flatMap((row) => row.values));
    const [only] = values;
    const params = {
      fields,
      rows,
      ...(digest !== undefined && { digest }),
      // Of a range that is filled with one value the list of edits tells it.
      ...(values.size === 1 && only !== null && { to: only }),
    };
    const field = fields.length === 1 ? fields[0] : undefined;
    return this.#many(jobId, { kind: "cells", field, params, actor: by }, signal);
  }

  /** Puts `to` in the place of `from` in every invalid row whose cell of the field is exactly that. */
  async replaceValue(
    jobId: number,
    { field, from, to }: { field: string; from: string; to: string },
    by: Actor,
    signal?: AbortSignal,
  ): Promise<EditCounts> {
    checkText(to, told`The new value`);
    if (from === to)
      throw new SluiceError(
        "invalid",
        told`The new value is the same as the old one, "${short(from)}". Enter a different one.`,
      );
    this.#placeOf(await this.#parts.store.imports.get(jobId), field);
    return this.#many(jobId, { kind: "replace", field, params: { from, to }, actor: by }, signal);
  }

  /** Replaces a text within cells, or whole cells, of invalid and of valid rows; a valid row can become invalid by it. */
  async findAndReplace(jobId: number, options: FindOptions, by: Actor, signal?: AbortSignal): Promise<EditCounts> {
    const { field, find, replace, wholeCell = false, caseSensitive = false, within } = options;
    checkText(replace, told`The replacement`);
    checkText(find, told`The text to find`);
    if (find === "" && (!wholeCell || field === undefined))
      throw new SluiceError(
        "invalid",
        told`Enter the text to find. Blank cells can only be found as whole cells of one field.`,
      );
    checkFind({ find, caseSensitive });
    if (find === replace)
      throw new SluiceError("invalid", told`The replacement is the same as the text. Enter a different one.`);
    const job = await this.#parts.store.imports.get(jobId);
    if (field !== undefined) this.#placeOf(job, field);
    if (within !== undefined) rowFilterOf(this.#parts.importer(job), job, within);
    const params = { find, replace, wholeCell, caseSensitive };
    if (within === undefined) return this.#many(jobId, { kind: "find", field, params, actor: by }, signal);
    // A kind of its own: a version that does not know it would go on in all rows.
    return this.#many(jobId, { kind: "find_within", field, params: { ...params, within }, actor: by }, signal);
  }

  /** Validates all invalid rows again, after the importer or a value map has changed. */
  revalidate(jobId: number, by: Actor, signal?: AbortSignal): Promise<EditCounts> {
    return this.#many(jobId, { kind: "revalidate", params: {}, actor: by }, signal);
  }

  /** Takes in the rows that the parse left out as totals of others: as records like any, or invalid ones. */
  takeIn(jobId: number, by: Actor, signal?: AbortSignal): Promise<EditCounts> {
    return this.#many(jobId, { kind: "take_in", params: {}, actor: by }, signal);
  }

  /**
   * Leaves rows out of the import: they are skipped, whatever is right or wrong with them, until they are put back in. Those that are left
   * out already stay as they are.
   *
   * @throws SluiceError `invalid` where no row is named, or more than `mostEditedRows` one by one.
   */
  leaveOut(jobId: number, which: RowsOf & Known, by: Actor, signal?: AbortSignal): Promise<EditCounts> {
    return this.#wholeRows(jobId, "leave_out", which, by, signal);
  }

  /** Puts rows that were left out back in: as they were, or, where the parse had left them out, as rows like any. @throws as `leaveOut` */
  putBack(jobId: number, which: RowsOf & Known, by: Actor, signal?: AbortSignal): Promise<EditCounts> {
    return this.#wholeRows(jobId, "put_back", which, by, signal);
  }

  /**
   * Decides of valid rows that they update what they repeat, though the import skips duplicates; or that what holds for all holds for
   * them again. Where all duplicates update, or are created, it changes nothing.
   *
   * @throws SluiceError `invalid` as `leaveOut` does, and where the importer's own code loads, or rows make several records.
   */
  async decide(jobId: number, which: DecidedRows & Known, by: Actor, signal?: AbortSignal): Promise<EditCounts> {
    const importer = this.#parts.importer(await this.#parts.store.imports.get(jobId));
    if (!decidesByRow(importer))
      throw new SluiceError(
        "invalid",
        told`The importer "${importer.name}" loads by its own code, or makes several records of a row: what becomes of its duplicates is decided for all of them, by the import's options.`,
      );
    return this.#wholeRows(jobId, "decide", which, by, signal);
  }

  async #wholeRows(
    jobId: number,
    kind: "leave_out" | "put_back" | "decide",
    which: RowsOf & Known,
    by: Actor,
    signal?: AbortSignal,
  ): Promise<EditCounts> {
    checkRows(which);
    const job = await this.#parts.store.imports.get(jobId);
    if (which.within !== undefined) rowFilterOf(this.#parts.importer(job), job, which.within);
    // Of one row the list of edits tells which.
    const only = which.rows?.length === 1 && { row: which.rows[0] };
    return this.#many(jobId, { kind, params: { ...which }, ...only, actor: by }, signal);
  }

  /**
   * What could be repaired, over all rows, as far as one call comes: ask again with `through` as `after`, and add the counts up.
   *
   * @throws SluiceError `conflict` when the import is not ready, `unavailable` when the stage was lost, and is being made again.
   */
  repairs(jobId: number, query: RepairsQuery, signal?: AbortSignal): Promise<RepairsPage> {
    return this.withStage(jobId, async () => {
      const { store, attention } = this.#parts;
      const job = await this.#staged(jobId);
      const offers = new RepairOffers(store, this.#parts.importer(job), job, attention);
      return offers.find(query, await store.imports.issueCounts(jobId), signal);
    });
  }

  /**
   * Makes one repair of one kind of issue, in every row where the field takes the repaired cell.
   *
   * @throws SluiceError `invalid` for a repair that the field does not have.
   */
  async repair(
    jobId: number,
    { field, issue, repair }: { field: string; issue: IssueCode; repair: RepairKind },
    by: Actor,
    signal?: AbortSignal,
  ): Promise<EditCounts> {
    const job = await this.#parts.store.imports.get(jobId);
    const edit = { kind: "repair", field, params: { issue, repair }, actor: by } satisfies NewEdit;
    planOf(this.#parts.importer(job), job, edit);
    return this.#many(jobId, edit, signal);
  }

  /** Takes the newest edit back: its rows are what they were before it. @throws SluiceError `conflict` when there is none. */
  undoEdit(jobId: number, by: Actor, signal?: AbortSignal): Promise<Edit> {
    return this.withStage(jobId, async () => {
      const { review } = this.#parts.store;
      const edit = await review.last(jobId);
      if (edit === null) throw new SluiceError("conflict", told`Import ${jobId} has no edit to take back.`);
      return this.#takeBack(edit, by, signal);
    });
  }

  /** Continues an edit of many rows whose process died, or helps the one that works on it. Null: there is none. */
  finishEdit(jobId: number, signal?: AbortSignal): Promise<Edit | null> {
    return this.withStage(jobId, async () => {
      const edit = await this.#parts.store.review.unfinished(jobId);
      if (edit === null) return null;
      return edit.status === "undoing" ? this.#takeBack(edit, edit.actor, signal) : this.#goOn(edit, signal);
    });
  }

  #many(jobId: number, edit: NewEdit, signal?: AbortSignal): Promise<EditCounts> {
    return this.withStage(jobId, async () => {
      await this.finishEdit(jobId, signal);
      const begun = await this.#parts.store.review.begin(jobId, edit);
      const { changed, leftOut, nowValid, nowInvalid, stillInvalid } = await this.#goOn(begun, signal);
      return { changed, leftOut, nowValid, nowInvalid, stillInvalid };
    });
  }

  async #goOn(begun: Edit, signal?: AbortSignal): Promise<Edit> {
    const { store, onEvent, attention } = this.#parts;
    const job = await store.imports.get(begun.jobId);
    const { repair = null } = begun.params as { repair?: string };
    if (!isKnownEdit({ ...begun, repair }))
      throw new SluiceError(
        "conflict",
        told`Import ${job.id}: a newer version of Sluice has begun an edit that this one does not know. Try again when it has finished.`,
      );
    const { selection, change: changeRow } = planOf(this.#parts.importer(job), job, begun, attention);
    const change: ChangeRow = (held) => {
      attention.begin(job.id);
      const changed = changeRow(held);
      attention.end();
      return changed;
    };
    let edit = begun;
    while (edit.status === "under_way") {
      signal?.throwIfAborted();
      edit = await store.review.goOn(edit, selection, change).catch(async (error: unknown) => {
        attention.end();
        if (!(error instanceof StuckRow || error instanceof LostMatch)) throw error;
        await store.review.giveUp(job.id);
        const left = await store.review.unfinished(job.id);
        if (left?.id === begun.id) await this.#takeBack(left, left.actor, signal);
        throw error;
      });
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

  #placeOf(job: ImportJob, field: string): number {
    return placeOf(this.#parts.importer(job), job, { field });
  }

  /**
   * Does what needs the staged rows. When they turn out to be lost, a worker makes them again.
   *
   * @throws SluiceError `unavailable` then: try again when the import is ready.
   */
  async withStage<T>(jobId: number, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const lost = this.#parts.store.stage.lossOf(error);
      if (lost === null) throw error;
      return this.#stageAgain(jobId, lost);
    }
  }

  /** The import, with its stage where it is ready. @throws SluiceError `unavailable` where that was lost. */
  async #staged(jobId: number): Promise<ImportJob> {
    const { imports, stage } = this.#parts.store;
    const job = await imports.get(jobId);
    if (job.status === "ready" && !(await stage.isIntact(job)))
      return this.#stageAgain(jobId, { generation: job.stageGeneration });
    return job;
  }

  /** Hands the import to a worker that reads the file again; what was edited is kept, and comes back with it. */
  async #stageAgain(jobId: number, lost: { generation: number }): Promise<never> {
    const { store, lifecycle, onEvent } = this.#parts;
    onEvent({ name: "stage.lost", jobId });
    await store.imports.restage(jobId, lost);
    try {
      await lifecycle.tellQueue(await store.imports.move(jobId, "queued", { from: ["ready"], phase: "parse" }));
    } catch (error) {
      // Another request has found the same.
      if (!(error instanceof SluiceError) || error.code !== "conflict") throw error;
    }
    throw new SluiceError(
      "unavailable",
      told`The database crashed and lost the staged rows of import ${jobId}. They are being read from the file again, and edits are kept. Try again when it is ready.`,
    );
  }
}

const brokenWords: Partial<Readonly<Record<IssueCode, Telling>>> = {
  row_too_long: told`row_too_long`,
  row_too_large: told`row_too_large`,
  quote_unclosed: told`quote_unclosed`,
  outside_table: told`outside_table`,
  row_number_repeated: told`row_number_repeated`,
};

function refuseBroken(jobId: number, held: HeldRow): void {
  if (isLeftOutByHand(held))
    throw new SluiceError(
      "conflict",
      told`Row ${held.row} of import ${jobId} is left out. Put it back in before you edit it.`,
    );
  const broken = brokenBy(held);
  if (broken === undefined) return;
  throw new SluiceError(
    "conflict",
    told`Row ${held.row} of import ${jobId} cannot be corrected here (${brokenWords[broken.c] ?? broken.c}): its cells are not the columns of the table. Correct it in the file of rejected rows, and import that.`,
  );
}

/** Rows that one edit of cells may name, and the cells in them. */
export const mostEditedRows = 10_000;
export const mostEditedCells = 100_000;

/** By which its sender knows an edit again once what was said row by row is gone from the list of edits. */
interface Known {
  digest?: string;
}

function checkRows({ rows, from, to, within }: RowsOf): void {
  if (rows === undefined && from === undefined && to === undefined && within === undefined)
    throw new SluiceError(
      "invalid",
      told`The edit names no row. Give the numbers of rows, the first or last of them, or a filter.`,
    );
  if (rows !== undefined && rows.length > mostEditedRows)
    throw new SluiceError(
      "invalid",
      told`One edit can name at most ${mostEditedRows} rows one by one. Give the first and the last of them, or a filter.`,
    );
}

function checkCells({ fields, rows }: CellsEdit): void {
  if (fields.length === 0 || rows.length === 0)
    throw new SluiceError("invalid", told`The edit names no cell. Name at least one field and one row.`);
  if (rows.length > mostEditedRows || rows.length * fields.length > mostEditedCells)
    throw new SluiceError(
      "invalid",
      told`One edit can have at most ${mostEditedRows} rows and ${mostEditedCells} cells. Divide it, or use find and replace.`,
    );
  const seen = new Set<number>();
  for (const { row, values } of rows) {
    if (!Number.isInteger(row) || row < 1 || row > 2 ** 31 - 1 || seen.has(row))
      throw new SluiceError(
        "invalid",
        told`Each row of the edit needs its number in the file, from 1, and stands in it once.`,
      );
    if (values.length !== fields.length)
      throw new SluiceError(
        "invalid",
        told`Row ${row} of the edit has ${values.length} {1:value|values} for ${fields.length} {2:field|fields}.`,
      );
    seen.add(row);
    for (const value of values) if (value !== null) checkText(value, told`The value`);
  }
}

/** What a cell of a Postgres text can be. */
function checkText(text: string, what: Telling): void {
  if (text.length > maxCellChars)
    throw new SluiceError(
      "invalid",
      told`${what} has ${text.length} characters; a cell can have at most ${maxCellChars}.`,
    );
  if (text.includes("\0"))
    throw new SluiceError("invalid", told`${what} contains a NUL character, which text cannot have.`);
  if (!text.isWellFormed() || text.includes("\ufffd"))
    throw new SluiceError(
      "invalid",
      told`${what} contains a broken character (U+FFFD, or half of a surrogate pair). Type it again.`,
    );
}
