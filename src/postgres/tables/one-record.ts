/** One of several records of an importer, as though it were the only one: what works with one target works with each of them. */
import type { Importer } from "../../core/importer.ts";
import type { RecordPlan } from "../../core/records.ts";
import type { KeyColumn } from "./record-key.ts";
import type { TargetTable } from "./target.ts";

/** The importer as if it had this record alone; of one without an id its target is told by the first column of the key. */
export function importerOf(importer: Importer, record: RecordPlan): Importer {
  const { isMain } = record;
  const ownTime = record.columns.find(({ source }) => source.kind === "now")?.column;
  const updatedAt = (isMain ? importer.target.updatedAt : undefined) ?? ownTime;
  return {
    ...importer,
    target: { ...targetOf(record), updatedAt },
    context: contextOf(importer, record),
    history: isMain ? importer.history : undefined,
    records: undefined,
  };
}

/** The same for the rows of a record's link table. */
export function importerOfLink(importer: Importer, { table, column }: NonNullable<RecordPlan["link"]>): Importer {
  return { ...importer, target: { table, id: column }, context: {}, history: undefined, records: undefined };
}

/** Its table; of one without an id the first column of its key tells that a record is there. */
export function targetOf({ table, id, keys }: RecordPlan): Pick<Importer["target"], "table" | "id"> {
  return { table, id: id ?? keys[0]?.[0]?.column ?? "id" };
}

/** The context values that bound the record, in its own columns. */
export function contextOf({ context }: Importer, { scope }: RecordPlan): NonNullable<Importer["context"]> {
  return Object.fromEntries(
    scope.flatMap(({ column, source }) =>
      source.kind === "context" ? [[source.name, { ...context?.[source.name], column }] as const] : [],
    ),
  );
}

/** The columns that a record is known by, where it has no id. */
export function keyOf({ id, keys }: Pick<RecordPlan, "id" | "keys">, target: TargetTable): KeyColumn[] | null {
  return id === null ? typedColumns(target, keys[0]?.map(({ column }) => column) ?? []) : null;
}

export function typedColumns(target: TargetTable, columns: readonly string[]): KeyColumn[] {
  return columns.map((column) => {
    const { type = "text", leadsIndex = true } = target.columns.get(column) ?? {};
    return { column, type, leadsIndex };
  });
}
