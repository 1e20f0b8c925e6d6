/** The components in a page with React 18: all that they ask of React, without a word from its build for development. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { install } from "../package/npm.ts";
import { type BuiltExample, buildExample, openEmbed } from "./embed-page.ts";
import { closeBrowser } from "./open-page.ts";
import { peopleCsv } from "./people-csv.ts";

let folder: string;
let built: BuiltExample;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-react-18-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  await install(folder, "react@18.3.1", "react-dom@18.3.1");
  built = await buildExample(folder);
});
afterAll(async () => {
  await closeBrowser();
  await built?.remove();
  await rm(folder, { recursive: true, force: true });
});

it("is built with React 18", async () => {
  const scripts = (await readdir(join(built.folder, "assets"))).filter((name) => name.endsWith(".js"));
  const texts = await Promise.all(scripts.map((name) => readFile(join(built.folder, "assets", name), "utf8")));
  const versions = texts.flatMap((text) =>
    [...text.matchAll(/ReactVersion = ["']([^"']+)/g)].map(([, found]) => found),
  );
  expect(versions.length).toBeGreaterThan(0);
  expect(versions.filter((each) => !each.startsWith("18.3.1"))).toEqual([]);
});

it("goes from what a server rendered over the file to the summary, and to the history with its menus", async () => {
  const { page, errors } = await openEmbed(built, { path: "/rendered" });
  const wizard = page.getByRole("region", { name: "Import leads", exact: true });
  await wizard.getByRole("heading", { name: "Import a file", level: 1 }).waitFor();
  await wizard.locator("input[type=file]").setInputFiles({
    name: "people.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(peopleCsv(40, { bad: [7] })),
  });
  await wizard.getByRole("button", { name: "Check the file" }).click();
  await wizard.getByRole("button", { name: "Continue with 39 rows" }).click();
  await wizard.getByRole("button", { name: "Import 39 rows" }).click();
  await wizard.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
  await page.getByText("people.csv is completed").waitFor();

  await page.getByRole("button", { name: "History", exact: true }).click();
  await page.getByRole("heading", { name: "Imports", level: 1 }).waitFor();
  const opener = page.getByRole("region", { name: "Imports", exact: true }).locator("button[aria-haspopup=menu]");
  await opener.first().click();
  await page.getByRole("menu").waitFor();
  expect(await opener.first().getAttribute("aria-expanded")).toBe("true");
  await page.keyboard.press("Escape");
  await expect.poll(() => opener.first().getAttribute("aria-expanded")).toBe("false");

  await page.getByRole("button", { name: "Import in a dialog" }).click();
  const dialog = page.getByRole("dialog", { name: "Bring in leads" });
  await dialog.getByRole("heading", { name: "Import a file", level: 1 }).waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(errors).toEqual([]);
});
