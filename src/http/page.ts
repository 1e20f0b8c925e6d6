/** The page: the wizard and the history at `/import`, every import at an address of its own. */
import { Hono } from "hono";
import type { HttpContext, HttpEnv, HttpParts } from "./request/request-context.ts";

export interface PageFile {
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Smaller, where that is worth it. */
  gzipped(): Promise<Uint8Array<ArrayBuffer>>;
}

/** By path below the page, such as `assets/index-x.js`; `index.html` is what every address of the page shows. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** It loads its own files and asks its own server, and the folder of the storage that uploads go to; nothing inline, nothing from elsewhere, in nobody's frame. */
const pagePolicy = (alsoTo: string | null): string =>
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
  `connect-src 'self'${alsoTo === null ? "" : ` ${alsoTo}`}; form-action 'self'; base-uri 'self'; frame-ancestors 'none'`;

/** Names of built files carry the hash of what is in them. */
const forever = "public, max-age=31536000, immutable";

const notBuilt =
  "<!doctype html><meta charset=utf-8><title>Sluice</title><p>The page is not built yet. Run <code>npm run build</code>, " +
  "then start the server again. The API is there already.";

export function pageRoutes({
  basePath,
  files,
  page,
}: Pick<HttpParts, "basePath" | "files"> & { page: PageFiles }): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const index = indexAt(page.get("index.html"), basePath);

  routes.get("/", (c) => c.redirect(`${basePath}/import`, 302));
  for (const path of ["/import", "/import/*"]) {
    routes.get(path, async (c) => {
      c.header("Cache-Control", "no-cache");
      c.header("Content-Security-Policy", pagePolicy(folderOf(await files.direct?.address())));
      c.header("Referrer-Policy", "same-origin");
      return c.html(index ?? notBuilt, index === null ? 503 : 200);
    });
  }
  for (const [path, file] of page) {
    if (path === "index.html") continue;
    routes.get(`/${path}`, (c) => send(c, file, path.startsWith("assets/") ? forever : "public, max-age=3600"));
  }
  return routes;
}

/** Its slash at the end lets everything in it through (CSP level 3, section 6.7.2.11). */
function folderOf(address: string | null | undefined): string | null {
  return typeof address === "string" ? new URL(".", address).href : null;
}

/** Its files are found from where the page is mounted. */
function indexAt(file: PageFile | undefined, basePath: string): string | null {
  if (file === undefined) return null;
  return new TextDecoder().decode(file.bytes).replace('<base href="/"', `<base href="${basePath}/"`);
}

async function send(c: HttpContext, file: PageFile, caching: string): Promise<Response> {
  const headers = { "content-type": file.type, "cache-control": caching, vary: "accept-encoding" };
  if (c.req.header("accept-encoding")?.includes("gzip") !== true) return c.body(file.bytes, 200, headers);
  return c.body(await file.gzipped(), 200, { ...headers, "content-encoding": "gzip" });
}
