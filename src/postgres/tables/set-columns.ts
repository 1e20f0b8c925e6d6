/** Columns of the target that no field feeds: `set` of its definition, and the time of a change. */
import type { Importer } from "../../core/importer.ts";
import { createdName, type FixedValue, targetRecord } from "../../core/records.ts";
import { type Sql, sql } from "../connection/session.ts";
import type { Plan } from "./plan.ts";

export interface SetColumn {
  column: string;
  /** In the column's type; of a staged row `s`. */
  value: Sql;
  /** `create`: new records alone; `always`: records that are changed as well, where theirs differs. */
  when: "create" | "always";
}

/** Those of `set`, but the time; an importer's own loader fills what it wants. */
export function setColumns({ importer, target }: Pick<Plan, "importer" | "target">): SetColumn[] {
  if (importer.load !== undefined) return [];
  return Object.entries(importer.target.set ?? {}).flatMap(([column, source]): SetColumn[] => {
    const type = sql.raw(target.columns.get(column)?.castType ?? "text");
    switch (source.kind) {
      case "constant":
        return [{ column, value: sql`${textOf(source)}::text::${type}`, when: "always" }];
      case "on_create":
        return [{ column, value: sql`s.${sql.id(createdName(targetRecord, column))}::${type}`, when: "create" }];
      default:
        return [];
    }
  });
}

function textOf({ value }: Extract<FixedValue, { kind: "constant" }>): string | null {
  return value === null ? null : String(value);
}

/** Columns that get the time whenever a record is changed. */
export function changeTimes({ target }: Importer): string[] {
  return [...(target.updatedAt === undefined ? [] : [target.updatedAt]), ...timesOf(target)];
}

/** Columns that get the time when a record is created. */
export function creationTimes({ importer, target }: Pick<Plan, "importer" | "target">): string[] {
  if (importer.load !== undefined) return [];
  const { updatedAt } = importer.target;
  const column = updatedAt === undefined ? undefined : target.columns.get(updatedAt);
  const isNeeded = column?.notNull === true && column.defaultExpression === null && !column.generated;
  return [...(column !== undefined && isNeeded ? [column.name] : []), ...timesOf(importer.target)];
}

function timesOf({ set = {} }: Importer["target"]): string[] {
  return Object.entries(set).flatMap(([column, { kind }]) => (kind === "now" ? [column] : []));
}
