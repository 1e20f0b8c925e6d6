/**
 * The review of a large import in a browser: `node bench/browser/review.ts --rows 1000000`. A generated file is brought in to
 * `ready` on an embedded Postgres; Chromium scrolls its rows by wheel and by the bar, and edits cells. Told are the script time
 * of each frame, long tasks, the heap, and how long pages of rows and edits take. Medians and 95th percentiles.
 */
import { parseArgs } from "node:util";
import type { CDPSession, Page } from "playwright-core";
import type { Client } from "../../src/client/index.ts";
import { type Running, whileRunning } from "./running.ts";
import { quantile, scriptTimes } from "./script-time.ts";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "1000000" }, seed: { type: "string", default: "1" } },
});
const rows = Number(values.rows);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const spread = (ms: readonly number[]): string =>
  `best ${Math.min(...ms).toFixed(1)} ms, median ${quantile(ms, 0.5).toFixed(1)} ms, p95 ${quantile(ms, 0.95).toFixed(1)} ms, most ${Math.max(...ms).toFixed(1)} ms`;

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
}

/** Pages deep in lists, and edits, without a browser. */
async function measureServer(client: Client, id: number): Promise<void> {
  const lists = {
    "all rows": {},
    "wrong rows": { status: "invalid" },
    "right rows": { status: "valid" },
    "one kind of issue": { issue: "phone_invalid", field: "phone" },
    "a search": { search: "martin" },
  } as const;
  for (const [name, filter] of Object.entries(lists)) {
    const first = await timed(() => client.imports.rows(id, { ...filter, offset: 0, limit: 200, by: "field" }));
    const total = first.result.total ?? 0;
    const later: number[] = [];
    for (let k = 0; k < 40; k++) {
      const offset = Math.floor((((k * 7919) % 997) / 997) * total);
      later.push((await timed(() => client.imports.rows(id, { ...filter, offset, limit: 200, by: "field" }))).ms);
    }
    say(`page of ${name} (${total}): first ${first.ms.toFixed(0)} ms; anywhere: ${spread(later)}`);
  }
}

async function measureEdits(client: Client, id: number): Promise<void> {
  const wrong = await client.imports.rows(id, { issue: "email_invalid", field: "email", limit: 60 });
  const right: number[] = [];
  for (let k = 0; k < 60; k++) right.push(2 + Math.floor((((k * 7919) % 997) / 997) * rows));
  const times: number[] = [];
  for (const row of [...wrong.items.map(({ row: each }) => each), ...right]) {
    const edit = { field: "city", value: `Ville ${row}` };
    times.push(
      (await timed(() => client.imports.editCell(id, row, edit, { by: "field" })).catch(() => ({ ms: 0 }))).ms,
    );
  }
  say(`edit of a cell, answered: ${spread(times.filter((ms) => ms > 0))}`);
}

async function measureScroll(page: Page, session: CDPSession): Promise<void> {
  const grid = page.getByRole("grid");
  await grid.evaluate((each) => each.scrollIntoView({ block: "center" }));
  const box = await grid.boundingBox();
  if (box === null) throw new Error("The grid is not there.");
  let heap = 0;
  const sampleHeap = async (): Promise<void> => {
    const { metrics } = await session.send("Performance.getMetrics");
    heap = Math.max(heap, metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? 0);
  };
  const top = (): Promise<number> => grid.evaluate((each) => each.scrollTop as number);
  const tell = (
    how: string,
    { frames, withUpkeep, longTasks }: Awaited<ReturnType<typeof scriptTimes>>,
    moved: number,
  ): void =>
    say(
      `${how}: ${frames.length} frames, script per frame: ${spread(frames)}; with garbage collection and layout: ${spread(withUpkeep)}; tasks over 50 ms: ${longTasks.length}${longTasks.length > 0 ? ` (${spread(longTasks)})` : ""}; scrolled ${moved.toFixed(0)} px`,
    );

  let from = await top();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const wheel = await scriptTimes(page, async () => {
    for (let turn = 0; turn < 400; turn++) {
      await page.mouse.wheel(0, turn % 100 < 80 ? 300 : -200);
      if (turn % 40 === 0) await sampleHeap();
    }
  });
  tell("by wheel", wheel, (await top()) - from);

  await grid.evaluate((each) => each.scrollTo(0, 0));
  from = await top();
  const bar = box.x + box.width - 7;
  const track = { from: box.y + 24, to: box.y + box.height - 24 };
  await page.mouse.move(bar, track.from);
  await page.mouse.down();
  const drag = await scriptTimes(page, async () => {
    for (let step = 0; step <= 300; step++) {
      const share = step <= 200 ? step / 200 : 1 - (step - 200) / 100;
      await page.mouse.move(bar, track.from + (track.to - track.from) * share);
      if (step % 40 === 0) await sampleHeap();
      if (step === 200) say(`the bar at its end: row ${await lastRow(page)}`);
    }
  });
  await page.mouse.up();
  tell("by the bar", drag, (await top()) - from);
  await sampleHeap();
  say(`heap: at most ${(heap / 1e6).toFixed(0)} MB`);
}

