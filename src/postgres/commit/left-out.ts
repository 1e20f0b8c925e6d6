/**
 * Rows that a table takes without an error and leaves out: a trigger returned null. An insert tells only of what it made, so
 * the records get their ids beforehand, and the rows whose id did not come back are known.
 */
import { targetColumn } from "../../core/importer.ts";
import { type Sql, sql } from "../connection/session.ts";
import type { Plan } from "../target/plan.ts";
import type { LoadedChunk } from "./load-parts.ts";
import { carriedFields, groupedFields } from "./load-parts.ts";

/** The column of a source's rows that holds the id given beforehand; no field can be called so. */
export const givenId = sql.id("given id");

/** The record's xmin before the update; no field can be called so either. */
export const xidBefore = sql.id("xid before");

/** How a record's id is known before it is made. */
export interface IdSource {
  value: Sql;
  /** Whether a field feeds it: then it is among the columns already. */
  isField: boolean;
  /** Before `select` or `values`, where an identity column is told its value. */
  overriding: Sql;
}

/** Null where only the database knows the id: then rows that are left out are found by halving. */
export function idSourceOf(plan: Plan): IdSource | null {
  const { importer, target } = plan;
  const { id } = importer.target;
  const column = target.columns.get(id);
  if (column === undefined) return null;
  const field = carriedFields(plan).find(({ name }) => targetColumn(importer, name) === id);
  const overriding = column.identitySequence === null ? sql`` : sql`overriding system value`;
  if (field !== undefined) return { value: field.value, isField: true, overriding: sql`` };
  if (!column.mayInsert) return null;
  if (column.identitySequence !== null)
    return { value: sql`nextval(${column.identitySequence}::regclass)`, isField: false, overriding };
  if (column.defaultExpression === null) return null;
  return { value: sql`(${sql.raw(column.defaultExpression)})`, isField: false, overriding };
}

/**
 * CTEs that list the rows of `leftOut (row_no, row_offset, record_id)` as skipped and count them; `ending` goes on from there.
 */
export function noteLeftOut(plan: Plan, chunk: LoadedChunk, leftOut: string): Sql {
  const { job } = plan;
  return sql`, left_out_rows as (
      insert into sluice.import_rows (job_id, row_no, outcome, issues, row_offset, record_id)
      select ${job.id}, row_no, 'skipped', '[{"c": "database_skipped"}]'::jsonb, row_offset, record_id from ${sql.id(leftOut)}
    ), left_out_counts as (
      insert into sluice.import_issue_counts (job_id, chunk_no, field, code, count)
      select ${job.id}, ${chunk.no}, '', 'database_skipped', count(*) from ${sql.id(leftOut)} having count(*) > 0
      on conflict (job_id, chunk_no, field, code) do update set count = import_issue_counts.count + excluded.count
    )`;
}

/**
 * CTEs for a table that may leave changes and rows out, and change what it takes: what it really wrote, what became of each row,
 * and the rows left out. Of records left out that several rows make together, none is listed: they are taken one by one.
 */
export function asWritten(plan: Plan, idsAreKnown: boolean): Sql {
  const fields = groupedFields(plan);
  const differs = fields.map(
    ({ name, compared }) =>
      sql`${compared(sql`c.${sql.id(`old_${name}`)}`)} is distinct from ${compared(sql`u.${sql.id(name)}`)}`,
  );
  const values = (value: (name: string) => Sql) =>
    sql.join(
      fields.map(
        ({ name, column, store }, k) =>
          sql`case when ${differs[k]} then jsonb_build_object(${sql.lit(column)}, ${store(value(name))}) else '{}' end`,
      ),
      sql` || `,
    );
  const unknown = idsAreKnown ? sql`f.id is null` : sql`(select count(*) from to_make) = 1`;
  const made = idsAreKnown ? sql`left join fresh f on f.id = t.${givenId}` : sql``;
  return sql`, written as (
      select c.root, c.id, c.${xidBefore}, ${values((name) => sql`c.${sql.id(`old_${name}`)}`)} as old_values, ${values((name) => sql`u.${sql.id(name)}`)} as new_values
      from changed c join updated u on u.id = c.id where ${sql.join(differs, sql` or `)}
    ), not_made as (
      select t.root from to_make t join members m on m.root = t.root ${made}
      where (select count(*) from fresh) < (select count(*) from to_make) and ((select count(*) from to_make) = 1 or ${unknown})
      group by t.root having count(*) = 1
    ), results as (
      select o.row_no, o.root, o.row_offset, o.ambiguous, o.id, case
          when o.id is null and n.root is not null then 'left_out'
          when o.outcome = 'updated' and o.id is not null and u.id is null then 'left_out'
          when o.outcome = 'updated' and o.id is not null and w.root is null then 'unchanged'
          else o.outcome end as outcome
      from outcomes o left join not_made n on n.root = o.root left join updated u on u.id = o.id left join written w on w.root = o.root
    ), left_out as (select row_no, row_offset, id::text as record_id from results where outcome = 'left_out')`;
}
