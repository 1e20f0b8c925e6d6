import { once } from "node:events";
import { createServer, type Server, type ServerOptions } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A server that answers `/wait` only when it is let, and everything else at once. `readsBodies`: else they are left where they are. */
export async function waitingServer(
  { readsBodies, ...options }: ServerOptions & { readsBodies: boolean },
  prepare: (server: Server) => void,
): Promise<{ server: Server; port: number; waiting: (() => void)[] }> {
  const waiting: (() => void)[] = [];
  const server = createServer(options, (incoming, response) => {
    if (readsBodies) incoming.resume();
    if (incoming.url === "/wait") waiting.push(() => response.end("late"));
    else response.end("now");
  });
  prepare(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port, waiting };
}
