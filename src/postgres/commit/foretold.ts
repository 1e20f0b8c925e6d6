/**
 * Whether what a commit would do can be told by the match alone. Where the table decides for itself (triggers, policies, indexes over
 * expressions, casts that may fail), a dry run has to load the rows and take them back.
 */
import {
  contextColumns,
  type History,
  historyColumns,
  type Importer,
  keyColumn,
  targetColumn,
} from "../../core/importer.ts";
import { removes } from "../../core/modes.ts";
import { sql } from "../connection/session.ts";
import { demandsOf } from "../match/constraints.ts";
import { fieldsByColumn, mayReferToOneAnother } from "../match/foreign-keys.ts";
import { lookupsOf } from "../match/lookups.ts";
import { matchKeys } from "../match/match-keys.ts";
import { stageTables } from "../stage/stage.ts";
import { filledBeside } from "../tables/filled-beside.ts";
import { keepsValue, storedAs } from "../tables/kept-value.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { quotedName, type TargetColumn, type TargetTable } from "../tables/target.ts";
import { ruleBrokenByDefaults } from "../tables/unfed-checks.ts";

/** Bytes of a row's indexed text that any index can hold: a third of a page, less for the rest of the entry. */
const safeIndexBytes = 2000;

/** What the catalogue says of a table beyond what the match tests. */
interface Surprises {
  /** Triggers, rules, policies, exclusion constraints, generated columns, indexes that may fail, checks that may read other records. */
  any: boolean;
  /** Columns in an index. */
  indexed: string[];
  /** The columns of each unique index; of an expression null, but for `lower(column)`. */
  uniques: (string | null)[][];
}

export async function isForetold(session: TargetSession, plan: Plan): Promise<boolean> {
  const { importer, target, job } = plan;
  if (removes(job.mode)) return false;
  if (importer.load !== undefined || plan.tables !== undefined || target.mayLeaveOut || target.hasPolicies)
    return false;
  const surprises = await readSurprises(session, importer.target.table);
  if (surprises.any) return false;
  if (importer.history !== undefined && !(await takesAnything(session, importer.history))) return false;
  if (!castsAreSafe(plan) || !checksAreTested(plan) || !uniquesAreTested(plan, surprises.uniques)) return false;
  if (!foreignKeysAreTested(plan)) return false;
  if ((await ruleBrokenByDefaults(session, target, fedColumns(plan))) !== null) return false;
  // What breaks a rule only where it is stored may go in or not, as the records' values are.
  const updates = job.duplicates.strategy === "update";
  if (updates && demandsOf(plan).some(({ code, always }) => always === null && code !== "database_not_null"))
    return false;
  return !(await hasLongKeys(session, plan, surprises.indexed));
}

async function readSurprises(session: TargetSession, table: string): Promise<Surprises> {
  const [surprises] = await session.query<Surprises>(sql`
    with recursive parts (oid) as (
      select to_regclass(${quotedName(table)})::oid
      union all
      select i.inhrelid from parts join pg_inherits i on i.inhparent = parts.oid
    ), domains (oid) as (
      select a.atttypid from pg_attribute a where a.attrelid in (select oid from parts) and a.attnum > 0 and not a.attisdropped
      union
      select t.typbasetype from domains join pg_type t on t.oid = domains.oid where t.typtype = 'd'
    ), indexes as (
      select i.*, array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(1, i.indnkeyatts) k) as keys
      from pg_index i where i.indrelid in (select oid from parts) and i.indisvalid
    )
    select exists (select from pg_trigger t where t.tgrelid in (select oid from parts) and not t.tgisinternal and t.tgenabled <> 'D')
        or exists (select from pg_rewrite r where r.ev_class in (select oid from parts))
        or exists (select from pg_class c where c.oid in (select oid from parts) and (c.relkind not in ('r') or c.relrowsecurity))
        or exists (select from pg_constraint c where c.conrelid in (select oid from parts) and c.contype = 'x')
        -- A function in a check may read what the rows before have written, whatever it says of itself.
        or exists (
          select from pg_constraint c join pg_depend d on d.classid = 'pg_constraint'::regclass and d.objid = c.oid and d.refclassid = 'pg_proc'::regclass
            join pg_proc p on p.oid = d.refobjid join pg_language l on l.oid = p.prolang
          where c.contype = 'c' and l.lanname not in ('internal', 'c') and (c.conrelid in (select oid from parts) or c.contypid in (select oid from domains)))
        or exists (select from pg_attribute a where a.attrelid in (select oid from parts) and a.attgenerated <> '' and not a.attisdropped)
        or exists (select from indexes i join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam where m.amname not in ('btree', 'hash', 'brin'))
        or exists (select from indexes i where i.indisunique and i.indpred is not null)
        or exists (select from indexes i where i.indisunique and pg_get_indexdef(i.indexrelid) ~ ' NULLS NOT DISTINCT')
        or exists (select from indexes i where i.indpred is not null and pg_get_expr(i.indpred, i.indrelid) !~ '^\\(?"?[^()]+"? IS NOT NULL\\)?$')
        or exists (select from indexes i, unnest(i.keys) key where key like '%(%' and key !~ '^lower\\(+"?[^()"]+"?\\)*(::text)?\\)*$') as any,
      array(select distinct regexp_replace(key, '^lower\\(+|"|\\)*(::text)?\\)*$', '', 'g') from indexes i, unnest(i.keys) key) as indexed,
      coalesce((select jsonb_agg((select jsonb_agg(regexp_replace(key, '^lower\\(+|"|\\)*(::text)?\\)*$', '', 'g')) from unnest(i.keys) key))
        from indexes i where i.indisunique), '[]') as uniques
  `);
  return surprises;
}

