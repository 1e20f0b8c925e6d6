/** A zip archive of several files over HTTP: they are listed, and one is chosen. */
import { utils, write } from "@e965/xlsx";
import { describe, expect, it } from "vitest";
import { zipOf } from "../corpus/zip-bytes.ts";
import { openApp } from "./open-app.ts";

function workbook(sheets: Readonly<Record<string, unknown[][]>>): Uint8Array {
  const book = utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) utils.book_append_sheet(book, utils.aoa_to_sheet(rows), name);
  return new Uint8Array(write(book, { type: "buffer", bookType: "xlsx" }));
}

const archive = (): Uint8Array =>
  zipOf([
    { name: "__MACOSX/._leads.csv", content: "x" },
    { name: "scan.pdf", content: "%PDF-1.4" },
    { name: "leads.csv", content: `E-mail,Nom\nanna@example.com,Anna\n${"x".repeat(300)}@example.com,Bo\n` },
    { name: "more/team.xlsx", content: workbook({ Notes: [["Made in May"]], Team: [["E-mail"], ["bo@example.com"]] }) },
  ]);

describe("the files of a zip archive over HTTP", () => {
  it("are listed with their first rows, and one of them is chosen by the options", async () => {
    const { call, upload } = await openApp();
    const made = await call("POST", "/imports", { uploadId: await upload(archive(), "all.zip"), importer: "leads" });
    const path = `/imports/${made.json.id}`;
    expect(made.json.dialect).toMatchObject({ packing: "zip", entry: "more/team.xlsx" });
    const { json } = await call("GET", `${path}/entries?lang=fr`);
    expect(json.items.map(({ sizeBytes: _, ...item }: { sizeBytes: number }) => item)).toEqual([
      {
        name: "more/team.xlsx",
        index: 3,
        columns: 1,
        rows: [["E-mail"], ["bo@example.com"]],
        more: false,
        problem: null,
      },
      {
        name: "leads.csv",
        index: 2,
        columns: 2,
        rows: [
          ["E-mail", "Nom"],
          ["anna@example.com", "Anna"],
          [`${"x".repeat(80)}…`, "Bo"],
        ],
        more: false,
        problem: null,
      },
      {
        name: "scan.pdf",
        index: 1,
        columns: 0,
        rows: [],
        more: false,
        problem: "scan.pdf est un PDF. Récupérez le tableau lui-même, en XLSX ou en CSV, là d’où il vient.",
      },
    ]);
    const put = await call("PUT", `${path}/options`, { dialect: { entry: "leads.csv" } });
    expect(put.json.dialect).toMatchObject({ entry: "leads.csv" });
    expect((await call("GET", path)).json.dialect).toMatchObject({ entry: "leads.csv", columns: ["E-mail", "Nom"] });
    expect((await call("GET", `${path}/sheets`)).json).toEqual({ items: [] });
    await call("PUT", `${path}/options`, { dialect: { entry: "team.xlsx", sheet: "Team" } });
    expect((await call("GET", path)).json.dialect).toMatchObject({
      entry: "more/team.xlsx",
      sheet: "Team",
      columns: ["E-mail"],
    });
    expect((await call("GET", `${path}/sheets`)).json.items.map(({ name }: { name: string }) => name)).toEqual([
      "Notes",
      "Team",
    ]);
    const refused = await call("PUT", `${path}/options`, { dialect: { entry: "nope.csv" } });
    expect([refused.status, refused.json.next.code]).toEqual([422, "choose_entry"]);
    expect(refused.json.detail).toContain('all.zip has no file "nope.csv" in it. Available: 1 "scan.pdf"');
  });

  it("are none of another file, which has none to choose", async () => {
    const { call, upload } = await openApp();
    const uploadId = await upload("Email\nanna@example.com\n", "a.csv", "anna");
    const made = await call("POST", "/imports", { uploadId, importer: "leads" }, { as: "anna" });
    const path = `/imports/${made.json.id}/entries`;
    expect((await call("GET", path, undefined, { as: "anna" })).json).toEqual({ items: [] });
    expect((await call("GET", path, undefined, { as: "bo" })).status).toBe(404);
    const put = await call("PUT", `/imports/${made.json.id}/options`, { dialect: { entry: "a.csv" } }, { as: "anna" });
    expect([put.status, put.json.next]).toMatchObject([422, { code: "omit_option", option: "entry" }]);
  });
});
