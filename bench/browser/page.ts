/**
 * The page of `sluice serve` in a browser: `node bench/browser/page.ts`. Told are the bytes of JavaScript that its first load
 * takes, gzipped; how long it is until it can be used, with nothing kept from before; how long a change of an import's status
 * takes to the screen; and how far anything moves while an import runs (Cumulative Layout Shift).
 */
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Client } from "../../src/client/index.ts";
import { viewport, whileRunning } from "./running.ts";
import { quantile } from "./script-time.ts";

const loads = 5;
const changes = 20;
const rows = 200_000;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const spread = (values: readonly number[]): string =>
  `best ${Math.min(...values).toFixed(0)} ms, median ${quantile(values, 0.5).toFixed(0)} ms, p95 ${quantile(values, 0.95).toFixed(0)} ms, most ${Math.max(...values).toFixed(0)} ms`;

/** Of the page's own observers. */
interface Entries {
  getEntries(): {
    duration: number;
    value: number;
    hadRecentInput: boolean;
    sources: { previousRect: { x: number; y: number }; currentRect: { x: number; y: number } }[];
  }[];
}

type Cookies = Parameters<BrowserContext["addCookies"]>[0];

/** A browser's profile that has nothing but the session. */
async function freshPage(browser: Browser, baseURL: string, cookies: Cookies): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport });
  await context.addCookies(cookies);
  return context.newPage();
}

/** Scripts alone, as they came over the wire; loads of a fresh profile, each. */
async function measureLoad(browser: Browser, url: string, cookies: Cookies): Promise<void> {
  const usable: number[] = [];
  const after: number[] = [];
  const longTasks: number[] = [];
  let scripts = new Map<string, number>();
  for (let load = 0; load < loads; load++) {
    const page = await freshPage(browser, url, cookies);
    const found = new Map<string, number>();
    const sizes: Promise<void>[] = [];
    page.on("requestfinished", (request) => {
      if (request.resourceType() !== "script") return;
      sizes.push(
        request.sizes().then(({ responseBodySize }) => {
          found.set(new URL(request.url()).pathname, responseBodySize);
        }),
      );
    });
    // When the button that takes a file is there, and answers to a press: nothing else is on its way by then.
    await page.addInitScript(() => {
      window.longest = 0;
      new window.PerformanceObserver((list: Entries) => {
        for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
      }).observe({ type: "longtask", buffered: true });
      const look = (): void => {
        if (document.querySelector("[data-sluice]")?.shadowRoot?.querySelector("input[type=file]")) {
          // A task of its own: until it runs, what is under way keeps the page from answering.
          const channel = new window.MessageChannel();
          channel.port1.onmessage = () => {
            window.usableAt = performance.now();
          };
          channel.port2.postMessage(null);
        } else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.goto("/import");
    await page.waitForFunction(() => window.usableAt !== undefined);
    const at: number = await page.evaluate(() => window.usableAt);
    usable.push(at);
    await page.waitForLoadState("networkidle");
    longTasks.push(await page.evaluate(() => window.longest));
    // What is asked for once the page can be used is for the steps to come.
    const late: string[] = await page.evaluate(
      (usableAt: number) =>
        performance.getEntriesByType("resource").flatMap(({ name, startTime }) => (startTime > usableAt ? [name] : [])),
      at,
    );
    await Promise.all(sizes);
    const isLate = (path: string): boolean => late.some((url) => new URL(url).pathname === path);
    scripts = new Map([...found].filter(([path]) => !isLate(path)));
    after.push([...found].reduce((sum, [path, size]) => sum + (isLate(path) ? size : 0), 0));
    await page.context().close();
  }
  const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0);
  for (const [path, size] of scripts) say(`  ${path}: ${(size / 1000).toFixed(1)} kB`);
  say(`JavaScript of the first load, gzipped: ${(bytes / 1000).toFixed(1)} kB (aim: 180)`);
  say(`and afterwards, for the steps to come: ${(quantile(after, 0.5) / 1000).toFixed(1)} kB`);
  say(`until it can be used, of ${loads} loads with an empty cache: ${spread(usable)} (aim: 1000)`);
  say(`longest task of a load: ${spread(longTasks)}`);
}

/** By pause and resume of an import that waits: what the API has answered, until the page says so. */
async function measureChanges(page: Page, client: Client, id: number): Promise<void> {
  await page.goto(`/import/${id}`);
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.evaluate(() => {
    window.titles = [];
    const root = document.querySelector("[data-sluice]").shadowRoot;
    let last = "";
    const look = (): void => {
      const title: string = root.querySelector(".running-head h2")?.textContent ?? "";
      if (title === last) return;
      last = title;
      window.titles.push(performance.timeOrigin + performance.now());
    };
    new window.MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true });
    look();
  });
  const sinceAsked: number[] = [];
  const sinceAnswered: number[] = [];
  for (let change = 0; change < changes; change++) {
    const before: number = await page.evaluate(() => window.titles.length);
    const asked = performance.timeOrigin + performance.now();
    await client.imports[change % 2 === 0 ? "pause" : "resume"](id);
    const answered = performance.timeOrigin + performance.now();
    await page.waitForFunction((count) => window.titles.length > count, before, { polling: 20 });
    const at: number = await page.evaluate((count: number) => window.titles[count], before);
    sinceAsked.push(at - asked);
    // Told before the answer came: at once.
    sinceAnswered.push(Math.max(0, at - answered));
  }
  say(
    `a change of status on the screen, of ${changes}, after the API was asked for it: ${spread(sinceAsked)} (aim: 500)`,
  );
  say(`the same after the API had answered: ${spread(sinceAnswered)}`);
}

