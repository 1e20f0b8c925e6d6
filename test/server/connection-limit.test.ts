import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { limitConnections } from "../../src/server/connection-limit.ts";
import { waitingServer } from "./waiting-server.ts";

/** A server that lets each address have so many connections, and how one gets through to it. */
async function limited(perAddress: number) {
  const { server, port, waiting } = await waitingServer({ readsBodies: true }, (opened) =>
    limitConnections(opened, perAddress, String, { graceMs: 0 }),
  );
  const half = async (text: string): Promise<Socket> => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    const accepted = once(server, "connection");
    socket.write(text);
    await Promise.race([accepted, new Promise(setImmediate)]);
    return socket;
  };
  const answer = (path: string): Promise<number | string> =>
    new Promise((resolve) => {
      const asked = request({ port, path, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode as number);
      });
      asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "cut"));
      asked.end();
    });
  return { server, half, answer, waiting };
}

it("lets a newcomer in, and ends the half request that gets on slowest", async () => {
  const { half, answer } = await limited(3);
  const first = await half("GET / HTTP/1.1\r\nHost: a\r\n");
  const closed = once(first, "close");
  const body = await half("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
  body.write("x".repeat(500_000));
  await half(`GET / HTTP/1.1\r\nHost: a\r\nX: ${"y".repeat(10_000)}\r\n`);
  expect(await answer("/")).toBe(200);
  await closed;
  expect(body.destroyed).toBe(false);
});

it("ends no connection that waits for an answer", async () => {
  const { server, answer, waiting } = await limited(2);
  const answers = [answer("/wait"), answer("/wait")];
  while (waiting.length < 2) await once(server, "request");
  expect(await answer("/")).toBe("ECONNRESET");
  for (const answerNow of waiting) answerNow();
  expect(await Promise.all(answers)).toEqual([200, 200]);
  expect(await answer("/")).toBe(200);
});
