/** `import_jobs` and `import_rows` of an app before Sluice, taken over by the migration. */
import { expect, it } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { activities } from "../../src/importers/yearwheel/activities.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { supabaseDatabase } from "../supabase-database.ts";
import { ann, bo, job, older } from "../supabase-older-tables.ts";
import { wholeFile } from "../supabase-project.ts";

it("moves imports and the rows that did not go in, and leaves nothing that led to them astray", async () => {
  const { apply, as, url, database } = await supabaseDatabase();
  await apply(older);
  // Once more finds nothing left to move.
  for (let k = 0; k < 2; k++) await apply(await wholeFile([leads, activities]));
  const moved = await database.query(sql`
    select uuid::text, importer, file_name, status, total_rows, valid_rows, invalid_rows, imported_rows, error_message, created_by, context
    from sluice.import_jobs order by uuid
  `);
  const was = (status: string, said = ""): string =>
    `The import was ${status} in the app's earlier importer when Sluice took its place.${said}`;
  expect(moved).toEqual([
    {
      uuid: job(1),
      importer: "leads",
      file_name: "prospects.csv",
      status: "completed",
      total_rows: 10,
      valid_rows: 8,
      invalid_rows: 2,
      imported_rows: 7,
      error_message: null,
      created_by: ann,
      context: {},
    },
    {
      uuid: job(2),
      importer: "leads",
      file_name: "rouge.csv",
      status: "cancelled",
      total_rows: 100,
      valid_rows: 50,
      invalid_rows: 0,
      imported_rows: 0,
      error_message: was("processing"),
      created_by: ann,
      context: {},
    },
    {
      uuid: job(3),
      importer: "activities",
      file_name: "roue.csv",
      status: "cancelled",
      total_rows: 0,
      valid_rows: 0,
      invalid_rows: 0,
      imported_rows: 0,
      error_message: was("failed", " It said: timeout"),
      created_by: bo,
      context: { wheel_id: "7" },
    },
  ]);
  expect(
    await database.query(sql`select row_no, outcome, issues, cells from sluice.import_rows order by row_no`),
  ).toEqual([
    {
      row_no: 3,
      outcome: "invalid",
      issues: [{ c: "row_rejected", p: { message: "Invalid email" } }],
      cells: ["Bo", "nonsense"],
    },
    { row_no: 4, outcome: "invalid", issues: [{ c: "row_rejected", p: { message: "" } }], cells: ["Cid", ""] },
    { row_no: 5, outcome: "skipped", issues: null, cells: ["Dup", "dup@x.fr"] },
  ]);
  // Nothing is lost: the tables are whole, and nobody's but their owner's.
  expect(await database.query(sql`select count(*)::int as rows from sluice_earlier.import_rows`)).toEqual([
    { rows: 4 },
  ]);
  for (const table of ["sluice_earlier.import_jobs", "sluice_earlier.import_rows"])
    expect(await as({ role: "authenticated", claims: { sub: ann } }, `select from ${table}`)).toBe("42501");
  expect(await database.query(sql`select policyname from pg_policies where schemaname = 'sluice_earlier'`)).toEqual([]);
  expect(await database.query(sql`select schemaname || '.' || tablename as table from pg_publication_tables`)).toEqual([
    { table: "sluice.import_jobs" },
  ]);

  // What the app asks by the old names and ids is answered; views of its own too.
  const mine = { role: "authenticated", claims: { sub: ann } } as const;
  expect(await as(mine, "select id, file_name, status, progress from import_jobs order by id")).toEqual([
    { id: job(1), file_name: "prospects.csv", status: "completed", progress: 100 },
    { id: job(2), file_name: "rouge.csv", status: "cancelled", progress: 0 },
  ]);
  expect(
    await as(mine, `select row_number, status from import_rows where job_id = '${job(1)}' order by row_number`),
  ).toHaveLength(3);
  expect(await as(mine, "select file_name from latest_imports")).toHaveLength(2);
  expect(await as(mine, `insert into import_jobs (id, file_name) values ('${job(9)}', 'x')`)).toBe("42501");
  expect(await as({ role: "anon" }, "select id from import_jobs")).toBe("42501");
  const own = new Database(url, 1);
  try {
    expect(await own.query(sql`select file_name from latest_names order by 1`)).toHaveLength(3);
    // A new import can be referred to as an old one can.
    await own.query(sql`insert into notes select 2, uuid, 'second' from sluice.import_jobs limit 1`);
    await own.query(sql`delete from sluice.import_jobs where uuid = ${job(1)}`);
    expect(await own.query(sql`select job_id from notes where id = 1`)).toEqual([{ job_id: null }]);
  } finally {
    await own.close();
  }
});

it.each([
  [
    "a materialized view",
    "create materialized view m as select id from import_jobs",
    /materialized view m reads public\.import_jobs/,
  ],
  [
    "a view of columns that Sluice lacks",
    "create view v as select id, storage_path from import_jobs",
    /The view v reads what Sluice's import_jobs/,
  ],
])("says what to do about %s over the older table, and moves nothing", async (_, ddl, reason) => {
  const { apply, database } = await supabaseDatabase();
  await apply(`${older} ${ddl};`);
  await expect(apply(await wholeFile([leads]))).rejects.toThrow(reason);
  expect(await database.query(sql`select count(*)::int as jobs from public.import_jobs`)).toEqual([{ jobs: 3 }]);
});