/** A whole commit is watched: everything that moved by itself. */
async function measureShift(page: Page, client: Client, id: number): Promise<void> {
  await page.goto(`/import/${id}`);
  await page.getByRole("grid").getByRole("rowheader").first().waitFor();
  await page.addInitScript(() => {
    window.shifts = [];
    new window.PerformanceObserver((list: Entries) => {
      const running = document.querySelector("[data-sluice]")?.shadowRoot?.querySelector(".running");
      for (const { value, hadRecentInput, sources } of list.getEntries()) {
        // Elements of a shadow root are not named.
        const moved = sources.map(({ previousRect: { x, y }, currentRect: to }) => `${x},${y} to ${to.x},${to.y}`);
        if (!hadRecentInput && running) window.shifts.push({ value, moved });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await client.imports.commit(id);
  await page.goto(`/import/${id}`);
  await page.getByRole("progressbar", { name: "Progress" }).waitFor();
  let seen = 0;
  let share = "";
  while (await page.locator(".running").isVisible()) {
    const now =
      (await page
        .getByRole("progressbar")
        .getAttribute("aria-valuenow", { timeout: 1000 })
        .catch(() => null)) ?? "";
    if (now !== share) seen++;
    share = now;
    await page.waitForTimeout(50);
  }
  const shifts: { value: number; moved: string[] }[] = await page.evaluate(() => window.shifts);
  const sum = shifts.reduce((all, { value }) => all + value, 0);
  say(`layout shift while ${rows} rows were committed (${seen} steps of progress seen): ${sum.toFixed(4)} (aim: 0)`);
  for (const { value, moved } of shifts) say(`  ${value.toFixed(4)} by what went from ${moved.join(", from ")}`);
}

await whileRunning(async ({ browser, url, page, client, bringLeads }) => {
  await measureLoad(browser, url, await page.context().cookies());

  const id = await bringLeads("large.csv", { rows, seed: 1 });
  await client.imports.waitFor(id, { status: "ready" });
  await measureShift(page, client, id);
  // Many rows, so that it is under way for as long as it is paused and resumed; and cancelled in the end.
  const other = await bringLeads("paused.csv", { rows: rows * 5, seed: 2 });
  await measureChanges(page, client, other);
  await client.imports.cancel(other);
});
