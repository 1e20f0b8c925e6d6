/** What `--map` can say, and how doubts and offers are shown. */
import { describe, expect, it } from "vitest";
import type { ImportFlags } from "../../src/cli/import-flags.ts";
import { mappingTable, parseMapping, settle } from "../../src/cli/mapping.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import type { Config } from "../../src/config.ts";
import type { ColumnMapping } from "../../src/core/import.ts";
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
  ])("understands %s", (text, mapping) => {
    expect(parseMapping(text)).toEqual(mapping);
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
