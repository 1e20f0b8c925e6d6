/**
 * The statements that turn a range of staged rows into records: one for the rows that each become a record of their own,
 * one for an importer's own loader.
 */

import { SluiceError, told } from "../../core/errors.ts";
import { tableId } from "../connection/connect.ts";
import { withParts } from "../connection/parts.ts";
import { RowsLeftOut } from "../connection/row-errors.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { quotedName } from "../tables/target.ts";
import { nextRank } from "./even-owners.ts";
import { givenId, idSourceOf, type LeftOut, leftOutOf, noteLeftOut } from "./left-out.ts";
import {
  carriedFields,
  countInto,
  givenColumns,
  historyOf,
  idsOf,
  type LoadedChunk,
  lookupJoins,
  ownerValue,
  withDefault,
} from "./load-parts.ts";

/**
 * Creates a record for every row of the range that stands in no match: the common case, and the path that must be fast.
 * The plan counted on: a bitmap scan of the stage's block range index, an anti join with the few matched rows. Sorted, whatever
 * the join: records are numbered as the file has them.
 */
export async function createSingles(
  session: TargetSession,
  plan: Plan,
  chunk: LoadedChunk,
  range: Range,
): Promise<void> {
  const { job, importer, target } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const fields = carriedFields(plan);
  const given = givenColumns(plan);
  const rank = await nextRank(session, plan, chunk);
  const owner = ownerValue(plan, sql`${rank} + row_number() over (order by s.row_no) - 1`);
  const columns = [
    ...fields.map(({ column }) => column),
    ...given.map(({ column }) => column),
    ...(owner ? [owner.column] : []),
  ];
  const values = [...fields.map(withDefault), ...given.map(({ value }) => value), ...(owner ? [owner.value] : [])];
  const from = sql`
      from ${rows} s ${lookupJoins(plan)}
      where s.row_no >= ${range.from} and s.row_no < ${range.to} and s.row_no > 0
        and not exists (
          select from ${match} m where m.row_no = s.row_no and m.row_no >= ${range.from} and m.row_no < ${range.to}
        )`;
  if (target.mayLeaveOut) return createWatched(session, plan, { chunk, columns, values, from });
  const fresh = sql`
    insert into ${tableId(importer.target.table)} (${sql.join(columns.map((column) => sql.id(column)))})
    select ${sql.join(values)} ${from}
    order by s.row_no
    returning ${sql.id(importer.target.id)} as id`;
  const [{ created, ids }] = await session.tables.query<{ created: number; ids: string | null }>(sql`
    ${withParts([{ name: "fresh", query: fresh }, historyOf(plan, "history", "fresh", "imported")])}
    select count(*)::int as created, ${idsOf(plan, "fresh")} as ids from fresh
  `);
  await countInto(session, plan, chunk, { created }, ids);
}

/**
 * The same for a table that may leave rows out.
 *
 * @throws RowsLeftOut where it left out some, and does not tell which.
 */
async function createWatched(
  session: TargetSession,
  plan: Plan,
  {
    chunk,
    columns,
    values,
    from,
  }: { chunk: LoadedChunk; columns: readonly string[]; values: readonly Sql[]; from: Sql },
): Promise<void> {
  const { importer } = plan;
  const ids = idSourceOf(plan);
  const names = columns.map((column) => sql.id(column));
  const picked = values.map((value, k) => sql`, ${value} as ${sql.id(`value ${k}`)}`);
  const stored = values.map((_, k) => sql.id(`value ${k}`));
  if (ids !== null && !ids.isField) {
    names.push(sql.id(importer.target.id));
    stored.push(givenId);
  }
  const unknown =
    ids === null
      ? sql`(select count(*) from source) = 1`
      : sql`not exists (select from fresh f where f.id = s.${givenId})`;
  const source = sql`
    select s.row_no, s.row_offset, ${ids?.value ?? sql`null`} as ${givenId}${sql.join(picked, sql``)} ${from}
    -- Sequences count after the sort: ids follow the file's order.
    order by s.row_no`;
  const fresh = sql`
    insert into ${tableId(importer.target.table)} (${sql.join(names)}) ${ids?.overriding ?? sql``}
    select ${sql.join(stored)} from source order by row_no
    returning ${sql.id(importer.target.id)} as id`;
  const leftOut = sql`
    select s.row_no, s.row_offset from source s
    where (select count(*) from fresh) < (select count(*) from source) and ((select count(*) from source) = 1 or ${unknown})`;
  const [made] = await session.tables.query<{ sent: number; created: number; ids: string | null } & LeftOut>(sql`
    ${withParts([
      { name: "source", query: source, materialized: true },
      { name: "fresh", query: fresh },
      { name: "left_out", query: leftOut },
      historyOf(plan, "history", "fresh", "imported"),
    ])}
    select (select count(*) from source)::int as sent, (select count(*) from fresh)::int as created, ${idsOf(plan, "fresh")} as ids,
      ${leftOutOf()} from left_out l
  `);
  if (made.created + made.leftOut !== made.sent) throw new RowsLeftOut();
  const skipped = await noteLeftOut(session, plan, chunk, made);
  await countInto(session, plan, chunk, { created: made.created, skipped }, made.ids);
}

