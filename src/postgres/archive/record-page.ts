/**
 * One page of the records of an import as they are now: ids from what its chunks and rows keep, then the records that are still
 * there. Where many are gone, or do not fit a search, it looks through a bounded number of them.
 */

import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import {
  type ImportedRecord,
  type RecordKey,
  type RecordPage,
  type RecordQuery,
  recordOutcomes,
} from "../../core/store/archive.ts";
import { charsOf, maxPageChars, nextStep } from "../connection/bounded-rows.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { sameContext } from "../tables/context.ts";
import { runOf, transactionOn } from "../tables/on-target.ts";
import { idOf, hasId as isKnownBy, isThere, recordsByIds } from "../tables/record-key.ts";
import { isRevealed } from "./revealed.ts";
import { type ShownRecords, shownRecords } from "./shown-record.ts";

/** Ids looked through at first, since nobody knows how large records are; at a time, and in all for one page. */
const firstIds = 10;
const blockIds = 4096;
const mostIds = 5 * blockIds;

interface KeptId {
  key: RecordKey;
  id: string;
}
interface Found {
  /** From 1, in the block of ids. */
  place: number;
  isGone: boolean;
  isHidden: boolean;
  values: (string | null)[];
}

export async function pageOfRecords(
  database: Database,
  job: ImportJob,
  importer: Importer,
  query: RecordQuery,
): Promise<RecordPage> {
  const { limit } = query;
  const shown = await shownRecords(database, job, importer, query.record);
  const find = finder(database, job, shown, query);
  const page: RecordPage = { records: [], gone: 0, next: null };
  let gone = 0;
  let key = query.after;
  let chars = 0;
  let step = Math.min(firstIds, limit + 1);
  for (let looked = 0; looked < mostIds; ) {
    const block = await keptIds(database, job.id, shown.journal, key, step, query.outcome);
    if (block.length === 0) return { ...page, gone, next: null };
    const found = await find(
      block.map(({ id }) => id),
      block[0].key.outcome,
    );
    for (const { place, isGone, isHidden, values } of found) {
      const { key: at, id } = block[place - 1];
      if (isGone) gone++;
      // One more than asked for: there is a next page, behind the last one shown.
      else if (page.records.length === limit) return page;
      else {
        page.records.push({ id, outcome: at.outcome, values, isHidden } satisfies ImportedRecord);
        page.next = at;
        page.gone = gone;
        chars += charsOf(values);
      }
    }
    // Whether there are more the next page tells.
    if (chars >= maxPageChars) return page;
    key = block[block.length - 1].key;
    looked += block.length;
    // As many ids as it takes, if the next are like these.
    const share = (page.records.length + 1) / looked;
    const wanted = Math.ceil((limit + 1 - page.records.length) / share);
    step = Math.min(blockIds, wanted, nextStep(Math.max(step, firstIds), maxPageChars - chars, chars / looked));
  }
  // The one more was not found, so all that was looked through is told.
  return { ...page, gone, next: key ?? null };
}

/** The ids behind a key, the created ones first; fewer than asked for where one kind ends, none at the end. */
async function keptIds(
  database: Database,
  jobId: number,
  journal: string | null,
  after: RecordKey | undefined,
  count: number,
  only: RecordQuery["outcome"],
): Promise<KeptId[]> {
  for (const outcome of recordOutcomes) {
    if (only !== undefined && only !== outcome) continue;
    if (after?.outcome === "updated" && outcome === "created") continue;
    const { chunk, place } = after?.outcome === outcome ? after : { chunk: -1, place: 0 };
    const at = { chunk, place, count };
    const rows = await database.query<{ chunk: number; place: number; id: string }>(
      outcome === "created" ? createdIds(jobId, journal, at) : updatedIds(jobId, journal, at),
    );
    if (rows.length > 0) return rows.map(({ id, ...at }) => ({ id, key: { outcome, ...at } }));
  }
  return [];
}

interface Behind {
  chunk: number;
  place: number;
  count: number;
}

/** Counted on: the primary key's order of the chunks, so that the limit is reached in the first ones. */
function createdIds(jobId: number, journal: string | null, { chunk, place, count }: Behind): Sql {
  // A chunk's journal is there once it is done.
  const [table, those] =
    journal === null
      ? [sql`sluice.import_chunks`, sql`c.done_at is not null`]
      : [sql`sluice.import_record_chunks`, sql`c.record = ${journal}`];
  return sql`
    select c.chunk_no as chunk, s.skipped + i.place as place, i.id
    from ${table} c
    cross join lateral (
      select case when c.chunk_no = ${chunk}::integer then ${place}::integer else 0 end as skipped,
        case when cardinality(c.created_keys) > 0 then c.created_keys else c.created_ids::text[] end as ids
    ) s
    cross join lateral unnest(s.ids[s.skipped + 1 : s.skipped + ${count}::integer]) with ordinality i (id, place)
    where c.job_id = ${jobId} and c.chunk_no >= ${chunk}::integer and ${those}
    order by c.chunk_no, i.place limit ${count}::integer
  `;
}

function updatedIds(jobId: number, journal: string | null, { chunk, place: row, count }: Behind): Sql {
  if (journal !== null)
    return sql`
    select chunk_no as chunk, place, record_id as id from sluice.import_record_changes
    where job_id = ${jobId} and record = ${journal} and (chunk_no, place) > (${chunk}::integer, ${row}::integer) and action <> 'deleted'
    order by chunk_no, place limit ${count}::integer
  `;
  return sql`
    select 0 as chunk, row_no as place, record_id as id from sluice.import_rows
    where job_id = ${jobId} and row_no > ${row}::integer and outcome = 'updated' and record_id is not null
    order by row_no limit ${count}::integer
  `;
}

/** Looks records up by their ids, in the order of these: those that are gone, and those that fit the search. */
function finder(
  database: Database,
  job: ImportJob,
  shown: ShownRecords,
  { search, revealed = { kind: "all" } }: RecordQuery,
): (ids: string[], outcome: RecordKey["outcome"]) => Promise<Found[]> {
  const { importer } = shown;
  const id = idOf(shown);
  const isFound = isThere(shown);
  const values = sql.join(shown.values);
  // What is not shown is not found either.
  const fits = (isShown: Sql): Sql =>
    search === undefined
      ? sql`true`
      : sql`not (${isFound}) or (${isShown} and exists (
          select from unnest(array[${values}]) value where strpos(lower(value), lower(${search}::text)) > 0))`;
  // The id alone, where there is one.
  const hasId = shown.record === null || shown.record.key === null;
  const nothing = sql.join(shown.values.map((_, k) => (k === 0 && hasId ? sql`${id}::text` : sql`null::text`)));
  return (ids, outcome) => {
    const isShown = outcome === "created" ? sql`true` : isRevealed(importer, revealed);
    return transactionOn(
      database,
      runOf({ job, importer }),
      async ({ tables }) =>
        tables.query<Found>(sql`
      select i.place::integer as place, not (${isFound}) as "isGone", not ${isShown} as "isHidden",
        case when ${isShown} then array[${values}] else array[${nothing}] end as values
      from unnest(${ids}::text[]::${shown.idType}[]) with ordinality i (id, place)
      left join ${await recordsByIds(tables, shown, ids)} on ${isKnownBy(shown, sql`i.id`)} ${sameContext({ job, importer })}
      where ${fits(isShown)} order by i.place
    `),
      { planning: "chunk" },
    );
  };
}
