/** `/imports/{id}/original`, and an import made of the file of an earlier one. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Files } from "../../src/core/ports.ts";
import { diskFiles } from "../../src/files/disk.ts";
import { attachment } from "../../src/http/request/send-download.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { type OpenApp, openApp } from "./open-app.ts";

const people = "E-mail;Nom\nanna@example.com;Anna\nbo@example.com;Bo\n";

async function bring(app: OpenApp, { name = "leads.csv", as = "admin", more = {} } = {}): Promise<number> {
  const uploadId = await app.upload(people, name, as);
  const { json } = await app.call("POST", "/imports", { uploadId, importer: "leads", ...more }, { as });
  return json.id;
}

describe("the original file", () => {
  it("comes byte for byte, under its own name, and is not guessed at", async () => {
    const app = await openApp();
    const id = await bring(app, { name: 'Année "1" – Göteborg.csv' });
    const answer = await app.call("GET", `/imports/${id}/original`);
    expect([answer.status, answer.text]).toEqual([200, people]);
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    expect(answer.headers.get("content-length")).toBe(String(people.length));
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-disposition")).toBe(
      `attachment; filename="Ann_e _1_ _ G_teborg.csv"; filename*=UTF-8''Ann%C3%A9e%20%221%22%20%E2%80%93%20G%C3%B6teborg.csv`,
    );
  });

  it("is only for whom the import is", async () => {
    const app = await openApp();
    const id = await bring(app, { as: "anna" });
    expect((await app.call("GET", `/imports/${id}/original`, undefined, { as: "bo" })).status).toBe(404);
    expect((await app.call("GET", `/imports/${id}/original`, undefined, { as: "anna" })).status).toBe(200);
    expect((await app.call("GET", `/imports/${id + 1}/original`)).status).toBe(404);
  });

  it("is left closed where its bytes are not asked for, and closed again where their reader goes away", async () => {
    const counted = { opened: 0, closed: 0 };
    const filesIn = (folder: string): Files => {
      const disk = diskFiles(folder);
      return {
        ...disk,
        async open(path) {
          const source = await disk.open(path);
          counted.opened++;
          return { ...source, close: () => source.close().finally(() => counted.closed++) };
        },
      };
    };
    const app = await openApp([leads], "", { filesIn });
    const id = await bring(app);
    const url = `http://sluice.test/api/v1/imports/${id}/original`;
    const headers = { authorization: "Bearer admin" };
    counted.opened = counted.closed = 0;
    for (const method of ["HEAD", "GET", "GET"]) {
      const { status, body } = await app.app.fetch(new Request(url, { method, headers }));
      expect(status).toBe(200);
      await body?.cancel();
    }
    const { body } = await app.app.fetch(new Request(url, { headers }));
    const reader = body?.getReader();
    expect((await reader?.read())?.value?.length).toBe(people.length);
    await reader?.cancel();
    expect(counted.opened).toBeGreaterThan(0);
    expect(counted.closed).toBe(counted.opened);
  });

  it("says that it is no longer kept, without a path, when the import has none any more", async () => {
    const app = await openApp();
    const id = await bring(app);
    expect((await app.call("GET", `/imports/${id}`)).json.hasFile).toBe(true);
    await app.call("POST", `/imports/${id}/cancel`);
    expect((await app.call("GET", `/imports/${id}`)).json.hasFile).toBe(false);
    const gone = await app.call("GET", `/imports/${id}/original`);
    expect([gone.status, gone.json.code]).toEqual([404, "not_found"]);
    expect(gone.json.detail).toContain("is no longer kept");
    expect(gone.text).not.toContain(app.folder);
  });

  it.each([
    ["leads.csv", 'attachment; filename="leads.csv"'],
    ["a\r\nSet-Cookie: x=1.csv", 'attachment; filename="aSet-Cookie: x=1.csv"'],
    [
      '100% \\ "it\'s".csv',
      `attachment; filename="100_ _ _it's_.csv"; filename*=UTF-8''100%25%20%5C%20%22it%27s%22.csv`,
    ],
    ["تقرير", "attachment; filename=\"_____\"; filename*=UTF-8''%D8%AA%D9%82%D8%B1%D9%8A%D8%B1"],
    ["\ud800.csv", "attachment; filename=\"_.csv\"; filename*=UTF-8''%EF%BF%BD.csv"],
    ["\u0001", 'attachment; filename="file"'],
  ])("%j is named as %s", (name, header) => {
    expect(attachment(name)).toBe(header);
  });
});

describe("an import of the file of an earlier one", () => {
  it("is read and matched like that one, on a copy of its own", async () => {
    const app = await openApp();
    const id = await bring(app, {
      more: {
        columns: [{ column: "Nom", field: "company" }],
        options: { duplicates: { keys: ["email"], strategy: "update" } },
      },
    });
    const again = await app.call("POST", "/imports", { fileOf: id });
    expect([again.status, again.json.status, again.json.importer, again.json.fileName]).toEqual([
      201,
      "pending",
      "leads",
      "leads.csv",
    ]);
    const field = again.json.mapping.columns.find(({ column }: { column: string }) => column === "Nom").field;
    expect(field).toBe("company");
    expect((await app.call("GET", `/imports/${again.json.id}/options`)).json.duplicates.strategy).toBe("update");
    expect(again.json.fileHash).toBe((await app.call("GET", `/imports/${id}`)).json.fileHash);

    // The file goes with its own import alone.
    expect((await app.call("DELETE", `/imports/${id}`)).status).toBe(204);
    expect((await app.call("GET", `/imports/${again.json.id}/original`)).text).toBe(people);
    await app.call("POST", `/imports/${again.json.id}/start`, { acceptDoubts: true });
    await app.work(again.json.id);
    expect((await app.call("GET", `/imports/${again.json.id}`)).json).toMatchObject({ status: "ready", validRows: 2 });
  });

  it.each([
    ["both files are named", { uploadId: "x", fileOf: 1 }, 422],
    ["no file is named", { importer: "leads" }, 422],
    ["there is no such import", { fileOf: 4711 }, 404],
  ])("is refused where %s", async (_what, body, status) => {
    const app = await openApp();
    expect((await app.call("POST", "/imports", body)).status).toBe(status);
  });

  it("is refused for another's import, and where the file is gone, and leaves no copy behind", async () => {
    const app = await openApp();
    const id = await bring(app, { as: "anna" });
    expect((await app.call("POST", "/imports", { fileOf: id }, { as: "bo" })).status).toBe(404);
    const before = await readdir(join(app.folder, "files"));
    const wrong = { fileOf: id, columns: [{ column: "Nom", field: "nix" }] };
    expect((await app.call("POST", "/imports", wrong, { as: "anna" })).status).toBe(422);
    expect(await readdir(join(app.folder, "files"))).toEqual(before);
    await app.call("POST", `/imports/${id}/cancel`, undefined, { as: "anna" });
    const gone = await app.call("POST", "/imports", { fileOf: id }, { as: "anna" });
    expect([gone.status, gone.json.detail]).toEqual([404, expect.stringContaining("no longer kept")]);
  });
});

describe("the queue's state", () => {
  it("tells an admin what waits and who is at work", async () => {
    const app = await openApp([leads], "", {
      queue: {
        depth: async () => ({ waiting: 2, active: 1, dead: 1 }),
        redrive: async () => 1,
        enqueue: async () => {},
      },
    });
    const id = await bring(app);
    await app.call("POST", `/imports/${id}/start`, { acceptDoubts: true });
    const { status, json } = await app.call("GET", "/queue");
    expect(status).toBe(200);
    expect(json).toMatchObject({
      imports: { waiting: 1, running: 0, paused: 0, failed: 0 },
      deliveries: { waiting: 2, active: 1, dead: 1 },
    });
    expect(
      json.workers.map(({ isAlive, imports }: { isAlive: boolean; imports: unknown[] }) => [isAlive, imports]),
    ).toEqual([[true, []]]);
    expect((await app.call("POST", "/queue/redrive")).json).toEqual({ deliveries: 1 });
  });

  it("takes no worker for alive because another one is", async () => {
    const app = await openApp();
    await app.rows(`
      insert into sluice.workers (id, host, process_id, backend_pid, backend_start, started_at, heartbeat_at)
      select 'quiet', 'a', 1, backend_pid, backend_start, now() - interval '2 hours', now() - interval '3 minutes' from sluice.workers
      union all select 'killed', 'b', 2, 999999, now(), now() - interval '1 hour', now()
    `);
    const { json } = await app.call("GET", "/queue");
    const alive = json.workers.map(({ id, isAlive }: { id: string; isAlive: boolean }) => [id, isAlive]);
    expect(alive).toEqual([
      [expect.stringMatching(/^[0-9a-f-]{36}$/), true],
      ["killed", false],
      ["quiet", false],
    ]);
  });

  it("tells who is at work however many have died since yesterday, and of those first who left an import behind", async () => {
    const app = await openApp();
    await app.rows(`
      insert into sluice.workers (id, host, process_id, backend_pid, backend_start, started_at, heartbeat_at)
      select 'dead ' || k, 'a', k, 999999, now(), now() - interval '2 hours', now() - interval '1 hour' from generate_series(1, 600) k
    `);
    const id = await bring(app);
    await app.rows(
      `update sluice.import_jobs set status = 'parsing', worker_id = 'dead 7', heartbeat_at = now() - interval '1 hour' where id = ${id}`,
    );
    const { json } = await app.call("GET", "/queue");
    const [living, left, ...others] = json.workers;
    expect([living.isAlive, left.id, left.imports.map((each: { id: number }) => each.id)]).toEqual([
      true,
      "dead 7",
      [id],
    ]);
    expect(others).toHaveLength(498);
  });

  it("is refused for others", async () => {
    const app = await openApp();
    expect((await app.call("GET", "/queue", undefined, { as: "anna" })).status).toBe(403);
    expect((await app.call("POST", "/queue/redrive", undefined, { as: "anna" })).status).toBe(403);
  });
});

it("tells in the timeline what people are called, where Sluice keeps them", async () => {
  const app = await openApp();
  await app.rows("insert into sluice.users (id, name, role) values ('admin', 'Berit', 'admin') returning id");
  const id = await bring(app);
  const { items } = (await app.call("GET", `/imports/${id}/events`)).json;
  expect(items.map(({ name, actor, actorName }: Record<string, string>) => [name, actor, actorName])).toEqual([
    ["import.created", "admin", "Berit"],
  ]);
});
