/**
 * A report, or a file to fill in, as XLSX (ECMA-376, Office Open XML), written as it goes: one sheet of text cells, the next
 * where a sheet is full. Only the current piece is in memory.
 */
import { SluiceError, told } from "../core/errors.ts";
import { isFormula } from "../core/formula-guard.ts";
import { type ZipPart, zipped } from "./zip-stream.ts";

/** Limits of Excel ("Excel specifications and limits"): a workbook beyond them is not opened. */
const maxSheetRows = 1_048_576;
const maxColumns = 16_384;
const maxCellChars = 32_767;
/** The end of a cell that was cut; the CSV report has it whole. */
const cutMark = "… [cut]";

/** XML sent to the compressor at a time. */
const pieceChars = 64 * 1024;

export const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** What a column of a sheet is like where somebody types into it. */
export interface SheetColumn {
  /** In characters. */
  width: number;
  /** What is typed stays as it is: no zero is lost, no phone becomes a number. */
  isText: boolean;
  /** Offered as a list; other values can be typed too. */
  choices?: readonly string[];
}

export interface WorkbookOptions {
  sheetRows?: number;
  /** Of a sheet that is to be filled in. */
  columns?: readonly SheetColumn[];
}

/** The workbook's bytes; the first row is repeated at the head of each sheet. */
export async function* workbook(
  rows: AsyncIterable<readonly string[]>,
  sheetName: string,
  { sheetRows = maxSheetRows, columns = [] }: WorkbookOptions = {},
): AsyncGenerator<Uint8Array> {
  yield* zipped(workbookParts(rows, sheetName.slice(0, 25), Math.min(sheetRows, maxSheetRows), columns));
}

async function* workbookParts(
  rows: AsyncIterable<readonly string[]>,
  sheetName: string,
  sheetRows: number,
  columns: readonly SheetColumn[],
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
          yield `${xmlHead}<worksheet xmlns="${mainNamespace}">${columnsXml(columns)}<sheetData>${rowXml(1, header, columns)}`;
          let text = "";
          for (let row = 2; row <= sheetRows && !next.done; row++) {
            text += rowXml(row, next.value, columns);
            next = await iterator.next();
            if (text.length < pieceChars) continue;
            yield text;
            text = "";
          }
          yield `${text}</sheetData>${choicesXml(columns)}</worksheet>`;
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
    "xl/_rels/workbook.xml.rels": `${xmlHead}<Relationships xmlns="${packageRelationships}">${numbers.map((k) => `<Relationship Id="rId${k}" Type="${relationships}/worksheet" Target="worksheets/sheet${k}.xml"/>`).join("")}<Relationship Id="rId${sheets + 1}" Type="${relationships}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": stylesXml,
    "_rels/.rels": `${xmlHead}<Relationships xmlns="${packageRelationships}"><Relationship Id="rId1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "[Content_Types].xml": `${xmlHead}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/>${numbers.map((k) => `<Override PartName="/xl/worksheets/sheet${k}.xml" ContentType="${contentType}.worksheet+xml"/>`).join("")}<Override PartName="/xl/styles.xml" ContentType="${contentType}.styles+xml"/></Types>`,
  };
}

/** Style 1 is the number format "Text" (ECMA-376 part 1, 18.8.30: id 49, `@`). */
const stylesXml = `${xmlHead}<styleSheet xmlns="${mainNamespace}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf numFmtId="49" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`;

/** Before the rows (18.3.1.17): cells that are still empty have their column's style. */
function columnsXml(columns: readonly SheetColumn[]): string {
  if (columns.length === 0) return "";
  const each = columns.map(
    ({ width, isText }, k) =>
      `<col min="${k + 1}" max="${k + 1}" width="${width}" customWidth="1"${isText ? ' style="1"' : ""}/>`,
  );
  return `<cols>${each.join("")}</cols>`;
}

/** What a list within a formula holds (Excel); words with a comma would be two. */
const maxListChars = 255;

/** Behind the rows (18.3.1.32). */
function choicesXml(columns: readonly SheetColumn[]): string {
  const lists = columns.flatMap(({ choices = [] }, k) => {
    const list = choices.join(",");
    if (list === "" || list.length > maxListChars || choices.some((each) => each.includes(","))) return [];
    const formula = escapeXml(`"${list.replaceAll('"', '""')}"`);
    const name = columnName(k);
    return [
      `<dataValidation type="list" allowBlank="1" sqref="${name}2:${name}${maxSheetRows}"><formula1>${formula}</formula1></dataValidation>`,
    ];
  });
  return lists.length === 0 ? "" : `<dataValidations count="${lists.length}">${lists.join("")}</dataValidations>`;
}

function rowXml(row: number, cells: readonly string[], columns: readonly SheetColumn[]): string {
  if (cells.length > maxColumns) {
    throw new SluiceError("invalid", told`A sheet can have at most ${maxColumns} columns. Download the report as CSV.`);
  }
  let xml = `<row r="${row}">`;
  for (const [column, cell] of cells.entries()) {
    if (cell === "") continue;
    // Stays text when it is edited: otherwise Excel would take it for a formula.
    const style = columns[column]?.isText || isFormula(cell) ? ' s="1"' : "";
    xml += `<c r="${columnName(column)}${row}"${style} t="inlineStr"><is><t xml:space="preserve">${escapeXml(cellText(cell))}</t></is></c>`;
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

/** Characters that XML 1.0 lacks are written as `_x001F_`, and text that looks like that is escaped too (ECMA-376 part 1, 22.9.2.19). */
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
