/** What 1,000 readers of an import's event stream cost the import and the database: CPU time with and without them, alternating. */
import { openAsBlob } from "node:fs";
import { Agent, type ClientRequest, get } from "node:http";
import { cpuSeconds, treeCpuSeconds } from "./process-cpu.ts";
import { bring, leadsFile, median, type Place, type Running, stopChild } from "./running.ts";

const watchers = 1000;
const rows = 210_202;

export async function measureWatchers(
  running: Running,
  { runs, line }: { runs: number; line: (what: string, measured: string) => void },
): Promise<void> {
  const file = await leadsFile(running.folder, rows);
  const measured = { alone: [] as number[], watched: [] as number[] };
  let heard = 0;
  // Once more than is counted: the first run warms what both share.
  for (let run = -1; run < runs; run++) {
    for (const kind of ["alone", "watched"] as const) {
      const place = await running.place();
      const result = await importOnce(running, place, file, kind === "watched" ? watchers : 0);
      if (run >= 0) measured[kind].push(result.cpu);
      if (kind === "watched" && run >= 0) heard += result.complete;
    }
  }
  const [alone, watched] = [median(measured.alone), median(measured.watched)];
  line(
    `CPU time of the import and the database, ${rows.toLocaleString("en")} rows, alone → with ${watchers} watchers (medians of ${runs})`,
    `${alone.toFixed(2)} s → ${watched.toFixed(2)} s: ${(((watched - alone) / alone) * 100).toFixed(1)} % more`,
  );
  line("watchers that heard of the end", `${heard} of ${watchers * runs}`);
}

/** The API and the import are processes of their own: of what the watchers cost, the API's part is not the import's. */
async function importOnce(
  running: Running,
  place: Place,
  file: string,
  readers: number,
): Promise<{ cpu: number; complete: number }> {
  const api = await place.api();
  const worker = await place.work();
  const { client } = api;
  const id = await bring(client, await openAsBlob(file), "watched.csv", {
    options: { autoCommit: true },
    start: false,
  });
  const crowd = await gather(`${api.url}/api/v1/imports/${id}/events`, readers);
  const before = cpuSeconds(worker.pid as number) + treeCpuSeconds(running.postgresPid);
  await client.imports.start(id, { acceptDoubts: true });
  await client.imports.waitFor(id, { status: "completed" });
  const after = cpuSeconds(worker.pid as number) + treeCpuSeconds(running.postgresPid);
  const complete = await crowd.heardTheEnd();
  await Promise.all([api.stop(), stopChild(worker)]);
  return { cpu: after - before, complete };
}

interface Crowd {
  /** How many heard of it; ends all. */
  heardTheEnd(): Promise<number>;
}

/** So many event streams, each on a connection of its own; open when the last has begun. */
async function gather(url: string, readers: number): Promise<Crowd> {
  const agent = new Agent({ maxSockets: readers });
  const ends: Promise<boolean>[] = [];
  const requests: ClientRequest[] = [];
  await Promise.all(
    Array.from({ length: readers }, async () => {
      await new Promise<void>((begun, failed) => {
        const request = get(url, { agent, headers: { accept: "text/event-stream" } }, (response) => {
          begun();
          ends.push(
            new Promise((resolve) => {
              let tail = "";
              response.on("data", (piece: Buffer) => {
                tail = (tail + piece.toString("latin1")).slice(-4096);
                if (tail.includes("import.completed")) resolve(true);
              });
              response.on("error", () => resolve(false));
              response.on("close", () => resolve(false));
            }),
          );
        });
        request.on("error", failed);
        requests.push(request);
      });
    }),
  );
  return {
    async heardTheEnd() {
      const heard = (await Promise.all(ends)).filter(Boolean).length;
      for (const request of requests) request.destroy();
      agent.destroy();
      return heard;
    },
  };
}
