/**
 * How statements over many rows are planned. What an import has just written has no statistics yet, or those of a moment
 * when its table was empty, and the users' own tables may have any: a planner that believes in one row takes a nested loop,
 * which over a file compares every row with every row. So these statements join by hash, whatever the statistics say, and
 * fetch a chunk's records from a large table by the list of their keys (`listed`), where an index serves it.
 */
import { sql } from "kysely";
import type { Session, Sql } from "./session.ts";

/**
 * What a transaction reads: `whole`, a file's rows and all that they are compared with; `chunk`, a range of them and the
 * records that belong to it.
 */
export type Planning = "whole" | "chunk";

/**
 * A chunk must not read whole tables where an index serves: there are many chunks. This decides the queries of foreign keys
 * too, whose plans a connection keeps: one made over an empty table would read it from end to end for every row ever after.
 */
export const planningSettings: Readonly<Record<Planning, string>> = {
  whole: "set local enable_nestloop = off; set local enable_seqscan = on; set local cursor_tuple_fraction = 1",
  chunk: "set local enable_nestloop = off; set local enable_seqscan = off; set local random_page_cost = 1.1",
};

/** The condition that `key` is in the query's list: no join, so that it needs no estimate of either side. */
export function listed(key: Sql, query: Sql): Sql {
  return sql`${key} = any (array(${query}))`;
}

interface Lookup {
  table: Sql;
  alias: string;
  key: Sql;
  /** The query of the keys. */
  keys: Sql;
  where?: Sql;
  /** System columns that the caller reads. */
  also?: Sql;
}

/**
 * The rows of `table` that may have one of the keys, as an item of a `from` list under its alias: fetched by the list where an
 * index serves that, else all of them. The list stands alone with `where` behind a fence, so that no join makes the
 * planner come by another index. The caller still compares each row.
 */
export async function rowsByList(
  session: Session,
  { table, alias, key, keys, where = sql``, also = sql`` }: Lookup,
): Promise<Sql> {
  const rows = sql`select ${sql.id(alias)}.*${also} from ${table} ${sql.id(alias)} where ${listed(key, keys)} ${where}`;
  return (await isFetchedByList(session, rows))
    ? sql`(${rows} offset 0) ${sql.id(alias)}`
    : sql`${table} ${sql.id(alias)}`;
}

interface TupleLookup extends Pick<Lookup, "table" | "alias" | "where" | "also"> {
  /** What an index is over, each with the column of `keys` that it must be the same as. */
  parts: readonly { indexed: Sql; key: Sql }[];
  /** The query of the keys, one row for each. */
  keys: Sql;
}

/**
 * The same for keys of several values: one index scan for each key, where an index has all of them, else the whole table. A list for
 * each value would be searched for every combination.
 */
export async function rowsByTuples(
  session: Session,
  { table, alias, parts, keys, where = sql``, also = sql`` }: TupleLookup,
): Promise<Sql> {
  const name = sql.id(alias);
  const rowsOf = (value: (key: Sql) => Sql): Sql => sql`
    select ${name}.*${also} from ${table} ${name}
    where ${sql.join(
      parts.map(({ indexed, key }) => sql`${indexed} = ${value(key)}`),
      sql` and `,
    )} ${where}`;
  const probe = rowsOf((key) => sql`(select k.${key} from (${keys}) k limit 1)`);
  if (!(await isFetchedByValues(session, probe, parts.length))) return sql`${table} ${name}`;
  return sql`(select r.* from (${keys}) k cross join lateral (${rowsOf((key) => sql`k.${key}`)} offset 0) r) ${name}`;
}

/** Whether the planner fetches the rows of a query by an index over so many values that sub-queries give. */
async function isFetchedByValues(session: Session, query: Sql, values: number): Promise<boolean> {
  const scans = scansOf(await planOf(session, query));
  return (
    scans.length > 0 && scans.every((scan) => (scan["Index Cond"]?.match(/\$\d+|InitPlan \d+/g) ?? []).length >= values)
  );
}

async function planOf(session: Session, query: Sql): Promise<PlanNode> {
  const [answer] = await session.query<{ "QUERY PLAN": { Plan: PlanNode }[] }>(
    sql`explain (format json, costs off) ${query}`,
  );
  return answer["QUERY PLAN"][0].Plan;
}

/** A node of `explain (format json)`, as far as it is looked at. */
interface PlanNode {
  "Node Type": string;
  "Parent Relationship"?: string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  Plans?: PlanNode[];
}

/**
 * Whether the planner, as it sees the tables now, fetches the rows of a query with a `listed` condition by that list alone.
 * Where it does not, the list would be searched for every row of the table, and a hash join must do.
 */
export async function isFetchedByList(session: Session, query: Sql): Promise<boolean> {
  const scans = scansOf(await planOf(session, query));
  if (!scans.every((scan) => scan["Index Cond"]?.includes("= ANY"))) return false;
  const names = scans.map((scan) => scan["Index Name"] ?? "");
  const leading = await session.query<{ name: string; column: string }>(sql`
    select c.relname as name, pg_get_indexdef(c.oid, 1, true) as column from pg_class c
    where c.relkind in ('i', 'I') and c.relname = any (${names})
  `);
  // A condition on a later column alone would read the whole index for every key.
  return scans.every((scan) =>
    leading
      .filter(({ name }) => name === scan["Index Name"])
      .every(({ column }) => bare(scan["Index Cond"] ?? "").includes(bare(column))),
  );
}

/** The scans of tables under a node, those of the list itself left out; a bitmap's are its indexes'. */
function scansOf(node: PlanNode): PlanNode[] {
  if (node["Parent Relationship"] === "InitPlan") return [];
  const below = (node.Plans ?? []).flatMap(scansOf);
  if (node["Node Type"] === "Bitmap Heap Scan") {
    const serving = below.filter((scan) => scan["Index Cond"]?.includes("= ANY"));
    return serving.length > 0 ? serving.slice(0, 1) : below;
  }
  return node["Relation Name"] === undefined && node["Index Name"] === undefined ? below : [node, ...below];
}

/** Without the brackets, casts' spaces and table aliases that `explain` and an index's definition write differently. */
function bare(expression: string): string {
  return expression.replaceAll(/[()\s"]|\b\w+\.(?=\w)/g, "");
}
