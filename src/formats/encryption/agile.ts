/** Agile encryption, as Excel has used since 2010 ([MS-OFFCRYPTO] 2.3.4.10 to 2.3.4.15): described in XML, AES in CBC by segments. */
import { createDecipheriv, hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { scanXml, xmlEnd, xmlStart } from "../xml/scan.ts";
import { builtInPasswordBytes } from "./built-in-password.ts";
import type { SegmentCipher } from "./segment-cipher.ts";

/** 2.3.4.12 and 2.3.4.13: what tells the keys apart that are made of one password. */
const verifierInputKey = Buffer.from("fea7d2763b4b9e79", "hex");
const verifierValueKey = Buffer.from("d7aa0f6d3061344e", "hex");
const packageKey = Buffer.from("146e0be7abacd0d6", "hex");

const hashNames: Readonly<Record<string, string>> = {
  SHA1: "sha1",
  "SHA-1": "sha1",
  SHA256: "sha256",
  "SHA-256": "sha256",
  SHA384: "sha384",
  "SHA-384": "sha384",
  SHA512: "sha512",
  "SHA-512": "sha512",
};

/** Excel's own is 100,000. A file that wants more is made to take time. */
const maxSpins = 1_000_000;
/** Other work has its turn between so many. */
const spinsAtOnce = 20_000;

interface KeyData {
  salt: Buffer;
  blockBytes: number;
  keyBytes: number;
  hash: string;
}

interface PasswordKey extends KeyData {
  spins: number;
  verifierInput: Buffer;
  verifierValue: Buffer;
  keyValue: Buffer;
}

/** The cipher of a package, by the built-in password; null: it has another one, or an encryption that is not known. */
export async function agileCipher(
  description: Uint8Array,
  what: string,
  signal?: AbortSignal,
): Promise<SegmentCipher | null> {
  const described = describe(description, what);
  if (described === null) return null;
  const { data, key } = described;
  const spun = await spin(key, signal);
  const opened = (block: Buffer, value: Buffer): Buffer =>
    decrypt(value, fitted(hash(key.hash, Buffer.concat([spun, block]), "buffer"), key.keyBytes), iv(key.salt, key));
  const input = opened(verifierInputKey, key.verifierInput);
  const value = opened(verifierValueKey, key.verifierValue);
  const expected = hash(key.hash, input, "buffer");
  if (!expected.equals(value.subarray(0, expected.length))) return null;
  const secret = opened(packageKey, key.keyValue).subarray(0, data.keyBytes);
  const index = Buffer.alloc(4);
  return {
    decrypt(segment, k) {
      index.writeUInt32LE(k);
      return decrypt(segment, secret, iv(hash(data.hash, Buffer.concat([data.salt, index]), "buffer"), data));
    },
  };
}

/** 2.3.4.10: the elements keyData and, of those who may open it, the one with a password. */
function describe(description: Uint8Array, what: string): { data: KeyData; key: PasswordKey } | null {
  const xml = scanXml(description, what);
  let data: KeyData | null = null;
  let key: PasswordKey | null = null;
  for (let next = xml.next(); next !== xmlEnd; next = xml.next()) {
    if (next !== xmlStart) continue;
    const bytesOf = (name: string): Buffer => Buffer.from(xml.attribute(name) ?? "", "base64");
    const numberOf = (name: string): number => Number(xml.attribute(name) ?? Number.NaN);
    if (xml.name !== "keyData" && (xml.name !== "encryptedKey" || xml.attribute("spinCount") === null)) continue;
    const found: KeyData = {
      salt: bytesOf("saltValue"),
      blockBytes: numberOf("blockSize"),
      keyBytes: numberOf("keyBits") / 8,
      hash: hashNames[xml.attribute("hashAlgorithm") ?? ""] ?? "",
    };
    const isKnown =
      xml.attribute("cipherAlgorithm") === "AES" &&
      xml.attribute("cipherChaining") === "ChainingModeCBC" &&
      found.hash !== "" &&
      found.blockBytes === 16 &&
      [16, 24, 32].includes(found.keyBytes);
    if (!isKnown) return null;
    if (xml.name === "keyData") data = found;
    else {
      key = {
        ...found,
        spins: numberOf("spinCount"),
        verifierInput: bytesOf("encryptedVerifierHashInput"),
        verifierValue: bytesOf("encryptedVerifierHashValue"),
        keyValue: bytesOf("encryptedKeyValue"),
      };
    }
  }
  if (data === null || key === null || !(key.spins >= 0 && key.spins <= maxSpins)) return null;
  const isWhole = [key.verifierInput, key.verifierValue, key.keyValue].every(
    ({ length }) => length > 0 && length % key.blockBytes === 0,
  );
  return isWhole ? { data, key } : null;
}

/** 2.3.4.11: the password is hashed as often as the file says. */
async function spin({ hash: name, salt, spins }: PasswordKey, signal?: AbortSignal): Promise<Buffer> {
  let spun = hash(name, Buffer.concat([salt, builtInPasswordBytes]), "buffer");
  const round = Buffer.alloc(4 + spun.length);
  for (let k = 0; k < spins; k++) {
    round.writeUInt32LE(k);
    spun.copy(round, 4);
    spun = hash(name, round, "buffer");
    if (k % spinsAtOnce === spinsAtOnce - 1) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  return spun;
}

/** A key or vector of that many bytes: what is too short is filled with 0x36. */
function fitted(bytes: Buffer, length: number): Buffer {
  return bytes.length >= length ? bytes.subarray(0, length) : Buffer.concat([bytes], length).fill(0x36, bytes.length);
}

function iv(bytes: Buffer, { blockBytes }: KeyData): Buffer {
  return fitted(bytes, blockBytes);
}

function decrypt(bytes: Uint8Array, key: Buffer, vector: Buffer): Buffer {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % vector.length));
  const decipher = createDecipheriv(`aes-${8 * key.length}-cbc`, key, vector).setAutoPadding(false);
  return Buffer.concat([decipher.update(whole), decipher.final()]);
}
