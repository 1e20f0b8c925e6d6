/** What looking for a record's rows in its table comes to, and the temporary tables that have it. */
import { sql } from "../connection/session.ts";
import { handOverAll } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import { touchedRows } from "./main-rows.ts";
import { isKnownByKey } from "./row-source.ts";
import type { WrittenRecord } from "./written-record.ts";

/** Of a record in a range. */
export interface Found {
  /** Different ones that rows speak of. */
  groups: number;
  /** Of them in the table, and not. */
  there: number;
  missing: number;
  /** In the table, with other values. */
  differing: number;
  /** Of which the table has several. */
  ambiguous: number;
}

/** Makes the tables that `findRecord` fills; those who refer to the record join `known`, which is there even where no row speaks of it. */
export async function handOverFound(session: TargetSession, record: WrittenRecord): Promise<void> {
  const { identity, keys, columns } = record;
  const idType = sql.raw(identity[0].type);
  const keyTypes = keys.flat().map(({ name, type }) => sql`, ${sql.id(name)} ${sql.raw(type)}`);
  const known = isKnownByKey(record) ? sql.join(keyTypes, sql``) : sql`, row_no integer, ord bigint`;
  const ids = identity.map(({ name, type }) => sql`, ${sql.id(name)} ${sql.raw(type)}`);
  const values = columns.flatMap(({ name, carriedType }) =>
    [name, `first ${name}`].map((each) => sql`, ${sql.id(each)} ${sql.raw(carriedType)}`),
  );
  await handOverAll(session, {
    ...(record.isReferred && { [record.knownName]: sql`id ${idType}${known}` }),
    [record.workName]: sql`first bigint, row_no integer, ord bigint, state "char", alt integer${sql.join([...ids, ...keyTypes, ...values], sql``)}`,
  });
}

/** Forgets what `findRecord` has noted of a record, to ask again. `keepsTouched`: but not what rows have made so far. */
export async function forgetFound(
  session: TargetSession,
  record: WrittenRecord,
  { keepsTouched = false } = {},
): Promise<void> {
  const known = record.isReferred ? sql`truncate ${record.known};` : sql``;
  const touched = sql`; delete from ${touchedRows} where record = ${sql.lit(record.plan.name)}`;
  await session.query(sql`${known} truncate ${record.work}${keepsTouched ? sql`` : touched}`);
}
