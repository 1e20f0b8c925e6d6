/**
 * The records of an importer whose rows make several, each planned as though its table were the importer's only one: so the
 * undo of one table is the undo of them all, one after the other.
 */
import { SluiceError, told } from "../../core/errors.ts";
import { removes } from "../../core/modes.ts";
import { linkName, type RecordPlan, targetRecord } from "../../core/records.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { roleOf, runOf } from "../tables/on-target.ts";
import { importerOf, importerOfLink, keyOf, typedColumns } from "../tables/one-record.ts";
import type { Plan } from "../tables/plan.ts";
import { quotedName, readTable, type TargetTable } from "../tables/target.ts";
import { type Reference, servesAll } from "./reference.ts";
import type { TablePlan, UndoneRecord } from "./undone-record.ts";

/**
 * In the order in which they were written.
 *
 * @throws SluiceError `invalid` where the import wrote a record that the importer no longer has, or a table is gone.
 */
export async function planRecords(database: Database, plan: Plan): Promise<TablePlan[]> {
  const { importer } = plan;
  const records = importer.records ?? [];
  const role = roleOf(runOf(plan));
  const known = new Map<string, TargetTable>();
  const read = async (table: string): Promise<TargetTable> => {
    const target = known.get(table) ?? (await readTable(database, table, role));
    known.set(table, target);
    return target;
  };
  const planned: TablePlan[] = [];
  for (const record of records) {
    const target = await read(record.table);
    const whole = { ...plan, target, importer: importerOf(importer, record) };
    const about = recordOf(record, target);
    if (record.isMain) planned.push({ ...whole, record: { ...about, isInChunk: true } });
    planned.push({ ...whole, record: about });
    const { name, link } = record;
    if (link !== null) planned.push(linkPlan(plan, name, link, await read(link.table)));
  }
  await refuseUnknown(database, plan, planned);
  const tables = [...new Set(planned.map(({ target }) => target.name))];
  return planned.map((each) => ({ ...each, record: each.record === null ? null : { ...each.record, tables } }));
}

/** Of an importer with one table: what it wrote there, and what a replace or a mirror took away. */
export function planTarget(plan: Plan): TablePlan[] {
  const only = { ...plan, record: null };
  if (!removes(plan.job.mode)) return [only];
  const removed: UndoneRecord = {
    name: targetRecord,
    key: null,
    versions: null,
    isInChunk: false,
    tables: [plan.target.name],
  };
  return [only, { ...plan, importer: { ...plan.importer, history: undefined }, record: removed }];
}

function recordOf(record: RecordPlan, target: TargetTable): UndoneRecord {
  const { name, keys, scope, versions } = record;
  const of = [...(keys[0] ?? []), ...scope].map(({ column }) => column);
  return {
    name,
    key: keyOf(record, target),
    versions: versions === null ? null : { to: versions.to, of },
    isInChunk: false,
    tables: [],
  };
}

function linkPlan(plan: Plan, name: string, link: NonNullable<RecordPlan["link"]>, target: TargetTable): TablePlan {
  return {
    ...plan,
    target,
    importer: importerOfLink(plan.importer, link),
    record: {
      name: linkName(name),
      key: typedColumns(target, [link.column, link.to]),
      versions: null,
      isInChunk: false,
      tables: [],
    },
  };
}

async function refuseUnknown(
  database: Database,
  { job, importer }: Plan,
  planned: readonly TablePlan[],
): Promise<void> {
  const names = planned.flatMap(({ record }) => record?.name ?? []);
  const [unknown] = await database.query<{ record: string }>(sql`
    select record from sluice.import_record_chunks where job_id = ${job.id} and record <> all (${names}::text[])
    union all
    select record from sluice.import_record_changes where job_id = ${job.id} and record <> all (${names}::text[])
    order by 1 limit 1
  `);
  if (unknown === undefined) return;
  throw new SluiceError(
    "invalid",
    told`Import ${job.id} cannot be undone: it wrote a record "${unknown.record}", which the importer "${importer.name}" no longer has. Restore the importer to undo it.`,
  );
}

/**
 * The references between records that the importer itself makes, where the database has no foreign key for them, by the name of
 * the table that is referred to.
 */
export async function impliedReferences(
  database: Database,
  plan: Plan,
  planned: readonly TablePlan[],
): Promise<Map<string, Reference[]>> {
  const records = plan.importer.records ?? [];
  const tableOf = (name: string): TablePlan | undefined => planned.find(({ record }) => record?.name === name);
  const implied = new Map<string, Reference[]>();
  const add = async (from: string, column: string, to: string): Promise<void> => {
    const [referring, referred] = [tableOf(from), tableOf(to)];
    if (referring === undefined || referred === undefined || referred.record?.key !== null) return;
    const { table } = referring.importer.target;
    const quoted = quotedName(table);
    const [{ indexed }] = await database.query<{ indexed: boolean }>(sql`
      select exists (
        select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = to_regclass(${quoted}) and i.indisvalid and ${servesAll} and a.attname = ${column}
      ) as indexed`);
    const reference: Reference = {
      table: referring.target.name,
      quoted,
      columns: [column],
      keys: [referred.importer.target.id],
      isSelf: referring.target.name === referred.target.name,
      isHistory: false,
      yields: false,
      indexed,
      seenBy: roleOf(runOf(plan)) === null ? "connection" : "tables",
    };
    implied.set(referred.target.name, [...(implied.get(referred.target.name) ?? []), reference]);
  };
  for (const { name, columns, link, path } of records) {
    for (const { column, source } of columns) if (source.kind === "ref") await add(name, column, source.record);
    if (path !== null) await add(name, path.parent, name);
    if (link === null) continue;
    await add(linkName(name), link.column, link.from);
    await add(linkName(name), link.to, name);
  }
  return implied;
}
