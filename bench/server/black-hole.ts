/**
 * What a hole in the network costs: `node bench/server/black-hole.ts [seconds]`. Between Sluice and its database nothing comes through
 * for so long: how long requests take, when an import goes on after it, how long SIGTERM takes, and the first request where a router
 * has forgotten every connection.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { bring, leadsFile, startRunning } from "./running.ts";

const holeSeconds = Number(process.argv[2] ?? 20);
const running = await startRunning();
try {
  const place = await running.place();
  const proxy = await openProxy(place.url);
  const through = { DATABASE_URL: proxy.url };
  const serving = await place.serve(through);
  const direct = new Database(place.url, 1);
  const file = new Blob([await readFile(await leadsFile(running.folder, 400_000))]);
  const get = async (): Promise<string> => {
    const begun = performance.now();
    const response = await fetch(`${serving.url}/api/v1/imports`, {
      headers: { authorization: `Bearer ${serving.token}` },
    });
    await response.arrayBuffer();
    return `${response.status} after ${((performance.now() - begun) / 1000).toFixed(1)} s`;
  };
  const done = async (id: number): Promise<number> => {
    const [{ rows }] = await direct.query<{ rows: number }>(sql`
      select (processed_rows + coalesce((select sum(created) from sluice.import_chunks c where c.job_id = j.id and done_at is not null), 0))::float8 as rows
      from sluice.import_jobs j where id = ${id}`);
    return rows;
  };
  const id = await bring(serving.client, file, "leads.csv", { options: { autoCommit: true }, acceptDoubts: true });
  while ((await done(id)) < 450_000) await sleep(20);
  proxy.pause();
  const answers: string[] = [];
  const until = performance.now() + holeSeconds * 1000;
  while (performance.now() < until) {
    answers.push(await get());
    await sleep(500);
  }
  const before = await done(id);
  proxy.resume();
  const resumedAt = performance.now();
  while ((await done(id)) === before) await sleep(20);
  console.log(`requests in the hole: ${answers.join(", ")}`);
  console.log(`the import goes on ${((performance.now() - resumedAt) / 1000).toFixed(1)} s after it`);
  const isDone = sql`select from sluice.import_jobs where id = ${id} and status = 'completed'`;
  while ((await direct.query(isDone)).length === 0) await sleep(100);

  await get();
  await sleep(5000);
  proxy.forget();
  console.log(`first request on forgotten connections: ${await get()}`);

  for (const what of ["serve", "work"] as const) {
    const child = what === "work" ? await place.work(through) : null;
    proxy.pause();
    await sleep(2000);
    const begun = performance.now();
    if (child === null) await serving.stop();
    else {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    console.log(`SIGTERM of ${what}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    proxy.resume();
  }
  await direct.close();
  proxy.close();
} finally {
  await running.close();
}

async function openProxy(target: string) {
  const pairs = new Set<{ client: Socket; upstream: Socket; isForgotten: boolean }>();
  let isPaused = false;
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const { hostname, port } = new URL(target);
    const upstream = connect(Number(port), hostname);
    const pair = { client, upstream, isForgotten: false };
    pairs.add(pair);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ]) {
      from.on("data", (bytes) => to.write(bytes));
      from.on("error", () => {});
      from.on("close", () => {
        pairs.delete(pair);
        if (!pair.isForgotten) to.destroy();
      });
    }
    if (isPaused) upstream.pause();
    else client.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  const each = (act: "pause" | "resume"): void => {
    isPaused = act === "pause";
    for (const { client, upstream, isForgotten } of pairs) {
      if (isForgotten) continue;
      client[act]();
      upstream[act]();
    }
  };
  return {
    url: url.href,
    pause: () => each("pause"),
    resume: () => each("resume"),
    forget() {
      for (const pair of pairs) {
        pair.client.pause();
        pair.upstream.pause();
        pair.isForgotten = true;
      }
    },
    close() {
      for (const { client, upstream } of pairs) {
        client.destroy();
        upstream.destroy();
      }
      server.close();
    },
  };
}
