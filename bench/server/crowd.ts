/** 50 imports of 20,000 rows at once on a server and two workers: each exact, none starved, connections bounded. */
import { openAsBlob } from "node:fs";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { bring, leadsFile, type Running } from "./running.ts";

const imports = 50;
const rows = 20_000;

export async function measureCrowd(
  running: Running,
  { line }: { line: (what: string, measured: string) => void },
): Promise<void> {
  const place = await running.place();
  // Anybody's imports may run: it is the workers that are crowded here.
  const server = await place.serve({ SLUICE_USER_RUNNING: "50" });
  await place.work({ SLUICE_USER_RUNNING: "50" });
  const { client } = server;
  const ids: number[] = [];
  for (let k = 0; k < imports; k++) {
    const file = await openAsBlob(await leadsFile(running.folder, rows, 100 + k));
    ids.push(await bring(client, file, `crowd-${k}.csv`, { options: { autoCommit: true }, start: false }));
  }
  const database = new Database(place.url, 1);
  let connections = 0;
  const counting = setInterval(async () => {
    const [{ count }] = await database.query<{ count: number }>(
      sql`select count(*)::integer as count from pg_stat_activity where datname = current_database()`,
    );
    connections = Math.max(connections, count - 1);
  }, 200);
  const startedAt = performance.now();
  const ended = await Promise.all(
    ids.map(async (id) => {
      await client.imports.start(id, { acceptDoubts: true });
      await client.imports.waitFor(id, { status: "completed" });
      return (performance.now() - startedAt) / 1000;
    }),
  );
  clearInterval(counting);
  let exact = 0;
  for (const id of ids) {
    const { counts, totalRows } = await client.imports.get(id);
    const sum = Object.values(counts ?? {}).reduce((all, each) => all + each, 0);
    const [{ records }] = await database.query<{ records: number }>(
      sql`select count(*)::integer as records from leads where import_job_id = ${String(id)}`,
    );
    if (sum === totalRows && totalRows === rows && records === counts?.created) exact++;
  }
  await database.close();
  const [first, last] = [Math.min(...ended), Math.max(...ended)];
  line(
    `${imports} imports of ${rows.toLocaleString("en")} rows at once, a server and a worker beside it`,
    `${exact} exact; first after ${first.toFixed(1)} s, last after ${last.toFixed(1)} s; at most ${connections} connections`,
  );
  await server.stop();
}
