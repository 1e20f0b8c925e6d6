/** Imports, as the API has them: made, looked at, moved on, waited for. */
import type {
  Analysis,
  ApiLanguage,
  BadValue,
  BadValueQuery,
  CellEdit,
  CreatedImport,
  DialectHints,
  DryRun,
  Duplicate,
  Edit,
  EditCounts,
  Entry,
  GivenColumn,
  GivenField,
  Import,
  ImportEvent,
  ImportFilter,
  ImportOptions,
  ImportOptionsInput,
  ImportPage,
  KeptReason,
  KeptRecord,
  Mapping,
  MappingChange,
  NewEdit,
  NewImport,
  Page,
  PageQuery,
  Preview,
  Progress,
  Reading,
  ReadingChoice,
  RecordFilter,
  RecordPage,
  RepairOffer,
  Report,
  Row,
  RowFilter,
  RowPage,
  RowValue,
  RowValueQuery,
  RowValues,
  RowView,
  Sheet,
  Status,
  UndoPreview,
  UndoReport,
  UnknownOwners,
} from "./api.ts";
import type { CallOptions, Connection } from "./connection.ts";
import { ClientError } from "./error.ts";
import { watchByRealtime } from "./realtime.ts";
import { type WatchOptions, watchImport } from "./watch.ts";

/** Files that can be taken away of an import. */
export type DownloadName =
  | "rejected.csv"
  | "rejected.xlsx"
  | "corrected.csv"
  | "corrected.xlsx"
  | "records.csv"
  | "original";

export interface WaitOptions extends CallOptions {
  status: Status | readonly Status[];
  onProgress?: (progress: Progress) => void;
}

/** From these nothing comes to another status by itself. */
const lasting: ReadonlySet<Status> = new Set<Status>(["completed", "undone", "cancelled", "failed"]);

/** Different values of a column that are told. */
const mostRowValues = 1000;

/** `where` goes as JSON. */
function viewQuery<Query extends RowView>({ where, ...query }: Query): object {
  return { ...query, ...(where !== undefined && { where: JSON.stringify(where) }) };
}

export class Imports {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Of an uploaded file, or by `fileOf` of the file of an earlier import. Pending, with a suggested mapping, unless `start` or `options.autoCommit` says otherwise. */
  create(fresh: NewImport, { signal }: CallOptions = {}): Promise<CreatedImport> {
    return this.#connection.json("POST", "/imports", { body: fresh, signal });
  }

  get(id: number, { signal }: CallOptions = {}): Promise<Import> {
    return this.#connection.json("GET", `/imports/${id}`, { signal });
  }

  /** The newest first, unless `sort` and `order` say otherwise. */
  list(filter: ImportFilter = {}, { signal }: CallOptions = {}): Promise<ImportPage> {
    return this.#connection.json("GET", "/imports", { query: filter, signal });
  }

  /** All of them, page by page as they are asked for. */
  each(filter: ImportFilter = {}, options: CallOptions = {}): AsyncGenerator<Import> {
    return eachOf((after) => this.list({ ...filter, after }, options), filter.after);
  }

  /** What the file seems to be: columns, parents, days, what would come of it, each with its reason. By the file alone. */
  analysis(id: number, { lang, signal }: CallOptions & { lang?: ApiLanguage } = {}): Promise<Analysis> {
    return this.#connection.json("GET", `/imports/${id}/analysis`, { query: { lang }, signal });
  }

  /** The same with what the server's language model says of the open columns; headers and a few values are sent to it. */
  askModel(id: number, { lang, signal }: CallOptions & { lang?: ApiLanguage } = {}): Promise<Analysis> {
    return this.#connection.json("POST", `/imports/${id}/analysis`, { query: { lang }, signal });
  }

