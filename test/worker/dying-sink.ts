/** A worker whose sink has taken a message in, and is killed before that is noted: `node dying-sink.ts URL FOLDER FILE`. */
import { appendFileSync } from "node:fs";
import { leads } from "../../src/importers/leads/leads.ts";
import { createWorker } from "../../src/program/index.ts";

const [databaseUrl, dataDir, file] = process.argv.slice(2);
await createWorker({
  databaseUrl,
  dataDir,
  importers: [leads],
  logLevel: "silent",
  sinks: [
    {
      name: "mail",
      topics: ["import.completed"],
      async deliver(messages) {
        for (const { key, importId } of messages) appendFileSync(file, `${key} ${importId}\n`);
        process.kill(process.pid, "SIGKILL");
        await new Promise(() => {});
      },
    },
  ],
}).run();
