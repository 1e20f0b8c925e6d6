/**
 * A report as XLSX (ECMA-376, Office Open XML), written as it goes: one sheet of text cells, the next where a sheet is full.
 * Nothing of it is held but the piece under way.
 */
import { SluiceError } from "../errors.ts";
import { type ZipPart, zipped } from "./zip-stream.ts";

/** Limits of Excel ("Excel specifications and limits"): a workbook beyond them is not opened. */
const maxSheetRows = 1_048_576;
const maxColumns = 16_384;
const maxCellChars = 32_767;
/** What stands at the end of a cell that is longer; the CSV report has it whole. */
const cutMark = "… [cut]";

/** XML sent to the compressor at a time. */
const pieceChars = 64 * 1024;

export const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** The workbook's bytes; the first row is repeated at the head of each sheet. */
export async function* workbook(
  rows: AsyncIterable<readonly string[]>,
  sheetName: string,
  { sheetRows = maxSheetRows }: { sheetRows?: number } = {},
): AsyncGenerator<Uint8Array> {
  yield* zipped(workbookParts(rows, sheetName.slice(0, 25), Math.min(sheetRows, maxSheetRows)));
}

async function* workbookParts(
  rows: AsyncIterable<readonly string[]>,
  sheetName: string,
  sheetRows: number,
): AsyncGenerator<ZipPart> {
  const iterator = rows[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    const header = first.done ? [] : first.value;
    let next: IteratorResult<readonly string[]> = await iterator.next();
    let sheets = 0;
    do {
      sheets++;
      yield {
        name: `xl/worksheets/sheet${sheets}.xml`,
        pieces: (async function* () {
          yield `${xmlHead}<worksheet xmlns="${mainNamespace}"><sheetData>${rowXml(1, header)}`;
          let text = "";
          for (let row = 2; row <= sheetRows && !next.done; row++) {
            text += rowXml(row, next.value);
            next = await iterator.next();
            if (text.length < pieceChars) continue;
            yield text;
            text = "";
          }
          yield `${text}</sheetData></worksheet>`;
        })(),
      };
    } while (!next.done);
    for (const [name, text] of Object.entries(frame(sheetName, sheets))) yield { name, pieces: [text] };
  } finally {
    await iterator.return?.();
  }
}

const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const mainNamespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packageRelationships = "http://schemas.openxmlformats.org/package/2006/relationships";

/** The parts around the sheets (ECMA-376 part 1, 12.3; part 2, annex D). */
function frame(sheetName: string, sheets: number): Record<string, string> {
  const numbers = Array.from({ length: sheets }, (_, k) => k + 1);
  const of = (number: number): string => escapeXml(number === 1 ? sheetName : `${sheetName} (${number})`);
  const contentType = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return {
    "xl/workbook.xml": `${xmlHead}<workbook xmlns="${mainNamespace}" xmlns:r="${relationships}"><sheets>${numbers.map((k) => `<sheet name="${of(k)}" sheetId="${k}" r:id="rId${k}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${xmlHead}<Relationships xmlns="${packageRelationships}">${numbers.map((k) => `<Relationship Id="rId${k}" Type="${relationships}/worksheet" Target="worksheets/sheet${k}.xml"/>`).join("")}</Relationships>`,
    "_rels/.rels": `${xmlHead}<Relationships xmlns="${packageRelationships}"><Relationship Id="rId1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "[Content_Types].xml": `${xmlHead}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/>${numbers.map((k) => `<Override PartName="/xl/worksheets/sheet${k}.xml" ContentType="${contentType}.worksheet+xml"/>`).join("")}</Types>`,
  };
}

function rowXml(row: number, cells: readonly string[]): string {
  if (cells.length > maxColumns) {
    throw new SluiceError("invalid", `A sheet has at most ${maxColumns} columns. Take the report as CSV.`);
  }
  let xml = `<row r="${row}">`;
  for (const [column, cell] of cells.entries()) {
    if (cell === "") continue;
    xml += `<c r="${columnName(column)}${row}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(cellText(cell))}</t></is></c>`;
  }
  return `${xml}</row>`;
}

/** A text cell is never run as a formula; only an apostrophe needs one before it, as the report's reader takes one off. */
function cellText(cell: string): string {
  const text = cell.startsWith("'") ? `'${cell}` : cell;
  return text.length <= maxCellChars ? text : `${text.slice(0, maxCellChars - cutMark.length)}${cutMark}`;
}

/** `0` → `A`, `26` → `AA`. */
function columnName(column: number): string {
  let name = "";
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  }
  return name;
}

/** Characters that XML 1.0 has not stand as `_x001F_`, and what looks so by itself is escaped too (ECMA-376 part 1, 22.9.2.19). */
function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[&<>"]|[\0-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g, (char) => {
    switch (char) {
      case "&":
        return "&amp;";
      case "<":
        return "&lt;";
      case ">":
        return "&gt;";
      case '"':
        return "&quot;";
      case "_":
        return "_x005F_";
      default:
        return `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
    }
  });
}
