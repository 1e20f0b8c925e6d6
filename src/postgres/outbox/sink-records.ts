/** The records that a record sink is given: read when they are delivered, as the import would read them that changed them. */

import type { BoundRecordSink } from "../../core/bound-sink.ts";
import { SluiceError } from "../../core/errors.ts";
import type { RecordOutbox, SinkRun } from "../../core/store/record-outbox.ts";
import { type Database, tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { sessionOn, type TargetRun } from "../tables/on-target.ts";
import { condition } from "../tables/records.ts";
import { quotedName } from "../tables/target.ts";

type Place = BoundRecordSink["place"];

export function sinkRecords(database: Database): Pick<RecordOutbox, "read" | "page" | "estimate"> {
  /** The type of each sink's ids: a list of text is cast to it, so that the table's index is used. */
  const types = new Map<string, string>();
  const typeOf = async ({ table, id }: Place): Promise<Sql> => {
    const key = `${table} ${id}`;
    const known = types.get(key);
    if (known !== undefined) return sql.raw(known);
    const [found] = await database.query<{ type: string }>(sql`
      select format_type(atttypid, null) as type from pg_attribute
      where attrelid = to_regclass(${quotedName(table)}) and attname = ${id} and attnum > 0 and not attisdropped
    `);
    if (found === undefined)
      throw new SluiceError("invalid", `The table ${table} has no column ${id}, by which its records are found.`);
    types.set(key, found.type);
    return sql.raw(found.type);
  };
  return {
    async read(bound, run, ids) {
      const { place } = bound;
      const list = sql`any (${[...ids]}::text[]::${await typeOf(place)}[])`;
      const { select } = bound.sink;
      const documents =
        select === undefined
          ? sql`
            select ${sql.id("t", place.id)}::text as id, to_jsonb(t.*) as document from ${tableId(place.table)} t
            where ${sql.id("t", place.id)} = ${list} ${counted(place)}`
          : sql`select d.id::text as id, to_jsonb(d.*) as document from (${sql.raw(`${select}\n`)}) d where d.id = ${list}`;
      const rows = await sessionOn(database, targetRun(bound, run), (session) =>
        session.tables.query<{ id: string; document: Record<string, unknown> }>(documents),
      );
      return new Map(rows.map(({ id, document }) => [id, document]));
    },
    async page(bound, after, limit) {
      const { place } = bound;
      const id = sql.id("t", place.id);
      const from = after === null ? sql`true` : sql`${id} > ${after}::text::${await typeOf(place)}`;
      const rows = await sessionOn(database, targetRun(bound, null), (session) =>
        session.tables.query<{ id: string }>(sql`
          select ${id}::text as id from ${tableId(place.table)} t where ${from} ${counted(place)} order by ${id} limit ${limit}
        `),
      );
      return rows.map((row) => row.id);
    },
    async estimate(bound) {
      const [row] = await database.query<{ rows: number }>(sql`
        select greatest(reltuples, 0)::int8 as rows from pg_class where oid = to_regclass(${quotedName(bound.place.table)})
      `);
      return row === undefined || row.rows === 0 ? null : row.rows;
    },
  };
}

/** Others of the table are as if they were not there. */
function counted({ where }: Place): Sql {
  return where === null ? sql`` : sql`and ${condition(where)}`;
}

/** A rebuild reads everything, as the connection's own role. */
function targetRun({ importer }: BoundRecordSink, run: SinkRun | null): TargetRun {
  if (run === null) return { importer: { ...importer, session: undefined }, jobId: null, context: {}, createdBy: null };
  return { importer, jobId: run.jobId, context: run.context, createdBy: run.user };
}
