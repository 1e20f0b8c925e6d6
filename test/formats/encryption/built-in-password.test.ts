/** Workbooks under Excel's own password, which open without asking, and those under a person's. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Source } from "../../../src/core/ports.ts";
import { unlocked } from "../../../src/formats/encryption/unlocked-source.ts";
import { formats } from "../../../src/formats/formats.ts";
import { readOutcome } from "../../corpus/read-outcome.ts";
import { rowXml, workbookOf } from "../../corpus/workbook-bytes.ts";
import { zipOf } from "../../corpus/zip-bytes.ts";
import { memorySource } from "../../memory-source.ts";
import { type Encryption, encryptedPackage } from "./encrypted-package.ts";
import { encryptedXls, type XlsScheme } from "./encrypted-xls.ts";

const plain = workbookOf({ sheet: rowXml(1, "name", "n") + rowXml(2, "Ann", 5) + rowXml(3, "Zoé", 7) });
const people = readFileSync(new URL("../xls/people.xls", import.meta.url));

async function rowsOf(name: string, bytes: Uint8Array): Promise<string[][]> {
  const outcome = await readOutcome(memorySource(name, bytes), {});
  if (outcome.error !== null) throw outcome.error;
  return outcome.rows.map(({ cells }) => cells);
}

const locked = (encryption: Encryption): Source => memorySource("people.xlsx", encryptedPackage(plain, encryption));

describe("an encrypted XLSX workbook", () => {
  it.each<Encryption>([
    { scheme: "agile" },
    { scheme: "agile", hashAlgorithm: "SHA256", keyBits: 192 },
    { scheme: "agile", hashAlgorithm: "SHA1", keyBits: 128 },
    { scheme: "agile", hashAlgorithm: "SHA1", keyBits: 256, spinCount: 0 },
    { scheme: "standard" },
    { scheme: "standard", keyBits: 256, algorithm: 0x6610 },
  ])("is read without a password: $scheme $hashAlgorithm $keyBits", async (encryption) => {
    expect(await rowsOf("people.xlsx", encryptedPackage(plain, encryption))).toEqual([
      ["name", "n"],
      ["Ann", "=5"],
      ["Zoé", "=7"],
    ]);
  });

  it("is read in a zip archive too", async () => {
    const bytes = zipOf([{ name: "people.xlsx", content: encryptedPackage(plain, { scheme: "agile" }) }]);
    expect((await rowsOf("people.zip", bytes))[1]).toEqual(["Ann", "=5"]);
  });

  it("shows its sheets", async () => {
    expect(await formats.sheets?.(locked({ scheme: "agile" }))).toMatchObject([{ name: "Sheet1", columns: 2 }]);
  });

  it.each<[string, Encryption]>([
    ["another password", { scheme: "agile", password: "secret" }],
    ["another password of Excel 2007", { scheme: "standard", password: "secret" }],
    ["an algorithm that is not known", { scheme: "standard", algorithm: 0x6801 }],
    ["a key that takes hours to make", { scheme: "agile", spinCount: 2_000_000 }],
  ])("is refused for %s", async (_, encryption) => {
    await expect(formats.detect(locked(encryption), {})).rejects.toThrow(
      "people.xlsx is password-protected. Open it, remove the password, and save it.",
    );
  });

  it.each<[string, (encrypted: Buffer) => Buffer]>([
    ["is cut", (encrypted) => encrypted.subarray(0, encrypted.length - 600)],
    ["says that it is larger than it is", (encrypted) => Buffer.concat([Buffer.alloc(8, 0x7f), encrypted.subarray(8)])],
    [
      "has other bytes in its middle",
      (encrypted) => {
        encrypted.fill(0, 200, 1000);
        return encrypted;
      },
    ],
    [
      "has other bytes at its end",
      (encrypted) => {
        encrypted.fill(0, encrypted.length - 64);
        return encrypted;
      },
    ],
  ])("is told as damaged when it %s", async (_, damage) => {
    await expect(rowsOf("people.xlsx", encryptedPackage(plain, { scheme: "agile", damage }))).rejects.toThrow(
      /people\.xlsx.* damaged/,
    );
  });

  it("is named when it is no workbook", async () => {
    const document = zipOf([
      { name: "[Content_Types].xml", content: "<Types/>" },
      { name: "word/document.xml", content: "<document/>" },
    ]);
    const source = memorySource("letter.docx", encryptedPackage(document, { scheme: "agile" }));
    await expect(formats.detect(source, {})).rejects.toThrow("letter.docx is a Word document");
  });

  it("is decrypted at any place, whatever its size", async () => {
    // Beyond 7 MB the sectors' table has a table of its own.
    const whole = randomBytes(9 * 1024 * 1024 + 123);
    const source = await unlocked(memorySource("large.xlsx", encryptedPackage(whole, { scheme: "agile" })));
    expect(source.sizeBytes).toBe(whole.length);
    for (const [offset, length] of [
      [0, 4],
      [4095, 2],
      [1_000_000, 700_000],
      [whole.length - 10, 10],
      [whole.length - 5, 100],
      [8_400_000, 1],
      [3, 5],
    ]) {
      const into = Buffer.alloc(length);
      let done = 0;
      for (let read = -1; read !== 0 && done < length; done += read)
        read = await source.read(into.subarray(done), offset + done);
      expect(into.subarray(0, done).equals(whole.subarray(offset, offset + length))).toBe(true);
    }
  });
});

describe("an encrypted package", () => {
  it("is read at several places at the same time", async () => {
    const whole = randomBytes(1024 * 1024);
    const source = await unlocked(memorySource("people.xlsx", encryptedPackage(whole, { scheme: "agile" })));
    const pieces = await Promise.all(
      [0, 100_000, 800_001].map(async (offset) => {
        const into = Buffer.alloc(50_000);
        const length = await source.read(into, offset);
        return { offset, length, isRight: into.subarray(0, length).equals(whole.subarray(offset, offset + length)) };
      }),
    );
    expect(pieces.filter(({ length, isRight }) => length === 0 || !isRight)).toEqual([]);
  });
});

describe("an encrypted XLS workbook", () => {
  it.each<XlsScheme>(["rc4", "rc4_cryptoapi", "rc4_cryptoapi_40", "xor"])(
    "is read without a password: %s",
    async (scheme) => {
      expect(await rowsOf("people.xls", encryptedXls(people, scheme))).toEqual(await rowsOf("people.xls", people));
    },
  );

  it.each<XlsScheme>(["rc4", "rc4_cryptoapi"])("is refused for another password: %s", async (scheme) => {
    await expect(rowsOf("people.xls", encryptedXls(people, scheme, "secret"))).rejects.toThrow(
      "people.xls is password-protected. Open it in Excel, save it as XLSX without a password, and upload that file.",
    );
  });
});
