/**
 * A duplicate beside what it repeats, and what either would become: by the last match, which says what belongs together, and by the
 * statements of the load. Records are read as they are now. Nothing is written.
 */
import { SluiceError, told } from "../../core/errors.ts";
import { repeatsIn } from "../../core/repeats.ts";
import type { ComparedField, FoundRecord, SideBySide, SideBySideQuery } from "../../core/store/side-by-side.ts";
import { isRevealed } from "../archive/revealed.ts";
import { type Database, tableId } from "../connection/connect.ts";
import { withParts } from "../connection/parts.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { isDecided, mayDecide } from "../match/decided-rows.ts";
import { lookupsOf } from "../match/lookups.ts";
import { lookupJoins } from "../match/staged-value.ts";
import { hasStageTable, StageLost, stageIsIntact, stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import { openStage } from "../tables/hand-over.ts";
import { carriedNew, mergedValue } from "../tables/merge.ts";
import { runOf, type TargetSession, transactionOn } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { isMatched } from "../tables/records.ts";
import { groupedFields } from "./load-parts.ts";

/** Of a value: a longer one is told with its beginning alone. */
const toldChars = 10_000;

/** What the last match says of a row. */
interface Matched {
  isDecided: boolean;
  isUpdate: boolean;
  twin: number | null;
  record: string | null;
  /** The rows that make or change a record together, in the order of the file. */
  root: number | null;
}

/** @throws SluiceError `not_found` where the last match knows the row as no duplicate; StageLost. */
export function sideBySide(database: Database, plan: Plan, { row, revealed }: SideBySideQuery): Promise<SideBySide> {
  const { job, importer } = plan;
  return transactionOn(database, runOf(plan), async (session) => {
    if (!(await stageIsIntact(session, job.id, job.stageGeneration))) throw new StageLost(job.id, job.stageGeneration);
    const matched = await matchedRow(session, plan, row);
    if (matched === null) throw noDuplicate(job.id, row);
    await openStage(session, job);
    const { isUpdate } = matched;
    const together = isUpdate ? await rowsOf(session, plan, matched) : [matched.twin, row];
    const staged = await stillStaged(session, plan, [row, matched.twin, ...together]);
    const twin = matched.twin !== null && staged.has(matched.twin) ? matched.twin : null;
    const rows = together.filter((each) => each !== null && staged.has(each)) as number[];
    // Edited since, it may be nobody's duplicate.
    if (!staged.has(row) || (twin === null && matched.record === null)) throw noDuplicate(job.id, row);
    const record = matched.record === null ? null : await foundRecord(session, plan, matched.record, revealed);
    const isKnown = importer.load === undefined && record?.state !== "hidden";
    const fields = await comparedFields(session, plan, { row, rows, twin, record, isKnown });
    const others = rows.filter((each) => each !== row && each !== twin).length;
    const decision = mayDecide(plan) ? (matched.isDecided ? "update" : "rule") : null;
    return { row, twin, record, others, isUpdate: updates(plan, matched, decision), decision, fields };
  });
}

/** By what was decided since the match, too. Of rows that are the same record one alone may count. */
function updates({ job }: Plan, { isUpdate }: Matched, decision: SideBySide["decision"]): boolean {
  if (decision !== null) return decision === "update";
  return job.duplicates.strategy === "update" && (isUpdate || repeatsIn(job) === "all");
}

function noDuplicate(jobId: number, row: number): SluiceError {
  return new SluiceError(
    "not_found",
    told`Row ${row} of import ${jobId} is no duplicate, as far as its last dry run knows. Make a dry run to have them looked for again.`,
  );
}

/** Which of the rows are valid, and not left out. */
async function stillStaged(session: Session, { job }: Plan, rows: readonly (number | null)[]): Promise<Set<number>> {
  const { rows: stage } = stageTables(job.id, job.stageGeneration);
  const found = await session.query<{ row: number }>(
    sql`select row_no as row from ${stage} where row_no = any (${rows.filter((row) => row !== null)}::integer[])`,
  );
  return new Set(found.map(({ row }) => row));
}

async function matchedRow(session: Session, plan: Plan, row: number): Promise<Matched | null> {
  const { job } = plan;
  const { match } = stageTables(job.id, job.stageGeneration);
  if (!(await hasStageTable(session, job.id, job.stageGeneration, "match"))) return null;
  const [found] = await session.query<Matched>(sql`
    select action in ('u', 'c') as "isUpdate", ${isDecided(plan, sql`${row}::integer`)} as "isDecided", record_id::text as record, root,
      nullif(case when action in ('u', 'c') then root else of_row end, row_no) as twin
    from ${match} where row_no = ${row} and (action in ('f', 't', 'u') or (action = 'c' and root <> row_no)) limit 1
  `);
  return found ?? null;
}

async function rowsOf(session: Session, { job }: Plan, { root }: Matched): Promise<number[]> {
  const { match } = stageTables(job.id, job.stageGeneration);
  const rows = await session.query<{ row: number }>(
    sql`select row_no as row from ${match} where root = ${root} and action in ('u', 'c') order by 1`,
  );
  return rows.map(({ row }) => row);
}

async function foundRecord(
  session: TargetSession,
  plan: Plan,
  id: string,
  revealed: SideBySideQuery["revealed"],
): Promise<FoundRecord> {
  const { importer } = plan;
  const [found] = await session.tables.query<{ isShown: boolean }>(sql`
    select ${isRevealed(importer, revealed)} as "isShown" from ${recordOf(plan, id)}
  `);
  return { id, state: found === undefined ? "gone" : found.isShown ? "shown" : "hidden" };
}

/** The record of that id as `t`, where it is one that the import matches. */
function recordOf(plan: Plan, id: string): Sql {
  const { importer, target } = plan;
  const type = sql.raw(target.columns.get(importer.target.id)?.type ?? "text");
  return sql`${tableId(importer.target.table)} t
    where t.${sql.id(importer.target.id)} = ${id}::text::${type} ${sameContext(plan)} ${isMatched(importer)}`;
}

interface Compared {
  row: number;
  rows: readonly number[];
  twin: number | null;
  record: FoundRecord | null;
  /** Whether it can be told what becomes of the record. */
  isKnown: boolean;
}

async function comparedFields(
  session: TargetSession,
  plan: Plan,
  { row, rows, twin, record, isKnown }: Compared,
): Promise<ComparedField[]> {
  const { job, importer, columns, target } = plan;
  const { rows: stage } = stageTables(job.id, job.stageGeneration);
  const fields = groupedFields(plan).filter(
    ({ field, column }) => Object.hasOwn(importer.fields, field) && target.columns.has(column),
  );
  if (fields.length === 0) return [];
  const looked = new Set(lookupsOf(importer, columns, job.assignment).map(({ name }) => name));
  const isThere = record?.state === "shown";
  const wordOf = (k: number): Sql => sql.id(`word ${k}`);
  const own = fields.map(({ name, field, value, carry }, k) => {
    // Of a word that was looked up its id is stored, and the word is what the file has.
    const word = looked.has(field) ? sql`, s.${sql.id(field)}::text as ${wordOf(k)}` : sql``;
    return sql`, ${carry(value)} as ${sql.id(name)}${word}`;
  });
  const current = fields.map(({ name, column, carry }) => sql`, ${carry(sql`t.${sql.id(column)}`)} as ${sql.id(name)}`);
  const merged = fields.map((field) => sql`, ${mergedValue(field, sql`row_no`)} as ${sql.id(field.name)}`);
  const values = fields.map((field, k) => {
    const { name, compared, told: tell } = field;
    const at = (alias: string): Sql => sql.id(alias, name);
    const isSame = (a: Sql, b: Sql): Sql => sql`${compared(a)} is not distinct from ${compared(b)}`;
    const shown = (carried: Sql): Sql => {
      const text = sql`jsonb_build_object('v', ${tell(carried)}) ->> 'v'`;
      if (!looked.has(field.field)) return sql`left(${text}, ${sql.lit(toldChars)})`;
      return sql`case when ${isSame(carried, at("x"))} then x.${wordOf(k)}
        when w.row_no is not null and ${isSame(carried, at("w"))} then w.${wordOf(k)} else ${text} end`;
    };
    const other = isThere ? at("t") : at("w");
    const after = (alias: string): Sql =>
      isThere
        ? sql`case when ${sql.id(alias)}.rows = 0 then ${at("t")} else ${carriedNew(field, at("t"), sql.id(alias))} end`
        : at(alias);
    const hasOther = isThere ? sql`true` : sql`w.row_no is not null`;
    return sql`jsonb_build_object('field', ${field.field}::text, 'row', ${shown(at("x"))}, 'other', case when ${hasOther} then ${shown(other)} end,
      'differs', ${hasOther} and not (${isSame(at("x"), other)}),
      'without', ${isKnown ? shown(after("without")) : sql`null`}, 'updated', ${isKnown ? shown(after("updated")) : sql`null`})`;
  });
  const [{ found }] = await session.tables.query<{ found: ComparedField[] }>(sql`
    ${withParts([
      {
        name: "members",
        materialized: true,
        query: sql`
          select s.row_no${sql.join(own, sql``)} from ${stage} s ${lookupJoins(plan)}
          where s.row_no = any (${[...new Set([...rows, row, ...(twin === null ? [] : [twin])])]}::integer[])`,
      },
      {
        name: "updated",
        query: sql`select count(*) as rows${sql.join(merged, sql``)} from members where row_no = any (${[...rows]}::integer[])`,
      },
      {
        name: "without",
        query: sql`
          select count(*) as rows${sql.join(merged, sql``)} from members
          where row_no = any (${rows.filter((each) => each !== row)}::integer[])`,
      },
    ])}
    select jsonb_build_array(${sql.join(values)}) as found
    from members x cross join updated cross join without
      left join members w on w.row_no = ${twin}::integer
      ${isThere ? sql`cross join (select true as there${sql.join(current, sql``)} from ${recordOf(plan, record.id)}) t` : sql``}
    where x.row_no = ${row}
  `);
  return found;
}
