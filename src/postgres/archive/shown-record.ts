/** Which records of an import are shown: those of its target, or of one of its other records, by what they are known and what of them is told. */
import type { ImportJob } from "../../core/import.ts";
import { type Importer, targetColumn } from "../../core/importer.ts";
import type { RecordPlan } from "../../core/records.ts";
import { recordColumns } from "../../core/store/archive.ts";
import { type Database, tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { importerOf, keyOf } from "../tables/one-record.ts";
import type { KnownBy } from "../tables/record-key.ts";
import { readTable, readTarget } from "../tables/target.ts";

export interface ShownRecords extends KnownBy {
  table: Sql;
  idType: Sql;
  /** Of a record `t`, in the order of `recordColumns`, as text. */
  values: Sql[];
  /** What the journal of records calls them; null: they are the chunks' own. */
  journal: string | null;
}

export async function shownRecords(
  database: Database,
  job: ImportJob,
  importer: Importer,
  record: RecordPlan | undefined,
): Promise<ShownRecords> {
  if (record === undefined) {
    const target = await readTarget(database, importer, null);
    const { id } = importer.target;
    const values = recordColumns(importer).map((name, k) => {
      const column = k === 0 ? id : targetColumn(importer, name);
      // A field of a loader's own may have no column here.
      return column !== null && target.columns.has(column) ? sql`t.${sql.id(column)}::text` : sql`null::text`;
    });
    const idType = sql.raw(target.columns.get(id)?.type ?? "text");
    return { importer, record: null, table: tableId(job.target), idType, values, journal: null };
  }
  const target = await readTable(database, record.table);
  const key = keyOf(record, target);
  const values = recordColumns(importer, record).map((column) =>
    target.columns.has(column) ? sql`t.${sql.id(column)}::text` : sql`null::text`,
  );
  const own = importerOf(importer, record);
  const idType = sql.raw(key === null ? (target.columns.get(own.target.id)?.type ?? "text") : "text");
  return {
    // Whose they are only the main record says.
    importer: { ...own, assign: undefined },
    record: { key },
    table: tableId(record.table),
    idType,
    values,
    journal: record.name,
  };
}
