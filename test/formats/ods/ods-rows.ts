/** OpenDocument spreadsheets written by hand, and their rows as plain data. */

import type { ReadOptions, Source } from "../../../src/core/ports.ts";
import {
  type DialectHints,
  type FileFinding,
  rowCells,
  rowIntact,
  type WorkbookDialect,
} from "../../../src/core/row.ts";
import { ods } from "../../../src/formats/ods/ods.ts";
import { readOds, type TableSizes } from "../../../src/formats/ods/read.ts";
import { type ZipEntry, type ZipOptions, zipOf } from "../../corpus/zip-bytes.ts";
import { memorySource } from "../../memory-source.ts";

export function source(bytes: Uint8Array): Source {
  return memorySource("people.ods", bytes);
}

const namespaces = [
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"',
  'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"',
  'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"',
  'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"',
  'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"',
  'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"',
].join(" ");

/** A content part; `styles` stands among the automatic styles, `prolog` in front of the root. */
export function content(
  tables: string,
  { styles = "", prolog = '<?xml version="1.0" encoding="UTF-8"?>' } = {},
): string {
  return `${prolog}\n<office:document-content ${namespaces} office:version="1.3"><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:spreadsheet>${tables}<table:named-expressions/></office:spreadsheet></office:body></office:document-content>`;
}

/** The package around a content part. */
export function pack(part: string | Uint8Array, more: ZipEntry[] = [], options: ZipOptions = {}): Uint8Array {
  return zipOf(
    [
      { name: "mimetype", content: "application/vnd.oasis.opendocument.spreadsheet", method: "store" },
      { name: "content.xml", content: part },
      ...more,
    ],
    options,
  );
}

export function table(rows: string, attributes = 'table:name="Sheet1"'): string {
  return `<table:table ${attributes}><table:table-column table:number-columns-repeated="16384"/>${rows}</table:table>`;
}

export function row(cells: string, attributes = ""): string {
  return `<table:table-row table:style-name="ro1" ${attributes}>${cells}</table:table-row>`;
}

export function text(value: string, attributes = ""): string {
  return `<table:table-cell office:value-type="string" calcext:value-type="string" ${attributes}><text:p>${value}</text:p></table:table-cell>`;
}

export function number(value: string, attributes = ""): string {
  return `<table:table-cell office:value-type="float" office:value="${value}" ${attributes}><text:p>shown</text:p></table:table-cell>`;
}

export interface ReadSheet {
  dialect: WorkbookDialect;
  /** `[number, ...cells]`, with `!shape` in front of the cells where the shape is not right. */
  rows: (string | number)[][];
  flags: number[][];
  places: { offset: number; row: number }[];
  checkpoints: { offset: number; row: number }[];
  findings: FileFinding[];
}

export async function readSheet(
  file: Uint8Array,
  options: ReadOptions & TableSizes & { hints?: DialectHints; dialect?: WorkbookDialect } = {},
): Promise<ReadSheet> {
  const { hints = {}, ...sizes } = options;
  const dialect = options.dialect ?? ((await ods.detect(source(file), hints)) as WorkbookDialect);
  const sheet: ReadSheet = { dialect, rows: [], flags: [], places: [], checkpoints: [], findings: [] };
  const onFinding = (finding: FileFinding): void => void sheet.findings.push(finding);
  for await (const batch of readOds(source(file), dialect, { onFinding, ...sizes })) {
    for (let r = 0; r < batch.rowCount; r++) {
      const shape = batch.shapes[r] === rowIntact ? [] : [`!${batch.shapes[r]}`];
      sheet.rows.push([batch.rowNumbers[r], ...shape, ...rowCells(batch, r)]);
      sheet.flags.push([...batch.flags.subarray(r * batch.columnCount, (r + 1) * batch.columnCount)]);
      sheet.places.push({ offset: batch.rowOffsets[r], row: batch.rowNumbers[r] });
    }
    sheet.checkpoints.push(batch.next);
  }
  return sheet;
}

export async function readTable(rows: string, options: Parameters<typeof readSheet>[1] = {}): Promise<ReadSheet> {
  return readSheet(pack(content(table(rows))), options);
}
