/** An importer's own loader: its statement is planned over an empty chunk, and never run. */
import { type ToldValue, told } from "../../core/errors.ts";
import { kindOf } from "../../core/field.ts";
import { type Importer, targetColumn } from "../../core/importer.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { share } from "../tables/hand-over.ts";
import { sampleRun, type TargetSession, transactionOn } from "../tables/on-target.ts";
import { quotedName } from "../tables/target.ts";
import { type Finder, type Finding, failure } from "./finding.ts";
import type { Relation } from "./relation.ts";

/** What Postgres says of the statement, and the columns that it returns. */
export const findUnfitLoad: Finder = async ({ database, importer, target }) => {
  if (importer.load === undefined) return [];
  const refuse = (what: ToldValue): Finding[] => [
    failure(told`The loader of the importer "${importer.name}" cannot run: ${what}. Correct what \`load\` returns.`),
  ];
  let statement: unknown;
  try {
    statement = importer.load({ rows: "pg_temp.sluice_chunk", target: quotedName(importer.target.table), jobId: 0 });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  if (typeof statement !== "string") return refuse(told`\`load\` must return the text of a statement`);
  const planned = await planOverEmptyChunk(database, importer, target, statement);
  if (planned.refusal !== null) return refuse(planned.refusal);
  const { columns } = planned;
  const missing = columns === null ? [] : ["row_no", "outcome"].filter((name) => !columns.includes(name));
  return missing.length === 0 ? [] : refuse(`it returns no ${missing.join(" and no ")}, but ${columns?.join(", ")}`);
};

interface Planned {
  refusal: string | null;
  /** Null where they cannot be known without running it. */
  columns: string[] | null;
}

/** Thrown to have the transaction rolled back. */
class PlannedOnly extends Error {
  readonly planned: Planned;
  constructor(planned: Planned) {
    super("only planned");
    this.planned = planned;
  }
}

function planOverEmptyChunk(
  database: Database,
  importer: Importer,
  target: Relation,
  statement: string,
): Promise<Planned> {
  const work = async (session: TargetSession): Promise<never> => {
    await session.query(emptyChunk(importer, target));
    await share(session, sql.id("pg_temp", "sluice_chunk"));
    // As one statement by the extended protocol, which takes no second one behind it.
    const refusal = await session.tables.plan(`explain ${statement}`).then(
      () => null,
      (error: Error) => error.message,
    );
    if (refusal !== null) throw new PlannedOnly({ refusal, columns: null });
    const columns = await session.tables
      .plan(`create temporary table sluice_told on commit drop as ${statement.trim().replace(/;$/, "")} with no data`)
      .then(() =>
        session.tables.query<{ name: string }>(
          sql`select attname::text as name from pg_attribute where attrelid = 'pg_temp.sluice_told'::regclass and attnum > 0 order by attnum`,
        ),
      )
      .then(
        (rows) => rows.map(({ name }) => name),
        () => null,
      );
    throw new PlannedOnly({ refusal: null, columns });
  };
  return transactionOn<Planned>(database, sampleRun(importer), work).catch((error) => {
    if (error instanceof PlannedOnly) return error.planned;
    throw error;
  });
}

/** The table that the loader is given, with no rows in it. */
function emptyChunk(importer: Importer, target: Relation): Sql {
  const typeOf = (column: string, otherwise: string) => sql.raw(target.columns.get(column)?.type ?? otherwise);
  const fields = Object.entries(importer.fields).map(
    ([name, field]) => sql`, ${sql.id(name)} ${typeOf(targetColumn(importer, name), kindOf(field).stage.type)}`,
  );
  const context = Object.entries(importer.context ?? {}).map(
    ([name, { type }]) => sql`, ${sql.id(name)} ${sql.raw(type ?? "text")}`,
  );
  const owner = importer.assign === undefined ? sql`text` : typeOf(importer.assign.column, "text");
  return sql`create temporary table sluice_chunk (row_no integer, action text, record_id ${typeOf(importer.target.id, "text")},
    owner_id ${owner} ${sql.join([...fields, ...context], sql``)}) on commit drop`;
}