/** Whether the history's table refuses nothing of what is written to it. */
async function takesAnything(session: TargetSession, history: History): Promise<boolean> {
  const { table } = history;
  const { any, uniques } = await readSurprises(session, table);
  const written = historyColumns(history);
  if (any || uniques.some((unique) => unique.some((column) => column === null || written.includes(column))))
    return false;
  const [{ refuses }] = await session.query<{ refuses: boolean }>(sql`
    select exists (select from pg_constraint c where c.conrelid = h.oid and c.contype = 'c')
        or exists (
          select from pg_attribute a join pg_type t on t.oid = a.atttypid
          where a.attrelid = h.oid and a.attname = any (${written}::text[]) and (t.typtype <> 'b' or a.atttypmod >= 0)
        ) as refuses
    from (select to_regclass(${quotedName(table)})::oid as oid) h
  `);
  return !refuses;
}

/** Whether every value reaches its column by a cast that cannot fail, or that the match has tested. */
function castsAreSafe(plan: Plan): boolean {
  const { importer, columns, target, job } = plan;
  const looked = new Set(lookupsOf(importer, columns, job.assignment).map(({ name }) => name));
  return columns.every(({ name, type }) => {
    if (name === "owner_key") return true;
    const to = targetColumn(importer, name);
    if (to === null) return true;
    const column = target.columns.get(to);
    if (column === undefined) return looked.has(name);
    if (looked.has(name)) return true;
    if (type === "text" && (column.baseType === "bpchar" || column.baseType === "name")) return true;
    if (/^bigint(?:\[\])?$/.test(type) && /^(?:integer|smallint)(?:\[\])?$/.test(column.baseType)) return true;
    if (type.endsWith("[]") && /^jsonb?$/.test(column.baseType)) return true;
    return keepsValue(plan, name, column);
  });
}

/** Whether the match tests every CHECK: those over columns that only the file fills, as it fills them. */
function checksAreTested(plan: Plan): boolean {
  const { importer, target } = plan;
  const from = fieldsByColumn(plan);
  const given = new Set(givenBeside(importer));
  return target.checks.every((check) => {
    const touched = check.columns.filter((column) => from.has(column) || given.has(column));
    if (touched.length === 0) return true;
    return check.columns.every((name) => {
      const column = target.columns.get(name);
      const stage = from.get(name);
      return (
        column !== undefined &&
        stage !== undefined &&
        column.defaultExpression === null &&
        keepsValue(plan, stage, column)
      );
    });
  });
}

