/** Excel's old workbooks: what stands in them, and what becomes of those that are no good. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { describe, expect, it, vi } from "vitest";
import { textOf } from "../../../src/core/errors.ts";
import type { ReadOptions, Source } from "../../../src/core/ports.ts";
import {
  cellError,
  cellTyped,
  type DialectHints,
  type FileFinding,
  rowCells,
  rowIntact,
  type WorkbookDialect,
} from "../../../src/core/row.ts";
import { problemIn } from "../../../src/formats/xls/records.ts";
import { detectXls, readXls, type XlsSizes, xls } from "../../../src/formats/xls/xls.ts";
import { memorySource } from "../../memory-source.ts";

const library: typeof import("@e965/xlsx") = createRequire(import.meta.url)("@e965/xlsx");

/** Written by LibreOffice. */
const people = readFileSync(new URL("people.xls", import.meta.url));

function source(bytes: Uint8Array): Source {
  return memorySource("people.xls", bytes);
}

interface ReadSheet {
  dialect: WorkbookDialect;
  rows: (string | number)[][];
  flags: number[][];
  places: { offset: number; row: number }[];
  findings: FileFinding[];
}

async function readSheet(
  bytes: Uint8Array,
  options: ReadOptions & XlsSizes & { hints?: DialectHints; dialect?: WorkbookDialect } = {},
): Promise<ReadSheet> {
  const { hints = {}, ...sizes } = options;
  const dialect = options.dialect ?? (await detectXls(source(bytes), hints));
  const sheet: ReadSheet = { dialect, rows: [], flags: [], places: [], findings: [] };
  const onFinding = (finding: FileFinding): void => void sheet.findings.push(finding);
  for await (const batch of readXls(source(bytes), dialect, { onFinding, ...sizes })) {
    for (let r = 0; r < batch.rowCount; r++) {
      const shape = batch.shapes[r] === rowIntact ? [] : [`!${batch.shapes[r]}`];
      sheet.rows.push([batch.rowNumbers[r], ...shape, ...rowCells(batch, r)]);
      sheet.flags.push([...batch.flags.subarray(r * batch.columnCount, (r + 1) * batch.columnCount)]);
      sheet.places.push({ offset: batch.rowOffsets[r], row: batch.rowNumbers[r] });
    }
    sheet.places.push(batch.next);
  }
  return sheet;
}

describe("a workbook of LibreOffice", () => {
  it("has dates, times, elapsed times, booleans and error values in the form all formats share", async () => {
    const sheet = await readSheet(people);
    expect(sheet.rows).toEqual([
      [1, "Name", "Phone", "Amount", "Born", "Seen", "At", "Spent", "Active"],
      [2, "Zoé 😀 Dupont", "33612345678", "0.1", "1984-02-29", "2024-01-31T08:30:00", "08:30:00", "PT36H30M", "true"],
      [3, "two\nlines", "0612345678", "0.5", "#DIV/0!", "#N/A", "", "", "false"],
      [6, "merged  & <b> ", "", "0.30000000000000004", "", "", "", "", "-1234567.891"],
    ]);
    const t = cellTyped;
    expect(sheet.flags.slice(1, 3)).toEqual([
      [0, t, t, t, t, t, t, t],
      [0, 0, t, cellError, cellError, 0, 0, t],
    ]);
    expect(sheet.findings).toEqual([{ code: "rows_hidden", count: 1 }]);
  });

  it("has a dialect that tells of other sheets and merged cells", async () => {
    const { columns, findings, ...rest } = await detectXls(source(people), {});
    expect(rest).toMatchObject({ format: "xls", packing: "none", sheet: "Leads", sheetIndex: 1, headerRow: 1 });
    expect(columns).toEqual(["Name", "Phone", "Amount", "Born", "Seen", "At", "Spent", "Active"]);
    expect(findings).toEqual([
      { code: "other_sheets", count: 1 },
      { code: "cells_merged", count: 1 },
    ]);
  });

  it("goes on from every row and every checkpoint with the same rows", async () => {
    const { rows, places, dialect } = await readSheet(people, { maxRowsPerBatch: 1 });
    expect(places).toHaveLength(2 * rows.length);
    for (const from of [places[0], places[3], places[4], places[7]]) {
      const rest = await readSheet(people, { dialect, from });
      expect(rest.rows, JSON.stringify(from)).toEqual(rows.filter(([number]) => Number(number) >= from.row));
    }
  });

  it.each(["Other", " other", "2"])("has a sheet %j", async (sheet) => {
    expect((await detectXls(source(people), { sheet })).columns).toEqual(["x"]);
  });

  it("has no sheet of another name", async () => {
    await expect(detectXls(source(people), { sheet: "Leeds" })).rejects.toThrow(
      'people.xls has no sheet "Leeds". Available: 1 "Leads", 2 "Other".',
    );
  });
});

describe("workbooks of other programs", () => {
  it.each(["biff8", "biff5"] as const)("are read as %s, with dates from 1904", async (bookType) => {
    const sheet = library.utils.aoa_to_sheet([
      ["name", "date"],
      ["Zoe", 42_735],
      ["x", 1, "beyond"],
    ]);
    sheet.B2.z = "dd/mm/yyyy";
    const book = library.utils.book_new(sheet, "Blatt");
    book.Workbook = { WBProps: { date1904: true } };
    const bytes: Uint8Array = library.write(book, { type: "buffer", bookType });
    const dialect: WorkbookDialect = { ...(await detectXls(source(bytes), {})), columns: ["name", "date"] };
    expect(dialect.sheet).toBe("Blatt");
    expect((await readSheet(bytes, { dialect })).rows).toEqual([
      [1, "name", "date"],
      [2, "Zoe", "2021-01-01"],
      [3, "!2", "x", "1", "beyond"],
    ]);
  });
});

