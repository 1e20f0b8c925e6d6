/** Which rows are duplicates, of what, and what becomes of them. */
import { expect, it } from "vitest";
import type { DuplicateStrategy } from "../../src/core/duplicates.ts";
import { defineImporter, field, leads } from "../../src/index.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { type OpenEngine, openEngine, some } from "../open-engine.ts";

/** Something that happens once, when an import has matched and before its first chunk goes in. */
function beforeChunks({ store }: Pick<OpenEngine, "store">, happens: () => Promise<unknown>, notOf?: number): void {
  const commitChunk = store.commits.commitChunk.bind(store.commits);
  let happened: Promise<unknown> | null = null;
  store.commits.commitChunk = async (job, ...rest) => {
    if (job.id !== notOf) await (happened ??= happens());
    return commitChunk(job, ...rest);
  };
}

it.each([
  ["e-mail in another case", "email\nA@x.fr\na@X.FR\n", [[3, null, "duplicate_in_file"]]],
  [
    "phone in another notation",
    "phone\n06 12 34 56 78\n+33 6 12 34 56 78\n0033612345678\n",
    [
      [3, null, "duplicate_in_file"],
      [4, null, "duplicate_in_file"],
    ],
  ],
  ["reference in another case", "external_id\nAB-1\nab-1\nAB-10\n", [[3, null, "duplicate_in_file"]]],
  [
    "any of the keys",
    "email,phone\na@x.fr,0611111111\n,0611111111\na@x.fr,0622222222\n",
    [
      [3, null, "duplicate_in_file"],
      [4, null, "duplicate_in_file"],
    ],
  ],
] as [string, string, unknown[]][])("finds duplicates in the file by %s", async (_how, text, expected) => {
  const { importCsv } = await openEngine();
  expect((await importCsv(leads, text)).issues).toEqual(expected);
});

it("finds what stands twice whatever its kind, where the same value is written in several ways", async () => {
  const importer = defineImporter({
    name: "rates",
    fields: {
      price: field.decimal(),
      amount: field.integer(),
      day: field.date(),
      at: field.datetime({ timeZone: "Europe/Paris" }),
      code: field.text(),
    },
    match: { keys: ["price", "amount", "day", "at", "code"] },
    target: { table: "rates" },
  });
  const { importCsv } = await openEngine(
    [importer],
    "create table rates (id serial primary key, price numeric, amount bigint, day date, at timestamptz, code text)",
  );
  const { issues } = await importCsv(
    importer,
    `price,amount,day,at,code
1.50,,,,
1.500,,,,
,7,,,
,007,,,
,,2024-01-31,,
,,31/01/2024,,
,,,2024-01-31T10:00:00,
,,,2024-01-31T09:00:00Z,
,,,,Ab
,,,,aB
1.55,12,2024-02-05,2024-01-31T15:00:00,Ag
`,
  );
  expect(issues).toEqual([3, 5, 7, 9, 11].map((row) => [row, null, "duplicate_in_file"]));
});

it("finds duplicates in the table by e-mail, phone and reference, whatever their case", async () => {
  const { importCsv } = await openEngine(
    [leads],
    "insert into leads (email, phone, external_id) values ('Anna@X.fr', null, null), (null, '+33611111111', null), (null, null, 'Ref-9')",
  );
  const { counts, rows } = await importCsv(
    leads,
    "email,phone,external_id\nanna@x.fr,,\n,06.11.11.11.11,\n,,REF-9\nnew@x.fr,0622222222,Ref-10\n",
  );
  expect(some(counts)).toEqual({ created: 1, skipped: 3 });
  expect(rows.map(({ row, recordId, issues }) => [row, recordId, issues])).toEqual([
    [2, "1", [{ c: "duplicate_in_table", p: { record: 1 } }]],
    [3, "2", [{ c: "duplicate_in_table", p: { record: 2 } }]],
    [4, "3", [{ c: "duplicate_in_table", p: { record: 3 } }]],
  ]);
});

it("follows chains: row 4 repeats row 3 by phone, which repeats row 2 by e-mail, and so never became a record", async () => {
  const { importCsv, rows } = await openEngine();
  const text = "email,phone,city\na@x.fr,,Lyon\na@x.fr,0611111111,Nice\n,0611111111,Brest\n";
  const skipped = await importCsv(leads, text);
  expect(skipped.rows.map(({ row, issues }) => [row, issues[0].p])).toEqual([[3, { row: 2 }]]);
  expect(await rows("select email, phone from leads order by id")).toEqual([
    { email: "a@x.fr", phone: null },
    { email: null, phone: "+33611111111" },
  ]);
  await rows("truncate leads");
  const updated = await importCsv(leads, text, { strategy: "update" });
  expect(some(updated.counts)).toEqual({ created: 1, updated: 2 });
  expect(await rows("select email, phone, city from leads")).toEqual([
    { email: "a@x.fr", phone: "+33611111111", city: "Brest" },
  ]);
});

