/** Which indexes help to find duplicates, and which promise that there are none. */
import { contextColumns, keyColumn } from "../../core/importer.ts";
import { partsOf } from "../../core/keys.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { plainCondition } from "../tables/records.ts";
import { advice, type Finder } from "./finding.ts";
import { conditionOf } from "./where.ts";

export const findUnindexedKeys: Finder = async ({ database, importer, target }) => {
  const context = new Set(contextColumns(importer));
  const all = await readIndexes(database, target.oid);
  const { where } = importer.match;
  const matched =
    where === undefined || !all.some(({ condition }) => condition !== null)
      ? where
      : await conditionOf(database, importer).catch(() => where);
  return importer.match.keys.flatMap((match) => {
    const keyColumns = partsOf(match).map((field) => keyColumn(importer, field));
    const isOne = keyColumns.length === 1;
    const key = partsOf(match).join(" + ");
    const place = isOne ? `${target.name}.${keyColumns[0]}` : `${target.name} (${keyColumns.join(", ")})`;
    const indexes = all.filter(({ unique, columns }) => {
      // Columns of the caller's context stand before the key, or behind it: matching keeps to them.
      const own = columns.filter((each) => !context.has(each)).map(bare);
      const first = own.slice(0, keyColumns.length);
      return keyColumns.every((each) => first.includes(each)) && (own.length === keyColumns.length || !unique);
    });
    if (indexes.length === 0)
      return [advice(`no index on ${place}: duplicates on ${key} are found by reading the whole table`)];
    const uniques = indexes.filter(({ unique }) => unique);
    if (uniques.length === 0)
      return [
        advice(
          `no unique index on ${place}: Sluice makes no duplicate, but a row that the application inserts during an import can become one`,
        ),
      ];
    // A condition that only spares blanks leaves the key what it is.
    const isKeys = (condition: string): boolean =>
      keyColumns.some((column) => plainCondition(condition) === plainCondition(`${column} is not null`));
    const asMatched = (condition: string): boolean =>
      matched !== undefined && plainCondition(condition) === plainCondition(matched);
    const conditions = uniques.map(({ condition }) => (condition === null || isKeys(condition) ? null : condition));
    if (where === undefined ? conditions.includes(null) : conditions.some((each) => each !== null && asMatched(each)))
      return [];
    const partial = conditions.find((condition) => condition !== null);
    if (partial === undefined)
      return [
        advice(
          `the unique index on ${place} knows nothing of match.where (${where}): a row with the ${key} of a record that it leaves out is refused. Say so in the index as well: where ${where}`,
        ),
      ];
    const meant = partial.replace(/^\((.*)\)$/, "$1");
    return [
      advice(
        where === undefined
          ? `the unique index on ${place} is only over records with ${meant}, and others are matched too. Are they deleted? Then say match: { where: ${JSON.stringify(meant)} }`
          : `the unique index on ${place} is over records with ${meant}, and match.where says ${where}: say the same in both`,
      ),
    ];
  });
};

/** `lower(name)` is over `name`. */
export function bare(column: string): string {
  return column.replace(/^lower\((.*)\)$/, "$1");
}

/** A valid index, by what it is over. */
export interface Index {
  unique: boolean;
  columns: string[];
  condition: string | null;
}

/** The valid indexes of a table with what they are over: a column's name, or an expression as `lower(email)`. */
export async function readIndexes(database: Database, oid: number): Promise<Index[]> {
  const indexes = await database.query<Index>(sql`
    select i.indisunique as unique, pg_get_expr(i.indpred, i.indrelid) as condition,
      array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(1, i.indnkeyatts) k) as columns
    from pg_index i where i.indrelid = ${oid} and i.indisvalid
  `);
  const plain = (text: string): string =>
    text.replaceAll('"', "").replace(/^lower\(\(?(.*?)\)?(?:::text)?\)$/, "lower($1)");
  return indexes.map((index) => ({ ...index, columns: index.columns.map(plain) }));
}
