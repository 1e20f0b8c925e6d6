/** What a person sees and keeps when the network, the server or the session goes away in the middle. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, inject, it, onTestFinished } from "vitest";
import { resolveConfig } from "../../src/config.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { readPageFiles } from "../../src/server/page-files.ts";
import { startServer } from "../../src/server/serve.ts";
import { closeGate } from "./gate.ts";
import { beginJourney, journeyFile } from "./journey.ts";
import { closeBrowser, shoot } from "./open-page.ts";
import { peopleCsv } from "./people-csv.ts";
import { wordsOf } from "./wizard-words.ts";

afterAll(closeBrowser);

const t = wordsOf("en");

/** A lost connection is told by the browser's console too. */
const cuts =
  /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_NETWORK_CHANGED|status of 401/;

it("goes on with an upload, and with a commit, when the network was gone", async () => {
  const { page, context, heading, button, rows, client, database, errors, ...journey } = await beginJourney("en", {
    environment: { SLUICE_CHUNK_ROWS: "100", SLUICE_LANES: "1" },
  });
  const offline = page.getByText(t("common", "offline"));
  await heading("upload").waitFor();
  // What is imported is known: a file that comes before that waits to be continued.
  await page.getByText(t("upload", "needTitle")).first().waitFor();
  await context.setOffline(true);
  const name = "people.csv";
  const content = peopleCsv(400, { bad: [9], gate: 250 });
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
  await offline.waitFor();
  await page
    .getByText(t("upload", "cutAt", { percent: "0%" }))
    .first()
    .waitFor();
  await context.setOffline(false);
  await heading("map").waitFor();
  await offline.waitFor({ state: "detached" });
  const id = Number(/\d+$/.exec(page.url())?.[0]);

  await journey.check();
  await journey.toOptions(id);
  // A gate is a trigger, which a dry run would wait at too.
  const press = button("options", "importRows", 399).and(page.locator(":not([aria-disabled])"));
  await press.waitFor();
  const open = await closeGate(database, {
    table: "leads",
    event: "insert",
    condition: "new.email = 'gate@example.com'",
  });
  await press.click();
  await heading("commit").waitFor();
  await context.setOffline(true);
  await offline.waitFor();
  await shoot(page, "journey-offline-commit");
  await open();
  // It is done while nobody can tell the page.
  await expect.poll(() => rows("select count(*)::int as n from leads")).toEqual([{ n: 399 }]);
  await heading("commit").waitFor();
  await context.setOffline(false);
  await heading("commit", "done").waitFor();
  await offline.waitFor({ state: "detached" });
  expect((await client.imports.get(id)).counts?.created).toBe(399);
  expect(errors.filter((error) => !cuts.test(error))).toEqual([]);
});

it("waits for a server that is gone, and goes on in the same place when it is back", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-test-journey-data-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const journey = await beginJourney("en", { environment: { SLUICE_DATA_DIR: dataDir } });
  const { page, server, url, client, heading, errors } = journey;
  const id = await journey.upload(await journeyFile(40));
  await journey.check();
  await page.getByRole("searchbox", { name: t("review", "search") }).fill("chloe");
  const first = page.getByRole("gridcell", { name: "chloe3@noel.example" });
  await page
    .getByRole("status")
    .filter({ hasText: t("review", "shownOf", { count: 5, all: 47 }) })
    .waitFor();

  await server.close();
  await first.dblclick();
  const input = page.getByRole("textbox", { name: "E-mail" });
  await input.fill("chloe.noel@noel.example");
  await input.press("Enter");
  await page.getByText(t("common", "serverGone")).waitFor();
  await shoot(page, "journey-server-gone");

  const environment = { DATABASE_URL: journey.database.url, SLUICE_DATA_DIR: dataDir, SLUICE_PORT: new URL(url).port };
  const back = await startServer(
    resolveConfig(environment, { importers: [leads] }, {}),
    { cwd: dataDir, environment, flags: {} },
    { onEvent: () => {}, page: await readPageFiles(inject("pageFolder")) },
  );
  onTestFinished(() => back.close());
  await page.getByText(t("common", "serverGone")).waitFor({ state: "detached" });
  // The same step, with what was looked for, and what was typed goes in.
  await heading("review").waitFor();
  await expect.poll(() => page.getByRole("searchbox", { name: t("review", "search") }).inputValue()).toBe("chloe");
  await page.getByRole("button", { name: t("review", "changes", { count: 1 }) }).waitFor();
  await page.getByRole("gridcell", { name: "chloe.noel@noel.example" }).waitFor();
  expect((await client.imports.edits(id)).items).toMatchObject([{ field: "email", to: "chloe.noel@noel.example" }]);
  await expect.poll(() => page.getByText(t("common", "wentWrong")).count()).toBe(0);
  expect(errors.filter((error) => !cuts.test(error))).toEqual([]);
});

it("asks to sign in again in the middle of a review, and what was typed is still there", async () => {
  const journey = await beginJourney("en");
  const { page, url, heading, rows, signInLink, errors } = journey;
  const id = await journey.upload(await journeyFile(40));
  await journey.check();
  const link = await signInLink();
  await page.getByRole("gridcell", { name: "zoe.beranger.example" }).dblclick();
  const input = page.getByRole("textbox", { name: "E-mail" });
  await input.fill("zoe@beranger.example");
  await rows("delete from sluice.sessions");
  await page.keyboard.press("Enter");
  const again = page.getByRole("dialog", { name: t("common", "signInTitle") });
  const signInAgain = async (by: string): Promise<void> => {
    await again.getByRole("textbox").fill(by);
    await again.getByRole("button", { name: t("common", "signIn"), exact: true }).click();
    await again.waitFor({ state: "detached" });
  };
  await again.waitFor();
  await shoot(page, "journey-session-ended");
  await signInAgain(link);
  await heading("review").waitFor({ state: "attached" });
  await page.getByText(t("review", "rowRight", { row: 2 })).waitFor({ state: "attached" });
  await page.getByRole("gridcell", { name: "zoe@beranger.example" }).waitFor();

  // A window that is half filled in stays as it is.
  await page.getByRole("button", { name: t("review", "findTitle") }).click();
  const dialog = page.getByRole("dialog", { name: t("review", "findTitle") });
  await dialog.getByRole("textbox", { name: t("review", "replaceBy") }).fill("converted");
  const users = (await (await page.request.get("/api/v1/users")).json()) as { items: { id: string }[] };
  const made = await page.request.post(`/api/v1/users/${users.items[0].id}/sign-in-link`, { headers: { origin: url } });
  const nextLink = ((await made.json()) as { url: string }).url;
  await rows("delete from sluice.sessions");
  await dialog.getByRole("textbox", { name: t("review", "find") }).fill("Gagnéé");
  await signInAgain(nextLink);
  await expect.poll(() => dialog.getByRole("textbox", { name: t("review", "find") }).inputValue()).toBe("Gagnéé");
  await expect
    .poll(() => dialog.getByRole("textbox", { name: t("review", "replaceBy") }).inputValue())
    .toBe("converted");
  await dialog.getByText(t("review", "foundIn", { count: 5 })).waitFor();
  await dialog.getByRole("button", { name: t("review", "replaceAll") }).click();
  await dialog.getByText(t("review", "changed", { count: 5 })).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/import/${id}`);
  expect(errors.filter((error) => !cuts.test(error))).toEqual([]);
});
