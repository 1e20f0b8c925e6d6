/** `match.where`: records that are deleted without being gone are neither matched nor in the way. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { checkImporter } from "../../src/postgres/check/check.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";

/** The file has a column of a name that is in the condition too. */
const contacts = defineImporter({
  name: "contacts",
  fields: { email: field.email(), phone: field.text(), name: field.text(), state: field.text() },
  match: {
    keys: ["email"],
    onDuplicate: "update",
    where: "deleted_at is null and state <> 'void' -- as the app has it",
  },
  target: { table: "contacts" },
});
const table = `create table contacts (id serial primary key, email text, phone text, name text, state text not null default 'open', deleted_at timestamptz)`;
const records = `insert into contacts (email, phone, name, state, deleted_at) values ('gone@x.fr', '1', 'Gone', 'open', now()),
  ('here@x.fr', '2', 'Here', 'open', null), ('void@x.fr', '3', 'Void', 'void', null)`;
const ddl = `${table}; create unique index on contacts (lower(email)) where deleted_at is null and state <> 'void';
  create unique index on contacts (phone) where deleted_at is null and state <> 'void'; ${records}`;
const text = "email,name\nGONE@x.fr,New\nhere@x.fr,Changed\nvoid@x.fr,New\ngone@x.fr,Newer\n";
const all = "select email, name, deleted_at is not null as gone from contacts order by email, deleted_at, name, id";

it.each(["update", "skip"] as const)(
  "makes a new record beside a deleted one, as the dry run foretells (%s)",
  async (strategy) => {
    const { importCsv, dryRun, rows } = await openEngine([contacts], ddl);
    const foretold = await dryRun(contacts, text, { strategy });
    const { counts } = await importCsv(contacts, text, { strategy });
    expect(some(counts)).toEqual(strategy === "update" ? { created: 2, updated: 2 } : { created: 2, skipped: 2 });
    expect(foretold.counts).toEqual(counts);
    const isUpdate = strategy === "update";
    expect(await rows(all)).toEqual([
      { email: "gone@x.fr", name: "Gone", gone: true },
      { email: "gone@x.fr", name: isUpdate ? "Newer" : "New", gone: false },
      { email: "here@x.fr", name: isUpdate ? "Changed" : "Here", gone: false },
      { email: "void@x.fr", name: "New", gone: false },
      { email: "void@x.fr", name: "Void", gone: false },
    ]);
  },
);

async function ready({ create, engine }: OpenEngine, csv: string): Promise<number> {
  const job = await create(contacts, csv, {});
  await engine.start(job.id);
  await workToEnd(engine, job.id);
  return job.id;
}

it("leaves a record alone that is deleted between match and chunk, and finds another import's", async () => {
  const open = await openEngine([contacts], ddl, { chunkRows: 2 });
  const first = await ready(open, "email,name\nhere@x.fr,First\ngone@x.fr,First\n");
  const second = await ready(open, "email,name\nhere@x.fr,Second\ngone@x.fr,Second\n");
  for (const id of [first, second]) await open.engine.commit(id);
  await workToEnd(open.engine, first);
  await open.rows("update contacts set deleted_at = now() where email = 'here@x.fr'");
  await workToEnd(open.engine, second);
  expect((await open.outcomeOf(second)).counts).toMatchObject({ created: 1, updated: 1 });
  expect(
    await open.rows("select email, name from contacts where deleted_at is null and state <> 'void' order by email"),
  ).toEqual([
    { email: "gone@x.fr", name: "Second" },
    { email: "here@x.fr", name: "Second" },
  ]);
});

