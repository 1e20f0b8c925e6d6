/** A command that uses the embedded server until it is killed: `node command.ts <data folder>`. */

import { startEmbeddedPostgres } from "../../src/embedded/embedded.ts";

const settings = { fsync: "off", shared_buffers: "16MB" };
const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2], settings, lingerMs: 0 });
process.stdout.write(`${postgres.url}\n`);
setInterval(() => {}, 60_000);
