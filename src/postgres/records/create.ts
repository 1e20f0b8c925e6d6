/** The records that a range's rows make anew: those that `findRecord` has noted, or of rows whose main record is new, at once. */
import { type Part, withParts } from "../connection/parts.ts";
import { RowsLeftOut } from "../connection/row-errors.ts";
import { type Sql, sql } from "../connection/session.ts";
import { type IdSource, nextId } from "../tables/id-source.ts";
import { storedNew, withDefault } from "../tables/merge.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import { joinMade, madeFor, stagedMade, stagedName } from "./made-once.ts";
import { isKnownByKey, rowRelation } from "./row-source.ts";
import {
  hasNumberIds,
  isStaged,
  namesakesOf,
  type RecordsContext,
  tableOf,
  type WrittenRecord,
} from "./written-record.ts";

/** What an insert tells. */
export interface Created {
  created: number;
  /** Their ids, or keys, as the text of an array. */
  ids: string | null;
}

const givenId = sql.id("given id");

/**
 * Makes the records that are noted as missing; of several keys those of the first one that has any.
 *
 * @throws RowsLeftOut where the table leaves out one that others refer to.
 */
export async function createMissing(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
  missing: number,
): Promise<Created> {
  const { columns } = record;
  const made = madeFor(context, record, missing);
  const source = sql`
    select n.*, ${idBeforehand(record)} as ${givenId}${sql.join(
      made.map(({ name, value }) => sql`, ${value} as ${name}`),
      sql``,
    )}
    from (
      select w.*, row_number() over (order by w.first) as n from ${record.work} w
      where w.state = 'n' and w.alt = (select min(alt) from ${record.work} where state = 'n')
    ) n ${joinMade(context.plan, made, range)}
    order by n.first`;
  const values = columns.map((column) => ({ column: column.column, value: storedNew(column, sql`w`) }));
  return insert(session, record, {
    source,
    values: [...values, ...made.map(({ column, type, name }) => ({ column, value: sql`w.${name}::${sql.raw(type)}` }))],
    order: sql`first`,
    keepsKnown: record.isReferred,
  });
}

/**
 * Makes a record for every row whose main record it has made alone: there can be none yet that means the same.
 */
export function createFresh(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
): Promise<Created> {
  const { from, where } = rowRelation(context, record, range, "fresh");
  const staged = stagedMade(record);
  const source = sql`
    select s.row_no, ${idBeforehand(record)} as ${givenId}${sql.join(
      [
        ...record.columns.map(({ name, value, carry }) => sql`, ${carry(value)} as ${sql.id(name)}`),
        ...staged.map(({ name, value }) => sql`, ${value} as ${name}`),
      ],
      sql``,
    )} ${from} where ${where} order by s.row_no`;
  const values = record.columns.map((column) => ({
    column: column.column,
    value: withDefault({ value: column.store(sql.id("w", column.name)), fallback: column.fallback }),
  }));
  return insert(session, record, {
    source,
    values: [...values, ...staged.map(({ column, name }) => ({ column, value: sql`w.${name}` }))],
    order: sql`row_no`,
    keepsKnown: false,
  });
}

/** Whether rows whose main record is new need not be compared with the table, nor with one another. */
export function isFresh(context: RecordsContext, record: WrittenRecord): boolean {
  const { plan } = context;
  const { each, link, path, keys } = record.plan;
  return (
    record.isAfterMain &&
    context.main !== undefined &&
    !tableOf(plan, context.main.table).hasTriggers &&
    !record.isReferred &&
    each.length === 0 &&
    link === null &&
    path === null &&
    keys.length <= 1 &&
    (keys.length === 0 || (record.isKeyedByMain && namesakesOf(context, record).length === 0)) &&
    record.onCreate.every(({ column }) => isStaged(plan, stagedName(record.plan, column)))
  );
}

/** How its id is known before it is made; null where a column has it anyway, or nobody asks. */
function idSource(record: WrittenRecord): IdSource | null {
  const { plan, table, columns, onCreate } = record;
  if (!record.isReferred || plan.id === null) return null;
  const isFed = [...columns, ...onCreate].some(({ column }) => column === plan.id);
  return isFed ? null : nextId(table, plan.id);
}

function idBeforehand(record: WrittenRecord): Sql {
  return idSource(record)?.value ?? sql`null`;
}

async function insert(
  session: TargetSession,
  record: WrittenRecord,
  {
    source,
    values,
    order,
    keepsKnown,
  }: { source: Sql; values: { column: string; value: Sql }[]; order: Sql; keepsKnown: boolean },
): Promise<Created> {
  const { plan, given, now, identity } = record;
  const ids = idSource(record);
  // Whoever refers to them has to find all of them. Of others no second look is taken, which is a copy of all rows.
  const isWatched = record.isReferred;
  const filled = [...values, ...given, ...now.map((column) => ({ column, value: sql`now()` }))];
  if (plan.versions !== null) filled.push({ column: plan.versions.from, value: sql`now()` });
  if (ids !== null) filled.push({ column: identity[0].column, value: sql`w.${givenId}` });
  // They come in their order; who counts on it says so.
  const inOrder = isWatched && ids === null ? sql`order by w.${order}` : sql``;
  const fresh = sql`
    insert into ${record.tableName} (${sql.join(filled.map(({ column }) => sql.id(column)))}) ${ids?.overriding ?? sql``}
    select ${sql.join(filled.map(({ value }) => value))} from source w ${inOrder}
    returning ${sql.join(identity.map(({ column, name }) => sql`${sql.id(column)} as ${sql.id(name)}`))}`;
  const [made] = await session.tables.query<Created & { sent: number | null }>(sql`
    ${withParts([
      { name: "source", query: source, materialized: isWatched },
      { name: "fresh", query: fresh },
      keepsKnown ? knownPart(record, ids !== null) : null,
    ])}
    select ${isWatched ? sql`(select count(*) from source)::int` : sql`null`} as sent, count(*)::int as created, ${idsOf(record)} as ids from fresh
  `);
  if (isWatched && made.created !== made.sent) throw new RowsLeftOut();
  return made;
}

/** Whoever refers to the new records finds them by the same table as those that were there. */
function knownPart(record: WrittenRecord, idsAreKnown: boolean): Part {
  const { columns, identity, keys } = record;
  const isByKey = isKnownByKey(record);
  const names = isByKey ? keys[0].map(({ name }) => sql.id(name)) : [sql.id("row_no"), sql.id("ord")];
  const column = columns.find((each) => each.column === identity[0].column);
  const known = idsAreKnown
    ? sql`select w.${givenId}, ${sql.join(names.map((name) => sql`w.${name}`))} from source w`
    : column !== undefined
      ? sql`select ${storedNew(column, sql`w`)}, ${sql.join(names.map((name) => sql`w.${name}`))} from source w`
      : // Made in the order in which they were sent.
        sql`
        select f.${sql.id(identity[0].name)}, ${sql.join(names.map((name) => sql`w.${name}`))} from source w
          join (select *, row_number() over () as n from fresh) f on f.n = w.n`;
  return { name: "told", query: sql`insert into ${record.known} (id, ${sql.join(names)}) ${known}` };
}

/** Ids, or keys, as one text, which goes back to the server unread. */
export function idsOf(record: WrittenRecord, from: Sql = sql`fresh`): Sql {
  const { plan, identity } = record;
  const names = identity.map(({ name }) => sql.id(name));
  const id = plan.id === null ? sql`jsonb_build_array(${sql.join(names)})::text` : names[0];
  return sql`(select array_agg(${id}::${sql.raw(hasNumberIds(record) ? "bigint" : "text")})::text from ${from})`;
}
