/** Whatever stands in the file and in the table: the set-based import comes to what one row after the other would. */

import { expect, it } from "vitest";
import type { DuplicateStrategy, MergeRules } from "../../src/core/duplicates.ts";
import { defineImporter, field } from "../../src/index.ts";
import { type OpenEngine, openEngine, workToEnd } from "../open-engine.ts";
import { fc } from "../property.ts";
import { type Cells, importOneByOne, keys, type Model, merges, names, type Values } from "./one-by-one.ts";

const ddl = `
  create table people (
    id bigint generated always as identity primary key,
    email text, phone text, code text, over text, filled text, kept text, cleared text, state text not null default 'new',
    job_id bigint, touched_at timestamptz not null default '2000-01-01'
  );
  create table people_history (person_id bigint, event text, old_values jsonb, new_values jsonb)`;

const people = defineImporter({
  name: "people",
  fields: {
    email: field.email(),
    phone: field.phone(),
    code: field.text(),
    over: field.text(),
    filled: field.text({ merge: "fill" }),
    kept: field.text({ merge: "never" }),
    cleared: field.text({ merge: "clear" }),
    state: field.text({ merge: "fill" }),
  },
  match: { keys },
  target: { table: "people", job: "job_id", updatedAt: "touched_at" },
  history: { table: "people_history", record: "person_id" },
});

/** How the file writes what the record holds. */
const spelled: Record<string, string> = {
  "A@X.fr": "a@x.fr",
  "06 11 11 11 11": "+33611111111",
  "0033622222222": "+33622222222",
};
const blank = { arbitrary: fc.constant(""), weight: 3 };
const word = fc.oneof(blank, { arbitrary: fc.constantFrom("p", "q"), weight: 3 });
const cells: fc.Arbitrary<Cells> = fc.record({
  email: fc.oneof(blank, { arbitrary: fc.constantFrom("a@x.fr", "A@X.fr", "b@x.fr", "c@x.fr", "d@x.fr"), weight: 5 }),
  phone: fc.oneof(blank, {
    arbitrary: fc.constantFrom("06 11 11 11 11", "+33611111111", "0033622222222", "+33633333333"),
    weight: 3,
  }),
  code: fc.oneof(blank, { arbitrary: fc.constantFrom("k1", "K1", "k2", "k3"), weight: 3 }),
  over: word,
  filled: word,
  kept: word,
  cleared: word,
  state: fc.oneof(blank, { arbitrary: fc.constantFrom("new", "won"), weight: 2 }),
});
/** A record may hold an empty text where an import would leave null. */
const record = fc.tuple(cells, fc.boolean()).map(([each, empty]) => ({
  ...valuesOf(each),
  filled: each.filled === "" && empty ? "" : valuesOf(each).filled,
  state: each.state || "new",
}));

function valuesOf(row: Cells): Values {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, cell === "" ? null : (spelled[cell] ?? cell)]),
  ) as unknown as Values;
}

const inOrder = (rows: readonly object[]): string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

/** What an import is told, for what the plain loop calls a strategy. */
const optionsOf = (strategy: DuplicateStrategy | "update_only") =>
  strategy === "update_only" ? ({ mode: strategy } as const) : { strategy };

it.each(["update", "skip", "create", "update_only"] as const)(
  "with %s, counts, records and history are those of one row after the other, and a dry run foretells them",
  async (strategy) => {
    const { importCsv, dryRun, rows } = await openEngine([people], ddl, { chunkRows: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 4 }),
        fc.array(cells, { minLength: 1, maxLength: 14 }),
        async (table, file) => {
          await fill(rows, table);
          const existing = table.map((values, k) => ({ id: k + 1, ...values }));
          const filled = file.filter((row) => names.some((name) => row[name] !== ""));
          const model = importOneByOne(existing, filled.map(valuesOf), strategy);
          const text = `${names.join(";")}\n${filled.map((row) => names.map((name) => row[name]).join(";")).join("\n")}\n`;
          const map = names.map((name) => ({ column: name, field: name }));

          const foretold = await dryRun(people, text, { ...optionsOf(strategy), map });
          const outcome = await importCsv(people, text, { ...optionsOf(strategy), map });
          expect(outcome.counts).toEqual(model.counts);
          expect(foretold.counts).toEqual(model.counts);
          expect(inOrder(foretold.issueCounts)).toEqual(inOrder(outcome.issueCounts));

          const after = await rows<Values & { id: number; touched: boolean }>(
            `select id, ${names.join(", ")}, touched_at > '2001-01-01' as touched from people where job_id is null order by id`,
          );
          expect(after).toEqual(
            model.existing.map((each) => ({ ...each, touched: model.changedIds.includes(each.id) })),
          );
          expect(inOrder(await rows(`select ${names.join(", ")} from people where job_id is not null`))).toEqual(
            inOrder(model.created),
          );

          const history = await rows<{ id: number; event: string; old: object | null; new: object | null }>(
            "select person_id as id, event, old_values as old, new_values as new from people_history order by person_id",
          );
          expect(history.filter(({ event }) => event === "imported")).toHaveLength(model.created.length);
          expect(history.filter(({ event }) => event === "updated")).toEqual(
            model.changedIds.map((id) => ({
              id,
              event: "updated",
              ...changesOf(existing[id - 1], model.existing[id - 1]),
            })),
          );
          const shared = outcome.issueCounts.filter(({ code }) => code.startsWith("key_shared"));
          expect(shared.reduce((sum, { count }) => sum + count, 0)).toBe(model.warnedRows.length);
          const warned = outcome.rows
            .filter(({ issues }) => issues.some(({ c }) => c === "match_ambiguous"))
            .map(({ row }) => row);
          const ambiguous = strategy === "update" || strategy === "update_only" ? model.ambiguousRows : [];
          expect(ambiguous).toEqual(expect.arrayContaining(warned));
          expect(outcome.issueCounts.find(({ code }) => code === "match_ambiguous")?.count ?? 0).toBe(ambiguous.length);
        },
      ),
      { numRuns: 15, seed: 20260401 },
    );
  },
);

