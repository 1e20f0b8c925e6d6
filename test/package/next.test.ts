/** The packed Sluice in a Next.js application. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { findChromium } from "../browser/chromium.ts";
import { tryApi } from "./mounted.ts";
import { type NextApp, nextApp } from "./next-app.ts";
import { imported, serve } from "./served.ts";

let folder: string;
let next: NextApp;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice next "));
  next = await nextApp(join(folder, "next"), inject("sluice").tarball);
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 }));

it("builds without a configuration and without a secret, is started, imports, and shows the wizard", async () => {
  expect(await next.build()).toMatch(/ƒ \/api\/v1\/\[\[\.\.\.path\]\]/);
  const command = ["node_modules/next/dist/bin/next", "start", "-p", "PORT", "-H", "127.0.0.1"];
  const { origin, said, rows } = await serve(next.folder, command, next.folder);
  await tryApi(`${origin}/api/v1`).catch((error: Error) => {
    throw new Error(`${error.message}\n${said()}`, { cause: error });
  });
  expect(await rows()).toEqual(imported);
  expect(await (await fetch(`${origin}/import`)).text()).toMatch(/<h1>Contacts<\/h1><div data-sluice=""/);
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${origin}/import`);
    await page
      .getByRole("button", { name: /choose/i })
      .first()
      .waitFor();
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
});

it("runs as a standalone server away from its application", async () => {
  await next.build('export default { output: "standalone" };\n');
  const { origin, said, rows } = await serve(await next.standalone(), ["server.js"], next.folder);
  await tryApi(`${origin}/api/v1`).catch((error: Error) => {
    throw new Error(`${error.message}\n${said()}`, { cause: error });
  });
  expect(await rows()).toEqual(imported);
  expect(await (await fetch(`${origin}/import`)).text()).toContain('data-sluice=""');
});
