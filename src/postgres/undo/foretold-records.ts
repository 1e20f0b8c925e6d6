/**
 * What an undo that is only foretold must look past: in truth children go before their parents, so that rows which will be gone, or
 * refer to others again, keep nothing. Those are the ones that the import wrote last, but for the few that stay.
 */
import { ownWriters } from "../commit/record-writers.ts";
import { type Sql, sql } from "../connection/session.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import { idOf } from "../tables/record-key.ts";
import type { Reference } from "./reference.ts";
import type { Foretold, UndoPlan } from "./undo-plan.ts";
import type { TablePlan } from "./undone-record.ts";

/** Tables for one transaction, in which all of an undo is foretold. */
export async function foretellRecords(session: TargetSession, tables: readonly UndoPlan[]): Promise<Foretold> {
  const columns = sql`of_table text, id text`;
  return {
    staying: await handOver(session, "sluice_staying", columns),
    yielding: await handOver(session, "sluice_yielding", columns),
    returning: await handOver(session, "sluice_returning", columns),
    tables,
  };
}

/**
 * The condition that a row `alias` of one of the import's tables, with its xmin as `"sluice writer"`, stays: nothing in a real undo. Where
 * records show no writer, those go that have been judged so: what refers to others is judged before them.
 */
export function butGoing({ foretold }: { foretold?: Foretold }, plan: TablePlan, alias: string): Sql {
  if (foretold === undefined) return sql``;
  const named = (table: Sql): Sql =>
    sql`exists (select from ${table} s where s.of_table = ${sql.lit(plan.target.name)} and s.id = ${idOf(plan, alias)}::text)`;
  if (!plan.target.showsWriters) return sql`and not ${named(foretold.yielding)}`;
  return sql`and not (
    ${named(foretold.yielding)}
    or (${sql.id(alias, "sluice writer")} in (select o.xid from ${ownWriters} o) and not ${named(foretold.staying)}))`;
}

/** The same of the rows `r` of a reference's table; those of tables that the import does not write to all stay. */
export function butForetold({ foretold }: { foretold?: Foretold }, { table }: Pick<Reference, "table">): Sql {
  const plan = foretold?.tables.find(({ target }) => target.name === table);
  return plan === undefined ? sql`` : butGoing({ foretold }, plan, "r");
}

/** The condition that a record known by `id`, which a later chunk has deleted, will be there again: nothing in a real undo. */
export function comesBack({ foretold, target }: { foretold?: Foretold } & Pick<TablePlan, "target">, id: Sql): Sql {
  if (foretold === undefined) return sql`false`;
  return sql`exists (select from ${foretold.returning} s where s.of_table = ${sql.lit(target.name)} and s.id = ${id}::text)`;
}

/** The condition that others have written a record `j` last, as far as that is known. */
const byOthers = ({ target }: UndoPlan): Sql =>
  target.showsWriters ? sql`and j.writer not in (select o.xid from ${ownWriters} o)` : sql``;

/** Notes the deleted records that will be inserted again. */
export async function noteDeleted(
  session: TargetSession,
  { returning }: Foretold,
  { target }: UndoPlan,
  judged: Sql,
): Promise<void> {
  await session.query(sql`
    insert into ${returning} select ${sql.lit(target.name)}, j.id from ${judged} j where j.reason is null
  `);
}

/** Notes what the judgement of created records says: those that others keep, and those that go although an undo had written them last. */
export async function noteCreated(
  session: TargetSession,
  foretold: Foretold,
  plan: UndoPlan,
  judged: Sql,
): Promise<void> {
  const table = sql.lit(plan.target.name);
  await session.query(sql`
    insert into ${foretold.staying} select ${table}, j.id::text from ${judged} j where j.reason = 'referred_to'
  `);
  await session.query(sql`
    insert into ${foretold.yielding} select ${table}, j.id::text from ${judged} j
    where j.reason is null ${byOthers(plan)}
  `);
}

/** The same of changed ones, which will refer to what they referred to before, although others have written to them since. */
export async function noteChanged(
  session: TargetSession,
  foretold: Foretold,
  plan: UndoPlan,
  judged: Sql,
): Promise<void> {
  const own = foretold.tables.flatMap(({ references }) =>
    references.flatMap(({ table, columns }) => (table === plan.target.name ? columns : [])),
  );
  if (own.length === 0) return;
  await session.query(sql`
    insert into ${foretold.yielding} select ${sql.lit(plan.target.name)}, j.id::text from ${judged} j
    where (j.reason is null or j.reason = 'edited_in_part') and j.restorable && ${own}::text[] ${byOthers(plan)}
  `);
}
