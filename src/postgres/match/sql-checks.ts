/** An importer's own queries over the rows of a file: what they find is kept out, before it is decided what is a duplicate. */
import { SluiceError, type ToldValue, told } from "../../core/errors.ts";
import { stageTypeOf } from "../../core/field.ts";
import { type SqlCheck, sqlChecks } from "../../core/importer.ts";
import { type Sql, sql } from "../connection/session.ts";
import { hasStageTable, stageTables } from "../stage/stage.ts";
import { handOver, share } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { quotedName } from "../tables/target.ts";
import { lookupsOf } from "./lookups.ts";
import { lookupJoins } from "./staged-value.ts";

const checkedRows = sql.id("pg_temp", "sluice_checked");

/**
 * Marks the rows that the queries find. In the middle of a commit (`isBegun`) it is those that were found before its first chunk: by now
 * the database has what the import itself has written.
 */
export async function noteFoundWrong(session: TargetSession, plan: Plan, isBegun: boolean): Promise<void> {
  const checks = sqlChecks(plan.importer);
  if (checks.length === 0) return;
  const { id, stageGeneration } = plan.job;
  const { match, checked } = stageTables(id, stageGeneration);
  if (!isBegun || !(await hasStageTable(session, id, stageGeneration, "checked"))) {
    await session.query(sql`drop table if exists ${checked}`);
    await session.query(
      sql`create unlogged table ${checked} (row_no integer not null, issue jsonb not null) with (autovacuum_enabled = false)`,
    );
    await makeCheckedRows(session, plan);
    const found = await handOver(session, "sluice_found", sql`row_no integer, place integer, issue jsonb`);
    for (const [k, { check, place }] of checks.entries()) await find(session, plan, { check, place, k, found });
    // A row that several find has the first one's message.
    await session.query(sql`
      insert into ${checked} (row_no, issue)
      select distinct on (f.row_no) f.row_no, f.issue from ${found} f join ${checkedRows} c on c.row_no = f.row_no order by f.row_no, f.place
    `);
    await session.query(sql`drop table ${checkedRows}, ${found}`);
  }
  await session.query(sql`
    insert into ${match} (row_no, action, issue)
    select c.row_no, 'i', c.issue from ${checked} c where not exists (select from ${match} m where m.row_no = c.row_no)
  `);
}

/** The rows that nothing keeps out so far. */
async function makeCheckedRows(session: TargetSession, plan: Plan): Promise<void> {
  const { importer, columns, job } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const lookups = lookupsOf(importer, columns, job.assignment).map(({ name }) => name);
  const values = Object.entries(importer.fields).map(([name, field]) => {
    const staged = columns.some((column) => column.name === name);
    const value = lookups.includes(name) ? sql`${sql.id(`l_${name}`)}.id` : sql`s.${sql.id(name)}`;
    return sql`, ${staged ? value : sql`null::${sql.raw(stageTypeOf(field).type)}`} as ${sql.id(name)}`;
  });
  const context = Object.entries(importer.context ?? {}).map(
    ([name, { type }]) => sql`, ${job.context[name]}::${sql.raw(type ?? "text")} as ${sql.id(name)}`,
  );
  await session.query(sql`drop table if exists ${checkedRows}`);
  await session.query(sql`
    create temporary table sluice_checked on commit drop as
    select s.row_no${sql.join([...values, ...context], sql``)}
    from ${rows} s ${lookupJoins(plan)}
    where s.row_no > 0 and not exists (select from ${match} m where m.row_no = s.row_no and m.action = 'i')
  `);
  await session.query(sql`analyze ${checkedRows}`);
  await share(session, checkedRows);
}

async function find(
  session: TargetSession,
  { importer, job }: Plan,
  { check, place, k, found }: { check: SqlCheck; place: string; k: number; found: Sql },
): Promise<void> {
  const refuse = (what: ToldValue, cause?: unknown): never => {
    throw new SluiceError("invalid", told`Importer "${importer.name}": ${place} failed: ${what}. Correct its query.`, {
      cause,
    });
  };
  const text: unknown = check.find({ rows: "pg_temp.sluice_checked", target: quotedName(importer.target.table) });
  if (typeof text !== "string") return refuse(told`\`find\` must return the text of a query`);
  const query = text.replace(/[\s;]+$/, "");
  try {
    await session.tables.query(sql`
      insert into ${found} (row_no, place, issue)
      select f.row_no, ${sql.lit(k)}, jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
        'c', 'row_rejected', 'f', ${check.field ?? null}::text, 'p', jsonb_build_object('message', ${messageOf(check, job.language)})
      )))
      from (${sql.raw(query)}
      ) f
    `);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    // What the query itself says or meets: its syntax, names and rights (class 42), its data (22), what it raises (P0).
    if (/^(?:22|42|P0)/.test(code ?? "")) return refuse(message, error);
    throw error;
  }
}

/** The message in the language of whoever imports, with the values of the row that it names in braces. */
function messageOf({ message }: SqlCheck, language: string): Sql {
  const texts: Readonly<Record<string, string | undefined>> = typeof message === "string" ? { en: message } : message;
  const text = texts[language] ?? texts.en ?? Object.values(texts)[0] ?? "";
  const names = [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))];
  return names.reduce(
    (said, name) => sql`replace(${said}, ${`{${name}}`}, coalesce(to_jsonb(f) ->> ${name}, ''))`,
    sql`${text}::text`,
  );
}
