/** How long requests take while another import runs at full speed and 100 wait, against the same server when it is idle. */
import { openAsBlob } from "node:fs";
import { bring, leadsFile, quantile, type Running } from "./running.ts";

const asked = 600;
const started = 60;
const waiting = 100;

export async function measureLatency(
  running: Running,
  { rows, line }: { rows: number; line: (what: string, measured: string) => void },
): Promise<void> {
  const place = await running.place();
  // One place for imports: the others wait.
  const server = await place.serve({ SLUICE_CONCURRENCY: "1", SLUICE_USER_RUNNING: "1" });
  const { client } = server;
  const big = await bring(client, await openAsBlob(await leadsFile(running.folder, rows)), "big.csv");
  const small = async (k: number): Promise<number> =>
    bring(client, new TextEncoder().encode(`email\nperson-${k}@example.com\n`), `small-${k}.csv`);
  const idleOnes: number[] = [];
  const busyOnes: number[] = [];
  for (let k = 0; k < started; k++) idleOnes.push(await small(k));
  for (let k = 0; k < started; k++) busyOnes.push(await small(1000 + k));
  const queue: number[] = [];
  for (let k = 0; k < waiting; k++) queue.push(await small(2000 + k));

  const status = async (): Promise<number[]> => timed(asked, () => client.imports.get(big));
  // Warm: what is compiled and connected at first is not what is measured.
  await status();
  const idleStatus = await status();
  const idleStart = await timed(started, async (k) => {
    await client.imports.start(idleOnes[k]);
  });
  await client.imports.waitFor(idleOnes[started - 1], { status: "ready" });

  await client.imports.setOptions(big, { autoCommit: true });
  await client.imports.start(big, { acceptDoubts: true });
  await client.imports.waitFor(big, { status: ["parsing", "committing"] });
  for (const id of queue) await client.imports.start(id);
  await lag(server.url, server.token);
  const busyStatus = await status();
  const busyStart = await timed(started, async (k) => {
    await client.imports.start(busyOnes[k]);
  });
  const busyStatusLater = await status();
  const lagMs = await lag(server.url, server.token);
  const { status: during } = await client.imports.get(big);

  const ms = (numbers: readonly number[]): string => `${quantile(numbers, 0.99).toFixed(1)} ms`;
  const busy = [...busyStatus, ...busyStatusLater];
  line(
    `GET of a status, p99, idle → while ${rows.toLocaleString("en")} rows are imported (then ${during}) and ${waiting} wait`,
    `${ms(idleStatus)} → ${ms(busy)}: ${(quantile(busy, 0.99) / quantile(idleStatus, 0.99)).toFixed(1)} × (medians ${quantile(idleStatus, 0.5).toFixed(1)} → ${quantile(busy, 0.5).toFixed(1)} ms)`,
  );
  line(
    "POST that starts an import, p99, idle → busy",
    `${ms(idleStart)} → ${ms(busyStart)}: ${(quantile(busyStart, 0.99) / quantile(idleStart, 0.99)).toFixed(1)} ×`,
  );
  line("event-loop delay of the server, p99, meanwhile", `${lagMs.toFixed(1)} ms`);
  await server.stop();
}

/** Milliseconds of each call, one after the other, with a little air between them as browsers leave. */
async function timed(times: number, call: (k: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let k = 0; k < times; k++) {
    const startedAt = performance.now();
    await call(k);
    taken.push(performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return taken;
}

/** Since it was asked last, as the server's own metrics tell. */
async function lag(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const seconds = /^nodejs_eventloop_lag_p99_seconds\s+(\S+)/m.exec(await response.text())?.[1];
  return Number(seconds) * 1000;
}