describe("workbooks that are no good", () => {
  it("are refused wherever they are cut", async () => {
    // A thread is started for each: not for every sector.
    for (const length of [512, 1024, 3000, 5120, people.length - 512]) {
      await expect(detectXls(source(people.subarray(0, length)), {}), `${length}`).rejects.toThrow(/people\.xls /);
    }
  });

  it("end in rows or in an error that names the file, whichever bit is flipped", async () => {
    let seed = 7;
    const outcomes = new Set<string>();
    for (let n = 0; n < 6; n++) {
      const bytes = Uint8Array.from(people);
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      bytes[seed % bytes.length] ^= 1 << (n % 8);
      const outcome = await readSheet(bytes).then(
        () => "rows",
        (error: Error) => error.message.slice(0, 11),
      );
      outcomes.add(outcome);
    }
    expect([...outcomes].every((outcome) => outcome === "rows" || outcome === "people.xls ")).toBe(true);
  });

  it("are refused when they are no workbook at all", async () => {
    await expect(detectXls(source(Buffer.from("hello")), {})).rejects.toThrow("people.xls cannot be read");
  });

  it("are refused with a password", async () => {
    const container = library.CFB.utils.cfb_new();
    library.CFB.utils.cfb_add(container, "/Workbook", stream([0x0809, 16], [0x002f, 54], [0x0a, 0]));
    const bytes = library.CFB.write(container, { type: "buffer" }) as Uint8Array;
    await expect(detectXls(source(bytes), {})).rejects.toThrow("people.xls is password-protected");
  });

  it("are waited for while the machine has no time for them", async () => {
    const idle = vi.spyOn(Worker.prototype, "cpuUsage").mockResolvedValue({ user: 0, system: 0 });
    const dialect = await detectXls(source(people), {}, undefined, { patienceMs: 1, clockMs: 600_000 });
    expect(dialect.columns).toHaveLength(8);
    idle.mockRestore();
  });

  it("are read without a word of the library's on the terminal", async () => {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    // A record that the library does not know, of which it has something to say.
    const container = library.CFB.read(people, { type: "buffer" });
    const bytes = Buffer.from(library.CFB.find(container, "/Workbook")?.content as Uint8Array);
    const unknown = Buffer.from([0xbc, 0x7a, 0, 0]);
    const out = library.CFB.utils.cfb_new();
    const end = bytes.lastIndexOf(Buffer.from([0x0a, 0, 0, 0]));
    library.CFB.utils.cfb_add(out, "/Workbook", Buffer.concat([bytes.subarray(0, end), unknown, bytes.subarray(end)]));
    const { rows } = await readSheet(library.CFB.write(out, { type: "buffer" }) as Uint8Array);
    expect(rows).toHaveLength((await readSheet(people)).rows.length);
    expect(said).not.toHaveBeenCalled();
    said.mockRestore();
  });

  it("are given up when they take too long", async () => {
    await expect(detectXls(source(people), {}, undefined, { patienceMs: 0 })).rejects.toThrow("it takes too long");
  });

  it("are given up when they take too much memory", async () => {
    await expect(detectXls(source(people), {}, undefined, { maxHeapMb: 8 })).rejects.toThrow(
      "it takes too much memory",
    );
  });

  it("are not opened when they have more than 100 MB", async () => {
    const huge: Source = { ...source(people), sizeBytes: 200 * 2 ** 20 };
    await expect(detectXls(huge, {})).rejects.toThrow("people.xls is an XLS workbook of more than 100 MB");
  });

  it("are left when reading is called off", async () => {
    const dialect = await detectXls(source(people), {});
    const stop = new AbortController();
    const rows = xls.read(source(people), { ...dialect, columns: dialect.columns }, { signal: stop.signal });
    const first = rows.next();
    stop.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
  });
});

describe("problemIn", () => {
  const bof: [number, number] = [0x0809, 16];
  const eof: [number, number] = [0x0a, 0];
  it.each<[string, [number, number][], string | null]>([
    ["a whole workbook", [bof, eof, bof, [0x203, 14], eof], null],
    ["what fills the last sector", [bof, eof, [0, 0], [0, 0]], null],
    ["a chart within a sheet", [bof, eof, bof, bof, eof, eof], null],
    ["no end", [bof, eof, bof], "ends abruptly"],
    ["no beginning", [[0x203, 14]], "does not start the way a workbook does"],
    ["nothing", [], "ends abruptly"],
    ["a password", [bof, [0x2f, 54], [0x1234, 0xffff]], "encrypted"],
  ])("of %s", (_, records, problem) => {
    expect(wordsOf(problemIn(stream(...records)))).toBe(problem);
  });

  it("finds a record that goes on beyond the end, and a sheet that is not there", () => {
    const whole = stream(bof, [0x85, 12], eof, bof, eof);
    whole.writeUInt32LE(40, 24);
    expect(problemIn(whole)).toBe(null);
    whole.writeUInt32LE(400, 24);
    expect(wordsOf(problemIn(whole))).toBe("is missing one of its sheets");
    expect(wordsOf(problemIn(stream(bof, [0x203, 14]).subarray(0, 30)))).toBe(
      "ends abruptly at byte 20 of its workbook",
    );
  });
});

function wordsOf(problem: ReturnType<typeof problemIn>): string | null {
  return problem === null || typeof problem === "string" ? problem : textOf(problem);
}

/** Records of these types and lengths. */
function stream(...records: [type: number, length: number][]): Buffer {
  return Buffer.concat(
    records.map(([type, length]) => {
      const record = Buffer.alloc(4 + length);
      record.writeUInt16LE(type, 0);
      record.writeUInt16LE(length, 2);
      return record;
    }),
  );
}
