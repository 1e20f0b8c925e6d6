/**
 * `Idempotency-Key`: a POST that comes twice is done once, and answered the same both times
 * (draft-ietf-httpapi-idempotency-key-header). Only what succeeded is kept: what was refused changed nothing.
 */
import { createHash } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { SluiceError, told } from "../../core/errors.ts";
import type { KeyedRequest, Trace } from "../../core/store/idempotency.ts";
import { takesFile } from "./body-limit.ts";
import { statusOf } from "./problem.ts";
import type { HttpContext, HttpEnv, HttpParts } from "./request-context.ts";

/** Characters of a key. */
const maxKeyLength = 255;
/** Headers of an answer that belong to it, not to its delivery. */
const keptHeaders = ["content-type", "location"];

export function idempotent({ engine, root }: Pick<HttpParts, "engine" | "root">): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    // What takes a file either resumes in a way of its own, or answers once when the file is there.
    if (c.req.method !== "POST" || c.req.header("idempotency-key") === undefined || takesFile(c, root)) return next();
    return answerOnce(c, { engine }, await c.req.text(), async () => {
      await next();
      return c.res;
    });
  };
}

/**
 * Answers a request, of several with the same key and content the first alone; the others get its answer.
 *
 * @throws SluiceError `invalid` for a key that was another request's, `conflict` while the first is in progress
 */
export async function answerOnce(
  c: HttpContext,
  { engine: { idempotency } }: { engine: Pick<HttpParts["engine"], "idempotency"> },
  content: string,
  answer: () => Promise<Response>,
): Promise<Response> {
  const key = c.req.header("idempotency-key");
  if (key === undefined) return answer();
  if (key === "" || key.length > maxKeyLength) {
    throw new SluiceError("invalid", told`An Idempotency-Key has 1 to ${maxKeyLength} characters, such as a UUID.`);
  }
  const url = new URL(c.req.url);
  const requestHash = createHash("sha256").update(`${url.pathname}${url.search}\n`).update(content).digest("hex");
  const request: KeyedRequest = { userId: await c.get("reach").identity(), key, requestHash };
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
  const give = (status: number): Promise<void> =>
    // A database that is away cannot be updated; the claim ends by itself, within seconds.
    (status >= 500 ? idempotency.leave(claim) : idempotency.release(claim)).catch(() => {});
  let response: Response;
  try {
    response = await answer();
  } catch (error) {
    await give(error instanceof SluiceError ? statusOf[error.code] : 500);
    throw error;
  }
  if (response.status >= 300) {
    await give(response.status);
    return response;
  }
  const headers = Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  await idempotency.keep(claim, { status: response.status, headers, body: await response.clone().text() });
  return response;
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
