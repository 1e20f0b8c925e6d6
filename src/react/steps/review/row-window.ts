/**
 * The part of a long list of rows that is looked at: pages by their place in the list, the latest ones kept, those that were
 * scrolled past before they came given up. An edited row stays where it is until other pages come.
 */
import type { Row, RowPage } from "../../../client/index.ts";

export const pageRows = 200;
/** Pages that are kept: 8,000 rows. */
const keptPages = 40;
/** So long a place must be looked at before its page is asked for, while the list is scrolled on and on. */
const restMs = 60;

export type LoadPage = (place: { offset: number; limit: number }, signal: AbortSignal) => Promise<RowPage>;

/** `total` null: it is being counted. */
type Taken = Pick<RowPage, "items" | "counting"> & { total?: number | null };

export class RowWindow {
  readonly #load: LoadPage;
  readonly #onAnswer: (error: unknown) => void;
  readonly #listeners = new Set<() => void>();
  /** By their number; the one used last at the end. */
  readonly #pages = new Map<number, Row[]>();
  readonly #loading = new Map<number, AbortController>();
  #wanted: { first: number; last: number } = { first: 0, last: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastAsked = 0;
  #version = 0;
  /** Pages that are shown until they are loaded anew. */
  #stale = new Set<number>();
  #isChanged = false;
  #counting: AbortController | null = null;
  /** Null: it is not known yet. */
  total: number | null = null;
  /** While they are counted: as many are found so far. */
  found = 0;
  error: unknown = null;

