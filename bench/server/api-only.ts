/** The API alone, as a program mounts it, without a worker: the import's process then has its CPU time to itself. Prints its address. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { leads } from "../../src/importers/leads/leads.ts";
import { createApp } from "../../src/server/mount.ts";

const app = createApp({
  databaseUrl: process.env.DATABASE_URL,
  dataDir: process.env.SLUICE_DATA_DIR,
  importers: [leads],
  authenticate: async () => ({ id: "bench", name: "bench", role: "admin" }),
});
const server = createServer(getRequestListener(app.fetch));
server.listen(0, "127.0.0.1", () => {
  process.stderr.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.once("SIGTERM", async () => {
  server.closeAllConnections();
  server.close();
  await app.close();
});