/** The place of a row that is in view. */
async function lastRow(page: Page): Promise<string | null> {
  return page.getByRole("grid").getByRole("row").nth(20).getAttribute("aria-rowindex");
}

/** Runs in the page. From Enter until nothing in the grid is on its way any longer, and the next frame has begun. */
const noteEdits = `{
  const root = document.querySelector("[data-sluice]").shadowRoot;
  let began = 0;
  let isSaving = false;
  globalThis.edits = [];
  root.addEventListener("keydown", ({ key, timeStamp }) => {
    if (key === "Enter") began = timeStamp;
  }, { capture: true });
  new MutationObserver(() => {
    const isBusy = root.querySelector("[role=grid] [aria-busy=true]") !== null;
    if (isSaving && !isBusy) requestAnimationFrame((shownAt) => globalThis.edits.push(shownAt - began));
    isSaving = isBusy;
  }).observe(root, { subtree: true, childList: true, attributes: true });
}`;

/** From the key that ends an edit to the frame that shows what became of it, by the page's own clock. */
async function measureEditOnPage(page: Page): Promise<void> {
  await page.getByRole("radio", { name: /Errors/ }).check();
  await page.getByRole("status").filter({ hasText: / of / }).waitFor();
  await page.evaluate(noteEdits);
  const told = (): Promise<number[]> => page.evaluate("edits");
  for (let k = 0; k < 40; k++) {
    await page.getByRole("gridcell").nth(9).click();
    await page.keyboard.press("F2");
    await page.keyboard.press("End");
    await page.keyboard.type("x");
    await page.keyboard.press("Enter");
    while ((await told()).length <= k) await page.evaluate("new Promise(requestAnimationFrame)");
  }
  say(`edit of a cell on the page, until it is shown: ${spread(await told())}`);
}

async function measure({ page, client, bringLeads }: Running): Promise<void> {
  const id = await bringLeads("leads.csv", { rows, seed: Number(values.seed) });
  const read = await timed(() => client.imports.waitFor(id, { status: "ready" }));
  say(
    `${rows} rows are ready after ${(read.ms / 1000).toFixed(1)} s: ${read.result.validRows} right, ${read.result.invalidRows} wrong`,
  );

  await measureServer(client, id);
  await measureEdits(client, id);

  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const shown = await timed(async () => {
    await page.goto(`/import/${id}`);
    await page.getByRole("grid").getByRole("rowheader").nth(5).waitFor();
  });
  say(`the first rows are on the page after ${shown.ms.toFixed(0)} ms`);
  const counted = await timed(() =>
    page
      .locator("dl > div")
      .filter({ hasText: "Already exist" })
      .getByText(/^[\d,]+$/)
      .waitFor({ timeout: 300_000 }),
  );
  say(`duplicates are counted ${(counted.ms / 1000).toFixed(1)} s later`);
  await measureScroll(page, session);
  await measureEditOnPage(page);
}

// The bar is dragged.
await whileRunning(measure, { ignoreDefaultArgs: ["--hide-scrollbars"] });
