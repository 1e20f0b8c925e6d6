/** A whole importer: its files are foretold and imported one after the other, and undone the last first, with all tables compared. */
import { expect } from "vitest";
import type { Importer } from "../../../src/core/importer.ts";
import type { Mode } from "../../../src/core/modes.ts";
import { checkImporter } from "../../../src/postgres/check/check.ts";
import { type ImportOptions, type OpenEngine, some } from "../../open-engine.ts";
import { undo } from "../undo-import.ts";
import { type Foretold, importForetold } from "./foretold.ts";

export interface Step {
  importer: Importer;
  /** Default: the importer's first. */
  mode?: Mode;
  file: string;
  /** What it comes to, zeros left out. */
  rows: Record<string, number>;
  records?: Foretold["records"];
  issues?: Foretold["issues"];
  /** Statement → lines, of what is there then. */
  content?: Record<string, string[]>;
  /** That no row of any table is another than before. */
  changesNothing?: boolean;
}

type Dump = Record<string, Record<string, unknown>[]>;

export async function importAndUndo(open: OpenEngine, steps: readonly Step[], options: ImportOptions = {}) {
  const done: { jobId: number; before: Dump }[] = [];
  for (const { importer, mode, file, rows, records, issues = [], content = {}, changesNothing } of steps) {
    const before = await everything(open);
    const came = await importForetold(open, importer, file, { ...options, mode });
    expect({ rows: some(came.counts), issues: came.issues }).toEqual({ rows, issues });
    if (records !== undefined) expect(came.records).toEqual(records);
    for (const [statement, lines] of Object.entries(content)) expect(await linesOf(open, statement)).toEqual(lines);
    if (changesNothing) expect(await everything(open)).toEqual(before);
    done.push({ jobId: came.job.id, before });
  }
  for (const { jobId, before } of done.reverse()) {
    expect(await undo(open, jobId)).toMatchObject({ status: "undone", kept: {}, rows: [] });
    expect(withoutTimes(await everything(open), steps)).toEqual(withoutTimes(before, steps));
  }
}

/** Undo says when it has changed a record: the time of the last change is that of the undo. */
function withoutTimes(dump: Dump, steps: readonly Step[]): Dump {
  const times = steps
    .flatMap(({ importer }) => importer.records ?? [])
    .flatMap(({ columns }) => columns.flatMap(({ column, source }) => (source.kind === "now" ? [column] : [])));
  return Object.fromEntries(
    Object.entries(dump).map(([table, rows]) => [
      table,
      rows.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !times.includes(column)))),
    ]),
  );
}

/** What `sluice check` says of an importer beside that all is well. */
export async function concernsOf({ database }: OpenEngine, importer: Importer): Promise<string[]> {
  return (await checkImporter(database, importer)).flatMap(({ level, message }) => (level === "ok" ? [] : [message]));
}

async function linesOf({ rows }: OpenEngine, statement: string): Promise<string[]> {
  return (await rows<{ line: string }>(statement)).map(({ line }) => line);
}

/** Every row of every table that is not Sluice's, in an order that its values decide. */
async function everything(open: OpenEngine): Promise<Dump> {
  const tables = await linesOf(
    open,
    `select format('%I.%I', schemaname, tablename) as line from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema', 'sluice', 'sluice_stage') order by 1`,
  );
  const dump: Dump = {};
  for (const table of tables) {
    const rows = await open.rows<{ row: Dump[string][number] }>(
      `select to_jsonb(t) as row from ${table} t order by t::text`,
    );
    dump[table] = rows.map(({ row }) => row);
  }
  return dump;
}
