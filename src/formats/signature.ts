/**
 * What a file is by its first bytes, whatever its name says: something that can be read, or something else that is
 * refused by its name with what to do about it.
 */
import { SluiceError, type Telling, told } from "../core/errors.ts";
import { kindOfText, type TextKind } from "./text-kind.ts";

/** `compound`: the container of old Office files ([MS-CFB]); its directory lists the contents. */
export type Kind = TextKind | "zip" | "gzip" | "compound";

/** No signature is further into a file than this. */
export const signatureBytes = 64 * 1024;

const readable: readonly (readonly [start: string, kind: Kind])[] = [
  // APPNOTE 4.3.7, 4.3.16 (an archive without entries) and 8.5.4 (one that was to be split).
  ["PK\x03\x04", "zip"],
  ["PK\x05\x06", "zip"],
  ["PK\x07\x08", "zip"],
  ["\x1f\x8b", "gzip"],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "compound"],
];

/** What a file of a name is, and what to do about it. */
type Refusal = (name: string) => Telling;

const packedBy =
  (packer: string): Refusal =>
  (name) =>
    told`${name} is compressed with ${packer}. Unpack it first, or use zip or gzip instead.`;
const picture: Refusal = (name) =>
  told`${name} is an image. Export the table itself as XLSX or CSV from the program it came from.`;
const oldWorkbook: Refusal = (name) =>
  told`${name} is an Excel workbook from before 1995. Open it in LibreOffice and save it as XLSX.`;
const statistics =
  (program: string): Refusal =>
  (name) =>
    told`${name} is a data set of ${program}. Export it as CSV.`;
const accessDatabase: Refusal = (name) =>
  told`${name} is an Access database. Export the table from Access as XLSX or CSV.`;

/** Files that begin like this are refused; `at` is where the signature is, 0 by default. */
const refused: readonly (readonly [signature: string, what: Refusal, at?: number])[] = [
  ["%PDF-", (name) => told`${name} is a PDF. Export the table as XLSX or CSV from the program it came from.`],
  [
    "{\\rtf",
    (name) =>
      told`${name} is a text document (RTF). Save its table as CSV, or copy it into a spreadsheet and save that as XLSX.`,
  ],
  ["\x89PNG\r\n\x1a\n", picture],
  ["\xff\xd8\xff", picture],
  ["GIF8", picture],
  ["II*\x00", picture],
  ["MM\x00*", picture],
  ["ftyphei", picture, 4],
  ["ftypmif1", picture, 4],
  ["WEBPVP8", picture, 8],
  [
    "SQLite format 3\x00",
    (name) => told`${name} is a SQLite database. Export the table: sqlite3 -header -csv FILE 'select * from TABLE'.`,
  ],
  ["Standard Jet DB", accessDatabase, 4],
  ["Standard ACE DB", accessDatabase, 4],
  ["PAR1", (name) => told`${name} is a Parquet file. Export it as CSV or as JSON Lines.`],
  ["ARROW1\x00\x00", (name) => told`${name} is an Arrow file. Export it as CSV or as JSON Lines.`],
  ["FEA1", (name) => told`${name} is a Feather file. Export it as CSV or as JSON Lines.`],
  ["Obj\x01", (name) => told`${name} is an Avro file. Export it as CSV or as JSON Lines.`],
  [
    "PGDMP",
    (name) =>
      told`${name} is a dump of a Postgres database (pg_dump). Restore it with pg_restore and export the table as CSV.`,
  ],
  ["$FL2@(#)", statistics("SPSS")],
  ["$FL3@(#)", statistics("SPSS")],
  ["<stata_dta>", statistics("Stata")],
  ["HEADER RECORD*******LIBRARY", statistics("SAS")],
  // The level comes before it.
  ["1AY&SY", packedBy("bzip2"), 4],
  ["\xfd7zXZ\x00", packedBy("xz")],
  ["7z\xbc\xaf\x27\x1c", packedBy("7-Zip")],
  ["\x28\xb5\x2f\xfd", packedBy("Zstandard")],
  ["\x04\x22\x4d\x18", packedBy("LZ4")],
  ["\x1f\x9d", packedBy("compress")],
  ["Rar!\x1a\x07", packedBy("RAR")],
  ["ustar", (name) => told`${name} is a tar archive. Unpack it and upload the file you want.`, 257],
  // [MS-XLS] BOF before there was a container: BIFF 2, 3 and 4.
  ["\x09\x00\x04\x00", oldWorkbook],
  ["\x09\x02\x06\x00", oldWorkbook],
  ["\x09\x04\x06\x00", oldWorkbook],
];

/** Those that are plain letters: a control character must follow them, for a column may be called `PAR1`. */
const plainLetters = new Set(["GIF8", "PAR1", "FEA1", "PGDMP"]);

/**
 * Judges a file by its beginning, of which `head` should hold `signatureBytes` or all there is.
 *
 * @throws SluiceError `invalid` for an empty file, and for one of a known kind that holds no table Sluice can read.
 */
export function kindOf(name: string, head: Uint8Array): Kind {
  if (head.length === 0) throw new SluiceError("invalid", told`${name} is empty: it has no header and no rows.`);
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 512)).toString("latin1");
  const known = readable.find(([signature]) => start.startsWith(signature));
  if (known !== undefined) return known[1];
  for (const [signature, what, at = 0] of refused) {
    if (!start.startsWith(signature, at)) continue;
    if (plainLetters.has(signature) && !hasControl(start.slice(signature.length, 12))) continue;
    throw new SluiceError("invalid", what(name));
  }
  return kindOfText(name, head);
}

function hasControl(text: string): boolean {
  return Array.from(text).some((char) => char < "\t" || (char > "\r" && char < " "));
}
