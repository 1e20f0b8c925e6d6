/** Values that are not one cell: constants, defaults, columns joined and columns split, from the mapping to the table, and edited. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Given } from "../../src/core/given-mapping.ts";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine } from "../open-engine.ts";
import { commit, ready, rowsOf } from "./review-import.ts";

const contacts = defineImporter({
  name: "contacts",
  fields: {
    email: field.email(),
    first_name: field.text({ required: true }),
    last_name: field.text({ required: true }),
    source: field.text({ required: true }),
    country: field.text(),
    born: field.date(),
    street: field.text(),
    postal_code: field.text(),
    city: field.text(),
  },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "contacts" },
});
const table = `
  create table contacts (id bigint generated always as identity primary key, email text, first_name text, last_name text, source text,
    country text, born date, street text, postal_code text, city text)`;

const named = (part: "first" | "last"): Given => ({
  field: `${part}_name`,
  source: { kind: "split", column: "Nom complet", by: "name", part },
});
const located = (part: "street" | "postal_code" | "city"): Given => ({
  field: part,
  source: { kind: "split", column: "Adresse", by: "address", part },
});
const source: Given = { field: "source", source: { kind: "constant", value: " Salon 2026 " } };
const all = [named("first"), named("last"), source];

const stored = async (open: Awaited<ReturnType<typeof openEngine>>) =>
  open.rows("select email, first_name, last_name, source, country from contacts order by id");

describe("values that are not one cell", () => {
  it("go in from a constant, a default, a name and an address taken apart, and columns joined", async () => {
    const open = await openEngine([contacts], table);
    const text =
      'email;Nom complet;Pays;Adresse;J;M;A\na@x.fr;Anna Berg;;"12 rue X, 75001 Paris";1;2;1990\nb@x.fr;"Öst, Bo";SE;;;;\n ;;;;;;\n';
    const born: Given = { field: "born", source: { kind: "join", columns: ["J", "M", "A"], separator: "/" } };
    const country: Given = { column: "Pays", field: "country", default: "FR" };
    const map = [...all, born, country, located("street"), located("postal_code"), located("city")];
    const jobId = await ready(open, contacts, text, { map });
    expect((await rowsOf(open, jobId)).kept).toEqual([]);
    expect(await commit(open, jobId)).toMatchObject({ job: { status: "completed", totalRows: 2 } });
    expect(await open.rows("select * from contacts order by id")).toEqual([
      {
        id: 1,
        email: "a@x.fr",
        first_name: "Anna",
        last_name: "Berg",
        source: "Salon 2026",
        country: "FR",
        born: "1990-02-01",
        street: "12 rue X",
        postal_code: "75001",
        city: "Paris",
      },
      {
        id: 2,
        email: "b@x.fr",
        first_name: "Bo",
        last_name: "Öst",
        source: "Salon 2026",
        country: "SE",
        born: null,
        street: null,
        postal_code: null,
        city: null,
      },
    ]);
  });

  it("keep a row out where they are wrong, whose cells are the file's own", async () => {
    const open = await openEngine([contacts], table);
    const text = "email;Nom complet\na@x.fr;Anna\nb@x.fr;#REF!\nno mail;Bo Öst\n";
    const jobId = await ready(open, contacts, text, { map: all });
    const { kept } = await rowsOf(open, jobId);
    expect(kept.map(({ issues }) => (issues as { c: string; f: string }[]).map(({ c, f }) => [c, f]))).toEqual([
      [["required", "first_name"]],
      [
        ["cell_error", "first_name"],
        ["cell_error", "last_name"],
      ],
      [["email_invalid", "email"]],
    ]);
    const { rows } = await commit(open, jobId);
    expect(rows).toHaveLength(3);
    const { rejectedRowsPath } = await open.engine.imports.get(jobId);
    expect(await readFile(rejectedRowsPath ?? "", "utf8")).toMatch(
      /^\ufeff[^\n]*;email;Nom complet\r\n2;[^\n]*;a@x\.fr;Anna\r\n/,
    );
  });

  it("are edited as a field's value, follow an edit of their column, and come back exactly by undo", async () => {
    const open = await openEngine([contacts], table);
    const text = "email;Nom complet\na@x.fr;Anna Berg\nb@x.fr;Bo\n";
    const jobId = await ready(open, contacts, text, { map: all });
    const begin = await rowsOf(open, jobId);
    const edit = (row: number, cell: { field: string } | { column: string }, value: string) =>
      open.engine.review.editCell(jobId, { row, ...cell, value }, "ann");
    // Of a valid row: the value alone.
    expect(await edit(2, { field: "source" }, "phone")).toMatchObject({ status: "valid", values: { source: "phone" } });
    expect(await edit(2, { field: "first_name" }, "Anne")).toMatchObject({
      values: { first_name: "Anne", last_name: "Berg" },
    });
    // Of a rejected row: its column, which both parts follow.
    expect(await edit(3, { column: "Nom complet" }, "Bo Öst")).toMatchObject({
      status: "valid",
      values: { first_name: "Bo", last_name: "Öst", source: "Salon 2026" },
    });
    const after = await rowsOf(open, jobId);
    // Set by hand, it follows no more.
    await edit(3, { field: "last_name" }, "Öster");
    expect(await edit(3, { column: "Nom complet" }, "Bob Öst")).toMatchObject({
      values: { first_name: "Bob", last_name: "Öster" },
    });
    await open.engine.review.undoEdit(jobId, "ann");
    await open.engine.review.undoEdit(jobId, "ann");
    expect(await rowsOf(open, jobId)).toEqual(after);
    for (let k = 0; k < 3; k++) await open.engine.review.undoEdit(jobId, "ann");
    expect(await rowsOf(open, jobId)).toEqual(begin);
    await edit(3, { field: "first_name" }, "Bob");
    await commit(open, jobId);
    expect(await stored(open)).toMatchObject([
      { first_name: "Anna", last_name: "Berg" },
      { first_name: "Bob", last_name: "Bo", source: "Salon 2026" },
    ]);
  });

  it("are replaced, found and replaced in many rows like any other", async () => {
    const open = await openEngine([contacts], table);
    const text = "email;Nom complet\na@x.fr;Anna\nb@x.fr;Bo\nc@x.fr;Cy Berg\n";
    const jobId = await ready(open, contacts, text, { map: all });
    const before = await rowsOf(open, jobId);
    const { review } = open.engine;
    expect(await review.distinctBadValues(jobId, "first_name", { limit: 5 })).toEqual([{ value: "", rows: 2 }]);
    expect(await review.replaceValue(jobId, { field: "first_name", from: "", to: "?" }, null)).toMatchObject({
      nowValid: 2,
    });
    const found = await review.findAndReplace(jobId, { field: "source", find: "Salon", replace: "Fair" }, null);
    expect(found).toMatchObject({ changed: 3 });
    for (let k = 0; k < 2; k++) await review.undoEdit(jobId, null);
    expect(await rowsOf(open, jobId)).toEqual(before);
  });

  it("are remembered with the mapping, and an older mapping stays valid", async () => {
    const open = await openEngine([contacts], table);
    const jobId = await ready(open, contacts, "email;Nom complet\na@x.fr;Anna Berg\n", { map: all });
    const { mapping } = await open.engine.imports.get(jobId);
    expect(mapping.fields).toEqual([
      { field: "first_name", source: { kind: "split", column: 1, by: "name", part: "first" }, reason: "given" },
      { field: "last_name", source: { kind: "split", column: 1, by: "name", part: "last" }, reason: "given" },
      { field: "source", source: { kind: "constant", value: " Salon 2026 " }, reason: "given" },
    ]);
    expect(mapping.columns[1]).toMatchObject({ header: "Nom complet", field: null });
  });
});
