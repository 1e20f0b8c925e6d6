/** The packed Sluice in servers of Express and Fastify. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { tryApi } from "./mounted.ts";
import { nodeServers } from "./node-servers.ts";
import { imported, serve } from "./served.ts";

let folder: string;
let servers: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice servers "));
  servers = await nodeServers(join(folder, "servers"), inject("sluice").tarball);
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 }));

it.each(["express.ts", "fastify.ts"])("is mounted below a path, beside routes that parse bodies: %s", async (name) => {
  const { origin, rows } = await serve(servers, [name], servers);
  await tryApi(`${origin}/imports-api/api/v1`);
  expect(await rows()).toEqual(imported);
  const own = await fetch(`${origin}/own`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"a":1}',
  });
  expect(await own.json()).toEqual({ got: { a: 1 } });
  expect((await fetch(`${origin}/imports-api/nowhere`)).headers.get("content-type")).toBe("application/problem+json");
});

it("takes JSON that a parser in front has read, says what is lost where another did, and leaves other paths alone", async () => {
  const { origin, rows } = await serve(servers, ["express-late.ts"], servers);
  await tryApi(`${origin}/api/v1`);
  expect(await rows()).toEqual(imported);
  expect(await (await fetch(`${origin}/own`)).text()).toBe("own");
  const form = new FormData();
  form.set("file", new File(["Email\n"], "a.csv"));
  const lost = await fetch(`${origin}/api/v1/uploads?parse`, { method: "POST", body: form });
  expect([lost.status, await lost.json()]).toMatchObject([
    500,
    { detail: expect.stringMatching(/read before it reached Sluice\. Mount Sluice before/) },
  ]);
});
