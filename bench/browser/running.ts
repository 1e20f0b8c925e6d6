/** What a benchmark of the page runs in: a server with the page as it is now, and a browser that is signed in there. */
import { openAsBlob } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type LaunchOptions, type Page } from "playwright-core";
import { type Client, createClient } from "../../src/client/index.ts";
import { resolveConfig } from "../../src/config.ts";
import { firstSignInLink } from "../../src/core/users.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { readPageFiles } from "../../src/server/page-files.ts";
import { startServer } from "../../src/server/serve.ts";
import { buildPage } from "../../test/browser/build-page.ts";
import { findChromium } from "../../test/browser/chromium.ts";
import { bring, leadsFile } from "../server/running.ts";

export interface Running {
  browser: Browser;
  /** The server's. */
  url: string;
  /** The admin's, whose session its context holds. */
  page: Page;
  client: Client;
  /** Brings generated leads and has them read; answers the import's id. */
  bringLeads(name: string, leads: { rows: number; seed: number }): Promise<number>;
}

export const viewport = { width: 1280, height: 900 };

/** Does the work; ends all of it afterwards. `options`: of the browser. */
export async function whileRunning(
  work: (running: Running) => Promise<void>,
  options: LaunchOptions = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-browser-"));
  await chmod(folder, 0o755);
  const pageFolder = join(folder, "page");
  buildPage(pageFolder);
  const environment = { SLUICE_DATA_DIR: join(folder, "data"), SLUICE_PORT: "0" };
  const server = await startServer(
    resolveConfig(environment, { importers: [leads] }, {}),
    { cwd: folder, environment, flags: {} },
    { onEvent: () => {}, page: await readPageFiles(pageFolder) },
  );
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ["--no-sandbox", "--disable-background-networking", "--no-first-run"],
    ...options,
  });
  try {
    const link = (await firstSignInLink(server.app.engine, server.url)) as string;
    const page = await browser.newPage({ baseURL: server.url, viewport });
    await page.goto(link);
    await page.getByRole("button").first().click();
    await page.waitForURL((url) => !url.pathname.includes("sign-in"));
    const [cookie] = await page.context().cookies();
    const headers = { cookie: `${cookie.name}=${cookie.value}`, origin: server.url };
    const client = createClient({ baseUrl: server.url, headers });
    await work({
      browser,
      url: server.url,
      page,
      client,
      async bringLeads(name, { rows, seed }) {
        const file = await openAsBlob(await leadsFile(folder, rows, seed));
        return bring(client, file, name, { start: true, acceptDoubts: true });
      },
    });
  } finally {
    await browser.close();
    await server.close();
    // The database stops a while after its last user has gone.
    await rm(folder, { recursive: true, force: true, maxRetries: 30, retryDelay: 500 });
  }
}
