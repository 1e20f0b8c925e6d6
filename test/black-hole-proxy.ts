/** A network that swallows packets: for a while, or for good on the connections that there are. Nobody is told that anything ended. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface BlackHoleProxy {
  /** In place of the target's. */
  url: string;
  /** From now on nothing comes through, and nobody is connected. */
  open(): void;
  /** What is left goes on from where it was. */
  close(): void;
  /** The connections that there are lead nowhere any more; new ones work: a router has forgotten them. */
  forget(): void;
  /** Connections that are open at the client's side. */
  connections(): number;
}

/** Of `target`, a database's URL. */
export async function blackHoleProxy(target: string): Promise<BlackHoleProxy> {
  const pairs = new Set<{ client: Socket; upstream: Socket | null; isForgotten: boolean }>();
  let isOpen = false;
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const pair: { client: Socket; upstream: Socket | null; isForgotten: boolean } = {
      client,
      upstream: null,
      isForgotten: false,
    };
    pairs.add(pair);
    client.on("error", () => {});
    client.on("close", () => {
      pairs.delete(pair);
      if (!pair.isForgotten) pair.upstream?.destroy();
    });
    if (!isOpen) link(pair);
  });
  const link = (pair: { client: Socket; upstream: Socket | null }): void => {
    const { hostname, port } = new URL(target);
    const upstream = connect(Number(port), hostname);
    pair.upstream = upstream;
    upstream.on("error", () => {});
    upstream.on("close", () => pair.client.destroy());
    pair.client.on("data", (bytes) => upstream.write(bytes));
    upstream.on("data", (bytes) => pair.client.write(bytes));
    pair.client.resume();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const { client, upstream } of pairs) {
      client.destroy();
      upstream?.destroy();
    }
    await new Promise((resolve) => server.close(resolve));
  });
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  const pause = (): void => {
    for (const { client, upstream } of pairs) {
      client.pause();
      upstream?.pause();
    }
  };
  return {
    url: url.href,
    open() {
      isOpen = true;
      pause();
    },
    close() {
      isOpen = false;
      for (const pair of pairs) {
        if (pair.isForgotten) continue;
        if (pair.upstream === null) link(pair);
        pair.client.resume();
        pair.upstream?.resume();
      }
    },
    forget() {
      pause();
      for (const pair of pairs) pair.isForgotten = true;
    },
    connections: () => pairs.size,
  };
}
