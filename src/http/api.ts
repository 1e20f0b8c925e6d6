/** The HTTP API as one `fetch`: no process, no port, so that it fits into any server. */
import { createHash, randomUUID } from "node:crypto";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import { secureHeaders } from "hono/secure-headers";
import type { Analyst } from "../core/analysis.ts";
import { type ContextDatabase, guardAdvice, unguardedContext } from "../core/context.ts";
import { placesOf, reasonToLog, SluiceError, told } from "../core/errors.ts";
import type { Language } from "../core/fields/language.ts";
import type { Importer } from "../core/importer.ts";
import type { Files, Format } from "../core/ports.ts";
import type { Queue } from "../core/queue.ts";
import type { SourceAdapters } from "../core/source.ts";
import type { Outbox } from "../core/store/outbox.ts";
import type { UploadLimits } from "../core/store/uploads.ts";
import type { Engine } from "../engine/engine.ts";
import { FileAnalysis } from "../engine/file-analysis.ts";
import type { Inspector } from "../engine/inspector.ts";
import { authGuard } from "./accounts/auth-guard.ts";
import { type AccessOptions, accessOf, shippedAuthenticate } from "./auth/auth.ts";
import { type Authenticate, ownAuthenticate, withoutPrograms } from "./auth/authenticate.ts";
import { EventFeed } from "./events/event-feed.ts";
import { presentProgress } from "./imports/import-view.ts";
import { Intake } from "./intake/intake.ts";
import { batchesOf, batchRoutes, maxBatchBytes } from "./one-shot/batch.ts";
import { describeApi } from "./openapi.ts";
import { timing } from "./operations/metrics-routes.ts";
import { type PageFiles, pageRoutes } from "./page.ts";
import { bodyLimit, maxBodyBytes, takesFile } from "./request/body-limit.ts";
import { idempotent } from "./request/idempotent.ts";
import { Metrics } from "./request/metrics.ts";
import { olderIds } from "./request/older-ids.ts";
import { answerProblem, problemOf, withoutServersPlaces } from "./request/problem.ts";
import {
  type HttpEnv,
  type HttpEvent,
  type HttpParts,
  languageOf,
  type WebhookService,
} from "./request/request-context.ts";
import { storableTexts } from "./request/storable.ts";
import { keptRoutes, plainRoutes, secretRoutes } from "./routes.ts";

export interface HttpApiOptions {
  engine: Engine;
  files: Files;
  format: Format;
  importers: ReadonlyMap<string, Importer>;
  /** Folders of the server, hidden from those who only use it. Default: none. */
  places?: readonly string[];
  /** What `from` of a context value may ask. Default: nothing. */
  database?: ContextDatabase;
  /** Throws `invalid` where a file that begins so holds no table. `head` is 64 KiB, or all there is. */
  judge: (head: Uint8Array, fileName: string) => void;
  uploadLimits?: UploadLimits;
  /** Who looks at files before they are imported. Default: this thread. */
  look?: Inspector;
  /** Tells whose request it is. Default: the shipped one, by session, API token or JWT. */
  authenticate?: Authenticate;
  access?: AccessOptions;
  /** The page at `/import`. Default: none, the program that mounts this has pages of its own. */
  page?: PageFiles;
  /** Its depth is in the metrics. */
  queue?: Pick<Queue, "depth" | "redrive" | "enqueue"> | null;
  /** What waits for sinks. */
  outbox?: Pick<Outbox, "standing" | "redrive" | "records"> | null;
  /** Default: there are none. */
  webhooks?: WebhookService | null;
  /** Rows from which on mails are sent. Default, and null: none are. */
  mailRows?: number | null;
  /** What sources are made of. Default: there are none. */
  sources?: SourceAdapters | null;
  /** A language model that can be asked what a file is. Default: none. */
  analyst?: Analyst | null;
  /** Aborts when the server is to stop: it reports that it is no longer ready. */
  stopping?: AbortSignal;
  /** Origins whose pages may call, such as `https://app.example.com`. Default: the server's own alone. */
  origins?: readonly string[];
  /** The path before `/api/v1`, if the app is mounted below one. Default: nothing. */
  basePath?: string;
  /** How often those who follow events hear that the connection is alive. Default every 15 s. */
  heartbeatMs?: number;
  /** Of readers who ask for none. Default `en`. */
  language?: Language;
  onEvent?: (event: HttpEvent) => void;
}

