/** The files of the page that `npm run build` made: read once, kept in memory, gzipped when they are first asked for. */
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { PageFile, PageFiles } from "../http/page.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
};

/** Beside this file where the package is installed, in dist/ where it runs from a clone. */
const builtPage = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../dist/page/" : "../page/", import.meta.url),
);

/** Empty where nothing is built. */
export async function readPageFiles(folder: string = builtPage): Promise<PageFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, PageFile>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = new Uint8Array(await readFile(path));
    let zipped: Promise<Uint8Array<ArrayBuffer>> | undefined;
    files.set(path.slice(folder.replace(/[/\\]$/, "").length + 1).replaceAll("\\", "/"), {
      type: types[extname(entry.name)] ?? "application/octet-stream",
      bytes,
      gzipped: () => (zipped ??= promisify(gzip)(bytes, { level: 9 }).then((buffer) => new Uint8Array(buffer))),
    });
  }
  return files;
}
