/** Slices: however short they are, an import comes to its exact end, a bit in each; a worker ends when its time is up. */
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { createWorker } from "../../src/program/index.ts";
import { openEngine } from "../open-engine.ts";
import { startCli } from "../run-cli.ts";
import { leadsCsv, openWorkers } from "./open-workers.ts";

const rows = 30_000;

it.each([
  // Every slice is over at once: each does as much as its way to the checkpoint took, or one chunk in each lane.
  { sliceMs: 0, packed: false, leastParse: 2, leastCommit: 10 },
  { sliceMs: 0, packed: true, leastParse: 2, leastCommit: 10 },
  { sliceMs: 200, packed: false, leastParse: 1, leastCommit: 1 },
])(
  "imports a file exactly in slices of $sliceMs ms, packed: $packed",
  async ({ sliceMs, packed, leastParse, leastCommit }) => {
    const parsedTo: number[] = [];
    const {
      engine,
      create,
      outcomeOf,
      rows: query,
    } = await openEngine([leads], "", {
      sliceMs,
      chunkRows: 1000,
      onEvent: (event) => {
        if (event.name === "parse.started") parsedTo.push(event.row);
      },
    });
    const text = Buffer.from(`${leadsCsv(rows)}no mail,Nobody,Lyon\nlead7@x.fr,Twice,Lyon\n`);
    const { id } = await create(leads, packed ? gzipSync(text) : text);
    const slices = async (): Promise<number> => {
      for (let count = 1; ; count++) if ((await engine.work(id)) === "done") return count;
    };
    await engine.start(id);
    expect(await slices()).toBeGreaterThanOrEqual(leastParse);
    // Each went on behind the one before.
    expect(parsedTo).toEqual([...new Set(parsedTo)].sort((a, b) => a - b));
    await engine.commit(id);
    expect(await slices()).toBeGreaterThanOrEqual(leastCommit);
    const { job, counts } = await outcomeOf(id);
    expect(job).toMatchObject({ status: "completed", totalRows: rows + 2 });
    expect(counts).toEqual({ created: rows, updated: 0, unchanged: 0, skipped: 1, invalid: 1, failed: 0 });
    expect(await query("select count(*)::int as n, count(distinct email)::int as emails from leads")).toEqual([
      { n: rows, emails: rows },
    ]);
    await engine.undo(id);
    expect(await slices()).toBeGreaterThanOrEqual(leastCommit);
    expect(await query("select count(*)::int as n from leads")).toEqual([{ n: 0 }]);
  },
);

it("hands on at the next checkpoint when the worker's time is up, and loses nothing of it", async () => {
  const { engine, create, outcomeOf } = await openEngine([leads]);
  const { id } = await create(leads, leadsCsv(rows));
  await engine.start(id);
  expect(await engine.work(id, undefined, { deadline: performance.now() })).toBe("again");
  // The header is row 1.
  const { checkpoint, processedRows } = (await outcomeOf(id)).job;
  expect(checkpoint?.row).toBe(processedRows + 2);
  expect(processedRows).toBeGreaterThan(0);
  expect(processedRows).toBeLessThan(rows);
});

it("ends a worker of a program by itself, and another goes on with what it left", async () => {
  const { begin, reaches, url, folder, startWorker, rows: query } = await openWorkers({ workers: 0 });
  const { id } = await begin(leadsCsv(rows));
  const events: string[] = [];
  // A second may be over before it has come to the import: then the next one does.
  while (!events.includes("parse.started")) {
    const worker = createWorker({
      databaseUrl: url,
      dataDir: folder,
      importers: [leads],
      workSeconds: 1,
      chunkRows: 100,
      logLevel: "silent",
      onEvent: ({ name }) => events.push(name),
    });
    await worker.run().finally(() => worker.close());
  }
  await startWorker();
  await reaches(id, "completed");
  expect(await query("select count(*)::int as n from leads")).toEqual([{ n: rows }]);
});

it("ends `sluice work --for` by itself, in order", async () => {
  const { url, folder } = await openWorkers({ workers: 0 });
  const env = { DATABASE_URL: url, SLUICE_DATA_DIR: folder };
  const { exitCode, stderr } = await startCli(["work", "--for", "1", "--slice", "5"], { cwd: folder, env }).ended;
  expect(stderr).toContain("(it ends in 1 s)");
  expect(exitCode).toBe(0);
  const refused = await startCli(["work", "--slice", "0"], { cwd: folder, env }).ended;
  expect(refused.stderr).toContain("--slice must be a whole number from 1 to 600.");
  expect(refused.exitCode).toBe(1);
});
