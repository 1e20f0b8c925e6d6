/** Text of a file in columns of every type: created, updated by each rule, left alone where it says the same, and undone. */
import { expect, it } from "vitest";
import { defineImporter, type Field, field, type MergeRule } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";
import { undo } from "./undo-import.ts";

const text = (merge: MergeRule): Field => field.text({ merge });
const decimal = (merge: MergeRule): Field => field.decimal({ merge });

/** `[type, kind of field, a value, the same written otherwise, another value]`, as Postgres shows them. */
const types: [string, (merge: MergeRule) => Field, string, string, string][] = [
  ["text[]", text, "{a,b}", '{"a", b}', "{c}"],
  ["integer[]", text, "{1,2}", "{ 1,2 }", "{}"],
  ["varchar(3)[]", text, "{abc}", '{"abc"}', "{d}"],
  ["tags", text, "{a,b}", '{"a",b}', "{c}"],
  ["json", text, '{"a":1}', '{ "a" : 1 }', '{"a":2}'],
  ["jsonb", text, '{"a": 1}', '{"a":1}', '{"a": 2}'],
  ["documents", text, '{"a": 1}', '{"a":1}', "[]"],
  ["mood", text, "so so", "so so", "sad"],
  ["posint", text, "7", "07", "8"],
  ["citext", text, "Foo", "Foo", "foo"],
  ["char(2)", text, "FR", "FR", "SE"],
  ["varchar(5)", text, "abcde", "abcde", "x"],
  ["real", decimal, "1.5", "1.50", "2.25"],
  ["money", decimal, "$1.50", "1.5", "$2.25"],
  ["numeric(6,2)", decimal, "1.50", "1.5", "2.25"],
  ["time", text, "10:30:00", "10:30", "11:00:00"],
  ["interval", text, "1 day 02:00:00", "26 hours", "03:00:00"],
  ["inet", text, "10.0.0.1/32", "10.0.0.1", "10.0.0.0/8"],
  [
    "uuid",
    text,
    "00000000-0000-0000-0000-00000000000a",
    "0000000000000000000000000000000A",
    "00000000-0000-0000-0000-00000000000b",
  ],
  ["point", text, "(1,2)", "(1.0,2)", "(3,4)"],
  ["xml", text, "<a/>", "<a/>", "<b/>"],
  ["bytea", text, "\\x61", "a", "\\x62"],
  ["text[][]", text, "{{a,b},{c,d}}", '{{"a",b},{c,d}}', "{{x}}"],
  ["jsonb[]", text, '{"{\\"a\\": 1}"}', '{"{\\"a\\":1}"}', "{}"],
  ["hstore", text, '"a"=>"1"', "a=>1", '"a"=>NULL'],
  ["hstore[]", text, '{"\\"a\\"=>\\"1\\""}', "{a=>1}", "{}"],
  ["nocase", text, "Foo", "Foo", "foo"],
  ["jsonpath", text, "(1 + 2)", "1+2", "(1 - 2)"],
  ["refcursor", text, "a", "a", "b"],
  ["pg_snapshot", text, "10:20:10,14", "10:20:10,14", "10:20:"],
  ["pair", text, "(1,{})", '(01,"{}")', "(2,)"],
  ["pair[]", text, '{"(1,{})"}', '{"( 1,{})"}', "{}"],
];

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const plain = (cell: string): string => cell.replace("$", "");

it.each(types)("writes %s", async (type, kind, first, same, second) => {
  const importer = defineImporter({
    name: "things",
    fields: {
      code: field.text(),
      over: kind("overwrite"),
      fill: kind("fill"),
      clear: kind("clear"),
      never: kind("never"),
    },
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "things" },
  });
  const open = await openEngine(
    [importer],
    `create type mood as enum ('happy', 'sad', 'so so'); create extension if not exists citext; create domain tags as text[];
     create domain documents as jsonb; create domain posint as integer check (value > 0);
     create collation alike (provider = icu, locale = 'und-u-ks-level2', deterministic = false); create domain nocase as text collate alike;
     create extension if not exists hstore; create type pair as (a integer, b json);
     create table things (id serial primary key, code text unique, over ${type}, fill ${type}, clear ${type}, never ${type})`,
  );
  const csv = (...rows: [string, string][]): string =>
    `code;over;fill;clear;never\n${rows.map(([code, cell]) => [code, ...Array(4).fill(quoted(plain(cell)))].join(";")).join("\n")}\n`;
  const stored = async (code: string): Promise<unknown[]> => {
    const [row] = await open.rows<Record<string, unknown>>(
      `select over::text, fill::text, clear::text, never::text from things where code = '${code}'`,
    );
    return Object.values(row);
  };
  // Rows of one record too: b is made by two rows, the second of which changes it.
  const made = await open.importCsv(importer, csv(["a", first], ["b", first], ["b", second], ["c", ""]));
  expect(some(made.counts)).toEqual({ created: 3, updated: 1 });
  expect(await stored("a")).toEqual([first, first, first, first]);
  expect(await stored("b")).toEqual([second, first, second, first]);
  expect(some((await open.importCsv(importer, csv(["a", same]))).counts)).toEqual({ unchanged: 1 });
  const changes = csv(["a", second], ["b", ""], ["c", second]);
  const foretold = await open.dryRun(importer, changes);
  const changed = await open.importCsv(importer, changes);
  expect([some(changed.counts), foretold.counts]).toEqual([{ updated: 3 }, changed.counts]);
  expect(await stored("a")).toEqual([second, first, second, first]);
  expect(await stored("b")).toEqual([second, first, null, first]);
  expect(await stored("c")).toEqual([second, second, second, null]);
  expect(await undo(open, changed.job.id)).toMatchObject({ restored: 3, kept: {} });
  const json = (values: unknown[]): unknown[] =>
    type === "json" ? values.map((each) => JSON.parse(String(each))) : values;
  expect(json(await stored("a"))).toEqual(json([first, first, first, first]));
  expect(await stored("c")).toEqual([null, null, null, null]);
});

it("merges arrays and documents with their columns' defaults, and tells the history of them as such", async () => {
  const importer = defineImporter({
    name: "things",
    fields: { code: field.text(), tags: field.text({ merge: "clear" }), doc: field.text() },
    match: { keys: ["code"], onDuplicate: "update" },
    history: { table: "log", record: "thing" },
    target: { table: "things" },
  });
  const { importCsv, rows } = await openEngine(
    [importer],
    `create table things (id serial primary key, code text unique, tags text[] not null default '{none}', doc json not null default '{}');
     create table log (thing integer, event text, old_values jsonb, new_values jsonb)`,
  );
  await importCsv(importer, 'code;tags;doc\na;{x};\na;;"{""k"": 1}"\n');
  expect(await rows("select code, tags, doc from things")).toEqual([{ code: "a", tags: ["none"], doc: { k: 1 } }]);
  await importCsv(importer, 'code;tags;doc\na;"{y,z}";"{""k"":[1]}"\n');
  expect(await rows("select event, old_values, new_values from log where event = 'updated'")).toEqual([
    {
      event: "updated",
      old_values: { tags: ["none"], doc: { k: 1 } },
      new_values: { tags: ["y", "z"], doc: { k: [1] } },
    },
  ]);
});
