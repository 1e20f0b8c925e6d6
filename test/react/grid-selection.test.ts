import { expect, it } from "vitest";
import { placed, rangeOf, type Selected, wholeOf } from "../../src/react/steps/review/grid-selection.ts";

const grid = { rows: 10, columns: 4 };

it.each<[string, Partial<Selected>, [number, number, number, number]]>([
  ["between two corners, whichever comes first", {}, [2, 5, 1, 3]],
  ["whole rows", { whole: "rows" }, [2, 5, 0, 3]],
  ["whole columns", { whole: "columns" }, [0, 9, 1, 3]],
  ["all", { whole: "all" }, [0, 9, 0, 3]],
  ["rows from their number on", { anchor: { place: 5, column: -1 } }, [2, 5, 0, 3]],
  ["no row that is gone", { anchor: { place: 40, column: 1 } }, [2, 9, 1, 3]],
])("selects %s", (_, given, [top, bottom, left, right]) => {
  const selected: Selected = { anchor: { place: 5, column: 1 }, head: { place: 2, column: 3 }, whole: null, ...given };
  expect(rangeOf(selected, grid)).toEqual({ top, bottom, left, right });
});

it.each([
  ["a", { ctrlKey: true }, "all"],
  ["A", { metaKey: true }, "all"],
  [" ", { ctrlKey: true }, "columns"],
  [" ", { shiftKey: true }, "rows"],
  [" ", {}, null],
  [" ", { ctrlKey: true, shiftKey: true }, null],
  ["a", {}, null],
])("knows the key %j with %j", (key, held, whole) => {
  expect(wholeOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held })).toBe(whole);
});

it.each<[string, string[][], [number, number, number, number], object]>([
  [
    "one cell into all of a range",
    [["x"]],
    [1, 2, 0, 1],
    {
      rows: [
        ["x", "x"],
        ["x", "x"],
      ],
      cutOff: 0,
    },
  ],
  [
    "a block as often as it fits",
    [["a", "b"]],
    [0, 1, 0, 1],
    {
      rows: [
        ["a", "b"],
        ["a", "b"],
      ],
      cutOff: 0,
    },
  ],
  ["a block once where it does not fit", [["a"], ["b"]], [0, 2, 0, 0], { rows: [["a"], ["b"]], cutOff: 0 }],
  [
    "rows that are shorter, whose other cells stay",
    [["a", "b"], ["c"]],
    [0, 0, 0, 0],
    {
      rows: [
        ["a", "b"],
        ["c", null],
      ],
    },
  ],
  [
    "no cell beyond the last row and column",
    [
      ["a", "b"],
      ["c", "d"],
    ],
    [9, 9, 3, 3],
    { rows: [["a"]], cutOff: 3 },
  ],
  ["nothing where the rows are gone", [["a"]], [12, 12, 0, 0], { rows: [], cutOff: 1 }],
])("puts %s", (_, block, [top, bottom, left, right], expected) => {
  const { height, width, at, ...rest } = placed(block, { top, bottom, left, right }, grid);
  const rows = Array.from({ length: height }, (_, r) => Array.from({ length: width }, (_, c) => at(r, c)));
  expect({ rows, ...rest }).toMatchObject({ top, left, ...expected });
});

it("takes more rows than a call takes arguments, and a range of billions of cells, without making them", () => {
  const block = Array<string[]>(1_048_576).fill(["x", "y"]);
  expect(placed(block, { top: 0, bottom: 0, left: 0, right: 0 }, grid)).toMatchObject({ height: 10, width: 2 });
  const all = { top: 0, bottom: 99_999_999, left: 0, right: 99 };
  const filled = placed([["x"]], all, { rows: 100_000_000, columns: 100 });
  expect(filled).toMatchObject({ height: 100_000_000, width: 100, cutOff: 0 });
  expect(filled.at(99_999_999, 99)).toBe("x");
});
