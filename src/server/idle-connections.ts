/**
 * Ends connections that are kept open without a request. Node's own limits begin anew with each byte between two requests, and none
 * holds for a body that nobody waits for: that of a GET, or of a request that was answered before its end.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

interface Kept {
  /** Requests that are not answered yet. */
  underWay: number;
  ending: NodeJS.Timeout | undefined;
}

/**
 * `idleMs`: from the last answer, or the connection's beginning, to the next request's headers. `restMs`: from an answer to the end of
 * its request.
 */
export function endIdleConnections(server: Server, { idleMs, restMs }: { idleMs: number; restMs: number }): void {
  const connections = new WeakMap<Socket, Kept>();
  const endIn = (ms: number, kept: Kept, socket: Socket): void => {
    clearTimeout(kept.ending);
    kept.ending = setTimeout(() => socket.destroy(), ms).unref();
  };
  server.on("connection", (socket: Socket) => {
    const kept: Kept = { underWay: 0, ending: undefined };
    connections.set(socket, kept);
    endIn(idleMs, kept, socket);
    socket.once("close", () => clearTimeout(kept.ending));
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const kept = connections.get(socket);
    if (kept === undefined) return;
    clearTimeout(kept.ending);
    kept.underWay += 1;
    response.once("close", () => {
      kept.underWay -= 1;
      if (kept.underWay > 0) return;
      endIn(request.complete ? idleMs : restMs, kept, socket);
      if (!request.complete) request.once("end", () => endIn(idleMs, kept, socket));
    });
  });
}
