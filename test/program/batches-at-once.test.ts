/** Activities as JSON over two connections at the same time: both are answered before anything is done, and what is in then is exact. */
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createClient } from "../../src/client/index.ts";
import { activities } from "../../src/importers/yearwheel/activities.ts";
import { createTables } from "../../src/postgres/tables/tables.ts";
import { createApp, createWorker } from "../../src/program/index.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";

const count = 5000;

/** Parents that both have in common, some in another case; one in fifty is on two pages; one in a thousand ends before it begins. */
function bodyOf(wheelId: number, of: string, importMode: "append" | "replace" = "append"): string {
  return JSON.stringify({
    wheelId,
    importMode,
    fileName: `${of}.json`,
    activities: Array.from({ length: count }, (_, k) => ({
      name: `${of} ${k}`,
      startDate: "2026-12-20",
      endDate: k % 1000 === 999 ? "2026-01-01" : k % 50 === 0 ? "2027-01-06" : "2026-12-24",
      ring: k % 2 === 0 ? `Ring ${k % 4}` : `RING ${k % 4}`,
      group: `Group ${k % 20}`,
      label: k % 3 === 0 ? null : `Label ${k % 16}`,
    })),
  });
}
/** Of those that are valid: 4,995, and 100 of them on a second page. */
const items = count - 5 + count / 50;

it.each([
  ["the same wheel", [1, 1]],
  ["two wheels", [1, 2]],
])("into %s", async (_, wheels) => {
  const { url, database } = await freshDatabase();
  await createTables(database, activities);
  await database.pool.query("insert into year_wheels (owner_id, name) values ('anna', 'School'), ('anna', 'Home')");
  const config = {
    databaseUrl: url,
    dataDir: await freshFolder(),
    importers: [activities],
    logLevel: "silent",
  } as const;
  const app = createApp({ ...config, authenticate: async () => ({ id: "anna", name: "Anna", role: "user" }) });
  const server = createServer(app.node());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const agents = wheels.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  const post = (agent: Agent, body: string): Promise<{ status: number; body: { jobId: string } }> =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json", authorization: "Bearer anna" };
      const sent = request(
        { port, host: "127.0.0.1", agent, method: "POST", path: "/api/v1/batch-import-activities", headers },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on("data", (part) => parts.push(part)).on("error", reject);
          answer.on("end", () =>
            resolve({ status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString()) }),
          );
        },
      );
      sent.on("error", reject).end(body);
    });
  const workers = wheels.map(() => createWorker(config));
  let working: Promise<void>[] = [];
  onTestFinished(async () => {
    for (const agent of agents) agent.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    for (const worker of workers) await worker.close();
    await Promise.all(working);
    await app.close();
  });

  const answers = await Promise.all(agents.map((agent, k) => post(agent, bodyOf(wheels[k], `batch ${k}`))));
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  const ids = answers.map(({ body }) => Number(body.jobId));
  expect(new Set(ids).size).toBe(2);
  expect((await database.pool.query("select count(*)::int as n from items")).rows).toEqual([{ n: 0 }]);
  // Both at once, by a worker each.
  working = workers.map((worker) => worker.run());
  const client = createClient({ baseUrl: `http://127.0.0.1:${port}`, token: "anna" });
  const done = await Promise.all(ids.map((id) => client.imports.waitFor(id, { status: "completed" })));
  for (const { counts } of done) expect(counts).toMatchObject({ created: count - 5, invalid: 5, created_items: items });
  const { rows } = await database.pool.query(`
    select wheel_id::int as wheel, (select count(*)::int from items i where i.wheel_id = w.wheel_id) as items,
      (select count(distinct name)::int from items i where i.wheel_id = w.wheel_id) as names,
      (select count(*)::int from rings r where r.wheel_id = w.wheel_id) as rings,
      (select count(*)::int from activity_groups g where g.wheel_id = w.wheel_id) as groups,
      (select count(*)::int from labels l where l.wheel_id = w.wheel_id) as labels,
      (select count(*)::int from wheel_pages p where p.wheel_id = w.wheel_id) as pages
    from (select distinct wheel_id from items) w order by 1`);
  const times = wheels[0] === wheels[1] ? 2 : 1;
  expect(rows).toEqual(
    [...new Set(wheels)].map((wheel) => ({
      wheel,
      items: items * times,
      names: (count - 5) * times,
      ...{ rings: 4, groups: 20, labels: 16, pages: 2 },
    })),
  );
  const created = (name: string) => done.reduce((sum, { counts }) => sum + (counts?.[`created_${name}`] ?? 0), 0);
  const each = 2 / times;
  expect(["rings", "groups", "labels", "pages"].map(created)).toEqual([4 * each, 20 * each, 16 * each, 2 * each]);
});
