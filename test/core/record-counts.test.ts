/** Counts of several records, under one name each and by record again. */
import { expect, it } from "vitest";
import { countsByRecord, namedCounts, noNamedCounts } from "../../src/core/record-counts.ts";

it("names created, updated and unchanged ones always, the rest where there are any, and rows of link tables where some are gone", () => {
  expect(
    namedCounts([
      { record: "price", created: 2, closed: 1 },
      { record: "tag.link", created: 9 },
      { record: "group.link", created: 1, unchanged: 4, deleted: 2 },
    ]),
  ).toEqual({
    created_price: 2,
    updated_price: 0,
    unchanged_price: 0,
    closed_price: 1,
    "created_group.link": 1,
    "updated_group.link": 0,
    "unchanged_group.link": 4,
    "deleted_group.link": 2,
  });
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
