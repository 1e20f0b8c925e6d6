/**
 * What the catalogue demands of a record, tested set-based over the stage before a row can fail: not null, length, check,
 * foreign keys, unique indexes. What escapes this is found by halving the chunk.
 */

import { stageTypeOf } from "../../core/field.ts";
import { contextColumns, targetColumn } from "../../core/importer.ts";
import { tableId } from "../connection/connect.ts";
import { isDataError } from "../connection/row-errors.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import { integerRanges, keepsValue, type Stored, storedAs } from "../tables/kept-value.ts";
import type { TargetSession } from "../tables/on-target.ts";
import { holdsFor } from "../tables/partial-uniques.ts";
import type { Plan } from "../tables/plan.ts";
import { isMatched } from "../tables/records.ts";
import type { TargetColumn } from "../tables/target.ts";
import type { Demand } from "./demand.ts";
import { boundKeyDemands, foreignKeyDemands } from "./foreign-keys.ts";
import { lookupsOf } from "./lookups.ts";
import { hashOf, hashOfRecord, type Likeness } from "./match-file.ts";
import { matchKeys } from "./match-keys.ts";

/** Rows that break a demand whatever becomes of them: they are invalid, and no other row repeats them. */
export async function noteBrokenConstraints(session: TargetSession, plan: Plan): Promise<void> {
  for (const demand of demandsOf(plan))
    if (demand.always !== null) await noteBroken(session, plan, demand, demand.always);
}

/**
 * Rows that would break a demand as a new record. Runs when duplicates are found: a row that updates a record may leave
 * blank what the record has, and a row that is skipped breaks nothing.
 */
export async function noteBrokenCreates(session: TargetSession, plan: Plan): Promise<void> {
  const { rows, match } = stageTables(plan.job.id, plan.job.stageGeneration);
  for (const demand of demandsOf(plan)) {
    if (demand.always === demand.broken) continue;
    // Decided with the duplicates: see noteTaken and uniqueLikenesses.
    if (demand.unique !== undefined && plan.job.duplicates.strategy !== "update") continue;
    await noteBroken(session, plan, demand, demand.broken);
    if (demand.code !== "database_not_null" || demand.field === null || plan.job.duplicates.strategy !== "update")
      continue;
    // Rows that make a record together: one of them must have the value.
    await session.query(sql`
      update ${match} m set action = 'i', root = null, issue = ${issueOf(demand)}::jsonb
      from (
        select g.root from ${match} g join ${rows} s on s.row_no = g.row_no
        where g.action = 'c' group by g.root having count(s.${sql.id(demand.field)}) = 0
      ) b
      where m.root = b.root and m.action = 'c'
    `);
  }
}

/** Rows that would break a unique rule with a record, where no row updates any: they stay out, whatever repeats them. */
export async function noteTaken(session: TargetSession, plan: Plan): Promise<void> {
  for (const demand of demandsOf(plan))
    if (demand.unique?.by === "record") await noteBroken(session, plan, demand, demand.broken);
}

/** The same for unique rules that rows of the file break with one another. */
export function uniqueLikenesses(plan: Plan, pattern: Sql | null): Likeness[] {
  return demandsOf(plan).flatMap((demand) => {
    if (demand.unique?.by !== "row") return [];
    const { columns, stored } = demand.unique;
    const values = stored.map(({ of }) => of("s"));
    const filled = values.map((value) => sql`${value} is not null`);
    return [
      {
        values,
        hash: stored.every(({ isAsStaged }) => isAsStaged) ? hashOf(plan, columns, values) : hashOfRecord(values),
        filled: sql.join([...filled, demand.unique.where], sql` and `),
        written: [],
        isLookedUp: false,
        pattern,
        issue: issueOf(demand),
      },
    ];
  });
}

/** The condition that no row belongs to a record `t` that an import could match. */
function isAbsent(plan: Plan): Sql {
  const { job, importer } = plan;
  const { match } = stageTables(job.id, job.stageGeneration);
  return sql`${sql.id("t", importer.target.id)} not in (select m.record_id from ${match} m where m.record_id is not null)
    ${sameContext(plan)} ${isMatched(importer)}`;
}

/**
 * Whether a mirror removes what is absent before its rows go in: where some of these get a value that only one record may have, from one
 * that is not named by any.
 */
export async function removesFirst(session: TargetSession, plan: Plan): Promise<boolean> {
  const { job } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  for (const { unique } of demandsOf(plan)) {
    if (unique?.by !== "record") continue;
    const [{ some }] = await session.tables.query<{ some: boolean }>(sql`
      select exists (
        select from ${rows} s where s.row_no > 0 and ${unique.takenBy(isAbsent(plan))}
          and not exists (select from ${match} m where m.row_no = s.row_no and m.action = 'i')
      ) as some`);
    if (some) return true;
  }
  return false;
}

