/**
 * Keeps other sites from acting in the name of a signed-in user: requests that change something must come from this
 * site's own pages, or from an origin that is configured. A request with a bearer token is free of it, for no browser sends
 * one by itself. hono/csrf lets every JSON request pass and knows no origin but the one it sees after a proxy.
 */
import { SluiceError, told } from "../../core/errors.ts";
import { bearerOf } from "./auth.ts";

/** @throws SluiceError `forbidden` */
export function refuseForeignOrigin(request: Request, origins: readonly string[]): void {
  // RFC 9110, section 9.2.1: these change nothing.
  if (["GET", "HEAD", "OPTIONS"].includes(request.method)) return;
  if (bearerOf(request) !== null) return;
  // No page can set or change either header.
  if (request.headers.get("sec-fetch-site") === "same-origin") return;
  const origin = request.headers.get("origin");
  if (origin !== null && (origin === new URL(request.url).origin || origins.includes(origin))) return;
  // Behind a proxy, and in frameworks that make up the request's address, only the host is the one that the page was asked of.
  // A page that came without encryption stays a stranger to a server that has it.
  const page = origin === null ? null : URL.parse(origin);
  const isDowngraded = page?.protocol === "http:" && new URL(request.url).protocol === "https:";
  if (page !== null && page.host === request.headers.get("host") && !isDowngraded) return;
  // Neither a browser, nor anything that a browser would have added to a stranger's request.
  const isNoBrowser = origin === null && request.headers.get("sec-fetch-site") === null;
  if (isNoBrowser && request.headers.get("cookie") === null) return;
  throw new SluiceError(
    "forbidden",
    told`The request comes from another site's page. Allow its origin in the setting origins (SLUICE_ORIGINS), or send a token.`,
  );
}
