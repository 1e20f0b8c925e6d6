/** How much a huge import delays another user's small one. */
import { openAsBlob } from "node:fs";
import { bring, leadsFile, median, type Running } from "./running.ts";

const smallRows = 1000;
const times = 9;
/** Read and written without a question. */
const straightOn = { options: { autoCommit: true }, acceptDoubts: true };

export async function measureOvertaking(
  running: Running,
  { rows, line }: { rows: number; line: (what: string, measured: string) => void },
): Promise<void> {
  const place = await running.place();
  const server = await place.serve();
  const { client } = server;
  let seed = 1;
  const small = async (): Promise<number> => {
    const file = await openAsBlob(await leadsFile(running.folder, smallRows, seed++));
    const startedAt = performance.now();
    const id = await bring(client, file, `small-${seed}.csv`, straightOn);
    await client.imports.waitFor(id, { status: "completed" });
    return (performance.now() - startedAt) / 1000;
  };
  await small();
  const alone: number[] = [];
  for (let k = 0; k < times; k++) alone.push(await small());
  const huge = await openAsBlob(await leadsFile(running.folder, rows));
  const id = await bring(client, huge, "huge.csv", straightOn);
  const delayed: Record<string, number[]> = { parsing: [], committing: [] };
  for (const status of ["parsing", "committing"] as const) {
    await client.imports.waitFor(id, { status });
    for (let k = 0; k < times; k++) delayed[status].push(await small());
  }
  const { status } = await client.imports.get(id);
  const worst = (numbers: readonly number[]): string =>
    `${median(numbers).toFixed(2)} s (worst ${Math.max(...numbers).toFixed(2)})`;
  line(
    `another import of ${smallRows.toLocaleString("en")} rows: alone → while ${rows.toLocaleString("en")} are read → while they are written (then ${status})`,
    `${worst(alone)} → ${worst(delayed.parsing)} → ${worst(delayed.committing)}`,
  );
  await client.imports.cancel(id).catch(() => {});
  await server.stop();
}
