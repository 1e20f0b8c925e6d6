/** What every request to the API passes first: another site's page is refused, a user is found, and nobody asks too often. */
import type { MiddlewareHandler } from "hono";
import { SluiceError } from "../errors.ts";
import type { Author } from "../users.ts";
import { clientAddress, limitKeyOf } from "./client-address.ts";
import { refuseForeignOrigin } from "./csrf.ts";
import type { HttpContext, HttpEnv, HttpParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";

type GuardParts = Pick<HttpParts, "access" | "authenticate">;

export function authGuard({ access, authenticate }: GuardParts): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const stranger = limitKeyOf(clientAddress(c, access.proxies));
    refuseTooMany(c, access.strangers.waitFor(stranger));
    refuseForeignOrigin(c.req.raw, access.origins);
    const user = await authenticate(c.req.raw).catch((error: unknown) => {
      if (error instanceof SluiceError && error.code === "unauthorized") access.strangers.take(stranger);
      throw error;
    });
    if (user === null) {
      access.strangers.take(stranger);
      throw new SluiceError("unauthorized", "Sign in, or send a token.");
    }
    refuseTooMany(c, access.requests?.take(user.id) ?? 0);
    c.set("user", user);
    await next();
  };
}

/** @throws SluiceError `too_many` when there is something to wait for. */
export function refuseTooMany(c: HttpContext, seconds: number): void {
  if (seconds === 0) return;
  c.header("Retry-After", String(seconds));
  throw new ProblemError("too_many", `Too many requests. Try again in ${seconds} s.`, { retryAfterSeconds: seconds });
}

/** @throws SluiceError `forbidden` */
export function refuseUnlessAdmin(c: HttpContext): void {
  if (c.get("user").role !== "admin") throw new SluiceError("forbidden", "Only an admin may do this.");
}

/** Whoever asks, for the audit trail. */
export function authorOf(c: HttpContext, { access }: Pick<HttpParts, "access">): Author {
  const { id, name } = c.get("user");
  return { id, name, address: clientAddress(c, access.proxies) ?? undefined };
}
