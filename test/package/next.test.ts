/** The example of a Next.js application with the packed Sluice. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { findChromium } from "../browser/chromium.ts";
import { s3Server } from "../s3-server.ts";
import { openAuthProject } from "./auth-project.ts";
import { tryApi } from "./mounted.ts";
import { type NextApp, nextApp } from "./next-app.ts";
import { imported, serve } from "./served.ts";

let folder: string;
let next: NextApp;
/** What the build said, where nothing was configured and no secret was known. */
let built: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice next "));
  next = await nextApp(join(folder, "next"), inject("sluice").tarball);
  built = await next.build();
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 }));

/** The app, started with the environment of a project of Supabase, on a database of its own; it works on imports itself. */
async function start(at: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const project = await openAuthProject();
  const { origin, said, rows } = await serve(at, args, null, {
    SLUICE_QUEUE: "direct",
    NEXT_PUBLIC_SUPABASE_URL: project.url,
    NEXT_PUBLIC_SUPABASE_ANON_KEY: "sb_publishable_0",
    ...more,
  });
  const api = `${origin}/api/import/api/v1`;
  const names = { importer: "leads", nameField: "last_name", headers: { authorization: `Bearer ${project.token}` } };
  await tryApi(api, names).catch((error: Error) => {
    throw new Error(`${error.message}\n${said()}`, { cause: error });
  });
  expect(await rows("select email, last_name as name from leads order by 1")).toEqual(imported);
  return { origin, api, project };
}

it("builds without a configuration and without a secret, is started, imports, and shows its pages", async () => {
  const steps = ["[...path]", "parse", "commit", "error-report", "deliver", "sweep", "dead-letter"];
  for (const step of steps) expect(built).toContain(`ƒ /api/import/${step}`);
  const args = ["node_modules/next/dist/bin/next", "start", "-p", "PORT"];
  // Imports of a few rows send none.
  const mails = { SLUICE_SMTP_URL: "smtp://127.0.0.1:9", SLUICE_MAIL_FROM: "imports@cap.example" };
  const { origin, api, project } = await start(next.folder, args, mails);
  const cookie = `${project.cookie.name}=${project.cookie.value}`;

  // Who is signed in: by a cookie too, but not for another site's page; and nobody by what is for development.
  const ask = async (headers: Record<string, string>, method = "GET") =>
    (await fetch(`${api}/imports`, { method, headers })).status;
  expect(await ask({ cookie })).toBe(200);
  expect(await ask({ cookie, origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" }, "POST")).toBe(403);
  const [head, claims, signature] = project.token.split(".");
  const forged = { authorization: `Bearer ${[head, claims, signature.split("").reverse().join("")].join(".")}` };
  const development = { cookie: "crm-dev-personne=00000000-0000-4000-8000-000000000001" };
  for (const stranger of [{}, forged, { ...forged, cookie }, development]) expect(await ask(stranger)).toBe(401);
  const away = await fetch(`${origin}/leads`, { headers: development, redirect: "manual" });
  expect([away.status, away.headers.get("location")]).toEqual([307, "/login"]);
  expect(await (await fetch(`${origin}/import`, { headers: { cookie } })).text()).toContain('data-sluice=""');

  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
  try {
    const context = await browser.newContext({ locale: "sv" });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(origin);
    await page.getByRole("button", { name: "Se connecter" }).waitFor();
    await context.addCookies([{ ...project.cookie, url: origin }]);
    await page.goto(`${origin}/leads`);
    await page.getByRole("cell", { name: "bo@example.org" }).waitFor();
    await page.getByRole("link", { name: "Historique" }).click();
    await page.getByText(/aucun import/i).waitFor();
    await page.getByRole("link", { name: "Importer", exact: true }).click();
    await page
      .getByRole("button", { name: /choisir/i })
      .first()
      .waitFor();

    await page.getByRole("link", { name: "Notifications" }).click();
    await page.getByText("Les messages sont envoyés à anne@cap.example.").waitFor();
    await page.getByLabel("À partir de combien de lignes").fill("50");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.getByText("Vos choix sont enregistrés.").waitFor();
    await page.getByLabel("Recevoir des e-mails sur mes imports").uncheck();
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.getByText("Vos choix sont enregistrés.").waitFor();
    const chosen = await fetch(`${api}/me/mail`, { headers: { cookie } });
    expect(await chosen.json()).toMatchObject({ isOff: true, fromRows: 50, isSent: true });
    await page.reload();
    await page.getByLabel("Recevoir des e-mails sur mes imports").waitFor();
    expect(await page.getByLabel("Recevoir des e-mails sur mes imports").isChecked()).toBe(false);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
});

it("runs as a standalone server away from its application, with its files in a bucket", async () => {
  const bucket = await s3Server();
  const files = { ...bucket.environment, SLUICE_FILES: `s3://${bucket.bucket}` };
  const { origin, project } = await start(await next.standalone(), ["server.js"], files);
  expect(bucket.requests.map(({ operation }) => operation)).toContain("GetObject");
  const cookie = `${project.cookie.name}=${project.cookie.value}`;
  expect(await (await fetch(`${origin}/import`, { headers: { cookie } })).text()).toContain('data-sluice=""');
});
