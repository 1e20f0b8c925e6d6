/** Which indexes help to find duplicates, and which promise that there are none. */
import { targetColumn } from "../importer.ts";
import { advice, type Finder } from "./check-finding.ts";
import { type Database, sql } from "./connect.ts";

export const findUnindexedKeys: Finder = async ({ database, importer, target }) => {
  const context = new Set(Object.entries(importer.context ?? {}).map(([name, { column }]) => column ?? name));
  const all = await readIndexes(database, target.oid);
  return importer.match.keys.flatMap((key) => {
    const column = targetColumn(importer, key);
    const indexes = all.flatMap(({ unique, columns }) => {
      // Columns of the caller's context stand before the key, or behind it: matching keeps to them.
      const own = columns.filter((each) => !context.has(each));
      const forms = [column, `lower(${column})`];
      return forms.includes(own[0]) && (own.length === 1 || !unique) ? [{ unique }] : [];
    });
    if (indexes.length === 0)
      return [
        advice(`no index on ${target.name}.${column}: duplicates on ${key} are found by reading the whole table`),
      ];
    if (indexes.some(({ unique }) => unique)) return [];
    return [
      advice(
        `no unique index on ${target.name}.${column}: Sluice makes no duplicate, but a row that the application inserts during an import can become one`,
      ),
    ];
  });
};

/** The valid indexes of a table with what they are over: a column's name, or an expression as `lower(email)`. */
async function readIndexes(database: Database, oid: number): Promise<{ unique: boolean; columns: string[] }[]> {
  const indexes = await database.query<{ unique: boolean; columns: string[] }>(sql`
    select i.indisunique as unique,
      array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(1, i.indnkeyatts) k) as columns
    from pg_index i where i.indrelid = ${oid} and i.indisvalid
  `);
  const plain = (text: string): string =>
    text.replaceAll('"', "").replace(/^lower\(\(?(.*?)\)?(?:::text)?\)$/, "lower($1)");
  return indexes.map(({ unique, columns }) => ({ unique, columns: columns.map(plain) }));
}
