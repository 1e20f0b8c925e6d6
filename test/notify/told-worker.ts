/** A worker that sends mails and webhooks, to be killed while it does: `node told-worker.ts URL FOLDER SMTP`. */
import { leads } from "../../src/importers/leads/leads.ts";
import { createWorker } from "../../src/program/index.ts";

const [databaseUrl, dataDir, smtpUrl] = process.argv.slice(2);
await createWorker({
  databaseUrl,
  dataDir,
  importers: [leads],
  logLevel: "silent",
  smtpUrl,
  mailFrom: "Sluice <imports@example.com>",
  mailRows: 2,
  outboundAllow: ["127.0.0.1"],
}).run();
