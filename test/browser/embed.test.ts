/** The components in a page of another origin: the whole way in, nothing leaking either way, and nothing left behind. */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { violations } from "./axe.ts";
import { type BuiltExample, buildExample, openEmbed } from "./embed-page.ts";
import { closeBrowser, shoot } from "./open-page.ts";
import { peopleCsv } from "./people-csv.ts";

let built: BuiltExample;
beforeAll(async () => {
  built = await buildExample();
});
afterAll(async () => {
  await closeBrowser();
  await built?.remove();
});

const wizard = (page: Page, name = "Import leads"): Locator => page.getByRole("region", { name, exact: true });
const view = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const choose = (within: Locator, name: string, content: string) =>
  within.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
const isReady = (within: Locator) => within.getByRole("heading", { name: "Import a file", level: 1 }).waitFor();

/** Everything that a style can say of each, but for what follows from the room that there is. */
function stylesOf(elements: Locator): Promise<Record<string, string>[]> {
  return elements.evaluateAll((found: object[]) =>
    found.map((element) => {
      const styles = getComputedStyle(element);
      const names = Array.from(styles as Iterable<string>).filter(
        (name) => !/^(?:--.*|width|inline-size|(?:perspective|transform)-origin|grid-template-.*)$/.test(name),
      );
      return Object.fromEntries(names.map((name) => [name, styles.getPropertyValue(name)]));
    }),
  );
}

it.each(["token", "cookie"] as const)(
  "goes from the file to the summary on another origin, by %s",
  async (signedInBy) => {
    const { page, errors, database } = await openEmbed(built, { signedInBy });
    const within = wizard(page);
    await isReady(within);
    if (signedInBy === "token") {
      expect(await violations(page)).toEqual([]);
      await shoot(page, "embed-upload");
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      await shoot(page, "embed-upload-narrow");
      await page.setViewportSize({ width: 1280, height: 720 });
    }
    await choose(within, "people.csv", peopleCsv(40, { bad: [7] }));
    await within.getByRole("button", { name: "Check the file" }).click();
    await within.getByRole("button", { name: "Continue with 39 rows" }).click();
    await within.getByRole("button", { name: "Import 39 rows" }).click();
    await within.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
    await page.getByText("people.csv is completed").waitFor();
    expect(await database.query(sql`select count(*)::int as n from leads`)).toEqual([{ n: 39 }]);
    if (signedInBy === "token") await shoot(page, "embed-summary");
    expect(errors).toEqual([]);
  },
);

it("looks the same however hostile the page's own styles are", async () => {
  const { page } = await openEmbed(built);
  await page.getByRole("button", { name: "Import in a dialog" }).click();
  const dialog = page.getByRole("dialog", { name: "Bring in leads" });
  await isReady(dialog);
  await page.keyboard.press("Escape");
  const all = wizard(page).locator("*");
  await wizard(page).getByText("at least one of").waitFor();
  const before = await stylesOf(all);
  expect(before.length).toBeGreaterThan(40);
  await page.getByRole("checkbox", { name: "Hostile styles" }).check();
  await expect.poll(() => page.evaluate(() => getComputedStyle(document.body).letterSpacing)).not.toBe("normal");
  const after = await stylesOf(all);
  const changed = after.flatMap((styles, k) =>
    Object.keys(styles)
      .filter((name) => styles[name] !== before[k]?.[name])
      .map((name) => `${k} ${name}: ${before[k]?.[name]} → ${styles[name]}`),
  );
  expect(changed).toEqual([]);
  expect(
    await wizard(page)
      .locator("[data-sluice]")
      .evaluate((host: object) => getComputedStyle(host).display),
  ).toBe("block");
  await shoot(page, "embed-hostile");
});

it("leaves the page as it is", async () => {
  const { page } = await openEmbed(built);
  await isReady(wizard(page));
  const own = page.locator(":is(html, head, head *, body, header:has(nav), header:has(nav) *, main)");
  const look = async () => ({
    styles: await stylesOf(own),
    html: await page.evaluate(() => [
      document.head.innerHTML,
      [...document.documentElement.attributes, ...document.body.attributes].map(({ name, value }) => [name, value]),
      document.body.children.length,
      document.adoptedStyleSheets.length,
      Object.keys(window).length,
    ]),
  });
  const withIt = await look();
  await view(page, "History");
  await page.getByRole("heading", { name: "Imports", level: 1 }).waitFor();
  await view(page, "Nothing");
  await wizard(page).waitFor({ state: "detached" });
  const without = await look();
  await view(page, "Wizard");
  await isReady(wizard(page));
  // Another button is pressed and has the pointer on it, and the page is as high as what is on it.
  const again = await look();
  expect(again.html).toEqual(without.html);
  expect(again.html).toEqual(withIt.html);
  const pressed = /^(?:height|block-size|bottom|inset|outline|font-weight|background-color|transition|cursor)/;
  const plain = (styles: Record<string, string>[]) =>
    styles.map((each) => Object.fromEntries(Object.entries(each).filter(([name]) => !pressed.test(name))));
  expect(plain(again.styles)).toEqual(plain(without.styles));
});

