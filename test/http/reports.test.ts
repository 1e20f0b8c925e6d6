import { describe, expect, it } from "vitest";
import { rowCells } from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";
import { memorySource } from "../memory-source.ts";
import { type OpenApp, openApp } from "./open-app.ts";

const csv =
  'Email,First name,Last name\nanna@example.com,Anna,Berg\nnot-an-address,=Bo,\'Ek\nanna@example.com,Anna,Twice\n,"x\ny",\n+46701,,\n';

async function completed(app: OpenApp, text = csv, more: Record<string, unknown> = {}): Promise<number> {
  const uploadId = await app.upload(text);
  const made = await app.call("POST", "/imports", {
    uploadId,
    importer: "leads",
    options: { autoCommit: true },
    ...more,
  });
  expect(made.status).toBe(202);
  await app.work(made.json.id);
  return made.json.id;
}

async function rowsOf(bytes: Uint8Array): Promise<string[][]> {
  const source = memorySource("report.xlsx", bytes);
  const dialect = await formats.detect(source, { headerRow: 1 });
  const rows: string[][] = [];
  for await (const batch of formats.read(source, dialect, {}))
    for (let r = 0; r < batch.rowCount; r++) rows.push(rowCells(batch, r));
  return rows;
}

describe("what came of an import", () => {
  it("is told in counts, and in issues by field and code in the reader's language", async () => {
    const app = await openApp();
    const id = await completed(app);
    const english = await app.call("GET", `/imports/${id}/report`);
    expect(english.json).toMatchObject({
      id,
      status: "completed",
      rows: 5,
      counts: { created: 1, skipped: 1, invalid: 3, updated: 0, unchanged: 0, failed: 0 },
      children: [],
    });
    const invalid = ({ issues }: { issues: { code: string }[] }) => issues.find(({ code }) => code === "email_invalid");
    expect(invalid(english.json)).toMatchObject({
      field: "email",
      label: "E-mail",
      title: "not an e-mail address",
      count: 2,
    });
    const swedish = await app.call("GET", `/imports/${id}/report`, undefined, {
      headers: { "accept-language": "de, sv;q=0.8, en;q=0.5" },
    });
    expect(invalid(swedish.json)).toMatchObject({ label: "E-post" });
    expect((await app.call("GET", `/imports/${id}/report?lang=fr`)).json.issues).not.toEqual(english.json.issues);
  });

  it("lists rows by status, issue and field, in pages", async () => {
    const app = await openApp();
    const id = await completed(app);
    const list = async (query: string) =>
      (await app.call("GET", `/imports/${id}/rows${query}`)).json.items.map(
        ({ row, status }: { row: number; status: string }) => [row, status],
      );
    expect(await list("")).toEqual([
      [3, "invalid"],
      [4, "skipped"],
      [5, "invalid"],
      [6, "invalid"],
    ]);
    expect(await list("?status=skipped")).toEqual([[4, "skipped"]]);
    expect(await list("?status=skipped,failed&status=updated")).toEqual([[4, "skipped"]]);
    expect(await list("?issue=email_invalid&field=email")).toEqual([
      [3, "invalid"],
      [6, "invalid"],
    ]);
    expect(await list("?issue=email_invalid&field=phone")).toEqual([]);
    expect(await list("?field=email&limit=1")).toEqual([[3, "invalid"]]);
    const first = (await app.call("GET", `/imports/${id}/rows?limit=3`)).json;
    expect(first.next).toBe("5");
    expect((await app.call("GET", `/imports/${id}/rows?limit=3&after=5`)).json).toMatchObject({
      items: [{ row: 6 }],
      next: null,
    });
    expect(first.items[0]).toEqual({
      row: 3,
      status: "invalid",
      cells: ["not-an-address", "=Bo", "'Ek"],
      values: null,
      recordId: null,
      issues: [
        {
          code: "email_invalid",
          field: "email",
          severity: "error",
          message: expect.stringContaining("E-mail"),
          params: expect.any(Object),
        },
      ],
    });
    expect((await app.call("GET", `/imports/${id}/rows?issue=nix`)).status).toBe(422);
  });

  it("lists valid rows too while the import is ready", async () => {
    const app = await openApp();
    const made = await app.call("POST", "/imports", {
      uploadId: await app.upload(csv),
      importer: "leads",
      start: true,
    });
    await app.work(made.json.id);
    const { json } = await app.call("GET", `/imports/${made.json.id}/rows?limit=2`);
    expect(json).toMatchObject({
      items: [
        {
          row: 2,
          status: "valid",
          values: { email: "anna@example.com", first_name: "Anna", last_name: "Berg" },
          cells: null,
        },
        { row: 3, status: "invalid" },
      ],
      next: "3",
    });
    const valid = await app.call("GET", `/imports/${made.json.id}/rows?status=valid`);
    expect(valid.json.items.map(({ row }: { row: number }) => row)).toEqual([2, 4]);
  });

  it("hands out the rejected rows as the file that was written, and before the end as they are", async () => {
    const app = await openApp();
    const made = await app.call("POST", "/imports", {
      uploadId: await app.upload(csv),
      importer: "leads",
      start: true,
    });
    const at = `/imports/${made.json.id}`;
    await app.work(made.json.id);
    const before = await app.call("GET", `${at}/rejected.csv`);
    expect(before.headers.get("content-disposition")).toBe('attachment; filename="leads - rows left out.csv"');
    await app.call("POST", `${at}/commit`);
    await app.work(made.json.id);
    const after = await app.call("GET", `${at}/rejected.csv`);
    expect(after.text).toBe(before.text);
    expect(after.text.split("\r\n")[0]).toBe("\ufeffSluice: row,Sluice: reason,Email,First name,Last name");
    expect(after.text).toContain(`"'=Bo","''Ek"`);
    const skipped = await app.call("GET", `${at}/rejected.csv?outcome=skipped`);
    expect(skipped.text.split("\r\n")[1]).toMatch(/^4,.*/);
  });

  it("hands them out as a workbook with the same cells", async () => {
    const app = await openApp();
    const id = await completed(app);
    const { bytes, headers } = await app.call("GET", `/imports/${id}/rejected.xlsx`);
    expect(headers.get("content-disposition")).toContain("leads - rows left out.xlsx");
    const rows = await rowsOf(bytes);
    expect(rows[0]).toEqual(["Sluice: row", "Sluice: reason", "Email", "First name", "Last name"]);
    const width = rows[1].length - 2;
    expect(rows.slice(1).map(([row, reason, ...cells]) => [row, reason === "", cells])).toEqual([
      ["3", false, ["not-an-address", "=Bo", "''Ek"]],
      ["5", false, ["", "x\ny", ""].slice(0, width)],
      ["6", false, ["+46701", "", ""].slice(0, width)],
    ]);
  });

  it("hands out the records it created and updated, as they are now", async () => {
    const app = await openApp();
    const lines = Array.from({ length: 1201 }, (_, k) => `p${k}@example.com,N${k},`).join("\n");
    const first = await completed(app, `Email,First name,Last name\n${lines}\n`);
    const { text, headers } = await app.call("GET", `/imports/${first}/records.csv`);
    const [header, ...records] = text.trimEnd().split("\r\n");
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(header).toMatch(/^\ufeffid,external_id,/);
    expect(records).toHaveLength(1201);
    expect(new Set(records.map((line) => line.split(",")[0])).size).toBe(1201);

    const second = await completed(app, "Email,First name\np7@example.com,Changed\nnew@example.com,New\n", {
      options: { autoCommit: true, duplicates: { strategy: "update", keys: ["email"] } },
    });
    await app.database.query(
      (await import("kysely")).sql`update leads set last_name = '=1+1' where email = 'new@example.com'`,
    );
    const changed = (await app.call("GET", `/imports/${second}/records.csv`)).text.trimEnd().split("\r\n").slice(1);
    expect(changed).toEqual([expect.stringContaining("new@example.com"), expect.stringContaining("p7@example.com")]);
    expect(changed[0]).toContain(`"'=1+1"`);
    expect(changed[1]).toContain("Changed");
  });

  it("takes corrected rejects as a child, read and matched like their parent", async () => {
    const app = await openApp();
    const id = await completed(app, "Adresse mail,Prénom\nnot-an-address,Bo\nanna@example.com,Anna\n", {
      columns: [
        { column: "Adresse mail", field: "email" },
        { column: "Prénom", field: "last_name" },
      ],
      acceptDoubts: true,
      options: { autoCommit: true, language: "sv", duplicates: { strategy: "update", keys: ["email"] } },
    });
    const report = (await app.call("GET", `/imports/${id}/rejected.csv`)).text;
    const uploadId = await app.upload(report.replace("not-an-address", "bo@example.com"), "import-rejected.csv");
    const child = await app.call(
      "POST",
      "/imports",
      { uploadId, parentId: id, options: { autoCommit: true } },
      { headers: { "accept-language": "fr" } },
    );
    expect(child.json).toMatchObject({ parentId: id, importer: "leads", status: "queued" });
    expect(child.json.mapping.columns.map(({ field }: { field: string }) => field)).toEqual([
      null,
      null,
      "email",
      "last_name",
    ]);
    await app.work(child.json.id);
    expect(await app.rows("select email, last_name from leads order by email")).toEqual([
      { email: "anna@example.com", last_name: "Anna" },
      { email: "bo@example.com", last_name: "Bo" },
    ]);
    expect((await app.call("GET", `/imports/${child.json.id}/options`)).json).toMatchObject({
      duplicates: { strategy: "update", keys: ["email"] },
      language: "sv",
    });
    expect((await app.call("GET", `/imports/${id}/report`)).json.children).toEqual([child.json.id]);
    expect((await app.call("GET", `/imports?parentId=${id}`)).json.items).toMatchObject([{ id: child.json.id }]);

    const stranger = await app.upload("Email\nx@example.com\n", "x.csv", "anna");
    expect((await app.call("POST", "/imports", { uploadId: stranger, parentId: id }, { as: "anna" })).status).toBe(404);
  });
});
