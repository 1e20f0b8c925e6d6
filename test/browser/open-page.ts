/** A page in a real browser, signed in at a real server with a worker, on a database of its own. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  firefox,
  type Locator,
  type Page,
} from "playwright-core";
import { inject, onTestFinished } from "vitest";
import { type Client, createClient } from "../../src/client/index.ts";
import { type ConfigFile, resolveConfig } from "../../src/config.ts";
import { firstSignInLink } from "../../src/core/users.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { readPageFiles } from "../../src/server/page-files.ts";
import { type Server, startServer } from "../../src/server/serve.ts";
import { type FreshDatabase, freshDatabase } from "../fresh-database.ts";
import { triesAll } from "../sampled.ts";
import { findFirefox } from "./firefox.ts";

export interface OpenPage extends FreshDatabase {
  page: Page;
  context: BrowserContext;
  server: Server;
  /** Without a slash at its end. */
  url: string;
  /** The admin's, by token. */
  client: Client;
  /** An API token of the admin's. */
  token: string;
  /** A link that signs the admin in, once. */
  signInLink(): Promise<string>;
  /** Uncaught errors and messages of the console that are errors, so far. */
  errors: string[];
  /** Brings a file in by the API; returns the import's id. `start`: reads it, to ready. */
  bring(content: string | Uint8Array, options?: { name?: string; start?: boolean }): Promise<number>;
}

export interface OpenPageOptions {
  importers?: ConfigFile["importers"];
  analysis?: ConfigFile["analysis"];
  /** Where the worker's thread finds the same importers: a folder with a `sluice.config.ts`. Default: leads alone. */
  cwd?: string;
  /** Beside DATABASE_URL and the data folder. */
  environment?: Record<string, string>;
  browser?: BrowserContextOptions;
  /** Default `chromium`. */
  engine?: Engine;
  /** Where it begins: `nowhere` for a test that goes on by itself. Default `/import`. */
  at?: string;
}

/** In Firefox Playwright's pictures need a sheet in the page for a moment, which its policy refuses and says so, to no harm. */
const picturesSheet = createHash("sha256").update("body {}").digest("base64");

/** A page that costs nothing. */
export const nowhere = "about:blank";

export type Engine = "chromium" | "firefox";

const launched = new Map<Engine, Promise<Browser>>();

const launch: Readonly<Record<Engine, () => Promise<Browser>>> = {
  chromium: () =>
    chromium.launch({
      executablePath: inject("chromium"),
      args: ["--no-sandbox", "--disable-background-networking", "--disable-quic", "--no-first-run"],
    }),
  // By this channel Playwright speaks WebDriver BiDi to a Firefox that nobody has patched for it.
  firefox: () =>
    firefox.launch({
      executablePath: findFirefox(),
      channel: "moz-firefox",
      firefoxUserPrefs: {
        "ui.prefersReducedMotion": 1,
        // A script may read the clipboard without the press on "Paste" that Firefox asks a person for.
        "dom.events.testing.asyncClipboard": true,
      },
    }),
};

/** One browser for a test file; each page has a profile of its own. Close it by `closeBrowser` in `afterAll`. */
export function openBrowser(engine: Engine = "chromium"): Promise<Browser> {
  const open = launched.get(engine) ?? launch[engine]();
  launched.set(engine, open);
  return open;
}

export async function closeBrowser(): Promise<void> {
  const open = [...launched.values()];
  launched.clear();
  for (const each of open) await (await each).close();
}

