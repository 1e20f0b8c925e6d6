/**
 * What every request to the API passes first: another site's page is refused, a user is found, and nobody asks too often. Who
 * authenticates is limited by their own requests alone, whoever else shares their address.
 */
import type { MiddlewareHandler } from "hono";
import { SluiceError, told } from "../../core/errors.ts";
import type { Author, RefusedSecret, SignedIn } from "../../core/users.ts";
import { bearerOf } from "../auth/auth.ts";
import { clientAddress, limitKeyOf } from "../auth/client-address.ts";
import { refuseForeignOrigin } from "../auth/csrf.ts";
import { Reach } from "../request/reach.ts";
import type { HttpContext, HttpEnv, HttpParts } from "../request/request-context.ts";

type GuardParts = Pick<HttpParts, "access" | "authenticate" | "database" | "engine" | "importers">;

export function authGuard(parts: GuardParts): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    refuseForeignOrigin(c.req.raw, parts.access.origins);
    const user = await admit(c, parts);
    c.set("user", user);
    c.set("reach", reachOf(parts, user, c.req.raw));
    await next();
  };
}

/**
 * Whoever asks.
 *
 * @throws SluiceError `unauthorized` where nobody does, `too_many` for those who ask too often.
 */
export async function admit(
  c: HttpContext,
  parts: Pick<HttpParts, "access" | "authenticate" | "engine">,
): Promise<SignedIn> {
  const { access, authenticate } = parts;
  const address = clientAddress(c, access.proxies);
  const stranger = limitKeyOf(address);
  const user = await authenticate(c.req.raw).catch(async (error: unknown) => {
    if (error instanceof SluiceError && error.code === "unauthorized") {
      const secret = bearerOf(c.req.raw);
      // The limit that is used up is what makes it worth telling.
      if (secret !== null && access.badTokens.take(stranger) > 0)
        await noteRefused(parts, { kind: "token", secret, address: address ?? undefined });
      refuseTooMany(access.strangers.take(stranger));
    }
    throw error;
  });
  if (user === null) {
    refuseTooMany(access.strangers.take(stranger));
    throw new SluiceError("unauthorized", told`Sign in, or send a token.`);
  }
  refuseTooMany(access.requests?.take(user.id) ?? 0);
  return user;
}

/** What a user's request may reach. */
export function reachOf(
  { importers, database, engine }: Pick<HttpParts, "database" | "engine" | "importers">,
  user: SignedIn,
  request: Request,
): Reach {
  const contextsOf = engine.archive.contextsOf.bind(engine.archive);
  return new Reach({ importers, database, contextsOf }, user, request);
}

/** Tells the audit trail of a secret that was refused; of one kind from one address once a minute. */
export async function noteRefused(
  { access, engine }: Pick<HttpParts, "access" | "engine">,
  refused: RefusedSecret,
): Promise<void> {
  if (access.refusals.take(`${refused.kind} ${limitKeyOf(refused.address ?? null)}`) > 0) return;
  await engine.users.noteRefused(refused);
}

/** @throws SluiceError `too_many` when there is something to wait for. */
export function refuseTooMany(seconds: number): void {
  if (seconds === 0) return;
  throw new SluiceError("too_many", told`Too many requests. Try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  });
}

/**
 * What concerns everybody's accounts or imports: for an operator; for an admin where no importer has a context.
 *
 * @throws SluiceError `forbidden`
 */
export function refuseUnlessUnbounded(c: HttpContext): void {
  const { isUnbounded, seesOthers } = c.get("reach");
  if (isUnbounded) return;
  throw new SluiceError(
    "forbidden",
    seesOthers ? told`Only an operator can do this: it affects all tenants.` : told`Only an admin can do this.`,
  );
}

/** @throws SluiceError `forbidden` */
export function refuseUnlessAdmin(c: HttpContext): void {
  if (!c.get("reach").seesOthers) throw new SluiceError("forbidden", told`Only an admin can do this.`);
}

/** Whoever asks, for the audit trail. */
export function authorOf(c: HttpContext, { access }: Pick<HttpParts, "access">): Author {
  const { id, name } = c.get("user");
  return { id, name, address: clientAddress(c, access.proxies) ?? undefined };
}
