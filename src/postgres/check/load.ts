/**
 * An importer's own loader: its one statement is planned over an empty chunk, and never run; one that runs several is tried over it, in a
 * transaction that is rolled back.
 */
import { type ToldValue, told } from "../../core/errors.ts";
import { stageTypeOf } from "../../core/field.ts";
import { type Importer, targetColumn } from "../../core/importer.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { handOver, outcomeColumns, share } from "../tables/hand-over.ts";
import { loadDatabase, sampleRun, type TargetSession, transactionOn } from "../tables/on-target.ts";
import { quotedName } from "../tables/target.ts";
import { type Finder, type Finding, failure } from "./finding.ts";
import type { Relation } from "./relation.ts";
import { isLocked, waitForNobody } from "./without-waiting.ts";

/** What Postgres says of the statement, and the columns that it returns. */
export const findUnfitLoad: Finder = async ({ database, importer, target }) => {
  if (importer.load === undefined) return [];
  const refuse = (what: ToldValue): Finding[] => [
    failure(told`The loader of the importer "${importer.name}" cannot run: ${what}. Correct what \`load\` returns.`),
  ];
  const { refusal, columns } = await tryOverEmptyChunk(database, importer, target);
  if (refusal !== null) return refuse(refusal);
  const missing = columns === null ? [] : ["row_no", "outcome"].filter((name) => !columns.includes(name));
  return missing.length === 0 ? [] : refuse(`it returns no ${missing.join(" and no ")}, but ${columns?.join(", ")}`);
};

interface Planned {
  refusal: ToldValue | null;
  /** Null where they cannot be known without running it. */
  columns: string[] | null;
}

/** Nothing is to be said: it was run, or would have to wait for somebody. */
const notKnown: Planned = { refusal: null, columns: null };

/** Thrown to have the transaction rolled back. */
class PlannedOnly extends Error {
  readonly planned: Planned;
  constructor(planned: Planned) {
    super("only planned");
    this.planned = planned;
  }
}

function tryOverEmptyChunk(database: Database, importer: Importer, target: Relation): Promise<Planned> {
  const work = async (session: TargetSession): Promise<never> => {
    await waitForNobody(session);
    await session.query(emptyChunk(importer, target));
    await share(session, sql.id("pg_temp", "sluice_chunk"));
    await handOver(session, "sluice_outcomes", outcomeColumns);
    throw new PlannedOnly(await tryLoad(session, importer));
  };
  return transactionOn<Planned>(database, sampleRun(importer), work).catch((error) => {
    if (error instanceof PlannedOnly) return error.planned;
    throw error;
  });
}

async function tryLoad(session: TargetSession, importer: Importer): Promise<Planned> {
  const chunk = {
    rows: "pg_temp.sluice_chunk",
    outcomes: "pg_temp.sluice_outcomes",
    target: quotedName(importer.target.table),
    jobId: 0,
  };
  let statement: unknown;
  try {
    statement = await importer.load?.(chunk, loadDatabase(session));
    if (statement === undefined) await importer.foresee?.(chunk, loadDatabase(session));
  } catch (error) {
    if (isLocked(error)) return notKnown;
    return { refusal: error instanceof Error ? error.message : String(error), columns: null };
  }
  if (statement === undefined) return notKnown;
  if (typeof statement !== "string")
    return {
      refusal: told`\`load\` must return the text of a statement, or run its statements and return nothing`,
      columns: null,
    };
  // As one statement by the extended protocol, which takes no second one behind it.
  const refusal = await session.tables.plan(`explain ${statement}`).then(
    () => null,
    (error: Error) => (isLocked(error) ? null : error.message),
  );
  if (refusal !== null) return { refusal, columns: null };
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
  return { refusal: null, columns };
}

/** The table that the loader is given, with no rows in it. */
function emptyChunk(importer: Importer, target: Relation): Sql {
  const typeOf = (column: string, otherwise: string) => sql.raw(target.columns.get(column)?.type ?? otherwise);
  const fields = Object.entries(importer.fields).map(
    ([name, field]) => sql`, ${sql.id(name)} ${typeOf(targetColumn(importer, name) ?? "", stageTypeOf(field).type)}`,
  );
  const context = Object.entries(importer.context ?? {}).map(
    ([name, { type }]) => sql`, ${sql.id(name)} ${sql.raw(type ?? "text")}`,
  );
  const owner = importer.assign === undefined ? sql`text` : typeOf(importer.assign.column, "text");
  return sql`create temporary table sluice_chunk (row_no integer, action text, record_id ${typeOf(importer.target.id, "text")},
    owner_id ${owner} ${sql.join([...fields, ...context], sql``)}) on commit drop`;
}
