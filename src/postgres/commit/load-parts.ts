/** The parts that the statements of the load are put together from: fields on their way, owners, history, counters. */
import type { Field } from "../../core/field.ts";
import type { MergeRule } from "../../core/fields/kind.ts";
import { targetColumn } from "../../core/importer.ts";
import { tableId } from "../connection/connect.ts";
import type { Part } from "../connection/parts.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { lookupsOf } from "../match/lookups.ts";
import { stageTables } from "../stage/stage.ts";
import type { Plan } from "../tables/plan.ts";
import type { TargetColumn } from "../tables/target.ts";

/** A chunk as its statements need it. */
export interface LoadedChunk {
  no: number;
  rankBase: number;
}

/** A field on its way from the stage (`s`) to its column. */
export interface Carried {
  name: string;
  column: string;
  merge: MergeRule;
  /** The value in the column's type. */
  value: Sql;
  /** The column's default, for a record that is created with a blank. */
  fallback: string | null;
  isText: boolean;
  /** How rows of one record are merged: as they are, or as text where the type cannot be gathered or compared. */
  carry(value: Sql): Sql;
  /** A carried value in the column's type. */
  store(carried: Sql): Sql;
  /** A carried value as it is compared. */
  compared(carried: Sql): Sql;
}

/** Arrays gather into arrays of more dimensions; these others have no equality, or one that takes different values for the same. */
const carriedAsText = /\[\]$|^(?:json|xml|citext|point|line|lseg|box|path|polygon|circle|tsvector|tsquery)$/;

/**
 * The fields as the statements over groups call them: with a space before the name, so that none is taken for a column of the
 * statements' own, such as `id`. `field`: the name alone.
 */
export function groupedFields(plan: Plan): (Carried & { field: string })[] {
  return carriedFields(plan).map((each) => ({ ...each, field: each.name, name: ` ${each.name}` }));
}

export function carriedFields(plan: Plan): Carried[] {
  const { importer, columns, target, job } = plan;
  const lookups = lookupsOf(importer, columns, job.assignment);
  return columns
    .filter(({ name }) => name !== "owner_key")
    .map(({ name, type }) => {
      const column = target.columns.get(targetColumn(importer, name));
      const looked = lookups.some((each) => each.name === name);
      const raw = looked ? sql`${sql.id(`l_${name}`)}.id` : sql`s.${sql.id(name)}`;
      const sameType = column === undefined || (!looked && column.type === type);
      return {
        name,
        column: column?.name ?? name,
        merge: importer.fields[name].merge,
        value: sameType ? raw : castTo(column.castType, raw, importer.fields[name]),
        fallback: column?.defaultExpression ?? null,
        isText: column === undefined || /^(?:text|character|bpchar|citext)/.test(column.baseType),
        ...carriage(column),
      };
    });
}

function carriage(column: TargetColumn | undefined): Pick<Carried, "carry" | "store" | "compared"> {
  if (column === undefined || !carriedAsText.test(column.baseType))
    return { carry: (value) => value, store: (carried) => carried, compared: (carried) => carried };
  return {
    carry: (value) => sql`${value}::text`,
    store: (carried) => sql`${carried}::${sql.raw(column.castType)}`,
    // White space and the order of members say nothing.
    compared: (carried) => (column.baseType === "json" ? sql`${carried}::jsonb` : carried),
  };
}

/** A carried value, or its column's default where it is blank. */
export function carriedOrDefault({ fallback, carry, store }: Carried, carried: Sql): Sql {
  return fallback === null ? carried : sql`coalesce(${carried}, ${carry(store(sql`(${sql.raw(fallback)})`))})`;
}

function castTo(type: string, value: Sql, field: Field): Sql {
  // A time without zone is the field's own: the session's must not decide.
  if (field.kind === "datetime" && /^timestamp.* without time zone$/.test(type))
    return sql`(${value} at time zone ${sql.lit(field.timeZone)})`;
  return sql`${value}::${sql.raw(type)}`;
}

export function lookupJoins({ job, importer, columns }: Plan): Sql {
  const { lookup } = stageTables(job.id, job.stageGeneration);
  const joins = lookupsOf(importer, columns, job.assignment).map(({ name }) => {
    const alias = sql.id(`l_${name}`);
    return sql`left join ${lookup} ${alias} on ${alias}.name = ${sql.lit(name)} and ${alias}.word = lower(s.${sql.id(name)})`;
  });
  return sql.join(joins, sql` `);
}

