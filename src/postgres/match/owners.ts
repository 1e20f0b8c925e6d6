/** Owners in the table that the importer names: found, searched, and compared with what a file's column calls them. */
import type { Importer } from "../../core/importer.ts";
import type { Owner, OwnerQuery, Owners, UnknownOwners } from "../../core/owners.ts";
import { type Database, tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { StageLost, stageIsIntact, stageTables } from "../stage/stage.ts";
import { ownersInContext } from "../tables/context.ts";
import { openStage } from "../tables/hand-over.ts";
import { runOf, sessionOn, type TargetSession, transactionOn } from "../tables/on-target.ts";

/** A longer one is nobody's name: it is told with its beginning alone. */
const maxWordChars = 1000;

type Context = Readonly<Record<string, string>>;

export function postgresOwners(database: Database): Owners {
  return {
    find: (importer, names, whose) =>
      sessionOn(database, { importer, ...whose }, (session) => findOwners(session, importer, names, whose.context)),
    search: (importer, query, whose) =>
      sessionOn(database, { importer, ...whose }, (session) => searchOwners(session, importer, query, whose.context)),
    unknown: (job, importer, limit, signal) =>
      transactionOn(
        database,
        runOf({ job, importer }),
        async (session) => {
          if (!(await stageIsIntact(session, job.id, job.stageGeneration)))
            throw new StageLost(job.id, job.stageGeneration);
          await openStage(session, job);
          const { rows } = stageTables(job.id, job.stageGeneration);
          return unknownOwners(session, importer, { rows, context: job.context, limit });
        },
        { signal, workMemory: "64MB", planning: "whole" },
      ),
  };
}

async function findOwners(
  session: TargetSession,
  importer: Importer,
  names: readonly string[],
  context: Context,
): Promise<(string | null)[]> {
  const { assign } = importer;
  if (assign === undefined) return names.map(() => null);
  const id = sql.id("r", assign.id ?? "id");
  const ways = [assign.id ?? "id", ...assign.by].map(
    (column) => sql`(
      select min(${id}::text) from ${tableId(assign.table)} r
      where lower(r.${sql.id(column)}::text) = lower(w.name) ${ownersInContext(importer, context)})`,
  );
  const found = await session.tables.query<{ id: string | null }>(sql`
    select coalesce(${sql.join(ways)}) as id from unnest(${[...names]}::text[]) with ordinality as w (name, place) order by place
  `);
  return found.map((row) => row.id);
}

async function searchOwners(
  session: TargetSession,
  importer: Importer,
  { search = "", ids, limit }: OwnerQuery,
  context: Context,
): Promise<Owner[]> {
  const { assign } = importer;
  if (assign === undefined) return [];
  const id = sql`r.${sql.id(assign.id ?? "id")}::text`;
  const text = (column: string): Sql => sql`nullif(r.${sql.id(column)}::text, '')`;
  const isMail = (column: string): boolean => /mail/i.test(column);
  const mails = assign.by.filter(isMail).map(text);
  const called = [...assign.by.filter((column) => !isMail(column)).map(text), ...mails, id];
  const part = `%${search.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const ways = assign.by.map((column) => sql`r.${sql.id(column)}::text ilike ${part}`);
  const conditions = [
    ...(search !== "" && ways.length > 0 ? [sql`and (${sql.join(ways, sql` or `)})`] : []),
    ...(ids === undefined ? [] : [sql`and ${id} = any (${[...ids]}::text[])`]),
    ownersInContext(importer, context),
  ];
  return session.tables.query<Owner>(sql`
    select ${id} as id, coalesce(${sql.join(called)}) as name, ${mails.length === 0 ? sql`null::text` : sql`coalesce(${sql.join(mails)})`} as email
    from ${tableId(assign.table)} r where true ${sql.join(conditions, sql` `)}
    order by lower(coalesce(${sql.join(called)})), 1 limit ${limit}
  `);
}

/** Each different word is compared once: a hash aggregate over the stage, a hash join with the owners. */
async function unknownOwners(
  session: TargetSession,
  importer: Importer,
  { rows, context, limit }: { rows: Sql; context: Context; limit: number },
): Promise<UnknownOwners> {
  const { assign } = importer;
  const [{ blank }] = await session.query<{ blank: number }>(
    sql`select count(*)::int8 as blank from ${rows} where row_no > 0 and owner_key is null`,
  );
  if (assign === undefined) return { items: [], total: 0, blank };
  const known = assign.by.map(
    (column) =>
      sql`select lower(r.${sql.id(column)}::text) as word from ${tableId(assign.table)} r where true ${ownersInContext(importer, context)}`,
  );
  const found = await session.tables.query<{ value: string; rows: number; total: number }>(sql`
    with words as (
      select lower(s.owner_key) as word, (array_agg(left(s.owner_key, ${sql.lit(maxWordChars)}) order by s.row_no))[1] as value, count(*)::int8 as rows, min(s.row_no) as first
      from ${rows} s where s.row_no > 0 and s.owner_key is not null group by 1
    )
    select w.value, w.rows, (count(*) over ())::int8 as total
    from words w left join (${sql.join(known, sql` union `)}) k on k.word = w.word
    where k.word is null
    order by w.rows desc, w.first limit ${limit}
  `);
  return { items: found.map(({ value, rows: n }) => ({ value, rows: n })), total: found[0]?.total ?? 0, blank };
}