it("takes its colours, type and corners from the page's variables, in each theme", async () => {
  const { page } = await openEmbed(built);
  await isReady(wizard(page));
  await choose(wizard(page), "people.csv", peopleCsv(3));
  const button = wizard(page).getByRole("button", { name: "Check the file" });
  await button.waitFor();
  const look = () =>
    button.evaluate((element: object) => {
      const { backgroundColor, color, fontFamily, borderTopLeftRadius } = getComputedStyle(element);
      return { backgroundColor, color, fontFamily, borderTopLeftRadius };
    });
  const same = { fontFamily: "Georgia, serif", borderTopLeftRadius: "2.4px" };
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  expect(await look()).toMatchObject({ ...same, backgroundColor: "rgb(47, 107, 58)", color: "rgb(255, 255, 255)" });
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await expect.poll(look).toMatchObject({ ...same, backgroundColor: "rgb(143, 209, 155)", color: "rgb(12, 36, 18)" });
});

it("opens as a dialog that keeps the focus, closes with Escape and gives the focus back", async () => {
  const { page, errors } = await openEmbed(built);
  // With the wizard behind it there would be two of each landmark.
  await view(page, "Nothing");
  const opener = page.getByRole("button", { name: "Import in a dialog" });
  await opener.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Bring in leads" });
  await isReady(dialog);
  await dialog.getByText("at least one of").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "embed-dialog");
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement === document.body) return "body";
      return activeElement.shadowRoot?.activeElement?.closest("dialog") ? "dialog" : activeElement.outerHTML;
    });
  const seen = new Set([await focused()]);
  for (let k = 0; k < 25; k++) {
    await page.keyboard.press("Tab");
    seen.add(await focused());
  }
  // Between its last and its first control a browser passes its own, which a page sees as none.
  expect([...seen].filter((each) => each !== "body")).toEqual(["dialog"]);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await opener.evaluate((button: { matches(selector: string): boolean }) => button.matches(":focus"))).toBe(
    true,
  );

  await opener.click();
  await isReady(dialog);
  await dialog.getByRole("button", { name: "Drop your file here" }).evaluate(
    (zone: { dispatchEvent(event: object): void }, text: string) => {
      const { ClipboardEvent, DataTransfer } = window;
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      zone.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, composed: true, cancelable: true }),
      );
    },
    peopleCsv(3).replaceAll(",", "\t"),
  );
  await dialog.getByRole("button", { name: "Check the file" }).waitFor();
  await shoot(page, "embed-dialog-columns");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(
    await dialog.evaluate((box: { scrollWidth: number; clientWidth: number }) => box.scrollWidth - box.clientWidth),
  ).toBe(0);
  await shoot(page, "embed-dialog-narrow");
  expect(errors).toEqual([]);
});

it("opens imports, their records and a new import within the history, where the page says nothing of places", async () => {
  const { page, errors, bring, client } = await openEmbed(built);
  const id = await bring(peopleCsv(40, { bad: [7] }), { name: "people.csv", start: true });
  await client.imports.commit(id);
  await client.imports.waitFor(id, { status: "completed" });
  const waiting = await bring(peopleCsv(3), { name: "waiting.csv" });
  await view(page, "History");
  const within = wizard(page, "Imports");
  const heading = (name: string | RegExp) => within.getByRole("heading", { name, level: 1 });
  const back = () => within.getByRole("button", { name: "All imports" }).first().click();
  await within.getByRole("button", { name: "people.csv", exact: true }).click();
  await heading("people.csv").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "embed-history-job");
  await within.getByRole("button", { name: "See the summary" }).click();
  await heading("Your import is done").waitFor();
  await within.getByRole("button", { name: "See the imported records" }).click();
  await within.getByRole("cell", { name: "p2@example.com" }).waitFor();
  await within.getByRole("button", { name: "Back to the import" }).click();
  await heading("Your import is done").waitFor();
  await back();
  await heading("Imports").waitFor();
  await within.getByRole("button", { name: "waiting.csv", exact: true }).click();
  await within.getByRole("button", { name: "Set up" }).click();
  await heading("Columns and fields").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, "embed-history-import-phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  await shoot(page, "embed-history-import");
  await back();
  await within.getByRole("button", { name: "New import" }).click();
  await heading("Import a file").waitFor();
  expect((await client.imports.get(waiting)).status).toBe("pending");
  expect(errors).toEqual([]);
});

it("says in the page and in the console which setting lacks the page's origin", async () => {
  const { page, errors, origin } = await openEmbed(built, {
    environment: { SLUICE_ORIGINS: "https://elsewhere.example" },
  });
  await wizard(page)
    .getByText(`Whoever runs the server has to add ${origin} to its setting origins (SLUICE_ORIGINS).`)
    .waitFor();
  expect(errors).toContain(
    `Sluice: The server does not let pages of ${origin} read its answers. Add ${origin} to its setting origins (SLUICE_ORIGINS).`,
  );
  expect(errors.filter((each) => each.startsWith("Sluice:"))).toHaveLength(1);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "embed-kept-out");
});

