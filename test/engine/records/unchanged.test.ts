/** Rows that leave all of their records as they are: told in the chunk, by what the tables hold then. */
import { expect, it } from "vitest";
import { openEngine, workToEnd } from "../../open-engine.ts";
import { plainProducts, plainTables } from "./catalog-rows.ts";
import { importForetold } from "./foretold.ts";

/** Enough for a second connection. */
const rows = 2500;
const line = (k: number, change: (k: number) => string = () => ""): string =>
  `c${k},${change(k) === "title" ? "New" : "Title"} ${k},Brand ${k % 40},${change(k) === "price" ? 2 : 1},${k % 9 === 0 ? "" : "Lyon"},${k % 9 === 0 ? "" : change(k) === "stock" ? 4 : 3}`;
const file = (change?: (k: number) => string, more = 0): string =>
  `code,title,brand,price,warehouse,quantity\n${Array.from({ length: rows + more }, (_, k) => line(k, change)).join("\n")}\n`;
const changedRows = `
  select code, amount, quantity from products p join prices v on v.product_id = p.id and v.valid_to is null join stocks s on s.product_id = p.id
  where code in ('c7', 'c2497', 'c2498') order by length(code), code`;
const withStock = Array.from({ length: rows }, (_, k) => k).filter((k) => k % 9 > 0).length;

it("counts them by record, beside rows of which one record changes, or several, or that are new", async () => {
  const open = await openEngine([plainProducts], plainTables);
  await importForetold(open, plainProducts, file());
  const again = await importForetold(open, plainProducts, file());
  expect(again.counts).toMatchObject({ created: 0, updated: 0, unchanged: rows });
  expect(again.records).toEqual({
    brand: { unchanged: 40 },
    product: { unchanged: rows },
    price: { unchanged: rows },
    stock: { unchanged: withStock },
  });
  const prices = (k: number): string => (k % 20 === 1 ? "price" : "");
  const changed = await importForetold(open, plainProducts, file(prices));
  expect(changed.counts).toMatchObject({ created: 0, updated: rows / 20, unchanged: rows - rows / 20 });
  expect(changed.records).toEqual({
    brand: { unchanged: 40 },
    product: { unchanged: rows },
    price: { created: rows / 20, closed: rows / 20, unchanged: rows - rows / 20 },
    stock: { unchanged: withStock },
  });
  // In either half of the file, which two connections compare, another one; and the product nowhere.
  const apart = (k: number): string => (k === 7 || k === 2498 ? "price" : k === 2497 ? "stock" : prices(k));
  const few = await importForetold(open, plainProducts, file(apart));
  expect(few.counts).toMatchObject({ created: 0, updated: 3, unchanged: rows - 3 });
  expect(few.records).toEqual({
    brand: { unchanged: 40 },
    product: { unchanged: rows },
    price: { created: 2, closed: 2, unchanged: rows - 2 },
    stock: { updated: 1, unchanged: withStock - 1 },
  });
  expect(await open.rows(changedRows)).toEqual([
    { code: "c7", amount: 2, quantity: 3 },
    { code: "c2497", amount: 1, quantity: 4 },
    { code: "c2498", amount: 2, quantity: 3 },
  ]);
  await importForetold(open, plainProducts, file(prices));
  const mixed = (k: number): string => (k % 10 === 2 ? "title" : prices(k) || (k % 90 === 3 ? "stock" : ""));
  const stocks = Array.from({ length: rows }, (_, k) => k).filter((k) => mixed(k) === "stock").length;
  const last = await importForetold(open, plainProducts, file(mixed, 5));
  expect(last.counts).toMatchObject({ created: 5, updated: rows / 10 + stocks, unchanged: rows - rows / 10 - stocks });
  expect(last.records).toEqual({
    brand: { unchanged: 40 },
    product: { created: 5, updated: rows / 10, unchanged: rows - rows / 10 },
    price: { created: 5, unchanged: rows },
    // Every ninth has none.
    stock: { created: 4, updated: stocks, unchanged: withStock - stocks },
  });
});

it("sees what others have changed since the match", async () => {
  const open = await openEngine([plainProducts], plainTables);
  await importForetold(open, plainProducts, file());
  const id = (k: number): string => `(select id from products where code = 'c${k}')`;
  const { commits } = open.store;
  const { commitChunk } = commits;
  commits.commitChunk = async (...of) => {
    commits.commitChunk = commitChunk;
    await open.rows(`
      update prices set amount = 7 where product_id = ${id(1)};
      update prices set valid_to = now() where product_id = ${id(2)};
      update stocks set quantity = 7 where product_id = ${id(4)};
      update products set title = 'Edited' where code = 'c5';
      update products set brand_id = null where code = 'c2001';
      delete from stocks where product_id = ${id(2002)};
      delete from stocks where product_id = ${id(2003)};
      delete from prices where product_id = ${id(2003)};
      delete from products where code = 'c2003'`);
    return commitChunk(...of);
  };
  const job = await open.create(plainProducts, file());
  await open.engine.start(job.id);
  await workToEnd(open.engine, job.id);
  await open.engine.commit(job.id);
  await workToEnd(open.engine, job.id);
  const { counts } = await open.outcomeOf(job.id);
  expect(counts).toMatchObject({ created: 1, updated: 6, unchanged: rows - 7 });
  expect(
    await open.rows(`
      select code, title, b.name as brand, amount, quantity, (select count(*)::int from prices v where v.product_id = p.id) as versions
      from products p left join brands b on b.id = p.brand_id left join prices v on v.product_id = p.id and v.valid_to is null
        left join stocks s on s.product_id = p.id
      where code in ('c1', 'c2', 'c4', 'c5', 'c2001', 'c2002', 'c2003') order by length(code), code`),
  ).toEqual(
    [1, 2, 4, 5, 2001, 2002, 2003].map((k) => ({
      code: `c${k}`,
      title: `Title ${k}`,
      brand: `Brand ${k % 40}`,
      amount: 1,
      quantity: 3,
      versions: k < 3 ? 2 : 1,
    })),
  );
});
