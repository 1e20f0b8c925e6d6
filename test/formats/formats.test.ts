/** Every file through one door: judged by its content, unpacked, read; and read on from any checkpoint. */
import { readdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import type { ReadOptions, Source } from "../../src/core/ports.ts";
import type { Dialect, DialectHints } from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";
import { zipOf } from "../corpus/zip-bytes.ts";
import { freshFolder } from "../run-cli.ts";
import { bytesSource, type ReadRow, rowsOf } from "./csv/bytes-source.ts";

const named = (content: string | Uint8Array, name: string): Source => ({ ...bytesSource(content), name });
const people = "name;city\r\nZoé;Lyon\r\nAnn;Metz\r\n";
const rows = [
  ["name", "city"],
  ["Zoé", "Lyon"],
  ["Ann", "Metz"],
];
const zipped = (name: string, content: string | Uint8Array): Uint8Array => zipOf([{ name, content }]);

async function detect(content: string | Uint8Array, name = "leads.csv", hints: DialectHints = {}): Promise<Dialect> {
  return formats.detect(named(content, name), hints);
}

async function read(source: Source, dialect: Dialect, options: ReadOptions = {}): Promise<ReadRow[]> {
  const found: ReadRow[] = [];
  for await (const batch of formats.read(source, dialect, options)) found.push(...rowsOf(batch));
  return found;
}

describe("formats", () => {
  it.each<[string, string, string | Uint8Array, Partial<Dialect>, string[][]]>([
    ["CSV", "leads.csv", people, { format: "csv", packing: "none" }, rows],
    ["CSV called a workbook", "leads.xlsx", people, { format: "csv", packing: "none" }, rows],
    ["CSV in gzip", "leads.csv.gz", gzipSync(people), { format: "csv", packing: "gzip" }, rows],
    ["CSV in gzip that nobody would think it", "leads.csv", gzipSync(people), { format: "csv", packing: "gzip" }, rows],
    ["CSV alone in a zip archive", "leads.zip", zipped("a/leads.csv", people), { format: "csv", packing: "zip" }, rows],
    ["JSON called CSV", "leads.csv", '[{"a":1},{"a":"x"}]', { format: "json", packing: "none" }, [["1"], ["x"]]],
    [
      "JSON Lines in gzip",
      "l.gz",
      gzipSync('{"a":1}\n{"a":2}\n'),
      { format: "jsonl", packing: "gzip" },
      [["1"], ["2"]],
    ],
    ["JSON in a zip archive", "l.zip", zipped("l.csv", '[{"a":1}]'), { format: "json", packing: "zip" }, [["1"]]],
  ])("reads %s", async (_, name, content, expected, cells) => {
    const source = named(content, name);
    const dialect = await formats.detect(source, {});
    expect(dialect).toMatchObject(expected);
    expect((await read(source, dialect)).map((row) => row.cells)).toEqual(cells);
  });

  it("finds the same dialect in a packed file as in the plain one", async () => {
    const texts = [
      people,
      "name;city\nZoé;Lyon",
      "one column\nx\n",
      Buffer.from("Prénom;Ville\nZoé;Orléans\n", "latin1"),
      Buffer.from("\ufeffname\tcity\nZoé\tLyon\n", "utf16le"),
      `name,city\n${"Zoé,Lyon\n".repeat(200_000)}`,
    ];
    for (const text of texts) {
      const plain = await detect(text);
      expect(await detect(gzipSync(text))).toEqual({ ...plain, packing: "gzip" });
      expect(await detect(zipped("x", text))).toEqual({ ...plain, packing: "zip" });
    }
  });

  it("gives the hints on to what is packed", async () => {
    const dialect = await detect(gzipSync("x,y\nname,city;z\nAnn,Metz;z\n"), "l.gz", { delimiter: ";", headerRow: 2 });
    expect(dialect).toMatchObject({ delimiter: ";", headerRow: 2, columns: ["name,city", "z"] });
  });

  it("reads on in a packed file from every checkpoint, and says how much of the stored file it has read", async () => {
    const text = `name;city\n${Array.from({ length: 30_000 }, (_, k) => `person ${k};city ${k % 977}\n`).join("")}`;
    for (const packed of [gzipSync(text), zipped("p.csv", text)]) {
      const source = named(packed, "p");
      const dialect = await formats.detect(source, {});
      const all = await read(source, dialect);
      expect(all).toHaveLength(30_001);
      const checkpoints: { offset: number; row: number }[] = [];
      let readBytes = 0;
      for await (const batch of formats.read(source, dialect, {})) {
        checkpoints.push({ ...batch.next });
        expect(batch.readBytes).toBeGreaterThanOrEqual(readBytes);
        readBytes = batch.readBytes;
      }
      expect(readBytes).toBeGreaterThan(packed.length / 2);
      expect(readBytes).toBeLessThanOrEqual(packed.length);
      expect(checkpoints.length).toBeGreaterThan(2);
      for (const from of checkpoints)
        expect(await read(source, dialect, { from })).toEqual(all.filter(({ row }) => row >= from.row));
    }
  });

  it.each<[string, string, string | Uint8Array, RegExp]>([
    ["nothing", "l.csv", "", /^l\.csv is empty/],
    ["nothing in gzip", "l.csv.gz", gzipSync(""), /^l\.csv\.gz is empty/],
    ["nothing in a zip archive", "l.zip", zipped("a.csv", ""), /^l\.zip \(a\.csv\) is empty/],
    ["gzip in gzip", "l.gz", gzipSync(gzipSync(people)), /^l\.gz contains another archive\. Unpack it/],
    [
      "gzip in a zip archive",
      "l.zip",
      zipped("l.csv.gz", gzipSync(people)),
      /^l\.zip \(l\.csv\.gz\) contains another archive/,
    ],
    [
      "a zip archive in another",
      "l.zip",
      zipped("m.zip", zipped("a.csv", people)),
      /^l\.zip \(m\.zip\) contains another/,
    ],
    ["a zip archive in gzip", "l.gz", gzipSync(zipped("a.csv", people)), /^l\.gz contains another archive/],
    ["a PDF in a zip archive", "l.zip", zipped("l.pdf", "%PDF-1.4"), /^l\.zip \(l\.pdf\) is a PDF/],
    ["HTML in gzip, called a workbook", "l.xls", gzipSync("<html><table>"), /^l\.xls is an HTML page/],
    ["a cut download", "l.csv.gz", gzipSync(people).subarray(0, 30), /^l\.csv\.gz is truncated/],
    ["a cut archive", "l.zip", zipped("a.csv", people).subarray(0, 60), /^l\.zip /],
  ])("refuses %s", async (_, name, content, message) => {
    const refusal = await detect(content, name).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: "SluiceError", message: expect.stringMatching(message) });
  });

  it("notices the end that is missing far behind the beginning, after the rows before it", async () => {
    const text = Array.from({ length: 300_000 }, (_, k) => `${(k * 7919) % 1_000_003},x${k}\n`).join("");
    const packed = gzipSync(text);
    const source = named(packed.subarray(0, packed.length - 1000), "leads.csv.gz");
    const dialect = await formats.detect(source, {});
    let found = 0;
    const reading = (async () => {
      for await (const batch of formats.read(source, dialect, {})) found += batch.rowCount;
    })();
    await expect(reading).rejects.toThrow(/^leads\.csv\.gz is truncated/);
    expect(found).toBeGreaterThan(200_000);
  });

  it("refuses to read on in a file that is packed in another way than the one that was begun", async () => {
    const dialect = await detect(gzipSync(people));
    await expect(read(named(people, "other.csv"), dialect)).rejects.toThrow("other.csv is not compressed with gzip");
    await expect(read(named(zipped("a", people), "other.csv"), dialect)).rejects.toThrow("is not compressed with gzip");
  });

  it("leaves no temporary file behind", async () => {
    const folder = await freshFolder();
    vi.stubEnv("TMPDIR", folder);
    await expect(detect(gzipSync(zipped("a.csv", people)))).rejects.toThrow("contains another archive");
    await detect(zipped("a.csv", people));
    expect(await readdir(folder)).toEqual([]);
    vi.unstubAllEnvs();
  });
});
