/** The commit while it runs, in all its states. */
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { violations } from "./axe.ts";
import { cuttableNetwork } from "./cuttable-network.ts";
import { closeGate } from "./gate.ts";
import { closeBrowser, nowhere, type OpenPage, openPage, shoot } from "./open-page.ts";
import { peopleCsv } from "./people-csv.ts";

afterAll(closeBrowser);

const smallChunks = { SLUICE_CHUNK_ROWS: "1000", SLUICE_LANES: "1" };
interface Matching {
  matches(selector: string): boolean;
}
const progressbar = (page: Page) => page.getByRole("progressbar", { name: "Progress" });

/** An import in the middle of its commit: half of its rows are in, and the next chunk waits at a gate. */
async function heldHalfWay(opened: OpenPage): Promise<{ id: number; open: () => Promise<void> }> {
  const { database, bring, client, page } = opened;
  const id = await bring(peopleCsv(6000, { bad: [5, 9], gate: 3500 }), { start: true });
  const open = await closeGate(database, {
    table: "leads",
    event: "insert",
    condition: "new.email = 'gate@example.com'",
  });
  await client.imports.commit(id);
  await page.goto(`/import/${id}`);
  await page.getByRole("heading", { name: "Writing the records" }).waitFor();
  await expect.poll(() => progressbar(page).getAttribute("aria-valuenow")).toBe("49");
  return { id, open };
}

it("shows how far the commit is, by numbers and by a plot in words, and the same after a reload", async () => {
  const opened = await openPage({ at: nowhere, environment: smallChunks });
  const { page, errors } = opened;
  const { open } = await heldHalfWay(opened);
  const look = async (): Promise<void> => {
    const running = page.getByRole("main").locator(".running");
    await running.getByText("2,996").first().waitFor();
    await running.getByText(/of 5,998/).waitFor();
    await page.getByText("You can close this page").waitFor();
    await page.getByRole("img", { name: /Speed over time/ }).waitFor();
    await expect
      .poll(() => page.getByRole("listitem").filter({ hasText: "Importing" }).getAttribute("aria-current"))
      .toBe("step");
  };
  await look();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-running");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await shoot(page, "commit-running-narrow");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.reload();
  await look();
  await open();
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
  expect(errors).toEqual([]);
});

