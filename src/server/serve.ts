/** `sluice serve` without the command line: HTTP in this thread, a worker in another, one database. */
import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { type App, openApp } from "../app.ts";
import type { Config } from "../config.ts";
import { SluiceError } from "../core/errors.ts";
import type { EventListener } from "../core/ports.ts";
import { limitKeyOf } from "../http/auth/client-address.ts";
import type { PageFiles } from "../http/page.ts";
import type { HttpEvent } from "../http/request/request-context.ts";
import { apiOf } from "./api.ts";
import { limitConnections } from "./connection-limit.ts";
import { endIdleConnections } from "./idle-connections.ts";
import { readPageFiles } from "./page-files.ts";
import { WorkerHost } from "./worker-host.ts";
import type { WorkerThreadData } from "./worker-thread.ts";

/** The headers of a request must be there by then, which Node looks after so often. */
const headersMs = 10_000;
const headersCheckMs = 2_000;
/** What is left of a request when it is answered must come by then, or its connection is ended. */
const restMs = 1_000;
/** How long responses in progress may take before they are cut off. */
const answersMs = 1500;
/** How long the worker may take to hand its imports on. */
const handOnMs = 4000;

export interface Server {
  /** Where it listens. */
  url: string;
  app: App;
  /** Takes no more requests, ends what is streamed, hands on what is imported; within five seconds. */
  close(): Promise<void>;
}

/** Called with the events of the engine and of the server. */
export interface ServerListeners {
  onEvent: EventListener;
  onHttpEvent?: (event: HttpEvent) => void;
  /** Default: the page that was built. */
  page?: PageFiles;
}

/** @throws SluiceError `conflict` when the port is taken. */
export async function startServer(
  config: Config,
  { cwd, environment, flags }: WorkerThreadData,
  { onEvent, onHttpEvent, page }: ServerListeners,
  signal?: AbortSignal,
): Promise<Server> {
  const app = await openApp(config, onEvent, signal, "server");
  const stopping = new AbortController();
  const api = apiOf(app, config, {
    onEvent: onHttpEvent,
    stopping: stopping.signal,
    page: page ?? (await readPageFiles()),
  });
  // The thread is given the database that this one has found or started, and works as long as the server does.
  const threadFlags = { ...flags, ...threadDatabase(config, app), for: "0" };
  const host = new WorkerHost({ cwd, environment, flags: threadFlags }, onEvent, {
    onStuck: (jobId, seconds) => app.engine.failStuck(jobId, seconds),
  });
  const http = createAdaptorServer({
    fetch: api.fetch,
    // The config's code runs here too, and finds the fetch API as Node has it: Hono's Response lacks bytes().
    overrideGlobalObjects: false,
    serverOptions: {
      // A large upload takes as long as it takes; one that stalls is ended by its reader (body-bytes.ts).
      requestTimeout: 0,
      headersTimeout: headersMs,
      connectionsCheckingInterval: headersCheckMs,
    },
  }) as HttpServer;
  const sockets = new Set<Socket>();
  http.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  endIdleConnections(http, { idleMs: http.keepAliveTimeout + headersMs + headersCheckMs, restMs });
  // Behind a proxy all come from one address.
  if (config.connectionsPerAddress > 0 && config.proxies === 0)
    limitConnections(http, config.connectionsPerAddress, limitKeyOf);
  try {
    http.listen(config.port, config.host);
    await once(http, "listening").catch((cause: NodeJS.ErrnoException) => {
      throw explainListen(cause, config);
    });
    await host.start();
    const { address, family, port } = http.address() as AddressInfo;
    const url = `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
    onEvent({ name: "server.listening", url });
    return {
      url,
      app,
      async close() {
        stopping.abort();
        const closed = new Promise((resolve) => http.close(resolve));
        // What is streamed ends; else it would be waited for.
        await api.close();
        if ("closeIdleConnections" in http) http.closeIdleConnections();
        // Browsers open connections ahead of their requests; Node takes them for busy.
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
        const late = setTimeout(() => {
          if ("closeAllConnections" in http) http.closeAllConnections();
        }, answersMs);
        await Promise.all([closed, host.stop(handOnMs)]);
        clearTimeout(late);
        await app.close();
      },
    };
  } catch (error) {
    http.close();
    await host.stop(handOnMs);
    await app.close();
    throw error;
  }
}

/** An embedded database is up already; one by address is found by the thread as it was by this one. */
function threadDatabase(config: Config, app: App): { databaseUrl?: string } {
  return config.databaseUrl === null ? { databaseUrl: app.database.url } : {};
}

function explainListen(cause: NodeJS.ErrnoException, { host, port }: Config): Error {
  if (cause.code === "EADDRINUSE")
    return new SluiceError(
      "conflict",
      `Port ${port} of ${host} is taken, perhaps by another \`sluice serve\`. Choose another with --port.`,
      { cause },
    );
  if (cause.code === "EACCES")
    return new SluiceError(
      "forbidden",
      `This user may not listen on port ${port}. Choose one above 1023 with --port.`,
      {
        cause,
      },
    );
  if (cause.code === "EADDRNOTAVAIL" || cause.code === "ENOTFOUND")
    return new SluiceError("invalid", `${host} is no address of this machine. Choose another with --host.`, { cause });
  return cause;
}
