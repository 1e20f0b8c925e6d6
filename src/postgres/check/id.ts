/** Whether the target's id identifies one record: updates, history and undo rely on it. */
import { told } from "../../core/errors.ts";
import { mainRecord } from "../../core/records.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { type Finder, failure } from "./finding.ts";

export const findUnfitId: Finder = async ({ database, importer, target }) => {
  const { id } = importer.target;
  const plan = mainRecord(importer);
  if (plan?.id === null) return [];
  /** Where the definition says it. */
  const setting = (name: string): string =>
    plan === undefined ? `target: { id: "${name}" }` : `records: { ${plan.name}: { id: "${name}" } }`;
  const column = target.columns.get(id);
  // Of a view nobody knows; a loader of one's own knows its records as it likes.
  if (column === undefined || importer.load !== undefined || !["r", "p"].includes(target.kind)) return [];
  // Lists of ids are arrays, and an array of arrays is one longer array.
  if (column.element !== null)
    return [
      failure(
        told`${target.name}.${id}, the id of the importer "${importer.name}", is an array. Name another column: a number, text or a UUID, for example.`,
      ),
    ];
  const context = Object.entries(importer.context ?? {}).map(([name, { column: own }]) => own ?? name);
  const { uniques, partition } = await readUniques(database, target.oid);
  // Within a context its columns are the same; those of the partitions must be in every key, whatever it is meant for.
  const beside = new Set([id, ...context, ...partition]);
  if (!uniques.some((key) => key.includes(id) && key.every((name) => beside.has(name)))) {
    const fresh = target.columns.has("id") ? "record_id" : "id";
    const others = uniques.filter((key) => key.length === 1).flat();
    return [
      failure(
        others.length > 0
          ? told`${target.name}.${id}, the id of the importer "${importer.name}", may identify several records: no unique index covers it alone. Set ${setting(others[0])}, or make it unique: create unique index on ${target.name} (${id})`
          : told`${target.name}.${id}, the id of the importer "${importer.name}", may identify several records: no unique index covers it alone. Give the table an id, and set ${setting(fresh)}: alter table ${target.name} add column ${fresh} bigint generated always as identity primary key`,
      ),
    ];
  }
  if (column.notNull) return [];
  return [
    failure(
      told`${target.name}.${id}, the id of the importer "${importer.name}", may be null, and such records cannot be told apart. Name another column, or run: alter table ${target.name} alter column ${id} set not null`,
    ),
  ];
};

/** The columns of each unique index without a condition, the primary key's first, and those by which the table is partitioned. */
async function readUniques(database: Database, oid: number): Promise<{ uniques: string[][]; partition: string[] }> {
  const [found] = await database.query<{ uniques: string[][]; partition: string[] }>(sql`
    select coalesce((
        select jsonb_agg((
            select jsonb_agg(a.attname order by k.place) from unnest(i.indkey::int2[]) with ordinality k (attnum, place)
              join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum where k.place <= i.indnkeyatts
          ) order by i.indisprimary desc, i.indexrelid)
        from pg_index i
        where i.indrelid = ${oid} and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
      ), '[]') as uniques,
      array(
        select a.attname::text from pg_partitioned_table p cross join unnest(p.partattrs::int2[]) k (attnum)
          join pg_attribute a on a.attrelid = p.partrelid and a.attnum = k.attnum where p.partrelid = ${oid}
      ) as partition
  `);
  return found;
}
