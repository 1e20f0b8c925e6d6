import { describe, expect, it } from "vitest";
import { GridScroll, maxScrollHeight, rowHeight, type Scrolled } from "../../src/react/steps/review/grid-scroll.ts";

const view = 500;
const start: Scrolled = { bar: 0, way: 0 };

describe("a list that a browser can scroll by itself", () => {
  const scroll = new GridScroll(10_000, view);
  it("goes as far as the bar", () => {
    expect(scroll.follow(start, 123_456)).toEqual({ bar: 123_456, way: 123_456 });
    expect(scroll.settled({ bar: 0, way: 7000 })).toEqual({ bar: 7000, way: 7000 });
    expect([scroll.height, scroll.isScaled]).toEqual([10_000 * rowHeight, false]);
  });
});

describe("a list of a million rows", () => {
  const rows = 1_000_000;
  const scroll = new GridScroll(rows, view);
  const lastBar = maxScrollHeight - view;
  const lastWay = rows * rowHeight - view;

  it("is told to the browser as high as it can scroll", () => {
    expect([scroll.height, scroll.isScaled]).toEqual([maxScrollHeight, true]);
  });

  it("moves by its own pixels under the wheel", () => {
    const dragged = scroll.follow(start, 4_000_000);
    expect(scroll.follow(dragged, 4_000_100).way - dragged.way).toBe(100);
    expect(scroll.follow(dragged, 3_999_950).way - dragged.way).toBe(-50);
  });

  it("goes in proportion, and to both ends, when the bar is dragged", () => {
    expect(scroll.follow(start, lastBar).way).toBe(lastWay);
    expect(scroll.follow(start, lastBar / 2).way).toBeCloseTo(lastWay / 2);
    expect(scroll.follow({ bar: lastBar, way: lastWay }, 0).way).toBe(0);
  });

  it("shows its last row whole", () => {
    const way = scroll.toShow(start, rows - 1);
    expect([way, scroll.range({ bar: 0, way }).last]).toEqual([lastWay, rows]);
  });

  it("knows when the bar is at its end and the rows are not, and puts it where they are", () => {
    const stuck = { bar: 0, way: 300_000 };
    expect(scroll.isStuck(stuck)).toBe(true);
    const settled = scroll.settled(stuck);
    expect(scroll.isStuck(settled)).toBe(false);
    expect(settled.way).toBe(stuck.way);
    expect(scroll.follow(settled, settled.bar).way).toBe(stuck.way);
  });

  it("never leaves its rows", () => {
    for (const bar of [-50, 0, 3, lastBar / 3, lastBar, lastBar + 50]) {
      const { first, last } = scroll.range(scroll.follow({ bar: lastBar, way: lastWay }, bar));
      expect(first).toBeGreaterThanOrEqual(0);
      expect(last).toBeLessThanOrEqual(rows);
      expect(last).toBeGreaterThan(first);
    }
  });
});
