/**
 * Which records a file names: those that its rows match, or would if they were valid. A row that is invalid, and whose keys name no
 * record as they stand, may name any.
 */
import { placeOfField } from "../../core/import.ts";
import { keyColumn } from "../../core/importer.ts";
import { type Sql, sql } from "../connection/session.ts";
import { isFilled, isSameKey, type MatchKey } from "../match/match-keys.ts";
import { asTheyStand } from "../match/match-table.ts";
import { handOverMade } from "../match/own-records.ts";
import { isSameByStronger } from "../match/strength.ts";
import { stageTables } from "../stage/stage.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { namingPlan } from "./removal-scope.ts";

export interface NamedRecords {
  /** Hands over the named ones among the records `t` of a table in a scope: `id`, and of a replace each row that names it as `row_no`. */
  namedIn(table: Sql, scope: Sql): Promise<Sql>;
  /** The condition that this import has made a record `t`. */
  isMade: Sql;
  /** Counts the invalid rows of which nobody can tell what they name, among the records `t` of a table in a scope. */
  unknownRows(table: Sql, scope: Sql): Promise<number>;
}

/** Null where nothing recognises a record. */
export async function namedRecords(session: TargetSession, plan: Plan): Promise<NamedRecords | null> {
  const naming = namingPlan(plan);
  const { keys } = naming;
  if (keys.length === 0) return null;
  const { job, importer } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const id = sql.id("t", importer.target.id);
  const { valueOf } = asTheyStand(naming.plan);
  const unread = await handOverUnread(session, plan, keys);
  const made = await handOverMade(session, plan);
  const isMade = sql`exists (select from ${made} made where made.id = ${id})`;
  const isNaming = (key: MatchKey, k: number): Sql => sql`
    s.row_no > 0 and ${isFilled(key)} and ${isSameKey(naming.plan, key)} and ${isSameByStronger(naming.plan, keys.slice(0, k), valueOf)}`;
  // What a mirror leaves alone a replace deletes: there only a row that goes in makes the record again.
  const ways =
    job.mode === "mirror"
      ? [
          sql`exists (select from ${match} m where m.record_id = ${id})`,
          ...keys.map((key, k) => sql`exists (select from ${rows} s where ${isNaming(key, k)})`),
          ...keys.map((key, k) => sql`exists (select from ${unread} u where ${isUnread(plan, key, k)})`),
          isMade,
        ].map(
          (way) => (table: Sql, scope: Sql) =>
            sql`select ${id}, null::integer from ${table} t where ${scope} and ${way}`,
        )
      : keys.map(
          (key, k) => (table: Sql, scope: Sql) =>
            sql`
            select ${id}, s.row_no from ${table} t join ${rows} s on ${isNaming(key, k)}
            where ${scope} and not exists (select from ${match} m where m.row_no = s.row_no and m.action = 'i')`,
        );
  return {
    isMade,
    async namedIn(table, scope) {
      const idType = sql.raw(plan.target.columns.get(importer.target.id)?.type ?? "text");
      const names = await handOver(session, "sluice_named", sql`id ${idType}, row_no integer`);
      // Each way is a join of its own, by hash: in one condition they would be asked for every record, one after the other.
      const found = ways.map((way) => way(table, scope));
      await session.tables.query(sql`insert into ${names} ${sql.join(found, sql` union `)}`);
      await session.query(sql`analyze ${names}`);
      return names;
    },
    async unknownRows(table, scope) {
      const known = keys.map(
        (key, k) => sql`select u.row_no from ${unread} u join ${table} t on ${isUnread(plan, key, k)} where ${scope}`,
      );
      const [{ unknown }] = await session.tables.query<{ unknown: number }>(sql`
        select count(distinct u.row_no)::int as unknown from ${unread} u
        where u.row_no not in (${sql.join(known, sql` union all `)})
      `);
      return unknown;
    },
  };
}

/** Hands over the keys of rows that were not staged, as their cells have them: `row_no`, `key` and `parts`; -1 for every row. */
async function handOverUnread(
  session: TargetSession,
  { job }: Pick<Plan, "job">,
  keys: readonly MatchKey[],
): Promise<Sql> {
  const unread = await handOver(session, "sluice_unread", sql`row_no integer, key integer, parts text[]`);
  const { rows } = stageTables(job.id, job.stageGeneration);
  const cell = (field: string): Sql =>
    sql`lower(btrim(r.cells[${sql.lit((placeOfField(job.mapping, field) ?? -1) + 1)}]))`;
  const ofKeys = keys.map(
    (key, k) => sql`
      select r.row_no, ${sql.lit(k)}, array[${sql.join(key.map(cell))}] from invalid r
      where ${sql.join(
        key.map((field) => sql`${cell(field)} <> ''`),
        sql` and `,
      )}`,
  );
  await session.query(sql`
    with invalid as materialized (
      select r.row_no, r.cells from sluice.import_rows r
      where r.job_id = ${job.id} and r.outcome = 'invalid' and not exists (select from ${rows} s where s.row_no = r.row_no)
    )
    insert into ${unread}
    select row_no, -1, null::text[] from invalid
    union all
    ${sql.join(ofKeys, sql` union all `)}
  `);
  return unread;
}

function isUnread({ importer }: Plan, key: MatchKey, k: number): Sql {
  const parts = key.map((field) => sql`lower(${sql.id("t", keyColumn(importer, field))}::text)`);
  return sql`u.key = ${sql.lit(k)} and u.parts = array[${sql.join(parts)}]`;
}
