/**
 * The thread that reads one XLS workbook: it holds all of it in memory, as the library does, and may be ended at any time.
 * This file is its entry point.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { CellObject, WorkBook, WorkSheet } from "@e965/xlsx";
import * as library from "@e965/xlsx";
import * as codePages from "@e965/xlsx/dist/cpexcel.full.mjs";
import { type Telling, told } from "../../core/errors.ts";
import { CellRows } from "../workbook/cell-rows.ts";
import { CellContents } from "./cell-content.ts";
import type { Answer, Question, ThreadData, XlsRows, XlsSheet } from "./protocol.ts";
import { problemIn } from "./records.ts";
import { unlockedStream } from "./unlock.ts";

/** Of a sheet with wide rows, no more cells than this are examined for the header. */
const maxSampleCells = 500_000;

// For workbooks from before 1997.
library.set_cptable(codePages);

const { name, bytes } = workerData as ThreadData;

interface Sheet {
  name: string;
  data: (CellObject | undefined)[][];
  hidden: boolean;
  sheet: WorkSheet;
}

class Workbook {
  readonly #sheets: Sheet[];
  readonly #contents: CellContents;
  #rows: { rows: CellRows; sheet: Sheet; at: number } | null = null;

  constructor(book: WorkBook) {
    this.#contents = new CellContents(book.Workbook?.WBProps?.date1904 === true);
    this.#sheets = book.SheetNames.map((name, k) => {
      const sheet = book.Sheets[name];
      const isTable = sheet?.["!type"] === undefined || sheet["!type"] === "sheet";
      return {
        name,
        data: isTable ? (sheet?.["!data"] ?? []) : [],
        hidden: (book.Workbook?.Sheets?.[k]?.Hidden ?? 0) !== 0,
        sheet: sheet ?? {},
      };
    });
  }

  answer(question: Question): Answer {
    switch (question.ask) {
      case "survey":
        return { sheets: this.#sheets.map((sheet, k) => this.#survey(sheet, k + 1, question.maxRows)) };
      case "rows": {
        const named = this.#sheets[question.sheetIndex - 1];
        const sheet = named?.name === question.sheet ? named : this.#sheets.find(({ name }) => name === question.sheet);
        if (sheet === undefined)
          return { problem: told`${name} no longer has sheet ${question.sheetIndex} (${question.sheet}).` };
        this.#rows = { rows: new CellRows(question), sheet, at: question.row - 1 };
        return { rows: this.#next(this.#rows) };
      }
      case "next":
        return this.#rows === null
          ? { problem: told`${name} cannot be read. Open it in Excel or LibreOffice and save it as XLSX.` }
          : { rows: this.#next(this.#rows) };
    }
  }

  #survey({ name, data, hidden, sheet }: Sheet, index: number, maxRows: number): XlsSheet {
    const rows: XlsSheet["rows"] = [];
    let cellCount = 0;
    for (let r = 0; r < data.length && rows.length < maxRows && cellCount < maxSampleCells; r++) {
      const cells = Array.from(data[r] ?? [], (cell) => this.#contents.of(cell)?.text ?? "");
      while (cells.length > 0 && cells[cells.length - 1] === "") cells.pop();
      cellCount += cells.length;
      if (cells.length > 0) rows.push({ number: r + 1, cells });
    }
    return {
      name,
      index,
      hidden,
      rows,
      hiddenColumns: (sheet["!cols"] ?? []).filter((column) => column?.hidden).length,
      mergedCells: sheet["!merges"]?.length ?? 0,
    };
  }

  /** The next rows, as copies that the other thread can have. */
  #next(state: { rows: CellRows; sheet: Sheet; at: number }): XlsRows {
    const { rows, sheet } = state;
    const { data } = sheet;
    rows.clear();
    while (state.at < data.length && !rows.full) {
      const cells = data[state.at];
      const number = ++state.at;
      if (cells === undefined) continue;
      rows.open(number, number - 1, sheet.sheet["!rows"]?.[number - 1]?.hidden === true);
      for (let c = 0; c < cells.length; c++) {
        const content = this.#contents.of(cells[c]);
        if (content === null) continue;
        const bytes = Buffer.from(content.text);
        rows.put(c, 1, bytes, bytes.length, content.flags);
      }
      rows.close();
    }
    const { batch } = rows;
    const { rowCount, columnCount } = batch;
    return {
      bytes: batch.bytes.slice(0, rowCount === 0 ? 0 : batch.rowEnds[rowCount - 1]),
      rowCount,
      cells: batch.cells.slice(0, 2 * rowCount * columnCount),
      flags: batch.flags.slice(0, rowCount * columnCount),
      shapes: batch.shapes.slice(0, rowCount),
      rowNumbers: batch.rowNumbers.slice(0, rowCount),
      cellCounts: batch.cellCounts.slice(0, rowCount),
      rowStarts: batch.rowStarts.slice(0, rowCount),
      rowEnds: batch.rowEnds.slice(0, rowCount),
      surplus: batch.surplus,
      hiddenRows: rows.hiddenRows,
      firstHidden: rows.firstHidden,
      nextRow: state.at + 1,
      done: state.at >= data.length,
      share: data.length === 0 ? 1 : state.at / data.length,
    };
  }
}

function open(bytes: Uint8Array): Workbook | { problem: Telling } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const container = library.CFB.read(file, { type: "buffer" });
  const stream = library.CFB.find(container, "/Workbook") ?? library.CFB.find(container, "/Book");
  if (library.CFB.find(container, "/encryption") ?? library.CFB.find(container, "/EncryptedPackage")) return locked;
  if (stream === null || stream.content === undefined)
    return { problem: told`${name} does not contain a readable workbook.` };
  let content = stream.content as Uint8Array;
  let problem = problemIn(content);
  const isEncrypted = problem === "encrypted";
  if (isEncrypted) {
    const clear = unlockedStream(content);
    if (clear === null) return locked;
    content = clear;
    problem = problemIn(content);
  }
  if (problem === "encrypted") return locked;
  if (problem !== null)
    return { problem: told`${name} is damaged: it ${problem}. Download the file again, or save it as XLSX.` };
  return new Workbook(
    // The stream alone is enough, and the file's own is encrypted.
    library.read(isEncrypted ? content : file, {
      type: "buffer",
      dense: true,
      cellDates: false,
      cellFormula: false,
      cellHTML: false,
      cellNF: true,
      cellStyles: true,
      cellText: false,
    }),
  );
}

const locked = {
  problem: told`${name} is password-protected. Open it in Excel, save it as XLSX without a password, and upload that file.`,
};

const damaged = {
  problem: told`${name} cannot be read: it is damaged or truncated. Download it again, or open it in LibreOffice and save it as XLSX.`,
};

let workbook: Workbook | { problem: Telling } | null = null;

parentPort?.on("message", (question: Question) => {
  let answer: Answer;
  try {
    workbook ??= open(bytes);
    answer = "problem" in workbook ? workbook : workbook.answer(question);
  } catch (error) {
    // What the library says of it is about its own insides.
    answer = /password/i.test(String(error)) ? locked : damaged;
  }
  parentPort?.postMessage(answer);
});
