/** The list of imports: filters, order, pages, what happens while one looks, and the queue for administrators. */
import { afterAll, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { violations } from "./axe.ts";
import { closeGate } from "./gate.ts";
import { completed, copies, people, put } from "./history-jobs.ts";
import { closeBrowser, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const at = "/import/history";

it("says what will stand here while nothing was imported, and shows the first import as it comes, by itself", async () => {
  const opened = await openPage({ at });
  const { page, bring, errors } = opened;
  await page.getByRole("heading", { name: "No imports yet" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "history-empty");
  await bring(people, { name: "first.csv" });
  const row = page.getByRole("row", { name: /first\.csv/ });
  await row.getByText("To be set up").waitFor();
  expect(errors).toEqual([]);
});

it("shows each import with its numbers, in both themes and at 360 px, without a violation", async () => {
  const opened = await openPage();
  const { page, bring, client } = opened;
  const id = await completed(opened);
  await copies(opened, id, 6, "clients");
  await bring(people.replace("Acme", "Other"), { name: `${"very-long-name-".repeat(12)}.csv`, start: true });
  await bring(people.replace("Acme", "عربي"), { name: "قائمة العملاء 2026.csv" });
  const failed = await bring(people.replace("Acme", "Third"), { name: "broken.csv" });
  await put(opened, failed, "failed", { message: "The file could not be read." });
  await client.imports.cancel(await bring(people.replace("Acme", "Fourth"), { name: "wrong file.csv" }));
  await page.goto(at);
  const row = page.getByRole("row", { name: /leads\.csv/ });
  await row.waitFor();
  expect((await row.getByRole("cell").allInnerTexts()).slice(2, 7)).toEqual(["Imported", "3", "2", "1", "admin"]);
  await expect
    .poll(() => row.getByRole("link", { name: "leads.csv" }).getAttribute("href"))
    .toBe(`/import/history/${id}`);
  await page.getByText("1 to 11 of 11 imports").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "history");

  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("list", { name: "Imports" }).waitFor();
  await expect.poll(() => page.getByRole("table").count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "history-narrow");
});

it("deletes several at once, and imports several again", async () => {
  const opened = await openPage();
  const { page, bring, client, errors } = opened;
  const first = await completed(opened);
  const second = await completed(opened, people.replace("Acme", "Other"), "second.csv");
  const waiting = await bring(people.replace("Acme", "Third"), { name: "waiting.csv" });
  await bring(people.replace("Acme", "Fourth"), { name: "kept.csv" });
  await page.goto(at);
  const pick = (name: string) => page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
  const bar = page.getByRole("region", { name: /selected$/ });
  await pick("leads.csv");
  await pick("second.csv");
  await bar.getByText("2 imports selected").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "history-picked");
  await bar.getByRole("button", { name: "Import 2 again" }).click();
  await expect
    .poll(async () => (await client.imports.list()).items.map(({ fileName, status }) => `${fileName} ${status}`))
    .toEqual([
      "leads.csv pending",
      "second.csv pending",
      "kept.csv pending",
      "waiting.csv pending",
      "second.csv completed",
      "leads.csv completed",
    ]);
  await bar.waitFor({ state: "detached" });

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("list", { name: "Imports" }).waitFor();
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await bar.getByText("6 imports selected").waitFor();
  await page.getByRole("checkbox", { name: "Select kept.csv", exact: true }).uncheck();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await shoot(page, "history-picked-phone");
  await bar.getByRole("button", { name: "Delete 5…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete 5 imports?" });
  await dialog.getByText("waiting.csv").waitFor();
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await dialog.waitFor({ state: "detached" });
  await bar.waitFor({ state: "detached" });
  expect((await client.imports.list()).items.map(({ fileName }) => fileName)).toEqual(["kept.csv"]);
  for (const id of [first, second, waiting]) await expect(client.imports.get(id)).rejects.toThrow();
  expect(errors).toEqual([]);
});

it("goes through pages and orders of more than sixty imports, and is as it was after going to an import and back", async () => {
  const opened = await openPage();
  const { page } = opened;
  await copies(opened, await completed(opened), 64);
  await page.goto(at);
  const names = () => page.getByRole("rowheader").getByRole("link").allInnerTexts();
  await page.getByText("1 to 25 of 65 imports").waitFor();
  const pages = page.getByRole("navigation", { name: "Pages" });
  await pages.getByRole("button", { name: "Next" }).click();
  await page.getByText("26 to 50 of 65 imports").waitFor();
  await pages.getByRole("button", { name: "Next" }).click();
  await page.getByText("51 to 65 of 65 imports").waitFor();
  expect((await names()).length).toBe(15);
  await expect.poll(() => pages.getByRole("button", { name: "Next" }).getAttribute("aria-disabled")).toBe("true");
  await pages.getByRole("button", { name: "Previous" }).click();
  await page.getByText("26 to 50 of 65 imports").waitFor();

  const rows = page.getByRole("columnheader", { name: "Rows" });
  await rows.getByRole("button").click();
  await expect.poll(() => rows.getAttribute("aria-sort")).toBe("descending");
  await expect.poll(async () => (await names()).slice(0, 2)).toEqual(["list-064.csv", "list-063.csv"]);
  await rows.getByRole("button").click();
  await expect.poll(() => rows.getAttribute("aria-sort")).toBe("ascending");
  await expect.poll(async () => (await names()).slice(0, 2)).toEqual(["leads.csv", "list-001.csv"]);
  await page.getByRole("columnheader", { name: "File" }).getByRole("button").click();
  await pages.getByRole("button", { name: "Next" }).click();
  await page.getByText("26 to 50 of 65 imports").waitFor();
  await expect.poll(async () => (await names())[0]).toBe("list-025.csv");
  await expect.poll(() => rows.getAttribute("aria-sort")).toBe(null);

  await page.getByRole("link", { name: "list-025.csv" }).click();
  await page.getByRole("heading", { name: "list-025.csv", level: 1 }).waitFor();
  await page.getByRole("link", { name: "All imports" }).click();
  await page.getByText("26 to 50 of 65 imports").waitFor();
  await expect.poll(async () => (await names())[0]).toBe("list-025.csv");
});

it("finds by the file's name, status, day and person, and says so where nothing fits", async () => {
  const opened = await openPage();
  const { page, bring, database } = opened;
  await copies(opened, await completed(opened), 30);
  const failed = await bring("email\nx@example.com\n", { name: "failed.csv" });
  await put(opened, failed, "failed");
  const { sql } = await import("../../src/postgres/connection/session.ts");
  await database.query(
    sql`update sluice.import_jobs set created_by = 'someone', created_at = '2026-01-31T12:00:00Z' where id = ${failed}`,
  );
  await page.goto(at);
  await page.getByText("of 32 imports").waitFor();
  const name = page.getByRole("searchbox", { name: "Name of the file" });
  await name.fill("LIST-00");
  await page.getByText("1 to 9 of 9 imports").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByText("of 32 imports").waitFor();
  await expect.poll(() => name.inputValue()).toBe("");

  const status = page.getByRole("combobox", { name: "Status" });
  await status.selectOption("waiting");
  await page.getByText("One import").waitFor();
  // The view is in the address, which works in another tab too.
  await expect.poll(() => new URL(page.url()).search).toBe("?status=waiting");
  expect(await page.title()).toBe("History – Sluice");
  const other = await page.context().newPage();
  await other.goto(`${page.url()}&importer=%3Cb%3E&sort=nobody_up`);
  await expect.poll(() => other.getByRole("combobox", { name: "Status" }).inputValue()).toBe("waiting");
  await other.close();
  await page.getByRole("row", { name: /failed\.csv/ }).waitFor();
  await page.getByRole("combobox", { name: "Whose" }).selectOption("mine");
  await page.getByRole("heading", { name: "No import matches" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "history-none-found");
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await page.getByText("of 32 imports").waitFor();

  await page.getByLabel("To", { exact: true }).fill("2026-01-31");
  await page.getByRole("row", { name: /failed\.csv/ }).waitFor();
  await page.getByText("One import").waitFor();
  await page.getByLabel("From", { exact: true }).fill("2026-02-01");
  await page.getByRole("heading", { name: "No import matches" }).waitFor();
});

it("moves with an import that runs: its bar, its numbers and its end, without being asked", async () => {
  const opened = await openPage({ at });
  const { page, bring, client, database } = opened;
  const lines = Array.from({ length: 400_000 }, (_, k) => `p${k}${k === 300_000 ? "" : "@example.com"},Company ${k}`);
  // However fast the machine is, it is seen on its way.
  const open = await closeGate(database, { table: "sluice.import_rows", event: "insert", condition: "true" });
  const id = await bring(`email,company\n${lines.join("\n")}\n`, { name: "large.csv" });
  const row = page.getByRole("row", { name: /large\.csv/ });
  await row.getByText("To be set up").waitFor();
  await client.imports.start(id, { acceptDoubts: true });
  await row.getByRole("progressbar", { name: "Progress of large.csv" }).waitFor();
  await row.locator("[aria-valuenow]").waitFor();
  await shoot(page, "history-running");
  await open();
  await row.getByText("Ready to review").waitFor();
  await row.getByText("400,000").first().waitFor();
  await client.imports.delete(await client.imports.cancel(id).then((job) => job.id));
  await row.waitFor({ state: "detached" });
});

it("puts in again what the queue had given up", async () => {
  const opened = await openPage({ at });
  const { page, database } = opened;
  const gone = sql`insert into sluice_queue.job (name, data, source_name, source_id)
    values ('imports-dead', '{"task": {"kind": "import", "importId": 999}, "priority": 0}', 'imports', gen_random_uuid())`;
  await database.query(gone);
  const queue = page.locator("details", { hasText: "Queue" });
  await queue.getByRole("heading", { name: "Queue" }).click();
  await queue.getByText("One wake-up was given up").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "history-queue-dead");
  await queue.getByRole("button", { name: "Deliver again" }).click();
  await queue.getByText("One wake-up was given up").waitFor({ state: "detached" });
  await expect.poll(() => page.locator("summary:focus").count()).toBe(1);
  const dead = sql<{ n: number }>`select count(*)::int as n from sluice_queue.job where name = 'imports-dead'`;
  expect(await database.query(dead)).toEqual([{ n: 0 }]);
});

it("shows how sinks fare, what they refused, and has an index rebuilt", async () => {
  const opened = await openPage({ at });
  const { page, database } = opened;
  await database.query(sql`
    insert into sluice.sinks (name, topics, importer, error, stopped_at, next_at) values
      ('products-typesense', '{chunk.committed}', 'products', null, null, now()),
      ('prices-index', '{chunk.committed}', 'products', 'Rejecting write: running out of resource type: OUT_OF_MEMORY', now(), now()),
      ('stock-index', '{chunk.committed}', 'products', 'Not Ready or Lagging', null, now() + interval '1 hour')`);
  await database.query(
    sql`insert into sluice.sink_refusals (sink, record_id, reason) values ('products-typesense', '7', 'Field \`price\` must be a float.')`,
  );
  await database.query(
    sql`insert into sluice.outbox (sink, topic, job_id, payload) values ('stock-index', 'chunk.committed', 1, '{}')`,
  );
  const queue = page.locator("details", { hasText: "Queue" });
  await queue.getByRole("heading", { name: "Queue" }).click();
  await queue.getByText("Nothing is sent to it until you let it continue").waitFor();
  const row = (name: string) => queue.getByRole("listitem").filter({ hasText: name });
  await row("products-typesense").getByText("1 record refused").waitFor();
  await row("stock-index").getByText("1 delivery waits").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "history-sinks");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "history-sinks-narrow");
  await page.setViewportSize({ width: 1280, height: 720 });
  await row("products-typesense").getByRole("button", { name: "Try again" }).click();
  await row("products-typesense").getByText("1 delivery waits").waitFor();
  await row("prices-index").getByRole("button", { name: "Rebuild the index" }).click();
  await row("prices-index").getByText("A new index is being built: 0 records").waitFor();
  await row("prices-index").getByRole("button", { name: "Cancel the rebuild" }).click();
  const phase = sql<{
    phase: string;
  }>`select rebuild ->> 'phase' as phase from sluice.sinks where name = 'prices-index'`;
  await expect.poll(() => database.query(phase)).toEqual([{ phase: "cancelling" }]);
});

