import { describe, expect, it } from "vitest";
import { type OpenApp, openApp } from "./open-app.ts";

interface Item {
  row: number;
  status: string;
  issues: { code: string; message: string }[];
  values: Record<string, string> | null;
}

/** 900 rows: every seventh is wrong, every hundredth says "Zed", row 300 is blank in the file. */
function file(): string {
  const rows = ["Email,First name,Private"];
  for (let row = 2; row <= 901; row++) {
    if (row === 300) rows.push("");
    else rows.push(`${row % 7 === 0 ? "nope" : `p${row}@example.com`},${row % 100 === 0 ? "Zed" : "Ann"},secret`);
  }
  return `${rows.join("\n")}\n`;
}

async function ready(app: OpenApp, text: string): Promise<string> {
  const uploadId = await app.upload(text);
  const { json } = await app.call("POST", "/imports", {
    uploadId,
    importer: "leads",
    start: true,
    columns: [
      { column: "Email", field: "email" },
      { column: "First name", field: "first_name" },
      { column: "Private", field: null },
    ],
  });
  await app.work(json.id);
  return `/imports/${json.id}`;
}

const numbers = ({ items }: { items: Item[] }): number[] => items.map(({ row }) => row);

describe("rows by their place in a list", () => {
  it.each([
    "",
    "&status=invalid",
    "&status=valid",
    "&issue=email_invalid&field=email",
    "&search=zed",
    "&search=zed&status=valid",
    "&search=nobody",
  ])("finds the same rows by offset as by key: %j", async (filter) => {
    const app = await openApp();
    const at = await ready(app, file());
    const all: number[] = [];
    for (let after = ""; ; ) {
      const { json } = await app.call("GET", `${at}/rows?limit=500${filter}${after}`);
      all.push(...numbers(json));
      if (json.next === null) break;
      after = `&after=${json.next}`;
    }
    for (const offset of [0, 1, 5, 255, 256, 299, 620, all.length - 1, all.length, 5000].filter((each) => each >= 0)) {
      const { json } = await app.call("GET", `${at}/rows?offset=${offset}&limit=40${filter}`);
      expect(json.total).toBe(all.length);
      expect(numbers(json)).toEqual(all.slice(offset, offset + 40));
    }
  });

  it("counts anew when a row was edited, by hand or many at once", async () => {
    const app = await openApp();
    const at = await ready(app, file());
    const totals = async (): Promise<number[]> => {
      const found: number[] = [];
      for (const filter of ["", "&status=invalid", "&status=valid", "&search=zed"]) {
        found.push((await app.call("GET", `${at}/rows?offset=0&limit=1${filter}`)).json.total);
      }
      return found;
    };
    const [all, invalid, valid, zeds] = await totals();
    await app.call("PATCH", `${at}/rows/7`, { field: "email", value: "seven@example.com" });
    expect(await totals()).toEqual([all, invalid - 1, valid + 1, zeds]);
    const { json } = await app.call("GET", `${at}/rows?offset=0&limit=1&status=invalid`);
    expect(numbers(json)).toEqual([14]);
    await app.call("POST", `${at}/edits`, { kind: "find", field: "first_name", find: "Zed", replace: "Zoe" });
    expect(await totals()).toEqual([all, invalid - 1, valid + 1, 0]);
    await app.call("POST", `${at}/edits/undo`);
    await app.call("POST", `${at}/edits/undo`);
    expect(await totals()).toEqual([all, invalid, valid, zeds]);
  });

  it("tells cells by field, of columns that feed one, for rows of both kinds", async () => {
    const app = await openApp();
    const at = await ready(app, file());
    const { json } = await app.call("GET", `${at}/rows?offset=4&limit=2&by=field`);
    expect(json.items).toMatchObject([
      { row: 6, status: "valid", values: { email: "p6@example.com", first_name: "Ann" }, cells: null },
      { row: 7, status: "invalid", values: { email: "nope", first_name: "Ann" }, cells: null },
    ]);
    expect(JSON.stringify(json)).not.toContain("secret");
    const edited = await app.call("PATCH", `${at}/rows/7?by=field`, { field: "email", value: "still nope" });
    expect(edited.json).toMatchObject({ status: "invalid", values: { email: "still nope" }, cells: null });
  });

  it("finds the duplicates that the last dry run found", async () => {
    const app = await openApp();
    const first = await ready(app, "Email,First name,Private\nknown@example.com,Ann,x\n");
    await app.call("POST", `${first}/commit`);
    await app.work(Number(first.split("/")[2]));
    const at = await ready(
      app,
      "Email,First name,Private\nknown@example.com,Ann,x\nb@example.com,Bo,x\nB@example.com,Bo,x\nc@example.com,Cy,x\n",
    );
    const found = async (code: string): Promise<unknown[]> => {
      const { json } = await app.call("GET", `${at}/rows?offset=0&issue=${code}&lang=en`);
      return [json.total, ...json.items.map(({ row, issues }: Item) => [row, issues[0].code])];
    };
    expect(await found("duplicate_in_file")).toEqual([0]);
    await app.call("POST", `${at}/dry-run`);
    expect(await found("duplicate_in_file")).toEqual([1, [4, "duplicate_in_file"]]);
    expect(await found("duplicate_in_table")).toEqual([1, [2, "duplicate_in_table"]]);
  });

  it("tells which rows share a weaker key with somebody else, and which have no record to update, of the last dry run", async () => {
    const app = await openApp();
    const uploadId = await app.upload("Email,Phone\na@x.fr,0142685300\nb@x.fr,01 42 68 53 00\nc@x.fr,0142685399\n");
    const { json } = await app.call("POST", "/imports", { uploadId, importer: "leads", start: true });
    await app.work(json.id);
    const at = `/imports/${json.id}`;
    const found = async (code: string): Promise<unknown[]> => {
      const page = await app.call("GET", `${at}/rows?offset=0&issue=${code}&lang=en`);
      return [page.json.total, ...page.json.items.map(({ row, issues }: Item) => [row, issues[0].message])];
    };
    expect(await found("key_shared_in_file")).toEqual([0]);
    const { issues } = (await app.call("POST", `${at}/dry-run?lang=en`)).json;
    expect(
      issues.map(({ code, severity, title, count }: Record<string, unknown>) => [code, severity, title, count]),
    ).toEqual([["key_shared_in_file", "warning", "shares a key with an earlier row, and is another record", 1]]);
    expect(await found("key_shared_in_file")).toEqual([
      1,
      [3, "Row 2 has the same Phone, but a stronger key differs: they are two records."],
    ]);
    await app.call("PUT", `${at}/options`, { mode: "update_only" });
    await app.call("POST", `${at}/dry-run`);
    expect(await found("key_shared_in_file")).toEqual([0]);
    expect(await found("no_match")).toEqual([
      3,
      ...[2, 3, 4].map((row) => [row, "No record matches, and this import only updates records."]),
    ]);
  });

  it("refuses a page that begins in two places", async () => {
    const app = await openApp();
    const at = await ready(app, file());
    const { status, json } = await app.call("GET", `${at}/rows?offset=3&after=7`);
    expect([status, json.errors[0].path]).toEqual([422, "offset"]);
  });
});
