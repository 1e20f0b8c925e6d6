/** Undo of links between records: with wrong statistics too each of its statements touches as many rows as there are, not their square. */
import { describe, expect, it } from "vitest";
import { defineImporter, field, ref } from "../../src/index.ts";
import { openEngine, workToEnd } from "../open-engine.ts";
import { type WrongStatistics, watchPlans, wrongStatistics } from "../statement-plans.ts";

const rows = 2000;
/** Several times the links; a loop over all links of a tag for each of them would touch 2,000,000. */
const maxRows = 10 * rows;

const contacts = defineImporter({
  name: "contacts",
  fields: { email: field.email({ required: true }), name: field.text(), tags: field.list(field.text()) },
  records: {
    contact: { table: "contacts", key: ["email"], set: { name: "name" } },
    tag: {
      table: "tags",
      each: "tags",
      key: ["tags"],
      set: { name: "tags" },
      link: { table: "contact_tags", from: ref("contact") },
    },
  },
});

/** Links have indexes that begin with the column of which most have the same value, too. */
const ddl = `
  create table contacts (id bigserial primary key, email text unique, name text);
  create table tags (id bigserial primary key, name text unique);
  create table contact_tags (contact_id bigint references contacts on delete cascade, tag_id bigint references tags, primary key (contact_id, tag_id));
  create index on contact_tags (tag_id); create index on contact_tags (tag_id, contact_id)`;
const text = `email,name,tags\n${Array.from({ length: rows }, (_, k) => `p${k}@x.fr,New ${k},vip|${k % 2 ? "odd" : "even"}\n`).join("")}`;

/** As few links as the chunk's, and many more, of which an index fetches the chunk's. */
const sizes = [
  ["only its own", ""],
  [
    "many others",
    `; insert into contacts (email) select 'old' || k || '@x.fr' from generate_series(1, 10000) k; insert into tags (name) values ('vip');
     insert into contact_tags select c.id, t.id from contacts c, tags t`,
  ],
] as const;

describe.each(Object.keys(wrongStatistics) as WrongStatistics[])("with statistics that say %s", (statistics) => {
  it.each(sizes)("undoes links of a table that has %s", async (_, before) => {
    const open = await openEngine([contacts], `${ddl}${before}`, { chunkRows: 500 });
    const there = await open.rows("select count(*)::int as n from contact_tags");
    const { job } = await open.importCsv(contacts, text);
    const plans = await watchPlans(open.database, statistics, maxRows);
    await open.engine.undoPreview(job.id);
    await open.engine.undo(job.id);
    await workToEnd(open.engine, job.id);
    expect((await open.engine.imports.get(job.id)).status).toBe("undone");
    expect(await open.rows("select count(*)::int as n from contact_tags")).toEqual(there);
    expect(plans.statements).toBeGreaterThan(20);
    expect(plans.excesses).toEqual([]);
  });
});
