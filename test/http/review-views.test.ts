/** Rows under review as somebody looks at them: sorted, filtered by values and by several kinds of issue, edited as far as they are shown. */
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { type OpenApp, openApp } from "./open-app.ts";

const parcels = defineImporter({
  name: "parcels",
  fields: {
    town: field.text({ maxLength: 4000 }),
    weight: field.decimal({ scale: 2, min: 0 }),
    sent: field.date({}),
    stage: field.choice({
      a: { words: ["a"], label: { en: "Underway", fr: "En route" } },
      b: { words: ["b"], label: { en: "Delivered", fr: "Livré" } },
    }),
    marks: field.list(field.text({}), {}),
  },
  target: { table: "parcels" },
});
const ddl =
  "create table parcels (id bigserial primary key, town text, weight numeric, sent date, stage text, marks text[])";

const lines = [
  "Town,Weight,Sent,Stage,Marks",
  "Östersund,9.5,2024-03-01,a,x;y",
  "abbeville,10,2023-01-05,b,x",
  "Zwolle,,2024-01-31,a,",
  "Åre,heavy,2022-12-24,b,y",
  "Abbeville,100,not a day,a,z",
  ",2,2024-02-29,nope,x",
  "Éze,light,2021-07-14,b,x",
];

async function ready(app: OpenApp, text: string): Promise<string> {
  const { json } = await app.call("POST", "/imports", {
    uploadId: await app.upload(text),
    importer: "parcels",
    start: true,
    columns: [
      { column: "Town", field: "town" },
      { column: "Weight", field: "weight" },
      { column: "Sent", field: "sent" },
      { column: "Stage", field: "stage" },
      { column: "Marks", field: "marks" },
    ],
  });
  await app.work(json.id);
  return `/imports/${json.id}`;
}

const open = async (text = lines.join("\n")): Promise<{ app: OpenApp; at: string }> => {
  const app = await openApp([parcels], ddl);
  return { app, at: await ready(app, text) };
};

async function rows(app: OpenApp, at: string, query: string): Promise<number[]> {
  const { json } = await app.call("GET", `${at}/rows?offset=0&limit=100&by=field&${query}`);
  return json.items.map(({ row }: { row: number }) => row);
}
const where = (asked: unknown): string => `where=${encodeURIComponent(JSON.stringify(asked))}`;

/** 700 rows in three kinds of towns, every fifth of them wrong. */
const long = (): string =>
  [
    lines[0],
    ...Array.from({ length: 700 }, (_, k) => `Town ${k % 3},${k % 5 === 0 ? "heavy" : (k * 7) % 100},2024-01-01,a,x`),
  ].join("\n");

