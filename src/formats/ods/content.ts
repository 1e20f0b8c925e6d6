/** A spreadsheet's content part, as it streams out of the archive. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import { partText } from "../xml/part-text.ts";
import { scanXml, xmlEnd, xmlStart } from "../xml/scan.ts";
import { openZip, type ZipArchive, type ZipEntry } from "../zip/archive.ts";

export interface Spreadsheet {
  archive: ZipArchive;
  content: ZipEntry;
  /** Of the file and its part, for messages. */
  what: string;
}

/**
 * Opens an OpenDocument spreadsheet (part 2: packages).
 *
 * @throws SluiceError `invalid`: no archive, a password, no content.
 */
export async function openSpreadsheet(source: Source, signal?: AbortSignal): Promise<Spreadsheet> {
  const archive = await openZip(source, signal);
  const manifest = archive.find("META-INF/manifest.xml");
  if (manifest !== null) {
    const what = `${source.name} (${manifest.name})`;
    refuseEncrypted(source.name, await archive.readWhole(manifest, { signal }), what);
  }
  const content = archive.find("content.xml");
  if (content === null) {
    throw new SluiceError(
      "invalid",
      told`${source.name} is not a spreadsheet: content.xml, the part that would hold its tables, is missing. Open it in LibreOffice and save it again.`,
    );
  }
  return { archive, content, what: `${source.name} (${content.name})` };
}

/** Part 2, section 3.4: the manifest says of every part whether it is encrypted; with OpenPGP, of the package. */
function refuseEncrypted(name: string, manifest: Uint8Array, what: string): void {
  const xml = scanXml(manifest, what);
  for (let next = xml.next(); next !== xmlEnd; next = xml.next()) {
    if (next === xmlStart && (xml.name === "encryption-data" || xml.name === "encrypted-key")) {
      throw new SluiceError(
        "invalid",
        told`${name} is password-protected. Open it in LibreOffice, save it without a password, and upload that file.`,
      );
    }
  }
}

/** How many sheets the document says it has; null where it does not. */
export async function countSheets({ archive }: Spreadsheet, signal?: AbortSignal): Promise<number | null> {
  const meta = archive.find("meta.xml");
  if (meta === null) return null;
  const xml = scanXml(await archive.readWhole(meta, { signal }), `${archive.fileName} (${meta.name})`);
  for (let next = xml.next(); next !== xmlEnd; next = xml.next()) {
    if (next !== xmlStart || xml.name !== "document-statistic") continue;
    const count = Number(xml.attribute("table-count"));
    return Number.isInteger(count) && count > 0 ? count : null;
  }
  return null;
}

/** The content from its start; `pieceBytes` cuts it, for tests. */
export async function* contentPieces(
  { archive, content, what }: Spreadsheet,
  { pieceBytes, signal }: { pieceBytes?: number; signal?: AbortSignal },
): AsyncGenerator<Uint8Array> {
  for await (const piece of partText(archive.read(content, { signal }), what)) {
    if (pieceBytes === undefined) yield piece;
    else for (let at = 0; at < piece.length; at += pieceBytes) yield piece.subarray(at, at + pieceBytes);
  }
}
