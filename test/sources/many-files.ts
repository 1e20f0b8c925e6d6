/** Lists a folder of an SFTP server into the database, in a process of its own, and says how much memory that took. Run by many-files.test.ts. */
import { peakRssBytes } from "../../src/cli/peak-memory.ts";
import { openOutbound } from "../../src/outbound/outbound.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { startWorker } from "../../src/postgres/connection/workers.ts";
import { postgresStore } from "../../src/postgres/store.ts";
import { sourceAdapters } from "../../src/sources/sources.ts";

const [url, id, place] = process.argv.slice(2);
const database = new Database(url, 3);
const worker = await startWorker(database);
const { sources } = postgresStore(database, worker);
const adapters = sourceAdapters({ outbound: openOutbound({ allow: ["127.0.0.1"] }), secretsKey: "", folders: [] });
const turn = await sources.turn(Number(id));
if (turn === null) throw new Error("The source is not due.");
const opened = await adapters.open(JSON.parse(place), "config", new AbortController().signal);
const startedAt = await sources.now();
let pages = 0;
for await (const page of opened.list(new AbortController().signal)) {
  pages += 1;
  await sources.note(turn.source, page, { startedAt, grows: opened.grows });
}
await sources.looked(turn.source, { startedAt, ignored: 0 });
await opened.close();
await worker.stop();
await database.close();
process.stdout.write(JSON.stringify({ pages, peakKib: peakRssBytes(process) / 1024 }));
