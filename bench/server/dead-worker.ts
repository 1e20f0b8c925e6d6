/**
 * How long an import rests when its worker is killed and another is idle: `node bench/server/dead-worker.ts [kills]`. `parse`: one
 * import; `three`: the parses of one person, who may have no fourth under way; `commit`: which the other shares already.
 */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { bring, leadsFile, median, startRunning } from "./running.ts";

const kills = Number(process.argv[2] ?? 3);
const scenarios = {
  parse: { imports: 1, status: "parsing" },
  three: { imports: 3, status: "parsing" },
  commit: { imports: 1, status: "committing" },
} as const;

interface Standing {
  id: number;
  worker: string | null;
  pid: number | null;
  status: string;
  done: number;
}

const running = await startRunning();
try {
  const file = new Blob([await readFile(await leadsFile(running.folder, 400_000))]);
  for (const [name, { imports, status }] of Object.entries(scenarios)) {
    const seconds: number[] = [];
    for (let k = 0; k < kills; k++) {
      const place = await running.place();
      const { client, stop } = await place.api();
      const database = new Database(place.url, 2);
      const standing = (): Promise<Standing[]> =>
        database.query<Standing>(sql`
          select j.id, w.id as worker, w.process_id as pid, j.status,
            (j.processed_rows + (select count(*) from sluice.import_chunks c where c.job_id = j.id and c.done_at is not null))::float8 as done
          from sluice.import_jobs j left join sluice.workers w on w.id = j.worker_id order by j.id`);
      for (let n = 0; n < imports; n++) {
        const options = { assignment: { mode: "none" }, autoCommit: true, context: {} } as const;
        await bring(client, new Blob([file, " ".repeat(n)]), `${n}.csv`, { options, acceptDoubts: true });
      }
      const victim = await place.work();
      const isAt = (each: Standing): boolean =>
        each.status === status && each.done > (status === "committing" ? 400_000 : 0) && each.pid === victim.pid;
      let before = await standing();
      while (before.length < imports || !before.every(isAt)) {
        await sleep(20);
        before = await standing();
      }
      const idle = await place.work();
      victim.kill("SIGKILL");
      const killedAt = performance.now();
      await sleep(50);
      const left = await standing();
      for (;;) {
        const now = await standing();
        if (now.some(({ pid, done }, n) => (pid !== null && pid !== victim.pid) || done > left[n].done)) break;
        await sleep(10);
      }
      seconds.push((performance.now() - killedAt) / 1000);
      idle.kill("SIGKILL");
      await database.close();
      await stop();
    }
    console.log(`${name}: ${median(seconds).toFixed(2)} s (${seconds.map((one) => one.toFixed(2)).join(", ")})`);
  }
} finally {
  await running.close();
}
