/** The names in a compound file ([MS-CFB]), the container of Excel 97's workbooks and of encrypted new ones. */
import { SluiceError, type Telling, told } from "../core/errors.ts";
import type { Source } from "../core/ports.ts";
import { fill } from "./zip/directory.ts";

/** Entries of the directory that are examined; a workbook has a dozen, one with macros some hundred. */
const maxEntries = 4096;
const entryBytes = 128;

/**
 * The names of the storages and streams, in lower case.
 *
 * @throws SluiceError `invalid` where the directory cannot be read.
 */
async function namesIn(source: Source): Promise<Set<string>> {
  const header = Buffer.alloc(512);
  const names = new Set<string>();
  // 2.2: sectors of 512 or 4,096 bytes; sector n begins after the header, which takes one of them.
  const isWhole = (await fill(source, header, 0)) === header.length;
  const shift = header.readUInt16LE(0x1e);
  if (isWhole && (shift === 9 || shift === 12)) {
    const sectorBytes = 2 ** shift;
    const sector = Buffer.alloc(sectorBytes);
    const maxSectors = (maxEntries * entryBytes) / sectorBytes;
    let at = header.readUInt32LE(0x30);
    for (let n = 0; n < maxSectors && (await fill(source, sector, (at + 1) * sectorBytes)) === sectorBytes; n++) {
      for (let entry = 0; entry < sectorBytes; entry += entryBytes) noteName(sector.subarray(entry), names);
      // 2.3: the sector after this one is in the allocation table, whose first 109 sectors the header lists.
      const table = Math.floor(at / (sectorBytes / 4));
      const tableAt = table < 109 ? header.readUInt32LE(0x4c + 4 * table) : 0xffffffff;
      const found = await fill(
        source,
        header.subarray(0, 4),
        (tableAt + 1) * sectorBytes + 4 * (at % (sectorBytes / 4)),
      );
      if (found < 4) break;
      at = header.readUInt32LE(0);
    }
  }
  if (names.size === 0) {
    throw new SluiceError(
      "invalid",
      told`${source.name} is damaged or truncated: its directory cannot be read. Download it again.`,
    );
  }
  return names;
}

/** 2.6.1: the name in UTF-16, its length in bytes with the final NUL, and the kind of the entry. */
function noteName(entry: Buffer, names: Set<string>): void {
  const length = entry.readUInt16LE(0x40);
  if (entry[0x42] === 0 || length < 2 || length > 64) return;
  names.add(entry.toString("utf16le", 0, length - 2).toLowerCase());
}

/** What else lies in such containers. */
const others: readonly (readonly [stream: string, what: (name: string) => Telling])[] = [
  ["worddocument", (name) => told`${name} is a Word document. Save its table as XLSX or CSV.`],
  ["powerpoint document", (name) => told`${name} is a PowerPoint presentation. Save its table as XLSX or CSV.`],
  ["__properties_version1.0", (name) => told`${name} is an Outlook message. Save the table that is attached to it.`],
  ["visiodocument", (name) => told`${name} is a Visio drawing. Save its table as XLSX or CSV.`],
];

/**
 * Makes sure that a compound file is a workbook of Excel 97 to 2003, or of Excel 5.
 *
 * @throws SluiceError `invalid` naming what it is instead: a workbook under a password, a Word document.
 */
export async function requireXls(source: Source): Promise<void> {
  const names = await namesIn(source);
  // [MS-OFFCRYPTO] 2.3.4: a new password-protected workbook is in an old container.
  if (names.has("encryptedpackage")) {
    throw new SluiceError(
      "invalid",
      told`${source.name} is password-protected. Open it, remove the password, and save it.`,
    );
  }
  if (names.has("workbook") || names.has("book")) return;
  const [, what] = others.find(([stream]) => names.has(stream)) ?? [];
  throw new SluiceError(
    "invalid",
    what?.(source.name) ??
      told`${source.name} is another program's file, not a workbook. Export the table as XLSX or CSV.`,
  );
}
