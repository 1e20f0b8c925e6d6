/** A TCP proxy that cuts connections after so many bytes, and can be pointed at another server: a network on a bad day. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface FlakyProxy {
  url: string;
  /** Where new connections go. */
  target: string;
  /** Bytes that the next connections may bring before they are cut, in turn; then none is cut. */
  cuts: number[];
  /** Called after each cut, before the client sees it. */
  onCut: () => Promise<void> | void;
  /** How many were cut. */
  cutCount: number;
}

/** `target`: base URL of the server; the proxy's `url` has the same path. */
export async function flakyProxy(target: string): Promise<FlakyProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const { hostname, port } = new URL(proxy.target);
    const upstream = connect(Number(port), hostname);
    let budget = proxy.cuts.shift() ?? Number.POSITIVE_INFINITY;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("data", (bytes: Buffer) => {
      if (budget < 0) return;
      const passed = bytes.subarray(0, Math.min(bytes.length, budget));
      budget -= bytes.length;
      if (!upstream.write(passed)) {
        client.pause();
        upstream.once("drain", () => client.resume());
      }
      if (budget >= 0) return;
      proxy.cutCount++;
      upstream.end();
      void Promise.resolve(proxy.onCut()).then(() => {
        upstream.destroy();
        client.destroy();
      });
    });
    upstream.on("data", (bytes) => {
      if (budget >= 0) client.write(bytes);
    });
    client.on("end", () => upstream.end());
    upstream.on("close", () => {
      if (budget >= 0) client.end();
    });
    client.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  const proxy: FlakyProxy = { url: url.href.replace(/\/$/, ""), target, cuts: [], onCut: () => {}, cutCount: 0 };
  return proxy;
}

/** The same numbers for the same seed, from 0 up to below 1. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
