/**
 * JSON Web Tokens that somebody else issues (RFC 7519): checked by the issuer's published keys or by a shared secret. Read as
 * Supabase and its like shape them: `sub`, `email`, `role`, `app_metadata.role`.
 */
import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import { SluiceError } from "../../core/errors.ts";
import { refuseUnknown } from "../../core/refuse-unknown.ts";
import { isStorable } from "../../core/storable.ts";
import type { Role, SignedIn } from "../../core/users.ts";

export interface JwtOptions {
  /** Where the issuer publishes its keys: `https://PROJECT.supabase.co/auth/v1/.well-known/jwks.json`. */
  jwksUrl?: string | undefined;
  /** For tokens signed by HMAC; at least 32 characters (RFC 7518, section 3.2). */
  secret?: string | undefined;
  /** `iss` must be one of these. Default: not asked for. */
  issuer?: string | readonly string[] | undefined;
  /** `aud` must hold one of these. Default: not asked for. */
  audience?: string | readonly string[] | undefined;
  /** How far the issuer's clock may be off. Default 30. */
  clockSkewSeconds?: number | undefined;
  /** What its bearer may; null: nothing at all. Default: `roleOfClaims`. */
  roleOf?: ((claims: JWTPayload) => Role | null) | undefined;
}

/** Every property of JwtOptions must be listed: the compiler checks it. */
const known: Readonly<Record<keyof JwtOptions, true>> = {
  jwksUrl: true,
  secret: true,
  issuer: true,
  audience: true,
  clockSkewSeconds: true,
  roleOf: true,
};

/** Never both kinds for one key: a public key must not serve as a shared secret. */
const secretAlgorithms = ["HS256", "HS384", "HS512"];
const keyAlgorithms = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];
const minSecretBytes = 32;
/** Headers beyond it are refused before they get here; nobody's claims need it. */
const maxTokenLength = 16_384;

/** An admin where the issuer says so; never an operator, which only `roleOf` can say; `user_metadata` is the user's own to write and says nothing. Anonymous users are nobody. */
export function roleOfClaims(claims: JWTPayload): Role | null {
  // An issuer that writes it as a text or a number means it, too.
  const isAnonymous =
    claims.is_anonymous !== undefined && claims.is_anonymous !== null && claims.is_anonymous !== false;
  if (claims.role === "anon" || isAnonymous) return null;
  const { role } = (claims.app_metadata ?? {}) as { role?: unknown };
  return claims.role === "admin" || role === "admin" ? "admin" : "user";
}

/**
 * Makes the check of tokens.
 *
 * @throws SluiceError `invalid` for settings that cannot serve. The check itself: `unauthorized`, saying why, and
 * `unavailable` when the issuer's keys cannot be had.
 */
export function jwtVerifier(options: JwtOptions): (token: string) => Promise<SignedIn> {
  // A claim under a misspelt name would not be asked for.
  refuseUnknown("jwtVerifier", "option", options, Object.keys(known));
  const { secret, jwksUrl, issuer, audience, clockSkewSeconds = 30, roleOf = roleOfClaims } = options;
  const secretKey = secret === undefined ? null : new TextEncoder().encode(secret);
  if (secretKey !== null && secretKey.length < minSecretBytes)
    throw new SluiceError(
      "invalid",
      `The secret of JSON Web Tokens (jwt.secret, SLUICE_JWT_SECRET) is too short: at least ${minSecretBytes} characters.`,
    );
  if (jwksUrl !== undefined && !/^https?:\/\//.test(jwksUrl))
    throw new SluiceError("invalid", "jwksUrl (SLUICE_JWKS_URL) must begin with https:// (or http://).");
  // Keys are kept for ten minutes; one that is not known is asked for at most every 30 s.
  const keys = jwksUrl === undefined ? null : createRemoteJWKSet(new URL(jwksUrl));
  const claims = {
    issuer: issuer === undefined ? undefined : [issuer].flat(),
    audience: audience === undefined ? undefined : [audience].flat(),
    clockTolerance: clockSkewSeconds,
    requiredClaims: ["sub", "exp"],
  };

  return async (token) => {
    const payload = await verifiedPayload(token).catch((error: unknown) => {
      throw explain(error);
    });
    return userOf(payload, roleOf) ?? refuse("its bearer may not come in");
  };

  async function verifiedPayload(token: string): Promise<JWTPayload> {
    if (token.length > maxTokenLength) return refuse("it is too long");
    const { alg } = decodeProtectedHeader(token) as { alg?: unknown };
    const isShared = typeof alg === "string" && alg.startsWith("HS");
    if (isShared && secretKey !== null)
      return (await jwtVerify(token, secretKey, { ...claims, algorithms: secretAlgorithms })).payload;
    if (!isShared && keys !== null)
      return (await jwtVerify(token, keys, { ...claims, algorithms: keyAlgorithms })).payload;
    return refuse("it is not signed as it must be");
  }
}

function refuse(reason: string): never {
  throw new SluiceError("unauthorized", `The token is not accepted: ${reason}.`);
}

function userOf(claims: JWTPayload, roleOf: (claims: JWTPayload) => Role | null): SignedIn | null {
  const role = roleOf(claims);
  if (role === null || !isId(claims.sub)) return null;
  const name = [claims.email, claims.name, claims.preferred_username].find(
    (each): each is string => typeof each === "string" && each !== "",
  );
  return { id: claims.sub, name: name ?? claims.sub, role, claims };
}

/** Imports and uploads are kept by it. */
function isId(sub: unknown): sub is string {
  return typeof sub === "string" && sub !== "" && isStorable(sub);
}

/** What is wrong with the token is its bearer's to know; that the keys cannot be had, the operator's. */
function explain(error: unknown): unknown {
  if (error instanceof SluiceError) return error;
  const refused = (reason: string): SluiceError =>
    new SluiceError("unauthorized", `The token is not accepted: ${reason}.`, { cause: error });
  if (error instanceof errors.JWTExpired) return refused("it has expired");
  if (error instanceof errors.JWTClaimValidationFailed) return refused(`its claim "${error.claim}" is ${error.reason}`);
  if (error instanceof errors.JWKSNoMatchingKey) return refused("its issuer has no such key");
  const isFetch =
    !(error instanceof errors.JOSEError) ||
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === "ERR_JOSE_GENERIC";
  // A token that cannot be decoded at all is a TypeError of jose's.
  if (error instanceof TypeError && /^Invalid Token/.test(error.message)) return refused("it is no JWT");
  if (isFetch)
    return new SluiceError("unavailable", "The keys of the token's issuer cannot be had at the moment. Try again.", {
      cause: error,
    });
  return refused("it is not signed as it must be");
}
