/** Which rows of an import a filter finds, as SQL: those kept in `sluice.import_rows`, and the valid ones of a stage that is ready. */
import type { ImportJob } from "../../core/import.ts";
import {
  type ColumnValues,
  comparedChars,
  type RowColumn,
  type RowFilter,
  type WantedIssue,
} from "../../core/store/archive.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { sharedCodes, sharedOfCreated } from "../match/shared-keys.ts";
import { hasStageTable, stageIsIntact, stageTables } from "../stage/stage.ts";

/** The kinds of issue that a filter asks for; none: it does not ask. */
export function wantedIssues({ issue, field, issues = [] }: RowFilter): readonly WantedIssue[] {
  if (issue === undefined && field === undefined) return issues;
  return [{ ...(issue !== undefined && { issue }), ...(field !== undefined && { field }) }, ...issues];
}

/** Whether a value holds a text, in any case. */
export function holds(value: Sql, text: string): Sql {
  return sql`strpos(lower(${value}), lower(${text}::text)) > 0`;
}

const whiteSpace = sql`E' \\t\\r\\n\\u00a0'`;

/** A rejected row's cell of a column as text, without the white space around it. */
export function keptText({ place }: RowColumn): Sql {
  return place === null ? sql`''` : sql`btrim(coalesce(r.cells[${sql.lit(place + 1)}], ''), ${whiteSpace})`;
}

/** A valid row's value of a column as text. */
export function stagedText({ staged }: RowColumn): Sql {
  return sql`coalesce(s.${sql.id(staged)}::text, '')`;
}

/** By what values are told apart. */
export function compared(text: Sql): Sql {
  return sql`left(${text}, ${sql.lit(comparedChars)})`;
}

function isOneOf(text: (column: RowColumn) => Sql, { column, values }: ColumnValues): Sql {
  return sql`${compared(text(column))} = any (${[...values]}::text[])`;
}

/** The rows kept in `sluice.import_rows` that a filter finds, as `from … r where …`; null: it wants none of them. */
export function keptSource(jobId: number, filter: RowFilter): Sql | null {
  const statuses = filter.statuses?.filter((status) => status !== "valid");
  if (statuses?.length === 0) return null;
  const issues = wantedIssues(filter).map(({ issue, field }) => {
    const held = [{ ...(issue !== undefined && { c: issue }), ...(field !== undefined && { f: field }) }];
    return sql`r.issues @> ${JSON.stringify(held)}::jsonb`;
  });
  const conditions = [
    sql`r.job_id = ${jobId}`,
    ...(statuses === undefined ? [] : [sql`r.outcome = any (${statuses})`]),
    ...(issues.length === 0 ? [] : [sql`(${sql.join(issues, sql` or `)})`]),
    ...(filter.search === undefined
      ? []
      : [sql`exists (select from unnest(r.cells) cell where ${holds(sql`cell`, filter.search)})`]),
    ...(filter.where ?? []).map((each) => isOneOf(keptText, each)),
  ];
  return sql`from sluice.import_rows r where ${sql.join(conditions, sql` and `)}`;
}

/** The valid rows of a stage that a filter finds. */
export interface StagedSource {
  /** `from … s where …` */
  rows: Sql;
  /** What is said of a row beside its warnings, as issues in JSON; null: nothing. */
  note: Sql | null;
  /** No row behind this one is found. */
  last: number;
}

/** Null: the filter wants none of them. `after`: those up to this row are not asked for. */
export async function stagedSource(
  database: Database | Session,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  after = 0,
): Promise<StagedSource | null> {
  if (job.status !== "ready" || filter.statuses?.includes("valid") === false) return null;
  if (!(await stageIsIntact(database, job.id, job.stageGeneration))) return null;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const conditions = [
    ...(filter.where ?? []).map((each) => isOneOf(stagedText, each)),
    ...(filter.search === undefined || columns.length === 0
      ? []
      : // One text of all cells: to lower each by itself takes longer.
        [holds(textOf(columns.map(({ name }) => sql`s.${sql.id(name)}::text`)), filter.search)]),
  ];
  const wanted = wantedIssues(filter);
  // Row 0 is no row of the file.
  const all = sql.join([sql`s.row_no > 0`, ...conditions], sql` and `);
  if (wanted.length === 0) return { rows: sql`from ${rows} s where ${all}`, note: null, last: job.countedToRow };
  // Few valid rows have an issue of their own, all of them warnings: those are gone through, and not the stage.
  const warned = await warnedRows(database, job.id, wanted, after);
  const matched: Sql[] = [];
  for (const { issue, field } of wanted) {
    const found = isOfMatch(issue) && field === undefined ? await matchedSource(database, job, columns, issue) : null;
    if (found !== null) matched.push(found);
  }
  if (matched.length === 0) {
    if (warned.length === 0) return null;
    return {
      rows: sql`from ${rows} s where s.row_no = any (${warned}) and ${all}`,
      note: null,
      last: warned[warned.length - 1],
    };
  }
  const some = warned.length === 0 ? [] : [sql`select unnest(${warned}::integer[]) as row_no, '[]'::jsonb as issue`];
  const found =
    matched.length === 1 && some.length === 0
      ? matched[0]
      : sql`select row_no, jsonb_path_query_array(jsonb_agg(issue), '$[*][*]') as issue from (${sql.join([...matched, ...some], sql` union all `)}) e group by row_no`;
  return {
    rows: sql`from ${rows} s join (${found}) m on m.row_no = s.row_no where ${all}`,
    note: sql`m.issue`,
    last: job.countedToRow,
  };
}