export interface HttpApi {
  /** `env`: what the server knows besides the request; @hono/node-server passes its `incoming`, for the client's address. */
  fetch(request: Request, env?: object): Promise<Response>;
  /** Ends what is still streaming. The engine stays as it is. */
  close(): Promise<void>;
}

/** What a page of another origin may read of an answer. */
const exposedHeaders = [
  "Location",
  "X-Request-Id",
  "Retry-After",
  "Idempotent-Replayed",
  "Content-Disposition",
  ...["Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size"],
  ...["Upload-Offset", "Upload-Length", "Upload-Expires", "Upload-Metadata", "Upload-Limit", "Upload-Direct"],
];

/** What a page of ours never asks a browser for. */
const unusedFeatures = [
  ...([
    "accelerometer",
    "bluetooth",
    "camera",
    "displayCapture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
  ] as const),
  ...(["microphone", "midi", "payment", "publickeyCredentialsGet", "screenWakeLock", "serial", "usb"] as const),
];

const noDatabase: ContextDatabase = {
  async query() {
    throw new SluiceError("internal", "This app was made without a database that `from` may ask.");
  },
};

/** An importer whose context nobody guards is offered to nobody; the operator is told what to write. */
function tellUnguarded({ importers, onEvent }: Pick<HttpParts, "importers" | "onEvent">): void {
  for (const importer of importers.values()) {
    const open = unguardedContext(importer);
    if (open === null) continue;
    onEvent({ name: "importer.unguarded", importer: importer.name, advice: guardAdvice(importer, open) });
  }
}

/** The database rejects the server: its address, user and password are not the client's business. */
function isLockedOut(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: { code?: unknown } };
  return error instanceof SluiceError && /^(?:28|3D)/.test(String(cause?.code ?? ""));
}

