/** UUIDs, times and web addresses on their way into columns of their own type and of text. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine } from "../open-engine.ts";
import { undo } from "./undo-import.ts";

const one = "0190163d-8694-739b-aea5-966c26f8ad91";
const two = "0190163d-8694-739b-aea5-966c26f8ad92";

it.each(["uuid", "text", "varchar(40)"])(
  "matches by a UUID in a column of %s, creates, updates and undoes",
  async (type) => {
    const importer = defineImporter({
      name: "visits",
      fields: { key: field.uuid({ required: true }), opens: field.time(), site: field.url() },
      match: { keys: ["key"], onDuplicate: "update" },
      target: { table: "visits" },
    });
    const ddl = `create table visits (id serial primary key, key ${type} unique, opens time, site text);
    insert into visits (key, opens, site) values ('${one.toUpperCase()}', '08:00', null)`;
    const open = await openEngine([importer], ddl);
    const { importCsv, dryRun, rows } = open;
    const select = "select key::text, opens::text, site from visits order by id";
    const before = await rows(select);
    const text = `key;opens;site\n{${one}};9h30;www.example.com\n${two.replaceAll("-", "")};21.15;\nx;25:00;javascript:1\n`;
    const { counts } = await dryRun(importer, text);
    const imported = await importCsv(importer, text);
    expect(imported.counts).toEqual(counts);
    expect(imported.counts).toMatchObject({ created: 1, updated: 1, invalid: 1 });
    expect(imported.issues).toEqual([
      [4, "key", "uuid_invalid"],
      [4, "opens", "time_invalid"],
      [4, "site", "url_scheme"],
    ]);
    expect((await rows<{ key: string }>(select)).map((each) => ({ ...each, key: each.key.toLowerCase() }))).toEqual([
      { key: one, opens: "09:30:00", site: "https://www.example.com" },
      { key: two, opens: "21:15:00", site: null },
    ]);
    expect((await importCsv(importer, text)).counts).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
    await undo(open, imported.job.id);
    expect(await rows(select)).toEqual(before);
  },
);
