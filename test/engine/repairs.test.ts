/** Computed repairs: what is offered for each kind of issue, over all rows, and what making it does; undone, repeated, cut off. */
import { describe, expect, it } from "vitest";
import { warningRowsCap } from "../../src/core/issue.ts";
import type { RepairKind } from "../../src/core/repairs.ts";
import { defineImporter, field } from "../../src/index.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";
import { commit, ready, rowsOf } from "./review-import.ts";

const importer = defineImporter({
  name: "contacts",
  fields: {
    ref: field.text({ required: true }),
    email: field.email(),
    postal_code: field.text(),
    dept: field.text({ pattern: /^\d{5}$/ }),
    status: field.choice({ fresh: ["Nouveau"], won: ["Gagné"] }),
    age: field.integer({ required: true, max: 150 }),
    born: field.date(),
    city: field.text({ required: true }),
  },
  match: { keys: ["ref"], onDuplicate: "skip" },
  target: { table: "contacts" },
});
const table = `create table contacts (id bigint generated always as identity primary key, ref text, email text, postal_code text, dept text,
  status text, age bigint, born date, city text)`;
const header = "Ref,Email,Postal code,Dept,Status,Age,Born,City";
const lines = (...rows: string[]): string => `${header}\n${rows.map((row) => `${row}\n`).join("")}`;

/** Row 2 is the first. */
const dirty = lines(
  "a,a@x.fr,75001,01000,Nouveau,1,2020-01-01,Lyon",
  "b,b @ x.fr,1000,01000,Nouveau,2,2020-01-01,",
  "c,c@gmail,6000,01000,Gagnéé,3,2020-01-01,",
  "d,d@x;fr,69001,1000,Perdu,x,2020-01-01,Nice",
  "e,,69002,abc,Nouveua,5,somewhen,",
  ",f@x.fr,69003,01000,Nouveau,,2020-01-01,Paris",
  "g,,2000,01000,Nouveau,7,2020-01-01,Lille",
);

async function openReady(text = dirty, telling: { onEdit?: () => void } = {}) {
  const open = await openEngine([importer], table, {
    onEvent: ({ name }) => {
      if (name === "review.rows_edited") telling.onEdit?.();
    },
  });
  return { open, jobId: await ready(open, importer, text), review: open.engine.review };
}

/** `[field, code, repair, rows, [row, before, after] …]` of each. */
async function offered({ engine }: OpenEngine, jobId: number) {
  const { items, through } = await engine.review.repairs(jobId, {});
  expect(through).toBe(null);
  return items.map(({ field: name, code, repair, rows, samples }) => [
    name,
    code,
    repair,
    rows,
    ...samples.map(({ row, before, after }) => [row, before, after]),
  ]);
}

const made = (jobId: number, open: OpenEngine, name: string, issue: string, repair: RepairKind, by = "ann") =>
  open.engine.review.repair(jobId, { field: name, issue: issue as "required", repair }, by);

