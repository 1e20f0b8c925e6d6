/** The same file through the server and through the command line: from the first byte sent to the last row written. */
import { openAsBlob } from "node:fs";
import { bring, leadsFile, median, type Running } from "./running.ts";

export async function measureParity(
  running: Running,
  { rows, runs, line }: { rows: number; runs: number; line: (what: string, measured: string) => void },
): Promise<void> {
  const file = await leadsFile(running.folder, rows);
  const command: number[] = [];
  const served: number[] = [];
  for (let run = 0; run < runs; run++) {
    command.push(await (await running.place()).command("import", "leads", file, "--yes", "--json"));
    const server = await (await running.place()).serve();
    const { client } = server;
    const startedAt = performance.now();
    const id = await bring(client, await openAsBlob(file), "parity.csv", {
      options: { autoCommit: true },
      acceptDoubts: true,
    });
    await client.imports.waitFor(id, { status: "completed" });
    served.push((performance.now() - startedAt) / 1000);
    await server.stop();
  }
  line(
    `${rows.toLocaleString("en")} rows: command line → through the server, upload included (medians of ${runs})`,
    `${median(command).toFixed(1)} s → ${median(served).toFixed(1)} s: ${(median(served) / median(command)).toFixed(2)} ×`,
  );
}
