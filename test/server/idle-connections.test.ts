import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { endIdleConnections } from "../../src/server/idle-connections.ts";
import { waitingServer } from "./waiting-server.ts";

/** A server without Node's own limits, which answers before a body has come. */
async function open(limits: { idleMs: number; restMs: number }) {
  const { server, port, waiting } = await waitingServer(
    { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0, readsBodies: false },
    (opened) => endIdleConnections(opened, limits),
  );
  /** What comes back until the server has ended the connection. `drop`: sent again and again meanwhile. */
  const ended = async (text: string, drop = ""): Promise<string> => {
    const socket: Socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    let answer = "";
    socket.on("data", (piece) => {
      answer += piece;
    });
    const drops = setInterval(() => drop !== "" && socket.write(drop), 5);
    onTestFinished(() => clearInterval(drops));
    socket.write(text);
    // The server may have ended it while a drop was on its way: that is an error of the socket, and an end.
    await new Promise((resolve) => socket.once("close", resolve));
    clearInterval(drops);
    return answer;
  };
  return { server, waiting, ended };
}

it.each([
  ["without a request", "", "\r\n"],
  ["in half a request's headers", "GET / HTTP/1.1\r\nHost: a\r\n", "X-A: b\r\n"],
  ["between two requests", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n"],
])("ends a connection that is kept open %s", async (_how, text, drop) => {
  const { ended } = await open({ idleMs: 50, restMs: 600_000 });
  await ended(text, drop);
});

it.each(["GET", "POST"])("ends a %s whose body goes on in drops after its answer", async (method) => {
  const { ended } = await open({ idleMs: 600_000, restMs: 50 });
  const answer = await ended(`${method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n`, "x");
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
});

it("ends none that waits for its answer", async () => {
  const { server, waiting, ended } = await open({ idleMs: 50, restMs: 50 });
  const answered = ended("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  await once(server, "request");
  await ended("");
  waiting[0]();
  expect(await answered).toMatch(/late$/);
});