describe("what is offered", () => {
  it("is what the field then takes: of each kind of issue, for all rows, with some of them", async () => {
    const { open, jobId } = await openReady();
    const before = await rowsOf(open, jobId);
    expect((await offered(open, jobId)).sort()).toEqual([
      ["age", "required", "row_above", 1, [7, "", "5"]],
      ["born", "date_invalid", "leave_empty", 1, [6, "somewhen", ""]],
      ["city", "required", "row_above", 3, [3, "", "Lyon"], [4, "", "Lyon"], [6, "", "Nice"]],
      ["dept", "text_pattern", "leading_zeros", 1, [5, "1000", "01000"]],
      ["dept", "text_pattern", "leave_empty", 2, [5, "1000", ""], [6, "abc", ""]],
      ["email", "email_invalid", "email", 2, [3, "b @ x.fr", "b@x.fr"], [5, "d@x;fr", "d@x.fr"]],
      ["email", "email_invalid", "leave_empty", 3, [3, "b @ x.fr", ""], [4, "c@gmail", ""], [5, "d@x;fr", ""]],
      [
        "postal_code",
        "leading_zero_lost",
        "leading_zeros",
        3,
        [3, "1000", "01000"],
        [4, "6000", "06000"],
        [8, "2000", "02000"],
      ],
      ["status", "choice_unknown", "closest_choice", 2, [4, "Gagnéé", "won"], [6, "Nouveua", "fresh"]],
      ["status", "choice_unknown", "leave_empty", 3, [4, "Gagnéé", ""], [5, "Perdu", ""], [6, "Nouveua", ""]],
    ]);
    expect(await rowsOf(open, jobId)).toEqual(before);
  });

  it("is five rows, different ones first, and nothing where a row would be blank", async () => {
    const open = await openEngine(
      [alone],
      "create table alone (id bigint generated always as identity primary key, born date)",
    );
    const jobId = await ready(open, alone, `Born\n${["x", "x", "x", "x", "x", "x", "y", "z"].join("\n")}\n`);
    expect(await offered(open, jobId)).toEqual([]);
    expect(await made(jobId, open, "born", "date_invalid", "leave_empty")).toMatchObject({ changed: 0 });
    const { open: other, jobId: id } = await openReady(
      lines(...["x", "x", "x", "x", "x", "x", "y", "z"].map((age, k) => `r${k},,,,${age},1,,Lyon`)),
    );
    expect(await offered(other, id)).toEqual([
      [
        "status",
        "choice_unknown",
        "leave_empty",
        8,
        ...[2, 3, 4].map((row) => [row, "x", ""]),
        [8, "y", ""],
        [9, "z", ""],
      ],
    ]);
  });

  it("takes cells as they are: huge, hostile, with signs of patterns, quotes and nulls", async () => {
    const huge = "@".repeat(20_000);
    const cells = [
      "'; drop table contacts; --@x",
      '"""a"" @ x.fr"',
      "a\\tb @ x",
      "(.*)+@x,fr",
      huge,
      "__proto__",
      `a @ x.fr${" ".repeat(500)}`,
    ];
    const { open, jobId } = await openReady(
      lines(...cells.map((cell, k) => `r${k},${cell.includes(",") ? `"${cell}"` : cell},,,,1,,Lyon`)),
    );
    const [[, , , mended], [, , , emptied, ...samples]] = await offered(open, jobId);
    expect([mended, emptied]).toEqual([1, 7]);
    expect(Math.max(...samples.map((each) => String((each as unknown[])[1]).length))).toBeLessThan(400);
    expect(await made(jobId, open, "email", "email_invalid", "email")).toMatchObject({ nowValid: 1 });
    expect(await made(jobId, open, "email", "email_invalid", "leave_empty")).toMatchObject({ nowValid: 6 });
    await rowsOf(open, jobId);
  });
});

const alone = defineImporter({ name: "alone", fields: { born: field.date() }, target: { table: "alone" } });

