/** What a zip archive is: a workbook, or files that somebody has packed; other documents are refused by their names. */
import { SluiceError, type Telling, told } from "../core/errors.ts";
import type { ZipArchive } from "./zip/archive.ts";
import type { ZipFile } from "./zip-files.ts";

/** `files`: one or more. */
export type ArchiveKind = { kind: "xlsx" | "ods" } | { kind: "packed"; files: ZipFile[] };

/** What operating systems add to the files that a person packs. */
const besides = /(^|\/)(__MACOSX\/|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$)|\/$/i;

const otherOffice: readonly (readonly [part: RegExp, what: (name: string) => Telling])[] = [
  [/^xl\/workbook\.bin$/i, (name) => told`${name} is a binary workbook (XLSB). Open it in Excel and save it as XLSX.`],
  [/^word\//i, (name) => told`${name} is a Word document. Save its table as XLSX or CSV.`],
  [/^ppt\//i, (name) => told`${name} is a PowerPoint presentation. Save its table as XLSX or CSV.`],
  [/^visio\//i, (name) => told`${name} is a Visio drawing. Save its table as XLSX or CSV.`],
  // Before and since 2013; Pages and Keynote pack their files the same way.
  [
    /(^|\/)Index\.(zip|apxl)$|\.iwa$/i,
    (name) => told`${name} is a Numbers document. In Numbers: File > Export To > Excel or CSV.`,
  ],
];

/**
 * Judges an archive by the names in it.
 *
 * @throws SluiceError `invalid` for other documents that are archives, and where there is no file.
 */
export async function archiveKind(archive: ZipArchive, signal?: AbortSignal): Promise<ArchiveKind> {
  const { fileName } = archive;
  const names = [...archive.entries.keys()];
  const other = otherOffice.find(([part]) => names.some((name) => part.test(name)));
  if (other !== undefined) throw new SluiceError("invalid", other[1](fileName));
  // ECMA-376 part 2, section 7.2.3.2: every package of Office Open XML has its content types.
  if (archive.find("[Content_Types].xml") !== null || archive.find("xl/workbook.xml") !== null) return { kind: "xlsx" };
  const mimetype = archive.find("mimetype");
  if (mimetype !== null) {
    // OpenDocument 1.3 part 2, section 3.3.
    const type = Buffer.from(await archive.readWhole(mimetype, { maxBytes: 4096, signal }))
      .toString("latin1")
      .trim();
    if (/opendocument\.spreadsheet(-template)?$/.test(type)) return { kind: "ods" };
    if (/opendocument|vnd\.sun\.xml/.test(type)) {
      throw new SluiceError(
        "invalid",
        told`${fileName} is an OpenDocument file, but not a current spreadsheet. Open it in LibreOffice and save it as XLSX or ODS.`,
      );
    }
    if (/epub/.test(type))
      throw new SluiceError("invalid", told`${fileName} is an e-book (EPUB). Save its table as XLSX or CSV.`);
  }
  if (archive.find("META-INF/manifest.xml") !== null && archive.find("content.xml") !== null) return { kind: "ods" };
  const files = [...archive.entries.values()]
    .filter(({ name }) => !besides.test(name))
    .map((entry, k) => ({ entry, index: k + 1 }));
  if (files.length > 0) return { kind: "packed", files };
  throw new SluiceError("invalid", told`${fileName} is an archive with no files in it.`);
}
