/** The server's worker thread: started, started again when it dies, stopped. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { EngineEvent } from "../../src/core/ports.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { WorkerHost } from "../../src/server/worker-host.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";

/** A folder whose config runs this when it is loaded. */
async function folderWith(code: string): Promise<string> {
  const folder = await freshFolder();
  await writeFile(join(folder, "sluice.config.mjs"), `${code}\nexport const config = {};\n`);
  return folder;
}

it("starts a thread that dies again, and says why", async () => {
  const { url, database } = await freshDatabase();
  const cwd = await folderWith(`
    import { existsSync, unlinkSync } from "node:fs";
    const word = new URL("die", import.meta.url);
    setInterval(() => {
      if (!existsSync(word)) return;
      unlinkSync(word);
      throw new Error("out of luck");
    }, 20).unref();
  `);
  const events: EngineEvent[] = [];
  const host = new WorkerHost({ cwd, environment: { DATABASE_URL: url }, flags: {} }, (event) => events.push(event));
  onTestFinished(() => host.stop(1000));
  await host.start();
  const first = host.threadId;
  await writeFile(join(cwd, "die"), "");
  await expect.poll(() => events).toEqual([{ name: "worker.restarted", reason: "out of luck", afterMs: 500 }]);
  await expect.poll(() => host.threadId).not.toBe(null);
  expect(host.threadId).not.toBe(first);
  // The one that died is on the list as well: it could not sign off.
  await expect.poll(async () => (await database.query(sql`select from sluice.workers`)).length).toBe(2);
  await host.stop(4000);
  expect(await database.query(sql`select from sluice.workers`)).toHaveLength(1);
  expect(host.threadId).toBeNull();
});

it("says what keeps the thread from starting, and leaves it", async () => {
  const cwd = await folderWith(`throw new Error("no such luck");`);
  const events: EngineEvent[] = [];
  const host = new WorkerHost({ cwd, environment: {}, flags: {} }, (event) => events.push(event));
  await expect(host.start()).rejects.toThrow(/sluice\.config\.mjs cannot be loaded: no such luck/);
  await host.stop(100);
  expect(events).toEqual([]);
});

it("says that the thread ends by itself before it works, and leaves it", async () => {
  const cwd = await folderWith("process.exit();");
  const events: EngineEvent[] = [];
  const host = new WorkerHost({ cwd, environment: {}, flags: {} }, (event) => events.push(event));
  await expect(host.start()).rejects.toThrow(/ended before it worked/);
  expect([host.threadId, events]).toEqual([null, []]);
});