it("creates duplicates where that is asked for", async () => {
  const { importCsv, rows } = await openEngine();
  expect(some((await importCsv(leads, "email\na@x.fr\na@x.fr\n", { strategy: "create" })).counts)).toEqual({
    created: 2,
  });
  expect(await rows("select email from leads")).toEqual([{ email: "a@x.fr" }, { email: "a@x.fr" }]);
});

it("matches on the chosen keys alone", async () => {
  const { importCsv } = await openEngine();
  const text = "email,phone\na@x.fr,0611111111\na@x.fr,0622222222\nb@x.fr,0611111111\n";
  expect(some((await importCsv(leads, text, { keys: ["phone"] })).counts)).toEqual({ created: 2, skipped: 1 });
});

it("takes the oldest record by the first key where several match, and warns", async () => {
  const ddl = "insert into leads (email, phone) values (null, '+33611111111'), ('a@x.fr', null), ('A@x.fr', null)";
  const { importCsv, rows } = await openEngine([leads], ddl);
  const {
    counts,
    rows: kept,
    issueCounts,
  } = await importCsv(leads, "email,phone,city\na@x.fr,0611111111,Lyon\n", { strategy: "update" });
  expect(some(counts)).toEqual({ updated: 1 });
  expect(kept).toMatchObject([{ row: 2, recordId: "2", issues: [{ c: "match_ambiguous" }] }]);
  expect(issueCounts).toEqual([{ field: null, code: "match_ambiguous", count: 1 }]);
  expect(await rows("select id from leads where city = 'Lyon'")).toEqual([{ id: 2 }]);
});

it("lets the first key decide between a record and an earlier row, so that no second record gets the e-mail", async () => {
  const { importCsv, rows } = await openEngine([leads], "insert into leads (email) values ('b@x.fr')");
  const { counts } = await importCsv(leads, "email,phone,city\na@x.fr,0611111111,Lyon\nb@x.fr,0611111111,Nice\n", {
    strategy: "update",
  });
  expect(some(counts)).toEqual({ created: 1, updated: 1 });
  expect(await rows("select email, city from leads order by email")).toEqual([
    { email: "a@x.fr", city: "Lyon" },
    { email: "b@x.fr", city: "Nice" },
  ]);
});

it("does not count an invalid row as the first of its kind", async () => {
  const { importCsv } = await openEngine();
  const { counts, issues } = await importCsv(leads, "email,status\na@x.fr,nonsense\na@x.fr,new\n");
  expect({ counts: some(counts), issues }).toEqual({
    counts: { created: 1, invalid: 1 },
    issues: [[2, "status", "choice_unknown"]],
  });
});

it.each(["skip", "update"] as const)(
  "with %s, sees records that appeared between match and commit",
  async (strategy) => {
    const { importCsv, create, engine, rows, store } = await openEngine([leads, { ...leads, name: "others" }]);
    const text = "email,phone,city\na@x.fr,,Lyon\nb@x.fr,,Nice\nb@x.fr,0611111111,Brest\nc@x.fr,,Metz\n";
    const other = await create({ ...leads, name: "others" }, "email,phone,city\nA@x.fr,,Paris\n,0611111111,Paris\n");
    await engine.start(other.id);
    for (;;) if ((await engine.work(other.id)) === "done") break;
    await engine.commit(other.id);
    beforeChunks({ store }, () => engine.work(other.id), other.id);
    const { counts } = await importCsv(leads, text, { strategy });
    // Row 4 knows the other's record by phone: its group goes there when records are updated.
    expect(some(counts)).toEqual(strategy === "skip" ? { created: 2, skipped: 2 } : { created: 1, updated: 3 });
    const found = await rows<{ email: string; city: string }>("select email, city from leads order by email");
    expect(found.map(({ email, city }) => `${email} ${city}`)).toEqual(
      strategy === "skip"
        ? ["a@x.fr Paris", "b@x.fr Nice", "c@x.fr Metz", "null Paris"]
        : ["a@x.fr Lyon", "b@x.fr Brest", "c@x.fr Metz"],
    );
  },
);