/** Whether the match tests every foreign key that the file, or the file and the context, feed. */
function foreignKeysAreTested(plan: Plan): boolean {
  if (mayReferToOneAnother(plan)) return false;
  const { importer, columns, target, job } = plan;
  const looked = new Set(lookupsOf(importer, columns, job.assignment).map(({ column }) => column));
  const from = fieldsByColumn(plan);
  const context = new Set(contextColumns(importer));
  const set = new Set(Object.keys(importer.target.set ?? {}));
  return target.foreignKeys.every((key) => {
    if (!key.isEnforced) return true;
    if (key.columns.some((name) => set.has(name))) return false;
    const fed = key.columns.filter((name) => from.has(name));
    // What is looked up is there; so is what a person chose among the owners.
    if (fed.length === 0 || (key.columns.length === 1 && looked.has(key.columns[0]))) return true;
    if (!key.isReadable) return false;
    return key.columns.every((name) => {
      const stage = from.get(name);
      const column = target.columns.get(name);
      return context.has(name) || (stage !== undefined && column !== undefined && keepsValue(plan, stage, column));
    });
  });
}

/** Columns that the file or something beside it fills. */
function fedColumns(plan: Plan): Set<string> {
  return new Set([...fieldsByColumn(plan).keys(), ...givenBeside(plan.importer)]);
}

/** Columns that something beside the file fills. */
function givenBeside(importer: Importer): string[] {
  return [
    ...contextColumns(importer),
    ...filledBeside(importer),
    ...[importer.assign?.column].filter((name) => name !== undefined),
  ];
}

/** Whether the match knows of each unique index which rows it refuses. */
function uniquesAreTested(plan: Plan, uniques: Surprises["uniques"]): boolean {
  const { importer, target, job } = plan;
  const { strategy } = job.duplicates;
  const scope = new Set(contextColumns(importer));
  const fed = fieldsByColumn(plan);
  const keys = strategy === "create" ? [] : matchKeys(plan);
  const strongest = keys.slice(0, 1).flatMap((key) => key.map((field) => keyColumn(importer, field)));
  const looked = new Set(lookupsOf(importer, plan.columns, job.assignment).map(({ name }) => name));
  /** Whether it is known beforehand what the column will have. */
  const isKnown = (name: string): boolean => {
    const from = fed.get(name);
    if (from === undefined || looked.has(from)) return scope.has(name);
    return storedAs(plan, from, target.columns.get(name) as TargetColumn) !== null;
  };
  const tested = new Set(
    target.uniques.filter(({ columns }) => columns.every(isKnown)).map(({ columns }) => [...columns].sort().join("\n")),
  );
  const set = new Set(Object.keys(importer.target.set ?? {}));
  return uniques.every((unique) => {
    // An id of its own is nobody else's.
    if (unique.some((column) => column !== null && column !== importer.target.id && set.has(column))) return false;
    const touched = unique.filter((column) => column === null || fed.has(column));
    // Identities and defaults; the context alone.
    if (touched.length === 0) return true;
    // Values that are different in the file may be one when they are stored.
    if (touched.some((column) => column !== null && isBlurred(target, column))) return false;
    // Rows that have the key of a record are decided by the match, within the context.
    const isScoped = [...scope].every((column) => unique.includes(column));
    const isKey = strongest.length > 0 && strongest.every((column) => unique.includes(column));
    if (isKey && isScoped && importer.match.where === undefined)
      return (
        strategy === "skip" ||
        (keys.length === 1 &&
          unique.every((column) => column !== null && (strongest.includes(column) || scope.has(column))))
      );
    return strategy !== "update" && isScoped && tested.has([...unique].sort().join("\n"));
  });
}

/** Whether the column rounds, or compares by a collation that takes different texts for one. */
function isBlurred(target: TargetTable, column: string): boolean {
  const { isLoose = false, castType = "" } = target.columns.get(column) ?? {};
  return isLoose || castType.includes("(");
}

/** Whether a text of the file may be too long for an index. */
async function hasLongKeys(
  session: TargetSession,
  { job, importer, columns }: Plan,
  indexed: readonly string[],
): Promise<boolean> {
  const { rows } = stageTables(job.id, job.stageGeneration);
  const texts = columns.filter(
    ({ name, type }) => name !== "owner_key" && type === "text" && indexed.includes(targetColumn(importer, name) ?? ""),
  );
  if (texts.length === 0) return false;
  const bytes = sql.join(
    texts.map(({ name }) => sql`coalesce(octet_length(s.${sql.id(name)}), 0)`),
    sql` + `,
  );
  const [{ long }] = await session.query<{ long: boolean }>(
    sql`select exists (select from ${rows} s where s.row_no > 0 and ${bytes} > ${sql.lit(safeIndexBytes)}) as long`,
  );
  return long;
}
