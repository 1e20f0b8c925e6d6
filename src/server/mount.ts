/** Sluice inside another program: `createApp(options)` for Next.js, Hono, Bun (`fetch`), Express (`node()`), Fastify (`fastify()`). */
import type { App } from "../app.ts";
import { type Config, type ConfigFile, refuseKeyless, resolveOptions } from "../config.ts";
import { placesOf, reasonToLog, SluiceError, told } from "../core/errors.ts";
import { isPushed } from "../core/queue.ts";
import type { HttpApi } from "../http/api.ts";
import type { LoggedEvent } from "../log.ts";
import { environment, requireNode } from "./environment.ts";
import { type FastifyMount, fastifyPlugin } from "./fastify.ts";
import { checkMountOptions, type MountEvent, type MountOptions, withAccess } from "./mount-options.ts";
import { mountQueue, refuseHosting } from "./mount-queue.ts";
import { type NodeHandler, nodeHandler } from "./node-handler.ts";

/** A route handler of Next.js. */
export type RouteHandler = (request: Request) => Promise<Response>;
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

export interface MountedApp {
  /** Answers a request. Connects at the first one. `env`: what else the server knows, such as the client's address. */
  fetch(request: Request, env?: object): Promise<Response>;
  /**
   * Answers QStash, which wakes imports where nothing runs between two requests: a route of its own for each step, below
   * `SLUICE_TASKS_URL`. Not needed where `fetch` gets every request of the mount. `export const POST = app.receive;`
   */
  receive(request: Request): Promise<Response>;
  /** For a catch-all route of Next.js: `export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = app.handlers()`. */
  handlers(): Record<(typeof methods)[number], RouteHandler>;
  /** For Node's own server and Express: `app.use("/imports-api", sluice.node())`. */
  node(): NodeHandler;
  /** For Fastify: `server.register(sluice.fastify(), { prefix: "/imports-api" })`. */
  fastify(): FastifyMount;
  /** Connects, and says where the database is: for the app's own queries where that is the embedded one, whose address differs from start to start. */
  databaseUrl(): Promise<string>;
  /** Ends what is streamed, and the connections. */
  close(): Promise<void>;
}

/**
 * The HTTP API, to be mounted in a server that is there already. The work itself is done by `sluice work` or `createWorker`,
 * any number of them, or `sluice serve`, with the same database and data folder. Settings come from the options, then from the
 * environment (docs/config.md).
 *
 * @throws SluiceError `invalid` at once for an option that is not there, and where no database is named.
 * @example
 * // app/api/v1/[[...path]]/route.ts of a Next.js app
 * const app = createApp({ databaseUrl: process.env.DATABASE_URL, importers: [customers], authenticate: session });
 * export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = app.handlers();
 */
export function createApp(options: MountOptions): MountedApp {
  requireNode("createApp");
  checkMountOptions("createApp", options);
  const { authenticate, access: _access, basePath, onEvent, logger, ...given } = options;
  const configNow = (): Config => {
    const config = withAccess("createApp", resolveOptions("createApp", environment, given), options.access);
    if (authenticate === undefined && options.access?.jwt === undefined) refuseKeyless(config);
    refuseHosting("createApp", config);
    return config;
  };
  // `next build` runs the modules of routes, often where no secret is set: there the database is asked for at the first request.
  if (environment.NEXT_PHASE === "phase-production-build") {
    const { databaseUrl: _later, ...others } = given;
    resolveOptions("createApp", environment, { ...others, embedded: true });
  } else configNow();

  let opened: Promise<Opened> | undefined;
  const opening = (below: string): Promise<Opened> =>
    (opened ??= open(configNow, options, below).catch((error: unknown) => {
      // The next one tries again.
      opened = undefined;
      throw error;
    }));

  const answer = async (
    request: Request,
    server: object | undefined,
    below: string,
    isRead = request.bodyUsed,
  ): Promise<Response> => {
    const begun = performance.now();
    const explain = (error: unknown) => explainFailure(error, request, given.language ?? "en");
    let here: Opened;
    let api: HttpApi;
    try {
      here = await opening(below);
      api = here.apiBelow(below);
    } catch (error) {
      return explain(error);
    }
    if (isRead) return here.refuse(request, bodyIsRead);
    const isTask = server === asTask || isBelow(request, `${below}/api/v1/tasks/`);
    if (isTask && request.method === "POST" && here.isCalled)
      return here.receive(request, performance.now() - begun).catch(explain);
    return api.fetch(request, server);
  };
  const app: MountedApp = {
    fetch: (request, server) => answer(request, server, basePath ?? ""),
    receive: (request) => answer(request, asTask, basePath ?? ""),
    handlers: () =>
      Object.fromEntries(methods.map((method) => [method, (request: Request) => app.fetch(request)])) as Record<
        (typeof methods)[number],
        RouteHandler
      >,
    node: () => nodeHandler(answer, basePath),
    fastify: () => fastifyPlugin(app.node()),
    databaseUrl: async () => (await opening(basePath ?? "")).app.database.url,
    async close() {
      const closing = opened;
      opened = undefined;
      await (await closing?.catch(() => undefined))?.close();
    },
  };
  return app;

  /** What keeps the app from opening is the operator's to know, and the client's only where it is the database. */
  async function explainFailure(error: unknown, request: Request, language: NonNullable<ConfigFile["language"]>) {
    const [{ answerFailure }, { languageOfRequest }, { logEvents, ownListener }] = await Promise.all([
      import("../http/request/problem.ts"),
      import("../http/request/request-context.ts"),
      import("../log.ts"),
    ]);
    const event = { name: "app.failed", reason: reasonToLog(error), at: placesOf(error) } as const;
    const log = await logEvents(given.logLevel || environment.SLUICE_LOG_LEVEL || "warn", logger);
    log(event);
    if (onEvent !== undefined) ownListener("onEvent", onEvent, log)(event);
    return answerFailure(error, languageOfRequest(request, language));
  }
}

