/** The generated leads: repeatable, streamed, and exactly what `leadTruth` says they are. */
import { readFileSync } from "node:fs";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { describe, expect, it } from "vitest";
import {
  countLeads,
  type GenerateOptions,
  generateLeads,
  LEADS_HEADER,
  leadTruth,
} from "../../../src/importers/leads/generate.ts";

const OPTIONS: GenerateOptions = { rows: 20_000, seed: 7 };

function text(options: GenerateOptions): string {
  return [...generateLeads(options)].join("");
}

/** Cells of each row: enough of RFC 4180 for what the generator writes. */
function parse(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^";\r\n]*))(;|\r\n|$)/g)) {
    rows[rows.length - 1].push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "\r\n") rows.push([]);
    if (end === "") break;
  }
  return rows.slice(0, -1);
}

/** The three keys as any importer should normalise them; "" where the cell gives none. */
function keysOf(cells: string[]): { email: string; phone: string; external_id: string } {
  const phone = cells[4] === "" ? undefined : parsePhoneNumberFromString(cells[4], "FR");
  return {
    email: cells[3].trim().toLowerCase(),
    phone: phone?.isValid() ? phone.number : "",
    external_id: cells[0],
  };
}

describe("generateLeads", () => {
  it("writes the same bytes for the same seed, and others for another", () => {
    const options = { rows: 3000, seed: 7 };
    expect(text(options)).toBe(text(options));
    expect(text(options)).not.toBe(text({ ...options, seed: 8 }));
  });

  it("makes a shorter file a prefix of a longer one", () => {
    expect(text({ rows: 2000, seed: 7 }).startsWith(text({ rows: 1000, seed: 7 }))).toBe(true);
  });

  it("begins with the header of 12 columns and ends every row as Excel does", () => {
    const csv = text({ rows: 100, seed: 7 });
    expect(csv.startsWith(`${LEADS_HEADER}\r\n`)).toBe(true);
    expect(LEADS_HEADER.split(";")).toHaveLength(12);
    expect(csv.endsWith("\r\n")).toBe(true);
    expect(text({ rows: 0, seed: 7 })).toBe(`${LEADS_HEADER}\r\n`);
  });

  it("wrote the sample file", () => {
    const sample = readFileSync(new URL("../../../examples/data/leads.csv", import.meta.url), "utf8");
    expect(sample === text({ rows: 2000, seed: 7 })).toBe(true);
  });

  it("comes in chunks of about 64 KB", () => {
    const chunks = [...generateLeads(OPTIONS)];
    for (const chunk of chunks.slice(0, -1)) {
      expect(chunk.length).toBeGreaterThanOrEqual(65_536);
      expect(chunk.length).toBeLessThan(65_536 + 1000);
    }
  });

  it("keeps about the shares that were asked for", () => {
    const counts = countLeads(OPTIONS);
    expect(counts.plain + counts.duplicate + counts.invalid).toBe(OPTIONS.rows);
    expect(counts.duplicate / OPTIONS.rows).toBeCloseTo(0.05, 2);
    expect(counts.invalid / OPTIONS.rows).toBeCloseTo(0.02, 2);
    expect(countLeads({ ...OPTIONS, duplicateShare: 0, invalidShare: 0 }).plain).toBe(OPTIONS.rows);
    expect(countLeads({ ...OPTIONS, duplicateShare: 0.3, invalidShare: 0 }).duplicate / OPTIONS.rows).toBeCloseTo(
      0.3,
      1,
    );
  });

  it("holds the characters that a careless reader trips over", () => {
    const cells = parse(text(OPTIONS)).flat();
    expect(cells.some((cell) => cell.includes("\n"))).toBe(true);
    expect(cells.some((cell) => cell.includes('"'))).toBe(true);
    expect(cells.some((cell) => cell.includes(";"))).toBe(true);
    expect(cells).toContain("01000");
    expect(cells).toContain("3,36E+10");
  });

  it("gives every row 12 cells, but for the ragged ones, which can be left out", () => {
    const ragged = parse(text(OPTIONS))
      .slice(1)
      .flatMap((cells, index) => (cells.length === 12 ? [] : [index + 1]));
    expect(ragged.length).toBeGreaterThan(0);
    for (const row of ragged) expect(leadTruth(OPTIONS, row)).toEqual({ kind: "invalid", defect: "cells" });
    const even = parse(text({ ...OPTIONS, ragged: false }));
    expect(even.every((cells) => cells.length === 12)).toBe(true);
  });

  it.each([
    [{ rows: -1, seed: 1 }],
    [{ rows: 1.5, seed: 1 }],
    [{ rows: 40_000_001, seed: 1 }],
    [{ rows: 1, seed: -1 }],
    [{ rows: 1, seed: 1, duplicateShare: 0.9, invalidShare: 0.2 }],
    [{ rows: 1, seed: 1, duplicateShare: Number.NaN }],
  ])("refuses %o", (options) => {
    expect(() => text(options)).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});

describe("leadTruth", () => {
  const rows = parse(text(OPTIONS)).slice(1);
  const truths = rows.map((_, index) => leadTruth(OPTIONS, index + 1));

  it("calls plain what no earlier row shares a key with, and duplicate what repeats one", () => {
    const seen = { email: new Set<string>(), phone: new Set<string>(), external_id: new Set<string>() };
    const wrong: unknown[] = [];
    rows.forEach((cells, index) => {
      const truth = truths[index];
      if (truth.kind === "invalid") return;
      const keys = keysOf(cells);
      const repeated = Object.entries(keys).flatMap(([key, value]) =>
        value !== "" && seen[key as keyof typeof seen].has(value) ? [key] : [],
      );
      for (const [key, value] of Object.entries(keys)) seen[key as keyof typeof seen].add(value);
      const expected = truth.kind === "duplicate" ? [truth.key] : [];
      if (repeated.join() !== expected.join()) wrong.push({ row: index + 1, truth, repeated, cells });
    });
    expect(wrong).toEqual([]);
  });

  it("names the plain row that a duplicate repeats", () => {
    let checked = 0;
    truths.forEach((truth, index) => {
      if (truth.kind !== "duplicate") return;
      expect(truth.of).toBeLessThan(index + 1);
      expect(truths[truth.of - 1]).toEqual({ kind: "plain" });
      expect(keysOf(rows[index])[truth.key]).toBe(keysOf(rows[truth.of - 1])[truth.key]);
      checked++;
    });
    expect(checked).toBe(countLeads(OPTIONS).duplicate);
  });

  it("gives plain rows phones that libphonenumber's strict metadata calls valid", () => {
    const wrong = rows.flatMap((cells, index) =>
      truths[index].kind === "plain" && cells[4] !== "" && keysOf(cells).phone === "" ? [cells[4]] : [],
    );
    expect(wrong).toEqual([]);
  });

  it("names the defect of an invalid row", () => {
    const emailForm = /^[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@([a-z0-9-]+\.)+[a-z]{2,}$/i;
    const statuses = new Set(["", "Nouveau", "Contacté", "Qualifié", "Converti", "Perdu"]);
    const defects = new Set<string>();
    truths.forEach((truth, index) => {
      const cells = rows[index];
      const keys = keysOf(cells);
      const found: string[] = [];
      if (cells.length !== 12) found.push("cells");
      if (cells[3] !== "" && !emailForm.test(keys.email)) found.push("email");
      if (cells[4] !== "" && keys.phone === "") found.push("phone");
      if (cells[0] === "" && cells[3] === "" && cells[4] === "") found.push("keys");
      if (cells.length === 12 && !statuses.has(cells[11])) found.push("status");
      expect([index + 1, ...found]).toEqual(truth.kind === "invalid" ? [index + 1, truth.defect] : [index + 1]);
      if (truth.kind === "invalid") defects.add(truth.defect);
    });
    expect([...defects].sort()).toEqual(["cells", "email", "keys", "phone", "status"]);
  });
});
