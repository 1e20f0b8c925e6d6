/** Uploads over a network that is slow or gone, through a reload and a lost session: nothing goes twice, nothing is lost. */
import { createHash } from "node:crypto";
import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { csvOf } from "../http/upload-server.ts";
import { freshFolder } from "../run-cli.ts";
import { violations } from "./axe.ts";
import { closeBrowser, type OpenPage, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

/** Other tests run beside these. */
const patience = { timeout: 60_000 };

const csv = Buffer.concat([Buffer.from("Email\nanna@example.com\n"), csvOf(6_000_000)]);
const sha256 = createHash("sha256").update(csv).digest("hex");

/** On disk, so that it is the same file when it is chosen again. */
async function largeFile(): Promise<string> {
  const path = join(await freshFolder(), "people.csv");
  await writeFile(path, csv);
  return path;
}

/** One for each page: what several of them say of the network would not add up. */
const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** Bytes that a page may send in a second; null: as many as go; 0: the network is gone. */
async function throttle({ page, context }: OpenPage, bytesPerSecond: number | null): Promise<void> {
  let session = sessions.get(page);
  if (session === undefined) sessions.set(page, (session = context.newCDPSession(page)));
  await (await session).send("Network.enable");
  await (await session).send("Network.emulateNetworkConditions", {
    offline: bytesPerSecond === 0,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond || -1,
  });
}

/** How many uploads were begun, and bytes sent, so far. */
function traffic(page: Page): { begun: number; sentBytes: number } {
  const seen = { begun: 0, sentBytes: 0 };
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/uploads/tus")) seen.begun++;
  });
  page.on("requestfinished", (request) => {
    if (request.method() !== "PATCH") return;
    const offset = Number(request.headers()["upload-offset"]);
    void request.response().then((response) => {
      const reached = Number(response?.headers()["upload-offset"]);
      if (reached > offset) seen.sentBytes += reached - offset;
    });
  });
  return seen;
}

const progress = (page: Page) => page.getByRole("progressbar", { name: "Upload of people.csv" });
const sharesSeen = async (page: Page): Promise<number> => Number(await progress(page).getAttribute("aria-valuenow"));

/** Until a part of it has gone. */
async function sendPart(opened: OpenPage, path: string, bytesPerSecond: number): Promise<void> {
  const { page } = opened;
  await throttle(opened, bytesPerSecond);
  await page.locator("input[type=file]").setInputFiles(path);
  await expect.poll(() => sharesSeen(page), patience).toBeGreaterThan(5);
}

/** Sends a part of a file, and comes back to a page that knows of it. */
async function leaveHalfway(opened: OpenPage, path: string): Promise<void> {
  const { page } = opened;
  await sendPart(opened, path, 1_500_000);
  await page.reload();
  await throttle(opened, null);
  await page.getByText("An upload is not finished").waitFor();
}

async function hashOfImport({ page, client }: OpenPage): Promise<string> {
  await page.waitForURL(/\/import\/\d+$/);
  return (await client.imports.get(Number(/\d+$/.exec(page.url())?.[0]))).fileHash;
}

it("tells how far, how fast and how long, and goes on by itself when the network was cut", async () => {
  const opened = await openPage();
  const { page } = opened;
  const seen = traffic(page);
  await page.getByRole("button", { name: "Drop your file here" }).waitFor();
  await throttle(opened, 150_000);
  await page.locator("input[type=file]").setInputFiles(await largeFile());
  const row = page.getByRole("listitem").filter({ hasText: "people.csv" });
  await row.getByText(/\/s$/).waitFor();
  await row.getByText(/ left$/).waitFor();
  await row.getByText("of 6 MB").waitFor();
  const heightBefore = (await row.boundingBox())?.height;
  expect(await violations(page)).toEqual([]);
  await shoot(page, "upload-sending");

  await throttle(opened, 0);
  await row.getByText("No connection. It continues automatically from").waitFor();
  const at = await sharesSeen(page);
  expect(at).toBeGreaterThan(0);
  expect((await row.boundingBox())?.height).toBe(heightBefore);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "upload-cut");
  await throttle(opened, null);
  expect(await hashOfImport(opened)).toBe(sha256);
  expect(seen.begun).toBe(1);
});

