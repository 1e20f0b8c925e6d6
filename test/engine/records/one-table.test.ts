/** Records of a row that may be the same one: they go to one table. And records that are known by their key alone, which is one number. */
import { expect, it } from "vitest";
import { defineImporter, field, ref } from "../../../src/index.ts";
import { openEngine } from "../../open-engine.ts";
import { foretold, undo } from "../undo-import.ts";
import { importForetold } from "./foretold.ts";

const people = defineImporter({
  name: "people",
  fields: {
    code: field.text({ required: true }),
    mobile: field.text(),
    work: field.text(),
    at: field.text(),
    on: field.text(),
  },
  records: {
    person: { table: "people", key: ["code"], onMatch: "update" },
    mobile: {
      table: "phones",
      key: [ref("person"), "mobile"],
      set: { number: "mobile", kind: "at" },
      onMatch: "update",
    },
    work: { table: "phones", key: [ref("person"), "work"], set: { number: "work", kind: "on" }, onMatch: "update" },
  },
});
const tables = (unique: string): string => `
  create table people (id bigint generated always as identity primary key, code text unique);
  create table phones (id bigint generated always as identity primary key, person_id bigint not null references people, number text, kind text${unique});`;
const phones = "select code, number, kind from phones join people p on p.id = person_id order by code, number";
const everything =
  "select (select jsonb_agg(p order by id) from people p) as people, (select jsonb_agg(p order by id) from phones p) as phones";

it.each(["", ", unique (person_id, number)"])(
  "makes one of two that are the same, the later after the earlier%s",
  async (unique) => {
    const open = await openEngine([people], tables(unique));
    const file = "code,mobile,work,at,on\na,01,01,mobile,work\nb,02,03,mobile,work\n";
    const stand = [
      { code: "a", number: "01", kind: "work" },
      { code: "b", number: "02", kind: "mobile" },
      { code: "b", number: "03", kind: "work" },
    ];
    const made = await importForetold(open, people, file);
    expect(made.counts).toMatchObject({ created: 2, failed: 0 });
    expect(made.records).toMatchObject({ mobile: { created: 2 }, work: { created: 1, updated: 1 } });
    expect(await open.rows(phones)).toEqual(stand);
    const preview = await open.engine.undoPreview(made.job.id);
    const undone = await undo(open, made.job.id);
    expect(undone).toMatchObject({ status: "undone", deleted: 5, kept: {} });
    expect(undone).toMatchObject(foretold(preview));
    expect(await open.rows(everything)).toEqual([{ people: null, phones: null }]);
    // Where only the first of them would be changed, the second has the last word all the same.
    await importForetold(open, people, file);
    const before = await open.rows(everything);
    const again = await importForetold(open, people, file);
    expect(again.counts).toMatchObject({ created: 0, updated: 1, unchanged: 1 });
    expect(await open.rows(phones)).toEqual(stand);
    expect((await undo(open, again.job.id)).kept).toEqual({});
    expect(await open.rows(everything)).toEqual(before);
  },
);

it("knows records by a key that is one number", async () => {
  const products = defineImporter({
    name: "products",
    fields: { code: field.text({ required: true }), note: field.text() },
    records: {
      product: { table: "products", key: ["code"], onMatch: "update" },
      note: { table: "notes", id: null, key: [ref("product")], set: { body: "note" }, onMatch: "update" },
    },
  });
  const open = await openEngine(
    [products],
    `create table products (id bigint generated always as identity primary key, code text unique);
    create table notes (product_id bigint primary key references products, body text);`,
  );
  const notes = "select code, body from notes join products p on p.id = product_id order by code";
  const made = await importForetold(open, products, "code,note\na,one\nb,two\n");
  expect(made.counts).toMatchObject({ created: 2, failed: 0 });
  const changed = await importForetold(open, products, "code,note\na,one\nb,three\nc,four\n");
  expect(changed.counts).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
  expect(await undo(open, changed.job.id)).toMatchObject({ deleted: 2, restored: 1, kept: {} });
  expect(await open.rows(notes)).toEqual([
    { code: "a", body: "one" },
    { code: "b", body: "two" },
  ]);
  expect(await undo(open, made.job.id)).toMatchObject({ deleted: 4, kept: {} });
  expect(await open.rows(notes)).toEqual([]);
});
