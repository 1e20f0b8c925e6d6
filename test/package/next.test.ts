/** The example of a Next.js application with the packed Sluice. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from "vitest";
import { createClient } from "../../src/client/index.ts";
import { followedColumns, jobsPart, rolePart } from "../../src/postgres/supabase/job-policies.ts";
import { temporaryFunctions } from "../../src/postgres/supabase/temporary-functions.ts";
import { findChromium } from "../browser/chromium.ts";
import { s3Server } from "../s3-server.ts";
import { makeProject } from "../supabase-project.ts";
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
  const { origin, said, rows, database, url } = await serve(at, args, null, {
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
  return { origin, api, project, database, url };
}

const nextStart = ["node_modules/next/dist/bin/next", "start", "-p", "PORT"];

async function openBrowser() {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
  onTestFinished(() => browser.close());
  return browser;
}

it("builds without a configuration and without a secret, is started, imports, and shows its pages", async () => {
  const steps = ["[...path]", "parse", "commit", "error-report", "deliver", "sweep", "dead-letter"];
  for (const step of steps) expect(built).toContain(`ƒ /api/import/${step}`);
  // Imports of a few rows send none.
  const mails = { SLUICE_SMTP_URL: "smtp://127.0.0.1:9", SLUICE_MAIL_FROM: "imports@cap.example" };
  const { origin, api, project } = await start(next.folder, nextStart, mails);
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

  const context = await (await openBrowser()).newContext({ locale: "sv" });
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
});

it("runs as a standalone server away from its application, with its files in a bucket", async () => {
  const bucket = await s3Server();
  const files = { ...bucket.environment, SLUICE_FILES: `s3://${bucket.bucket}` };
  const { origin, project } = await start(await next.standalone(), ["server.js"], files);
  expect(bucket.requests.map(({ operation }) => operation)).toContain("GetObject");
  const cookie = `${project.cookie.name}=${project.cookie.value}`;
  expect(await (await fetch(`${origin}/import`, { headers: { cookie } })).text()).toContain('data-sluice=""');
});

it("follows an import by the project's Realtime, and by the app's events where the channel closes or will not listen", async () => {
  const { origin, project, database, url } = await start(next.folder, nextStart);
  const { realtime } = project;
  await makeProject(database);
  for (const part of [temporaryFunctions, rolePart, jobsPart]) await database.session((session) => session.text(part));
  await realtime.follow(database, url);
  const context = await (await openBrowser()).newContext();
  await context.addCookies([{ ...project.cookie, url: origin }]);

  const client = createClient({ baseUrl: `${origin}/api/import`, token: project.token });
  /** A page that shows an import whose rows can be imported. */
  const openReady = async (email: string) => {
    const { id: uploadId } = await client.upload(Buffer.from(`Email;Nom\n${email};Ann\n`), { name: "people.csv" });
    const { id } = await client.imports.create({ uploadId, importer: "leads" });
    await client.imports.start(id);
    await expect.poll(async () => (await client.imports.get(id)).status, { timeout: 60_000 }).toBe("ready");
    const page = await context.newPage();
    const streams: string[] = [];
    page.on("request", (request) => {
      if (request.headers().accept === "text/event-stream") streams.push(new URL(request.url()).pathname);
    });
    const failures: string[] = [];
    page.on("pageerror", ({ message }) => failures.push(message));
    await page.goto(`${origin}/import?id=${id}`);
    return { id, page, streams, failures };
  };
  const channelOf = (id: number) => [...realtime.channels].find((each) => each.jobId === id && each.isListening);
  const isDone = (page: Page) => page.getByText("Votre import est terminé").first().waitFor();

  const { id, page, streams, failures } = await openReady("carl@example.org");
  await expect.poll(() => channelOf(id)?.token).toBe(project.token);
  const [join] = realtime.received.filter(({ event }) => event === "phx_join");
  expect(join.payload.config.postgres_changes).toEqual([
    { event: "UPDATE", schema: "sluice", table: "import_jobs", filter: `id=eq.${id}` },
  ]);
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query("begin; lock table leads in share row exclusive mode");
  await client.imports.commit(id);
  await page.getByRole("progressbar").first().waitFor();
  await holder.query("commit");
  await isDone(page);
  const told = realtime.told.filter((row) => row.id === id);
  expect(new Set(told.map(({ status }) => status))).toContain("completed");
  for (const row of told) expect(Object.keys(row).sort()).toEqual(followedColumns.toSorted());
  expect([streams, failures]).toEqual([[], []]);

  // The channel is closed in the middle.
  const closed = await openReady("dora@example.org");
  await expect.poll(() => channelOf(closed.id)).toBeDefined();
  channelOf(closed.id)?.send("phx_close", {});
  await expect.poll(() => closed.streams).toEqual([`/api/import/api/v1/imports/${closed.id}/events`]);
  await client.imports.commit(closed.id);
  await isDone(closed.page);

  // It is refused, or opens and hears of nothing.
  for (const joins of ["is refused", "cannot listen"] as const) {
    realtime.joins = joins;
    const other = await openReady(`${joins.replaceAll(" ", ".")}@example.org`);
    await expect.poll(() => other.streams).toEqual([`/api/import/api/v1/imports/${other.id}/events`]);
    await client.imports.commit(other.id);
    await isDone(other.page);
    expect(other.failures).toEqual([]);
  }
});