/** Puts the records into an empty table. */
async function fill(rows: OpenEngine["rows"], table: readonly Values[]): Promise<void> {
  await rows("truncate people, people_history restart identity");
  const literal = (value: string | null): string => (value === null ? "null" : `'${value}'`);
  if (table.length > 0) {
    await rows(
      `insert into people (${names.join(", ")}) values ${table.map((values) => `(${names.map((name) => literal(values[name])).join(", ")})`).join(", ")}`,
    );
  }
}

/** With a commit that is interrupted before one of its chunks, goes on to its end, and comes to what the model says. */
async function openInterrupted() {
  const app = await openEngine([people], ddl, { chunkRows: 3 });
  const { engine, outcomeOf, rows, store } = app;
  let left = -1;
  const commitChunk = store.commits.commitChunk.bind(store.commits);
  store.commits.commitChunk = async (job, ...rest) => {
    if (left-- === 0) await engine.pause(job.id, "enough").catch(() => {});
    return commitChunk(job, ...rest);
  };
  const commitInterrupted = async (jobId: number, chunks: number, model: Model): Promise<void> => {
    left = chunks;
    await engine.commit(jobId);
    await workToEnd(engine, jobId);
    left = -1;
    if ((await engine.imports.get(jobId)).status === "paused") {
      await engine.resume(jobId);
      await workToEnd(engine, jobId);
    }
    const { counts } = await outcomeOf(jobId);
    expect(counts).toEqual(model.counts);
    expect(inOrder(await rows(`select id, ${names.join(", ")} from people where job_id is null`))).toEqual(
      inOrder(model.existing),
    );
    expect(inOrder(await rows(`select ${names.join(", ")} from people where job_id is not null`))).toEqual(
      inOrder(model.created),
    );
  };
  return { ...app, commitInterrupted };
}

const rule = fc.constantFrom("overwrite", "fill", "never", "clear");

it.each(["update", "skip", "update_only"] as const)(
  "with %s, rows come to the same whatever the rules of the keys, the size of the chunks and where the commit was interrupted",
  async (strategy) => {
    const { create, engine, rows, commitInterrupted } = await openInterrupted();
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 4 }),
        fc.array(cells, { minLength: 1, maxLength: 16 }),
        fc.record({ email: rule, phone: rule, code: rule, over: rule, kept: rule }),
        fc.nat(6),
        async (table, file, rules, chunks) => {
          await fill(rows, table);
          const filled = file.filter((row) => names.some((name) => row[name] !== ""));
          const existing = table.map((values, k) => ({ id: k + 1, ...values }));
          const model = importOneByOne(existing, filled.map(valuesOf), strategy, { ...merges, ...rules });
          const text = `${names.join(";")}\n${filled.map((row) => names.map((name) => row[name]).join(";")).join("\n")}\n`;
          const map = names.map((name) => ({ column: name, field: name }));
          const job = await create(people, text, { ...optionsOf(strategy), map, merge: rules as MergeRules });
          await engine.start(job.id);
          await workToEnd(engine, job.id);
          await commitInterrupted(job.id, chunks, model);
        },
      ),
      { numRuns: 12, seed: 20260402 },
    );
  },
);

it("with some rows that update and others that are skipped, rows come to the same, interrupted or not", async () => {
  const { create, engine, rows, commitInterrupted } = await openInterrupted();
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { maxLength: 4 }),
      fc.array(fc.tuple(cells, fc.boolean()), { minLength: 1, maxLength: 16 }),
      fc.record({ email: rule, phone: rule, code: rule, over: rule, kept: rule }),
      fc.constantFrom([...keys], ["email"] as const, ["code", "email"] as const),
      fc.nat(6),
      async (table, file, rules, by, chunks) => {
        await fill(rows, table);
        const filled = file.filter(([row]) => names.some((name) => row[name] !== ""));
        const decided = new Set(filled.flatMap(([, updates], n) => (updates ? [n] : [])));
        const existing = table.map((values, k) => ({ id: k + 1, ...values }));
        const all = { ...merges, ...rules };
        const model = importOneByOne(
          existing,
          filled.map(([row]) => valuesOf(row)),
          "skip",
          all,
          { decided, by },
        );
        const text = `${names.join(";")}\n${filled.map(([row]) => names.map((name) => row[name]).join(";")).join("\n")}\n`;
        const map = names.map((name) => ({ column: name, field: name }));
        const job = await create(people, text, { strategy: "skip", keys: [...by], map, merge: rules as MergeRules });
        await engine.start(job.id);
        await workToEnd(engine, job.id);
        if (decided.size > 0)
          await engine.review.decide(job.id, { decision: "update", rows: [...decided].map((n) => n + 2) }, "ann");
        expect((await engine.dryRun(job.id)).counts).toEqual(model.counts);
        await commitInterrupted(job.id, chunks, model);
      },
    ),
    { numRuns: 15, seed: 20260403 },
  );
});

function changesOf(before: Values, after: Values): { old: object; new: object } {
  const changed = names.filter((name) => before[name] !== after[name]);
  return {
    old: Object.fromEntries(changed.map((name) => [name, before[name]])),
    new: Object.fromEntries(changed.map((name) => [name, after[name]])),
  };
}
