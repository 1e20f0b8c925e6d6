/** An XLS workbook under a password, by each of the ways that Excel has had ([MS-XLS] 2.2.10). LibreOffice opens what is made here by RC4 and XOR. */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { rc4Stream } from "../../../src/formats/encryption/rc4.ts";

const library: typeof import("@e965/xlsx") = createRequire(import.meta.url)("@e965/xlsx");

export type XlsScheme = "rc4" | "rc4_cryptoapi" | "rc4_cryptoapi_40" | "xor";

const digest = (name: string, ...parts: Uint8Array[]): Buffer => createHash(name).update(Buffer.concat(parts)).digest();
const le = (value: number, bytes = 4): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
};
const xored = (bytes: Uint8Array, keys: Uint8Array): Buffer => Buffer.from(bytes.map((byte, k) => byte ^ keys[k]));

const salt = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
const verifier = Buffer.from("f0e0d0c0b0a090807060504030201000", "hex");
/** For `VelvetSweatshop`, as LibreOffice computes it ([MS-OFFCRYPTO] 2.3.7.2). */
const obfuscation = Buffer.from("876b9ae21ee305621e699660986e9404", "hex");

/** The same workbook, encrypted. */
export function encryptedXls(file: Uint8Array, scheme: XlsScheme, password = "VelvetSweatshop"): Buffer {
  const container = library.CFB.read(Buffer.from(file), { type: "buffer" });
  const stream = Buffer.from(library.CFB.find(container, "/Workbook")?.content as Uint8Array);
  const out = library.CFB.utils.cfb_new();
  library.CFB.utils.cfb_add(out, "/Workbook", encryptedStream(stream, scheme, password));
  return Buffer.from(library.CFB.write(out, { type: "buffer" }) as Uint8Array);
}

function encryptedStream(stream: Buffer, scheme: XlsScheme, password: string): Buffer {
  const { pass, keyOf } = schemeOf(scheme, Buffer.from(password, "utf16le"));
  const record = Buffer.concat([le(0x2f, 2), le(pass.length, 2), pass]);
  const behindStart = 4 + stream.readUInt16LE(2);
  const bytes = Buffer.concat([stream.subarray(0, behindStart), record, stream.subarray(behindStart)]);
  for (let at = behindStart + record.length; at + 4 <= bytes.length; ) {
    const type = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    const data = at + 4;
    const isClear = [0x0809, 0x002f, 0x0194, 0x0195, 0x00e1, 0x0196, 0x0138].includes(type);
    if (type === 0x85) bytes.writeUInt32LE(bytes.readUInt32LE(data) + record.length, data);
    for (let i = type === 0x85 ? data + 4 : data; i < data + length && !isClear; i++) {
      if (keyOf === null) {
        const turned = ((bytes[i] << 5) | (bytes[i] >> 3)) & 0xff;
        bytes[i] = turned ^ obfuscation[(i + length) % 16];
      } else {
        bytes[i] ^= keyOf(Math.floor(i / 1024))[i % 1024];
      }
    }
    at = data + length;
  }
  return bytes;
}

function schemeOf(
  scheme: XlsScheme,
  password: Buffer,
): { pass: Buffer; keyOf: ((block: number) => Uint8Array) | null } {
  if (scheme === "xor") return { pass: Buffer.concat([le(0, 2), le(0xb359, 2), le(0x9a0a, 2)]), keyOf: null };
  const streams = new Map<number, Uint8Array>();
  const cached =
    (key: (block: number) => Uint8Array) =>
    (block: number): Uint8Array => {
      const stream = streams.get(block) ?? rc4Stream(key(block), 1024);
      streams.set(block, stream);
      return stream;
    };
  if (scheme === "rc4") {
    const short = digest("md5", password).subarray(0, 5);
    const base = digest("md5", ...Array.from({ length: 16 }, () => Buffer.concat([short, salt]))).subarray(0, 5);
    const keyOf = cached((block) => digest("md5", base, le(block)));
    const check = xored(Buffer.concat([verifier, digest("md5", verifier)]), keyOf(0));
    return { pass: Buffer.concat([le(1, 2), le(1, 2), le(1, 2), salt, check]), keyOf };
  }
  const bits = scheme === "rc4_cryptoapi" ? 128 : 40;
  const base = digest("sha1", salt, password);
  const keyOf = cached((block) => {
    const key = digest("sha1", base, le(block)).subarray(0, bits / 8);
    return bits === 40 ? Buffer.concat([key], 16) : key;
  });
  const check = xored(Buffer.concat([verifier, digest("sha1", verifier)]), keyOf(0));
  const name = Buffer.from("Microsoft Enhanced Cryptographic Provider v1.0\0", "utf16le");
  const header = Buffer.concat([le(4), le(0), le(0x6801), le(0x8004), le(bits), le(1), le(0), le(0), name]);
  const verifierPart = Buffer.concat([le(16), salt, check.subarray(0, 16), le(20), check.subarray(16)]);
  const info = Buffer.concat([le(2, 2), le(2, 2), le(4), le(header.length), header, verifierPart]);
  return { pass: Buffer.concat([le(1, 2), info]), keyOf };
}
