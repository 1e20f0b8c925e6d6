/** The table of shared strings: loaded as far as asked, in memory or in a file, whatever its part looks like. */

import { describe, expect, it } from "vitest";
import { ByteStore, pageBytes, pageMask } from "../../../src/formats/xlsx/byte-store.ts";
import { SharedStrings } from "../../../src/formats/xlsx/shared-strings.ts";
import { fc } from "../../property.ts";

async function* piecesOf(text: string, pieceBytes = 100): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

function textOf(strings: SharedStrings, index: number): string {
  strings.find(index);
  const out = Buffer.alloc(strings.foundBytes);
  strings.copyFound(out, 0);
  return out.toString();
}

async function allOf(part: string, sizes: { bytesInMemory?: number; pieceBytes?: number } = {}): Promise<string[]> {
  const strings = new SharedStrings(piecesOf(part, sizes.pieceBytes), "strings.xml", sizes);
  await strings.loadTo(Number.MAX_SAFE_INTEGER);
  const texts = Array.from({ length: strings.count }, (_, k) => textOf(strings, k));
  await strings.close();
  return texts;
}

describe("SharedStrings", () => {
  it("believes its items, not the counts it is told", async () => {
    expect(
      await allOf('<sst count="4294967295" uniqueCount="4294967295"><si><t>a</t></si><si><t>b</t></si></sst>'),
    ).toEqual(["a", "b"]);
    expect(await allOf('<sst count="0" uniqueCount="0"><si><t>a</t></si></sst>')).toEqual(["a"]);
    expect(await allOf("<sst/>")).toEqual([]);
  });

  it("reads items between lines, comments and extensions", async () => {
    const part =
      "\ufeff<?xml version='1.0'?>\n<!-- <si/> --><sst>\n <si>\n  <t>a</t>\n </si>\n<?x <si/>?><si ><t xml:space='preserve' > b </t></si><extLst><ext/></extLst></sst>";
    expect(await allOf(part)).toEqual(["a", " b "]);
  });

  it("is the same table at every split of its bytes", async () => {
    const part = `<sst><si><t>näme</t></si><si><t xml:space="preserve"> a&amp;b\r\n</t></si><si><r><t>x_x00</t></r><r><t>41_</t></r></si><si/><si><t>_x0041_</t><!-- > --></si><si><t>${"é".repeat(300)}</t></si></sst>`;
    const expected = ["näme", " a&b\n", "x_x0041_", "", "A", "é".repeat(300)];
    for (let pieceBytes = 1; pieceBytes <= part.length; pieceBytes++) {
      expect(await allOf(part, { pieceBytes }), `pieces of ${pieceBytes}`).toEqual(expected);
    }
  });

  it("loads no further than it is asked to", async () => {
    const items = Array.from({ length: 10_000 }, (_, k) => `<si><t>text ${k}</t></si>`);
    const strings = new SharedStrings(piecesOf(`<sst>${items.join("")}</sst>`), "strings.xml");
    await strings.loadTo(100);
    expect(strings.count).toBeGreaterThan(100);
    expect(strings.count).toBeLessThan(200);
    expect(textOf(strings, 100)).toBe("text 100");
    await strings.loadTo(9_999, 5_000);
    expect(strings.count).toBeLessThan(1_000);
    await strings.loadTo(10_000);
    expect([strings.count, strings.complete]).toEqual([10_000, true]);
    await strings.close();
  });

  it("keeps the beginning of a text that no cell can have", async () => {
    const strings = new SharedStrings(
      piecesOf(`<sst><si><t>${"日".repeat(200_000)}</t></si><si><t>b</t></si></sst>`),
      "s",
    );
    await strings.loadTo(1);
    const text = textOf(strings, 0);
    expect(strings.foundTooLong).toBe(true);
    expect(text).toBe("日".repeat(text.length));
    expect(text).toHaveLength(32_767);
    expect(textOf(strings, 1)).toBe("b");
    await strings.close();
  });
});

describe("ByteStore", () => {
  it("gives back what was put in, however little of it is in memory", () => {
    const chunk = fc.uint8Array({ minLength: 0, maxLength: 3 * pageBytes });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 12 }), fc.constantFrom(1, 3 * pageBytes, 1e9), (chunks, memory) => {
        const store = new ByteStore(memory);
        const places = chunks.map((bytes, k) => {
          const at = store.claim(2);
          store.page(at).writeUInt16LE(k, at & pageMask);
          store.append(Buffer.from(bytes), 0, bytes.length);
          return at;
        });
        expect(store.spilled).toBe(store.pages.length > Math.max(2, Math.floor(memory / pageBytes)));
        for (const [k, bytes] of [...chunks.entries()].reverse()) {
          const out = Buffer.alloc(2 + bytes.length);
          store.read(places[k], 2, out, 0);
          store.read(places[k] + 2, bytes.length, out, 2);
          expect(out.readUInt16LE(0)).toBe(k);
          expect(out.subarray(2).equals(bytes)).toBe(true);
        }
        store.close();
      }),
      { numRuns: 60 },
    );
  });
});
