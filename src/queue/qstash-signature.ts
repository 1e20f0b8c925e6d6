/**
 * QStash's signature on a request (https://upstash.com/docs/qstash/howto/signature), checked without its package: its Receiver compares
 * the address only where it is passed, pins no algorithm, and takes published keys where QSTASH_DEV is set.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { jwtVerify } from "jose";

/** Claims that every signature has; `body` is the SHA-256 of the raw body, as base64url. */
const claims = ["iss", "sub", "exp", "nbf", "iat", "jti", "body"];
/** How far QStash's clock may be from ours, in seconds. */
const clockTolerance = 5;
/** A signature holds for five minutes; one that would hold for long is none of QStash's. */
const longestSeconds = 600;
/** Our tasks are a few hundred bytes; a failure callback returns one, with the start of our answer. */
export const maxBodyBytes = 1024 * 1024;
const maxSignatureLength = 4096;

export interface SigningKeys {
  current: string;
  next: string;
}

/** The body and `jti` of a request that QStash has signed for `url`; null for any other. The body is not parsed before. */
export async function signedBody(
  request: Request,
  url: string,
  keys: SigningKeys,
): Promise<{ body: string; id: string } | null> {
  const signature = request.headers.get("upstash-signature");
  if (signature === null || signature.length > maxSignatureLength) return null;
  // First what costs least: a stranger's body is not read.
  const signed = (await verified(signature, url, keys.current)) ?? (await verified(signature, url, keys.next));
  if (signed === null) return null;
  const body = await bytesOf(request, maxBodyBytes);
  if (body === null) return null;
  const given = Buffer.from(signed.body.replace(/=+$/, ""));
  const wanted = Buffer.from(createHash("sha256").update(body).digest("base64url"));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  return { body: new TextDecoder().decode(body), id: signed.jti };
}

async function verified(signature: string, url: string, key: string): Promise<{ body: string; jti: string } | null> {
  // An empty key would let everybody sign.
  if (key === "") return null;
  try {
    const { payload } = await jwtVerify(signature, new TextEncoder().encode(key), {
      algorithms: ["HS256"],
      issuer: "Upstash",
      subject: url,
      clockTolerance,
      requiredClaims: claims,
    });
    const { body, jti, exp = 0, nbf = 0 } = payload;
    if (typeof body !== "string" || typeof jti !== "string" || exp - nbf > longestSeconds) return null;
    return { body, jti };
  } catch {
    return null;
  }
}

/** Null for one that is longer. */
async function bytesOf(request: Request, most: number): Promise<Uint8Array | null> {
  if (request.body === null) return new Uint8Array();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request.body as unknown as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > most) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
