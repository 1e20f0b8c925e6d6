/** A proxy that passes a commit on and keeps its answer to itself: the client sees its connection end, and cannot know. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface LostAnswerProxy {
  /** In place of the target's. */
  url: string;
  /** Loses the answer to the next commit of a connection that has sent this text. */
  loseAfter: string | null;
  /** From the loss on, and until this is set to false, nobody gets through. */
  staysAway: boolean;
  /** How many answers were lost. */
  losses: number;
}

/** Of `target`, a database's URL. */
export async function lostAnswerProxy(target: string): Promise<LostAnswerProxy> {
  const sockets = new Set<Socket>();
  let isAway = false;
  const server = createServer((client) => {
    if (isAway && proxy.staysAway) return void client.destroy();
    isAway = false;
    const { hostname, port } = new URL(target);
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    let isMarked = false;
    let isLost = false;
    client.on("data", (bytes: Buffer) => {
      const text = bytes.toString("latin1");
      if (proxy.loseAfter !== null && text.includes(proxy.loseAfter)) isMarked = true;
      if (isMarked && text.includes("commit\0")) {
        proxy.loseAfter = null;
        proxy.losses++;
        isLost = true;
        isAway = true;
        // Others of the same process are cut as well: the network is gone, not one connection.
        if (proxy.staysAway) for (const socket of sockets) if (socket !== upstream) socket.destroy();
      }
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (isLost) client.destroy();
      else client.write(bytes);
    });
    client.on("close", () => {
      if (!isLost) upstream.destroy();
    });
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  const proxy: LostAnswerProxy = { url: url.href, loseAfter: null, staysAway: false, losses: 0 };
  return proxy;
}
