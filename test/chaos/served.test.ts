/** kill -9 of a server, or of the database under it, in the middle of what it does for those who come by HTTP. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, type Imports } from "../../src/client/index.ts";
import type { Status } from "../../src/core/import.ts";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { patience, postmasterOf, signal } from "../embedded/fixture.ts";
import { flakyProxy } from "../flaky-proxy.ts";
import { storedFiles } from "../stored-files.ts";
import { leadsCsv } from "../worker/open-workers.ts";
import { isBack, killBackend, type OwnPlace, ownServer } from "./own-server.ts";
import { type Place, runChaos } from "./run-chaos.ts";
import { makeScenario, outcomeOf, type Scenario } from "./scenario.ts";
import { adminToken, type Serving, startServing } from "./serving.ts";
import { prepareStandstills, type StandstillPlace, standstill } from "./standstill.ts";

let scenario: Scenario;

beforeAll(async () => {
  scenario = await makeScenario("update");
});
afterAll(() => scenario.remove());

const victims = ["server", "database", "backend"] as const;
type Victim = (typeof victims)[number];

interface Stage {
  place: Place & { database: Database };
  token: string;
  serving: Serving;
  /** Kills it; when it returns there are a server and a database again. `meanwhile`: what must be done while it is away. */
  kill(meanwhile?: () => Promise<void>): Promise<void>;
}

async function openStage(victim: Victim): Promise<Stage> {
  const place = victim === "server" ? await scenario.place() : await ownServer(scenario);
  await prepareStandstills(place.database);
  const token = await adminToken(place);
  const stage: Stage = {
    place,
    token,
    serving: await startServing(place, token),
    async kill(meanwhile = async () => {}) {
      if (victim === "server") {
        stage.serving.run.signal("SIGKILL");
        await stage.serving.run.ended;
        await meanwhile();
        stage.serving = await startServing(place, token);
        return;
      }
      if (victim === "backend") await killBackend(place.url);
      else signal(await postmasterOf((place as OwnPlace).folder), "SIGKILL");
      await meanwhile();
      await isBack(place.url);
    },
  };
  return stage;
}

/** The statuses in which something can stand still there. */
const statusAt = {
  parse: "parsing",
  commit: "committing",
  undo: "undoing",
  edit: "ready",
} as const satisfies Partial<Record<StandstillPlace, Status>>;

/** Until the import stands still there; then kills, and lets it go on. */
async function killAt(
  stage: Stage,
  at: keyof typeof statusAt,
  id: number,
  work: (imports: Imports) => Promise<unknown>,
): Promise<void> {
  const { imports } = stage.serving.client;
  const { free, reached } = await standstill(stage.place.url, at);
  await work(imports);
  await reached();
  expect((await imports.get(id)).status).toBe(statusAt[at]);
  await stage.kill(free);
}

/** The server has lived to the end, or the one that was started in its place has. */
async function expectEnd({ serving }: Stage): Promise<void> {
  serving.run.signal("SIGTERM");
  const { exitCode, stderr } = await serving.run.ended;
  expect(exitCode, stderr).toBe(0);
}

const leadsOf = (database: Database): Promise<{ line: string }[]> =>
  database.query<{ line: string }>(sql`select (to_jsonb(l) - 'updated_at')::text as line from leads l order by id`);