export async function openPage(options: OpenPageOptions = {}): Promise<OpenPage> {
  const fresh = await freshDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-test-page-data-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const environment = { DATABASE_URL: fresh.url, SLUICE_DATA_DIR: dataDir, SLUICE_PORT: "0", ...options.environment };
  const config = resolveConfig(
    environment,
    { importers: options.importers ?? [leads], analysis: options.analysis },
    {},
  );
  const server = await startServer(
    config,
    { cwd: options.cwd ?? dataDir, environment, flags: {} },
    { onEvent: () => {}, page: await readPageFiles(inject("pageFolder")) },
  );
  onTestFinished(() => server.close());
  const cookie = await signIn(server);
  const token = await makeToken(server, cookie);
  const client = createClient({ baseUrl: server.url, token });

  const browser = await openBrowser(options.engine);
  const context = await browser.newContext({ baseURL: server.url, locale: "en-GB", ...options.browser });
  onTestFinished(() => context.close());
  await context.addCookies([{ ...cookie, url: server.url }]);
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const errors: string[] = [];
  const note = (message: string): void => {
    if (!message.includes(picturesSheet)) errors.push(message);
  };
  page.on("pageerror", (error) => note(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") note(message.text());
  });
  await page.goto(options.at ?? "/import");
  return {
    ...fresh,
    page,
    context,
    server,
    url: server.url,
    client,
    token,
    async signInLink() {
      const headers = { origin: server.url, cookie: `${cookie.name}=${cookie.value}` };
      const users = await fetch(`${server.url}/api/v1/users`, { headers });
      const [{ id }] = ((await users.json()) as { items: { id: string }[] }).items;
      const response = await fetch(`${server.url}/api/v1/users/${id}/sign-in-link`, { method: "POST", headers });
      return ((await response.json()) as { url: string }).url;
    },
    errors,
    async bring(content, { name = "leads.csv", start = false } = {}) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      const upload = await client.upload(bytes, { name });
      const { id } = await client.imports.create({
        uploadId: upload.id,
        importer: "leads",
        start,
        acceptDoubts: start,
      });
      if (start) await client.imports.waitFor(id, { status: "ready" });
      return id;
    },
  };
}

async function signIn(server: Server): Promise<{ name: string; value: string }> {
  const link = new URL((await firstSignInLink(server.app.engine, server.url)) as string);
  const response = await fetch(new URL("/sign-in", server.url), {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ code: link.searchParams.get("code") as string }),
  });
  const [name, value] = (response.headers.get("set-cookie") as string).split(";")[0].split("=");
  return { name, value };
}

async function makeToken(server: Server, cookie: { name: string; value: string }): Promise<string> {
  const response = await fetch(new URL("/api/v1/tokens", server.url), {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url, cookie: `${cookie.name}=${cookie.value}` },
    body: JSON.stringify({ name: "test", role: "admin" }),
  });
  return ((await response.json()) as { token: string }).token;
}

const screens = join(import.meta.dirname, "../../test-results/screens");

/**
 * Whether this run makes the pictures that people look at: `npm run screens`, and whatever tries everything. They prove nothing to a
 * machine, and would be a tenth of what the browser's tests cost.
 */
const makesScreens = triesAll || process.env.SCREENS === "all";

export type Theme = "light" | "dark";
export const bothThemes: readonly Theme[] = ["light", "dark"];

/** A picture of the page as it stands, where the run makes them: `review-window.png` in test-results/screens. */
export async function shootWindow(page: Page, name: string): Promise<void> {
  if (!makesScreens) return;
  await mkdir(screens, { recursive: true });
  await page.screenshot({ path: join(screens, `${name}.png`), animations: "disabled" });
}

/** A picture of the whole page in each theme, as `map-doubts-light.png` and `map-doubts-dark.png`, where the run makes them. */
export async function shoot(page: Page, name: string, themes = bothThemes): Promise<void> {
  if (!makesScreens) return;
  await asHighAsItsPage(page, async () => {
    for (const colorScheme of themes) {
      await preferTheme(page, colorScheme);
      // The first frame after a change of theme may still be drawn in the one before.
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      await shootWindow(page, `${name}-${colorScheme}`);
    }
    await preferTheme(page, null);
  });
}

/** Acts in a window as high as the page: what sticks to its foot then stands at the foot of the page, and covers nothing. */
export async function asHighAsItsPage(page: Page, act: () => Promise<void>): Promise<void> {
  const size = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight as number);
  if (size !== null && height > size.height) await page.setViewportSize({ ...size, height: Math.min(height, 6000) });
  await act();
  if (size !== null) await page.setViewportSize(size);
}

/** The theme that the reader's system has, and no motion; `null`: as it was. Firefox has no such command: there it is chosen in the page. */
export async function preferTheme(page: Page, colorScheme: Theme | null): Promise<void> {
  if (page.context().browser()?.browserType().name() !== "firefox") {
    await page.emulateMedia({ colorScheme, reducedMotion: colorScheme && "reduce" });
    return;
  }
  const choice = page.locator("select", { has: page.locator("option[value=auto]") });
  await choice.selectOption(colorScheme ?? "auto", { force: true });
}

export const hasFocus = (control: Locator): Promise<boolean> =>
  control.evaluate((each: { matches(selector: string): boolean }) => each.matches(":focus"));