describe("a sorted list of rows", () => {
  it("is in the order of the field's kind, rejected cells behind the others and blanks at the end", async () => {
    const { app, at } = await open();
    expect(await rows(app, at, "sort=weight")).toEqual([7, 2, 3, 6, 5, 8, 4]);
    expect(await rows(app, at, "sort=weight&order=desc")).toEqual([6, 3, 2, 7, 8, 5, 4]);
    expect(await rows(app, at, "sort=sent")).toEqual([8, 5, 3, 4, 7, 2, 6]);
    expect(await rows(app, at, "sort=sent&order=desc")).toEqual([2, 7, 4, 3, 5, 8, 6]);
  });

  it("is by the reader's alphabet, whatever the case, and by the labels of choices", async () => {
    const { app, at } = await open();
    expect(await rows(app, at, "sort=town&lang=fr")).toEqual([3, 6, 5, 8, 2, 4, 7]);
    expect(await rows(app, at, "sort=town&lang=sv")).toEqual([3, 6, 8, 4, 5, 2, 7]);
    expect(await rows(app, at, "sort=town&lang=sv&order=desc")).toEqual([2, 5, 4, 8, 6, 3, 7]);
    expect(await rows(app, at, "sort=stage&lang=en")).toEqual([3, 5, 8, 7, 2, 4, 6]);
    expect(await rows(app, at, "sort=stage&lang=fr")).toEqual([2, 4, 6, 3, 5, 8, 7]);
  });

  it("goes on where a page ended, by key and by offset, rows that are equal in the file's order", async () => {
    const { app, at } = await open(long());
    const all: number[] = [];
    for (let after = ""; ; ) {
      const { json } = await app.call("GET", `${at}/rows?limit=90&sort=town&order=desc${after}`);
      all.push(...json.items.map(({ row }: { row: number }) => row));
      if (json.next === null) break;
      after = `&after=${json.next}`;
    }
    const expected = [2, 1, 0].flatMap((town) =>
      Array.from({ length: 700 }, (_, k) => k).flatMap((k) => (k % 3 === town ? [k + 2] : [])),
    );
    expect(all).toEqual(expected);
    const { json } = await app.call("GET", `${at}/rows?offset=350&limit=10&sort=town&order=desc`);
    expect(json.items.map(({ row }: { row: number }) => row)).toEqual(expected.slice(350, 360));
    expect(json.total).toBe(700);
  });

  it("is in order anew when a cell was edited", async () => {
    const { app, at } = await open();
    expect(await rows(app, at, "sort=weight")).toEqual([7, 2, 3, 6, 5, 8, 4]);
    await app.call("PATCH", `${at}/rows/5`, { field: "weight", value: "1" });
    await app.call("PATCH", `${at}/rows/2`, { field: "weight", value: "heavy" });
    expect(await rows(app, at, "sort=weight")).toEqual([5, 7, 3, 6, 2, 8, 4]);
  });
});

describe("a filtered list of rows", () => {
  it("has the rows of any of several kinds of issue, of values of several columns, and of a text, all at once", async () => {
    const { app, at } = await open();
    expect(await rows(app, at, "issues=decimal_invalid:weight,choice_unknown:stage")).toEqual([5, 7, 8]);
    expect(await rows(app, at, "issues=decimal_invalid:weight&search=zwolle")).toEqual([]);
    expect(await rows(app, at, "issues=decimal_invalid:weight&search=light")).toEqual([8]);
    expect(await rows(app, at, where({ town: ["Zwolle", "Abbeville", ""] }))).toEqual([4, 6, 7]);
    expect(await rows(app, at, `${where({ town: ["Zwolle", ""], weight: [""] })}&sort=sent`)).toEqual([4]);
    expect(await rows(app, at, `${where({ stage: ["a"] })}&status=valid&sort=weight`)).toEqual([2, 4]);
    expect(await rows(app, at, "search=x&sort=weight&status=valid")).toEqual([2, 3]);
  });

  it("is the same whether somebody waits until it is counted or asks again", async () => {
    const { app, at } = await open(long());
    for (const query of ["search=town+1", `${where({ town: ["Town 2"] })}`, "search=town&sort=weight", "sort=weight"]) {
      const patient = await app.call("GET", `${at}/rows?offset=150&limit=40&${query}`);
      expect(patient.json.counting).toBeUndefined();
      const asked = async (): Promise<typeof patient> =>
        app.call("GET", `${at}/rows?offset=150&limit=40&total=later&${query}`);
      let answer = await asked();
      while (answer.json.counting !== undefined) {
        expect(answer.json.counting.found).toBeLessThanOrEqual(patient.json.total);
        answer = await asked();
      }
      expect(answer.json).toEqual(patient.json);
    }
  });

  it("finds long values by their beginning", async () => {
    const beginning = "é".repeat(200);
    const { app, at } = await open(`${lines[0]}\n${beginning}one,1,,a,\n${beginning}two,2,,a,\nother,3,,a,`);
    expect(await rows(app, at, where({ town: [beginning] }))).toEqual([2, 3]);
    const { json } = await app.call("GET", `${at}/rows/values?column=town`);
    expect(json.items).toEqual([
      { value: beginning, rows: 2 },
      { value: "other", rows: 1 },
    ]);
  });

  it("refuses what it cannot be, and tells nobody else's rows", async () => {
    const { app, at } = await open();
    const told = async (query: string, path = "rows"): Promise<unknown[]> => {
      const { status, json } = await app.call("GET", `${at}/${path}?offset=0&${query}`);
      return [status, json.code];
    };
    const refused = [422, "invalid"];
    expect(await told("sort=nothing")).toEqual(refused);
    expect(await told("sort=id%22%3B+drop")).toEqual(refused);
    expect(await told("sort=row_no")).toEqual(refused);
    expect(await told("sort=weight&order=sideways")).toEqual(refused);
    expect(await told(where({ nothing: ["x"] }))).toEqual(refused);
    expect(await told(where({ marks: ["x"] }))).toEqual(refused);
    expect(await told(where({ town: Array.from({ length: 10_000 }, (_, k) => String(k)) }))).toEqual(refused);
    expect(await told(where({ town: ["x".repeat(32_000)] }))).toEqual(refused);
    expect(await told(where({ town: ["x".repeat(201)] }))).toEqual(refused);
    expect(await told("where=%7B%22town%22%3A%5B%22%5Cud800%22%5D%7D")).toEqual(refused);
    expect(await told("where=%7B%22town%22%3A%5B%22%5Cu0000%22%5D%7D")).toEqual(refused);
    expect(await told("where=%7B")).toEqual(refused);
    expect(await told("where=%5B1%5D")).toEqual(refused);
    expect(await told("issues=no_such_code")).toEqual(refused);
    expect(await told(`issues=${Array(51).fill("required").join(",")}`)).toEqual(refused);
    expect((await told("search=%00"))[0]).toBe(422);
    const values = async (query: string, as?: string): Promise<number> =>
      (await app.call("GET", `${at}/rows/values?${query}`, undefined, as === undefined ? {} : { as })).status;
    expect(await values("column=nothing")).toBe(422);
    expect(await values("column=marks")).toBe(422);
    expect(await values("column=town")).toBe(200);
    expect(await values("column=town", "bo")).toBe(404);
    const sorted = await app.call("GET", `${at}/rows?sort=town`, undefined, { as: "bo" });
    expect(sorted.status).toBe(404);
  });
});

