/** A large file whose parts the page sends to the object storage itself: by the bucket's CORS or Supabase's own endpoint, through a reload, and where it refuses. */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { csvOf } from "../http/upload-server.ts";
import { freshFolder } from "../run-cli.ts";
import { type S3Server, s3Server } from "../s3-server.ts";
import { type SupabaseStorageServer, supabaseStorageServer } from "../supabase-storage.ts";
import { closeBrowser, type OpenPage, openPage } from "./open-page.ts";

afterAll(closeBrowser);

const patience = { timeout: 60_000 };
const csv = Buffer.concat([Buffer.from("Email\nanna@example.com\n"), csvOf(22_000_000)]);
const sha256 = createHash("sha256").update(csv).digest("hex");

async function openWith<Store extends { variables: Record<string, string> }>(
  store: Store,
  more: Record<string, string>,
) {
  const path = join(await freshFolder(), "people.csv");
  await writeFile(path, csv);
  return { ...(await openPage({ environment: { ...store.variables, ...more } })), store, path };
}

async function openWithStore() {
  const store = await s3Server();
  return openWith(store, { SLUICE_FILES: `s3://${store.bucket}/app`, SLUICE_S3_UPLOADS: "true" });
}

async function openWithSupabase() {
  const store = await supabaseStorageServer();
  return openWith(store, { SLUICE_FILES: `s3://${store.s3.bucket}/app` });
}

/** Parts by whether a browser sent them. */
function sent({ requests }: S3Server): { direct: string[]; byServer: number } {
  const parts = requests.filter(({ operation }) => operation === "UploadPart");
  const direct = parts.filter(({ query }) => query.has("X-Amz-Signature"));
  return {
    direct: direct.map(({ query }) => query.get("partNumber") as string).sort(),
    byServer: parts.length - direct.length,
  };
}

async function hashOfImport({ page, client }: OpenPage): Promise<string> {
  await page.waitForURL(/\/import\/\d+$/);
  return (await client.imports.get(Number(/\d+$/.exec(page.url())?.[0]))).fileHash;
}

it("sends a large file to the storage alone, and goes on after a reload with what is missing", async () => {
  const opened = await openWithStore();
  const { page, url, store, path, errors } = opened;
  store.origins = [url];
  // The last parts do not come before the page has gone.
  let isGone = false;
  store.fault = ({ operation, query }) =>
    operation === "UploadPart" && Number(query.get("partNumber")) > 2 && !isGone ? "hang" : undefined;
  await page.getByRole("button", { name: "Drop your file here" }).waitFor();
  await page.locator("input[type=file]").setInputFiles(path);
  const progress = page.getByRole("progressbar", { name: "Upload of people.csv" });
  await expect.poll(async () => Number(await progress.getAttribute("aria-valuenow")), patience).toBeGreaterThan(40);
  await page.reload();
  isGone = true;
  await page.getByText("An upload is not finished").waitFor();
  store.requests.length = 0;
  await page.locator("input[type=file]").setInputFiles(path);
  expect(await hashOfImport(opened)).toBe(sha256);
  expect(sent(store)).toEqual({ direct: ["3", "4", "5"], byServer: 0 });
  expect(errors).toEqual([]);
});

it("goes through the server where the bucket lets no page send it anything", async () => {
  const opened = await openWithStore();
  const { page, store, path } = opened;
  await page.getByRole("button", { name: "Drop your file here" }).waitFor();
  await page.locator("input[type=file]").setInputFiles(path);
  expect(await hashOfImport(opened)).toBe(sha256);
  expect(sent(store)).toMatchObject({ direct: [], byServer: 5 });
});

it("lets the page send to the folder of the storage that uploads go to, and nowhere else", async () => {
  const { page, store } = await openWithStore();
  const policy = (await page.request.get("/import")).headers()["content-security-policy"];
  const [, folder = ""] = /; connect-src 'self' (\S+); /.exec(policy) ?? [];
  expect(folder).toMatch(new RegExp(`^${store.url}/${store.bucket}/app/files/[0-9a-f]{12}/$`));
  await page.getByRole("button", { name: "Drop your file here" }).waitFor();
  const reaches = (url: string): Promise<boolean> =>
    page.evaluate(
      (to) =>
        fetch(to, { mode: "no-cors" }).then(
          () => true,
          () => false,
        ),
      url,
    );
  expect(await reaches(`${folder}upload-1`)).toBe(true);
  expect(await reaches(`${store.url}/${store.bucket}/app/reports/x`)).toBe(false);
  expect(await reaches(`${store.url}/another-bucket/x`)).toBe(false);
});

/** Where the pieces that a browser sent to Supabase begin, in pieces. */
function piecesSent({ requests }: SupabaseStorageServer): number[] {
  const pieces = requests.filter(({ operation }) => operation === "piece");
  return pieces.map(({ headers }) => Number(headers["upload-offset"]) / (6 * 1024 * 1024));
}

it("sends a large file to Supabase Storage alone, without a setting, and goes on after a reload where it was", async () => {
  const opened = await openWithSupabase();
  const { page, store, path, errors } = opened;
  // The third piece does not come before the page has gone.
  let isGone = false;
  store.fault = ({ operation }) =>
    operation === "piece" && !isGone && piecesSent(store).length > 2 ? "hang" : undefined;
  await page.getByRole("button", { name: "Drop your file here" }).waitFor();
  const policy = (await page.request.get("/import")).headers()["content-security-policy"];
  expect(policy).toContain(`; connect-src 'self' ${store.projectUrl}/storage/v1/upload/resumable/sign/; `);
  /** All that the server tells the page. */
  const told: Promise<string>[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/api/v1/uploads")) told.push(response.text().catch(() => ""));
  });
  await page.locator("input[type=file]").setInputFiles(path);
  const progress = page.getByRole("progressbar", { name: "Upload of people.csv" });
  await expect.poll(async () => Number(await progress.getAttribute("aria-valuenow")), patience).toBeGreaterThan(50);
  await page.reload();
  isGone = true;
  await page.getByText("An upload is not finished").waitFor();
  expect(piecesSent(store)).toEqual([0, 1, 2]);
  store.requests.length = 0;
  await page.locator("input[type=file]").setInputFiles(path);
  expect(await hashOfImport(opened)).toBe(sha256);
  expect(piecesSent(store)).toEqual([2, 3]);
  expect(sent(store.s3)).toEqual({ direct: [], byServer: 0 });
  expect((await Promise.all(told)).join()).not.toContain(store.serviceKey);
  expect(errors).toEqual([]);
});

it("goes through the server where Supabase Storage refuses what a page sends it", async () => {
  const opened = await openWithSupabase();
  const { page, store, path } = opened;
  store.fault = ({ operation }) => (operation === "preflight" ? { status: 403 } : undefined);
  await page.getByRole("button", { name: "Drop your file here" }).waitFor();
  await page.locator("input[type=file]").setInputFiles(path);
  expect(await hashOfImport(opened)).toBe(sha256);
  expect([piecesSent(store), sent(store.s3).byServer]).toEqual([[], 5]);
});
