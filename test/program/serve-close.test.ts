/** A server that is told to stop does not wait for whom it owes nothing. */

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { resolveConfig } from "../../src/config.ts";
import { startServer } from "../../src/server/serve.ts";
import { freshDatabase } from "../fresh-database.ts";

/** The names by which a program finds the fetch API, which servers like to replace. */
const fetchApi = () => [globalThis.Request, globalThis.Response, globalThis.Headers, globalThis.fetch];

it("ends connections that were opened ahead of a request before those that are in the middle of one", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "sluice-test-close-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const environment = { DATABASE_URL: (await freshDatabase()).url, SLUICE_DATA_DIR: cwd, SLUICE_PORT: "0" };
  const before = fetchApi();
  const server = await startServer(
    resolveConfig(environment, {}, {}),
    { cwd, environment, flags: {} },
    { onEvent() {} },
  );
  expect(fetchApi()).toEqual(before);
  const ended: string[] = [];
  const open = async (name: string, bytes: string): Promise<Socket> => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => {});
    socket.once("close", () => ended.push(name));
    await once(socket, "connect");
    if (bytes !== "") socket.write(bytes);
    return socket;
  };
  await open("in the middle", "GET /api/v1/health HTTP/1.1\r\nhost: x\r\n");
  await open("ahead", "");
  // Answered after both are known to the server.
  expect((await fetch(`${server.url}/healthz`)).status).toBeLessThan(500);
  await server.close();
  await expect.poll(() => ended.length).toBe(2);
  expect(ended).toEqual(["ahead", "in the middle"]);
});
