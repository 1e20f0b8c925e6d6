/** The parts that the statements of the load are put together from: fields on their way, owners, history, counters. */
import { targetColumn } from "../../core/importer.ts";
import { tableId } from "../connection/connect.ts";
import type { Part } from "../connection/parts.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { stagedValue } from "../match/staged-value.ts";
import { type Carried, carriedTo, shownValues } from "../tables/carried.ts";
import { documentMembers } from "../tables/document-values.ts";
import type { Plan } from "../tables/plan.ts";
import { creationTimes, setColumns } from "../tables/set-columns.ts";

/** A chunk as its statements need it. */
export interface LoadedChunk {
  no: number;
  rankBase: number;
}

/**
 * The fields as the statements over groups call them: with a space before the name, so that none is taken for a column of the
 * statements' own, such as `id`. `field`: the name alone.
 */
export function groupedFields(plan: Plan): (Carried & { field: string })[] {
  return carriedFields(plan).map((each) => ({ ...each, field: each.name, name: ` ${each.name}` }));
}

export function carriedFields(plan: Plan): Carried[] {
  const { importer, columns, target } = plan;
  const fields = columns.flatMap(({ name, type, parts = [] }): Carried[] => {
    // A loader of one's own gets the names of a field's columns as well.
    if (!Object.hasOwn(importer.fields, name) && (importer.load === undefined || name === "owner_key")) return [];
    const at = targetColumn(importer, name);
    if (at === null && importer.load === undefined) return [];
    const field = Object.hasOwn(importer.fields, name) ? importer.fields[name] : undefined;
    const column = target.columns.get(at ?? name);
    const members = field?.kind === "json" ? documentMembers(parts, column) : null;
    const merge = field?.merge ?? "overwrite";
    const value = stagedValue(plan, name, type, column);
    return [carriedTo(column, { name, column: column?.name ?? name, merge, members, value })];
  });
  // No field can be called so.
  const set = setColumns(plan).map(({ column, value, when }) => {
    const merge = when === "create" ? "never" : "overwrite";
    return carriedTo(target.columns.get(column), { name: `of ${column}`, column, merge, value });
  });
  return [...fields, ...set, ...(plan.records?.columns ?? [])];
}

/** Columns that the caller fills, not the file: job, context, time. */
export function givenColumns({ job, importer, target, records }: Plan): { column: string; value: Sql }[] {
  const given = Object.entries(importer.context ?? {}).map(([name, { column, type }]) => ({
    column: column ?? name,
    value: sql`${job.context[name]}::${sql.raw(type ?? "text")}`,
  }));
  if (importer.target.job !== undefined) given.push({ column: importer.target.job, value: sql`${job.id}::bigint` });
  for (const column of [...creationTimes({ importer, target }), ...(records?.now ?? [])])
    given.push({ column, value: sql`now()` });
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
    const told = ["old_values", "new_values"].map((name) =>
      shownValues(plan.target.columns.values(), sql.id("h", name)),
    );
    values.push(...told);
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
