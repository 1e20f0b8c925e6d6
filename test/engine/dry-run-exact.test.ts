/** A dry run's numbers are the commit's, whatever the table demands. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine } from "../open-engine.ts";
import { fc } from "../property.ts";

const things = defineImporter({
  name: "things",
  fields: {
    code: field.text(),
    mail: field.text(),
    word: field.text({ merge: "fill" }),
    n: field.integer(),
    tag: field.text(),
  },
  match: { keys: ["code", "mail"] },
  target: { table: "things" },
});

/** What a table may demand, or do, beside its columns. */
const demands = [
  "create unique index on things (lower(tag))",
  "create unique index on things (tag) where n > 1",
  "create unique index on things (n, word)",
  "alter table things add unique (mail)",
  "alter table things add unique (mail) deferrable initially deferred",
  "alter table things add exclude using hash (tag with =)",
  "alter table things add check (6 / n > 1)",
  "alter table things add check (word <> tag)",
  "alter table things alter tag type varchar(2)",
  "create domain small as integer check (value < 3); alter table things alter n type small",
  "alter table things add twice integer generated always as (100 / n) stored",
  "alter table things alter word set not null",
  "alter table things add foreign key (tag) references tags",
  "alter table things add foreign key (tag) references tags deferrable initially deferred",
  "create trigger picky before insert or update on things for each row execute function picky()",
  "create trigger late after insert or update on things for each row execute function late()",
];
const base = `
  create table tags (tag text primary key); insert into tags values ('t'), ('U'), ('long');
  create table things (id serial primary key, code text, mail text, word text, n integer, tag text);
  create function picky() returns trigger language plpgsql as $$ begin
    if new.tag = 'U' then return null; end if; new.word := upper(new.word); return new; end $$;
  create function late() returns trigger language plpgsql as $$ begin
    if new.n = 2 and new.word = 'p' then raise exception 'no'; end if; return null; end $$`;

const cell = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom("", ...values);
const row = fc.tuple(
  cell("a", "A", "b", "c", "d"),
  cell("m", "n", "o"),
  cell("p", "q", "U"),
  cell("0", "1", "2", "3"),
  cell("t", "T", "U", "long"),
);

it.each(["skip", "update", "create"] as const)(
  "with %s, counts what a table of any kind will take, leave out and refuse",
  async (strategy) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...demands), { minLength: 1, maxLength: 3 }),
        fc.array(row, { maxLength: 3 }),
        fc.array(row, { minLength: 1, maxLength: 14 }),
        async (chosen, table, file) => {
          const { importCsv, dryRun, rows } = await openEngine([things], base);
          for (const [code, mail, word, n, tag] of table) {
            const values = [code, mail, word, n, tag].map((each) => (each === "" ? "null" : `'${each}'`));
            await rows(`insert into things (code, mail, word, n, tag) values (${values.join(", ")})`);
          }
          // What the records that are there break already, this table does not demand.
          for (const demand of chosen) await rows(demand).catch(() => {});
          const text = `code;mail;word;n;tag\n${file.map((cells) => cells.join(";")).join("\n")}\n`;
          const options = {
            strategy,
            map: ["code", "mail", "word", "n", "tag"].map((name) => ({ column: name, field: name })),
          };
          const foretold = await dryRun(things, text, options);
          const { counts, issueCounts } = await importCsv(things, text, options);
          const sorted = (each: readonly object[]): string[] =>
            each.map((one) => JSON.stringify(Object.entries(one).sort())).sort();
          expect({ counts: foretold.counts, issues: sorted(foretold.issueCounts) }).toEqual({
            counts,
            issues: sorted(issueCounts),
          });
        },
      ),
      { numRuns: 10, seed: 20260403, endOnFailure: true },
    );
  },
);
