/** What a thread has found arrives whole, and no message of it is large. */
import { expect, it } from "vitest";
import { addPiece, takeApart } from "../../src/server/in-pieces.ts";

const long = (length: number): { k: number; more: string[] }[] =>
  Array.from({ length }, (_, k) => ({ k, more: [`${k}`] }));

it.each([
  ["a list", long(1500)],
  ["a list in an object in a short list", [{ dialect: { columns: long(513) } }, { profiles: long(1024) }]],
  ["what is short", { rows: long(512), more: false, at: null, none: undefined }],
  ["what is no object", 7],
])("is put together again: %s", (_, found) => {
  const { shell, pieces } = takeApart(found);
  expect(JSON.stringify(shell).length).toBeLessThan(20_000);
  expect(Math.max(0, ...pieces.map(({ items }) => items.length))).toBeLessThanOrEqual(512);
  const again = structuredClone(shell);
  for (const piece of pieces) addPiece(again, structuredClone(piece));
  expect(again).toEqual(found);
});
