/**
 * What hostile requests and files cost everybody else: `node bench/hostile.ts [--rows 1000000]`. Prints the server's memory and its
 * health check under four bodies of 400 MB, and the time of another person's 1,000 rows beside a large import and beside a
 * hostile one.
 */
import { openAsBlob, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { bring, leadsFile, median, type Serving, startRunning } from "./server/running.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" } } });
const rows = Number(values.rows);
const mebibyte = 1024 ** 2;
const smallRows = 1000;
const times = 7;
const straightOn = { options: { autoCommit: true }, acceptDoubts: true };

const line = (what: string, reached: string, bar: string): void => {
  process.stdout.write(`${what}: ${reached} (bar ${bar})\n`);
};

/** Peak memory of a process, by Linux. */
function peakMiB(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

async function measureBodies({ url, pid, token }: Serving): Promise<void> {
  const piece = new Uint8Array(mebibyte).fill(0x20);
  const body = (): ReadableStream<Uint8Array> => {
    let sent = 0;
    return new ReadableStream({
      pull(controller) {
        if (sent++ < 400) controller.enqueue(piece);
        else controller.close();
      },
    });
  };
  const before = peakMiB(pid);
  let isOver = false;
  const waits: number[] = [];
  const watching = (async () => {
    while (!isOver) {
      const begun = performance.now();
      await (await fetch(`${url}/healthz`)).text();
      waits.push(performance.now() - begun);
    }
  })();
  const types = ["Application/JSON", "application/x+json", "text/plain", "application/json"];
  const statuses = await Promise.all(
    types.map((type) =>
      fetch(`${url}/api/v1/imports`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": type },
        body: body(),
        duplex: "half",
      } as RequestInit).then(
        ({ status }) => String(status),
        () => "cut off",
      ),
    ),
  );
  isOver = true;
  await watching;
  line(
    `four bodies of 400 MB (${statuses.join(", ")}): memory before → at most`,
    `${before.toFixed(0)} → ${peakMiB(pid).toFixed(0)} MiB`,
    "400 MiB",
  );
  line("health check meanwhile, at worst", `${Math.max(...waits).toFixed(0)} ms`, "100 ms");
}

/** Cells that a pattern which backtracks takes hours over, in every column. */
function hostileFile(number: number): Blob {
  const cell = `1${" ".repeat(1_000_000)}x`;
  const head = "Email,Phone,First name,Postal code,City\n";
  return new Blob([
    head,
    ...Array.from({ length: 30 }, (_, k) => `a${number}.${k}@example.com,${cell},Anna,${cell},Lyon\n`),
  ]);
}

async function measureNeighbours({ client }: Serving, folder: string): Promise<void> {
  let seed = 1;
  const small = async (): Promise<number> => {
    const file = await openAsBlob(await leadsFile(folder, smallRows, seed++));
    const begun = performance.now();
    const id = await bring(client, file, `small-${seed}.csv`, straightOn);
    await client.imports.waitFor(id, { status: "completed" });
    return (performance.now() - begun) / 1000;
  };
  const several = async (): Promise<number[]> => {
    const found: number[] = [];
    for (let k = 0; k < times; k++) found.push(await small());
    return found;
  };
  await small();
  const huge = await bring(client, await openAsBlob(await leadsFile(folder, rows)), "huge.csv", straightOn);
  await client.imports.waitFor(huge, { status: "parsing" });
  const besideHuge = median(await several());
  await client.imports.cancel(huge).catch(() => {});
  for (let k = 0; k < 4; k++) await bring(client, hostileFile(k), `hostile-${k}.csv`, straightOn);
  const besideHostile = median(await several());
  line(
    `another's ${smallRows.toLocaleString("en")} rows: beside ${rows.toLocaleString("en")} → beside four hostile files`,
    `${besideHuge.toFixed(2)} → ${besideHostile.toFixed(2)} s, ${(besideHostile / besideHuge).toFixed(2)} ×`,
    "2 ×",
  );
}

const running = await startRunning();
try {
  const server = await (await running.place()).serve();
  await measureBodies(server);
  await measureNeighbours(server, running.folder);
  await server.stop();
} finally {
  await running.close();
}
