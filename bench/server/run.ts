/**
 * The benchmark of the server: what requests wait for while imports run, what watching costs, what going through the server costs, rows as JSON, and
 * many imports at once. `node bench/server/run.ts`, or a part: `node bench/server/run.ts --only latency,watchers,parity,crowd,overtake,batch`.
 * Linux only: CPU time comes from /proc.
 */
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { measureBatch } from "./batch.ts";
import { measureCrowd } from "./crowd.ts";
import { measureLatency } from "./latency.ts";
import { measureOvertaking } from "./overtake.ts";
import { measureParity } from "./parity.ts";
import { startRunning } from "./running.ts";
import { measureWatchers } from "./watchers.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "latency,watchers,parity,crowd,overtake,batch" },
    runs: { type: "string", default: "5" },
    rows: { type: "string", default: "1000000" },
    "huge-rows": { type: "string", default: "5000000" },
  },
});
const parts = new Set(values.only.split(","));
const runs = Number(values.runs);
const rows = Number(values.rows);

const running = await startRunning();
try {
  const [cpu] = cpus();
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  say(
    `# The server: ${cpus().length} × ${cpu.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`,
  );
  say("| what | measured |\n| --- | ---: |");
  const line = (what: string, measured: string): void => say(`| ${what} | ${measured} |`);
  if (parts.has("latency")) await measureLatency(running, { rows, line });
  if (parts.has("watchers")) await measureWatchers(running, { runs, line });
  if (parts.has("parity")) await measureParity(running, { rows, runs: Math.min(runs, 3), line });
  if (parts.has("crowd")) await measureCrowd(running, { line });
  if (parts.has("batch")) await measureBatch(running, { line });
  if (parts.has("overtake")) await measureOvertaking(running, { rows: Number(values["huge-rows"]), line });
} finally {
  await running.close();
}
