/** The records of an import as they are now, by the ids its chunks and rows keep; a few hundred at a time. */

import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import type { RecordQuery } from "../../core/store/archive.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { sameContext } from "../tables/context.ts";
import { runOf, transactionOn } from "../tables/on-target.ts";
import { hasId, recordsByIds } from "../tables/record-key.ts";
import { pageOfRecords } from "./record-page.ts";
import { isRevealed } from "./revealed.ts";
import { shownRecords } from "./shown-record.ts";

/** Records fetched at a time. */
const pageRecords = 500;

export async function* readRecords(
  database: Database,
  job: ImportJob,
  importer: Importer,
  { record, revealed = { kind: "all" } }: Pick<RecordQuery, "record" | "revealed"> = {},
): AsyncGenerator<(string | null)[][]> {
  if (record !== undefined) {
    yield* pagesOf(database, job, importer, { record, revealed, limit: pageRecords });
    return;
  }
  const shown = await shownRecords(database, job, importer, undefined);
  const read = async (ids: readonly string[], isShown: Sql): Promise<(string | null)[][]> => {
    const values = sql.join(
      shown.values.map((value, k) => (k === 0 ? value : sql`case when ${isShown} then ${value} end`)),
    );
    const rows = await transactionOn(
      database,
      runOf({ job, importer }),
      async ({ tables }) =>
        tables.query<{ values: (string | null)[] }>(sql`
      select array[${values}] as values
      from unnest(${[...ids]}::text[]::${shown.idType}[]) with ordinality as i (id, place)
        join ${await recordsByIds(tables, shown, ids)} on ${hasId(shown, sql`i.id`)} ${sameContext({ job, importer })}
      order by place
    `),
      { planning: "chunk" },
    );
    return rows.map((row) => row.values);
  };

  const chunks = await database.query<{ no: number; ids: number; keys: number }>(sql`
    select chunk_no as no, coalesce(cardinality(created_ids), 0) as ids, coalesce(cardinality(created_keys), 0) as keys
    from sluice.import_chunks where job_id = ${job.id} and done_at is not null order by chunk_no
  `);
  for (const { no, ids, keys } of chunks) {
    const kept = keys > 0 ? sql`created_keys` : sql`created_ids`;
    for (let from = 1; from <= Math.max(ids, keys); from += pageRecords) {
      const [{ slice }] = await database.query<{ slice: string[] }>(sql`
        select (${kept})[${sql.lit(from)}:${sql.lit(from + pageRecords - 1)}]::text[] as slice
        from sluice.import_chunks where job_id = ${job.id} and chunk_no = ${no}
      `);
      yield await read(slice, sql`true`);
    }
  }
  for (let after = 0; ; ) {
    const page = await database.query<{ row: number; id: string }>(sql`
      select row_no as row, record_id as id from sluice.import_rows
      where job_id = ${job.id} and row_no > ${after} and outcome = 'updated' and record_id is not null
      order by row_no limit ${pageRecords}
    `);
    if (page.length > 0)
      yield await read(
        page.map(({ id }) => id),
        isRevealed(importer, revealed),
      );
    if (page.length < pageRecords) return;
    after = page[page.length - 1].row;
  }
}

/** Of one that is not the main record. */
async function* pagesOf(
  database: Database,
  job: ImportJob,
  importer: Importer,
  query: RecordQuery,
): AsyncGenerator<(string | null)[][]> {
  for (let after: RecordQuery["after"]; ; ) {
    const page = await pageOfRecords(database, job, importer, { ...query, after });
    if (page.records.length > 0) yield page.records.map(({ values }) => values);
    if (page.next === null) return;
    after = page.next;
  }
}
