/**
 * The rows of a filter that reads every cell, in the file's order: window by window as long as somebody waits for them, two windows at a
 * time. What is found is kept, so that a page comes as soon as its rows are found, and rows that are rare keep nobody waiting.
 */
import type { ImportJob } from "../../core/import.ts";
import type { RowFilter } from "../../core/store/archive.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { bothSources } from "../review/row-filter.ts";
import { entryOf, RowEntries } from "./row-entries.ts";

const firstWindow = 8192;
const largestWindow = 256 * 1024;
/** Windows are made as large as takes about this long. */
const windowMs = 150;
const atOnce = 2;

export class FoundRows {
  readonly entries = new RowEntries();
  /** Row numbers that are looked through. */
  through = 0;
  readonly last: number;
  #window = firstWindow;
  #step: Promise<void> | null = null;
  readonly #read: (from: number, to: number) => Promise<Buffer | null>;

  constructor(database: Database, job: ImportJob, columns: readonly StageColumn[], filter: RowFilter) {
    this.last = job.countedToRow;
    this.#read = async (from, to) => {
      const rows = await bothSources(database, job, columns, filter, {
        after: from,
        kept: (of) => sql`select r.row_no, null::tid as place ${of} and r.row_no > ${from} and r.row_no <= ${to}`,
        staged: (of) => sql`select s.row_no, s.ctid as place ${of} and s.row_no > ${from} and s.row_no <= ${to}`,
      });
      if (rows === null) return null;
      const [{ entries }] = await database.query<{ entries: Buffer | null }>(sql`
        select string_agg(${entryOf(sql`f.row_no`, sql`f.place`)}, ''::bytea order by f.row_no) as entries from (${rows}) f
      `);
      return entries;
    };
  }

  get isDone(): boolean {
    return this.through >= this.last;
  }

  /** Looks on until so many rows are found, all rows are through, or the time is over (of `performance.now`). */
  async until(rows: number, deadline: number): Promise<void> {
    while (!this.isDone && this.entries.length < rows && performance.now() < deadline) {
      this.#step ??= this.#look().finally(() => {
        this.#step = null;
      });
      await this.#step;
    }
  }

  async #look(): Promise<void> {
    const begunAt = performance.now();
    const window = this.#window;
    const windows: Promise<Buffer | null>[] = [];
    let to = this.through;
    for (let k = 0; k < atOnce && to < this.last; k++) {
      windows.push(this.#read(to, Math.min(to + window, this.last)));
      to = Math.min(to + window, this.last);
    }
    for (const found of await Promise.all(windows)) this.entries.add(found);
    this.through = to;
    const ms = Math.max(1, performance.now() - begunAt);
    this.#window = Math.round(Math.min(largestWindow, 4 * window, Math.max(firstWindow, (window * windowMs) / ms)));
  }
}
