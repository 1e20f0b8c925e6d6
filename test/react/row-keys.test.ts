import { describe, expect, it } from "vitest";
import { RowKeys } from "../../src/react/steps/review/grid-scroll.ts";

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k);

describe("keys of rows", () => {
  it("stay with the rows that are still in view, and are new for the others", () => {
    const keys = new RowKeys();
    const first = keys.keysOf(range(0, 20), null);
    const next = keys.keysOf(range(4, 24), null);
    for (const place of range(4, 20)) expect(next.get(place)).toBe(first.get(place));
    expect(new Set([...first.values(), ...next.values()]).size).toBe(24);
  });

  it("are those of the rows that were drawn, in their order, after a jump", () => {
    const keys = new RowKeys();
    const drawn = [...keys.keysOf(range(0, 20), null).values()];
    expect([...keys.keysOf(range(500, 520), null).values()]).toEqual(drawn);
    const more = [...keys.keysOf(range(900, 925), null).values()];
    expect(more.slice(0, 20)).toEqual(drawn);
    expect(new Set(more).size).toBe(25);
  });

  it("leave the row with the focus its own, out of view and back in it", () => {
    const keys = new RowKeys();
    const own = keys.keysOf(range(0, 20), null).get(7);
    for (const from of [500, 800]) {
      const jumped = keys.keysOf([7, ...range(from, from + 20)], 7);
      expect(jumped.get(7)).toBe(own);
      expect(new Set(jumped.values()).size).toBe(21);
    }
    expect(keys.keysOf(range(0, 20), null).get(7)).toBe(own);
  });

  it("are new for all that comes before the row with the focus when it is scrolled back into view", () => {
    const keys = new RowKeys();
    const own = keys.keysOf(range(0, 30), null).get(25);
    const away = keys.keysOf([25, ...range(0, 20)], 25);
    expect(away.get(25)).toBe(own);
    const back = keys.keysOf(range(6, 30), null);
    expect(back.get(25)).toBe(own);
    const drawn = new Set(away.values());
    expect(range(6, 25).filter((place) => drawn.has(back.get(place) as number))).toEqual([]);
    expect([...keys.keysOf(range(6, 30), null)]).toEqual([...back]);
  });

  it("stay what they are when the same rows are drawn again", () => {
    const keys = new RowKeys();
    keys.keysOf(range(0, 20), null);
    const jumped = [...keys.keysOf(range(500, 520), null)];
    expect([...keys.keysOf(range(500, 520), null)]).toEqual(jumped);
  });
});