it("goes on after a reload with the same file, not with another of its name, and can be discarded", async () => {
  const opened = await openPage();
  const { page, client } = opened;
  const path = await largeFile();
  await page.getByRole("button", { name: "Drop your file here" }).waitFor();
  await leaveHalfway(opened, path);
  // What was on its way when the page went is still taken: what is told after that is the truth.
  let receivedBefore = -1;
  const isSettled = async (): Promise<boolean> => {
    const [{ receivedBytes }] = await client.uploads.list();
    const same = receivedBytes === receivedBefore;
    receivedBefore = receivedBytes;
    return same;
  };
  await expect.poll(isSettled, { ...patience, interval: 500 }).toBe(true);
  await page.reload();
  const [unfinished] = await client.uploads.list();
  const percent = Math.floor((100 * unfinished.receivedBytes) / csv.length);
  await page.getByText(`${percent}% of people.csv is already uploaded`).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "upload-unfinished");
  await page.setViewportSize({ width: 360, height: 780 });
  await shoot(page, "upload-unfinished-360");
  await page.setViewportSize({ width: 1280, height: 800 });

  const seen = traffic(page);
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose the file again" }).click(),
  ]);
  await chooser.setFiles(path);
  expect(await hashOfImport(opened)).toBe(sha256);
  expect(seen.begun).toBe(0);
  await expect.poll(() => seen.sentBytes, patience).toBe(csv.length - unfinished.receivedBytes);

  // Changed since: nothing of the earlier one fits it.
  await page.goto("/import");
  await leaveHalfway(opened, path);
  const before = seen.begun;
  await utimes(path, new Date(), new Date(Date.now() + 5_000));
  await page.locator("input[type=file]").setInputFiles(path);
  await page.getByText("This file is already being imported").waitFor();
  expect(seen.begun).toBe(before + 1);
  await page.getByRole("button", { name: "Remove people.csv" }).click();
  await page.getByRole("button", { name: "Discard people.csv" }).click();
  await page.getByText("An upload is not finished").waitFor({ state: "detached" });
  await expect.poll(async () => (await client.uploads.list()).length, patience).toBe(0);
});

it("is cancelled in the middle, and leaves nothing at the server", async () => {
  const opened = await openPage();
  const { page, client } = opened;
  await page.getByRole("button", { name: "Drop your file here" }).waitFor();
  await sendPart(opened, await largeFile(), 1_000_000);
  await page.getByRole("button", { name: "Cancel the upload of people.csv" }).click();
  await progress(page).waitFor({ state: "detached" });
  await expect.poll(async () => (await client.uploads.list()).length, patience).toBe(0);
  await page.reload();
  await page.getByRole("heading", { name: "What your file needs" }).waitFor();
  await expect.poll(() => page.getByText("An upload is not finished").count()).toBe(0);
  expect((await client.imports.list()).items).toEqual([]);
});

it("waits for a new sign-in when the session ends meanwhile", async () => {
  const opened = await openPage();
  const { page, context, signInLink } = opened;
  await page.getByRole("button", { name: "Drop your file here" }).waitFor();
  const link = await signInLink();
  await sendPart(opened, await largeFile(), 1_500_000);
  await context.clearCookies();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.waitFor();
  await throttle(opened, null);
  await dialog.getByRole("textbox").fill(link);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  expect(await hashOfImport(opened)).toBe(sha256);
});

it("says so when the file changes on the disk while it is sent", async () => {
  const opened = await openPage();
  const { page } = opened;
  const path = await largeFile();
  await page.getByRole("button", { name: "Drop your file here" }).waitFor();
  await sendPart(opened, path, 1_000_000);
  await writeFile(path, "Email\nanother@example.com\n");
  await page.getByText("Your browser can no longer open this file").waitFor();
  await shoot(page, "upload-unreadable");
});

it("goes on with a file that was whole when the page was left", async () => {
  const opened = await openPage();
  const { page, client } = opened;
  await page.getByRole("button", { name: "Drop your file here" }).waitFor();
  await page.route("**/api/v1/imports", (route) =>
    route.request().method() === "POST" ? route.abort("connectionreset") : route.continue(),
  );
  await page.locator("input[type=file]").setInputFiles(await largeFile());
  await page.getByText("No connection. It continues automatically from 100%").waitFor();
  await page.reload();
  await page.getByText("people.csv is already uploaded").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "upload-whole");
  await page.unroute("**/api/v1/imports");
  await page.getByRole("button", { name: "Continue with people.csv" }).click();
  expect(await hashOfImport(opened)).toBe(sha256);
  expect((await client.imports.list()).items).toHaveLength(1);
});