/** Columns that the caller fills, not the file: job, context. */
export function givenColumns({ job, importer }: Plan): { column: string; value: Sql }[] {
  const given = Object.entries(importer.context ?? {}).map(([name, { column, type }]) => ({
    column: column ?? name,
    value: sql`${job.context[name]}::${sql.raw(type ?? "text")}`,
  }));
  if (importer.target.job !== undefined) given.push({ column: importer.target.job, value: sql`${job.id}::bigint` });
  return given;
}

/** Who gets the n-th created record of the chunk; null when nobody is assigned. `rank` counts from 0 over the whole job. */
export function ownerValue(plan: Plan, rank: Sql): { column: string; value: Sql } | null {
  const { job, importer, target } = plan;
  if (importer.assign === undefined) return null;
  const { column } = importer.assign;
  const type = sql.raw(target.columns.get(column)?.castType ?? "text");
  const { assignment } = job;
  switch (assignment.mode) {
    case "none":
      return null;
    case "single":
      return { column, value: sql`${assignment.owner}::${type}` };
    case "round-robin": {
      const turns = assignment.owners.flatMap(({ owner, weight }) => Array.from({ length: weight }, () => owner));
      return { column, value: sql`(${turns}::text[])[1 + ((${rank}) % ${sql.lit(turns.length)})::integer]::${type}` };
    }
    case "column":
      return { column, value: sql`coalesce(l_owner_key.id, ${assignment.fallback ?? null}::text)::${type}` };
  }
}

/** The part that writes the history of the records in `source`; null without a history table. */
export function historyOf(
  plan: Plan,
  name: string,
  source: string,
  event: "imported" | "updated" | "undone",
  actor: string | null = plan.job.createdBy,
): Part | null {
  const { job, importer } = plan;
  const { history } = importer;
  if (history === undefined) return null;
  const columns = [sql.id(history.record), sql.id(history.event ?? "event")];
  const values: Sql[] = [sql`h.id`, sql.lit(event)];
  if (history.job !== undefined) {
    columns.push(sql.id(history.job));
    values.push(sql`${job.id}::bigint`);
  }
  if (history.actor !== undefined) {
    columns.push(sql.id(history.actor));
    values.push(sql`${actor}::text`);
  }
  if (event !== "imported") {
    columns.push(sql.id(history.oldValues ?? "old_values"), sql.id(history.newValues ?? "new_values"));
    values.push(sql`h.old_values`, sql`h.new_values`);
  }
  return {
    name,
    query: sql`insert into ${tableId(history.table)} (${sql.join(columns)}) select ${sql.join(values)} from ${sql.id(source)} h`,
  };
}

/** The ids of records as one text, which `countInto` takes: an array that no one reads on its way from statement to statement. */
export function idsOf(plan: Plan, source: string): Sql {
  return sql`(select array_agg(id::${sql.raw(hasNumberIds(plan) ? "bigint" : "text")})::text from ${sql.id(source)})`;
}

function hasNumberIds({ target, importer }: Plan): boolean {
  return /^(?:bigint|integer|smallint)$/.test(target.columns.get(importer.target.id)?.type ?? "text");
}

/** Adds to the chunk's counters, and to its ids of created records those that `idsOf` gave. */
export async function countInto(
  session: Session,
  plan: Plan,
  chunk: LoadedChunk,
  counts: Readonly<Record<string, number>>,
  ids: string | null,
): Promise<void> {
  const [column, type] = hasNumberIds(plan) ? ["created_ids", "bigint[]"] : ["created_keys", "text[]"];
  const parts = Object.entries(counts).map(([name, count]) => sql`${sql.id(name)} = ${sql.id(name)} + ${count}`);
  if (ids !== null) parts.push(sql`${sql.id(column)} = ${sql.id(column)} || ${ids}::text::${sql.raw(type)}`);
  await session.query(sql`
    update sluice.import_chunks set ${sql.join(parts)} where job_id = ${plan.job.id} and chunk_no = ${chunk.no}
  `);
}

/** What a blank cell stores is the column's default, null without one. */
export function withDefault({ value, fallback }: Pick<Carried, "value" | "fallback">): Sql {
  return fallback === null ? value : sql`coalesce(${value}, ${sql.raw(fallback)})`;
}
