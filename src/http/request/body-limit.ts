/**
 * How much of a request's body is read: by the bytes that come, whatever the request says of their kind or number. Files have
 * limits of their own, and are never held (intake.ts).
 */
import type { Context, MiddlewareHandler } from "hono";
import { SluiceError, told } from "../../core/errors.ts";
import { inGoodTime, webBytes } from "../intake/body-bytes.ts";
import { isForm } from "../intake/multipart.ts";
import type { HttpEnv } from "./request-context.ts";

/** No reasonable mapping is larger. */
export const maxBodyBytes: number = 1024 * 1024;
/** Limits a body that trickles in: this much time, and a second more per this many bytes. */
const bodyPace = { graceMs: 10_000, bytesPerSecond: 4096 };

/** Whether the request contains a file, which is stored as it arrives. */
export function takesFile(c: Context, root: string): boolean {
  const { method, path } = c.req;
  if (path === `${root}/uploads` || path === `${root}/imports`)
    return method === "POST" && (path.endsWith("/uploads") || isForm(c.req.header("content-type")));
  // `/import/{name}`, whatever its body is said to be: what is no form is refused unread.
  if (method === "POST" && /^\/import\/[^/]+$/.test(path.slice(root.length)) && path.startsWith(root)) return true;
  return path.startsWith(`${root}/uploads/tus`);
}

/** Every body, except of requests that are `isFile`, is read before anything is done with it, up to `limitOf` bytes. */
export function bodyLimit(
  isFile: (c: Context) => boolean = () => false,
  limitOf: (c: Context) => number = () => maxBodyBytes,
): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const { raw } = c.req;
    const maxBytes = limitOf(c);
    if (isFile(c) || raw.method === "GET" || raw.method === "HEAD") return next();
    if (Number(raw.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
    if (raw.body === null) return next();
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of inGoodTime(webBytes(raw.body), bodyPace)) {
      length += piece.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
      pieces.push(piece);
    }
    const { method, headers, signal } = raw;
    c.req.raw = new Request(raw.url, { method, headers, signal, body: Buffer.concat(pieces, length) });
    return next();
  };
}

function tooLarge(maxBytes: number): SluiceError {
  return new SluiceError("too_large", told`The body of a request can have at most ${maxBytes} bytes.`);
}