it.each(victims)(
  "kill -9 of the %s during parse, commit and undo: each ends as if nothing had happened",
  async (victim) => {
    const stage = await openStage(victim);
    const { place } = stage;
    const before = await leadsOf(place.database);
    await runChaos(scenario.args, place, { event: "import.created", nth: 1, act: "SIGKILL" });
    const [{ id }] = await place.database.query<{ id: number }>(
      sql`update sluice.import_jobs set auto_commit = true returning id`,
    );
    await killAt(stage, "parse", id, (imports) => imports.start(id, { acceptDoubts: true }));
    await killAt(stage, "commit", id, async () => {});
    await stage.serving.client.imports.waitFor(id, { status: "completed" });
    const found = await outcomeOf(place.database);
    expect({ ...found, leads: found.leads.length }).toEqual({
      ...scenario.expected,
      leads: scenario.expected.leads.length,
    });
    expect(found.leads).toEqual(scenario.expected.leads);
    const after = new Set((await leadsOf(place.database)).map(({ line }) => line));
    const changed = before.filter(({ line }) => !after.has(line)).length;

    await killAt(stage, "undo", id, (imports) => imports.undo(id));
    await stage.serving.client.imports.waitFor(id, { status: "undone" });
    expect(await leadsOf(place.database)).toEqual(before);
    const { deleted, restored, kept } = await stage.serving.client.imports.undoReport(id);
    expect({ deleted, restored }).toEqual({ deleted: found.counts.created, restored: changed });
    expect(Object.values(kept).reduce((sum, each) => sum + each, 0)).toBe(0);
    await expectEnd(stage);
  },
);

describe.each(["server", "database"] as const)("kill -9 of the %s", (victim) => {
  it("during an edit of many rows: it is made everywhere, once", async () => {
    const stage = await openStage(victim);
    const rows = 5000;
    const bytes = Buffer.from(leadsCsv(rows, "edit"));
    const upload = await stage.serving.client.upload(bytes, { name: "edit.csv" });
    const { id } = await stage.serving.client.imports.create({ uploadId: upload.id, importer: "leads", start: true });
    await stage.serving.client.imports.waitFor(id, { status: "ready" });
    let cutOff: Promise<unknown> = Promise.resolve();
    await killAt(stage, "edit", id, async (imports) => {
      // Nobody is left to answer.
      cutOff = imports.edit(id, { kind: "find", field: "city", find: "Lyon", replace: "Metz" }).catch(() => {});
    });
    await cutOff;
    const { imports } = stage.serving.client;
    // What comes next finishes it first; where the stage was lost, it is made again before.
    const finished = async () => {
      await imports.edit(id, { kind: "revalidate" }).catch(() => {});
      // The first: a client that was answered 503 has asked again, and changed nothing more.
      const edit = (await imports.edits(id)).items.findLast(({ kind }) => kind === "find");
      return [(await imports.get(id)).status, edit?.status, edit?.changed];
    };
    await expect.poll(finished, patience).toEqual(["ready", "done", rows]);
    await imports.commit(id);
    const { counts } = await imports.waitFor(id, { status: "completed" });
    expect(counts).toMatchObject({ created: rows, invalid: 0, failed: 0 });
    expect(
      await stage.place.database.query(sql`
        select city, count(*)::int as rows, count(distinct email)::int as emails from leads where email like 'edit%' group by city
      `),
    ).toEqual([{ city: "Metz", rows, emails: rows }]);
    await expectEnd(stage);
  });

  it("in the middle of an upload: the client goes on, and every byte is there", async () => {
    const stage = await openStage(victim);
    const bytes = Buffer.from(leadsCsv(60_000));
    const hash = createHash("sha256").update(bytes).digest("hex");
    const proxy = await flakyProxy(stage.serving.url);
    // In the middle of the second piece.
    proxy.cuts = [700_000];
    proxy.onCut = async () => {
      await stage.kill();
      proxy.target = stage.serving.url;
    };
    const upload = await createClient({ baseUrl: proxy.url, token: stage.token }).upload(bytes, {
      name: "leads.csv",
      pieceBytes: 500_000,
    });
    expect(upload).toMatchObject({ status: "complete", sizeBytes: bytes.length, hash });
    expect(proxy.cutCount).toBe(1);
    const stored = await storedFiles(join(stage.place.cwd, ".sluice"));
    const kept = await Promise.all(stored.map((path) => readFile(path)));
    expect(kept.map((each) => createHash("sha256").update(each).digest("hex"))).toEqual([hash]);
    await expectEnd(stage);
  });
});
