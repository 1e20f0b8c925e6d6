import { utils, write } from "@e965/xlsx";
import { describe, expect, it } from "vitest";
import { openApp } from "./open-app.ts";

function workbook(sheets: Readonly<Record<string, unknown[][]>>): Uint8Array {
  const book = utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) utils.book_append_sheet(book, utils.aoa_to_sheet(rows), name);
  return new Uint8Array(write(book, { type: "buffer", bookType: "xlsx" }));
}

describe("the sheets of an import over HTTP", () => {
  it("are shown cut, and one of them is chosen by the options", async () => {
    const { call, upload } = await openApp();
    const wide = Array.from({ length: 40 }, (_, k) => `c${k}`);
    const bytes = workbook({
      Notes: [["About", "this"], ["file", "x".repeat(300)], wide],
      "Lead list": [["E-mail"], ["anna@example.com"]],
    });
    const made = await call("POST", "/imports", { uploadId: await upload(bytes, "leads.xlsx"), importer: "leads" });
    const { json } = await call("GET", `/imports/${made.json.id}/sheets`);
    expect(json.items).toEqual([
      {
        name: "Notes",
        index: 1,
        hidden: false,
        columns: 40,
        rows: [["About", "this"], ["file", `${"x".repeat(80)}…`], wide.slice(0, 20)],
        more: false,
      },
      { name: "Lead list", index: 2, hidden: false, columns: 1, rows: [["E-mail"], ["anna@example.com"]], more: false },
    ]);
    const put = await call("PUT", `/imports/${made.json.id}/options`, { dialect: { sheet: "Lead list" } });
    expect(put.json.dialect).toMatchObject({ sheet: "Lead list" });
    expect((await call("GET", `/imports/${made.json.id}`)).json.dialect.columns).toEqual(["E-mail"]);
  });

  it("are none of a file without, and nobody else's", async () => {
    const { call, upload } = await openApp();
    const uploadId = await upload("Email\nanna@example.com\n", "a.csv", "anna");
    const made = await call("POST", "/imports", { uploadId, importer: "leads" }, { as: "anna" });
    const path = `/imports/${made.json.id}/sheets`;
    expect((await call("GET", path, undefined, { as: "anna" })).json).toEqual({ items: [] });
    expect((await call("GET", path, undefined, { as: "bo" })).status).toBe(404);
  });
});
