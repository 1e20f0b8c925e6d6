/**
 * The foreign keys of other tables that point at a target: a record with rows behind one of them is not deleted, whatever
 * the key says should then happen, because those rows are other people's.
 */

import { tableId } from "../connection/connect.ts";
import type { Part } from "../connection/parts.ts";
import { isFetchedByList, listed } from "../connection/planning.ts";
import { type Sql, sql } from "../connection/session.ts";
import { areFetchedById } from "../match/records-by-list.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import { idOf } from "../tables/record-key.ts";
import { butForetold } from "./foretold-records.ts";
import type { Reference } from "./reference.ts";
import type { ChunkUndo, UndoPlan } from "./undo-plan.ts";

/** Of a record, what references compare: the keys that they point at, and where it points itself; as name → column. */
function keyColumns({ references }: UndoPlan): Map<string, string> {
  const keys = references.flatMap((reference) => reference.keys.map((name) => [`key ${name}`, name] as const));
  const pointers = references.flatMap(({ isSelf, columns }) =>
    isSelf ? columns.map((name) => [`points by ${name}`, name] as const) : [],
  );
  return new Map([...keys, ...pointers]);
}

/** They of a record `t`, as the end of a list of values. */
export function keysOf(plan: UndoPlan): Sql {
  return sql.join(
    [...keyColumns(plan).values()].map((name) => sql`, ${sql.id("t", name)}`),
    sql``,
  );
}

/** The columns of a table that has them, as the end of a list. */
export function keysTable(plan: UndoPlan): Sql {
  return sql.join(
    [...keyColumns(plan)].map(([name, column]) => {
      const type = plan.target.columns.get(column)?.type ?? "text";
      return sql`, ${sql.id(name)} ${sql.raw(type)}`;
    }),
    sql``,
  );
}
const keyOf = (name: string) => sql.id(`key ${name}`);
const pointerOf = (name: string) => sql.id(`points by ${name}`);

/**
 * A query of the rows `r` of a reference's table that refer to records of `from`, aliased `alias`. Where they are fetched by
 * list they stand alone behind a fence, so that no join makes the planner come by another index.
 */
function referring({ fetches, foretold }: ChunkUndo, reference: Reference, alias: string, from: Sql, select: Sql): Sql {
  const { columns, keys, quoted } = reference;
  // Who wrote a row last is a column of its own behind a fence.
  const isJudged = foretold?.tables.some(({ target }) => target.name === reference.table && target.showsWriters);
  const all = isJudged ? sql`l.*, l.xmin as "sluice writer"` : sql`*`;
  const same = columns.map((column, k) => sql`${sql.id("r", column)} = ${sql.id(alias, `key ${keys[k]}`)}`);
  const rows = fetches.references.has(reference)
    ? sql`(select ${all} from ${sql.raw(quoted)} l where ${listed(sql.id("l", columns[0]), sql`select ${keyOf(keys[0])} from ${from}`)} offset 0)`
    : isJudged
      ? sql`(select ${all} from ${sql.raw(quoted)} l)`
      : sql.raw(quoted);
  return sql`${select} from ${from} ${sql.id(alias)} join ${rows} r on ${sql.join(same, sql` and `)}`;
}

/**
 * Hands over which of the records in `sluice_found` rows of other tables refer to: a table of `id` and `by_table`, the first of these.
 * Each is asked as whoever sees all of its rows.
 */
export async function noteHeld(
  session: TargetSession,
  plan: ChunkUndo,
  references: readonly Reference[],
  where: (reference: Reference) => Sql,
): Promise<Sql> {
  const held = await handOver(session, "sluice_held", sql`id ${sql.raw(plan.idType)}, by_table text`);
  const found = sql.id("pg_temp", "sluice_found");
  for (const reference of references) {
    const asked = reference.seenBy === "connection" ? session : session.tables;
    await asked.query(sql`
      insert into ${held}
      select id, ${sql.lit(reference.table)}
      from (${referring(plan, reference, "f", found, sql`select distinct f.id`)} where true ${where(reference)}) r
      where not exists (select from ${held} h where h.id = r.id)
    `);
  }
  return held;
}

/**
 * Up to `blocked (id)`: of the records in the part `candidates`, those that records of the target hold that stay. Records of
 * the slice that hold on to one another may go together, unless one is held from outside. Needs `with recursive`.
 */
export function heldBySelf(plan: ChunkUndo, selves: readonly Reference[]): Part[] {
  if (selves.length === 0) return [];
  const id = idOf(plan, "r");
  const edges = selves.map(({ columns, keys }) => {
    const same = columns.map((column, k) => sql`c.${pointerOf(column)} = p.${keyOf(keys[k])}`);
    return sql`select c.id as child, p.id as parent from candidates c join candidates p on ${sql.join(same, sql` and `)} where c.id <> p.id`;
  });
  const fromOutside = selves.map(
    (self) => sql`
        ${referring(plan, self, "c", sql`candidates`, sql`select c.id`)}
          left join candidates also on also.id = ${id}
        where ${id} <> c.id and also.id is null ${butForetold(plan, self)}`,
  );
  return [
    { name: "edges", query: sql.join(edges, sql` union `), materialized: true },
    { name: "outside", query: sql.join(fromOutside, sql` union `), materialized: true },
    {
      name: "blocked",
      columns: ["id"],
      query: sql`
        select id from outside
        union
        select e.parent from blocked b join edges e on e.child = b.id`,
    },
  ];
}

/** What of an undo's reading goes by lists of keys, as the planner sees the tables now; the rest is joined as a whole. */
export async function fetchesOf(session: TargetSession, plan: UndoPlan): Promise<ChunkUndo["fetches"]> {
  const records = await areFetchedById(session, plan);
  const references = new Set<Reference>();
  for (const reference of plan.references) {
    if (!reference.indexed) continue;
    // Of the keys' type alone: whoever sees the rows need not see the target.
    const keys = sql`select null::${sql.raw(plan.target.columns.get(reference.keys[0])?.type ?? "text")}`;
    const rows = sql`select from ${sql.raw(reference.quoted)} r where ${listed(sql.id("r", reference.columns[0]), keys)}`;
    if (await isFetchedByList(reference.seenBy === "connection" ? session : session.tables, rows))
      references.add(reference);
  }
  return { records, versions: await areVersionsFetched(session, plan), references };
}

/** Whether the versions of a few things are fetched by the list of what they are versions of. */
async function areVersionsFetched(session: TargetSession, { importer, record }: UndoPlan): Promise<boolean> {
  const first = record?.versions?.of[0];
  if (first === undefined) return false;
  const table = tableId(importer.target.table);
  const keys = sql`select l.${sql.id(first)} from ${table} l`;
  return isFetchedByList(session.tables, sql`select from ${table} n where ${listed(sql.id("n", first), keys)}`);
}
