import { describe, expect, it } from "vitest";
import type { Row, RowPage } from "../../src/client/index.ts";
import { pageRows, RowWindow } from "../../src/react/steps/review/row-window.ts";

interface Asked {
  offset: number;
  signal: AbortSignal;
  answer(total?: number): void;
  fail(error: Error): void;
}

const rowAt = (place: number, city = "Lyon"): Row => ({
  row: place + 2,
  status: "valid",
  issues: [],
  cells: null,
  values: { city },
  recordId: null,
});

/** A list whose pages come when the test says so. */
function openWindow(total: number): { rows: RowWindow; asked: Asked[]; told: unknown[] } {
  const asked: Asked[] = [];
  const told: unknown[] = [];
  const load = ({ offset, limit }: { offset: number; limit: number }, signal: AbortSignal): Promise<RowPage> =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      const answer = (now = total): void => {
        const items = Array.from({ length: Math.max(0, Math.min(limit, now - offset)) }, (_, k) => rowAt(offset + k));
        resolve({ items, next: null, valid: now, invalid: 0, total: now });
      };
      asked.push({ offset, signal, answer, fail: reject });
    });
  return { rows: new RowWindow(load, (error) => told.push(error)), asked, told };
}

describe("a window on a long list", () => {
  it("asks for the pages that are looked at, once each, and keeps them", async () => {
    const { rows, asked, told } = openWindow(1000);
    rows.want(190, 230);
    expect(asked.map(({ offset }) => offset)).toEqual([0, pageRows]);
    for (const each of asked) each.answer();
    await expect.poll(() => rows.at(229)?.row).toBe(231);
    expect([rows.at(190)?.row, rows.total, told]).toEqual([192, 1000, [null, null]]);
    rows.want(195, 235);
    rows.close();
    expect(asked).toHaveLength(2);
  });

  it("asks for the rest of a page whose rows are large, and shows what is there", async () => {
    const places: { offset: number; limit: number }[] = [];
    let goOn = (): void => {};
    const rows = new RowWindow(
      async ({ offset, limit }) => {
        places.push({ offset, limit });
        if (places.length === 2) await new Promise<void>((resolve) => (goOn = resolve));
        const items = Array.from({ length: Math.min(limit, places.length === 3 ? 200 : 30) }, (_, k) =>
          rowAt(offset + k),
        );
        return { items, next: String(offset + items.length + 1), valid: 900, invalid: 0, total: 900 };
      },
      () => {},
    );
    rows.want(0, 20);
    await expect.poll(() => rows.at(29)?.row).toBe(31);
    expect(rows.at(30)).toBeUndefined();
    goOn();
    await expect.poll(() => rows.at(199)?.row).toBe(201);
    expect(places).toEqual([
      { offset: 0, limit: 200 },
      { offset: 30, limit: 170 },
      { offset: 60, limit: 140 },
    ]);
  });

  it("gives up what was scrolled past before it came", async () => {
    const { rows, asked } = openWindow(100_000);
    rows.want(0, 20);
    asked[0].answer();
    await expect.poll(() => rows.total).toBe(100_000);
    for (const place of [20_000, 40_000, 60_000]) rows.want(place, place + 20);
    await expect.poll(() => asked.at(-1)?.offset).toBe(60_000);
    // Nobody rested at the one in the middle.
    expect(asked.map(({ offset }) => offset)).not.toContain(40_000);
    rows.want(80_000, 80_020);
    expect(asked.slice(1).every(({ offset, signal }) => offset === 80_000 || signal.aborted)).toBe(true);
    rows.close();
  });

  it("keeps few pages of many", async () => {
    const { rows, asked } = openWindow(100_000);
    for (let page = 0; page < 60; page++) {
      rows.want(page * pageRows, page * pageRows + 20);
      await expect.poll(() => asked.at(-1)?.offset, { interval: 1 }).toBe(page * pageRows);
      asked.at(-1)?.answer();
      await expect.poll(() => rows.at(page * pageRows), { interval: 1 }).toBeDefined();
    }
    expect([rows.at(0), rows.at(19 * pageRows)?.row, rows.at(59 * pageRows)?.row]).toEqual([
      undefined,
      undefined,
      59 * pageRows + 2,
    ]);
  });

  it("leaves an edited row in its place until other pages come, and asks for all of them anew then", async () => {
    const { rows, asked } = openWindow(1000);
    rows.want(0, 20);
    asked[0].answer();
    await expect.poll(() => rows.at(5)).toBeDefined();
    rows.put(rowAt(5, "Paris"));
    rows.noteChange();
    expect(rows.at(5)?.values?.city).toBe("Paris");
    rows.want(190, 210);
    await expect.poll(() => asked.map(({ offset }) => offset)).toEqual([0, 0, pageRows]);
    for (const each of asked.slice(1)) each.answer(999);
    await expect.poll(() => [rows.total, rows.at(5)?.values?.city]).toEqual([999, "Lyon"]);
    rows.close();
  });

  it("tells why a page did not come, and asks again when it is told to", async () => {
    const { rows, asked, told } = openWindow(10);
    rows.want(0, 20);
    const error = new Error("away");
    asked[0].fail(error);
    await expect.poll(() => rows.error).toBe(error);
    expect(told).toEqual([error]);
    rows.reload();
    asked[1].answer();
    await expect.poll(() => [rows.error, rows.at(9)?.row]).toEqual([null, 11]);
  });
});
