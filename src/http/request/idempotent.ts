/**
 * `Idempotency-Key`: a POST that comes twice is done once, and answered the same both times
 * (draft-ietf-httpapi-idempotency-key-header). Only what succeeded is kept: what was refused changed nothing.
 */
import { createHash } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { SluiceError, told } from "../../core/errors.ts";
import type { KeyedRequest, Trace } from "../../core/store/idempotency.ts";
import { takesFile } from "./body-limit.ts";
import type { HttpContext, HttpEnv, HttpParts } from "./request-context.ts";

/** Characters of a key. */
const maxKeyLength = 255;
/** Headers of an answer that belong to it, not to its delivery. */
const keptHeaders = ["content-type", "location"];

export function idempotent({ engine, root }: Pick<HttpParts, "engine" | "root">): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const key = c.req.header("idempotency-key");
    // File uploads have their own way to resume.
    if (c.req.method !== "POST" || key === undefined || takesFile(c, root)) return next();
    if (key === "" || key.length > maxKeyLength) {
      throw new SluiceError("invalid", told`An Idempotency-Key has 1 to ${maxKeyLength} characters, such as a UUID.`);
    }
    const url = new URL(c.req.url);
    const requestHash = createHash("sha256")
      .update(`${url.pathname}${url.search}\n`)
      .update(await c.req.text())
      .digest("hex");
    const request: KeyedRequest = { userId: await c.get("reach").identity(), key, requestHash };
    const { idempotency } = engine;
    const found = await idempotency.claim(request);
    if (found.kind === "other_request") {
      throw new SluiceError("invalid", told`This Idempotency-Key was used for another request. Use a new one.`);
    }
    if (found.kind === "under_way") {
      throw new SluiceError(
        "conflict",
        told`The request with this Idempotency-Key is still in progress. Try again in a moment.`,
      );
    }
    if (found.kind === "answered") {
      const { status, headers, body } = found.answer;
      return c.body(body, status as 200, { ...headers, "Idempotent-Replayed": "true" });
    }
    const { claim } = found;
    c.set("keyed", { claim, importId: found.importId, since: found.since });
    await next();
    const { status } = c.res;
    if (status >= 300) {
      // A database that is away cannot be updated; the claim ends by itself, within seconds.
      await (status >= 500 ? idempotency.leave(claim) : idempotency.release(claim)).catch(() => {});
      return;
    }
    const headers = Object.fromEntries(
      keptHeaders.flatMap((name) => {
        const value = c.res.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    );
    await idempotency.keep(claim, { status: c.res.status, headers, body: await c.res.clone().text() });
  };
}

/**
 * Does what a request asks for, unless an earlier try with the same key has done it, whose process died before it could answer.
 *
 * @returns the data of the event that the earlier try has left in the import's timeline; null: it was done now.
 */
export async function doOnce(
  c: HttpContext,
  { idempotency }: Pick<HttpParts["engine"], "idempotency">,
  trace: Trace,
  act: () => Promise<unknown>,
): Promise<Record<string, unknown> | null> {
  const keyed = c.get("keyed");
  const earlier = async (): Promise<Record<string, unknown> | null> =>
    keyed === undefined || keyed.since === null ? null : idempotency.done(keyed.claim, trace);
  const found = await earlier();
  if (found !== null) return found;
  try {
    await act();
    return null;
  } catch (error) {
    // The earlier try was not over yet.
    if (!(error instanceof SluiceError) || error.code !== "conflict") throw error;
    const late = await earlier();
    if (late === null) throw error;
    return late;
  }
}