it("knows which records an index with a condition is about, and refuses the row before it fails", async () => {
  const { importCsv, dryRun } = await openEngine([contacts], ddl);
  const csv =
    "email,phone,state\na@x.fr,1,\nb@x.fr,2,\nc@x.fr,3,\nd@x.fr,2,void\ne@x.fr,7,\nf@x.fr,7,\ng@x.fr,7,void\n";
  const foretold = await dryRun(contacts, csv, { strategy: "skip" });
  const { counts, issues } = await importCsv(contacts, csv, { strategy: "skip" });
  expect([some(counts), issues]).toEqual([
    { created: 5, invalid: 2 },
    [
      [3, "phone", "database_unique"],
      [7, "phone", "database_unique"],
    ],
  ]);
  expect(foretold.counts).toEqual(counts);
});

it("refuses rows with the key of a deleted record where the index is over all of them", async () => {
  const { importCsv, dryRun } = await openEngine(
    [contacts],
    `${table}; create unique index on contacts (email); ${records}`,
  );
  const csv = "email,name\ngone@x.fr,New\nhere@x.fr,Changed\nnew@x.fr,New\n";
  const foretold = await dryRun(contacts, csv);
  const { counts, issues } = await importCsv(contacts, csv);
  expect([some(counts), issues.map(([row, , code]) => [row, code])]).toEqual([
    { created: 1, updated: 1, invalid: 1 },
    [[2, "database_unique"]],
  ]);
  expect(foretold.counts).toEqual(counts);
});

const index = (condition: string) => `${table}; create unique index on contacts (lower(email)) ${condition}`;
it.each<[string, string, string | undefined, RegExp[]]>([
  ["the same condition in index and importer", index("where deleted_at is null"), "deleted_at is null", []],
  [
    "the same, written otherwise",
    index("where (deleted_at is null and state = 'open')"),
    "t.deleted_at IS NULL AND (state = 'open')",
    [],
  ],
  ["no condition at all", index(""), undefined, []],
  [
    "an index that spares blanks",
    `${table}; create unique index on contacts (email) where email is not null`,
    undefined,
    [],
  ],
  [
    "a condition of the index alone",
    index("where deleted_at is null"),
    undefined,
    [
      /^the unique index on public\.contacts\.email is only over records with deleted_at IS NULL.*match: \{ where: "deleted_at IS NULL" \}/,
    ],
  ],
  [
    "a condition of the importer alone",
    index(""),
    "deleted_at is null",
    [/knows nothing of match\.where \(deleted_at is null\).*where deleted_at is null/],
  ],
  [
    "another condition",
    index("where state = 'open'"),
    "deleted_at is null",
    [/is over records with state = 'open'::text, and match\.where says deleted_at is null/],
  ],
  [
    "a condition with a sub-select",
    index("where deleted_at is null"),
    "not exists (select from contacts m where m.name = t.email)",
    [/say the same in both/],
  ],
  [
    "a column that is not there",
    index(""),
    "removed_at is null",
    [/`match\.where` of the importer "contacts" is not a condition .*column "removed_at" does not exist/],
  ],
  ["what is no condition", index(""), "deleted_at", [/must be type boolean/]],
  ["what is no SQL", index(""), "deleted_at is", [/syntax error/]],
  [
    "what closes the brackets that it is put in",
    index(""),
    "deleted_at is null) or (true",
    [/syntax error at or near "\)"/],
  ],
  ["more than a condition", index(""), "deleted_at is null order by 1", [/syntax error/]],
])("checks %s", async (_what, tables, where, says) => {
  const importer = defineImporter({ ...contacts, match: { keys: ["email"], ...(where !== undefined && { where }) } });
  const { database, create, rows } = await openEngine([importer], tables);
  const found = (await checkImporter(database, importer)).filter(({ level }) => level !== "ok");
  const errors = found.filter(({ level }) => level === "error");
  const findings = errors.length > 0 ? errors : found;
  expect(findings.map(({ message }) => message)).toEqual(says.map((each) => expect.stringMatching(each)));
  if (errors.length > 0) await expect(create(importer, "email\na@x.fr\n")).rejects.toThrow(says[0]);
  expect(await rows("select from contacts")).toEqual([]);
});
