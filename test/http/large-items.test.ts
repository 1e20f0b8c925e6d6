/** Lists whose items hold what a file holds: a page is bounded by its size too, and pages follow one another all the same. */
import { sql } from "kysely";
import { expect, it } from "vitest";
import { type OpenApp, openApp } from "./open-app.ts";

interface Page {
  items: Record<string, never>[];
  next: string | null;
  bytes: number;
}

async function allPages(app: OpenApp, path: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let after = ""; ; ) {
    const { json, text } = await app.call("GET", `${path}${after}`);
    pages.push({ ...json, bytes: text.length });
    if (json.next === null) return pages;
    after = `&after=${json.next}`;
  }
}

/** No page is larger than a few items beyond the limit. */
const maxBytes = 12 * 1024 * 1024;
const cell = "x".repeat(700_000);
const many = 24;

/** Rows of 0.7 MB: valid ones, and as many that are not. */
async function large(app: OpenApp, columns: object[]): Promise<string> {
  const rows = Array.from({ length: many }, (_, k) => `${k % 2 === 0 ? `p${k}@example.com` : "nope"},${k}${cell}`);
  const uploadId = await app.upload(`Email,Notes\n${rows.join("\n")}\n`);
  const { json } = await app.call("POST", "/imports", { uploadId, importer: "leads", start: true, columns });
  await app.work(json.id);
  return `/imports/${json.id}`;
}

const mapped = [
  { column: "Email", field: "email" },
  { column: "Notes", field: "notes" },
];

it.each(["", "&status=valid", "&status=invalid", "&by=field", "&search=xxx"])("of rows: %j", async (filter) => {
  const app = await openApp();
  const at = await large(app, mapped);
  const pages = await allPages(app, `${at}/rows?limit=500${filter}`);
  const numbers = pages.flatMap(({ items }) => items.map(({ row }) => Number(row)));
  const parity = /status=(\w+)/.exec(filter)?.[1];
  expect(numbers).toEqual(
    Array.from({ length: many }, (_, k) => k + 2).filter(
      (row) => parity === undefined || (row % 2 === 0) === (parity === "valid"),
    ),
  );
  expect(Math.max(...pages.map(({ bytes }) => bytes))).toBeLessThan(maxBytes);
  // By their place as well, whatever stands before.
  for (const offset of [0, 1, 9, numbers.length - 1]) {
    const { json, text } = await app.call("GET", `${at}/rows?limit=500&offset=${offset}${filter}`);
    expect(json.items.map(({ row }: { row: number }) => row)).toEqual(
      numbers.slice(offset, offset + json.items.length),
    );
    expect([json.items.length > 0, json.next === null, text.length < maxBytes]).toEqual([
      true,
      offset + json.items.length === numbers.length,
      true,
    ]);
  }
});

it("of records", async () => {
  const app = await openApp();
  const at = await large(app, mapped);
  await app.call("POST", `${at}/commit`);
  await app.work(Number(at.split("/")[2]));
  const pages = await allPages(app, `${at}/records?limit=500`);
  expect(pages.flatMap(({ items }) => items)).toHaveLength(many / 2);
  expect(Math.max(...pages.map(({ bytes }) => bytes))).toBeLessThan(maxBytes);
  const found = await allPages(app, `${at}/records?limit=500&search=p2`);
  expect(found.flatMap(({ items }) => items)).toHaveLength(3);
});

it("of imports and remembered mappings whose files have thousands of columns", async () => {
  const app = await openApp();
  const columns = JSON.stringify(Array.from({ length: 16_000 }, (_, k) => `Column number ${k} of a wide file`));
  await app.database.query(sql`
    insert into sluice.import_jobs (importer, file_name, file_hash, file_size, storage_path, status, dialect, column_mapping,
      assignment_config, duplicate_config, target, created_by)
    select 'leads', k || '.csv', k::text, 1, 'x', 'completed',
      jsonb_build_object('format', 'csv', 'packing', 'none', 'headerRow', 1, 'findings', '[]'::jsonb, 'columns', ${columns}::jsonb),
      '{"columns": []}', '{}', '{}', 'x', 'admin'
    from generate_series(1, ${many}) k
  `);
  await app.database.query(sql`
    insert into sluice.mapping_templates (importer, created_by, context, header_fingerprint, column_mapping, assignment_config, duplicate_config, merge_config)
    select 'leads', 'admin', '{}', k::text,
      jsonb_build_object('columns', (select jsonb_agg(jsonb_build_object('column', n - 1, 'header', h, 'field', null)) from jsonb_array_elements(${columns}::jsonb) with ordinality c (h, n))),
      '{"mode": "none"}', '{"strategy": "skip", "keys": []}', '{}'
    from generate_series(1, ${many}) k
  `);
  for (const path of ["/imports?limit=200", "/imports?limit=200&sort=fileName", "/templates?limit=200"]) {
    const pages = await allPages(app, path);
    expect([path, new Set(pages.flatMap(({ items }) => items.map(({ id }) => id))).size]).toEqual([path, many]);
    expect(pages.length).toBeGreaterThan(1);
    expect(Math.max(...pages.map(({ bytes }) => bytes))).toBeLessThan(maxBytes);
  }
});
