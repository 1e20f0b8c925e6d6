/** What an import does with what is there, where a row makes several records: rows that stay out make none of them. */
import { expect, it } from "vitest";
import type { DuplicateStrategy } from "../../../src/core/duplicates.ts";
import type { Mode } from "../../../src/core/modes.ts";
import { openEngine, some } from "../../open-engine.ts";
import { products, stateOf, tables } from "./catalog-rows.ts";
import { importForetold } from "./foretold.ts";

const header = "code,title,brand,price,warehouse,quantity,tags\n";
const first = `${header}a,x,Acme,1,Lyon,1,red\n`;
const second = `${header}a,y,Bolt,2,Lyon,2,blue\nb,z,Cup,3,Paris,3,green\na,w,Dot,4,,,\n`;

const cases: [string, { mode?: Mode; strategy?: DuplicateStrategy }, object, object][] = [
  [
    "rows without a match make nothing",
    { mode: "update_only" },
    { updated: 2, skipped: 1 },
    { brand: ["acme Acme ", "bolt Bolt ", "dot Dot "], product: ["a w  dot"], price: ["a 1,4"], tag: ["blue", "red"] },
  ],
  [
    "duplicates that are skipped make nothing",
    { strategy: "skip" },
    { created: 1, skipped: 2 },
    {
      brand: ["acme Acme ", "cup Cup "],
      product: ["a x  acme", "b z  cup"],
      price: ["a 1", "b 3"],
      tag: ["green", "red"],
    },
  ],
];

it.each(cases)("%s", async (_, { mode, strategy }, counts, content) => {
  const open = await openEngine([products], tables);
  await open.importCsv(products, first);
  const outcome = await importForetold(open, products, second, { mode, strategy });
  const { created, updated, unchanged, skipped, invalid, failed } = outcome.counts;
  expect(some({ created, updated, unchanged, skipped, invalid, failed })).toEqual(counts);
  expect(await stateOf(open)).toMatchObject(content);
});
