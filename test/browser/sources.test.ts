/** The page of sources: made, run, their files and one that failed fetched again, paused, deleted; of a config; and for whom it is not. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, onTestFinished } from "vitest";
import { told } from "../../src/core/errors.ts";
import { jsonb, sql } from "../../src/postgres/connection/session.ts";
import { violations } from "./axe.ts";
import { people } from "./history-jobs.ts";
import { closeBrowser, type OpenPage, type OpenPageOptions, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const at = "/import/sources";

/** A server whose sources may be in a folder, with that. */
async function openSources(options: OpenPageOptions = {}): Promise<OpenPage & { incoming: string }> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "sluice-test-sources-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const incoming = join(folder, "incoming");
  await mkdir(incoming);
  const opened = await openPage({
    at,
    ...options,
    environment: {
      SLUICE_SOURCE_FOLDERS: folder,
      SLUICE_SECRETS_KEY: "a key of the tests, long enough for them",
      ...options.environment,
    },
  });
  return { ...opened, incoming };
}

it("makes a source of a folder, runs it, and fetches again what failed, once it is mended", async () => {
  const opened = await openSources();
  const { page, incoming, errors } = opened;
  await page.getByRole("heading", { name: "No sources yet" }).waitFor();
  await page.getByRole("button", { name: "Add a source" }).click();
  await page.getByLabel("Name", { exact: true }).fill("night-leads");
  await page.getByLabel("Place", { exact: true }).selectOption("folder");
  await page.getByLabel("Path", { exact: true }).fill(incoming);
  // Nobody else writes into this folder.
  await page.getByLabel("Seconds without a change").fill("0");
  expect(await violations(page)).toEqual([]);
  await shoot(page, "sources-new");
  await page.getByRole("button", { name: "Add the source" }).click();
  const source = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "night-leads" }) });
  await source.getByText("Working", { exact: true }).waitFor();
  await source.getByText(incoming).waitFor();
  await source.getByText("Every day at 06:00").waitFor();

  await writeFile(join(incoming, "good.csv"), people);
  await writeFile(join(incoming, "broken.csv"), "%PDF-1.7\nand so on");
  await source.getByRole("button", { name: "Run now" }).click();
  await page.getByRole("status").filter({ hasText: "night-leads is checked in a moment." }).waitFor();
  await source.getByRole("button", { name: "Files", exact: true }).click();
  const row = (name: string) => source.getByRole("row").filter({ hasText: name });
  await row("good.csv").getByText("Imported", { exact: true }).waitFor();
  await row("broken.csv").getByText("Failed", { exact: true }).waitFor();
  await row("broken.csv").getByText("broken.csv is a PDF.").waitFor();
  expect(await row("good.csv").getByRole("button").count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "sources-files");
  await source.getByLabel("State").selectOption("failed");
  await row("good.csv").waitFor({ state: "detached" });

  await writeFile(join(incoming, "broken.csv"), people.replaceAll("example.com", "example.org"));
  await row("broken.csv").getByRole("button", { name: "Fetch again" }).click();
  await page.getByRole("status").filter({ hasText: "broken.csv is fetched again in a moment." }).waitFor();
  await source.getByText("No file is in this state.").waitFor();
  await source.getByLabel("State").selectOption("imported");
  await row("broken.csv").getByText("Imported", { exact: true }).waitFor();
  await row("broken.csv")
    .getByRole("link", { name: /Import \d/ })
    .click();
  await page.getByRole("heading", { name: "broken.csv", level: 1 }).waitFor();
  expect(errors).toEqual([]);
});

it("pauses, resumes, changes and deletes a source, and says why one has stopped and what one waits for", async () => {
  const opened = await openSources({ browser: { viewport: { width: 390, height: 844 } } });
  const { page, client, database, incoming, bring } = opened;
  const waitedFor = await bring(people);
  const place = { kind: "folder", path: incoming } as const;
  const { id } = await client.sources.create({
    ...{ name: "orders", importer: "leads", place, files: ["*.csv"] },
    ...{ schedule: "0 6 * * 1-5", timeZone: "Europe/Paris", done: { moveTo: "imported" } },
  });
  await page.goto(at);
  const source = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "orders" }) });
  await source.getByText("Monday to Friday at 06:00 (Europe/Paris)").waitFor();
  await source.getByText("imported files are moved to “imported”").waitFor();
  await source.getByRole("button", { name: "Pause" }).click();
  await source.getByText("Paused", { exact: true }).waitFor();
  expect((await client.sources.get(id)).state).toBe("paused");
  await source.getByRole("button", { name: "Resume" }).click();
  await source.getByText("Working", { exact: true }).waitFor();

  await database.query(sql`
    update sluice.sources set state = 'stopped', import_id = ${waitedFor}, next_run_at = null,
      error = ${jsonb(told`${incoming} is no folder.`)}
    where id = ${id}
  `);
  const notice = source.getByRole("alert");
  await notice.getByText("It has stopped: nothing is fetched until you run it again").waitFor();
  await notice.getByText(`${incoming} is no folder.`).waitFor();
  const link = source.getByRole("link", { name: `The next file waits for import ${waitedFor}` });
  expect(await link.getAttribute("href")).toBe(`/import/history/${waitedFor}`);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "sources-stopped-narrow");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await source.getByRole("button", { name: "Run now" }).click();
  await source.getByText("Working", { exact: true }).waitFor();
  await notice.waitFor({ state: "detached" });

  await source.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("dialog", { name: "Delete this source?" }).getByText("Its imports stay").waitFor();
  await page.getByRole("button", { name: "Delete the source" }).click();
  await source.waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "No sources yet" }).waitFor();
  const heading = page.getByRole("heading", { name: "Sources", level: 1 });
  await expect.poll(() => heading.evaluate((element) => element.getRootNode().activeElement === element)).toBe(true);
  expect((await client.imports.get(waitedFor)).status).toBe("pending");
});

it("lets a source of the config be run and paused alone, and is for admins", async () => {
  const opened = await openSources();
  const { page, client, database, incoming, url, context, token } = opened;
  const place = { kind: "folder", path: incoming } as const;
  const { id } = await client.sources.create({ name: "nightly", importer: "leads", place });
  await database.query(sql`update sluice.sources set origin = 'config' where id = ${id}`);
  await page.reload();
  await page.getByRole("link", { name: "Sources" }).waitFor();
  const source = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "nightly" }) });
  await source.getByText("From the config", { exact: true }).waitFor();
  expect(await source.getByRole("button").allTextContents()).toEqual(["Run now", "Files", "Pause"]);

  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const made = await fetch(`${url}/api/v1/users`, {
    method: "POST",
    headers,
    body: JSON.stringify({ name: "Vera", role: "user" }),
  });
  const { id: userId } = (await made.json()) as { id: string };
  const link = await fetch(`${url}/api/v1/users/${userId}/sign-in-link`, { method: "POST", headers });
  await context.clearCookies();
  await page.goto(((await link.json()) as { url: string }).url);
  await page.getByRole("button").first().click();
  await page.goto(at);
  await page.getByText("This page is for admins.").waitFor();
  await page.getByText("Vera").waitFor();
  expect(await page.getByRole("link", { name: "Sources" }).count()).toBe(0);
  expect(await page.getByRole("button", { name: "Add a source" }).count()).toBe(0);
});