/** What is asked of the rows that a filter finds, of both kinds together; null: it wants none. `after`: those up to this row are not asked for. */
export async function bothSources(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  { after = 0, kept, staged }: { after?: number; kept(rows: Sql): Sql; staged(rows: Sql): Sql },
): Promise<Sql | null> {
  const ofKept = keptSource(job.id, filter);
  const ofStaged = await stagedSource(database, job, columns, filter, after);
  const sources = [...(ofKept === null ? [] : [kept(ofKept)]), ...(ofStaged === null ? [] : [staged(ofStaged.rows)])];
  return sources.length === 0 ? null : sql.join(sources, sql` union all `);
}

/** A function of Postgres takes at most 100 arguments. */
const valuesPerCall = 50;

/** By operators: with `concat_ws`, which looks up how each of its arguments becomes a text, a search takes a quarter longer. */
function textOf(values: readonly Sql[]): Sql {
  const parts: Sql[] = [];
  for (let from = 0; from < values.length; from += valuesPerCall) {
    const some = values.slice(from, from + valuesPerCall).map((value) => sql`coalesce(${value}, '')`);
    parts.push(sql`(${sql.join(some, sql` || chr(31) || `)})`);
  }
  return parts.length === 1 ? parts[0] : sql`concat_ws(chr(31), ${sql.join(parts)})`;
}

/** Of values by their names, as `name, value`. */
export function objectOf(values: readonly Sql[]): Sql {
  const parts: Sql[] = [];
  for (let from = 0; from < values.length; from += valuesPerCall) {
    parts.push(sql`jsonb_build_object(${sql.join(values.slice(from, from + valuesPerCall))})`);
  }
  return parts.length === 0 ? sql`'{}'::jsonb` : sql.join(parts, sql` || `);
}

/** What the match tells of rows: of a ready import, by its last dry run. */
const ofMatch = ["duplicate_in_file", "duplicate_in_table", "no_match", ...sharedCodes] as const;
type OfMatch = (typeof ofMatch)[number];

export function isOfMatch(issue: WantedIssue["issue"]): issue is OfMatch {
  return ofMatch.includes(issue as OfMatch);
}

/** Whether a filter asks for what a match has found, and there is none. */
export async function lacksMatch(session: Session, job: ImportJob, filter: RowFilter): Promise<boolean> {
  const isAsked = wantedIssues(filter).some(({ issue, field }) => isOfMatch(issue) && field === undefined);
  return isAsked && !(await hasStageTable(session, job.id, job.stageGeneration, "match"));
}

/** The rows of which the last dry run found that, with it as an issue; null: there was none. */
async function matchedSource(
  database: Database | Session,
  job: ImportJob,
  columns: readonly StageColumn[],
  code: OfMatch,
): Promise<Sql | null> {
  const { id, stageGeneration } = job;
  const isOfShared = code === "key_shared_in_file" || code === "key_shared_in_table";
  if (!(await hasStageTable(database, id, stageGeneration, isOfShared ? "shared" : "match"))) return null;
  if (isOfShared)
    return sql`select w.row_no, jsonb_build_array(jsonb_build_object('c', w.code, 'p', w.params)) as issue
      from (${sharedOfCreated({ job, columns })}) w where w.code = ${code}`;
  const { match } = stageTables(id, stageGeneration);
  const wanted = {
    duplicate_in_file: sql`(m.action = 'f' or (m.action in ('c', 'u') and m.root <> m.row_no))`,
    duplicate_in_table: sql`m.action in ('t', 'u')`,
    no_match: sql`m.action = 'n'`,
  }[code];
  const params = {
    duplicate_in_file: sql`, 'p', jsonb_build_object('row', coalesce(m.of_row, m.root))`,
    duplicate_in_table: sql`, 'p', jsonb_build_object('record', m.record_id)`,
    no_match: sql``,
  }[code];
  return sql`select m.row_no, jsonb_build_array(jsonb_build_object('c', ${code}::text${params})) as issue from ${match} m where ${wanted}`;
}

/** Numbers of the rows that have a warning of one of these kinds; few, since there is a cap for each code. */
async function warnedRows(
  database: Database | Session,
  jobId: number,
  wanted: readonly WantedIssue[],
  after: number,
): Promise<number[]> {
  const kinds = wanted.map(({ issue, field }) => {
    const conditions = [
      ...(issue === undefined ? [] : [sql`code = ${issue}`]),
      ...(field === undefined ? [] : [sql`field = ${field}`]),
    ];
    return sql`(${sql.join(conditions, sql` and `)})`;
  });
  const rows = await database.query<{ row: number }>(sql`
    select distinct row_no as row from sluice.import_warnings
    where job_id = ${jobId} and row_no > ${after} and (${sql.join(kinds, sql` or `)})
    order by 1
  `);
  return rows.map(({ row }) => row);
}