it("creates what an update was meant for when the record is deleted before the commit", async () => {
  const { create, engine, outcomeOf, rows, store } = await openEngine(
    [leads],
    "insert into leads (email, city) values ('a@x.fr', 'old'), ('b@x.fr', 'old')",
  );
  const job = await create(leads, "email,city\na@x.fr,new\nb@x.fr,new\na@x.fr,newer\n", { strategy: "update" });
  beforeChunks({ store }, () => rows("delete from leads where email = 'a@x.fr'"));
  await engine.start(job.id);
  await engine.work(job.id);
  await engine.commit(job.id);
  await engine.work(job.id);
  expect(some((await outcomeOf(job.id)).counts)).toEqual({ created: 1, updated: 2 });
  expect(await rows("select email, city from leads order by email")).toEqual([
    { email: "a@x.fr", city: "newer" },
    { email: "b@x.fr", city: "new" },
  ]);
});

it("recognises what is unchanged and does not touch it", async () => {
  const { importCsv, rows } = await openEngine(
    [leads],
    "insert into leads (email, city, updated_at) values ('a@x.fr', 'Lyon', '2020-01-01'), ('b@x.fr', 'Nice', '2020-01-01')",
  );
  const before = await rows("select id, xmin::text, updated_at from leads where email = 'a@x.fr'");
  const { counts } = await importCsv(leads, "email,city,company\na@x.fr,Lyon,\nb@x.fr,,Acme\nA@X.FR,,\n", {
    strategy: "update",
  });
  expect(some(counts)).toEqual({ updated: 1, unchanged: 2 });
  expect(await rows("select id, xmin::text, updated_at from leads where email = 'a@x.fr'")).toEqual(before);
  expect(await rows("select lead_id, event, old_values, new_values, actor from lead_history")).toEqual([
    { lead_id: 2, event: "updated", old_values: { company: null }, new_values: { company: "Acme" }, actor: "tester" },
  ]);
});

it("matches on a reference and on columns that are no text", async () => {
  const importer = defineImporter({
    name: "seats",
    fields: {
      club: field.reference({ table: "clubs", by: ["name"], column: "club_id" }),
      token: field.text(),
      note: field.text(),
    },
    match: { keys: ["club", "token"], onDuplicate: "update" },
    target: { table: "seats" },
  });
  const { importCsv, rows } = await openEngine(
    [importer],
    `create table clubs (id serial primary key, name text); insert into clubs (name) values ('Blue'), ('Red'), ('Green');
     create table seats (id serial primary key, club_id integer references clubs, token uuid, note text);
     insert into seats (club_id, token) values (1, null), (2, '55555555-5555-5555-5555-55555555555a')`,
  );
  const { counts } = await importCsv(
    importer,
    "club,token,note\nBLUE,,one\n,55555555-5555-5555-5555-55555555555A,two\ngreen,,three\nGreen,,four\n",
  );
  expect(some(counts)).toEqual({ created: 1, updated: 3 });
  expect(await rows("select club_id, note from seats order by club_id")).toEqual([
    { club_id: 1, note: "one" },
    { club_id: 2, note: "two" },
    { club_id: 3, note: "four" },
  ]);
});

it.each([
  ["a row that is skipped itself", "", [3]],
  ["a row that is in the table already", "insert into leads (email) values ('f1@x.fr')", [2, 3]],
] as [string, string, number[]][])("loses nobody who shares a key with %s", async (_what, before, skipped) => {
  const { importCsv, rows } = await openEngine([leads], before);
  const { issues } = await importCsv(
    leads,
    "email,phone\nf1@x.fr,0611111111\nf1@x.fr,0622222222\nf3@x.fr,0622222222\n,0622222222\n",
  );
  expect(issues.map(([row]) => row)).toEqual([...skipped, 5]);
  expect(await rows("select email from leads where phone = '+33622222222'")).toEqual([{ email: "f3@x.fr" }]);
});

it("loses nobody who repeats a row that breaks a unique rule", async () => {
  const cards = defineImporter({
    name: "cards",
    fields: { email: field.email(), card: field.text() },
    match: { keys: ["email"] },
    target: { table: "cards" },
  });
  const { importCsv, dryRun, rows } = await openEngine(
    [cards],
    "create table cards (id serial primary key, email text, card text unique); insert into cards (card) values ('C0')",
  );
  const text = "email,card\na@x.fr,C0\na@x.fr,C1\nb@x.fr,C1\nb@x.fr,C2\na@x.fr,C1\n";
  expect(some((await dryRun(cards, text)).counts)).toEqual({ created: 2, skipped: 1, invalid: 2 });
  const { issues } = await importCsv(cards, text);
  expect(issues).toEqual([
    [2, "card", "database_unique"],
    [4, "card", "database_unique"],
    [6, null, "duplicate_in_file"],
  ]);
  expect(await rows("select email, card from cards where email is not null order by id")).toEqual([
    { email: "a@x.fr", card: "C1" },
    { email: "b@x.fr", card: "C2" },
  ]);
});

