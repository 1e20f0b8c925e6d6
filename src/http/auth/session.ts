/**
 * The session's cookie. On https it is called `__Host-…`, which browsers take only from this very host, over https and for
 * all paths (RFC 6265bis, section 4.1.3.2). How long the session lasts is the database's to say, not the cookie's.
 */
import { parse, serialize } from "hono/utils/cookie";

const name = "sluice_session";
/** As long as browsers keep a cookie at most (RFC 6265bis, section 5.5): a session in use slides on without a new one. */
const maxAgeSeconds = 400 * 24 * 3600;

/** The secret of a request's session; null for none. */
export function sessionOf(request: Request, isHttps: boolean): string | null {
  const cookies = request.headers.get("cookie");
  if (cookies === null) return null;
  // A plain cookie could have been set by a neighbour or an eavesdropper: over https only the other counts.
  const full = isHttps ? `__Host-${name}` : name;
  return parse(cookies, full)[full] || null;
}

/** `Set-Cookie` that begins a session; with an empty secret, that ends it. */
export function sessionCookie(secret: string, isHttps: boolean): string {
  return serialize(isHttps ? `__Host-${name}` : name, secret, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: isHttps,
    maxAge: secret === "" ? 0 : maxAgeSeconds,
  });
}
