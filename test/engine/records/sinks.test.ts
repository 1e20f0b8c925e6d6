/** What sinks are told of rows that make several records. */
import { expect, it } from "vitest";
import { openEngine } from "../../open-engine.ts";
import { undo } from "../undo-import.ts";
import { shop, shopFile, shopTables } from "./shop.ts";

it("tells of each record beside the main one what was created and changed, at the commit and at the undo", async () => {
  const open = await openEngine([shop], shopTables());
  await open.rows(
    "insert into sluice.sinks (name, topics, seen_at) values ('hook', '{chunk.committed,chunk.undone}', now())",
  );
  const { job } = await open.importCsv(shop, shopFile);
  await undo(open, job.id);
  const messages = await open.rows("select topic, payload -> 'data' as data from sluice.outbox order by id");
  const data = {
    chunk: 0,
    created: ["3"],
    updated: ["1"],
    records: {
      brand: { created: ["2"], updated: [], deleted: [] },
      product: { created: [], updated: [], deleted: [] },
      price: { created: ["3", "4"], updated: ["1"], deleted: [] },
      stock: { created: ['[3, "Paris"]'], updated: ['[1, "Lyon"]'], deleted: [] },
      tag: { created: ["2"], updated: [], deleted: [] },
      "tag.link": { created: ["[1, 2]", "[3, 2]"], updated: [], deleted: [] },
    },
  };
  expect(messages).toMatchObject([
    { topic: "chunk.committed", data },
    { topic: "chunk.undone", data },
  ]);
});