describe("a repair that is made", () => {
  it.each([
    ["email", "email_invalid", "email", { changed: 2, leftOut: 0, nowValid: 0, nowInvalid: 0, stillInvalid: 2 }],
    ["dept", "text_pattern", "leading_zeros", { changed: 1, leftOut: 0, nowValid: 0, nowInvalid: 0, stillInvalid: 1 }],
    [
      "status",
      "choice_unknown",
      "closest_choice",
      { changed: 2, leftOut: 0, nowValid: 0, nowInvalid: 0, stillInvalid: 2 },
    ],
    ["city", "required", "row_above", { changed: 3, leftOut: 0, nowValid: 0, nowInvalid: 0, stillInvalid: 3 }],
    ["born", "date_invalid", "leave_empty", { changed: 1, leftOut: 0, nowValid: 0, nowInvalid: 0, stillInvalid: 1 }],
    [
      "postal_code",
      "leading_zero_lost",
      "leading_zeros",
      { changed: 3, leftOut: 0, nowValid: 0, nowInvalid: 0, stillInvalid: 2 },
    ],
  ] as const)(
    "%s %s %s: %j, is in the timeline, made twice it changes nothing, and undone all is as before",
    async (name, issue, repair, counts) => {
      const { open, jobId, review } = await openReady();
      const before = await rowsOf(open, jobId);
      const [offer] = (await review.repairs(jobId, {})).items.filter(
        (each) => each.field === name && each.repair === repair,
      );
      expect(await made(jobId, open, name, issue, repair)).toEqual(counts);
      expect(offer.rows).toBe(counts.changed);
      await rowsOf(open, jobId);
      expect(
        (await review.repairs(jobId, {})).items.filter((each) => each.field === name && each.repair === repair),
      ).toEqual([]);
      expect(await made(jobId, open, name, issue, repair)).toMatchObject({ changed: 0 });
      const events = (await open.engine.events.list(jobId)).filter((each) => each.name === "import.edited");
      expect(events).toMatchObject([
        { actor: "ann", data: { kind: "repair", field: name, changed: counts.changed } },
        {},
      ]);
      await review.undoEdit(jobId, "bob");
      await review.undoEdit(jobId, "bob");
      expect(await rowsOf(open, jobId)).toEqual(before);
    },
  );

  it("mends a file in a few of them, which is then imported", async () => {
    const { open, jobId, review } = await openReady();
    for (const round of [0, 1, 2]) {
      const { items } = await review.repairs(jobId, {});
      const seen = new Set<string>();
      for (const { field: name, code, repair } of items) {
        if (seen.has(`${name} ${code}`)) continue;
        seen.add(`${name} ${code}`);
        await made(jobId, open, name, code, repair);
      }
      expect(round).toBeLessThan(3);
    }
    // What nothing is known of stays: an age that is none, a missing key.
    const { kept } = await rowsOf(open, jobId);
    expect(kept.map(({ row_no }) => row_no)).toEqual([5, 7]);
    expect(some((await commit(open, jobId)).counts)).toEqual({ created: 5, invalid: 2 });
    expect(
      await open.rows("select ref, email, postal_code, dept, status, city, age from contacts order by ref"),
    ).toEqual([
      { ref: "a", email: "a@x.fr", postal_code: "75001", dept: "01000", status: "fresh", city: "Lyon", age: 1 },
      { ref: "b", email: "b@x.fr", postal_code: "01000", dept: "01000", status: "fresh", city: "Lyon", age: 2 },
      { ref: "c", email: null, postal_code: "06000", dept: "01000", status: "won", city: "Lyon", age: 3 },
      { ref: "e", email: null, postal_code: "69002", dept: null, status: "fresh", city: "Nice", age: 5 },
      { ref: "g", email: null, postal_code: "02000", dept: "01000", status: "fresh", city: "Lille", age: 7 },
    ]);
  });

  it("counts warnings beyond those that are kept row by row, and brings them back", async () => {
    const short = warningRowsCap + 50;
    const rows = Array.from({ length: 2.5 * short }, (_, k) => `r${k},,${k % 5 < 2 ? 1000 + k : 75_000 + k},,,1,,Lyon`);
    const { open, jobId, review } = await openReady(lines(...rows));
    const warned = async () => (await open.engine.imports.issueCounts(jobId)).map(({ count }) => count);
    const before = await open.rows(`select * from sluice.import_warnings where job_id = ${jobId} order by row_no`);
    expect(await warned()).toEqual([short]);
    expect(before).toHaveLength(warningRowsCap);
    expect(await made(jobId, open, "postal_code", "leading_zero_lost", "leading_zeros")).toMatchObject({
      changed: short,
      nowValid: 0,
    });
    expect(await warned()).toEqual([]);
    await review.undoEdit(jobId, null);
    expect(await warned()).toEqual([short]);
    expect(await open.rows(`select * from sluice.import_warnings where job_id = ${jobId} order by row_no`)).toEqual(
      before,
    );
  });

  it("is refused where there is none such, or the import is not ready", async () => {
    const { open, jobId, review } = await openReady();
    for (const [name, issue, repair] of [
      ["email", "email_invalid", "row_above"],
      ["ref", "required", "row_above"],
      ["age", "integer_invalid", "leave_empty"],
      ["nope", "required", "leave_empty"],
      ["email", "email_invalid", "__proto__"],
    ] as const)
      await expect(made(jobId, open, name, issue, repair as RepairKind)).rejects.toMatchObject({ code: "invalid" });
    expect(await review.edits(jobId, { limit: 9 })).toEqual([]);
    await commit(open, jobId);
    await expect(made(jobId, open, "email", "email_invalid", "email")).rejects.toMatchObject({ code: "conflict" });
    await expect(review.repairs(jobId, {})).rejects.toMatchObject({ code: "conflict" });
  });

  it("goes on where it was cut off, with the same values above, also when the stage is lost", async () => {
    const blank = (k: number): boolean => k % 5 !== 0;
    const many = lines(...Array.from({ length: 5_000 }, (_, k) => `r${k},,,,,1,,${blank(k) ? "" : `City ${k}`}`));
    const stop = new AbortController();
    const telling = { onEdit: (): void => {} };
    const { open, jobId, review } = await openReady(many, telling);
    telling.onEdit = () => stop.abort(new Error("cut off"));
    const repair = review.repair(jobId, { field: "city", issue: "required", repair: "row_above" }, null, stop.signal);
    await expect(repair).rejects.toThrow("cut off");
    telling.onEdit = () => {};
    const { stageGeneration } = await open.engine.imports.get(jobId);
    await open.rows(`truncate sluice_stage.job_${jobId}_${stageGeneration}`);
    await expect(review.repairs(jobId, {})).rejects.toMatchObject({ code: "unavailable" });
    await workToEnd(open.engine, jobId);
    expect(await review.finishEdit(jobId)).toMatchObject({ status: "done", changed: 4_000, nowValid: 4_000 });
    const { staged } = await rowsOf(open, jobId);
    expect(staged.every((row, k) => (row as { city?: string }).city === `City ${k - (k % 5)}`)).toBe(true);
    await commit(open, jobId);
  });
});
