/**
 * How many connections one address may hold to a server. A newcomer beyond takes the place of the one that gets on slowest: half a
 * request costs its sender nothing, and must not keep others out.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** A connection is not judged before it is so old. */
const defaultGraceMs = 1000;

/** What is known of a connection; while `answering`, its request is complete and it waits for us. */
interface Held {
  sinceMs: number;
  bytesBefore: number;
  isAnswering: boolean;
}

/** `keyOf`: what holds several addresses for one. */
export function limitConnections(
  server: Server,
  perAddress: number,
  keyOf: (address: string | null) => string,
  { graceMs = defaultGraceMs }: { graceMs?: number } = {},
): void {
  const byAddress = new Map<string, Map<Socket, Held>>();
  server.on("connection", (socket: Socket) => {
    const key = keyOf(socket.remoteAddress ?? null);
    const held = byAddress.get(key) ?? new Map<Socket, Held>();
    if (held.size >= perAddress) {
      const slowest = slowestOf(held, graceMs);
      if (slowest === undefined) {
        socket.destroy();
        return;
      }
      slowest.destroy();
      held.delete(slowest);
    }
    byAddress.set(key, held);
    held.set(socket, { sinceMs: performance.now(), bytesBefore: 0, isAnswering: false });
    socket.once("close", () => {
      held.delete(socket);
      if (held.size === 0 && byAddress.get(key) === held) byAddress.delete(key);
    });
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const each = byAddress.get(keyOf(socket.remoteAddress ?? null))?.get(socket);
    if (each === undefined) return;
    const begin = (isAnswering: boolean): void => {
      Object.assign(each, { sinceMs: performance.now(), bytesBefore: socket.bytesRead, isAnswering });
    };
    begin(request.complete);
    request.once("end", () => begin(true));
    response.once("close", () => begin(false));
  });
}

function slowestOf(held: ReadonlyMap<Socket, Held>, graceMs: number): Socket | undefined {
  const nowMs = performance.now();
  let slowest: Socket | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [socket, { sinceMs, bytesBefore, isAnswering }] of held) {
    const ageMs = nowMs - sinceMs;
    if (isAnswering || ageMs < graceMs) continue;
    const bytesPerMs = (socket.bytesRead - bytesBefore) / ageMs;
    if (bytesPerMs >= least) continue;
    least = bytesPerMs;
    slowest = socket;
  }
  return slowest;
}
