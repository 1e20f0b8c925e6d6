/** What `--map` can say, and how doubts and offers are shown. */
import { describe, expect, it } from "vitest";
import { parseMapping } from "../../src/cli/given-mapping.ts";
import type { ImportFlags } from "../../src/cli/import-flags.ts";
import { mappingTable, settle } from "../../src/cli/mapping.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import type { Config } from "../../src/config.ts";
import type { ColumnMapping, Mapping } from "../../src/core/import.ts";
import { leads } from "../../src/importers/leads/leads.ts";

const column = (more: Partial<ColumnMapping>): ColumnMapping => ({
  column: 0,
  header: "CP",
  field: "postal_code",
  score: 0.98,
  reason: "alias",
  ...more,
});

describe("parseMapping", () => {
  it.each([
    ["CP=postal_code", { column: "CP", field: "postal_code" }],
    ["CP=", { column: "CP", field: null }],
    ["CP=postal_code:pad5", { column: "CP", field: "postal_code", transform: { padTo: 5 } }],
    ["SIRET=external_id:pad14", { column: "SIRET", field: "external_id", transform: { padTo: 14 } }],
    ["Né le=born:serial", { column: "Né le", field: "born", transform: { dateOrder: "serial" } }],
    ["Prix=price:comma", { column: "Prix", field: "price", transform: { decimalMark: "," } }],
    ["Créé=at:UTC", { column: "Créé", field: "at", transform: { timeZone: "UTC" } }],
    ["Créé=at:+02:00", { column: "Créé", field: "at", transform: { timeZone: "+02:00" } }],
    [
      "Créé=at:mdy,Europe/Paris",
      { column: "Créé", field: "at", transform: { dateOrder: "mdy", timeZone: "Europe/Paris" } },
    ],
    ["Pays|'FR'=country", { column: "Pays", field: "country", default: "FR" }],
    [
      "Né le|'01/02/1990'=born:dmy",
      { column: "Né le", field: "born", transform: { dateOrder: "dmy" }, default: "01/02/1990" },
    ],
  ])("understands %s", (text, mapping) => {
    expect(parseMapping(text)).toEqual(mapping);
  });

  it.each([
    ["'Salon 2026'=source", { kind: "constant", value: "Salon 2026" }],
    ["First+Last=name", { kind: "join", columns: ["First", "Last"], separator: " " }],
    ["Last+', '+First=name", { kind: "join", columns: ["Last", "First"], separator: ", " }],
    ["J + '/' + M + '/' + A=born", { kind: "join", columns: ["J", "M", "A"], separator: "/" }],
    ["Name[first]=first_name", { kind: "split", column: "Name", by: "name", part: "first" }],
    ["Adresse[postal_code]=cp", { kind: "split", column: "Adresse", by: "address", part: "postal_code" }],
    ["Codes[;2]=code", { kind: "split", column: "Codes", by: "separator", separator: ";", part: 2 }],
    ["Path[/-1]=file", { kind: "split", column: "Path", by: "separator", separator: "/", part: -1 }],
  ])("understands what is not one cell: %s", (text, source) => {
    const at = text.lastIndexOf("=");
    expect(parseMapping(text)).toEqual({ field: text.slice(at + 1), source, unlessColumn: text.slice(0, at) });
  });

  it.each(["C++=x", "Price [EUR]=price", "+33=x", "[x]=y"])("takes %s for a column's name", (text) => {
    expect(parseMapping(text)).toMatchObject({ column: text.slice(0, text.lastIndexOf("=")) });
  });

  it("names the nearest part, and refuses two separators", () => {
    expect(() => parseMapping("Name[frist]=x")).toThrow('there is no part "frist". Did you mean "first"?');
    expect(() => parseMapping("A+'-'+B+'/'+C=x")).toThrow("joined by one separator");
  });

  it.each(["CP=postal_code:pad", "CP=postal_code:pad1", "CP=postal_code:pad99", "CP=x:constructor", "CP=x:y", "CP"])(
    "refuses %s",
    (text) => {
      expect(() => parseMapping(text)).toThrow(/^--map "CP/);
    },
  );
});

describe("mappingTable", () => {
  it("offers what could be mended, where the sample has some of it", () => {
    const repair = (cells: number): ColumnMapping => column({ repair: { kind: "pad_zeros", width: 5, cells } });
    expect(mappingTable({ columns: [repair(12)] }, "en")).toContain(
      '! 12 codes too short (zeros lost): --map "CP=postal_code:pad5"',
    );
    expect(mappingTable({ columns: [repair(12)] }, "fr")).toContain("! 12 codes trop courts (zéros perdus)");
    expect(mappingTable({ columns: [repair(0)] }, "en")).not.toContain("pad5");
    const blanks = column({ blanks: { words: ["NULL", "N/A"], cells: 7 } });
    expect(mappingTable({ columns: [blanks] }, "en")).toContain(
      '! 7 cells hold a word for nothing: --null "NULL" --null "N/A"',
    );
  });
});

describe("settle", () => {
  const terminal = { interactive: false } as Terminal;
  const settled = (columns: ColumnMapping[], flags: Partial<ImportFlags> = {}): Promise<unknown> =>
    settle({ columns }, leads, flags as ImportFlags, { language: "en" } as Config, terminal);

  it("says what to pass for a column of a spreadsheet's day numbers", async () => {
    const doubtful = column({
      header: "Date",
      field: "external_id",
      doubt: "date_serial",
      transform: { dateOrder: "serial" },
    });
    await expect(settled([doubtful])).rejects.toThrow(/45292 is 2024-01-01.*--map "Date=external_id:serial"/);
    expect(await settled([doubtful], { yes: true })).toEqual({ columns: [doubtful] });
  });

  it("does not ask about an offer", async () => {
    const mapping = [
      column({ repair: { kind: "pad_zeros", width: 5, cells: 3 } }),
      column({ column: 1, header: "E-mail", field: "email" }),
    ];
    expect(await settled(mapping)).toEqual({ columns: mapping });
  });
});

describe("a suggested part of a column", () => {
  it("is a doubt that says what to pass", async () => {
    const terminal = { interactive: false } as Terminal;
    const mapping = {
      columns: [
        column({ header: "Nom complet", field: null, reason: "none" }),
        column({ column: 1, header: "E-mail", field: "email" }),
      ],
      fields: [
        {
          field: "last_name",
          source: { kind: "split", column: 0, by: "name", part: "last" },
          reason: "values",
          doubt: "suggested_split",
        },
      ],
    } as Mapping;
    const settled = (flags: Partial<ImportFlags>) =>
      settle(mapping, leads, flags as ImportFlags, { language: "en" } as Config, terminal);
    await expect(settled({})).rejects.toThrow('Pass --map "Nom complet[last]=last_name"');
    expect(await settled({ yes: true })).toEqual(mapping);
  });
});
