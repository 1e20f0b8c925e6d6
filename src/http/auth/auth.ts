/**
 * Who may come in, and how they show who they are: the shipped `authenticate` (a session's cookie, an API token, a JWT), and
 * what else a server is told about access.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { Users } from "../../core/users.ts";
import type { Authenticate } from "./authenticate.ts";
import { type JwtOptions, jwtVerifier } from "./jwt.ts";
import { RateLimiter } from "./rate-limit.ts";
import { sessionOf } from "./session.ts";

export interface AccessOptions {
  /** Where people reach the app, with the path it is mounted below: `https://imports.example.com`. Default: as the request says. */
  publicUrl?: string | undefined;
  /** JSON Web Tokens that are accepted. Default: none. */
  jwt?: JwtOptions | undefined;
  /** How many proxies are in front and add to X-Forwarded-For. Default 0. */
  proxies?: number | undefined;
  /** Of one user; 0: any number. Default 6000. */
  requestsPerMinute?: number | undefined;
  /** With it as bearer token `/metrics` may be read from anywhere. */
  metricsToken?: string | undefined;
  /** Whether `/metrics` may be read on this machine without a token: by everyone after a proxy on it, too. Default false. */
  metricsOnLoopback?: boolean | undefined;
}

/** AccessOptions as the routes use them. */
export interface Access {
  /** Origins whose pages may change something: the configured ones, and the public address. */
  origins: readonly string[];
  proxies: number;
  isHttps(request: Request): boolean;
  /** The public address is configured, and is https. */
  isPublicHttps: boolean;
  /** Where people reach the app, with the path it is mounted below. */
  baseUrl(request: Request, basePath: string): string;
  /** Requests of one user; null: any number. */
  requests: RateLimiter | null;
  /** Requests from one address that did not show who they are. */
  strangers: RateLimiter;
  /** Sign-ins from one address that failed. */
  signIns: RateLimiter;
  /** Tokens from one address that were refused, as many as a program with an old one sends before it is recorded. */
  badTokens: RateLimiter;
  /** Refusals that this process may tell the audit trail of, for each address. */
  refusals: RateLimiter;
  metricsToken: string | null;
  metricsOnLoopback: boolean;
}

/** A page that was left open over night asks a few times; a search for a token asks more often. */
const strangersLimit = { burst: 120, perSecond: 2 };
/** Ten tries, then one a minute: a person with an old link. */
const signInsLimit = { burst: 10, perSecond: 1 / 60 };
/** A page whose token has expired asks once or twice; the fifth within a minute is recorded. */
const badTokensLimit = { burst: 4, perSecond: 4 / 60 };
/** A line a minute; the database has the last word where there are several processes. */
const refusalsLimit = { burst: 1, perSecond: 1 / 60 };

/** @throws SluiceError `invalid` for settings that cannot serve. */
export function accessOf(options: AccessOptions, origins: readonly string[]): Access {
  const { publicUrl, proxies = 0, requestsPerMinute = 6000 } = options;
  const reached = publicUrl === undefined ? null : URL.parse(publicUrl);
  if (publicUrl !== undefined && (reached === null || !/^https?:$/.test(reached.protocol)))
    throw new SluiceError(
      "invalid",
      `publicUrl (SLUICE_PUBLIC_URL) must be as https://imports.example.com, not "${publicUrl}".`,
    );
  return {
    origins: reached === null ? origins : [...origins, reached.origin],
    proxies,
    isPublicHttps: reached?.protocol === "https:",
    isHttps: (request) => (reached ?? new URL(request.url)).protocol === "https:",
    baseUrl: (request, basePath) => publicUrl ?? `${new URL(request.url).origin}${basePath}`,
    requests:
      requestsPerMinute === 0 ? null : new RateLimiter({ burst: requestsPerMinute, perSecond: requestsPerMinute / 60 }),
    strangers: new RateLimiter(strangersLimit),
    signIns: new RateLimiter(signInsLimit),
    badTokens: new RateLimiter(badTokensLimit),
    refusals: new RateLimiter(refusalsLimit),
    metricsToken: options.metricsToken ?? null,
    metricsOnLoopback: options.metricsOnLoopback ?? false,
  };
}

/**
 * The shipped Authenticate. A bearer token alone decides where there is one: a wrong token is refused, whatever cookie comes
 * with it.
 *
 * @throws SluiceError `invalid` for settings that cannot serve; the check: `unauthorized` for a token that is not accepted.
 */
export function shippedAuthenticate(users: Users, access: Pick<Access, "isHttps">, jwt?: JwtOptions): Authenticate {
  const verify = jwt?.secret === undefined && jwt?.jwksUrl === undefined ? null : jwtVerifier(jwt);
  return async (request) => {
    const token = bearerOf(request);
    if (token === null) {
      const session = sessionOf(request, access.isHttps(request));
      return session === null ? null : users.userOfSession(session);
    }
    // They say which app asks, not who: neither a JWT nor a token of Sluice's.
    if (/^sb_(?:publishable|secret)_/.test(token))
      throw new SluiceError(
        "unauthorized",
        told`The token is not accepted: it is an API key of Supabase, which is nobody's. Send the access token of the person's session.`,
      );
    if (verify !== null && token.split(".").length === 3) {
      const bearer = await verify(token);
      // The issuer's ids and those of Sluice's own users are not of one kind: imports, uploads and keys go by them.
      if (await isKept(users, bearer.id))
        throw new SluiceError(
          "unauthorized",
          "The token is not accepted: its `sub` is the id of a user that Sluice keeps itself.",
        );
      return bearer;
    }
    const user = await users.userOfToken(token);
    if (user === null)
      throw new SluiceError(
        "unauthorized",
        told`The token is not accepted: it is unknown, expired or revoked, or its user is disabled.`,
      );
    return user;
  };
}

async function isKept(users: Users, id: string): Promise<boolean> {
  try {
    await users.get(id);
    return true;
  } catch (error) {
    if (error instanceof SluiceError && error.code === "not_found") return false;
    throw error;
  }
}

/** The token of `Authorization: Bearer …` (RFC 6750, section 2.1), however wrong; null where there is none. Other schemes are a proxy's business. */
export function bearerOf(request: Request): string | null {
  const [, token] = /^bearer\b *(.*)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  return token ?? null;
}