it("asks for no importer where the page names one, whatever else has asked for them", async () => {
  const { page, bring } = await openEmbed(built, { importers: [leads, { ...leads, name: "others" }] });
  await bring(peopleCsv(3));
  await view(page, "History");
  await page.getByRole("heading", { name: "Imports", level: 1 }).waitFor();
  await page.getByRole("combobox", { name: "Kind" }).waitFor();
  await view(page, "Wizard");
  await isReady(wizard(page));
  await wizard(page).getByText("at least one of").waitFor();
  expect(await wizard(page).getByRole("radio").count()).toBe(0);
});

it("keeps two wizards of one page apart", async () => {
  const { page } = await openEmbed(built);
  await view(page, "Two wizards");
  const [first, second] = [wizard(page), wizard(page, "Import more leads")];
  await isReady(first);
  await isReady(second);
  await second.locator("[data-sluice]").evaluate((host: { dispatchEvent(event: object): void }, text: string) => {
    const { DataTransfer, DragEvent, File } = window;
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], "second.csv"));
    for (const type of ["dragover", "drop"])
      host.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }));
  }, peopleCsv(3));
  await second.getByRole("heading", { name: "Columns and fields" }).waitFor();
  await isReady(first);
  await choose(first, "first.csv", peopleCsv(4));
  await first.getByRole("heading", { name: "Columns and fields" }).waitFor();
  await page.getByText("first.csv is pending").waitFor();
  await second.getByText("second.csv").first().waitFor();
  await expect.poll(() => second.getByText("first.csv").count()).toBe(0);
});

it("leaves nothing behind: no listener, no stream", async () => {
  const { page } = await openEmbed(built);
  await page.addInitScript(() => {
    const listening = new Map<string, Set<unknown>>();
    window.listening = () =>
      [...listening].map(([key, all]) => `${key} ${all.size}`).filter((each) => !/ 0$/.test(each));
    for (const [name, target] of Object.entries({ window, document })) {
      const { addEventListener, removeEventListener } = target;
      target.addEventListener = (type: string, listener: unknown, options: unknown) => {
        const key = `${name} ${type}`;
        listening.set(key, (listening.get(key) ?? new Set()).add(listener));
        addEventListener.call(target, type, listener, options);
      };
      target.removeEventListener = (type: string, listener: unknown, options: unknown) => {
        listening.get(`${name} ${type}`)?.delete(listener);
        removeEventListener.call(target, type, listener, options);
      };
    }
  });
  const streams = new Set<object>();
  let begun = 0;
  page.on("request", (request) => {
    if (request.headers().accept !== "text/event-stream") return;
    begun++;
    streams.add(request);
  });
  for (const end of ["requestfinished", "requestfailed"] as const) {
    page.on(end as "requestfinished", (request) => streams.delete(request));
  }
  await page.reload();
  await isReady(wizard(page));
  await view(page, "Nothing");
  await wizard(page).waitFor({ state: "detached" });
  const before = await page.evaluate(() => window.listening());
  await view(page, "Wizard");
  await isReady(wizard(page));
  expect((await page.evaluate(() => window.listening())).length).toBeGreaterThan(before.length);
  await choose(wizard(page), "people.csv", peopleCsv(3));
  await wizard(page).getByRole("heading", { name: "Columns and fields" }).waitFor();
  await expect.poll(() => streams.size).toBeGreaterThan(0);
  await view(page, "History");
  await page.getByRole("heading", { name: "Imports", level: 1 }).waitFor();
  await view(page, "Nothing");
  await expect.poll(() => streams.size).toBe(0);
  expect(begun).toBeGreaterThan(1);
  expect(await page.evaluate(() => window.listening())).toEqual(before);
});

it("takes over what a server rendered, without a word", async () => {
  const { page, errors, origin, url, token } = await openEmbed(built, { path: "/rendered" });
  const html = await (await fetch(`${origin}/rendered`)).text();
  expect(html).toMatch(/<section aria-label="Import leads"><div data-sluice="" data-theme="auto"><\/div><\/section>/);
  expect(html).toContain("Nothing imported yet.");
  expect(html).not.toContain(token);
  expect(html).not.toContain(url);
  await isReady(wizard(page));
  expect(errors).toEqual([]);
});

it("asks for a sign-in on the page around where its token is refused, for a link's code would not help", async () => {
  const { page } = await openEmbed(built, { token: "of somebody who left" });
  const notice = page.getByRole("alert").filter({ hasText: "Sign in on this page, then continue." });
  await notice.getByRole("button", { name: "I have signed in" }).waitFor();
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  // What signs in on the page stays in reach.
  await view(page, "History");
  await notice.waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "embed-token-refused");
});
