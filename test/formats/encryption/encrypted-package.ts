/** A package under a password, as Excel 2007 and Excel since 2010 encrypt it ([MS-OFFCRYPTO] 2.3.4). LibreOffice opens what is made here for 2007. */
import { createCipheriv, createHash } from "node:crypto";
import { createRequire } from "node:module";

const library: typeof import("@e965/xlsx") = createRequire(import.meta.url)("@e965/xlsx");

export interface Encryption {
  scheme: "agile" | "standard";
  password?: string;
  /** Of an agile package. */
  hashAlgorithm?: "SHA1" | "SHA256" | "SHA512";
  keyBits?: 128 | 192 | 256;
  spinCount?: number;
  /** Of a standard one: its algorithm's number. */
  algorithm?: number;
  /** Changes the package's bytes once they are encrypted. */
  damage?: (encrypted: Buffer) => Buffer;
}

const digest = (name: string, ...parts: Uint8Array[]): Buffer => createHash(name).update(Buffer.concat(parts)).digest();
const le = (value: number, bytes = 4): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
};
const bytesOf = (seed: string, length: number): Buffer => digest("sha512", Buffer.from(seed)).subarray(0, length);
const filled = (bytes: Buffer): Buffer => Buffer.concat([bytes], Math.ceil(bytes.length / 16) * 16);

function encrypt(mode: string, key: Buffer, iv: Buffer | null, bytes: Buffer): Buffer {
  const cipher = createCipheriv(`aes-${8 * key.length}-${mode}`, key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(filled(bytes)), cipher.final()]);
}

export function encryptedPackage(plain: Uint8Array, encryption: Encryption): Buffer {
  const { info, encrypted } =
    encryption.scheme === "agile" ? agile(Buffer.from(plain), encryption) : standard(Buffer.from(plain), encryption);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(plain.length));
  const container = library.CFB.utils.cfb_new();
  library.CFB.utils.cfb_add(container, "/EncryptionInfo", info);
  const whole = Buffer.concat([size, encrypted]);
  library.CFB.utils.cfb_add(container, "/EncryptedPackage", encryption.damage?.(whole) ?? whole);
  return Buffer.from(library.CFB.write(container, { type: "buffer" }) as Uint8Array);
}

function agile(plain: Buffer, encryption: Encryption): { info: Buffer; encrypted: Buffer } {
  const { password = "VelvetSweatshop", hashAlgorithm = "SHA512", keyBits = 256, spinCount = 1000 } = encryption;
  const name = hashAlgorithm.toLowerCase();
  const [dataSalt, salt, secret, verifier] = ["data", "password", "secret", "verifier"].map((seed, k) =>
    bytesOf(seed, k === 2 ? keyBits / 8 : 16),
  );
  let spun = digest(name, salt, Buffer.from(password, "utf16le"));
  for (let k = 0; k < spinCount; k++) spun = digest(name, le(k), spun);
  const keyFor = (block: string): Buffer => {
    const key = digest(name, spun, Buffer.from(block, "hex"));
    return key.length >= keyBits / 8
      ? key.subarray(0, keyBits / 8)
      : Buffer.concat([key, Buffer.alloc(keyBits / 8 - key.length, 0x36)]);
  };
  const locked = (block: string, value: Buffer): string =>
    encrypt("cbc", keyFor(block), salt, value).toString("base64");
  const pieces: Buffer[] = [];
  for (let k = 0; k * 4096 < plain.length; k++) {
    const iv = digest(name, dataSalt, le(k)).subarray(0, 16);
    pieces.push(encrypt("cbc", secret, iv, plain.subarray(k * 4096, (k + 1) * 4096)));
  }
  const common = `saltSize="16" blockSize="16" keyBits="${keyBits}" hashSize="${digest(name).length}" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="${hashAlgorithm}"`;
  const xml = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><keyData ${common} saltValue="${dataSalt.toString("base64")}"/><keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><p:encryptedKey spinCount="${spinCount}" ${common} saltValue="${salt.toString("base64")}" encryptedVerifierHashInput="${locked("fea7d2763b4b9e79", verifier)}" encryptedVerifierHashValue="${locked("d7aa0f6d3061344e", digest(name, verifier))}" encryptedKeyValue="${locked("146e0be7abacd0d6", secret)}"/></keyEncryptor></keyEncryptors></encryption>`;
  return {
    info: Buffer.concat([le(4, 2), le(4, 2), le(0x40), Buffer.from(xml)]),
    encrypted: Buffer.concat(pieces),
  };
}

function standard(plain: Buffer, encryption: Encryption): { info: Buffer; encrypted: Buffer } {
  const { password = "VelvetSweatshop", keyBits = 128, algorithm = 0x660e } = encryption;
  const salt = bytesOf("salt", 16);
  const verifier = bytesOf("verifier", 16);
  let spun = digest("sha1", salt, Buffer.from(password, "utf16le"));
  for (let k = 0; k < 50_000; k++) spun = digest("sha1", le(k), spun);
  const last = digest("sha1", spun, le(0));
  const half = (fill: number): Buffer => {
    const block = Buffer.alloc(64, fill);
    for (let k = 0; k < last.length; k++) block[k] ^= last[k];
    return digest("sha1", block);
  };
  const key = Buffer.concat([half(0x36), half(0x5c)]).subarray(0, keyBits / 8);
  const name = Buffer.from("Microsoft Enhanced RSA and AES Cryptographic Provider\0", "utf16le");
  const header = Buffer.concat([le(0x24), le(0), le(algorithm), le(0x8004), le(keyBits), le(0x18), le(0), le(0), name]);
  const verifierPart = Buffer.concat([
    le(16),
    salt,
    encrypt("ecb", key, null, verifier),
    le(20),
    encrypt("ecb", key, null, digest("sha1", verifier)),
  ]);
  return {
    info: Buffer.concat([le(3, 2), le(2, 2), le(0x24), le(header.length), header, verifierPart]),
    encrypted: encrypt("ecb", key, null, plain),
  };
}