it("pauses and resumes with one button that keeps the focus, by keyboard", async () => {
  const opened = await openPage({ at: nowhere, environment: smallChunks });
  const { page, client } = opened;
  const { id, open } = await heldHalfWay(opened);
  await page.getByRole("button", { name: "Pause" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Paused" }).waitFor();
  await page.getByText(/^Paused by .+: resume it/).waitFor();
  expect((await client.imports.get(id)).status).toBe("paused");
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-paused");
  await page.reload();
  await page.getByRole("heading", { name: "Paused" }).waitFor();
  await page.getByRole("button", { name: "Resume" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  expect(
    await page.getByRole("button", { name: "Pause" }).evaluate((button: Matching) => button.matches(":focus")),
  ).toBe(true);
  await open();
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
  // What had the focus is gone: the heading has it.
  expect(await page.getByRole("heading", { level: 1 }).evaluate((heading: Matching) => heading.matches(":focus"))).toBe(
    true,
  );
});

it("cancels half-way, after saying what stays: what went in, what did not, and the way back", async () => {
  const opened = await openPage({ at: nowhere, environment: smallChunks });
  const { page, rows } = { ...opened, rows: (text: string) => opened.database.query(sql.raw(text)) };
  const { id } = await heldHalfWay(opened);
  await page.getByRole("button", { name: "Cancel the import" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel this import?" });
  await dialog.getByText("2,996 records have been written so far").waitFor();
  await dialog.getByText("3,002 rows have not been reached").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-cancel-dialog");
  await dialog.getByRole("button", { name: "Keep going" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Cancel the import" }).click();
  await dialog.getByRole("button", { name: "Cancel the import" }).click();

  await page.getByRole("heading", { name: "Import cancelled", level: 1 }).waitFor();
  await page.getByText("2,996 records from leads.csv were imported before it was cancelled.").waitFor();
  const bar = page.getByRole("img", { name: /Created: 2,996/ });
  await expect.poll(() => bar.getAttribute("aria-label")).toMatch(/Errors: 2.*Not reached: 3,002/);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-cancelled");
  await page.reload();
  await page.getByRole("heading", { name: "Import cancelled", level: 1 }).waitFor();

  await page.getByRole("button", { name: "Undo the import…" }).click();
  await page.getByRole("button", { name: "Delete the 2,996 records" }).click();
  await page.getByRole("heading", { name: "Import undone", level: 1 }).waitFor();
  expect(await rows("select count(*)::int as n from leads")).toEqual([{ n: 0 }]);
  expect((await opened.client.imports.get(id)).status).toBe("undone");
});

it("says why it failed, stays so after a reload, and goes on when it is tried again", async () => {
  const { page, database, bring, client } = await openPage({ at: nowhere, environment: smallChunks });
  const id = await bring(peopleCsv(50), { start: true });
  await database.query(sql`alter table leads rename column city to town`);
  await client.imports.commit(id);
  await page.goto(`/import/${id}`);
  await page.getByText("The import stopped").waitFor();
  await page.getByText(/has no column city/).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-failed");
  await page.reload();
  await page.getByText("The import stopped").waitFor();
  await database.query(sql`alter table leads rename column town to city`);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
});

it("says when it is tried again by itself, and why", async () => {
  const { page, database, bring, client } = await openPage({ at: nowhere, environment: smallChunks });
  const id = await bring(peopleCsv(50), { start: true });
  // No row's fault, so it is no row that is refused.
  await database.query(
    sql.raw(`create function no_room() returns trigger language plpgsql as $$
      begin raise exception 'the disk is full' using errcode = '53100'; end $$`),
  );
  await database.query(sql.raw("create trigger no_room before insert on leads execute function no_room()"));
  await client.imports.commit(id);
  await page.goto(`/import/${id}`);
  await page.getByRole("heading", { name: /^It will be tried again at \d/ }).waitFor();
  await page.getByText("the disk is full").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-retrying");
  await database.query(sql.raw("drop trigger no_room on leads"));
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
});

it("is paused with the database's words where it refuses too many rows", async () => {
  const { page, database, bring, client } = await openPage({ at: nowhere, environment: smallChunks });
  const id = await bring(peopleCsv(400), { start: true });
  await database.query(
    sql.raw(`create function closed() returns trigger language plpgsql as $$
      begin raise exception 'the books are closed'; end $$`),
  );
  await database.query(sql.raw("create trigger closed before insert on leads for each row execute function closed()"));
  await client.imports.commit(id);
  await page.goto(`/import/${id}`);
  await page.getByText(/the books are closed/).waitFor();
  await page.getByText("Why it is paused").waitFor();
  await shoot(page, "commit-paused-refused");
  await database.query(sql.raw("drop trigger closed on leads"));
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
});

it("waits for its turn", async () => {
  const opened = await openPage({ at: nowhere, environment: { ...smallChunks, SLUICE_USER_RUNNING: "1" } });
  const { page, bring, client } = opened;
  const second = await bring(peopleCsv(60), { name: "second.csv", start: true });
  const { open } = await heldHalfWay(opened);
  await client.imports.commit(second);
  await page.goto(`/import/${second}`);
  await page.getByRole("heading", { name: "Waiting for its turn" }).waitFor();
  await page.getByText("It starts automatically").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-waiting");
  await open();
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
});

it("moves nothing on the page from waiting to the end, and speaks seldom", async () => {
  const opened = await openPage({ at: nowhere, environment: { ...smallChunks, SLUICE_USER_RUNNING: "1" } });
  const { page, bring, client, database } = opened;
  const second = await bring(peopleCsv(8000, { gate: 7500 }).replaceAll("@example.com", "@example.org"), {
    name: "second.csv",
    start: true,
  });
  const openSecond = await closeGate(database, {
    table: "leads",
    event: "insert",
    condition: "new.email = 'gate@example.org'",
  });
  const { open } = await heldHalfWay(opened);
  await client.imports.commit(second);
  await page.goto(`/import/${second}`);
  await page.getByRole("heading", { name: "Waiting for its turn" }).waitFor();
  await page.evaluate(() => {
    window.shifts = [];
    window.said = [];
    new window.PerformanceObserver((list: { getEntries(): { value: number }[] }) => {
      window.shifts.push(...list.getEntries().map(({ value }) => value));
    }).observe({ type: "layout-shift", buffered: false });
    const frames = [...document.querySelectorAll("[data-sluice]")].map(
      (host: { shadowRoot: unknown }) => host.shadowRoot,
    );
    for (const frame of frames as { querySelectorAll(selector: string): Iterable<{ textContent: string }> }[]) {
      for (const region of frame.querySelectorAll('[role="status"]')) {
        new window.MutationObserver(() => window.said.push(region.textContent.trim())).observe(region, {
          childList: true,
          characterData: true,
          subtree: true,
        });
      }
    }
  });
  await open();
  await page.getByRole("heading", { name: "Writing the records" }).waitFor();
  await expect.poll(() => progressbar(page).getAttribute("aria-valuenow")).toBe("87");
  expect(await page.evaluate(() => window.shifts)).toEqual([]);
  // A word for each thing that it does, none for each step of a number.
  const said: string[] = await page.evaluate(() => window.said);
  expect(said.filter((text) => text.startsWith("Writing the records")).length).toBe(1);
  await openSecond();
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
});

it("stays as it is while the network is cut, says so, and catches up when it is back", async () => {
  const opened = await openPage({ at: nowhere, environment: smallChunks });
  const { page, context, client, url } = opened;
  const network = await cuttableNetwork(url);
  const { id, open } = await heldHalfWay(opened);
  await page.goto(`${network.url}/import/${id}`);
  await page.getByRole("heading", { name: "Writing the records" }).waitFor();
  network.cut();
  await page.getByText("The server is not responding").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-server-gone");
  await context.setOffline(true);
  await page.getByText("You are offline").waitFor();
  await shoot(page, "commit-offline");
  await open();
  await client.imports.waitFor(id, { status: "completed" });
  await expect.poll(() => page.getByRole("heading", { name: "Writing the records" }).isVisible()).toBe(true);
  network.mend();
  await context.setOffline(false);
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
  await page.getByText("You are offline").waitFor({ state: "detached" });
});