export function createHttpApi(options: HttpApiOptions): HttpApi {
  const { engine, files, format, importers, basePath = "" } = options;
  const root = `${basePath}/api/v1`;
  const feed = new EventFeed(engine, {
    heartbeatMs: options.heartbeatMs,
    present: (progress, importer, language) => presentProgress(progress, importers.get(importer ?? ""), language),
  });
  const access = accessOf(options.access ?? {}, options.origins ?? []);
  const preparation = engine.preparation({
    look: options.look,
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
  });
  const parts: HttpParts = {
    engine,
    files,
    format,
    importers,
    database: options.database ?? noDatabase,
    preparation,
    intake: new Intake({ files, uploads: engine.uploads, judge: options.judge, limits: options.uploadLimits }),
    analysis: new FileAnalysis({
      profile: (job, signal) => preparation.profile(job, signal),
      analyst: options.analyst ?? null,
      onEvent: (event) => options.onEvent?.(event),
    }),
    downloads: engine.downloads,
    feed,
    authenticate: withoutPrograms(
      options.authenticate === undefined
        ? shippedAuthenticate(engine.users, access, options.access?.jwt)
        : ownAuthenticate(options.authenticate),
    ),
    access,
    metrics: new Metrics(engine.measures, options.queue, undefined, options.outbox),
    queue: options.queue ?? null,
    outbox: options.outbox ?? null,
    webhooks: options.webhooks ?? null,
    mailRows: options.mailRows ?? null,
    sources: options.sources ?? null,
    stopping: options.stopping,
    places: options.places ?? [],
    language: options.language ?? "en",
    onEvent: options.onEvent ?? (() => {}),
    basePath,
    root,
  };

  tellUnguarded(parts);

  const app = new OpenAPIHono<HttpEnv>();
  app.use(async (c, next) => {
    c.set("requestId", randomUUID());
    await next();
    c.header("X-Request-Id", c.get("requestId"));
    if (!c.res.headers.has("cache-control")) c.header("Cache-Control", "no-store");
  });
  app.use(timing(parts.metrics));
  app.use(
    secureHeaders({
      overwrite: false,
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      xFrameOptions: "DENY",
      // If no public address is set, the TLS terminator is responsible for it.
      strictTransportSecurity: access.isPublicHttps ? "max-age=31536000" : false,
      permissionsPolicy: Object.fromEntries(unusedFeatures.map((feature) => [feature, false])),
    }),
  );
  const crossOrigin = cors({
    origin: [...(options.origins ?? [])],
    credentials: true,
    exposeHeaders: exposedHeaders,
    maxAge: 600,
  });
  // An OPTIONS that is not a preflight (Fetch standard, section 4.8) asks something else: tus, what the server knows.
  app.use((c, next) =>
    c.req.method === "OPTIONS" && !c.req.header("access-control-request-method") ? next() : crossOrigin(c, next),
  );
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const detail = told`${c.req.path} accepts ${methods}, not ${c.req.method}.`;
        const language = languageOf(c, parts);
        c.header("Allow", methods.join(", "));
        return answerProblem(c, { ...problemOf(new SluiceError("invalid", detail), language), status: 405 }, language);
      },
    }),
  );

  let document: string | undefined;
  for (const path of [`${root}/openapi.json`, `${basePath}/openapi.json`]) {
    app.get(path, (c) => {
      document ??= JSON.stringify(describeApi(app));
      return c.body(document, 200, { "content-type": "application/json" });
    });
  }

  const batches = [...batchesOf(importers).keys()];
  const beside = batches.map((path) => `${basePath}/${path}`);
  const isBatch = (c: Context): boolean => batches.some((path) => c.req.path.endsWith(`/${path}`));
  for (const path of [`${root}/*`, ...beside]) {
    app.use(path, authGuard(parts));
    app.use(path, olderIds(parts, app.fetch));
    app.use(
      path,
      bodyLimit(
        (c) => takesFile(c, root),
        (c) => (isBatch(c) ? maxBatchBytes : maxBodyBytes),
      ),
      storableTexts((c) => takesFile(c, root)),
    );
  }

  for (const routes of plainRoutes) app.route(basePath === "" ? "/" : basePath, routes(parts));
  // Before answers are kept: theirs hold secrets.
  for (const routes of secretRoutes) app.route(root, routes(parts));
  for (const path of [`${root}/*`, ...beside]) app.use(path, idempotent(parts));

  for (const routes of keptRoutes) app.route(root, routes(parts));
  app.route(root, batchRoutes(parts));
  if (beside.length > 0) app.route(basePath === "" ? "/" : basePath, batchRoutes(parts, { isTold: false }));

  if (options.page !== undefined)
    app.route(basePath === "" ? "/" : basePath, pageRoutes({ basePath, files, page: options.page }));

  app.notFound((c) => {
    const detail = told`There is nothing at ${c.req.path}. ${root}/openapi.json lists everything there is.`;
    const language = languageOf(c, parts);
    return answerProblem(c, problemOf(new SluiceError("not_found", detail), language), language);
  });
  app.onError((error, c) => {
    const language = languageOf(c, parts);
    const isAway = engine.isConnectionLost(error) || isLockedOut(error);
    const away = told`The database is not responding. Try again in a moment.`;
    const problem = withoutServersPlaces(
      problemOf(isAway ? new SluiceError("unavailable", away, { cause: error }) : error, language),
      parts.places,
    );
    if (problem.status >= 500) {
      const requestId = c.get("requestId");
      parts.onEvent({
        name: "http.failed",
        requestId,
        method: c.req.method,
        path: c.req.path,
        status: problem.status,
        reason: reasonToLog(error),
        at: placesOf(error),
      });
      if (problem.status === 503) c.header("Retry-After", "5");
      return answerProblem(c, { ...problem, requestId }, language);
    }
    const { retryAfterSeconds } = error as { retryAfterSeconds?: number };
    if (retryAfterSeconds !== undefined) c.header("Retry-After", String(retryAfterSeconds));
    if (problem.status === 401) c.header("WWW-Authenticate", 'Bearer realm="sluice"');
    return answerProblem(c, problem, language);
  });

  return {
    fetch: async (request, env) => app.fetch(request, env),
    async close() {
      feed.close();
    },
  };
}
