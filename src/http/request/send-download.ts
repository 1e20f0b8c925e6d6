/** A file that is written while it is sent: what goes wrong on the way breaks the connection off, so that nobody takes a part for the whole. */
import type { Download } from "../../engine/downloads.ts";
import type { HttpContext } from "./request-context.ts";

export async function sendDownload(
  c: HttpContext,
  { name, contentType, pieces, sizeBytes, link }: Download & { sizeBytes?: number },
): Promise<Response> {
  if (link !== undefined && isFollowed(c)) {
    const address = await link();
    if (address !== null)
      return c.body(null, 302, { location: address, "cache-control": "no-store", "referrer-policy": "no-referrer" });
  }
  return c.body(ReadableStream.from(pieces) as unknown as ReadableStream<Uint8Array<ArrayBuffer>>, 200, {
    "content-type": contentType,
    "content-disposition": attachment(name),
    ...(sizeBytes !== undefined && Number.isFinite(sizeBytes) && { "content-length": String(sizeBytes) }),
  });
}

/**
 * Whether a browser follows a link (Fetch Metadata Request Headers, section 2.2): what a script of the page fetches would need the storage's
 * leave for another origin, and a program may not reach the storage.
 */
function isFollowed(c: HttpContext): boolean {
  return c.req.method === "GET" && c.req.header("sec-fetch-mode") === "navigate" && c.req.header("range") === undefined;
}

/**
 * A name that people have given, as RFC 6266 has it: one of plain ASCII for old programs, and where that says less, all of it
 * in UTF-8 (RFC 8187). Nothing in it can end the quotes or the line.
 */
export function attachment(name: string): string {
  const whole = name.toWellFormed().replaceAll(/[\p{Cc}\u2028\u2029]/gu, "");
  // Percent signs too: some browsers decode them there.
  const plain = whole.replaceAll(/[^\x20-\x7e]|["\\%/]/gu, "_").trim();
  const simple = `attachment; filename="${plain === "" ? "file" : plain}"`;
  if (plain === whole) return simple;
  const coded = encodeURIComponent(whole).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${simple}; filename*=UTF-8''${coded}`;
}
