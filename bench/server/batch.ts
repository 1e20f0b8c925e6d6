/**
 * Activities as JSON: how long their POST takes, 5,000 at a time, while nothing else runs, while a worker imports the ones before, and over
 * two connections at once; and how long 50,000 with 40 parents take until they are in. `node bench/server/run.ts --only batch`.
 */
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { quantile, type Running, type Serving } from "./running.ts";

const activities = 5000;
const many = 50_000;
const times = 25;

function bodyOf(wheelId: number, count: number, seed: number): string {
  return JSON.stringify({
    wheelId,
    fileName: `plan-${seed}.json`,
    activities: Array.from({ length: count }, (_, k) => ({
      name: `Activity ${seed}-${k}`,
      startDate: `2026-${String(1 + (k % 12)).padStart(2, "0")}-0${1 + (k % 9)}`,
      endDate: k % 50 === 0 ? "2027-01-15" : `2026-${String(1 + (k % 12)).padStart(2, "0")}-2${k % 9}`,
      ring: `Ring ${k % 4}`,
      group: `Group ${k % 20}`,
      label: `Label ${k % 16}`,
      description: "What happens there, in a few words",
    })),
  });
}

async function send({ url, token }: Serving, body: string): Promise<{ jobId: number; ms: number }> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/api/v1/batch-import-activities`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body,
  });
  const answer = (await response.json()) as { jobId: string };
  if (response.status !== 202) throw new Error(JSON.stringify(answer));
  return { jobId: Number(answer.jobId), ms: performance.now() - startedAt };
}

export async function measureBatch(
  running: Running,
  { line }: { line: (what: string, measured: string) => void },
): Promise<void> {
  const place = await running.place();
  await place.command("migrate");
  const database = new Database(place.url, 1);
  const server = await place.serve();
  try {
    const { id: userId } = await server.client.me();
    const [{ id }] = await database.query<{ id: number }>(
      sql`insert into year_wheels (owner_id, name) values (${userId}, 'Bench') returning id`,
    );
    const ended = (jobId: number) => server.client.imports.waitFor(jobId, { status: "completed" });
    await ended((await send(server, bodyOf(id, 100, 0))).jobId);

    const startedAt = performance.now();
    await ended((await send(server, bodyOf(id, many, 0))).jobId);
    line(
      `${many.toLocaleString("en")} activities with 40 parents, from the POST until they are in`,
      `${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    );

    const idle: number[] = [];
    for (let k = 1; k <= times; k++) {
      const { jobId, ms } = await send(server, bodyOf(id, activities, k));
      idle.push(ms);
      await ended(jobId);
    }
    const busy: number[] = [];
    let last = 0;
    for (let k = 1; k <= times; k++) {
      const { jobId, ms } = await send(server, bodyOf(id, activities, times + k));
      busy.push(ms);
      last = jobId;
    }
    await ended(last);
    const together: number[] = [];
    for (let k = 1; k <= times; k++) {
      const sent = await Promise.all(
        [0, 1].map((each) => send(server, bodyOf(id, activities, (2 + each) * times + k))),
      );
      together.push(...sent.map(({ ms }) => ms));
      for (const { jobId } of sent) await ended(jobId);
    }
    const ms = (taken: readonly number[]): string =>
      `${quantile(taken, 0.99).toFixed(0)} ms (median ${quantile(taken, 0.5).toFixed(0)} ms)`;
    line(
      `POST of ${activities.toLocaleString("en")} activities as JSON, p99, idle → while others are imported`,
      `${ms(idle)} → ${ms(busy)}`,
    );
    line(`the same over two connections at once, p99`, ms(together));
  } finally {
    await server.stop();
    await database.close();
  }
}
