/** The whole file as the review has corrected it, to be downloaded. */
import { gzipSync } from "node:zlib";
import { utils, write } from "@e965/xlsx";
import { describe, expect, it } from "vitest";
import { rowCells } from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";
import { memorySource } from "../memory-source.ts";
import { type OpenApp, openApp } from "./open-app.ts";

const csv = [
  "Export of May",
  "",
  "E-mail;Prénom;Remarque;CP",
  "anna@example.com;Anna;=1+1;01000",
  "bo@;Bo;;69001",
  'cia@;Cia;"x;y";',
  ";Dan;;",
  ";;;",
  "eva@example.com;Eva",
  "",
].join("\r\n");

async function ready(app: OpenApp, content: string | Uint8Array, name = "leads.csv"): Promise<string> {
  const made = await app.call("POST", "/imports", {
    uploadId: await app.upload(content, name),
    importer: "leads",
    start: true,
    acceptDoubts: true,
  });
  expect(made.status).toBe(202);
  await app.work(made.json.id);
  return `/imports/${made.json.id}`;
}

async function rowsOf(bytes: Uint8Array, name = "corrected"): Promise<string[][]> {
  const source = memorySource(name, bytes);
  const dialect = await formats.detect(source, { headerRow: 1 });
  const rows: string[][] = [];
  for await (const batch of formats.read(source, dialect, {}))
    for (let r = 0; r < batch.rowCount; r++) rows.push(rowCells(batch, r));
  return rows;
}

async function correct(app: OpenApp, at: string): Promise<void> {
  // A row that was rejected, and then right; one that stays rejected; one that was right from the beginning, twice.
  for (const [row, edit] of [
    [5, { field: "email", value: "bo@example.com" }],
    [6, { field: "first_name", value: "Cilla" }],
    [4, { field: "first_name", value: "Ännä" }],
    [4, { field: "postal_code", value: "01001" }],
  ] as const)
    expect((await app.call("PATCH", `${at}/rows/${row}`, edit)).status).toBe(200);
}

describe("the corrected file", () => {
  it("has every row with its edits in the file's own columns, rejected ones too, and no formula", async () => {
    const app = await openApp();
    const at = await ready(app, csv);
    const before = await app.call("GET", `${at}/corrected.csv`);
    expect(before.text.split("\r\n").length).toBe(7);
    await correct(app, at);
    const { text, headers } = await app.call("GET", `${at}/corrected.csv?lang=fr`);
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(decodeURIComponent(headers.get("content-disposition") ?? "")).toContain("leads - corrigé.csv");
    expect(text.charCodeAt(0)).toBe(0xfeff);
    expect(text.slice(1).split("\r\n")).toEqual([
      "E-mail;Prénom;Remarque;CP",
      `anna@example.com;Ännä;"'=1+1";01001`,
      "bo@example.com;Bo;;69001",
      `cia@;Cilla;"x;y";`,
      ";Dan;;",
      "eva@example.com;Eva",
      "",
    ]);
  });

  it("is what it was before where its edits are undone", async () => {
    const app = await openApp();
    const at = await ready(app, csv);
    const before = (await app.call("GET", `${at}/corrected.csv`)).text;
    await correct(app, at);
    for (let k = 0; k < 4; k++) await app.call("POST", `${at}/edits/undo`);
    expect((await app.call("GET", `${at}/corrected.csv`)).text).toBe(before);
  });

  it("imports to the same as the review has", async () => {
    const app = await openApp();
    const at = await ready(app, csv.replace(";;;\r\neva@example.com;Eva\r\n", ""));
    await correct(app, at);
    const { text } = await app.call("GET", `${at}/corrected.csv`);
    const again = await ready(app, text, "again.csv");
    const counts = async (path: string) => {
      const { validRows, invalidRows } = (await app.call("GET", path)).json;
      return { validRows, invalidRows };
    };
    expect(await counts(again)).toEqual(await counts(at));
  });

  it.each<[string, (rows: unknown[][]) => Uint8Array, string]>([
    ["a workbook", (rows) => bookOf(rows), "leads.xlsx"],
    ["a packed file", (rows) => gzipSync(rows.map((row) => row.join(",")).join("\n")), "leads.csv.gz"],
    [
      "JSON",
      ([header, ...rows]) =>
        Buffer.from(JSON.stringify(rows.map((row) => Object.fromEntries(row.map((cell, k) => [header[k], cell]))))),
      "leads.json",
    ],
  ])("is made of %s, as a workbook too", async (_, content, name) => {
    const app = await openApp();
    const rows = [
      ["Email", "First name"],
      ["bo@", "Bo"],
      ["eva@example.com", "Eva"],
    ];
    const at = await ready(app, content(rows), name);
    const [first] = (await app.call("GET", `${at}/rows?status=invalid`)).json.items;
    await app.call("PATCH", `${at}/rows/${first.row}`, { field: "email", value: "bo@example.com" });
    const corrected = [
      ["Email", "First name"],
      ["bo@example.com", "Bo"],
      ["eva@example.com", "Eva"],
    ];
    const sheet = await app.call("GET", `${at}/corrected.xlsx?lang=sv`);
    expect(decodeURIComponent(sheet.headers.get("content-disposition") ?? "")).toContain("leads - rättad.xlsx");
    expect(await rowsOf(sheet.bytes)).toEqual(corrected);
    expect(await rowsOf((await app.call("GET", `${at}/corrected.csv`)).bytes)).toEqual(corrected);
  });

  it("is nobody else's, and not there once the file is gone", async () => {
    const app = await openApp();
    const uploadId = await app.upload("Email\nanna@example.com\n", "a.csv", "anna");
    const made = await app.call("POST", "/imports", { uploadId, importer: "leads" }, { as: "anna" });
    const path = `/imports/${made.json.id}`;
    expect((await app.call("GET", `${path}/corrected.csv`, undefined, { as: "anna" })).status).toBe(200);
    for (const file of ["corrected.csv", "corrected.xlsx"])
      expect((await app.call("GET", `${path}/${file}`, undefined, { as: "bo" })).status).toBe(404);
    await app.call("POST", `${path}/cancel`, {}, { as: "anna" });
    const gone = await app.call("GET", `${path}/corrected.csv`, undefined, { as: "anna" });
    expect([gone.status, gone.json.next.code]).toEqual([404, "upload_again"]);
  });
});

function bookOf(rows: unknown[][]): Uint8Array {
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet(rows), "Leads");
  return new Uint8Array(write(book, { type: "buffer", bookType: "xlsx" }));
}
