/** How much a huge import delays another user's small one. */
import { openAsBlob } from "node:fs";
import { leadsFile, median, type Running } from "./running.ts";

const smallRows = 1000;
const times = 9;

export async function measureOvertaking(
  running: Running,
  { rows, line }: { rows: number; line: (what: string, reached: string, bar?: string) => void },
): Promise<void> {
  const place = await running.place();
  const server = await place.serve();
  const { client } = server;
  let seed = 1;
  const small = async (): Promise<number> => {
    const file = await openAsBlob(await leadsFile(running.folder, smallRows, seed++));
    const startedAt = performance.now();
    const upload = await client.upload(file, { name: `small-${seed}.csv` });
    const { id } = await client.imports.create({
      uploadId: upload.id,
      importer: "leads",
      options: { autoCommit: true },
      acceptDoubts: true,
    });
    await client.imports.waitFor(id, { status: "completed" });
    return (performance.now() - startedAt) / 1000;
  };
  await small();
  const alone: number[] = [];
  for (let k = 0; k < times; k++) alone.push(await small());
  const upload = await client.upload(await openAsBlob(await leadsFile(running.folder, rows)), { name: "huge.csv" });
  const { id } = await client.imports.create({
    uploadId: upload.id,
    importer: "leads",
    options: { autoCommit: true },
    acceptDoubts: true,
  });
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
    "2 × or 2 s",
  );
  await client.imports.cancel(id).catch(() => {});
  await server.stop();
}