  /** The first rows as they are read, at most 100, and what the columns look like. `made`: as they would be read with this field. */
  preview(
    id: number,
    { limit, lang, made, signal }: CallOptions & { limit?: number; lang?: ApiLanguage; made?: GivenField } = {},
  ): Promise<Preview> {
    const query = { limit, lang, made: made && JSON.stringify(made) };
    return this.#connection.json("GET", `/imports/${id}/preview`, { query, signal });
  }

  /** What was decided of how the file is read, each with what came second. */
  async choices(id: number, { lang, signal }: CallOptions & { lang?: ApiLanguage } = {}): Promise<ReadingChoice[]> {
    const { items } = await this.#connection.json<{ items: ReadingChoice[] }>("GET", `/imports/${id}/choices`, {
      query: { lang },
      signal,
    });
    return items;
  }

  /** The first rows as they would be read with this dialect, which is not kept. */
  tryReading(
    id: number,
    dialect: DialectHints,
    { limit, signal }: CallOptions & { limit?: number } = {},
  ): Promise<Reading> {
    const query = { limit, dialect: JSON.stringify(dialect) };
    return this.#connection.json("GET", `/imports/${id}/reading`, { query, signal });
  }

  /** The sheets of a workbook with their first rows, to choose from by `options.dialect.sheet`; none for other files. */
  async sheets(id: number, { signal }: CallOptions = {}): Promise<Sheet[]> {
    return (await this.#connection.json<{ items: Sheet[] }>("GET", `/imports/${id}/sheets`, { signal })).items;
  }

  /** The files of a zip archive with their first rows, to choose from by `options.dialect.entry`; none for other files. */
  async entries(id: number, { lang, signal }: CallOptions & { lang?: ApiLanguage } = {}): Promise<Entry[]> {
    const query = { lang };
    return (await this.#connection.json<{ items: Entry[] }>("GET", `/imports/${id}/entries`, { query, signal })).items;
  }

  mapping(id: number, { signal }: CallOptions = {}): Promise<Mapping> {
    return this.#connection.json("GET", `/imports/${id}/mapping`, { signal });
  }

  /** Columns that are not named are left out of the import. */
  setMapping(id: number, columns: readonly GivenColumn[], { signal }: CallOptions = {}): Promise<Mapping> {
    return this.#connection.json("PUT", `/imports/${id}/mapping`, { body: { columns }, signal });
  }

  /** Columns that are not named stay as they are. */
  changeColumns(id: number, columns: readonly GivenColumn[], { signal }: CallOptions = {}): Promise<Mapping> {
    return this.#connection.json("PATCH", `/imports/${id}/mapping`, { body: { columns }, signal });
  }

  /** The same for columns and for fields that are not one column's: a constant, several columns joined, a part of one. */
  changeMapping(id: number, change: MappingChange, { signal }: CallOptions = {}): Promise<Mapping> {
    return this.#connection.json("PATCH", `/imports/${id}/mapping`, { body: change, signal });
  }

  /** Uses a remembered mapping and its options for a pending import. */
  applyTemplate(id: number, templateId: number, { signal }: CallOptions = {}): Promise<Mapping> {
    return this.#connection.json("POST", `/imports/${id}/template`, { body: { templateId }, signal });
  }

  options(id: number, { signal }: CallOptions = {}): Promise<ImportOptions> {
    return this.#connection.json("GET", `/imports/${id}/options`, { signal });
  }

  /** What is left out gets its default. */
  setOptions(id: number, options: ImportOptionsInput, { signal }: CallOptions = {}): Promise<ImportOptions> {
    return this.#connection.json("PUT", `/imports/${id}/options`, { body: options, signal });
  }

  /** Reads and checks the file. `acceptDoubts`: takes doubtful columns as suggested. */
  start(id: number, { acceptDoubts, signal }: CallOptions & { acceptDoubts?: boolean } = {}): Promise<Import> {
    return this.#connection.json("POST", `/imports/${id}/start`, { body: { acceptDoubts }, signal });
  }

  /** Exactly what a commit would do; writes nothing. `changes`: also what it would change of records that are there. */
  dryRun(
    id: number,
    { lang, changes, signal }: CallOptions & { lang?: ApiLanguage; changes?: boolean } = {},
  ): Promise<DryRun> {
    return this.#connection.json("POST", `/imports/${id}/dry-run`, { query: { lang, changes }, signal });
  }

  /** Cells of the owners' column that nobody is called by, while the import is ready and assigns by a column. */
  unknownOwners(id: number, { limit, signal }: CallOptions & { limit?: number } = {}): Promise<UnknownOwners> {
    return this.#connection.json("GET", `/imports/${id}/owners/unknown`, { query: { limit }, signal });
  }

  /** Writes the rows. `confirmRemovals`: how many records a replace or a mirror may remove. */
  commit(id: number, options: CallOptions & { confirmRemovals?: number } = {}): Promise<Import> {
    return this.#act(id, "commit", options);
  }

  /** Within a chunk. */
  pause(id: number, options: CallOptions = {}): Promise<Import> {
    return this.#act(id, "pause", options);
  }

  /** `confirmRemovals`: how many records a replace or a mirror may remove. */
  resume(id: number, options: CallOptions & { confirmRemovals?: number } = {}): Promise<Import> {
    return this.#act(id, "resume", options);
  }

  /** Resumes what the database stopped, and rejects the rows that it refuses from now on. */
  reject(id: number, options: CallOptions = {}): Promise<Import> {
    return this.#act(id, "reject", options);
  }

  /** What failed, from its checkpoint. */
  retry(id: number, options: CallOptions = {}): Promise<Import> {
    return this.#act(id, "retry", options);
  }

  /** Back to pending, to change its mapping or options and start again. What was staged and edited goes; the file stays. */
  reopen(id: number, options: CallOptions = {}): Promise<Import> {
    return this.#act(id, "reopen", options);
  }

  /** What is written stays and can be undone. */
  cancel(id: number, options: CallOptions = {}): Promise<Import> {
    return this.#act(id, "cancel", options);
  }

  /** Takes back what it has written. */
  undo(id: number, options: CallOptions = {}): Promise<Import> {
    return this.#act(id, "undo", options);
  }

  /** Deletes all that is kept of an import at rest; its records stay. */
  delete(id: number, { signal }: CallOptions = {}): Promise<void> {
    return this.#connection.json("DELETE", `/imports/${id}`, { signal });
  }

  /** Rows that did not simply become records; while the import is ready, valid ones too. By row number. */
  rows(id: number, filter: RowFilter = {}, { signal }: CallOptions = {}): Promise<RowPage> {
    return this.#connection.json("GET", `/imports/${id}/rows`, { query: viewQuery(filter), signal });
  }

  eachRow(id: number, filter: RowFilter = {}, options: CallOptions = {}): AsyncGenerator<Row> {
    return eachOf((after) => this.rows(id, { ...filter, after }, options), filter.after);
  }

  /**
   * Edits a cell by its field or its column, while the import is ready; the row as it is then.
   *
   * @example await client.imports.editCell(42, 7, { field: "email", value: "anna@example.com" });
   */
  editCell(
    id: number,
    row: number,
    edit: CellEdit,
    { lang, by, signal }: CallOptions & Pick<RowFilter, "lang" | "by"> = {},
  ): Promise<Row> {
    return this.#connection.json("PATCH", `/imports/${id}/rows/${row}`, { query: { lang, by }, body: edit, signal });
  }

  /** A row that the last dry run found to be a duplicate, beside the row or the record that it repeats. */
  duplicate(id: number, row: number, { lang, signal }: CallOptions & Pick<RowFilter, "lang"> = {}): Promise<Duplicate> {
    return this.#connection.json("GET", `/imports/${id}/rows/${row}/duplicate`, { query: { lang }, signal });
  }

  /** The different values of a column with their rows, of those that a filter finds; call after call until all rows are through. */
  async rowValues(id: number, query: RowValueQuery, { signal }: CallOptions = {}): Promise<RowValues> {
    const rows = new Map<string, number>();
    let isCut = false;
    let after: string | undefined;
    do {
      const page: Page<RowValue> & { isCut: boolean } = await this.#connection.json(
        "GET",
        `/imports/${id}/rows/values`,
        { query: { ...viewQuery(query), after }, signal },
      );
      for (const item of page.items) rows.set(item.value, (rows.get(item.value) ?? 0) + item.rows);
      isCut = page.isCut || rows.size > mostRowValues;
      after = page.next ?? undefined;
    } while (after !== undefined && !isCut);
    const items = [...rows].map(([value, count]) => ({ value, rows: count }));
    items.sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
    return { items: items.slice(0, mostRowValues), isCut };
  }

  /** The different cells of a field that keep rows out, the most frequent first. */
  badValues(id: number, query: BadValueQuery, { signal }: CallOptions = {}): Promise<Page<BadValue>> {
    return this.#connection.json("GET", `/imports/${id}/values`, { query, signal });
  }

  /**
   * What could be repaired, over all rows of an import that is ready; call after call until the file is through. `edit` makes one of them.
   *
   * @example for (const { field, issue, repair } of await client.imports.repairs(42)) await client.imports.edit(42, { kind: "repair", field, issue, repair });
   */
  async repairs(id: number, { signal }: CallOptions = {}): Promise<RepairOffer[]> {
    const found = new Map<string, RepairOffer>();
    let after: string | undefined;
    do {
      const page: Page<RepairOffer> = await this.#connection.json("GET", `/imports/${id}/repairs`, {
        query: { after },
        signal,
      });
      for (const offer of page.items) {
        const key = `${offer.repair} ${offer.issue} ${offer.field}`;
        const { rows, samples } = found.get(key) ?? { rows: 0, samples: [] };
        found.set(key, { ...offer, rows: rows + offer.rows, samples: [...samples, ...offer.samples].slice(0, 5) });
      }
      after = page.next ?? undefined;
    } while (after !== undefined);
    return [...found.values()];
  }

  /** Edits many rows at once, while the import is ready. */
  edit(id: number, edit: NewEdit, { signal }: CallOptions = {}): Promise<EditCounts> {
    return this.#connection.json("POST", `/imports/${id}/edits`, { body: edit, signal });
  }

  /** The edits there were, the newest first. */
  edits(id: number, page: PageQuery = {}, { signal }: CallOptions = {}): Promise<Page<Edit>> {
    return this.#connection.json("GET", `/imports/${id}/edits`, { query: page, signal });
  }

  /** Takes the newest edit back. */
  undoEdit(id: number, { signal }: CallOptions = {}): Promise<Edit> {
    return this.#connection.json("POST", `/imports/${id}/edits/undo`, { signal });
  }

  report(id: number, { lang, signal }: CallOptions & { lang?: ApiLanguage } = {}): Promise<Report> {
    return this.#connection.json("GET", `/imports/${id}/report`, { query: { lang }, signal });
  }

  /**
   * A file, to be read as it comes: `(await imports.download(42, "rejected.csv")).body`. `outcome`: rows of the rejected
   * ones' file; default invalid and failed.
   */
  download(
    id: number,
    name: DownloadName,
    {
      outcome,
      record,
      signal,
    }: CallOptions & {
      outcome?: readonly ("invalid" | "failed" | "skipped" | "updated")[];
      record?: string | undefined;
    } = {},
  ): Promise<Response> {
    return this.#connection.repeatedly("GET", `/imports/${id}/${name}`, { query: { outcome, record }, signal });
  }

  /**
   * Where a browser gets the file by itself, with its session; null where a call needs more than that. `record`: of the records, which of
   * several that a row makes.
   */
  downloadUrl(id: number, name: DownloadName, { record }: { record?: string | undefined } = {}): string | null {
    return this.#connection.plainUrl(`/imports/${id}/${name}`, { record });
  }

  /** The records that it created or updated, as they are now; the created ones first. */
  records(id: number, filter: RecordFilter = {}, { signal }: CallOptions = {}): Promise<RecordPage> {
    return this.#connection.json("GET", `/imports/${id}/records`, { query: filter, signal });
  }

  /** What an undo would delete, restore and keep. */
  undoPreview(id: number, { signal }: CallOptions = {}): Promise<UndoPreview> {
    return this.#connection.json("GET", `/imports/${id}/undo/preview`, { signal });
  }

  undoReport(id: number, { signal }: CallOptions = {}): Promise<UndoReport> {
    return this.#connection.json("GET", `/imports/${id}/undo`, { signal });
  }

  /** Records that the undo left as they are, and why. */
  kept(
    id: number,
    filter: PageQuery & { reason?: KeptReason } = {},
    { signal }: CallOptions = {},
  ): Promise<Page<KeptRecord>> {
    return this.#connection.json("GET", `/imports/${id}/undo/kept`, { query: filter, signal });
  }

  /** The timeline, page by page. */
  events(id: number, page: PageQuery = {}, { signal }: CallOptions = {}): Promise<Page<ImportEvent>> {
    return this.#connection.json("GET", `/imports/${id}/events`, { query: page, signal });
  }

  /**
   * The timeline and the progress, as they come. It does not end with the import, which may be undone or retried: leave the
   * loop, or abort the signal, when you have seen enough.
   *
   * @example for await (const change of client.imports.watch(42)) if (change.type === "progress") show(change.progress);
   */
  watch(id: number, options: WatchOptions = {}) {
    const { realtime } = this.#connection;
    return realtime === undefined
      ? watchImport(this.#connection, id, options)
      : watchByRealtime(this.#connection, realtime, id, options);
  }

  /**
   * Until the import has a status.
   *
   * @throws ClientError `conflict` when it came to another one for good, such as failed; `not_found` when it is deleted.
   */
  async waitFor(id: number, { status, onProgress, signal }: WaitOptions): Promise<Import> {
    const wanted = new Set<Status>([status].flat());
    const reached = (job: Import): boolean => {
      if (wanted.has(job.status)) return true;
      if (!lasting.has(job.status)) return false;
      const why = job.errorMessage === null ? "" : ` ${job.errorMessage}`;
      throw new ClientError(409, "conflict", `Import ${id} is ${job.status}, not ${[...wanted].join(" or ")}.${why}`);
    };
    // The timeline before the import: what happens between the two is told by the stream.
    const { items } = await this.events(id, { limit: 1000 }, { signal });
    let job = await this.get(id, { signal });
    if (reached(job)) return job;
    for await (const change of this.watch(id, { after: items.at(-1)?.id ?? 0, signal })) {
      if (change.type === "deleted") throw new ClientError(404, "not_found", `Import ${id} was deleted.`);
      if (change.type === "progress") onProgress?.(change.progress);
      if (change.type !== "event" || !change.event.name.startsWith("import.")) continue;
      job = await this.get(id, { signal });
      if (reached(job)) return job;
    }
    return job;
  }

  #act(
    id: number,
    action: string,
    { signal, confirmRemovals }: CallOptions & { confirmRemovals?: number },
  ): Promise<Import> {
    const body = confirmRemovals === undefined ? undefined : { confirmRemovals };
    return this.#connection.json("POST", `/imports/${id}/${action}`, { body, signal });
  }
}

/** The items of all pages. */
export async function* eachOf<Item>(
  page: (after: string | undefined) => Promise<Page<Item>>,
  after?: string,
): AsyncGenerator<Item> {
  for (let from = after; ; ) {
    const { items, next } = await page(from);
    yield* items;
    if (next === null) return;
    from = next;
  }
}
