/** Choices with labels by language: each is understood in a file, whoever wrote it; reports and templates call them as their reader does. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openApp } from "./open-app.ts";

const deals = defineImporter({
  name: "deals",
  fields: {
    code: field.text({ required: true, label: { en: "Code" } }),
    stage: field.choice(
      {
        new: { label: { en: "New", fr: "Nouveau", sv: "Ny" }, words: ["fresh"] },
        won: { label: { en: "Won", fr: "Gagné", sv: "Vunnen" } },
        lost: { label: { en: "Lost", fr: "Perdu" } },
      },
      { label: { en: "Stage", fr: "Étape", sv: "Steg" } },
    ),
    colours: field.list(
      field.choice({
        r: { label: { en: "Red", fr: "Rouge", sv: "Röd" } },
        b: { label: { en: "Blue", fr: "Bleu", sv: "Blå" } },
      }),
      { label: { en: "Colours" } },
    ),
  },
  match: { keys: ["code"] },
  target: { table: "deals" },
});
const ddl = "create table deals (id serial primary key, code text unique, stage text, colours text[])";

const file = [
  "Code,Stage,Colours",
  "1,Nouveau,Rouge; blå",
  "2,ny,RED",
  "3,New,r; Bleu",
  "4,GAGNE,Röd",
  "5,vunnen,",
  "6,fresh,blue",
  "7,Perdu,",
  "8,Cassé,Rouge",
  "9,won,Rouge; vert",
].join("\n");

it.each([
  ["en", ["Stage is not one of: New, Won, Lost.", "Colours (“vert”) is not one of: Red, Blue."], "New"],
  [
    "fr",
    ["Étape ne fait pas partie de : Nouveau, Gagné, Perdu.", "Colours (« vert ») ne fait pas partie de : Rouge, Bleu."],
    "Nouveau",
  ],
  ["sv", ["Steg är inget av: Ny, Vunnen, Lost.", "Colours (”vert”) är inget av: Röd, Blå."], "Ny"],
])("in %s", async (lang, messages, example) => {
  const { call, upload, work, rows } = await openApp([deals], ddl);
  const made = await call("POST", `/imports?lang=${lang}`, {
    uploadId: await upload(file, "deals.csv"),
    importer: "deals",
    start: true,
    acceptDoubts: true,
    options: { language: lang },
  });
  const { id } = made.json;
  await work(id);
  await call("POST", `/imports/${id}/commit`);
  await work(id);
  expect(await rows("select code, stage, colours from deals order by code")).toEqual([
    { code: "1", stage: "new", colours: ["r", "b"] },
    { code: "2", stage: "new", colours: ["r"] },
    { code: "3", stage: "new", colours: ["r", "b"] },
    { code: "4", stage: "won", colours: ["r"] },
    { code: "5", stage: "won", colours: null },
    { code: "6", stage: "new", colours: ["b"] },
    { code: "7", stage: "lost", colours: null },
  ]);
  const report = await call("GET", `/imports/${id}/rejected.csv?lang=${lang}`);
  for (const message of messages) expect(report.text).toContain(message);
  const template = await call("GET", `/importers/deals/template.csv?lang=${lang}`);
  expect(template.text.split(/\r?\n/)[1]).toContain(example);
});
