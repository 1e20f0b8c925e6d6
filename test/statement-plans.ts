/**
 * What the statements of an import cost, as Postgres executed them, while its statistics are wrong: before every statement they are
 * forced anew, so that no `analyze` helps, and auto_explain tells each plan with the rows that its nodes really touched, those
 * of foreign keys' own queries included.
 */
import type { PoolClient } from "pg";
import type { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";

/** What the planner is made to believe of every table: that it is empty, has one row, or a thousand million. */
export const wrongStatistics = { "no rows": 0, "one row": 1, "10^9 rows": 1e9 } as const;
export type WrongStatistics = keyof typeof wrongStatistics;

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "CTE Name"?: string;
  Filter?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Join Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Hash Batches"?: number;
  Plans?: PlanNode[];
}

/** Batches of a hash join: each is emptied on its own, whatever it holds, and millions of them for a few rows never end. */
const maxBatches = 64;

/** A node that touched more rows than it may, or joins in too many batches, and the beginning of its statement. */
export interface Excess {
  node: string;
  rows: number;
  statement: string;
}

export interface StatementPlans {
  statements: number;
  excesses: Excess[];
}

/** Forces them on every connection that is taken from the pool from now on, and looks at nothing: for those who measure time. */
export async function forceEach(database: Database, statistics: WrongStatistics): Promise<void> {
  await database.query(forceStatistics);
  // A table that another transaction is about to drop is not waited for.
  await database.query(
    sql.raw(`create function force_unless_locked(rows float4) returns void language plpgsql set lock_timeout = '20ms' as $$ begin
      perform force_statistics(rows); exception when lock_not_available then null; end $$`),
  );
  const forced = new WeakSet<PoolClient>();
  onAcquire(database, (client) => {
    if (forced.has(client)) return;
    forced.add(client);
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    const force = `select force_unless_locked(${wrongStatistics[statistics]})`;
    client.query = ((...args: unknown[]) => {
      if (!isStatement(args[0])) return query(...args);
      const go = (): Promise<unknown> => query(...args);
      return query(force).then(go, go);
    }) as typeof client.query;
  });
}

function onAcquire({ pool, aside }: Database, work: (client: PoolClient) => void): void {
  for (const each of [pool, aside]) each.on("acquire", work);
}

/** Runs on every connection that is taken from the pools from now on. `maxRows`: what a node of one statement may touch. */
export async function watchPlans(
  database: Database,
  statistics: WrongStatistics,
  maxRows: number,
): Promise<StatementPlans> {
  await database.query(forceStatistics);
  const seen: StatementPlans = { statements: 0, excesses: [] };
  const hear = ({ message }: { message?: string }): void => {
    const told = /^duration: .*plan:\n([\s\S]*)$/.exec(message ?? "");
    if (told === null) return;
    const { "Query Text": statement, Plan: plan } = JSON.parse(told[1]) as { "Query Text": string; Plan: PlanNode };
    // What is only explained touches nothing.
    if (/force_statistics|^\s*explain/.test(statement)) return;
    seen.statements++;
    seen.excesses.push(...excessesOf(plan, maxRows).map((excess) => ({ ...excess, statement: brief(statement) })));
  };
  const watched = new WeakSet<PoolClient>();
  onAcquire(database, (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    client.on("notice", hear);
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    const ready = query(autoExplain);
    const force = `select force_statistics(${wrongStatistics[statistics]})`;
    client.query = ((...args: unknown[]) => {
      if (!isStatement(args[0])) return query(...args);
      // In a transaction that has failed there is nothing to force.
      return ready
        .then(() => query(force))
        .then(
          () => query(...args),
          () => query(...args),
        );
    }) as typeof client.query;
  });
  return seen;
}

const autoExplain = `load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_level = notice;
  set auto_explain.log_format = json; set auto_explain.log_analyze = on; set auto_explain.log_timing = off;
  set auto_explain.log_nested_statements = on`;

/**
 * Rows of the catalogue that another transaction has changed are left: it has forced them itself. So are tables that this one has
 * made: nobody else can have. And those that another one drops: asking for their size would wait for its end. Where autovacuum is at the
 * same rows, or a table goes meanwhile, they are forced before the next statement.
 */
const forceStatistics = sql.raw(`
  create function force_statistics(rows float4) returns void language plpgsql as $$
  begin
    set local auto_explain.log_min_duration = -1;
    begin
    with free as materialized (
      select c.oid from pg_class c
      where c.relnamespace in ('public'::regnamespace, 'sluice'::regnamespace, 'sluice_stage'::regnamespace) and c.relkind in ('r', 'i')
        and c.xmin::text::bigint <> coalesce(pg_current_xact_id_if_assigned()::text::bigint % 4294967296, 0)
        and not exists (
          select from pg_locks l where l.relation = c.oid and l.mode = 'AccessExclusiveLock' and l.pid <> pg_backend_pid()
        )
    ), sized as materialized (
      select oid, greatest(1, pg_relation_size(oid) / 8192) as pages from free
    ), ours as materialized (
      select c.oid, sized.pages from pg_class c join sized on sized.oid = c.oid
      where c.reltuples <> rows or c.relpages <> sized.pages
      for update of c skip locked
    ), forgotten as (
      delete from pg_statistic where starelid in (select oid from ours)
    )
    update pg_class c set reltuples = rows, relpages = ours.pages from ours where ours.oid = c.oid;
    exception when others then null;
    end;
    set local auto_explain.log_min_duration = 0;
  end $$`);

/** A statement that is planned, not one of the session's own. */
function isStatement(given: unknown): boolean {
  const text = typeof given === "string" ? given : (given as { text?: string }).text;
  return /^\s*(?:--.*\n\s*)*(?:with|select|insert|update|delete|explain|create temporary table)\b/i.test(text ?? "");
}

function excessesOf(node: PlanNode, maxRows: number): Omit<Excess, "statement">[] {
  const below = (node.Plans ?? []).flatMap((plan) => excessesOf(plan, maxRows));
  const perLoop =
    node["Actual Rows"] +
    (node["Rows Removed by Filter"] ?? 0) +
    (node["Rows Removed by Join Filter"] ?? 0) +
    (node["Rows Removed by Index Recheck"] ?? 0);
  // A list in a filter is searched from its beginning for every row.
  const searchesList = /= ANY \(+(?:InitPlan|\$)/.test(node.Filter ?? "");
  const rows = Math.round(perLoop * node["Actual Loops"]) * (searchesList ? maxRows : 1);
  const batches = node["Hash Batches"] ?? 1;
  if (rows <= maxRows && batches <= maxBatches) return below;
  const name = [
    node["Node Type"],
    node["Relation Name"] ?? node["CTE Name"],
    node.Filter && `filter ${node.Filter}`,
    batches > 1 && `in ${batches} batches`,
  ];
  return [{ node: name.filter(Boolean).join(" "), rows }, ...below];
}

const brief = (statement: string): string => statement.replaceAll(/\s+/g, " ").trim().slice(0, 200);
