/** The load of rows that share a record: merged as if they were applied one by one, in the order of the file. */
import { type Sql, sql, tableId } from "./connect.ts";
import { sameContext } from "./context.ts";
import {
  type Carried,
  carriedFields,
  countInto,
  givenColumns,
  historyOf,
  type LoadedChunk,
  lookupJoins,
  ownerValue,
  withDefault,
} from "./load-parts.ts";
import type { TargetSession } from "./on-target.ts";
import type { Plan, Range } from "./plan.ts";
import { stageTables } from "./stage.ts";

/** What a blank fills is not blank any more in a record that was made with its column's default. */
function startsFromDefault({ merge, fallback }: Carried): boolean {
  return merge === "fill" && fallback !== null;
}

/** Beside the field's merged value; no field can be called so. */
const firstOf = (name: string): string => `first ${name}`;
/** The record's xmin before the update; no field can be called so either. */
const xidBefore = sql.id("xid before");

/** What a row asks of each field that it may write: that its value (`m`) be other than the record's, or the group's, before (`b`). */
function wantsOf(plan: Plan): { name: string; wants: Sql }[] {
  return carriedFields(plan)
    .filter(({ merge }) => merge !== "never")
    .map((field) => {
      const { name, merge, isText } = field;
      const id = sql.id(name);
      if (merge === "clear")
        return { name, wants: sql`${withDefault({ ...field, value: sql`m.${id}` })} is distinct from b.${id}` };
      if (merge === "fill")
        return {
          name,
          wants: sql`(m.${id} is not null and ${isText ? sql`nullif(b.${id}, '')` : sql`b.${id}`} is null)`,
        };
      return { name, wants: sql`(m.${id} is not null and m.${id} is distinct from b.${id})` };
    });
}

/** The members of the range's groups, the groups' merged values, and what they are merged with. */
function groupParts(plan: Plan, range: Range, forUpdate: boolean): Sql {
  const { job, importer } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const fields = carriedFields(plan);
  const idOf = sql.id(importer.target.id);
  const owner = plan.job.assignment.mode === "column" ? sql`, l_owner_key.id as owner_id` : sql``;
  const members = fields.map(({ name, value }) => sql`, ${value} as ${sql.id(name)}`);
  const merged = fields.map(({ name, merge }) => {
    const id = sql.id(name);
    if (merge === "overwrite")
      return sql`, (array_agg(${id} order by row_no desc) filter (where ${id} is not null))[1] as ${id}`;
    if (merge === "fill") return sql`, (array_agg(${id} order by row_no) filter (where ${id} is not null))[1] as ${id}`;
    if (merge === "clear") return sql`, (array_agg(${id} order by row_no desc))[1] as ${id}`;
    return sql`, (array_agg(${id} order by row_no))[1] as ${id}`;
  });
  // A record that these rows make has the default from the first of them on: it is no blank for the rows after.
  const firsts = fields
    .filter(startsFromDefault)
    .map(({ name }) => sql`, (array_agg(${sql.id(name)} order by row_no))[1] as ${sql.id(firstOf(name))}`);
  const ownerMerged =
    plan.job.assignment.mode === "column" ? sql`, (array_agg(owner_id order by row_no))[1] as owner_id` : sql``;
  const current = fields.map(({ name, column }) => sql`, t.${sql.id(column)} as ${sql.id(name)}`);
  // Locked in the order of their ids, so that two chunks cannot wait for one another in a circle.
  // A view's records have none.
  const xid = plan.target.isTable ? sql`t.xmin::text::bigint` : sql`null::bigint`;
  const locked = sql`
    select t.${idOf} as id, ${xid} as ${xidBefore}${sql.join(current, sql``)} from ${tableId(importer.target.table)} t
    where t.${idOf} in (select record_id from merged where record_id is not null) ${sameContext(plan)}
    order by t.${idOf} ${forUpdate ? sql`for update` : sql``}`;
  const decided = fields.map((field) => {
    const { name, merge, isText } = field;
    const id = sql.id(name);
    const old = sql`o.${id}`;
    const fresh = sql`g.${id}`;
    const value = {
      overwrite: sql`coalesce(${fresh}, ${old})`,
      fill: isText ? sql`coalesce(nullif(${old}, ''), ${fresh}, ${old})` : sql`coalesce(${old}, ${fresh})`,
      clear: withDefault({ ...field, value: fresh }),
      never: old,
    }[merge];
    return sql`, ${old} as ${sql.id(`old_${name}`)}, ${value} as ${sql.id(`new_${name}`)}`;
  });
  const differs = fields.map(({ name }) => sql`${sql.id(`old_${name}`)} is distinct from ${sql.id(`new_${name}`)}`);
  const changes = (side: "old" | "new") =>
    sql.join(
      fields.map(
        ({ name, column }, k) =>
          sql`case when ${differs[k]} then jsonb_build_object(${sql.lit(column)}, ${sql.id(`${side}_${name}`)}) else '{}' end`,
      ),
      sql` || `,
    );
  const wants = wantsOf(plan).map((each) => each.wants);
  const names = fields.map(({ name }) => sql`, x.${sql.id(name)}`);
  const made = fields.map((field) => sql`, ${withDefault({ ...field, value: sql`x.${sql.id(field.name)}` })}`);
  return sql`
    with members as (
      select m.root, m.row_no, m.record_id, m.ambiguous, s.row_offset${owner}${sql.join(members, sql``)}
      from ${match} m join ${rows} s on s.row_no = m.row_no ${lookupJoins(plan)}
      where m.root >= ${range.from} and m.root < ${range.to} and m.action in ('u', 'c')
    ), merged as (
      select root, (array_agg(record_id))[1] as record_id${ownerMerged}${sql.join([...merged, ...firsts], sql``)} from members group by root
    ), locked as (${locked}), decided as (
      select g.root, o.id, o.${xidBefore}${sql.join(decided, sql``)} from merged g join locked o on o.id = g.record_id
    ), changed as (
      select *, ${changes("old")} as old_values, ${changes("new")} as new_values from decided where ${sql.join(differs, sql` or `)}
    ), base as (
      select g.root, x.id${sql.join(names, sql``)} from merged g join locked x on x.id = g.record_id
      union all
      select x.root, null${sql.join(made, sql``)} from members x
      where x.row_no = x.root and not exists (select from locked o where o.id = x.record_id)
    ), outcomes as (
      select m.row_no, m.root, m.row_offset, m.ambiguous, b.id, case
          when b.id is null and m.row_no = m.root then 'created'
          when (b.id is null or exists (select from changed c where c.root = m.root)) and (${wants.length === 0 ? sql`false` : sql.join(wants, sql` or `)}) then 'updated'
          else 'unchanged' end as outcome
      from members m join base b on b.root = m.root
    )`;
}

