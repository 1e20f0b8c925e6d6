/** Sources by the client: from making one to its deletion, their files, and what the server refuses. */
import { expect, it } from "vitest";
import type { ClientError } from "../../src/client/index.ts";
import { openOutbound } from "../../src/outbound/outbound.ts";
import { sourceAdapters } from "../../src/sources/sources.ts";
import { openServer } from "./open-server.ts";

const place = { kind: "folder", path: "/srv/incoming" } as const;
const code = (error: ClientError): string => error.code;

it("makes a source, changes, pauses, resumes, runs and deletes it, and lists its files", async () => {
  const sources = sourceAdapters({
    outbound: openOutbound(),
    secretsKey: "a key of the tests, long enough for them",
    folders: ["/srv/incoming"],
  });
  const { client, clientAs, rows } = await openServer(undefined, { sources });
  const made = await client.sources.create({ name: "night", importer: "leads", place, schedule: "@daily" });
  expect(made).toMatchObject({ name: "night", origin: "api", place, state: "working", schedule: "@daily" });
  const { id } = made;
  const other = await client.sources.create({ name: "noon", importer: "leads", place });
  const first = await client.sources.list({ limit: 1 });
  expect(first.items.map(({ name }) => name)).toEqual(["night"]);
  const second = await client.sources.list({ limit: 1, after: first.next as string });
  expect([second.items.map(({ name }) => name), second.next]).toEqual([["noon"], null]);
  await client.sources.delete(other.id);

  expect(await client.sources.change(id, { schedule: null, parallel: true })).toMatchObject({
    schedule: null,
    nextRunAt: null,
    parallel: true,
  });
  expect((await client.sources.pause(id)).state).toBe("paused");
  expect((await client.sources.resume(id)).state).toBe("working");
  expect((await client.sources.run(id)).lookAt).not.toBeNull();

  await rows(`
    insert into sluice.source_files (source_id, name, size_bytes, state, changed_at, seen_at)
    values (${id}, 'a.csv', 7, 'failed', now(), now()), (${id}, 'b.csv', 0, 'empty', now(), now()), (${id}, 'c.csv', 9, 'new', now(), now())`);
  const files = await client.sources.files(id, { limit: 2 });
  expect(files.items.map(({ name, state }) => [name, state])).toEqual([
    ["c.csv", "new"],
    ["b.csv", "empty"],
  ]);
  expect((await client.sources.files(id, { after: files.next as string })).items).toHaveLength(1);
  const [failed] = (await client.sources.files(id, { state: "failed" })).items;
  expect(failed).toMatchObject({ name: "a.csv", sizeBytes: 7, importId: null });
  await client.sources.retry(id, failed.id);
  expect((await client.sources.get(id)).counts).toMatchObject({ failed: 0, ready: 1, empty: 1, new: 1 });
  expect(await client.sources.retry(id, files.items[0].id).catch(code)).toBe("conflict");

  expect(await clientAs("anna").sources.list().catch(code)).toBe("forbidden");
  const elsewhere = { kind: "folder", path: "/etc" } as const;
  expect(await client.sources.change(id, { place: elsewhere }).catch(code)).toBe("forbidden");
  await client.sources.delete(id);
  expect(await client.sources.get(id).catch(code)).toBe("not_found");
});
