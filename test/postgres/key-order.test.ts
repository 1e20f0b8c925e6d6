/** The order in which keys are taken and change hands, against the plainest way to keep them. */
import { expect, it } from "vitest";
import type { MergeRule } from "../../src/core/fields/kind.ts";
import { noValue, otherValue, RecordKeys } from "../../src/postgres/match/key-order.ts";
import { TakenKeys } from "../../src/postgres/match/taken-keys.ts";
import { fc } from "../property.ts";

const value = fc.oneof({ arbitrary: fc.constant(noValue), weight: 1 }, { arbitrary: fc.nat(4), weight: 3 });
const rule = fc.constantFrom<MergeRule>("overwrite", "fill", "never", "clear");

/** The place of the key by which two are the same: the strongest that both have, where it is equal. */
function sameBy(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  const decisive = a.findIndex((each, k) => each !== null && b[k] !== null);
  return decisive >= 0 && a[decisive] === b[decisive] ? decisive : -1;
}

it("gives each key to the first row that goes in, the strongest deciding", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value, value, fc.nat(4)), { maxLength: 40 }), (file) => {
      const taken = new TakenKeys(3, 1, 100);
      const kept: { row: number; keys: (string | null)[]; unique: number }[] = [];
      for (const [n, [a, b, c, unique]] of file.entries()) {
        const row = n + 5;
        const keys = [a, b, c].map((each) => (each === noValue ? null : String(each)));
        const pattern = keys.reduce((bits, each, k) => bits | (each === null ? 0 : 1 << k), 0);
        const found = kept
          .map((other) => ({ place: sameBy(keys, other.keys), row: other.row }))
          .filter(({ place }) => place >= 0)
          .sort((x, y) => x.place - y.place || x.row - y.row);
        const broken = kept.filter((other) => other.unique === unique).map((other) => ({ place: 3, row: other.row }));
        const expected = [...found, ...broken][0] ?? null;
        // A value that the row lacks is a number of its own.
        const values = [...[a, b, c].map((each) => (each === noValue ? row : each)), unique];
        expect(taken.take(row, values, pattern)).toEqual(expected);
        if (expected === null) kept.push({ row, keys, unique });
      }
    }),
  );
});

/** One key of a field, one of two, one of a field. */
const rows = fc.array(fc.tuple(value, value, value, value), { maxLength: 40 });
const keysOf = ([a, b, c, d]: readonly number[]): (string | null)[] => [
  a === noValue ? null : `${a}`,
  b === noValue || c === noValue ? null : `${b} ${c}`,
  d === noValue ? null : `${d}`,
];

it("finds the oldest record that is the same by now, whatever the rules made of its keys", () => {
  fc.assert(
    fc.property(rows, rows, fc.tuple(rule, rule, rule, rule), (table, file, rules) => {
      const [a, b, c, d] = rules;
      const known = new RecordKeys([[a], [b, c], [d]], { records: table.length, rows: file.length, size: 5 });
      const records = table.map((values) => [...values]);
      for (const [record, values] of records.entries()) {
        const [first, second, third, last] = values;
        const other = (each: number): number => (each === noValue ? noValue : otherValue);
        known.starts(record, [other(first), second, third, other(last)]);
        if (first !== noValue) known.has(record, 0, first);
        if (last !== noValue) known.has(record, 2, last);
      }
      for (const values of file) {
        const keys = keysOf(values);
        const same = [...records.keys()]
          .map((record) => ({ record, place: sameBy(keys, keysOf(records[record])) }))
          .filter(({ place }) => place >= 0)
          .sort((x, y) => x.place - y.place || x.record - y.record);
        const isNew = same.length === 0;
        const record = isNew ? records.length : same[0].record;
        expect(known.apply(values)).toMatchObject({ record, isNew, isAmbiguous: same.length > 1 });
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