/** Hands the range to the importer's own statement, and counts what it says became of each row. */
export async function loadWithOwnStatement(
  session: TargetSession,
  plan: Plan,
  chunk: LoadedChunk,
  range: Range,
): Promise<void> {
  const { job, importer } = plan;
  if (importer.load === undefined) return;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const fields = carriedFields(plan);
  const context = Object.entries(importer.context ?? {}).map(
    ([name, { type }]) => sql`, ${job.context[name]}::${sql.raw(type ?? "text")} as ${sql.id(name)}`,
  );
  const rank = await nextRank(session, plan, chunk);
  const owner = ownerValue(plan, sql`${rank} + row_number() over (order by s.row_no) - 1`);
  const chunkRows = sql.id("pg_temp", "sluice_chunk");
  await session.query(sql`drop table if exists ${chunkRows}`);
  await session.query(sql`
    create temporary table sluice_chunk on commit drop as
    select s.row_no, case when m.action = 'u' then 'update' else 'create' end as action, m.record_id, ${owner?.value ?? sql`null::text`} as owner_id
      ${sql.join(
        fields.map(({ name, value }) => sql`, ${value} as ${sql.id(name)}`),
        sql``,
      )}${sql.join(context, sql``)}
    from ${rows} s left join ${match} m on m.row_no = s.row_no ${lookupJoins(plan)}
    where s.row_no > 0 and coalesce(m.root, s.row_no) >= ${range.from} and coalesce(m.root, s.row_no) < ${range.to}
      and (m.action is null or m.action in ('u', 'c'))
    order by s.row_no
  `);
  // The loader may mark in it what it likes.
  if (session.role !== null) await session.query(sql`grant all on ${chunkRows} to ${sql.id(session.role)}`);
  const statement = importer.load({
    rows: "pg_temp.sluice_chunk",
    target: quotedName(importer.target.table),
    jobId: job.id,
  });
  if (typeof statement !== "string") {
    throw new SluiceError(
      "invalid",
      told`The loader of the importer "${importer.name}" cannot run: ${told`\`load\` must return the text of a statement`}. Correct what \`load\` returns.`,
    );
  }
  const outcomes = await session.tables.query<{ row_no: number; outcome: string; record_id: unknown }>(
    sql.raw(statement),
  );
  const [{ expected }] = await session.query<{ expected: number }>(
    sql`select count(*)::int as expected from ${chunkRows}`,
  );
  const known = new Set(["created", "updated", "unchanged", "skipped"]);
  const isTold = outcomes.length === expected || (plan.target.mayLeaveOut && outcomes.length < expected);
  if (!isTold || outcomes.some(({ outcome }) => !known.has(outcome))) {
    throw new SluiceError(
      "invalid",
      told`The loader of the importer "${importer.name}" got ${expected} rows but reported on ${outcomes.length}. It must return row_no and outcome (created, updated, unchanged or skipped) for each row.`,
    );
  }
  const count = (outcome: string): number => outcomes.filter((each) => each.outcome === outcome).length;
  const counts = {
    created: count("created"),
    updated: count("updated"),
    unchanged: count("unchanged"),
    skipped: count("skipped"),
  };
  await countInto(session, plan, chunk, counts, null);
  if (outcomes.length < expected) await noteUntold(session, plan, chunk, outcomes);
  const created = outcomes.filter(
    ({ outcome, record_id }) => outcome === "created" && record_id !== null && record_id !== undefined,
  );
  await session.query(sql`
    update sluice.import_chunks set created_keys = created_keys || ${created.map(({ record_id }) => String(record_id))}::text[]
    where job_id = ${job.id} and chunk_no = ${chunk.no}
  `);
  await session.query(sql`drop table ${chunkRows}`);
}

/** The rows that the loader does not tell of, where the target's triggers may leave rows out. */
async function noteUntold(
  session: TargetSession,
  plan: Plan,
  chunk: LoadedChunk,
  outcomes: readonly { row_no: number }[],
): Promise<void> {
  const { rows } = stageTables(plan.job.id, plan.job.stageGeneration);
  const [untold] = await session.query<LeftOut>(sql`
    select ${leftOutOf()} from ${rows} l join pg_temp.sluice_chunk c on c.row_no = l.row_no
    where c.row_no <> all (${outcomes.map(({ row_no }) => row_no)}::integer[])
  `);
  const skipped = await noteLeftOut(session, plan, chunk, untold);
  await countInto(session, plan, chunk, { skipped }, null);
}
