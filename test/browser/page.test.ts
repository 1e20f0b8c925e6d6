/** The page around the wizard: addresses, language, theme, sign-in, and how it is served. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, inject, it } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

it("shows the wizard, without a violation of accessibility and without an error", async () => {
  const { page, errors } = await openPage();
  await page.getByRole("heading", { name: "Import a file", level: 1 }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "page");
  expect(errors).toEqual([]);
});

it("speaks the browser's language, and the one that is chosen, also after a reload", async () => {
  const { page } = await openPage({ browser: { locale: "fr-FR" } });
  await page.getByRole("heading", { name: "Importer un fichier" }).waitFor();
  await page.getByRole("combobox", { name: "Langue" }).selectOption("sv");
  await page.getByRole("heading", { name: "Importera en fil" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Importera en fil" }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("sv");
});

it("asks for a new sign-in where the session is gone, and goes on in the same place", async () => {
  const { page, client, context, signInLink, bring } = await openPage();
  const id = await bring("email,nom\nann@example.com,Ann\n");
  await page.goto(`/import/${id}`);
  await page.getByRole("heading", { name: "Columns and fields" }).waitFor();
  const field = page.getByRole("combobox", { name: "Field for the column “nom”" });
  await context.clearCookies();
  await field.selectOption("company");
  const again = page.getByRole("dialog", { name: "Sign in again" });
  await again.getByText("Your session has ended.").waitFor();
  await again.getByRole("textbox").fill(await signInLink());
  await again.getByRole("button", { name: "Sign in", exact: true }).click();
  await again.waitFor({ state: "detached" });
  // What was chosen without a session is kept.
  await expect.poll(async () => (await client.imports.mapping(id)).columns[1].field).toBe("company");

  await context.clearCookies();
  await page.reload();
  // Nobody was signed in since the page was opened: nothing has ended.
  const dialog = page.getByRole("dialog", { name: "Sign in", exact: true });
  await dialog.getByText("You need to sign in to import files.").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "page-session-gone");

  await dialog.getByRole("textbox").fill("not a code");
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await dialog.getByText("is unknown").waitFor();
  await dialog.getByRole("textbox").fill(await signInLink());
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "Columns and fields" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/import/${id}`);
});

it.each(["/import/1", "/import/1/options", "/import/1/records", "/import/history", "/import/history/1"])(
  "has one heading of the first level at %s while that is loading, and where it cannot be shown",
  async (at) => {
    const { page, context } = await openPage({ at: "about:blank" });
    // What the page asks for does not come.
    await context.route(/\/api\/v1\/imports/, () => {});
    await page.goto(at);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await context.unroute(/\/api\/v1\/imports/);
    await context.route(/\/api\/v1\/imports/, (route) => route.fulfill({ status: 403, json: { code: "forbidden" } }));
    await page.reload();
    await page.getByRole("alert").first().waitFor();
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await violations(page)).toEqual([]);
  },
);

it("loads at most 165 kB of compressed scripts before it is shown", async () => {
  const folder = inject("pageFolder");
  const index = await readFile(join(folder, "index.html"), "utf8");
  const scripts = [...new Set(index.match(/assets\/[\w.-]+\.js/g))];
  const sizes = scripts.map(async (path) => gzipSync(await readFile(join(folder, path)), { level: 9 }).length);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(165_000);
});
