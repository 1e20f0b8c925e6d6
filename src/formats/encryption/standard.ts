/** Standard encryption, as Excel 2007 has used ([MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9): AES in ECB, its key from SHA-1. */
import { createDecipheriv, hash } from "node:crypto";
import { builtInPasswordBytes } from "./built-in-password.ts";
import type { SegmentCipher } from "./segment-cipher.ts";

/** 2.3.2: the algorithms of CryptoAPI, with the length of their key in bytes. */
const keyLengths: ReadonlyMap<number, number> = new Map([
  [0x660e, 16],
  [0x660f, 24],
  [0x6610, 32],
]);
const spins = 50_000;
const blockBytes = 16;

/** The cipher of a package, by the built-in password; null: it has another one, or an encryption that is not known. */
export function standardCipher(info: Buffer): SegmentCipher | null {
  if (info.length < 12) return null;
  const headerBytes = info.readUInt32LE(8);
  const at = 12 + headerBytes;
  // 2.3.3: a salt of 16 bytes after its length, the verifier, the length of its hash, the hash filled up to blocks.
  if (headerBytes < 32 || headerBytes > 4096 || info.length < at + 4 + 16 + 16 + 4 + 32) return null;
  const keyBytes = keyLengths.get(info.readUInt32LE(12 + 8));
  if (keyBytes === undefined || info.readUInt32LE(at) !== blockBytes) return null;
  const key = keyOf(info.subarray(at + 4, at + 20), keyBytes);
  const verifier = decrypt(info.subarray(at + 20, at + 36), key);
  const expected = hash("sha1", verifier, "buffer");
  if (!expected.equals(decrypt(info.subarray(at + 40, at + 72), key).subarray(0, expected.length))) return null;
  return { decrypt: (segment) => decrypt(segment, key) };
}

/** 2.3.4.7 */
function keyOf(salt: Buffer, length: number): Buffer {
  let spun = hash("sha1", Buffer.concat([salt, builtInPasswordBytes]), "buffer");
  const round = Buffer.alloc(4 + spun.length);
  for (let k = 0; k < spins; k++) {
    round.writeUInt32LE(k);
    spun.copy(round, 4);
    spun = hash("sha1", round, "buffer");
  }
  const last = hash("sha1", Buffer.concat([spun, Buffer.alloc(4)]), "buffer");
  const half = (fill: number): Buffer => {
    const padded = Buffer.alloc(64, fill);
    for (const [k, byte] of last.entries()) padded[k] ^= byte;
    return hash("sha1", padded, "buffer");
  };
  return Buffer.concat([half(0x36), half(0x5c)]).subarray(0, length);
}

function decrypt(bytes: Uint8Array, key: Buffer): Buffer {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % blockBytes));
  const decipher = createDecipheriv(`aes-${8 * key.length}-ecb`, key, null).setAutoPadding(false);
  return Buffer.concat([decipher.update(whole), decipher.final()]);
}
