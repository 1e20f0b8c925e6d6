/** An HTTP server in a test's hands: it answers by routes, goes down and comes back on the same port, and can be made to fail. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Asked {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface Answer {
  status: number;
  /** Text as it is, or an object as JSON. */
  body: string | object;
}

/** What happens instead of an answer: the connection is cut. */
export const cut = Symbol("cut");

export interface SearchServer {
  url: string;
  /** Every request, in its order. */
  asked: Asked[];
  /** Looked at before the server's own answer; undefined: as it would answer. */
  fault: ((asked: Asked) => Answer | typeof cut | undefined | Promise<Answer | typeof cut | undefined>) | null;
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Call it in a test: it stops when the test is over. */
export async function startSearchServer(answer: (asked: Asked) => Answer): Promise<SearchServer> {
  let server: Server | null = null;
  let port = 0;
  const state: SearchServer = {
    url: "",
    asked: [],
    fault: null,
    async down() {
      const closing = server;
      server = null;
      if (closing === null) return;
      const closed = new Promise((resolve) => closing.close(resolve));
      closing.closeAllConnections();
      await closed;
    },
    async up() {
      const opened = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", async () => {
          const { pathname, searchParams } = new URL(request.url ?? "/", "http://x.example");
          const asked: Asked = {
            method: request.method ?? "GET",
            path: decodeURIComponent(pathname),
            query: searchParams,
            headers: request.headers,
            body: Buffer.concat(chunks).toString(),
          };
          state.asked.push(asked);
          const fault = await state.fault?.(asked);
          if (fault === cut) return void request.socket.destroy();
          const { status, body } = fault ?? answer(asked);
          const isText = typeof body === "string";
          response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json" });
          response.end(isText ? body : JSON.stringify(body));
        });
      });
      await new Promise<void>((resolve) => opened.listen(port, "127.0.0.1", resolve));
      port = (opened.address() as AddressInfo).port;
      server = opened;
    },
  };
  await state.up();
  state.url = `http://127.0.0.1:${port}`;
  onTestFinished(() => state.down());
  return state;
}
