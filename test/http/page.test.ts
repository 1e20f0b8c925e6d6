/** How the page is served: at every address of its own, from memory, with a policy that lets nothing else in. */
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import type { PageFile, PageFiles } from "../../src/http/page.ts";
import { openApp } from "./open-app.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const file = (type: string, text: string): PageFile => ({
  type,
  bytes: encode(text),
  gzipped: async () => new Uint8Array(gzipSync(text)),
});

const page: PageFiles = new Map([
  ["index.html", file("text/html", '<base href="/" /><script type="module" src="./assets/index-1.js"></script>')],
  ["assets/index-1.js", file("text/javascript; charset=utf-8", "start()")],
  ["icon.svg", file("image/svg+xml", "<svg/>")],
]);

async function get(path: string, { basePath = "", headers = {}, files = page } = {}): Promise<Response> {
  const { app } = await openApp(undefined, "", { page: files, basePath });
  return app.fetch(new Request(`http://sluice.test${path}`, { headers }));
}

it.each(["/import", "/import/42", "/import/42/options", "/import/history", "/import/history/42"])(
  "shows the page at %s",
  async (path) => {
    const response = await get(path);
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining("assets/index-1.js")]);
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(response.headers.get("content-security-policy")).not.toContain("unsafe");
  },
);

it("leads from the root to the page", async () => {
  const response = await get("/");
  expect([response.status, response.headers.get("location")]).toEqual([302, "/import"]);
});

it("finds its files below the path where it is mounted", async () => {
  const response = await get("/sluice/import/7", { basePath: "/sluice" });
  expect(await response.text()).toContain('<base href="/sluice/"');
  expect((await get("/sluice/assets/index-1.js", { basePath: "/sluice" })).status).toBe(200);
});

it("sends files for good, gzipped to whoever takes that", async () => {
  const plain = await get("/assets/index-1.js");
  expect([plain.headers.get("cache-control"), plain.headers.get("content-encoding")]).toEqual([
    "public, max-age=31536000, immutable",
    null,
  ]);
  expect(await plain.text()).toBe("start()");
  const zipped = await get("/assets/index-1.js", { headers: { "accept-encoding": "br, gzip" } });
  expect(zipped.headers.get("content-encoding")).toBe("gzip");
  expect(gunzipSync(await zipped.bytes()).toString()).toBe("start()");
});

it.each(["/assets/index-2.js", "/importer", "/assets/../package.json", "/index.html"])(
  "has nothing at %s",
  async (path) => {
    expect((await get(path)).status).toBe(404);
  },
);

it("says what to do where it is not built", async () => {
  const response = await get("/import", { files: new Map() });
  expect([response.status, await response.text()]).toEqual([503, expect.stringContaining("npm run build")]);
});

it("is not there where it was not asked for", async () => {
  const { app } = await openApp();
  expect((await app.fetch(new Request("http://sluice.test/import"))).status).toBe(404);
});
