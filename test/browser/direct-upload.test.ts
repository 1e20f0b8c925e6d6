/** A large file whose parts the page sends to the object storage itself: by the bucket's CORS, through a reload, and where the bucket refuses. */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { csvOf } from "../http/upload-server.ts";
import { freshFolder } from "../run-cli.ts";
import { type S3Server, s3Server } from "../s3-server.ts";
import { closeBrowser, type OpenPage, openPage } from "./open-page.ts";

afterAll(closeBrowser);

const patience = { timeout: 60_000 };
const csv = Buffer.concat([Buffer.from("Email\nanna@example.com\n"), csvOf(22_000_000)]);
const sha256 = createHash("sha256").update(csv).digest("hex");

async function openWithStore() {
  const store = await s3Server();
  const path = join(await freshFolder(), "people.csv");
  await writeFile(path, csv);
  const environment = { ...store.variables, SLUICE_FILES: `s3://${store.bucket}/app`, SLUICE_S3_UPLOADS: "true" };
  const opened = await openPage({ environment });
  return { ...opened, store, path };
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

it("may be reached by the page at the storage's origin, and at no other", async () => {
  const { page, store } = await openWithStore();
  const policy = (await page.request.get("/import")).headers()["content-security-policy"];
  expect(policy).toContain(`; connect-src 'self' ${store.url}; `);
});
