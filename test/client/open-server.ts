/** A client and the API it speaks to, over real sockets, with a worker that does what is queued. */
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { onTestFinished } from "vitest";
import { type Client, type ClientOptions, createClient } from "../../src/client/index.ts";
import { SluiceError } from "../../src/core/errors.ts";
import type { Importer } from "../../src/core/importer.ts";
import type { HttpApiOptions } from "../../src/http/api.ts";
import { type OpenApp, openApp } from "../http/open-app.ts";

export interface OpenServer extends OpenApp {
  url: string;
  client: Client;
  /** Anna's; the other is the admin's. */
  clientAs(who: string, options?: Partial<ClientOptions>): Client;
  /** Cuts every connection; the server goes on. */
  cut(): void;
}

export async function openServer(
  importers?: readonly Importer[],
  options?: Partial<HttpApiOptions>,
): Promise<OpenServer> {
  const opened = await openApp(importers, "", options);
  const server = createServer(getRequestListener(opened.app.fetch, { overrideGlobalObjects: false }));
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const stopping = new AbortController();
  const working = work(opened, stopping.signal);
  onTestFinished(async () => {
    stopping.abort();
    await working;
    await opened.app.close();
    cut();
    await new Promise((resolve) => server.close(resolve));
  });
  const clientAs: OpenServer["clientAs"] = (who, options) => createClient({ baseUrl: url, token: who, ...options });
  return { ...opened, url, cut, clientAs, client: clientAs("admin") };
}

/** Does what is queued, one after the other. */
async function work({ engine }: OpenApp, signal: AbortSignal): Promise<void> {
  try {
    for await (const { jobId, event } of engine.events.watch(signal)) {
      if (event?.name !== "import.queued") continue;
      await engine.work(jobId, signal).catch((error: unknown) => {
        if (!(error instanceof SluiceError)) throw error;
      });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
