/** What a zip archive is by the names in it. */
import { describe, expect, it } from "vitest";
import { archiveKind } from "../../src/formats/archive-kind.ts";
import { openZip } from "../../src/formats/zip/archive.ts";
import { zipOf } from "../corpus/zip-bytes.ts";
import { bytesSource } from "./csv/bytes-source.ts";

async function kindOfZip(...parts: (string | [name: string, content: string])[]): Promise<unknown> {
  const zip = zipOf(
    parts.map((part) => (typeof part === "string" ? [part, "x"] : part)).map(([name, content]) => ({ name, content })),
  );
  const found = await archiveKind(await openZip({ ...bytesSource(zip), name: "leads.csv" }));
  return found.kind === "packed" ? found.files.map(({ entry }) => entry.name).join() : found.kind;
}
const spreadsheet: [string, string] = ["mimetype", "application/vnd.oasis.opendocument.spreadsheet"];

describe("archiveKind", () => {
  it.each<[string, (string | [string, string])[], string]>([
    ["a workbook", ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"], "xlsx"],
    ["a workbook whose parts lie elsewhere", ["[Content_Types].xml", "_rels/.rels", "book/main.xml"], "xlsx"],
    ["a workbook whose names are in other letters", ["[CONTENT_TYPES].XML", "XL/Workbook.xml"], "xlsx"],
    ["a workbook without content types", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"], "xlsx"],
    ["OpenDocument", [spreadsheet, "content.xml"], "ods"],
    ["a template of OpenDocument", [["mimetype", `${spreadsheet[1]}-template`], "content.xml"], "ods"],
    ["OpenDocument without its type", ["content.xml", "META-INF/manifest.xml"], "ods"],
    ["one file", ["people.csv"], "people.csv"],
    ["one file in a folder", ["export/", "export/2024/", "export/2024/people.csv"], "export/2024/people.csv"],
    [
      "one file and what systems put beside it",
      [
        "__MACOSX/",
        "__MACOSX/._people.csv",
        ".DS_Store",
        "a/.DS_Store",
        "._people.csv",
        "Thumbs.db",
        "desktop.ini",
        "people.csv",
      ],
      "people.csv",
    ],
    ["several files", ["a.csv", "b/", "b/c.csv", "b/._c.csv"], "a.csv,b/c.csv"],
  ])("takes %s", async (_, parts, kind) => {
    expect(await kindOfZip(...parts)).toBe(kind);
  });

  it.each<[string, (string | [string, string])[], RegExp]>([
    ["a binary workbook", ["[Content_Types].xml", "xl/workbook.bin"], /XLSB.*save it as XLSX/],
    ["a Word document", ["[Content_Types].xml", "word/document.xml"], /Word document/],
    ["a presentation", ["[Content_Types].xml", "ppt/presentation.xml"], /PowerPoint/],
    ["a Numbers document", ["Index/Document.iwa", "Metadata/Properties.plist", "preview.jpg"], /Numbers.*Export To/],
    ["an older Numbers document", ["Index.zip", "preview.jpg"], /Numbers/],
    ["a folder of Numbers", ["people.numbers/Index.zip", "people.numbers/preview.jpg"], /Numbers/],
    [
      "a text of OpenDocument",
      [["mimetype", "application/vnd.oasis.opendocument.text"], "content.xml"],
      /not a current spreadsheet/,
    ],
    ["a book", [["mimetype", "application/epub+zip"], "META-INF/container.xml"], /EPUB/],
    ["no file", ["export/", ".DS_Store"], /no files in it/],
  ])("refuses %s", async (_, parts, message) => {
    await expect(kindOfZip(...parts)).rejects.toThrow(message);
  });
});
