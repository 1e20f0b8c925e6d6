/** Cells of workbooks that add up those above them, by their formulas. */
import { describe, expect, it } from "vitest";
import type { Batch, SumCell } from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";
import { sumFormula } from "../../src/formats/workbook/sum-formula.ts";
import { rowXml, workbookOf } from "../corpus/workbook-bytes.ts";
import { memorySource } from "../memory-source.ts";
import { content, number, pack, row, table, text } from "./ods/ods-rows.ts";

/** In C5. */
const formulas: [formula: string, rows: [from: number | null, to: number | null] | null][] = [
  ["SUM(C2:C4)", [2, 4]],
  ["SUM($C$2:$C$4)", [2, 4]],
  ["sum(C2:C3,C4)", [2, 4]],
  ["SUBTOTAL(9,C2:C4)", [2, 4]],
  ["SUBTOTAL(109,Table1[Amount])", [null, null]],
  ["AGGREGATE(9,6,C2:C4)", [2, 4]],
  ["C2+C4", [2, 4]],
  ["of:=SUM([.C2:.C4])", [2, 4]],
  ["of:=SUBTOTAL(9;[.C2:.C4])", [2, 4]],
  ["SUM(A5:B5)", null],
  ["SUM(B2:B4)", null],
  ["SUM(C5:C9)", null],
  ["C4+B5", null],
  ["C4", null],
  ["SUBTOTAL(1,C2:C4)", null],
  ["AVERAGE(C2:C4)", null],
  ["SUM(C2:C4)*1.2", null],
  ["SUMIF(A2:A4,A5,C2:C4)", null],
];

async function sumsOf(bytes: Uint8Array): Promise<[number, SumCell[]][]> {
  const source = memorySource("file", bytes);
  const dialect = await formats.detect(source, {});
  const found: [number, SumCell[]][] = [];
  for await (const batch of formats.read(source, dialect, {}) as AsyncGenerator<Batch>)
    for (const [r, sums] of batch.sums ?? []) found.push([batch.rowNumbers[r], sums]);
  return found;
}

describe("formulas that add up", () => {
  it.each(formulas)("%s", (formula, rows) => {
    const sum = sumFormula(formula, { column: 2, row: 5 });
    expect(sum).toEqual(rows === null ? null : { column: 2, from: rows[0], to: rows[1] });
  });

  it("are seen in a workbook of Excel, however the cell is written", async () => {
    const rows = [
      rowXml(1, "Client", "Amount"),
      rowXml(2, "Ann", 10),
      rowXml(3, "Bo", "<c><f>SUM(A3:A3)</f><v>20</v></c>"),
      rowXml(4, "Total", "<c><f>SUM(B2:B3)</f><v>30</v></c>"),
      rowXml(5, "Again", '<c s="0" cm="1"><f ca="1">SUBTOTAL(9,B2:B3)</f><v>30</v></c>'),
    ];
    expect(await sumsOf(workbookOf({ sheet: rows.join("") }))).toEqual([
      [4, [{ column: 1, from: 2, to: 3 }]],
      [5, [{ column: 1, from: 2, to: 3 }]],
    ]);
  });

  it("stay with their rows where a row between is left out", async () => {
    const rows = [
      rowXml(1, "Client", "Amount"),
      rowXml(2, "Ann", 10),
      rowXml(3, "", "<c><f>SUM(B2:B2)</f><v>10</v></c>"),
      rowXml(4, "Client", "Amount"),
      rowXml(5, "Bo", 20),
      rowXml(6, "Cia", 30),
      rowXml(7, "", "<c><f>SUM(B5:B6)</f><v>50</v></c>"),
      rowXml(8, "Di", 40),
    ];
    expect(await sumsOf(workbookOf({ sheet: rows.join("") }))).toEqual([
      [3, [{ column: 1, from: 2, to: 2 }]],
      [7, [{ column: 1, from: 5, to: 6 }]],
    ]);
  });

  it("are seen in a spreadsheet of LibreOffice", async () => {
    const rows = [
      row(text("Client") + text("Amount")),
      row(text("Ann") + number("10")),
      row(text("Bo") + number("20")),
      row(text("Summa") + number("30", 'table:formula="of:=SUM([.B2:.B3])"')),
    ];
    expect(await sumsOf(pack(content(table(rows.join("")))))).toEqual([[4, [{ column: 1, from: 2, to: 3 }]]]);
  });
});
