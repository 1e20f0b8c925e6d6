/** Files of an import that a browser gets from the object storage itself, by an address that its link leads to. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { createApp } from "../../src/program/index.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { s3Server } from "../s3-server.ts";
import { findChromium } from "./chromium.ts";

const csv = "Email,Nom\nanna@example.com,Anna\nnope,Bo\n";

async function openMount(s3Downloads: boolean) {
  const [{ url }, store, dataDir] = await Promise.all([freshDatabase(), s3Server(), freshFolder()]);
  const { endpoint, region, accessKeyId, secretAccessKey } = store.settings;
  const app = createApp({
    ...{ databaseUrl: url, dataDir, importers: [leads], queueKind: "direct", logLevel: "silent", s3Downloads },
    files: `s3://${store.bucket}/app`,
    ...{ s3Endpoint: endpoint, s3Region: region, s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey },
    authenticate: async (request) => {
      const id = request.headers.get("x-user") ?? "ann";
      return { id, name: id, role: "user" };
    },
  });
  const handle = app.node();
  const server = createServer((request, response) => {
    if (request.url !== "/") return void handle(request, response);
    response.setHeader("content-type", "text/html; charset=utf-8");
    const links = ["rejected.csv?lang=fr", "original"].map(
      (name) => `<a href="/api/v1/imports/1/${name}" download>${name}</a>`,
    );
    response.end(`<!doctype html>${links.join(" ")}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await app.close();
  });
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const form = new FormData();
  form.set("import", JSON.stringify({ importer: "leads", start: true, options: { autoCommit: true } }));
  form.set("file", new File([csv], "Année – 2026.csv"));
  expect((await fetch(`${at}/api/v1/imports`, { method: "POST", body: form })).status).toBe(202);
  const job = async () => (await fetch(`${at}/api/v1/imports/1`)).json();
  await expect
    .poll(job, { timeout: 20_000 })
    .toMatchObject({ status: "completed", counts: { created: 1, invalid: 1 } });
  await expect.poll(() => [...store.objects.keys()].some((key) => key.includes("/reports/"))).toBe(true);
  // Node's own fetch would say what it is.
  const get = (name: string, headers: Record<string, string> = {}) =>
    app.fetch(new Request(`${at}/api/v1/imports/1/${name}`, { headers }));
  return { at, store, get };
}

const followed = { "sec-fetch-mode": "navigate" };

it("leads a browser to the storage, where the file has its name in the reader's language", async () => {
  const { at, store } = await openMount(true);
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(at);
  for (const [link, name, text] of [
    ["rejected.csv", "Année – 2026 - lignes laissées de côté.csv", /nope/],
    ["original", "Année – 2026.csv", /anna@example\.com/],
  ] as const) {
    store.requests.length = 0;
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByText(link).click()]);
    expect(download.suggestedFilename()).toBe(name);
    expect(await readFile(await download.path(), "utf8")).toMatch(text);
    expect(new URL(download.url()).origin).toBe(store.url);
    // Of the storage's own addresses, not of Sluice's reading of it.
    expect(store.requests.filter(({ query }) => query.has("X-Amz-Signature"))).toHaveLength(1);
  }
});

it("gives nobody an address of the storage who may not see the import, or may not reach it", async () => {
  const { get, store } = await openMount(true);
  const answer = await get("original", followed);
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([302, "no-store"]);
  const address = new URL(answer.headers.get("location") as string);
  expect(address.searchParams.get("X-Amz-Expires")).toBe("60");
  const file = await fetch(address);
  expect([file.status, await file.text()]).toEqual([200, csv]);
  expect(file.headers.get("content-type")).toBe("application/octet-stream");
  expect(file.headers.get("cache-control")).toBe("private, no-store");
  // It is for this one file, under this one name.
  const [key] = [...store.objects.keys()].filter((each) => each.includes("/reports/"));
  for (const forged of [
    new URL(address.href.replace(address.pathname, `/${store.bucket}/${key}`)),
    new URL(address.href.replace("octet-stream", "html")),
  ])
    expect((await fetch(forged)).status).toBe(403);

  expect((await get("original", { ...followed, "x-user": "bo" })).status).toBe(404);
  // What a script or a program fetches comes from Sluice, since it may not reach the storage.
  for (const headers of [{}, { "sec-fetch-mode": "cors" }] as Record<string, string>[]) {
    const whole = await get("original", headers);
    expect([whole.status, await whole.text()]).toEqual([200, csv]);
  }
  // Nothing is stored of what is made while it is asked for.
  for (const made of ["rejected.xlsx", "records.csv", "rejected.csv?outcome=skipped"])
    expect([made, (await get(made, followed)).status]).toEqual([made, 200]);
});

it("sends everything itself unless it is told otherwise", async () => {
  const { get } = await openMount(false);
  expect([(await get("original", followed)).status, (await get("rejected.csv", followed)).status]).toEqual([200, 200]);
});
