/** A worker of the shop in a process of its own, to be killed: `node shop-worker.ts DATABASE FOLDER SEARCH KEY`. */

import { typesense } from "../../src/notify/typesense.ts";
import { createWorker } from "../../src/program/index.ts";
import { products } from "./open-shop.ts";

const [databaseUrl, dataDir, url, apiKey] = process.argv.slice(2);
const sink = typesense({
  ...{ url, apiKey, collection: "products", limits: { documents: 50 } },
  document: ({ code, price }) => ({ code, price }),
});
await createWorker({
  databaseUrl,
  dataDir,
  importers: [products({ afterCommit: [sink] })],
  chunkRows: 100,
  logLevel: "silent",
}).run();
