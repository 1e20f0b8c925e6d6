/** The load of rows that share a record: merged as if they were applied one by one, in the order of the file. */
import { tableId } from "../connection/connect.ts";
import { type Part, withParts } from "../connection/parts.ts";
import { RowsLeftOut } from "../connection/row-errors.ts";
import { type Sql, sql } from "../connection/session.ts";
import { hasIdIn, isOfGroups, sizeOfGroups, stagedOfGroups } from "../match/records-by-list.ts";
import { lookupJoins } from "../match/staged-value.ts";
import { addIssueCounts } from "../stage/checkpoint.ts";
import { stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import { handOver } from "../tables/hand-over.ts";
import {
  carriedNew,
  carriedOrDefault,
  firstValue,
  isMutable,
  mergedValue,
  needsFirst,
  storedNew,
  wantsOther,
} from "../tables/merge.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { isMatched } from "../tables/records.ts";
import { changeTimes } from "../tables/set-columns.ts";
import { nextRank } from "./even-owners.ts";
import { asWritten, givenId, idSourceOf, type LeftOut, leftOutOf, noteLeftOut, xidBefore } from "./left-out.ts";
import {
  countInto,
  givenColumns,
  groupedFields,
  historyOf,
  idsOf,
  type LoadedChunk,
  ownerValue,
} from "./load-parts.ts";

/** What a row asks of each field that it may write: that its value (`m`) be other than the record's, or the group's, before (`b`). */
export function wantsOf(plan: Plan): { field: string; name: string; wants: Sql }[] {
  return groupedFields(plan)
    .filter(isMutable)
    .map((each) => {
      const { field, name } = each;
      return { field, name, wants: wantsOther(each, sql`m`, sql`b.${sql.id(name)}`) };
    });
}

/**
 * What becomes of the range's groups, as named queries: their `members`, the `merged` values of each group, the records that they
 * update (`locked`; `hidden`: those that a policy does not let be changed), what these come to (`decided`) and where that differs
 * (`changed`), what each row is compared with (`base`), and the `outcomes` of the rows. `size`: how many members there are. The joins
 * after them multiply estimates: from a wrong number on, the planner would cut a few rows into millions of hash batches.
 */
export function groupParts(
  plan: Plan,
  range: Range,
  { size, forUpdate, only = null }: { size: number; forUpdate: boolean; only?: Range | null },
): Part[] {
  const { job, importer } = plan;
  const { match } = stageTables(job.id, job.stageGeneration);
  const fields = groupedFields(plan);
  const idOf = sql.id(importer.target.id);
  const owner = plan.job.assignment.mode === "column" ? sql`, l_owner_key.id as owner_id` : sql``;
  const members = fields.map(({ name, value, carry }) => sql`, ${carry(value)} as ${sql.id(name)}`);
  const order = sql`row_no`;
  const merged = fields.map((field) => sql`, ${mergedValue(field, order)} as ${sql.id(field.name)}`);
  // A record that these rows make has the default from the first of them on: it is no blank for the rows after.
  const firsts = fields
    .filter(needsFirst)
    .map(({ name }) => sql`, ${firstValue(name, order)} as ${sql.id(`first ${name}`)}`);
  const ownerMerged =
    plan.job.assignment.mode === "column" ? sql`, (array_agg(owner_id order by row_no))[1] as owner_id` : sql``;
  const current = fields.map(({ name, column, carry }) => sql`, ${carry(sql`t.${sql.id(column)}`)} as ${sql.id(name)}`);
  // Locked in the order of their ids, so that two chunks cannot wait for one another in a circle.
  // A view's records have none.
  const xid = plan.target.showsWriters ? sql`t.xmin::text::bigint` : sql`null::bigint`;
  const locked = sql`
    select t.${idOf} as id, ${xid} as ${xidBefore}${sql.join(current, sql``)} from ${tableId(importer.target.table)} t
    where ${hasIdIn(plan, sql`select record_id from merged where record_id is not null`)} ${sameContext(plan)} ${isMatched(importer)}
    order by t.${idOf} ${forUpdate ? sql`for update` : sql``}`;
  // A record that a policy shows, but does not let be changed, is there all the same: it is not made again.
  const hidden = plan.target.hasPolicies
    ? sql`
    select t.${idOf} as id from ${tableId(importer.target.table)} t
    where ${hasIdIn(plan, sql`select record_id from merged where record_id is not null`)}
      and not exists (select from locked o where o.id = t.${idOf}) ${sameContext(plan)} ${isMatched(importer)}`
    : sql`select record_id as id from merged where false`;
  const isFirst = only === null ? sql`x.row_no = x.root` : sql`x.row_no = (select min(row_no) from members)`;
  const decided = fields.map((field) => {
    const { name } = field;
    const old = sql`o.${sql.id(name)}`;
    return sql`, ${old} as ${sql.id(`old_${name}`)}, ${carriedNew(field, old, sql`g`)} as ${sql.id(`new_${name}`)}`;
  });
  const differs = fields.map(
    ({ name, compared }) =>
      sql`${compared(sql`${sql.id(`old_${name}`)}`)} is distinct from ${compared(sql`${sql.id(`new_${name}`)}`)}`,
  );
  const changes = (side: "old" | "new") =>
    sql.join(
      fields.map(
        ({ name, column, told }, k) =>
          sql`case when ${differs[k]} then jsonb_build_object(${sql.lit(column)}, ${told(sql`${sql.id(`${side}_${name}`)}`)}) else '{}' end`,
      ),
      sql` || `,
    );
  const wants = wantsOf(plan).map((each) => each.wants);
  const names = fields.map(({ name }) => sql`, x.${sql.id(name)}`);
  const made = fields.map((field) => sql`, ${carriedOrDefault(field, sql`x.${sql.id(field.name)}`)}`);
  const isMaker = only === null ? sql`m.row_no = m.root` : sql`m.row_no = (select min(row_no) from members)`;
  return [
    {
      name: "members",
      query: sql`
        select m.root, m.row_no, m.record_id, m.ambiguous, s.row_offset${owner}${sql.join(members, sql``)}
        from ${match} m join ${stagedOfGroups(plan, range)} on s.row_no = m.row_no ${lookupJoins(plan)}
        where ${isOfGroups(plan, range, only)} limit ${size}`,
    },
    {
      name: "merged",
      query: sql`
        select root, (array_agg(record_id))[1] as record_id${ownerMerged}${sql.join([...merged, ...firsts], sql``)} from members group by root`,
    },
    { name: "locked", query: locked },
    { name: "hidden", query: hidden, materialized: true },
    {
      name: "decided",
      query: sql`
        select g.root, o.id, o.${xidBefore}${sql.join(decided, sql``)} from merged g join locked o on o.id = g.record_id`,
    },
    {
      name: "changed",
      query: sql`
        select *, ${changes("old")} as old_values, ${changes("new")} as new_values from decided where ${sql.join(differs, sql` or `)}`,
    },
    {
      name: "base",
      query: sql`
        select g.root, x.id${sql.join(names, sql``)} from merged g join locked x on x.id = g.record_id
        union all
        select x.root, null${sql.join(made, sql``)} from members x
        where ${isFirst} and not exists (select from locked o where o.id = x.record_id) and not exists (select from hidden h where h.id = x.record_id)`,
    },
    {
      name: "outcomes",
      query: sql`
        select m.row_no, m.root, m.row_offset, m.ambiguous, coalesce(b.id, h.id) as id, case
            when h.id is not null then 'left_out'
            when b.id is null and ${isMaker} then 'created'
            when (b.id is null or c.root is not null) and (${wants.length === 0 ? sql`false` : sql.join(wants, sql` or `)}) then 'updated'
            else 'unchanged' end as outcome
        from members m left join base b on b.root = m.root left join hidden h on h.id = m.record_id left join changed c on c.root = m.root`,
    },
  ];
}

export const outcomeCounts: Record<string, Sql> = {
  created: sql`(select count(*) from outcomes where outcome = 'created')`,
  updated: sql`(select count(*) from outcomes where outcome = 'updated')`,
  unchanged: sql`(select count(*) from outcomes where outcome = 'unchanged')`,
  skipped: sql`(select count(*) from outcomes where outcome = 'left_out')`,
};

/**
 * Writes the groups whose first row lies in the range: rows that update a record, and rows that make one together. The
 * result is that of applying them one by one in the order of the file; what would change nothing is not written. `only`: of the one
 * group in the range just these rows. Returns the id of a record that these made.
 *
 * @throws RowsLeftOut where the table left out records that several rows make together.
 */
export async function writeGroups(
  session: TargetSession,
  plan: Plan,
  chunk: LoadedChunk,
  range: Range,
  only: Range | null = null,
): Promise<string | null> {
  const { job, importer, target } = plan;
  const size = await sizeOfGroups(session, plan, range, only);
  if (size === 0) return null;
  const fields = groupedFields(plan);
  const given = givenColumns(plan);
  const rank = await nextRank(session, plan, chunk);
  let owner = ownerValue(plan, sql`${rank} + row_number() over (order by g.root) - 1`);
  if (owner !== null && job.assignment.mode === "column") {
    const type = sql.raw(target.columns.get(owner.column)?.castType ?? "text");
    owner = {
      column: owner.column,
      value: sql`coalesce(g.owner_id, ${job.assignment.fallback ?? null}::text)::${type}`,
    };
  }
  const columns = [
    ...fields.map(({ column }) => column),
    ...given.map(({ column }) => column),
    ...(owner ? [owner.column] : []),
  ].map((column) => sql.id(column));
  const values = [
    ...fields.map((field) => storedNew(field, sql`g`)),
    ...given.map(({ value }) => value),
    ...(owner ? [owner.value] : []),
  ];
  const id = sql.id(importer.target.id);
  const sets = fields.map(
    ({ column, name, store }) => sql`${sql.id(column)} = ${store(sql`c.${sql.id(`new_${name}`)}`)}`,
  );
  for (const column of changeTimes(importer)) sets.push(sql`${sql.id(column)} = now()`);
  for (const column of plan.records?.now ?? []) sets.push(sql`${sql.id(column)} = now()`);
  const ids = target.mayLeaveOut || plan.records !== undefined ? idSourceOf(plan) : null;
  const stored = values.map((_, k) => sql.id(`value ${k}`));
  if (ids !== null && !ids.isField) {
    columns.push(id);
    stored.push(givenId);
  }
  const idField = fields.find(({ column }) => column === importer.target.id);
  const idBeforehand =
    ids === null ? sql`null` : idField === undefined ? ids.value : idField.store(sql`g.${sql.id(idField.name)}`);
  const written = target.mayLeaveOut
    ? sql.join(
        fields.map(({ name, column, carry }) => sql`, ${carry(sql`t.${sql.id(column)}`)} as ${sql.id(name)}`),
        sql``,
      )
    : sql``;
  const updated = sql`
    update ${tableId(importer.target.table)} t set ${sql.join(sets)} from changed c
    where t.${id} = c.id ${plan.recordsByList ? sql`and ${hasIdIn(plan, sql`select id from changed`)}` : sql``} ${sameContext(plan)}
    returning t.${id} as id${written}`;
  const toMake = sql`
    select g.root, ${idBeforehand} as ${givenId}${sql.join(
      values.map((value, k) => sql`, ${value} as ${sql.id(`value ${k}`)}`),
      sql``,
    )} from merged g
    where not exists (select from locked o where o.id = g.record_id) and not exists (select from hidden h where h.id = g.record_id)
    order by g.root`;
  const fresh = sql`
    insert into ${tableId(importer.target.table)} (${sql.join(columns)}) ${ids?.overriding ?? sql``}
    select ${sql.join(stored)} from to_make order by root
    returning ${id} as id`;
  // Values are not handed over by the client: a chunk's may be larger than its memory.
  const updates = await handOver(session, "sluice_updates", updateColumns);
  const toldUpdates = sql`
    insert into ${updates}
    select o.row_no, o.row_offset, o.ambiguous, o.id::text, c.old_values, c.new_values, c.${xidBefore}
    from (
      select *, case when row_no = min(row_no) over (partition by root) then root end as first_of from results where outcome = 'updated'
    ) o left join written c on c.root = o.first_of`;
  const count = (outcome: string): Sql => sql`count(*) filter (where l.outcome = ${sql.lit(outcome)})::int`;
  const [made] = await session.tables.query<WrittenGroups>(sql`
    ${withParts([
      ...groupParts(plan, range, { size, forUpdate: true, only }),
      { name: "updated", query: updated },
      { name: "to_make", query: toMake, materialized: true },
      { name: "fresh", query: fresh },
      ...(target.mayLeaveOut ? asWritten(plan, ids !== null) : asAsked),
      writtenRows(plan, ids !== null),
      historyOf(plan, "history_created", "fresh", "imported"),
      historyOf(plan, "history_updated", "written", "updated"),
      { name: "told", query: toldUpdates },
    ])}
    select ${count("created")} as created, ${count("updated")} as updated, ${count("unchanged")} as unchanged,
      count(*) filter (where l.ambiguous)::int as ambiguous, ${leftOutOf(sql`l.id::text`, sql`l.outcome = 'left_out'`)},
      ${idsOf(plan, "fresh")} as ids, (select min(id::text) from fresh) as "newId",
      (select count(*) from to_make)::int - (select count(*) from fresh)::int
        - count(*) filter (where l.outcome = 'left_out' and l.id is null)::int as missing
    from results l
  `);
  if (made.missing !== 0) throw new RowsLeftOut();
  if (made.updated > 0)
    await session.query(sql`
      insert into sluice.import_rows (job_id, row_no, outcome, issues, row_offset, record_id, before, after, before_xid, chunk_no)
      select ${job.id}, row_no, 'updated', case when ambiguous then '[{"c": "match_ambiguous"}]'::jsonb end, row_offset, record_id,
        before, after, before_xid, case when before is not null then ${chunk.no}::integer end
      from ${updates}
    `);
  const { created, updated: changed, unchanged, ambiguous } = made;
  if (ambiguous > 0)
    await addIssueCounts(session, job.id, chunk.no, [{ field: null, code: "match_ambiguous", count: ambiguous }]);
  const skipped = await noteLeftOut(session, plan, chunk, made);
  await countInto(session, plan, chunk, { created, updated: changed, unchanged, skipped }, made.ids);
  return made.newId;
}

/** The part that notes which record each row belongs to; null where nobody asks. */
function writtenRows({ records }: Plan, idsAreKnown: boolean): Part | null {
  if (records === undefined) return null;
  const action = sql`case r.outcome when 'created' then 'c' when 'updated' then 'u' else '=' end::"char"`;
  const query = idsAreKnown
    ? sql`
      select r.row_no, coalesce(r.id, t.${givenId}), ${action} from results r left join to_make t on t.root = r.root`
    : // Made in the order in which they were sent.
      sql`
      select r.row_no, coalesce(r.id, f.id), ${action}
      from results r left join (select root, row_number() over (order by root) as n from to_make) t on t.root = r.root
        left join (select id, row_number() over () as n from fresh) f on f.n = t.n`;
  return {
    name: "written_rows",
    query: sql`insert into ${records.rows} (row_no, id, action) ${query} where r.outcome <> 'left_out'`,
  };
}

/** What the statement tells beside the updates, which it hands over. */
interface WrittenGroups extends LeftOut {
  created: number;
  updated: number;
  unchanged: number;
  ambiguous: number;
  ids: string | null;
  /** The least id of the new records. */
  newId: string | null;
  /** Records that were to be made and were not, beside those that are known to be left out. */
  missing: number;
}

/** The updates of rows; of several rows of a record, the first one's has its values. */
const updateColumns = sql`row_no integer, row_offset bigint, ambiguous boolean, record_id text, before jsonb, after jsonb, before_xid bigint`;

/** Where the table writes what it is asked to. */
const asAsked: Part[] = [
  { name: "results", query: sql`select * from outcomes` },
  { name: "written", query: sql`select * from changed` },
];
