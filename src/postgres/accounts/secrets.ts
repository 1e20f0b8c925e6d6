/**
 * Secrets that Sluice gives out: 256 random bits. Only their SHA-256 is kept; it needs no salt and no slow hash, for nobody
 * goes through 2^256 guesses, and finding it by index tells nothing about a secret that comes close.
 */
import { createHash, randomBytes } from "node:crypto";

/** 43 characters of base64url. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** What is kept of a secret; null for what is none, so that nobody asks the database about it. */
export function hashOf(secret: string): Buffer | null {
  return /^[\w-]{43}$/.test(secret) ? createHash("sha256").update(secret).digest() : null;
}
