/** What a file is by its first bytes, and what is said of those that are something else. */
import { describe, expect, it } from "vitest";
import { kindOf } from "../../src/formats/signature.ts";

const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");
const bigEndian = (text: string): Uint8Array => Buffer.from(text, "utf16le").swap16();

describe("kindOf", () => {
  it.each<[string, Uint8Array, string]>([
    ["commas", latin1("name,city\n"), "csv"],
    ["an empty first line", latin1("\r\n\r\nname;city\n"), "csv"],
    ["bytes that are no text: the CSV reader says so", latin1("\x00\x01\x02\x03"), "csv"],
    ["a header that Excel takes for SYLK", latin1("ID;Prénom;Nom\n1;A;B\n"), "csv"],
    ["a column called PAR1", latin1("PAR1;PAR2\n1;2\n"), "csv"],
    ["a column called PK", latin1("PK;name\n"), "csv"],
    ["a column called GIF89a", latin1("GIF89a;name\n"), "csv"],
    ["a cell in angle brackets", latin1("<unknown>;b\n"), "csv"],
    ["a cell in square brackets", latin1("[urgent];b\n"), "csv"],
    ["a section's heading", latin1("[section]\nkey=1"), "csv"],
    ["columns in square brackets", latin1("[id],[name]"), "csv"],
    ["numbers in square brackets", latin1("[1];[2]\n[3];[4]\n"), "csv"],
    ["links of a wiki", latin1("[[Home]];x\n"), "csv"],
    ["comments that end in nothing", latin1("<!---->".repeat(9000)), "csv"],
    ["brackets without end", latin1("[".repeat(65_000)), "json"],
    ["blanks without end", latin1(`{${" ".repeat(65_000)}`), "csv"],
    ["a GUID", latin1("{3F2504E0-4F89-11D3-9A0C-0305E82C3301};Ann\n"), "csv"],
    ["a template's braces", latin1("{name};{city}\n"), "csv"],
    ["UTF-16 with a mark", Buffer.from("\ufeffname;city\n", "utf16le"), "csv"],
    ["UTF-16 without one", bigEndian("name;city\n"), "csv"],
    ["a list of objects", latin1('[{"a": 1}]'), "json"],
    ["a list of objects over lines", latin1('\n[\n  {\n    "a": 1'), "json"],
    ["a list without objects", latin1("[]"), "json"],
    ["an object without members", latin1("{}"), "json"],
    ["a list of plain values", latin1("[null, 1]"), "json"],
    ["a list of lists", latin1('[["a", "b"], [1, 2]]'), "json"],
    ["a list of lists that goes on", latin1('[["a", "b"],\n'), "json"],
    ["a list of numbers over lines", latin1("[\n1,\n2\n]"), "json"],
    ["an object a line", latin1('{"a":1}\n{"a":2}\n'), "json"],
    ["a list a line", latin1('["a","b"]\n[1,2]\n'), "json"],
    ["a list in an object", latin1('{"data": [{"a": 1}]}'), "json"],
    ["an object whose name has a quote", latin1('{"a\\"b" : 1}'), "json"],
    ["damaged JSON: its reader says where", latin1('[{"a": 1},, {"a": 2}]'), "json"],
    ["JSON behind a mark", Buffer.from('\ufeff[{"a":1}]'), "json"],
    ["JSON in UTF-16", Buffer.from('\ufeff[{"a":1}]', "utf16le"), "json"],
    ["JSON in unmarked UTF-16", bigEndian('{"a":1}\n'), "json"],
    ["a zip archive", latin1("PK\x03\x04\x14\x00"), "zip"],
    ["a zip archive without entries", latin1("PK\x05\x06\x00\x00"), "zip"],
    ["gzip", latin1("\x1f\x8b\x08\x00"), "gzip"],
    ["an old Office file", latin1("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "compound"],
  ])("judges %s", (_, bytes, kind) => {
    expect(kindOf("leads.xlsx", bytes)).toBe(kind);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["nothing at all", latin1(""), /is empty: it has no header and no rows/],
    ["a PDF", latin1("%PDF-1.7\n%\xe2\xe3"), /is a PDF/],
    ["RTF", latin1("{\\rtf1\\ansi"), /RTF/],
    ["a PNG", latin1("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), /is an image/],
    ["a JPEG", latin1("\xff\xd8\xff\xe0\0\x10JFIF"), /is an image/],
    ["a GIF", latin1("GIF89a\x40\x01\xf0\x00"), /is an image/],
    ["an iPhone's picture", latin1("\0\0\0\x18ftypheic\0\0\0\0"), /is an image/],
    ["a WebP", latin1("RIFF\x24\0\0\0WEBPVP8 "), /is an image/],
    ["SQLite", latin1("SQLite format 3\0\x10\0"), /SQLite.*sqlite3 -header -csv/],
    ["Access", latin1("\0\x01\0\0Standard ACE DB\0"), /Access database/],
    ["Parquet", latin1("PAR1\x15\x04\x15\x10"), /Parquet.*CSV or as JSON Lines/],
    ["Arrow", latin1("ARROW1\0\0\xff\xff"), /Arrow/],
    ["Feather", latin1("FEA1\0\0\0\0"), /Feather/],
    ["Avro", latin1("Obj\x01\x04\x16avro.schema"), /Avro/],
    ["bzip2", latin1("BZh91AY&SY\x12"), /compressed with bzip2\. Unpack it first/],
    ["xz", latin1("\xfd7zXZ\0\0"), /compressed with xz/],
    ["7-Zip", latin1("7z\xbc\xaf\x27\x1c\0\x04"), /compressed with 7-Zip/],
    ["Zstandard", latin1("\x28\xb5\x2f\xfd\x04"), /compressed with Zstandard/],
    ["LZ4", latin1("\x04\x22\x4d\x18\x64"), /compressed with LZ4/],
    ["compress", latin1("\x1f\x9d\x90a"), /compressed with compress/],
    ["RAR", latin1("Rar!\x1a\x07\x01\0"), /compressed with RAR/],
    ["tar", latin1(`${"people.csv".padEnd(257, "\0")}ustar\x0000`), /tar archive/],
    ["Excel 2", latin1("\x09\x00\x04\x00\x02\x00\x10\x00"), /before 1995/],
    ["Excel 4", latin1("\x09\x04\x06\x00\x00\x00\x10\x00"), /before 1995/],
    ["SYLK", latin1("ID;PWXL;N;E\r\nP;PGeneral\r\n"), /SYLK/],
    [
      "a page",
      latin1("<!DOCTYPE html>\n<html><body><table>"),
      /is an HTML page, whatever its name says.*save it as XLSX/,
    ],
    ["a table of HTML", latin1('\r\n<table border="1"><tr><td>a'), /HTML page/],
    ["Excel's own HTML", latin1('<html xmlns:o="urn:schemas-microsoft-com:office:office">'), /HTML page/],
    [
      "XHTML",
      latin1('<?xml version="1.0"?>\n<!-- made by us -->\n<html xmlns="http://www.w3.org/1999/xhtml">'),
      /HTML page/,
    ],
    ["a page behind comments", latin1(`${"<!-- x -->\n".repeat(5000)}<table>`), /HTML page/],
    ["XML behind comments", latin1(`<?xml version="1.0"?>${"<!---->".repeat(9000)}<x>`), /XML file/],
    ["HTML in UTF-16", Buffer.from("\ufeff<html><body>", "utf16le"), /HTML page/],
    ["a web archive", latin1("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x"), /web archive/],
    [
      "XML of Excel 2003",
      latin1(
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
      ),
      /Excel 2003 XML spreadsheet, whatever its name says\. Open it in Excel or LibreOffice and save it as XLSX/,
    ],
    [
      "flat OpenDocument",
      latin1('<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">'),
      /flat OpenDocument/,
    ],
    ["other XML", latin1('\ufeff<?xml version="1.0"?><people><person/></people>'.slice(1)), /is an XML file/],
    ["vCards", latin1("BEGIN:VCARD\r\nVERSION:3.0\r\n"), /vCards/],
    ["a calendar", latin1("BEGIN:VCALENDAR\r\n"), /calendar/],
    ["PGP", latin1("-----BEGIN PGP MESSAGE-----\n"), /encrypted with PGP/],
  ])("refuses %s by its name", (_, bytes, message) => {
    expect(() => kindOf("leads.csv", bytes)).toThrow(message);
    expect(() => kindOf("leads.csv", bytes)).toThrow(/^leads\.csv /);
  });
});