it.each(["skip", "update"] as const)(
  "with %s, decides a chain of 30,000 rows that hang on one another in one pass",
  async (strategy) => {
    const { importCsv, rows } = await openEngine();
    const people = Array.from({ length: 30_000 }, (_, n) => `c${Math.ceil(n / 2)}@x.fr,${Math.floor(n / 2)}`);
    const { counts } = await importCsv(leads, `email,external_id\n${people.join("\n")}\n`, { strategy });
    // Each row has the reference or the e-mail of the one before in turn, and only the reference makes them the same.
    const expected = { skip: { created: 15_000, skipped: 15_000 }, update: { created: 15_000, updated: 15_000 } };
    expect(some(counts)).toEqual(expected[strategy]);
    expect(await rows("select count(*)::int as n from leads")).toEqual([{ n: expected[strategy].created }]);
  },
);

/** `[row, code, its params]` of the warnings that are kept. */
async function warningsOf({ database }: OpenEngine): Promise<unknown[]> {
  const found = await database.query<{ row: number; code: string; params: object }>(
    sql`select row_no as row, code, params from sluice.import_warnings order by 1`,
  );
  return found.map(({ row, code, params }) => [row, code, params]);
}

it.each([
  ["skip", "", { created: 4 }],
  ["update", "", { created: 4 }],
  ["skip", "insert into leads (email, phone) values ('old@acme.example', '+33142685300')", { created: 4 }],
  ["update", "insert into leads (email, phone) values ('old@acme.example', '+33142685300')", { created: 4 }],
] as [DuplicateStrategy, string, object][])(
  "with %s, takes colleagues behind one switchboard for people of their own, and says so (%s)",
  async (strategy, before, counts) => {
    const open = await openEngine([leads], before);
    const text = `First name,Email,Phone
Anna,anna@acme.example,01 42 68 53 00
Bo,bo@acme.example,01 42 68 53 00
Cia,cia@acme.example,01 42 68 53 00
Didi,didi@volvo.example,01 42 68 53 99
`;
    const foretold = await open.dryRun(leads, text, { strategy });
    const outcome = await open.importCsv(leads, text, { strategy });
    expect(some(outcome.counts)).toEqual(counts);
    expect(foretold.counts).toEqual(outcome.counts);
    expect(foretold.issueCounts).toEqual(outcome.issueCounts);
    const record = ["key_shared_in_table", { fields: "phone", record: "1" }];
    const first = ["key_shared_in_file", { fields: "phone", row: 2 }];
    expect(await warningsOf(open)).toEqual(
      before === ""
        ? [
            [3, ...first],
            [4, ...first],
          ]
        : [2, 3, 4].map((row) => [row, ...record]),
    );
    // The same people again: nobody is new, and nobody is told anything.
    const again = await open.importCsv(leads, `${text}\n`, { strategy });
    expect(again.counts.created).toBe(0);
    expect(again.issueCounts.filter(({ code }) => code.startsWith("key_shared"))).toEqual([]);
  },
);

it("lets a unique index on the weaker key refuse what the stronger one tells apart", async () => {
  const open = await openEngine([leads], "create unique index on leads (phone)");
  const text = "email,phone\na@x.fr,0611111111\nb@x.fr,0611111111\nc@x.fr,0622222222\n";
  for (const strategy of ["skip", "update"] as const) {
    const foretold = await open.dryRun(leads, text, { strategy });
    expect(foretold.counts).toMatchObject({ created: 2, invalid: 1 });
  }
  const { counts, issues } = await open.importCsv(leads, text);
  expect(some(counts)).toEqual({ created: 2, invalid: 1 });
  expect(issues).toEqual([[3, "phone", "database_unique"]]);
});

it("takes an empty text of the application for no value", async () => {
  const { importCsv } = await openEngine(
    [leads],
    "insert into leads (external_id, email, phone) values ('', '', '+33611111111')",
  );
  const { counts } = await importCsv(leads, "external_id,email,phone\nR1,a@x.fr,0611111111\n");
  expect(some(counts)).toEqual({ skipped: 1 });
});
