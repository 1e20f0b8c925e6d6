import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { csv } from "../../src/formats/csv/csv.ts";
import { mapColumns } from "../../src/mapping/map.ts";
import { Profiler } from "../../src/mapping/profile.ts";
import { RowValidator } from "../../src/staging/validate.ts";
import { CopyText } from "../../src/values/copy-text.ts";
import { encodePlainText } from "../../src/values/encode-text.ts";
import { anyHighByte, copyVerbatim, noHighByte, verbatimSlack } from "../../src/values/verbatim.ts";
import { bytesSource } from "../formats/csv/bytes-source.ts";
import { fc } from "../property.ts";

const byte = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 1, arbitrary: fc.constantFrom(0x00, 0x01, 0x09, 0x0a, 0x0d, 0x1f, 0x5c, 0x5b, 0x5d, 0x7f) },
  { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
);
const cell = fc.array(byte, { maxLength: 24 }).map((bytes) => Uint8Array.from(bytes));

/** The cell copied from the middle of other bytes; null when it is no value of COPY's as it stands. */
function copied(content: Uint8Array, around: number, high: number): Uint8Array | null {
  const bytes = new Uint8Array(3 + content.length + verbatimSlack).fill(around);
  bytes.set(content, 3);
  const out = new Uint8Array(content.length + 5 + verbatimSlack);
  const found = copyVerbatim(new DataView(bytes.buffer), 3, content.length, new DataView(out.buffer), 5, high);
  return found === 0 ? out.slice(5, 5 + content.length) : null;
}

describe("copyVerbatim", () => {
  it("copies exactly the cells that need no escape, whatever stands around them", () => {
    fc.assert(
      fc.property(cell, byte, (content, around) => {
        const isPlain = content.every((each) => each >= 0x20 && each !== 0x5c);
        expect(copied(content, around, noHighByte)).toEqual(isPlain ? content : null);
        const isAscii = isPlain && content.every((each) => each < 0x80);
        expect(copied(content, around, anyHighByte)).toEqual(isAscii ? content : null);
      }),
      { numRuns: 2000 },
    );
  });

  it("writes what the encoder of plain text does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), (text) => {
        const content = new TextEncoder().encode(text);
        const value = copied(content, 0x3b, noHighByte);
        fc.pre(value !== null);
        const out = new CopyText(4);
        expect(encodePlainText(content, 0, content.length, out)).toBeNull();
        expect(value).toEqual(new Uint8Array(out.bytes.subarray(0, out.length)));
      }),
    );
  });
});

const people = defineImporter({
  name: "people",
  fields: {
    code: field.text({ maxLength: 6 }),
    name: field.text({ required: true, maxLength: 8 }),
    short: field.text({ minLength: 2 }),
    letters: field.text({ pattern: /\p{L}+/u }),
    text: field.text(),
  },
  match: { keys: ["code"] },
  target: { table: "people", id: "id" },
});

const atoms = [
  "",
  " ",
  "a",
  "Zoé",
  "été ",
  "\u00a0à",
  "ï",
  "#N/A",
  "#1",
  "1E+10",
  "12345",
  "a\\b",
  "a\tb",
  "🎉",
  "日本語",
  "x".repeat(9),
];
const fields = Object.keys(people.fields);
const rows = fc.array(fc.array(fc.constantFrom(...atoms), { minLength: fields.length, maxLength: fields.length }), {
  minLength: 1,
  maxLength: 20,
});

/** What is staged and rejected of a file, by batches that say what they know of their cells, or do not. */
async function validated(content: string, saysMore: boolean): Promise<[string, string]> {
  const source = bytesSource(content);
  const dialect = await csv.detect(source, { delimiter: ";", headerRow: 1 });
  const mapping = mapColumns(people, new Profiler(dialect.columns).profile(), []);
  const validator = new RowValidator({
    importer: people,
    mapping,
    assignment: { mode: "none" },
    keys: ["code"],
    jobId: 1,
  });
  for await (const batch of csv.read(source, dialect, {})) {
    // Without room behind the text no cell at its end is copied in words.
    const bytes = saysMore ? batch.bytes : batch.bytes.subarray(0, batch.rowEnds[batch.rowCount - 1]);
    validator.validate(saysMore ? batch : { ...batch, bytes, wellFormed: false }, dialect);
  }
  const { stage, rejects } = validator;
  return [stage, rejects].map((out) => out.bytes.toString("utf8", 0, out.length)) as [string, string];
}

describe("RowValidator", () => {
  it("stages and rejects the same whether a batch is known to be UTF-8 or each cell is looked at", async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (cells) => {
        const content = [fields, ...cells].map((row) => row.join(";")).join("\n");
        expect(await validated(content, true)).toEqual(await validated(content, false));
      }),
      { numRuns: 200 },
    );
  });
});
