/** Several records of a row where the users' tables are asked as a role of the caller's, which has no right on anything of Sluice's. */
import { expect, it } from "vitest";
import { defineImporter } from "../../../src/index.ts";
import { freshRole } from "../../fresh-database.ts";
import { openEngine } from "../../open-engine.ts";
import { loopState, products, stateOf, tables, textOf } from "./catalog-rows.ts";
import { importForetold } from "./foretold.ts";
import { type Cells, RowByRow } from "./row-by-row.ts";

const row = (cells: Partial<Cells>): Cells => ({
  ...{
    code: "",
    title: "",
    note: "",
    brand: "",
    country: "",
    price: "",
    warehouse: "",
    quantity: "",
    shelf: "",
    tags: [],
  },
  ...cells,
});

it("reads and writes all tables as the role that the importer's session names", async () => {
  const role = freshRole();
  const importer = defineImporter({ ...products, session: () => ({ role }) });
  const names = "brands, products, prices, stocks, tags, product_tags";
  const open = await openEngine(
    [importer],
    `${tables} create role "${role}"; grant usage on schema public to "${role}"; grant select, insert, update on ${names} to "${role}";
    grant usage, update on all sequences in schema public to "${role}"`,
    { chunkRows: 3 },
  );
  const loop = new RowByRow();
  const first = [
    row({ code: "a", title: "x", brand: "Acme", price: "1", warehouse: "Lyon", quantity: "1", tags: ["red", "blue"] }),
    row({ code: "b", brand: "Bolt", country: "FR", price: "2" }),
    row({ code: "a", brand: "acme", price: "2", warehouse: "lyon", quantity: "2" }),
    row({ code: "c", warehouse: "", quantity: "1" }),
  ];
  for (const file of [first, [...first, row({ code: "b", price: "1", tags: ["red"] })]]) {
    const { counts } = loop.import(file, 3, () => false);
    const outcome = await importForetold(open, importer, textOf(file));
    expect(outcome.counts).toMatchObject(counts);
    expect(await stateOf(open)).toEqual(loopState(loop));
  }
});