/** What `receive` passes instead of what a server knows. */
const asTask = {};

function isBelow(request: Request, path: string): boolean {
  return new URL(request.url).pathname.startsWith(path);
}

const bodyIsRead = told`The body of this request was read before it reached Sluice. Mount Sluice before anything that reads bodies (express.json(), multer, request.json()).`;

interface Opened {
  app: App;
  apiBelow(basePath: string): HttpApi;
  /** Whether the queue calls by HTTP. */
  isCalled: boolean;
  receive(request: Request, spentMs: number): Promise<Response>;
  refuse(request: Request, why: typeof bodyIsRead): Promise<Response>;
  close(): Promise<void>;
}

/** Everything that a request needs; loaded when the first one comes. */
async function open(
  configNow: () => ReturnType<typeof resolveOptions>,
  { authenticate, access, logger, onEvent }: MountOptions,
  below: string,
): Promise<Opened> {
  const [{ openApp }, { apiOf }, { logEvents, ownListener }, { answerInternal }, { languageOfRequest }] =
    await Promise.all([
      import("../app.ts"),
      import("./api.ts"),
      import("../log.ts"),
      import("../http/request/problem.ts"),
      import("../http/request/request-context.ts"),
    ]);
  const config = configNow();
  const log = await logEvents(config.logLevel || "warn", logger);
  const hear = onEvent === undefined ? undefined : ownListener("onEvent", onEvent, log);
  const tell = (event: MountEvent & LoggedEvent): void => {
    log(event);
    hear?.(event);
  };
  const wakes = await mountQueue(config, below);
  const app = await openApp(wakes.config, tell, undefined, "server", { tasksUrl: wakes.tasksUrl });
  // The embedded server is up already.
  const workerConfig = { ...wakes.config, databaseUrl: config.databaseUrl ?? app.database.url };
  let worker: Promise<App> | null = null;
  const openWorker = (): Promise<App> =>
    (worker ??= openApp(workerConfig, tell, undefined, "worker", { tasksUrl: wakes.tasksUrl }).catch(
      (error: unknown) => {
        // The next one tries again.
        worker = null;
        throw error;
      },
    ));
  const stopping = new AbortController();
  const working = wakes.isDirect ? openWorker().then((own) => own.work(stopping.signal)) : Promise.resolve();
  working.catch((error: unknown) => tell({ name: "app.failed", reason: reasonToLog(error), at: placesOf(error) }));
  const apis = new Map<string, HttpApi>();
  return {
    app,
    isCalled: app.queue !== null && isPushed(app.queue),
    async receive(request, spentMs) {
      const opening = performance.now();
      const own = await openWorker();
      return own.receive(request, spentMs + performance.now() - opening);
    },
    apiBelow(basePath) {
      let api = apis.get(basePath);
      if (api === undefined) {
        api = apiOf(app, config, {
          ...(authenticate !== undefined && { authenticate }),
          ...(access?.jwt !== undefined && { access: { jwt: access.jwt } }),
          basePath,
          onEvent: tell,
        });
        apis.set(basePath, api);
      }
      return api;
    },
    async refuse(request, why) {
      const requestId = crypto.randomUUID();
      const { pathname } = new URL(request.url);
      const error = new SluiceError("internal", why);
      tell({
        name: "http.failed",
        requestId,
        method: request.method,
        path: pathname,
        status: 500,
        reason: error.message,
        at: [],
      });
      return answerInternal(error, requestId, languageOfRequest(request, config.language));
    },
    async close() {
      for (const api of apis.values()) await api.close();
      stopping.abort(new Error("the app is closed"));
      await working.catch(() => {});
      await (await worker?.catch(() => null))?.close();
      await app.close();
    },
  };
}
