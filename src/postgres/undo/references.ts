/**
 * The foreign keys of other tables that point at a target: a record with rows behind one of them is not deleted, whatever
 * the key says should then happen, because those rows are other people's.
 */

import { tableId } from "../connection/connect.ts";
import { isFetchedByList, listed } from "../connection/planning.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { areFetchedById } from "../match/records-by-list.ts";
import type { Reference } from "./reference.ts";
import type { ChunkUndo, UndoPlan } from "./undo-plan.ts";

/** Of a record `t`, what references compare: the keys that they point at, and where it points itself. */
export function keysOf({ references }: UndoPlan): Sql {
  const keys = new Set(references.flatMap((reference) => reference.keys));
  const pointers = new Set(references.flatMap(({ isSelf, columns }) => (isSelf ? columns : [])));
  return sql.join(
    [
      ...[...keys].map((name) => sql`, ${sql.id("t", name)} as ${keyOf(name)}`),
      ...[...pointers].map((name) => sql`, ${sql.id("t", name)} as ${pointerOf(name)}`),
    ],
    sql``,
  );
}
const keyOf = (name: string) => sql.id(`key ${name}`);
const pointerOf = (name: string) => sql.id(`points by ${name}`);

/**
 * A query of the rows `r` of a reference's table that refer to records of the CTE `from`, aliased `alias`. Where they are fetched by
 * list they stand alone behind a fence, so that no join makes the planner come by another index.
 */
function referring({ fetches }: ChunkUndo, reference: Reference, alias: string, from: string, select: Sql): Sql {
  const { columns, keys, quoted } = reference;
  const same = columns.map((column, k) => sql`${sql.id("r", column)} = ${sql.id(alias, `key ${keys[k]}`)}`);
  const rows = fetches.references.has(reference)
    ? sql`(select * from ${sql.raw(quoted)} l where ${listed(sql.id("l", columns[0]), sql`select ${keyOf(keys[0])} from ${sql.id(from)}`)} offset 0)`
    : sql.raw(quoted);
  return sql`${select} from ${sql.id(from)} ${sql.id(alias)} join ${rows} r on ${sql.join(same, sql` and `)}`;
}

/** The CTE `held <k> (id)`: of the records in the CTE `found`, those that rows of the reference's table refer to. */
export function heldFrom(plan: ChunkUndo, reference: Reference, k: number, where: Sql): Sql {
  return sql`, ${sql.id(`held ${k}`)} as materialized (
      ${referring(plan, reference, "f", "found", sql`select distinct f.id`)} where true ${where}
    )`;
}

export function joinHeld(references: readonly Reference[]): Sql {
  const joins = references.map((_, k) => sql`left join ${sql.id(`held ${k}`)} on ${sql.id(`held ${k}`, "id")} = f.id`);
  return sql.join(joins, sql` `);
}

/**
 * The CTE `blocked (id)`: of the records in the CTE `candidates`, those that records of the target hold that stay. Records of
 * the slice that hold on to one another may go together, unless one is held from outside.
 */
export function heldBySelf(plan: ChunkUndo, selves: readonly Reference[]): Sql {
  if (selves.length === 0) return sql``;
  const id = sql.id("r", plan.importer.target.id);
  const edges = selves.map(({ columns, keys }) => {
    const same = columns.map((column, k) => sql`c.${pointerOf(column)} = p.${keyOf(keys[k])}`);
    return sql`select c.id as child, p.id as parent from candidates c join candidates p on ${sql.join(same, sql` and `)} where c.id <> p.id`;
  });
  const fromOutside = selves.map(
    (self) => sql`
        ${referring(plan, self, "c", "candidates", sql`select c.id`)}
          left join candidates also on also.id = ${id}
        where ${id} <> c.id and also.id is null`,
  );
  return sql`, edges as materialized (${sql.join(edges, sql` union `)}
    ), outside as materialized (${sql.join(fromOutside, sql` union `)}
    ), blocked (id) as (
      select id from outside
      union
      select e.parent from blocked b join edges e on e.child = b.id
    )`;
}

/** What of an undo's reading goes by lists of keys, as the planner sees the tables now; the rest is joined as a whole. */
export async function fetchesOf(session: Session, plan: UndoPlan): Promise<ChunkUndo["fetches"]> {
  const { importer } = plan;
  const target = tableId(importer.target.table);
  const records = await areFetchedById(session, plan);
  const references = new Set<Reference>();
  for (const reference of plan.references) {
    if (!reference.indexed) continue;
    const keys = sql`select l.${sql.id(reference.keys[0])} from ${target} l`;
    const rows = sql`select from ${sql.raw(reference.quoted)} r where ${listed(sql.id("r", reference.columns[0]), keys)}`;
    if (await isFetchedByList(session, rows)) references.add(reference);
  }
  return { records, references };
}
