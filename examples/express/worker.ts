/** Does the imports' work, in a process of its own; start as many as you like. */
import { createWorker } from "sluice/server";
import { people } from "./importers.ts";

const worker = createWorker({
  databaseUrl: process.env.DATABASE_URL,
  importers: [people],
  onCompleted: ({ id, counts }) => console.log(`Import ${id}: ${counts.created} created, ${counts.invalid} invalid`),
});
process.once("SIGTERM", () => worker.close());
process.once("SIGINT", () => worker.close());
await worker.run();
