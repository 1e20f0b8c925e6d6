/** Secrets of sources as the database keeps them: AES-256-GCM with a key that only the config knows (NIST SP 800-38D). */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { SluiceError, told } from "../core/errors.ts";

const algorithm = "aes-256-gcm";
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

function keyOf(secret: string): Buffer {
  if (secret === "")
    throw new SluiceError(
      "conflict",
      told`Passwords and keys of sources are kept encrypted, and there is no key to encrypt them with. An operator has to set SLUICE_SECRETS_KEY, or put the source into the config.`,
    );
  return createHash("sha256").update("sluice sources ").update(secret).digest();
}

/** One byte of version, nonce, tag, and the text. @throws SluiceError `conflict` where there is no key */
export function seal(secrets: object, secret: string): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, keyOf(secret), nonce);
  const sealed = [cipher.update(JSON.stringify(secrets), "utf8"), cipher.final()];
  return Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), ...sealed]);
}

/** @throws SluiceError `conflict` where it was sealed by another key */
export function unseal(sealed: Uint8Array, secret: string): object {
  const bytes = Buffer.from(sealed);
  const key = keyOf(secret);
  try {
    if (bytes[0] !== version) throw new Error(`version ${bytes[0]}`);
    const [nonce, tag, text] = [
      bytes.subarray(1, 1 + nonceBytes),
      bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes),
      bytes.subarray(1 + nonceBytes + tagBytes),
    ];
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(tag);
    return JSON.parse(Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8")) as object;
  } catch (cause) {
    throw new SluiceError(
      "conflict",
      told`The source's password or key cannot be decrypted: SLUICE_SECRETS_KEY is another than when it was entered. Enter it again.`,
      { cause },
    );
  }
}
