/** The order in which keys are taken and change hands, against the plainest way to keep them. */
import { expect, it } from "vitest";
import type { MergeRule } from "../../src/core/fields/kind.ts";
import { noValue, RecordKeys, TakenKeys } from "../../src/postgres/match/key-order.ts";
import { fc } from "../property.ts";

const value = fc.oneof({ arbitrary: fc.constant(noValue), weight: 1 }, { arbitrary: fc.nat(4), weight: 3 });
const rows = fc.array(fc.tuple(value, value, value), { maxLength: 40 });
const rule = fc.constantFrom<MergeRule>("overwrite", "fill", "never", "clear");

it("gives each key to the first row that goes in", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 40 }), (file) => {
      const taken = new TakenKeys(2, 5);
      const kept: { row: number; values: readonly number[] }[] = [];
      for (const [n, values] of file.entries()) {
        const row = n + 2;
        const place = values.findIndex((each, k) => kept.some((other) => other.values[k] === each));
        const expected =
          place < 0 ? null : { place, row: kept.find((other) => other.values[place] === values[place])?.row };
        expect(taken.take(row, values)).toEqual(expected);
        if (expected === null) kept.push({ row, values });
      }
    }),
  );
});

it("finds the oldest record that has a key by now, whatever the rules made of its keys", () => {
  fc.assert(
    fc.property(rows, rows, fc.tuple(rule, rule, rule), (table, file, rules) => {
      const known = new RecordKeys(rules, { records: table.length, rows: file.length, size: 5 });
      const records = table.map((values) => [...values]);
      for (const [record, values] of records.entries())
        for (const [place, each] of values.entries()) if (each !== noValue) known.has(record, place, each);
      for (const values of file) {
        const holders = values.flatMap((each, place) =>
          each === noValue ? [] : [...records.keys()].filter((record) => records[record][place] === each),
        );
        const isNew = holders.length === 0;
        const record = isNew ? records.length : holders[0];
        expect(known.apply(values)).toEqual({ record, isNew, isAmbiguous: new Set(holders).size > 1 });
        if (isNew) records.push([...values]);
        else
          records[record] = records[record].map((old, place) => {
            if (rules[place] === "never" || (rules[place] === "fill" && old !== noValue)) return old;
            return values[place] === noValue && rules[place] !== "clear" ? old : values[place];
          });
      }
    }),
  );
});
