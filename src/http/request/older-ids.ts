/**
 * `/imports/UUID/…` is answered as `/imports/42/…`: imports have a second id in the database, and those that came from an older table have
 * only ever been known by it. The request is put again with the number; who asks is known by then.
 */
import type { MiddlewareHandler } from "hono";
import { SluiceError, told } from "../../core/errors.ts";
import type { HttpEnv, HttpParts } from "./request-context.ts";

const uuid = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}";

/** @param fetch the whole app. */
export function olderIds(
  { engine, root }: Pick<HttpParts, "engine" | "root">,
  fetch: (request: Request, env: object) => Response | Promise<Response>,
): MiddlewareHandler<HttpEnv> {
  const place = new RegExp(`^/(imports|import/status)/(${uuid})(?=/|$)`, "i");
  return async (c, next) => {
    const path = c.req.path.slice(root.length);
    const [, room, asked] = place.exec(path) ?? [];
    if (asked === undefined) return next();
    const id = await engine.archive.idOf(asked);
    if (id === null)
      throw new SluiceError("not_found", told`There is no import ${asked}, or it is not yours.`, {
        next: { code: "list_imports" },
      });
    const url = new URL(c.req.url);
    // By its place: the path that was matched is decoded, and may not be found in the one that was sent.
    const parts = url.pathname.split("/");
    parts[`${root}/${room}`.split("/").length] = String(id);
    url.pathname = parts.join("/");
    const { method, headers, body, signal } = c.req.raw;
    const again = new Request(url, {
      method,
      headers,
      signal,
      ...(body !== null && { body, duplex: "half" }),
    } as RequestInit);
    return fetch(again, c.env as object);
  };
}