const outcomeCounts: Record<string, Sql> = {
  created: sql`(select count(*) from outcomes where outcome = 'created')`,
  updated: sql`(select count(*) from outcomes where outcome = 'updated')`,
  unchanged: sql`(select count(*) from outcomes where outcome = 'unchanged')`,
};

/**
 * Writes the groups whose first row lies in the range: rows that update a record, and rows that make one together. The
 * result is that of applying them one by one in the order of the file; what would change nothing is not written.
 */
export async function writeGroups(session: TargetSession, plan: Plan, chunk: LoadedChunk, range: Range): Promise<void> {
  const { job, importer } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const fields = carriedFields(plan);
  const given = givenColumns(plan);
  const singles = sql`(
    select count(*) from ${rows} s where s.row_no >= ${range.from} and s.row_no < ${range.to} and s.row_no > 0
      and not exists (select from ${match} m where m.row_no = s.row_no))`;
  const ranked = job.assignment.mode === "round-robin" ? singles : sql`0`;
  let owner = ownerValue(plan, sql`${chunk.rankBase} + ${ranked} + row_number() over (order by g.root) - 1`);
  if (owner !== null && job.assignment.mode === "column") {
    const type = sql.raw(plan.target.columns.get(owner.column)?.type ?? "text");
    owner = {
      column: owner.column,
      value: sql`coalesce(g.owner_id, ${job.assignment.fallback ?? null}::text)::${type}`,
    };
  }
  const columns = [
    ...fields.map(({ column }) => column),
    ...given.map(({ column }) => column),
    ...(owner ? [owner.column] : []),
  ];
  const values = [
    ...fields.map((field) =>
      withDefault({ ...field, value: sql`g.${sql.id(startsFromDefault(field) ? firstOf(field.name) : field.name)}` }),
    ),
    ...given.map(({ value }) => value),
    ...(owner ? [owner.value] : []),
  ];
  const id = sql.id(importer.target.id);
  const sets = fields.map(({ column, name }) => sql`${sql.id(column)} = c.${sql.id(`new_${name}`)}`);
  if (importer.target.updatedAt !== undefined) sets.push(sql`${sql.id(importer.target.updatedAt)} = now()`);
  await session.query(sql`
    ${groupParts(plan, range, true)}, updated as (
      update ${tableId(importer.target.table)} t set ${sql.join(sets)} from changed c where t.${id} = c.id ${sameContext(plan)} returning t.${id} as id
    ), fresh as (
      insert into ${tableId(importer.target.table)} (${sql.join(columns.map((column) => sql.id(column)))})
      select ${sql.join(values)} from merged g
      where not exists (select from locked o where o.id = g.record_id)
      order by g.root
      returning ${id} as id
    )
    ${historyOf(plan, "history_created", "fresh", "imported")}
    ${historyOf(plan, "history_updated", "changed", "updated")}
    , kept as (
      insert into sluice.import_rows (job_id, row_no, outcome, issues, row_offset, record_id, before, after, before_xid, chunk_no)
      select ${job.id}, o.row_no, 'updated', case when o.ambiguous then '[{"c": "match_ambiguous"}]'::jsonb end, o.row_offset, o.id::text,
        c.old_values, c.new_values, c.${xidBefore}, case when c.root is not null then ${chunk.no}::integer end
      from (
        select *, case when row_no = min(row_no) over (partition by root) then root end as first_of from outcomes where outcome = 'updated'
      ) o left join changed c on c.root = o.first_of
    ), warned as (
      insert into sluice.import_issue_counts (job_id, chunk_no, field, code, count)
      select ${job.id}, ${chunk.no}, '', 'match_ambiguous', count(*) from outcomes where ambiguous having count(*) > 0
      on conflict (job_id, chunk_no, field, code) do update set count = import_issue_counts.count + excluded.count
    )
    ${countInto(plan, chunk, outcomeCounts, "fresh")}
  `);
}

