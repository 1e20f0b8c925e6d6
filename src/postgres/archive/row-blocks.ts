/**
 * Where the k-th row of a filter stands, so that a page deep in a list costs no more than the first: how many rows the filter finds in
 * each block of row numbers.
 */
import type { ImportJob } from "../../core/import.ts";
import type { RowFilter } from "../../core/store/archive.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { bothSources } from "../review/row-filter.ts";

/** Row numbers of one block: what is read too much for a page is less. A power of two. */
const blockBits = 8;

export class RowBlocks {
  /** Numbers of the blocks that hold rows, ascending. */
  readonly #numbers: number[] = [];
  /** How many rows stand before each. */
  readonly #before: number[] = [];
  total = 0;

  constructor(found: readonly { block: number; rows: number }[]) {
    for (const { block, rows } of found) {
      this.#numbers.push(block);
      this.#before.push(this.total);
      this.total += rows;
    }
  }

  /** The row at an offset is `skip` rows after the row number `after`; null: there is none. */
  placeOf(offset: number): { after: number; skip: number } | null {
    if (offset >= this.total) return null;
    let low = 0;
    for (let high = this.#numbers.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.#before[middle] <= offset) low = middle + 1;
      else high = middle;
    }
    return { after: (this.#numbers[low - 1] << blockBits) - 1, skip: offset - this.#before[low - 1] };
  }
}

export async function countBlocks(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
): Promise<RowBlocks> {
  const rows = await bothSources(database, job, columns, filter, {
    kept: (of) => sql`select r.row_no >> ${sql.lit(blockBits)} as block, count(*) as rows ${of} group by 1`,
    staged: (of) => sql`select s.row_no >> ${sql.lit(blockBits)} as block, count(*) as rows ${of} group by 1`,
  });
  if (rows === null) return new RowBlocks([]);
  return new RowBlocks(
    await database.query<{ block: number; rows: number }>(sql`
      select block, sum(rows)::int as rows from (${rows}) b group by 1 order by 1
    `),
  );
}
