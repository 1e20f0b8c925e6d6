/**
 * Rows that a table takes without an error and leaves out: a trigger returned null. An insert tells only of what it made, so
 * the records get their ids beforehand, and the rows whose id did not come back are known.
 */
import type { Part } from "../connection/parts.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { addIssueCounts } from "../stage/checkpoint.ts";
import { type IdSource, nextId } from "../tables/id-source.ts";
import type { Plan } from "../tables/plan.ts";
import type { LoadedChunk } from "./load-parts.ts";
import { carriedFields, groupedFields } from "./load-parts.ts";

/** The column of a source's rows that holds the id given beforehand; no field can be called so. */
export const givenId = sql.id("given id");

/** The record's xmin before the update; no field can be called so either. */
export const xidBefore = sql.id("xid before");

/** Null where only the database knows the id: then rows that are left out are found by halving. */
export function idSourceOf(plan: Plan): IdSource | null {
  const { importer, target } = plan;
  const { id } = importer.target;
  if (!target.columns.has(id)) return null;
  const field = carriedFields(plan).find(({ column }) => column === id);
  return field === undefined ? nextId(target, id) : { value: field.value, isField: true, overriding: sql`` };
}

/** Rows of a range that the table left out, as texts of arrays. */
export interface LeftOut {
  leftOut: number;
  rows: string | null;
  offsets: string | null;
  records: string | null;
}

/** What a statement tells `noteLeftOut` of rows `l (row_no, row_offset)`: of those that `where` holds for, each with its `record`. */
export function leftOutOf(record: Sql = sql`null::text`, where: Sql = sql`l.row_no is not null`): Sql {
  const list = (value: Sql): Sql => sql`(array_agg(${value}) filter (where ${where}))::text`;
  return sql`count(*) filter (where ${where})::int as "leftOut", ${list(sql`l.row_no`)} as rows, ${list(sql`l.row_offset`)} as offsets,
      ${list(record)} as records`;
}

/** Lists the rows as skipped. Returns how many there are; counting them is the caller's. */
export async function noteLeftOut(session: Session, plan: Plan, chunk: LoadedChunk, left: LeftOut): Promise<number> {
  if (left.leftOut === 0) return 0;
  await session.query(sql`
    insert into sluice.import_rows (job_id, row_no, outcome, issues, row_offset, record_id)
    select ${plan.job.id}, l.row_no, 'skipped', '[{"c": "database_skipped"}]', l.row_offset, l.record_id
    from unnest(${left.rows}::text::integer[], ${left.offsets}::text::bigint[], ${left.records}::text::text[]) l (row_no, row_offset, record_id)
  `);
  await addIssueCounts(session, plan.job.id, chunk.no, [
    { field: null, code: "database_skipped", count: left.leftOut },
  ]);
  return left.leftOut;
}

/**
 * For a table that may leave changes and rows out, and change what it takes: what it really wrote, what became of each row,
 * and the rows left out. Of records left out that several rows make together, none is listed: they are taken one by one.
 */
export function asWritten(plan: Plan, idsAreKnown: boolean): Part[] {
  const fields = groupedFields(plan);
  const differs = fields.map(
    ({ name, compared }) =>
      sql`${compared(sql`c.${sql.id(`old_${name}`)}`)} is distinct from ${compared(sql`u.${sql.id(name)}`)}`,
  );
  const values = (value: (name: string) => Sql) =>
    sql.join(
      fields.map(
        ({ name, column, told }, k) =>
          sql`case when ${differs[k]} then jsonb_build_object(${sql.lit(column)}, ${told(value(name))}) else '{}' end`,
      ),
      sql` || `,
    );
  const unknown = idsAreKnown ? sql`f.id is null` : sql`(select count(*) from to_make) = 1`;
  const made = idsAreKnown ? sql`left join fresh f on f.id = t.${givenId}` : sql``;
  const written = sql`
    select c.root, c.id, c.${xidBefore}, ${values((name) => sql`c.${sql.id(`old_${name}`)}`)} as old_values, ${values((name) => sql`u.${sql.id(name)}`)} as new_values
    from changed c join updated u on u.id = c.id where ${sql.join(differs, sql` or `)}`;
  const notMade = sql`
    select t.root from to_make t join members m on m.root = t.root ${made}
    where (select count(*) from fresh) < (select count(*) from to_make) and ((select count(*) from to_make) = 1 or ${unknown})
    group by t.root having count(*) = 1`;
  const results = sql`
    select o.row_no, o.root, o.row_offset, o.ambiguous, o.id, case
        when o.id is null and n.root is not null then 'left_out'
        when o.outcome = 'updated' and o.id is not null and u.id is null then 'left_out'
        when o.outcome = 'updated' and o.id is not null and w.root is null then 'unchanged'
        else o.outcome end as outcome
    from outcomes o left join not_made n on n.root = o.root left join updated u on u.id = o.id left join written w on w.root = o.root`;
  return [
    { name: "written", query: written },
    { name: "not_made", query: notMade },
    { name: "results", query: results },
  ];
}