/** What writeGroups would count, without writing. */
export async function countGroups(
  session: TargetSession,
  plan: Plan,
  range: Range,
): Promise<{ created: number; updated: number; unchanged: number }> {
  const { created, updated, unchanged } = outcomeCounts;
  const [counts] = await session.query<{ created: number; updated: number; unchanged: number }>(sql`
    ${groupParts(plan, range, false)}
    select ${created} as created, ${updated} as updated, ${unchanged} as unchanged
  `);
  return counts;
}

/** What writeGroups would count and change, without writing. */
export interface ForeseenGroups {
  created: number;
  updated: number;
  unchanged: number;
  /** Field → rows that write it. */
  fields: Record<string, number>;
  /** The first records that would be changed, by their first row. */
  samples: { row: number; recordId: string; changes: { column: string; from: string | null; to: string | null }[] }[];
}

/** @param limit samples at most */
export async function foreseeGroups(
  session: TargetSession,
  plan: Plan,
  range: Range,
  limit: number,
): Promise<ForeseenGroups> {
  const { created, updated, unchanged } = outcomeCounts;
  const written = wantsOf(plan).map(
    ({ name, wants }) =>
      sql`(${sql.lit(name)}, ${wants} and (b.id is null or c.${sql.id(`old_${name}`)} is distinct from c.${sql.id(`new_${name}`)}))`,
  );
  const fields =
    written.length === 0
      ? sql`'{}'::jsonb`
      : sql`(
      select coalesce(jsonb_object_agg(name, rows), '{}') from (
        select f.name, count(*) as rows
        from outcomes o join members m on m.row_no = o.row_no join base b on b.root = o.root left join changed c on c.root = o.root
          cross join lateral (values ${sql.join(written)}) f (name, hit)
        where o.outcome = 'updated' and f.hit
        group by f.name
      ) w)`;
  const [foreseen] = await session.query<ForeseenGroups>(sql`
    ${groupParts(plan, range, false)}
    select ${created} as created, ${updated} as updated, ${unchanged} as unchanged, ${fields} as fields, (
      select coalesce(jsonb_agg(s.sample order by s.row_no), '[]') from (
        select f.row_no, jsonb_build_object('row', f.row_no, 'recordId', c.id::text, 'changes', (
            select jsonb_agg(jsonb_build_object('column', n.key, 'from', c.old_values ->> n.key, 'to', n.value) order by n.place)
            from jsonb_each_text(c.new_values) with ordinality n (key, value, place)
          )) as sample
        from changed c join (select root, min(row_no) as row_no from outcomes where outcome = 'updated' group by root) f on f.root = c.root
        order by f.row_no limit ${limit}
      ) s) as samples
  `);
  return foreseen;
}
