/**
 * Decrypts the stream of an XLS workbook whose password is the one that Excel itself tries: its structure is protected, and it
 * opens without a question ([MS-XLS] 2.2.10, [MS-OFFCRYPTO] 2.3.5 to 2.3.7). Record by record: the headers are in the clear.
 */
import { hash } from "node:crypto";
import { builtInPasswordBytes } from "../encryption/built-in-password.ts";
import { rc4Stream } from "../encryption/rc4.ts";

const filePass = 0x002f;
const boundSheet = 0x0085;
/** BOF, UsrExcl, FileLock, InterfaceHdr, RRDInfo and RRDHead are never encrypted. */
const clearTypes = new Set([0x0009, 0x0209, 0x0409, 0x0809, filePass, 0x0194, 0x0195, 0x00e1, 0x0196, 0x0138]);
/** A record without meaning (Mms), in place of the one that says how the others are encrypted. */
const nothing = 0x00c1;

/** Decrypts the bytes from `start` to `end`, which are of a record with `length` bytes of data. */
type Decipher = (bytes: Buffer, start: number, end: number, length: number) => void;

/** The stream as it would be without its password; null: it has another one, or an encryption that is not known. */
export function unlockedStream(stream: Uint8Array): Buffer | null {
  const bytes = Buffer.from(stream);
  let decipher: Decipher | null = null;
  for (let at = 0; at + 4 <= bytes.length; ) {
    const type = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    const data = at + 4;
    const end = Math.min(bytes.length, data + length);
    if (type === filePass && decipher === null) {
      decipher = decipherOf(bytes.subarray(data, end));
      if (decipher === null) return null;
      bytes.writeUInt16LE(nothing, at);
    } else if (decipher !== null && !clearTypes.has(type)) {
      // Where a sheet begins (2.4.28) is in the clear.
      const start = type === boundSheet ? Math.min(end, data + 4) : data;
      decipher(bytes, start, end, length);
    }
    at = end;
  }
  return decipher === null ? null : bytes;
}

/** 2.4.117: by what, and by which key. */
function decipherOf(pass: Buffer): Decipher | null {
  // Excel 5 and 95 know obfuscation alone, without a number for it.
  if (pass.length === 4) return isObfuscatedBy(pass.readUInt16LE(0), pass.readUInt16LE(2)) ? deobfuscate : null;
  if (pass.length < 6) return null;
  if (pass.readUInt16LE(0) === 0)
    return isObfuscatedBy(pass.readUInt16LE(2), pass.readUInt16LE(4)) ? deobfuscate : null;
  const [major, minor] = [pass.readUInt16LE(2), pass.readUInt16LE(4)];
  const keyOf = major === 1 && minor === 1 ? rc4Key(pass.subarray(6)) : minor === 2 ? apiKey(pass.subarray(6)) : null;
  return keyOf === null ? null : byBlocks(keyOf);
}

/** The key of a block of the stream. */
type KeyOf = (block: number) => Uint8Array;

/** [MS-XLS] 2.2.10: a key for every 1,024 bytes of the stream, headers included. */
const blockBytes = 1024;

function byBlocks(keyOf: KeyOf): Decipher {
  let block = -1;
  let keys: Uint8Array = new Uint8Array();
  return (bytes, start, end) => {
    for (let i = start; i < end; i++) {
      const own = Math.floor(i / blockBytes);
      if (own !== block) {
        block = own;
        keys = rc4Stream(keyOf(block), blockBytes);
      }
      bytes[i] ^= keys[i % blockBytes];
    }
  };
}

function numbered(bytes: Uint8Array, block: number): Buffer {
  const numberedBytes = Buffer.alloc(bytes.length + 4);
  numberedBytes.set(bytes);
  numberedBytes.writeUInt32LE(block, bytes.length);
  return numberedBytes;
}

/** [MS-OFFCRYPTO] 2.3.6: RC4 with 40 bits of a key. Null: another password. */
function rc4Key(header: Buffer): KeyOf | null {
  if (header.length < 48) return null;
  const [salt, verifier, verifierHash] = [header.subarray(0, 16), header.subarray(16, 32), header.subarray(32, 48)];
  const short = hash("md5", builtInPasswordBytes, "buffer").subarray(0, 5);
  const salted = Buffer.concat([short, salt]);
  const base = hash("md5", Buffer.concat(Array.from({ length: 16 }, () => salted)), "buffer").subarray(0, 5);
  const keyOf: KeyOf = (block) => hash("md5", numbered(base, block), "buffer");
  return isKey(keyOf, "md5", verifier, verifierHash) ? keyOf : null;
}

/** 2.3.5: RC4 of CryptoAPI, its key from SHA-1. Null: another password. */
function apiKey(header: Buffer): KeyOf | null {
  // Flags, the header's length, the header; a salt of 16 bytes after its length, the verifier, the length of its hash, the hash.
  if (header.length < 8) return null;
  const at = 8 + header.readUInt32LE(4);
  if (header.length < at + 60 || at < 8 + 32) return null;
  const isRc4 = header.readUInt32LE(8 + 8) === 0x6801;
  const bits = header.readUInt32LE(8 + 16) || 40;
  if (!isRc4 || bits % 8 !== 0 || bits < 40 || bits > 128) return null;
  const base = hash("sha1", Buffer.concat([header.subarray(at + 4, at + 20), builtInPasswordBytes]), "buffer");
  const keyOf: KeyOf = (block) => {
    const key = hash("sha1", numbered(base, block), "buffer").subarray(0, bits / 8);
    // 2.3.5.2: a key of 40 bits is filled up to 128.
    return bits === 40 ? Buffer.concat([key], 16) : key;
  };
  return isKey(keyOf, "sha1", header.subarray(at + 20, at + 36), header.subarray(at + 40, at + 60)) ? keyOf : null;
}

function isKey(keyOf: KeyOf, hashName: string, verifier: Uint8Array, verifierHash: Uint8Array): boolean {
  const encrypted = Buffer.concat([verifier, verifierHash]);
  const keys = rc4Stream(keyOf(0), encrypted.length);
  const clear = encrypted.map((byte, k) => byte ^ keys[k]);
  return hash(hashName, clear.subarray(0, verifier.length), "buffer").equals(clear.subarray(verifier.length));
}

/** 2.3.7.1 and 2.3.7.2, worked out for the one password: its key, its verifier, and the bytes that obfuscate. */
const obfuscationKey = 0xb359;
const obfuscationVerifier = 0x9a0a;
const obfuscation = Buffer.from("876b9ae21ee305621e699660986e9404", "hex");

function isObfuscatedBy(key: number, verifier: number): boolean {
  return key === obfuscationKey && verifier === obfuscationVerifier;
}

/** 2.3.7.3; [MS-XLS] 2.2.10: which byte is the first depends on the record's place in the stream and its length. */
const deobfuscate: Decipher = (bytes, start, end, length) => {
  for (let i = start; i < end; i++) {
    const mixed = bytes[i] ^ obfuscation[(length + i) % obfuscation.length];
    bytes[i] = ((mixed << 3) | (mixed >> 5)) & 0xff;
  }
};
