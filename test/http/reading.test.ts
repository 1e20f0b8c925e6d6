/** How a file was understood and what came second; and how it would be read otherwise, before that is chosen. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openApp } from "./open-app.ts";

const people = defineImporter({
  name: "people",
  fields: { email: field.email(), name: field.text(), born: field.date() },
  match: { keys: ["email"] },
  target: { table: "people" },
});
const ddl = "create table people (id bigserial primary key, email text, name text, born date)";

async function pending(text: string) {
  const app = await openApp([people], ddl);
  const uploadId = await app.upload(text);
  const { json } = await app.call("POST", "/imports", { uploadId, importer: "people" });
  return { app, id: json.id };
}

it("lists what was decided, each with what came second and why", async () => {
  const { app, id } = await pending("email;name;born\na@x.fr;Ann;1/2/1990\nb@x.fr;Bo;3/4/1991\n");
  const { json } = await app.call("GET", `/imports/${id}/choices?lang=fr`);
  expect(json.items).toEqual([
    {
      of: "delimiter",
      chosen: ";",
      runnerUp: { value: ",", reason: "donnerait une seule colonne (lignes : 2 sur 2)", isClose: false },
    },
    { of: "encoding", chosen: "utf-8", runnerUp: null },
    { of: "quote", chosen: '"', runnerUp: null },
    {
      of: "headerRow",
      chosen: 1,
      runnerUp: { value: 0, reason: "lirait la ligne 1 comme une ligne de données", isClose: false },
    },
    {
      of: "dateOrder",
      column: "born",
      chosen: "dmy",
      runnerUp: { value: "mdy", reason: "convient (cellules : 2 sur 2)", isClose: true },
    },
  ]);
});

it("shows the first rows under another dialect, and keeps the one that is there", async () => {
  const { app, id } = await pending("email;name;born\na@x.fr;NULL;1990-02-01\n");
  const before = (await app.call("GET", `/imports/${id}/options`)).json.dialect;
  const path = (dialect: object): string =>
    `/imports/${id}/reading?limit=1&dialect=${encodeURIComponent(JSON.stringify(dialect))}`;
  const { json } = await app.call("GET", path({ delimiter: ",", headerRow: 0 }));
  expect(json).toMatchObject({
    dialect: { delimiter: ",", headerRow: 0, columns: ["Column 1"] },
    rows: [{ row: 1, cells: ["email;name;born"], intact: true }],
    more: true,
  });
  const { json: blank } = await app.call("GET", path({ nulls: ["NULL"] }));
  expect(blank.rows).toEqual([{ row: 2, cells: ["a@x.fr", "", "1990-02-01"], intact: true }]);
  expect((await app.call("GET", `/imports/${id}/options`)).json.dialect).toEqual(before);
});

it("refuses a dialect that is none, and one that cannot be", async () => {
  const { app, id } = await pending("email;name\na@x.fr;Ann\n");
  const statusOf = async (dialect: string): Promise<number> =>
    (await app.call("GET", `/imports/${id}/reading?dialect=${encodeURIComponent(dialect)}`)).status;
  expect(await statusOf("{")).toBe(422);
  expect(await statusOf('{"delimiter":"\\n"}')).toBe(422);
  expect(await statusOf('{"sheet":"Sheet1"}')).toBe(422);
  expect(await statusOf('{"encoding":"klingon"}')).toBe(422);
});
