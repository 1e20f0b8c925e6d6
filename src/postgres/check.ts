/** What `sluice check` says of an importer and its target: does it fit, and what is not promised without an index. */
import { SluiceError } from "../errors.ts";
import { type Importer, targetColumn } from "../importer.ts";
import { type Database, sql } from "./connect.ts";
import { createTables } from "./tables.ts";
import { quotedName, readTarget } from "./target.ts";

export interface CheckFinding {
  importer: string;
  level: "ok" | "warning" | "error";
  message: string;
}

export async function checkImporter(database: Database, importer: Importer): Promise<CheckFinding[]> {
  const finding = (level: CheckFinding["level"], message: string): CheckFinding => ({
    importer: importer.name,
    level,
    message,
  });
  try {
    await createTables(database, importer);
    const target = await readTarget(database, importer);
    const filled = new Set([
      ...Object.keys(importer.fields).map((name) => targetColumn(importer, name)),
      ...Object.entries(importer.context ?? {}).map(([name, { column }]) => column ?? name),
      importer.target.job,
      importer.assign?.column,
    ]);
    const findings = [finding("ok", `the table ${target.name} has every column the importer fills`)];
    for (const column of target.columns.values()) {
      if (column.notNull && column.defaultExpression === null && !column.generated && !filled.has(column.name)) {
        findings.push(
          finding(
            "error",
            `${target.name}.${column.name} must not be null and has no default, and no field feeds it. Add a field or a default.`,
          ),
        );
      }
    }
    const context = new Set(Object.entries(importer.context ?? {}).map(([name, { column }]) => column ?? name));
    for (const key of importer.match.keys) {
      const column = targetColumn(importer, key);
      const indexes = (await readIndexes(database, importer.target.table)).flatMap(({ unique, columns }) => {
        // Columns of the caller's context stand before the key, or behind it: matching keeps to them.
        const own = columns.filter((each) => !context.has(each));
        const forms = [column, `lower(${column})`];
        return forms.includes(own[0]) && (own.length === 1 || !unique) ? [{ unique }] : [];
      });
      if (indexes.length === 0) {
        findings.push(
          finding(
            "warning",
            `no index on ${target.name}.${column}: duplicates on ${key} are found by reading the whole table`,
          ),
        );
      } else if (!indexes.some(({ unique }) => unique)) {
        findings.push(
          finding(
            "warning",
            `no unique index on ${target.name}.${column}: Sluice makes no duplicate, but a row that the application inserts during an import can become one`,
          ),
        );
      }
    }
    return findings;
  } catch (error) {
    if (error instanceof SluiceError) return [finding("error", error.message)];
    throw error;
  }
}

/** The valid indexes of a table with what they are over: a column's name, or an expression as `lower(email)`. */
async function readIndexes(database: Database, table: string): Promise<{ unique: boolean; columns: string[] }[]> {
  const indexes = await database.query<{ unique: boolean; columns: string[] }>(sql`
    select i.indisunique as unique,
      array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(1, i.indnkeyatts) k) as columns
    from pg_index i where i.indrelid = to_regclass(${quotedName(table)}) and i.indisvalid
  `);
  const plain = (text: string): string =>
    text.replaceAll('"', "").replace(/^lower\(\(?(.*?)\)?(?:::text)?\)$/, "lower($1)");
  return indexes.map(({ unique, columns }) => ({ unique, columns: columns.map(plain) }));
}
