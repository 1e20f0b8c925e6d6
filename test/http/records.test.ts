/** The records that an import has written, page by page. */
import { sql } from "kysely";
import { expect, it } from "vitest";
import { type OpenApp, openApp } from "./open-app.ts";

interface Page {
  columns: { name: string; label: string }[];
  items: { id: string; outcome: string; values: Record<string, string | null> }[];
  next: string | null;
  gone: number;
}

async function imported(app: OpenApp, text: string, options: Record<string, unknown> = {}): Promise<number> {
  const made = await app.call("POST", "/imports", {
    uploadId: await app.upload(text),
    importer: "leads",
    options: { autoCommit: true, ...options },
  });
  await app.work(made.json.id);
  return made.json.id;
}

function lines(count: number, name = "p"): string {
  return Array.from({ length: count }, (_, k) => `${name}${k}@example.com,N${k}`).join("\n");
}

async function allPages(app: OpenApp, path: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let after = ""; ; ) {
    const { json } = await app.call("GET", `${path}${path.includes("?") ? "&" : "?"}${after}`);
    pages.push(json);
    if (json.next === null) return pages;
    after = `after=${json.next}`;
  }
}
const emails = (pages: readonly Page[]): (string | null)[] =>
  pages.flatMap(({ items }) => items.map(({ values }) => values.email));

const updating = { duplicates: { strategy: "update", keys: ["email"] } };

it("lists created and updated records as they are now, with the labels of the reader's language", async () => {
  const app = await openApp();
  await imported(app, `Email,Last name\n${lines(3)}\n`);
  const id = await imported(app, "Email,Last name\nnew@example.com,New\np1@example.com,Changed\n", updating);
  await app.database.query(sql`update leads set last_name = 'Now' where email = 'new@example.com'`);
  const { json } = await app.call("GET", `/imports/${id}/records?lang=sv`);
  expect(json.columns.slice(0, 2)).toEqual([
    { name: "id", label: "id" },
    { name: "external_id", label: "Referens" },
  ]);
  expect(json).toMatchObject({
    items: [
      { outcome: "created", values: { email: "new@example.com", last_name: "Now", city: null } },
      { outcome: "updated", values: { email: "p1@example.com", last_name: "Changed" } },
    ],
    next: null,
    gone: 0,
  });
  expect(json.items.map(({ id, values }: Page["items"][0]) => values.id === id)).toEqual([true, true]);
});

it("shows each record once, over pages of any size and from created to updated ones", async () => {
  const app = await openApp();
  await imported(app, `Email,Last name\n${lines(5, "old")}\n`);
  const all = `Email,Last name\n${lines(12)}\n${lines(5, "old").replaceAll(",N", ",M")}\n`;
  const id = await imported(app, all, updating);
  const whole = emails(await allPages(app, `/imports/${id}/records`));
  expect(whole).toHaveLength(17);
  for (const limit of [1, 4, 12, 16, 17]) {
    const pages = await allPages(app, `/imports/${id}/records?limit=${limit}`);
    expect(emails(pages)).toEqual(whole);
    expect(pages.slice(0, -1).map(({ items }) => items.length)).toEqual(pages.slice(0, -1).map(() => limit));
  }
  expect(emails(await allPages(app, `/imports/${id}/records?outcome=updated&limit=2`))).toEqual(whole.slice(12));
  expect(emails(await allPages(app, `/imports/${id}/records?outcome=created&limit=5`))).toEqual(whole.slice(0, 12));
});

it("counts those that are gone, on the page where they would have stood", async () => {
  const app = await openApp();
  const id = await imported(app, `Email,Last name\n${lines(30)}\n`);
  const before = emails(await allPages(app, `/imports/${id}/records`));
  await app.database.query(
    sql`delete from leads where email = any (${[before[0], before[1], before[15], before[29]]})`,
  );
  const pages = await allPages(app, `/imports/${id}/records?limit=10`);
  expect(emails(pages)).toEqual(before.filter((_, k) => ![0, 1, 15, 29].includes(k)));
  expect(pages.map(({ items, gone }) => [items.length, gone])).toEqual([
    [10, 2],
    [10, 1],
    [6, 1],
  ]);
});

it("looks through a bounded number of ids for one page, and goes on from there", async () => {
  const app = await openApp();
  const id = await imported(app, `Email,Last name\n${lines(24_000)}\n`);
  const count = async (path: string): Promise<[number, number, number]> => {
    const pages = await allPages(app, path);
    return [pages.length, emails(pages).length, pages.reduce((sum, { gone }) => sum + gone, 0)];
  };
  expect(await count(`/imports/${id}/records?search=P23999%40EX`)).toEqual([2, 1, 0]);
  await app.database.query(sql`delete from leads where email <> 'p7@example.com'`);
  expect(await count(`/imports/${id}/records?limit=1`)).toEqual([2, 1, 23_999]);
});

it("finds a part of any value, whatever its case, and takes signs of patterns as they are", async () => {
  const app = await openApp();
  const id = await imported(app, "Email,Last name\nann@example.com,Åberg\nbo@example.com,100%\n");
  const found = async (text: string) =>
    emails([(await app.call("GET", `/imports/${id}/records?search=${encodeURIComponent(text)}`)).json]);
  expect(await found("åBERG")).toEqual(["ann@example.com"]);
  expect(await found("%")).toEqual(["bo@example.com"]);
  expect(await found("nobody")).toEqual([]);
});

it("has none of an import that has written nothing, and none that is not yours", async () => {
  const app = await openApp();
  const made = await app.call("POST", "/imports", {
    uploadId: await app.upload("Email\nx@example.com\n"),
    importer: "leads",
  });
  const path = `/imports/${made.json.id}/records`;
  expect((await app.call("GET", path)).json).toMatchObject({ items: [], next: null, gone: 0 });
  expect((await app.call("GET", path, undefined, { as: "anna" })).status).toBe(404);
  for (const after of ["7", "created.1", "updated.1.2.3", "created.1.99999999999", "'"]) {
    expect((await app.call("GET", `${path}?after=${encodeURIComponent(after)}`)).status).toBe(422);
  }
});
