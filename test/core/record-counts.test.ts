/** Counts of several records, under one name each and by record again. */
import { expect, it } from "vitest";
import { countsByRecord, namedCounts, noNamedCounts } from "../../src/core/record-counts.ts";

it("names created, updated and unchanged ones always, the rest where there are any, and no rows of link tables", () => {
  expect(
    namedCounts([
      { record: "price", created: 2, closed: 1 },
      { record: "tag.link", created: 9 },
    ]),
  ).toEqual({ created_price: 2, updated_price: 0, unchanged_price: 0, closed_price: 1 });
  expect(noNamedCounts([{ name: "ring" }])).toEqual({ created_ring: 0, updated_ring: 0, unchanged_ring: 0 });
  expect(noNamedCounts()).toEqual({});
});

it("tells them by record again, in the order of the names", () => {
  const counts = { created: 7, created_price: 2, closed_price: 1, created_in_stock: 3 };
  const none = { created: 0, updated: 0, unchanged: 0, closed: 0, deactivated: 0, deleted: 0 };
  expect(countsByRecord(counts, ["in_stock", "price"])).toEqual({
    in_stock: { ...none, created: 3 },
    price: { ...none, created: 2, closed: 1 },
  });
  expect(countsByRecord({ created: 7 }, ["price"])).toBeUndefined();
});
