/** The custom elements in a plain page of another origin: no bundler, no framework, one script. */
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, type OpenPage, openPage, shoot } from "./open-page.ts";
import { peopleCsv } from "./people-csv.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-test-elements-"));
  const vite = join(project, "node_modules/vite/bin/vite.js");
  const args = ["build", "--config", "web/vite.elements.ts", "--outDir", folder, "--logLevel", "warn"];
  // A process of its own: Vitest's NODE_ENV would make it React's build for development.
  execFileSync(process.execPath, [vite, ...args], { cwd: project, env: { ...process.env, NODE_ENV: "production" } });
});
afterAll(async () => {
  await closeBrowser();
  await rm(folder, { recursive: true, force: true });
});

/** Opens a page with this body on an origin of its own, which the server allows. */
async function openPlain(body: (server: OpenPage) => string): Promise<OpenPage> {
  let html = "";
  const server = createServer(async (request, response) => {
    const isPage = request.url === "/";
    const content = isPage ? html : await readFile(join(folder, request.url as string)).catch(() => null);
    const type = isPage ? "text/html" : extname(request.url as string) === ".js" ? "text/javascript" : "text/plain";
    response.writeHead(content === null ? 204 : 200, { "content-type": type }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const opened = await openPage({ at: "/healthz", environment: { SLUICE_ORIGINS: origin } });
  await opened.context.clearCookies();
  html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Fern &amp; Moss</title>
    <script type="module" src="/index.js"></script><main>${body(opened)}</main></html>`;
  await opened.page.goto(origin);
  return opened;
}

it("imports a file by <sluice-import>, and tells the page of it by events", async () => {
  const { page, errors, client } = await openPlain(
    ({ url, token }) => `
      <sluice-import importer="leads" base-url="${url}" token="${token}" language="en"></sluice-import>
      <script>
        window.told = [];
        for (const name of ["sluice-import-change", "sluice-step-change", "sluice-complete"])
          document.addEventListener(name, ({ detail }) => told.push([name, detail?.status ?? detail]));
      </script>`,
  );
  await page.getByRole("heading", { name: "Import a file", level: 1 }).waitFor();
  await page.getByText("at least one of").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "elements-import");
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(peopleCsv(12)) });
  await page.getByRole("button", { name: "Check the file" }).click();
  await page.getByRole("button", { name: "Import 12 rows" }).click();
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
  const [{ id }] = (await client.imports.list()).items;
  expect(await page.evaluate(() => (window as never as { told: unknown[] }).told)).toEqual([
    ["sluice-import-change", id],
    ["sluice-step-change", "options"],
    ["sluice-complete", "completed"],
  ]);
  expect(errors).toEqual([]);
});

it("takes properties, before it is defined and after, and follows them", async () => {
  const { page, errors, bring } = await openPlain(
    ({ url, token }) => `
      <sluice-import></sluice-import>
      <script>
        const element = document.querySelector("sluice-import");
        element.baseUrl = ${JSON.stringify(url)};
        element.token = async () => ${JSON.stringify(token)};
        element.language = "sv";
        element.importer = "leads";
      </script>`,
  );
  await page.getByRole("heading", { name: "Importera en fil", level: 1 }).waitFor();
  const id = await bring(peopleCsv(12), { name: "people.csv" });
  const element = page.locator("sluice-import");
  await element.evaluate((found: object, importId) => Object.assign(found, { importId, language: "fr" }), id);
  await page.getByText("people.csv").first().waitFor();
  await page.getByRole("button", { name: "Analyser le fichier" }).waitFor();
  // Moved, it goes on where it was; removed, nothing of it is left.
  await element.evaluate((found: { parentElement: object }) =>
    (found.parentElement as { append(element: object): void }).append(found),
  );
  await page.getByRole("button", { name: "Analyser le fichier" }).waitFor();
  const gone = await element.elementHandle();
  await gone?.evaluate((found: { remove(): void }) => found.remove());
  await expect.poll(() => gone?.evaluate((found: { childElementCount: number }) => found.childElementCount)).toBe(0);
  expect(errors).toEqual([]);
});

it("lists imports by <sluice-history>, and opens them in place", async () => {
  const { page, errors, bring } = await openPlain(
    ({ url, token }) =>
      `<sluice-history base-url="${url}" token="${token}" language="en" theme="dark" style="--sluice-accent: #8fd19b"></sluice-history>`,
  );
  await page.getByRole("heading", { name: "Imports", level: 1 }).waitFor();
  await bring(peopleCsv(3), { name: "waiting.csv" });
  await page.getByRole("button", { name: "waiting.csv", exact: true }).click();
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByRole("heading", { name: "Columns and fields", level: 1 }).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(errors).toEqual([]);
});