  /** `onAnswer` is told null of each page that came, or why it did not. */
  constructor(load: LoadPage, onAnswer: (error: unknown) => void) {
    this.#load = load;
    this.#onAnswer = onAnswer;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly version = (): number => this.#version;

  /** Undefined: it is not here yet. */
  at(place: number): Row | undefined {
    return this.#pages.get(Math.floor(place / pageRows))?.[place % pageRows];
  }

  /** Where a row is, of those that are here; -1: it is not. */
  placeOf(row: number): number {
    for (const [page, rows] of this.#pages) {
      const place = rows.findIndex((each) => each.row === row);
      if (place >= 0) return page * pageRows + place;
    }
    return -1;
  }

  /** The rows from `first` to before `last` are looked at now. */
  want(first: number, last: number): void {
    this.#wanted = { first, last };
    const wanted = this.#wantedPages();
    for (const [page, asked] of this.#loading) {
      if (wanted.has(page)) continue;
      asked.abort();
      this.#loading.delete(page);
    }
    clearTimeout(this.#timer);
    const pause = performance.now() - this.#lastAsked < restMs ? restMs : 0;
    if (pause === 0) this.#ask();
    else this.#timer = setTimeout(() => this.#ask(), pause);
  }

  /** Puts a row as it is now in the place of what it was. */
  put(row: Row): void {
    for (const [page, rows] of this.#pages) {
      const place = rows.findIndex((each) => each.row === row.row);
      if (place < 0) continue;
      this.#pages.set(page, rows.with(place, row));
      this.#tell();
      return;
    }
  }

  /** The rows from `first` to before `last`; those that are not here are asked for. */
  async read(first: number, last: number, signal: AbortSignal): Promise<Row[]> {
    const found = new Map<number, Row>();
    for (let place = first; place < last; ) {
      const here = this.at(place);
      const limit = Math.min(pageRows, last - place);
      const next = here === undefined ? (await this.#load({ offset: place, limit }, signal)).items : [here];
      if (next.length === 0) break;
      // An edited row stays where it was, while the server has others there already.
      for (const row of next) found.set(row.row, row);
      place += next.length;
    }
    return [...found.values()];
  }

  /** Rows were edited here: where others stand is asked for anew with the next page. */
  noteChange(): void {
    this.#isChanged = true;
  }

  /** Asks for everything anew; what is there stays until then. */
  reload(): void {
    this.#isChanged = false;
    this.error = null;
    this.#stale = new Set(this.#pages.keys());
    this.#stop();
    this.#ask();
    this.#tell();
  }

  /** Nobody looks any more, until somebody does again. */
  close(): void {
    clearTimeout(this.#timer);
    this.#stop();
  }

  /** Ends all that is being asked. */
  #stop(): void {
    for (const asked of this.#loading.values()) asked.abort();
    this.#loading.clear();
    this.#counting?.abort();
    this.#counting = null;
  }

  /** Asks until all rows are counted. */
  async #count(): Promise<void> {
    if (this.#counting !== null) return;
    const stop = new AbortController();
    this.#counting = stop;
    try {
      while (this.total === null) {
        const { total, counting } = await this.#load({ offset: 0, limit: 1 }, stop.signal);
        if (stop.signal.aborted) return;
        this.found = total ?? counting?.found ?? this.found;
        this.total = total ?? null;
        this.#tell();
      }
    } catch (error) {
      if (stop.signal.aborted) return;
      this.error = error;
      this.#onAnswer(error);
      this.#tell();
    } finally {
      if (this.#counting === stop) this.#counting = null;
    }
  }

  #wantedPages(): Set<number> {
    const pages = new Set<number>();
    const { first, last } = this.#wanted;
    for (let page = Math.floor(first / pageRows); page * pageRows < Math.max(last, 1); page++) {
      if (this.total === null || page === 0 || page * pageRows < this.total) pages.add(page);
    }
    return pages;
  }

  #ask(): void {
    this.#lastAsked = performance.now();
    const wanted = [...this.#wantedPages()];
    const missing = wanted.filter((page) => !this.#pages.has(page) && !this.#loading.has(page));
    if (missing.length > 0 && this.#isChanged) {
      this.#isChanged = false;
      this.#stale = new Set(this.#pages.keys());
    }
    for (const page of wanted) {
      if ((missing.includes(page) || this.#stale.has(page)) && !this.#loading.has(page)) void this.#fetch(page);
      const rows = this.#pages.get(page);
      if (rows === undefined) continue;
      this.#pages.delete(page);
      this.#pages.set(page, rows);
    }
  }

  async #fetch(page: number): Promise<void> {
    const stop = new AbortController();
    this.#loading.set(page, stop);
    try {
      const items: Row[] = [];
      for (let isWhole = false; !isWhole; ) {
        const place = { offset: page * pageRows + items.length, limit: pageRows - items.length };
        const found = await this.#load(place, stop.signal);
        if (stop.signal.aborted) return;
        items.push(...found.items);
        // Large rows come a few at a time.
        const isPending = found.counting?.isPending === true && items.length < pageRows;
        isWhole = !isPending && (found.next === null || found.items.length === 0 || items.length >= pageRows);
        this.#onAnswer(null);
        this.error = null;
        this.#take(page, { ...found, items: [...items] });
        if (!isWhole) this.#tell();
      }
    } catch (error) {
      if (stop.signal.aborted) return;
      this.error = error;
      this.#onAnswer(error);
    } finally {
      if (this.#loading.get(page) === stop) this.#loading.delete(page);
    }
    this.#tell();
  }

  #take(page: number, { items, counting, total = counting === undefined ? items.length : null }: Taken): void {
    // Rows of the previous list have other places now.
    if (this.total !== null && total !== this.total) this.#stale = new Set([...this.#pages.keys(), ...this.#stale]);
    this.total = total;
    this.found = total ?? Math.max(counting?.found ?? 0, items.length === 0 ? 0 : page * pageRows + items.length);
    if (total === null && counting?.isPending !== true) void this.#count();
    this.#stale.delete(page);
    this.#pages.delete(page);
    this.#pages.set(page, items);
    const wanted = this.#wantedPages();
    for (const kept of this.#pages.keys()) {
      if (this.#pages.size <= keptPages && !(this.#stale.has(kept) && !wanted.has(kept))) continue;
      if (wanted.has(kept)) continue;
      this.#pages.delete(kept);
      this.#stale.delete(kept);
    }
    if (this.#stale.size > 0) this.#ask();
  }

  #tell(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}
