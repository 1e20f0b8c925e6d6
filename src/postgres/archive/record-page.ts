/**
 * One page of the records of an import as they are now: ids from what its chunks and rows keep, then the records that are still
 * there. Where many are gone, or do not fit a search, it looks through a bounded number of them.
 */

import type { ImportJob } from "../../core/import.ts";
import { type Importer, targetColumn } from "../../core/importer.ts";
import {
  type ImportedRecord,
  type RecordKey,
  type RecordPage,
  type RecordQuery,
  recordColumns,
  recordOutcomes,
} from "../../core/store/archive.ts";
import { charsOf, maxPageChars, nextStep } from "../connection/bounded-rows.ts";
import { type Database, tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { sameContext } from "../tables/context.ts";
import { runOf, sessionOn } from "../tables/on-target.ts";
import { readTarget } from "../tables/target.ts";
import { isRevealed } from "./revealed.ts";

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
  const find = await finder(database, job, importer, query);
  const page: RecordPage = { records: [], gone: 0, next: null };
  let gone = 0;
  let key = query.after;
  let chars = 0;
  let step = Math.min(firstIds, limit + 1);
  for (let looked = 0; looked < mostIds; ) {
    const block = await keptIds(database, job.id, key, step, query.outcome);
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
  after: RecordKey | undefined,
  count: number,
  only: RecordQuery["outcome"],
): Promise<KeptId[]> {
  for (const outcome of recordOutcomes) {
    if (only !== undefined && only !== outcome) continue;
    if (after?.outcome === "updated" && outcome === "created") continue;
    const { chunk, place } = after?.outcome === outcome ? after : { chunk: -1, place: 0 };
    const rows = await database.query<{ chunk: number; place: number; id: string }>(
      outcome === "created" ? createdIds(jobId, chunk, place, count) : updatedIds(jobId, place, count),
    );
    if (rows.length > 0) return rows.map(({ id, ...at }) => ({ id, key: { outcome, ...at } }));
  }
  return [];
}

/** Counted on: the primary key's order of the chunks, so that the limit is reached in the first ones. */
function createdIds(jobId: number, chunk: number, place: number, count: number): Sql {
  return sql`
    select c.chunk_no as chunk, s.skipped + i.place as place, i.id
    from sluice.import_chunks c
    cross join lateral (
      select case when c.chunk_no = ${chunk}::integer then ${place}::integer else 0 end as skipped,
        case when cardinality(c.created_keys) > 0 then c.created_keys else c.created_ids::text[] end as ids
    ) s
    cross join lateral unnest(s.ids[s.skipped + 1 : s.skipped + ${count}::integer]) with ordinality i (id, place)
    where c.job_id = ${jobId} and c.chunk_no >= ${chunk}::integer and c.done_at is not null
    order by c.chunk_no, i.place limit ${count}::integer
  `;
}

function updatedIds(jobId: number, row: number, count: number): Sql {
  return sql`
    select 0 as chunk, row_no as place, record_id as id from sluice.import_rows
    where job_id = ${jobId} and row_no > ${row}::integer and outcome = 'updated' and record_id is not null
    order by row_no limit ${count}::integer
  `;
}

/** Looks records up by their ids, in the order of these: those that are gone, and those that fit the search. */
async function finder(
  database: Database,
  job: ImportJob,
  importer: Importer,
  { search, revealed = { kind: "all" } }: RecordQuery,
): Promise<(ids: string[], outcome: RecordKey["outcome"]) => Promise<Found[]>> {
  const target = await readTarget(database, importer, null);
  const idColumn = importer.target.id;
  const idType = sql.raw(target.columns.get(idColumn)?.type ?? "text");
  const id = sql`t.${sql.id(idColumn)}`;
  const values = sql.join(
    recordColumns(importer).map((name, k) => {
      const column = k === 0 ? idColumn : targetColumn(importer, name);
      // A field of a loader's own may have no column here.
      return target.columns.has(column) ? sql`t.${sql.id(column)}::text` : sql`null::text`;
    }),
  );
  // What is not shown is not found either.
  const fits = (isShown: Sql): Sql =>
    search === undefined
      ? sql`true`
      : sql`${id} is null or (${isShown} and exists (
          select from unnest(array[${values}]) value where strpos(lower(value), lower(${search}::text)) > 0))`;
  const nothing = sql.join(recordColumns(importer).map((_, k) => (k === 0 ? sql`${id}::text` : sql`null::text`)));
  return (ids, outcome) => {
    const isShown = outcome === "created" ? sql`true` : isRevealed(importer, revealed);
    return sessionOn(database, runOf({ job, importer }), (session) =>
      session.tables.query<Found>(sql`
      select i.place::integer as place, ${id} is null as "isGone", not ${isShown} as "isHidden",
        case when ${isShown} then array[${values}] else array[${nothing}] end as values
      from unnest(${ids}::text[]::${idType}[]) with ordinality i (id, place)
      left join ${tableId(job.target)} t on ${id} = i.id ${sameContext({ job, importer })}
      where ${fits(isShown)} order by i.place
    `),
    );
  };
}
