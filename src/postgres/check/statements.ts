/**
 * What Postgres says of the statements themselves that an import sends: planned for nobody's rows, not run. So it tells of what no list of
 * reasons holds: columns that only it may fill, rights on single columns, on what a view is made of, and on what a default calls.
 */
import { told } from "../../core/errors.ts";
import { historyColumns, type Importer } from "../../core/importer.ts";
import { mainRecord } from "../../core/records.ts";
import { isConnectionLoss, tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { sampleRun, transactionOn } from "../tables/on-target.ts";
import { advice, type Finder, failure } from "./finding.ts";
import type { Relation } from "./relation.ts";
import { writtenBy } from "./rights.ts";
import { isLocked, waitForNobody } from "./without-waiting.ts";

export const findRefusedStatements: Finder = async ({ database, importer, target, relationOf }) => {
  if (importer.load !== undefined) return [];
  const { history } = importer;
  const statements = statementsOf(importer, target);
  const log = history === undefined ? null : await relationOf(history.table);
  if (history !== undefined && log !== null) {
    statements.push({ table: log.name, statement: insertOf(history.table, historyColumns(history)) });
  }
  for (const { table, statement, isOptional = false } of statements) {
    try {
      await transactionOn(database, sampleRun(importer), async (session) => {
        await waitForNobody(session);
        await session.tables.query(sql`explain ${statement}`);
      });
    } catch (error) {
      if (isConnectionLoss(error)) throw error;
      if (isLocked(error)) return [];
      const { code = "", message } = error as { code?: string; message: string };
      // Rights (42501) and columns that are generated (428C9). What else may be wrong is looked for by name, and what policies say for a
      // context that never was is no matter here.
      if (code !== "42501" && code !== "428C9") continue;
      if (!isOptional)
        return [
          failure(
            told`The database does not take what the importer "${importer.name}" writes to ${table}: ${message}.`,
            code === "42501" ? "forbidden" : "invalid",
          ),
        ];
      if (code === "428C9") return [advice(`${table} takes no updates: ${message}`)];
    }
  }
  return [];
};

interface Planned {
  table: string;
  statement: Sql;
  /** Whether only updates need it, and the importer does not update by itself. Rights that they lack are told with the others. */
  isOptional?: boolean;
}

function statementsOf(importer: Importer, target: Relation): Planned[] {
  const { table, id } = importer.target;
  const plan = mainRecord(importer);
  const { fields, updates, ...written } = writtenBy(importer);
  const there = (names: readonly string[]): string[] => [...new Set(names)].filter((name) => target.columns.has(name));
  const filled = there(written.filled);
  const updated = there(written.updated);
  const returned = there([id]);
  const statements: Planned[] = [];
  const add = (statement: Sql, isOptional = false): void => {
    statements.push({ table: target.name, statement, isOptional });
  };
  if (plan?.onMissing !== "issue" && filled.length > 0) add(insertOf(table, filled, returned));
  if (updated.length > 0 && target.isUpdatable) {
    const set = updated.map((name) => sql`${sql.id(name)} = null`);
    add(sql`update ${tableId(table)} set ${sql.join(set)} where false`, !updates);
    if (!updates) return statements;
    // Who wrote a record last is asked of each that is updated.
    const xmin = target.kind === "r" || target.kind === "p" ? sql`, xmin` : sql``;
    add(
      sql`select ${sql.join(there([id, ...fields]).map((name) => sql.id(name)))}${xmin} from ${tableId(table)} where false for update`,
    );
  }
  return statements;
}

function insertOf(table: string, columns: readonly string[], returned: readonly string[] = []): Sql {
  const returning = returned.length === 0 ? sql`` : sql` returning ${sql.join(returned.map((name) => sql.id(name)))}`;
  return sql`insert into ${tableId(table)} (${sql.join(columns.map((name) => sql.id(name)))})
    select ${sql.join(columns.map(() => sql`null`))} where false${returning}`;
}