it("counts the different values of a column among the rows of a filter", async () => {
  const { app, at } = await open(long());
  const values = async (query: string): Promise<unknown> => (await app.call("GET", `${at}/rows/values?${query}`)).json;
  expect(await values("column=town")).toEqual({
    items: [
      { value: "Town 0", rows: 234 },
      { value: "Town 1", rows: 233 },
      { value: "Town 2", rows: 233 },
    ],
    next: null,
    isCut: false,
  });
  expect(await values("column=town&status=invalid&containing=N+1")).toMatchObject({
    items: [{ value: "Town 1", rows: 46 }],
  });
  const many = await open([lines[0], ...Array.from({ length: 1500 }, (_, k) => `T${k},1,,a,`)].join("\n"));
  const { json } = await many.app.call("GET", `${many.at}/rows/values?column=town`);
  expect([json.items.length, json.isCut]).toEqual([1000, true]);
});

describe("find and replace within a view", () => {
  it("edits the rows that are shown alone, of both kinds", async () => {
    const { app, at } = await open(long());
    const edit = async (within: unknown): Promise<number> =>
      (await app.call("POST", `${at}/edits`, { kind: "find", find: "Town", replace: "City", within })).json.changed;
    expect(await edit({ where: { town: ["Town 1"] }, status: ["invalid"] })).toBe(46);
    expect(await rows(app, at, "search=city")).toHaveLength(46);
    expect(await edit({ search: "town 1" })).toBe(187);
    expect(await edit({ issues: [{ issue: "decimal_invalid", field: "weight" }] })).toBe(94);
    expect(await edit({ status: ["valid"] })).toBe(373);
    expect(await edit({})).toBe(0);
    await app.call("POST", `${at}/edits/undo`);
    const { json } = await app.call("GET", `${at}/rows/values?column=town`);
    expect(json.items.map(({ value }: { value: string }) => value)).toEqual(["City 0", "City 1", "City 2"]);
    expect(
      (
        await app.call("POST", `${at}/edits`, {
          kind: "find",
          find: "City",
          replace: "X",
          within: { where: { nothing: ["x"] } },
        })
      ).status,
    ).toBe(422);
  });
});