/** What fails for a row's value itself, as `100 / qty > 1` for 0, is left to the load, which finds that row. */
async function noteBroken(session: TargetSession, plan: Plan, demand: Demand, broken: Sql): Promise<void> {
  const { rows, match } = stageTables(plan.job.id, plan.job.stageGeneration);
  await session.savepoint("demand");
  try {
    await session.tables.query(sql`
      insert into ${match} (row_no, action, issue)
      select s.row_no, 'i', ${issueOf(demand)}::jsonb
      from ${rows} s
      where s.row_no > 0 and (${broken}) and not exists (select from ${match} m where m.row_no = s.row_no)
    `);
  } catch (error) {
    if (demand.code !== "database_check" || !isDataError(error)) throw error;
    return session.rollbackTo("demand");
  }
  await session.release("demand");
}

function issueOf({ code, field, params }: Demand): string {
  return JSON.stringify([{ c: code, ...(field && { f: field }), p: params }]);
}

export function demandsOf(plan: Plan): Demand[] {
  const { importer, target, job, columns } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  // A row may be skipped, or the first of its record.
  const updates = job.duplicates.strategy === "update" && !plan.skipsUndecided;
  /** Whether a cell's value is stored whatever becomes of its row. */
  const surelyStored = (name: string): boolean =>
    !updates || ["overwrite", "clear", "append"].includes(importer.fields[name].merge);
  const lookups = lookupsOf(importer, columns, job.assignment);
  const demands: Demand[] = [];
  /** Target column → the stage's column that fills it, where the value goes over as it is. */
  const plain = new Map<string, string>();
  for (const { name } of columns) {
    if (name === "owner_key") continue;
    const column = target.columns.get(targetColumn(importer, name) ?? "");
    if (column === undefined) continue;
    const looked = lookups.some((each) => each.name === name);
    if (!looked) plain.set(column.name, name);
    if (importer.load !== undefined) continue;
    if (column.notNull && column.defaultExpression === null) {
      const broken = sql`s.${sql.id(name)} is null`;
      const always = !updates || importer.fields[name].merge === "clear" ? broken : null;
      demands.push({ code: "database_not_null", field: name, params: { column: column.name }, broken, always });
    }
    const { maxLength, maxBytes } = column;
    const isList = stageTypeOf(importer.fields[name]).type.endsWith("[]");
    // What is no list gets into an array by its text.
    if ((maxLength !== null || maxBytes !== null) && !looked && isList === column.baseType.endsWith("[]")) {
      const broken = ofEach(name, isList, (value) =>
        maxLength !== null
          ? sql`length(${value}::text) > ${sql.lit(maxLength)}`
          : sql`octet_length(${value}::text) > ${sql.lit(maxBytes)}`,
      );
      demands.push({
        code: "database_too_long",
        field: name,
        params: { column: column.name, max: (maxLength ?? maxBytes) as number },
        broken,
        // Storing it would cut it without an error.
        always: surelyStored(name) || maxBytes !== null ? broken : null,
      });
    }
    /** The column's type does not take the value where `broken` holds. */
    const doesNotFit = (broken: Sql, isCut = false): void => {
      const always = surelyStored(name) || isCut ? broken : null;
      demands.push({ code: "database_out_of_range", field: name, params: { column: column.name }, broken, always });
    };
    const range = integerRanges[column.baseType.replace(/\[\]$/, "")];
    const staged = stageTypeOf(importer.fields[name]).type.replace(/\[\]$/, "");
    // A decimal that is no whole number is one of none of these types: a cast would round it.
    const isDecimal = staged === "numeric";
    if (range !== undefined && (isDecimal || staged === "bigint") && isList === column.baseType.endsWith("[]")) {
      const [least, most] = range.map((limit) => sql.raw(limit));
      const outside = (value: Sql) => sql`${value} not between ${least} and ${most}`;
      if (isDecimal)
        doesNotFit(
          ofEach(name, isList, (value) => sql`(${outside(value)} or ${value} <> trunc(${value}))`),
          true,
        );
      else if (!column.baseType.startsWith("bigint")) doesNotFit(ofEach(name, isList, outside));
    }
    const digits = /^numeric\((\d+),(\d+)\)$/.exec(column.castType);
    if (digits !== null && stageTypeOf(importer.fields[name]).type === "numeric") {
      doesNotFit(
        sql`abs(round(s.${sql.id(name)}, ${sql.lit(Number(digits[2]))})) >= 10::numeric ^ ${sql.lit(Number(digits[1]) - Number(digits[2]))}`,
      );
    }
  }
  // A loader of one's own may do with a value what it wants, but not point at another tenant's record.
  if (importer.load !== undefined) return boundKeyDemands(plan, plain);
  for (const check of target.checks) {
    const filled = check.columns.map((column) => ({ column: target.columns.get(column), from: plain.get(column) }));
    if (
      !filled.every(({ column, from }) => column !== undefined && from !== undefined && keepsValue(plan, from, column))
    )
      continue;
    const values = filled.map(
      ({ column, from }) =>
        sql`s.${sql.id(from as string)}::${sql.raw((column as TargetColumn).castType)} as ${sql.id(check.ofDomain ? "value" : (column as TargetColumn).name)}`,
    );
    // The expression as the catalogue has it; names of columns are found in the sub-select.
    const broken = sql`(select not (${sql.raw(check.expression)}) from (select ${sql.join(values)}) as checked)`;
    const field = check.columns.length === 1 ? (filled[0].from as string) : null;
    const always = updates
      ? field !== null && surelyStored(field)
        ? sql`s.${sql.id(field)} is not null and ${broken}`
        : null
      : broken;
    demands.push({ code: "database_check", field, params: { constraint: check.name }, broken, always });
  }
  demands.push(...foreignKeyDemands(plan, plain, surelyStored));
  const [strongest] = job.duplicates.strategy === "create" ? [] : matchKeys(plan);
  const given = new Set(contextColumns(importer));
  for (const unique of [...target.uniques, ...target.partialUniques]) {
    const fed = unique.columns.filter((column) => !given.has(column));
    const fields = fed.map((column) => plain.get(column));
    const columnsOf = fed.map((column) => target.columns.get(column) as TargetColumn);
    if (fields.length === 0 || fields.some((name) => name === undefined)) continue;
    // The strongest key decides what becomes of a value that is there twice; of records that it does not see, the index does. A weaker
    // one may be outvoted.
    const isKey = strongest?.every((field) => fields.includes(field));
    if (isKey && importer.match.where === undefined) continue;
    const values = fields.map((name, k) => storedAs(plan, name as string, columnsOf[k]));
    if (values.some((value) => value === null)) continue;
    const stored = values as Stored[];
    const holds = holdsFor(plan, unique, plain);
    if (holds === null) continue;
    const inIndex = unique.predicate === null ? sql`` : sql`and ${sql.raw(unique.predicate)}`;
    const same = (other: (k: number) => Sql) =>
      sql.join(
        stored.map(({ of }, k) => sql`${other(k)} = ${of("s")}`),
        sql` and `,
      );
    const earlier = sql`exists (
      select from ${rows} e where ${same((k) => stored[k].of("e"))} and e.row_no < s.row_no and ${holds("e")}
        and not exists (select from ${match} k where k.row_no = e.row_no and k.action in ('i', 'f', 't'))
    )`;
    const scoped = fed.length < unique.columns.length ? sameContext(plan) : sql``;
    const takenBy = (where: Sql): Sql =>
      sql`${holds("s")} and exists (select from ${tableId(importer.target.table)} t where ${same((k) => sql.id("t", fed[k]))} ${scoped} ${inIndex} and ${where})`;
    // Two tests rather than one with `or`, so that each can be a hash join.
    const field = fields.length === 1 ? (fields[0] as string) : null;
    const demand = { code: "database_unique", field, params: { index: unique.name }, always: null } as const;
    // What a mirror removes is gone before the rows go in: see `removesFirst`.
    const stays = job.mode === "mirror" ? sql`(${isAbsent(plan)}) is not true` : sql`true`;
    demands.push({ ...demand, broken: takenBy(stays), unique: { by: "record", takenBy } });
    // What an earlier row leaves to its record's own value breaks nothing.
    if (isKey || (updates && !fields.every((name) => surelyStored(name as string)))) continue;
    const broken = sql`${holds("s")} and ${earlier}`;
    demands.push({ ...demand, broken, unique: { by: "row", columns: fields as string[], stored, where: holds("s") } });
  }
  return demands;
}

/** A test of the staged value; of a list, of each of its elements. */
function ofEach(name: string, isList: boolean, test: (value: Sql) => Sql): Sql {
  const staged = sql`s.${sql.id(name)}`;
  return isList ? sql`exists (select from unnest(${staged}) u (e) where ${test(sql`u.e`)})` : test(staged);
}