it("shows an administrator the queue and its workers, and others nothing of it", async () => {
  const opened = await openPage({ at });
  const { page, context, url, token } = opened;
  const waiting = await opened.bring(people, { name: "waiting.csv" });
  await put(opened, waiting, "queued", { later: true });
  const queue = page.locator("details", { hasText: "Queue" });
  await queue.getByRole("heading", { name: "Queue" }).click();
  await queue.getByText("Running", { exact: true }).nth(1).waitFor();
  await expect.poll(() => queue.getByRole("definition").first().textContent()).toBe("1");
  await queue.getByText("Nothing to do at the moment").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "history-queue");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("list", { name: "Imports" }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await shoot(page, "history-queue-narrow");
  await page.setViewportSize({ width: 1280, height: 720 });

  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const made = await fetch(`${url}/api/v1/users`, {
    method: "POST",
    headers,
    body: JSON.stringify({ name: "Vera", role: "user" }),
  });
  const { id } = (await made.json()) as { id: string };
  const link = await fetch(`${url}/api/v1/users/${id}/sign-in-link`, { method: "POST", headers });
  await context.clearCookies();
  await page.goto(((await link.json()) as { url: string }).url);
  await page.getByRole("button").first().click();
  await page.goto(at);
  await page.getByRole("heading", { name: "No imports yet" }).waitFor();
  await page.getByText("Vera").waitFor();
  await expect.poll(() => page.getByText("Queue").count()).toBe(0);
  expect((await page.request.get("/api/v1/queue")).status()).toBe(403);
});
