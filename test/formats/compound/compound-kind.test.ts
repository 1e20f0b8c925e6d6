/** Old Office files by the names of their streams. */
import { describe, expect, it } from "vitest";
import { compoundKind } from "../../../src/formats/compound/compound-kind.ts";
import { bytesSource } from "../csv/bytes-source.ts";

/** A compound file ([MS-CFB]) whose directory has these names, in sectors of 512 or 4,096 bytes; no stream has content. */
function compoundFile(names: readonly string[], { shift = 9, next }: { shift?: number; next?: number } = {}): Buffer {
  const sectorBytes = 2 ** shift;
  const perSector = sectorBytes / 128;
  const entries = ["Root Entry", ...names];
  const sectors = Math.ceil(entries.length / perSector);
  const header = Buffer.alloc(sectorBytes, 0);
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(header);
  header.writeUInt16LE(shift, 0x1e);
  // Sector 0 is the allocation table; the directory begins in sector 1.
  header.writeUInt32LE(1, 0x30);
  header.fill(0xff, 0x4c, 512);
  header.writeUInt32LE(0, 0x4c);
  const table = Buffer.alloc(sectorBytes, 0xff);
  for (let k = 1; k <= sectors; k++) table.writeUInt32LE(k < sectors ? k + 1 : (next ?? 0xfffffffe), 4 * k);
  const directory = Buffer.alloc(sectors * sectorBytes);
  for (const [k, name] of entries.entries()) {
    directory.write(`${name}\0`, 128 * k, "utf16le");
    directory.writeUInt16LE(2 * name.length + 2, 128 * k + 0x40);
    directory[128 * k + 0x42] = k === 0 ? 5 : 2;
  }
  return Buffer.concat([header, table, directory]);
}

const judge = (bytes: Uint8Array): Promise<string> => compoundKind({ ...bytesSource(bytes), name: "leads.xlsx" });
const many = Array.from({ length: 40 }, (_, k) => `Macro ${k}`);

describe("compoundKind", () => {
  it("knows an encrypted package", async () => {
    expect(await judge(compoundFile(["EncryptionInfo", "EncryptedPackage"]))).toBe("encrypted");
  });

  it.each<[string, Buffer]>([
    ["a workbook of Excel 97", compoundFile(["Workbook", "\u0005SummaryInformation"])],
    ["a workbook of Excel 5", compoundFile(["Book"])],
    ["a name in other letters", compoundFile(["WORKBOOK"])],
    ["a directory over several sectors", compoundFile([...many, "Workbook"])],
    ["sectors of 4,096 bytes", compoundFile([...many, "Workbook"], { shift: 12 })],
    ["a workbook with a document embedded in it", compoundFile(["Workbook", "MBD0001", "WordDocument"])],
  ])("takes %s", async (_, bytes) => {
    await expect(judge(bytes)).resolves.toBe("xls");
  });

  it.each<[string, Buffer, string]>([
    ["a Word document", compoundFile(["WordDocument", "1Table"]), "leads.xlsx is a Word document. Save its table"],
    ["a presentation", compoundFile(["PowerPoint Document"]), "PowerPoint"],
    ["a mail", compoundFile(["__properties_version1.0"]), "Outlook message"],
    ["an installer", compoundFile(["\u4840\u3f3f"]), "leads.xlsx is another program's file, not a workbook"],
    ["a file that ends in its header", compoundFile(["Workbook"]).subarray(0, 300), "damaged or truncated"],
    ["a file that ends before its directory", compoundFile(["Workbook"]).subarray(0, 1100), "damaged or truncated"],
    ["sectors of no size", compoundFile(["Workbook"], { shift: 9 }).fill(0, 0x1e, 0x20), "damaged or truncated"],
    [
      "a directory that runs in a circle",
      compoundFile([...many], { next: 1 }),
      "leads.xlsx is another program's file, not a workbook",
    ],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(judge(bytes)).rejects.toThrow(message);
  });
});
