/**
 * An importer's own loader: given a range of rows as a temporary table, it writes the records itself, by one statement that it returns
 * or by several that it runs, and tells what became of each row.
 */
import { SluiceError, type ToldValue, told } from "../../core/errors.ts";
import type { LoadChunk } from "../../core/importer.ts";
import { refuseTransactionControl } from "../connection/own-transaction.ts";
import { type Part, withParts } from "../connection/parts.ts";
import { type Sql, sql } from "../connection/session.ts";
import { lookupJoins } from "../match/staged-value.ts";
import { stageTables } from "../stage/stage.ts";
import { handOver, outcomeColumns } from "../tables/hand-over.ts";
import { loadDatabase, type TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { quotedName } from "../tables/target.ts";
import { nextRank } from "./even-owners.ts";
import { type LeftOut, leftOutOf, noteLeftOut } from "./left-out.ts";
import { carriedFields, countInto, historyOf, type LoadedChunk, ownerValue } from "./load-parts.ts";

/** What a loader may say became of a row. */
const known = ["created", "updated", "unchanged", "skipped"] as const;

/** The rows of the range, as the loader sees them, and the table that it fills. */
const chunkRows = sql.id("pg_temp", "sluice_chunk");

/** Has the range loaded, and counts what the loader says became of each row. */
export async function loadWithOwnCode(
  session: TargetSession,
  plan: Plan,
  chunk: LoadedChunk,
  range: Range,
): Promise<void> {
  const { job, importer } = plan;
  const load = plan.isForeseen === true ? importer.foresee : importer.load;
  if (load === undefined) return;
  await makeChunkRows(session, plan, chunk, range);
  const outcomes = await handOver(session, "sluice_outcomes", outcomeColumns);
  const given: LoadChunk = {
    rows: "pg_temp.sluice_chunk",
    outcomes: "pg_temp.sluice_outcomes",
    target: quotedName(importer.target.table),
    jobId: job.id,
  };
  const statement: unknown = await load(given, loadDatabase(session));
  if (typeof statement === "string") await loadWithOneStatement(session, plan, chunk, statement);
  else if (statement === undefined) await loadWithSeveral(session, plan, chunk, outcomes);
  else refuse(plan, told`\`load\` must return the text of a statement, or run its statements and return nothing`);
  await session.query(sql`drop table ${chunkRows}, ${outcomes}`);
}

function refuse({ importer }: Plan, what: ToldValue): never {
  throw new SluiceError(
    "invalid",
    told`The loader of the importer "${importer.name}" cannot run: ${what}. Correct what \`load\` returns.`,
  );
}

function refuseOutcomes({ importer }: Plan, expected: number, given: number): never {
  throw new SluiceError(
    "invalid",
    told`The loader of the importer "${importer.name}" got ${expected} {1:row|rows} but reported on ${given}. It must return row_no and outcome (created, updated, unchanged or skipped) for each row.`,
  );
}

async function makeChunkRows(session: TargetSession, plan: Plan, chunk: LoadedChunk, range: Range): Promise<void> {
  const { job, importer } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const fields = carriedFields(plan);
  const context = Object.entries(importer.context ?? {}).map(
    ([name, { type }]) => sql`, ${job.context[name]}::${sql.raw(type ?? "text")} as ${sql.id(name)}`,
  );
  const rank = await nextRank(session, plan, chunk);
  // Rows that update a record take nobody's turn.
  const turn = sql`row_number() over (partition by m.action is not distinct from 'u' order by s.row_no)`;
  const owner = ownerValue(plan, sql`${rank} + ${turn} - 1`);
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
}

/** Runs the loader's one statement, which returns the outcomes. */
async function loadWithOneStatement(
  session: TargetSession,
  plan: Plan,
  chunk: LoadedChunk,
  statement: string,
): Promise<void> {
  refuseTransactionControl(statement);
  const outcomes = await session.tables.query<{ row_no: number; outcome: string; record_id: unknown }>(
    sql.raw(statement),
  );
  const [{ expected }] = await session.query<{ expected: number }>(
    sql`select count(*)::int as expected from ${chunkRows}`,
  );
  const isTold = outcomes.length === expected || (plan.target.mayLeaveOut && outcomes.length < expected);
  if (!isTold || outcomes.some(({ outcome }) => !(known as readonly string[]).includes(outcome)))
    refuseOutcomes(plan, expected, outcomes.length);
  const counts = Object.fromEntries(
    known.map((name) => [name, outcomes.filter(({ outcome }) => outcome === name).length]),
  );
  await countInto(session, plan, chunk, counts, null);
  if (outcomes.length < expected)
    await noteUntold(session, plan, chunk, sql`${outcomes.map(({ row_no }) => row_no)}::integer[]`);
  const created = outcomes.filter(
    ({ outcome, record_id }) => outcome === "created" && record_id !== null && record_id !== undefined,
  );
  await session.query(sql`
    update sluice.import_chunks set created_keys = created_keys || ${created.map(({ record_id }) => String(record_id))}::text[]
    where job_id = ${plan.job.id} and chunk_no = ${chunk.no}
  `);
}

/**
 * Takes up what a loader of several statements has written into `outcomes`: counts, ids of created records, the values of updated
 * ones before and after, and the history.
 */
async function loadWithSeveral(session: TargetSession, plan: Plan, chunk: LoadedChunk, outcomes: Sql): Promise<void> {
  const { job, importer, target } = plan;
  const [told] = await session.query<
    Record<"expected" | "given" | "rows" | "wrong" | (typeof known)[number], number>
  >(sql`
    select (select count(*)::int from ${chunkRows}) as expected, count(*)::int as given,
      count(distinct o.row_no) filter (where exists (select from ${chunkRows} c where c.row_no = o.row_no))::int as rows,
      count(*) filter (where o.outcome is null or o.outcome <> all (${[...known]}::text[]))::int as wrong,
      ${sql.join(known.map((name) => sql`count(*) filter (where o.outcome = ${name})::int as ${sql.id(name)}`))}
    from ${outcomes} o
  `);
  const isWhole = told.rows === told.expected || (target.mayLeaveOut && told.rows < told.expected);
  if (told.wrong > 0 || told.given !== told.rows || !isWhole) refuseOutcomes(plan, told.expected, told.rows);
  const { created, updated, unchanged, skipped } = told;
  await countInto(session, plan, chunk, { created, updated, unchanged, skipped }, null);
  if (told.rows < told.expected) await noteUntold(session, plan, chunk, sql`array(select row_no from ${outcomes})`);
  const { rows } = stageTables(job.id, job.stageGeneration);
  await session.query(sql`
    update sluice.import_chunks set created_keys = created_keys || array(
      select record_id from ${outcomes} where outcome = 'created' and record_id is not null order by row_no
    ) where job_id = ${job.id} and chunk_no = ${chunk.no}
  `);
  await session.query(sql`
    insert into sluice.import_rows (job_id, row_no, outcome, row_offset, record_id, before, after, chunk_no)
    select ${job.id}, o.row_no, 'updated', s.row_offset, o.record_id, o.before, o.after, ${chunk.no}
    from ${outcomes} o join ${rows} s on s.row_no = o.row_no where o.outcome = 'updated'
  `);
  const id = sql.raw(target.columns.get(importer.target.id)?.type ?? "text");
  const ofOutcome = (outcome: "created" | "updated"): Part => ({
    name: outcome,
    query: sql`
      select record_id::${id} as id, before as old_values, after as new_values from ${outcomes}
      where outcome = ${outcome} and record_id is not null`,
  });
  if (importer.history === undefined || plan.isForeseen === true) return;
  await session.tables.query(sql`
    ${withParts([
      ofOutcome("created"),
      ofOutcome("updated"),
      historyOf(plan, "imported_history", "created", "imported"),
      historyOf(plan, "updated_history", "updated", "updated"),
    ])}
    select
  `);
}

/** The rows that the loader does not tell of, where the target's triggers may leave rows out. */
async function noteUntold(session: TargetSession, plan: Plan, chunk: LoadedChunk, told: Sql): Promise<void> {
  const { rows } = stageTables(plan.job.id, plan.job.stageGeneration);
  const [untold] = await session.query<LeftOut>(sql`
    select ${leftOutOf()} from ${rows} l join ${chunkRows} c on c.row_no = l.row_no where c.row_no <> all (${told})
  `);
  const skipped = await noteLeftOut(session, plan, chunk, untold);
  await countInto(session, plan, chunk, { skipped }, null);
}
