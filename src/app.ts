/** Wiring: config → adapters → engine, queue, worker. The one place that knows every room. */

import { createHash } from "node:crypto";
import type { Config } from "./config.ts";
import { operatorSinks } from "./core/alert.ts";
import type { Analyst } from "./core/analysis.ts";
import { type AnySink, allSinks, isRecordSink } from "./core/bound-sink.ts";
import { reasonToLog, SluiceError } from "./core/errors.ts";
import type { Language } from "./core/fields/language.ts";
import { publicAddress, requestLimitSeconds } from "./core/hosting.ts";
import { checkContext, type Importer } from "./core/importer.ts";
import type { Mail } from "./core/mail.ts";
import type { Attention, EventListener, Files } from "./core/ports.ts";
import { isPulled, isPushed, type Queue, type QueueParts, taskKey } from "./core/queue.ts";
import { meantInstead } from "./core/shape/nearest-name.ts";
import type { Sink, SinkMessage } from "./core/sink.ts";
import { type NewSource, partedPlace, type SourceAdapters } from "./core/source.ts";
import type { Outbox } from "./core/store/outbox.ts";
import type { Sources } from "./core/store/sources.ts";
import type { Store } from "./core/store/store.ts";
import type { Webhooks } from "./core/store/webhooks.ts";
import type { WebhookSender } from "./core/webhook.ts";
import { startEmbeddedPostgres } from "./embedded/embedded.ts";
import { Engine } from "./engine/engine.ts";
import { Fetcher } from "./engine/fetcher.ts";
import { ProgressReporter } from "./engine/progress-reporter.ts";
import { foldersOf, openFiles } from "./files/open-files.ts";
import { formats } from "./formats/formats.ts";
import { importMail, mailTopics } from "./letters/import-mail.ts";
import { letterText } from "./letters/letter-html.ts";
import { operatorLetter, operatorMail, operatorTopics } from "./letters/operator-letter.ts";
import { type PageLinks, pageLinks } from "./letters/page-links.ts";
import { stepText, subStep } from "./locale/steps.ts";
import { type MailServer, mailServer, mailSink } from "./notify/mail.ts";
import { operatorWebhook } from "./notify/operator-webhook.ts";
import { webhookSender } from "./notify/webhook.ts";
import { openOutbound } from "./outbound/outbound.ts";
import { type CheckFinding, checkImporter } from "./postgres/check/check.ts";
import { Database } from "./postgres/connection/connect.ts";
import { requestPatience, workPatience } from "./postgres/connection/link.ts";
import { Listener } from "./postgres/connection/listener.ts";
import { queueDatabase } from "./postgres/connection/queue-database.ts";
import { noWorker, startWorker } from "./postgres/connection/workers.ts";
import { grantTo } from "./postgres/schema/grants.ts";
import { filesOwner } from "./postgres/schema/identity.ts";
import { migrate } from "./postgres/schema/migrate.ts";
import { readMigrations } from "./postgres/schema/migration-files.ts";
import { postgresStore } from "./postgres/store.ts";
import type { MigrationFile } from "./postgres/supabase/migration.ts";
import { type DescribedTable, describeTable } from "./postgres/tables/describe-table.ts";
import { createTables } from "./postgres/tables/tables.ts";
import type { QstashOptions } from "./queue/qstash.ts";
import { sourceAdapters } from "./sources/sources.ts";
import { wakeSinks } from "./worker/chores.ts";
import { deliverRecords } from "./worker/deliver-records.ts";
import { webhookSink } from "./worker/deliver-webhooks.ts";
import { endsWithin } from "./worker/interrupt.ts";
import { type Receiver, receiver } from "./worker/receive.ts";
import { deliverSink, registerSinks } from "./worker/sinks.ts";
import { type BackgroundOptions, runInBackground } from "./worker/worker.ts";

export type { CheckFinding } from "./postgres/check/check.ts";
export type { DescribedColumn, DescribedReference, DescribedTable } from "./postgres/tables/describe-table.ts";

/**
 * What a process is for. A `command` does its import itself; a `worker` those of the queue; a `server` none: it takes them in
 * and tells of them.
 */
export type Role = "command" | "worker" | "server";

/** What a pool of a program makes its connections of. */
export type Connection = Database["connection"];

export interface App {
  engine: Engine;
  database: Database;
  files: Files;
  /** Null for a command. */
  queue: Queue | null;
  outbox: Outbox;
  webhooks: Webhooks;
  webhookSender: WebhookSender;
  /** What sources are made of besides the database. */
  sources: SourceAdapters;
  /** Null: none is configured. */
  analyst: Analyst | null;
  importers: ReadonlyMap<string, Importer>;
  /**
   * Of a worker: works until `signal` aborts, then hands on what is under way.
   *
   * @throws SluiceError `conflict` where the queue calls by HTTP, so that there is nothing to ask.
   */
  work(signal: AbortSignal): Promise<void>;
  /**
   * For a worker whose queue calls by HTTP: works on the task in the request. `spentMs`: how long ago it came in.
   *
   * @throws SluiceError `conflict` where the queue does not.
   */
  receive(request: Request, spentMs?: number): Promise<Response>;
  /**
   * Delivers to the importers' sink `name` until there is nothing to do, another process is at it, or `isOver`.
   *
   * @throws SluiceError `not_found`
   */
  deliver(name: string, options: { isOver: () => boolean; signal: AbortSignal }): Promise<void>;
  /** Whether each importer fits its target. */
  check(): Promise<CheckFinding[]>;
  close(): Promise<void>;
}

/** The config's importers by their names. */
export function importersOf(config: Config): Map<string, Importer> {
  return new Map(config.importers.map((importer) => [importer.name, importer]));
}

/** Connects as it is told to, else to the config's database, or the embedded one. */
export async function openDatabase(
  config: Config,
  signal?: AbortSignal,
  role: Role = "command",
  connection?: Connection,
): Promise<{ database: Database; release: () => Promise<void> }> {
  const connections = connectionsOf(config, role);
  const patience = role === "server" ? requestPatience : workPatience;
  if (connection !== undefined)
    return { database: new Database(connection, connections, patience), release: async () => {} };
  if (config.databaseUrl !== null)
    return { database: new Database(config.databaseUrl, connections, patience), release: async () => {} };
  const server = await startEmbeddedPostgres({ dataDir: config.dataDir, signal });
  return { database: new Database(server.url, connections, patience), release: () => server.release() };
}

/** The most that are open at the same time; those that idle are closed. One more listens. */
function connectionsOf({ lanes, concurrency }: Config, role: Role): number {
  // Requests are short.
  if (role === "server") return 10;
  // Lanes with what they ask beside their transaction; heartbeat, progress, and the questions between them.
  const own = 2 * lanes + 6;
  // Each import under way has a batch or a match open.
  return role === "worker" ? own + 2 * (concurrency + 1) : own;
}

async function withDatabase<T>(
  config: Config,
  signal: AbortSignal | undefined,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { database, release } = await openDatabase(config, signal);
  try {
    return await work(database);
  } finally {
    await database.close();
    await release();
  }
}

/** What `sluice migrate` did. */
export interface Migrated {
  /** The migrations that ran. */
  applied: number[];
  /** The importers' tables that the role of `grant` may use now; null where none was named. */
  granted: string[] | null;
}

/**
 * Brings Sluice's own tables up to date and creates those that the importers ship. `grant`: a role that may use all of it
 * from then on, without owning any. `passesOverTaken`: importers whose tables are there with other columns are left out, as nobody has
 * asked for them.
 */
export function migrateDatabase(
  config: Config,
  {
    grant,
    signal,
    passesOverTaken = false,
  }: { grant?: string | undefined; signal?: AbortSignal; passesOverTaken?: boolean } = {},
): Promise<Migrated> {
  return withDatabase(config, signal, async (database) => {
    const applied = await migrateDirectly(config, database);
    const parts = { database: queueDatabase(database, new Listener(database, null)), isWorker: false, onError() {} };
    await (await openQueue(config, parts)).close();
    for (const importer of importersOf(config).values())
      await createTables(database, importer).catch((error: unknown) => {
        if (!passesOverTaken || !(error instanceof SluiceError) || error.code !== "conflict") throw error;
      });
    return {
      applied,
      granted: grant === undefined ? null : await grantTo(database, grant, importersOf(config).values()),
    };
  });
}

/**
 * The migration of Supabase that is missing after the earlier ones; null: none is. It asks no database: whatever one has, the file
 * brings it to the same end. `earlier`: texts of Sluice's files, the oldest first.
 */
export async function supabaseMigrationOf(
  config: Config,
  earlier: readonly string[],
): Promise<(MigrationFile & { nameAfter(now: Date, there: readonly string[]): string }) | null> {
  const { migrationName, supabaseMigration } = await import("./postgres/supabase/migration.ts");
  const file = supabaseMigration(await readMigrations(), [...importersOf(config).values()], earlier);
  return file === null ? null : { ...file, nameAfter: migrationName };
}

/** What an importer for a table is written from. @throws SluiceError `not_found` naming similar tables. */
export function describeTarget(
  config: Config,
  name: { schema: string; table: string },
  signal?: AbortSignal,
): Promise<DescribedTable> {
  return withDatabase(config, signal, (database) => describeTable(database, name.schema, name.table));
}

/**
 * Each is loaded where it is used: a command starts without it. A new queue is its file, and a line here or the config's. `tasksUrl`:
 * where QStash posts tasks to.
 */
async function openQueue(config: Config, parts: QueueParts, tasksUrl?: string): Promise<Queue> {
  if (config.queue !== null) return config.queue(parts);
  if (tasksUrl !== undefined) {
    const { qstashQueue } = await import("./queue/qstash.ts");
    return qstashQueue(qstashOptions(config, tasksUrl), parts);
  }
  const { pgBossQueue } = await import("./queue/pg-boss.ts");
  return pgBossQueue(parts.database, parts);
}

/** The config of a process that works on what it takes in itself: a queue of its own, for all that it opens. */
export async function withDirectQueue(config: Config): Promise<Config> {
  const { directQueue } = await import("./queue/direct.ts");
  let queue: Queue | null = null;
  return {
    ...config,
    queue({ onError }) {
      queue ??= directQueue({ waits: true, onError });
      return queue;
    },
  };
}

function qstashOptions(config: Config, tasksUrl: string): QstashOptions {
  const { hosting, qstashUrl, qstashToken, qstashCurrentSigningKey, qstashNextSigningKey } = config;
  // A schedule for each preview would soon be more than a plan has, and outlive it.
  const isPreview = hosting.platform === "vercel" && !hosting.isProduction;
  return {
    url: qstashUrl,
    token: qstashToken,
    keys: { current: qstashCurrentSigningKey, next: qstashNextSigningKey },
    tasksUrl,
    parallel: config.qstashParallel,
    limitSeconds: requestLimitSeconds(config),
    sweepMinutes: isPreview ? null : config.sweepMinutes,
    ...(hosting.bypassSecret !== "" && { forwarded: { "x-vercel-protection-bypass": hosting.bypassSecret } }),
  };
}

/** By the connection that has no pooler between, where there is one. */
async function migrateDirectly(config: Config, database: Database): Promise<number[]> {
  if (config.directUrl === null) return migrate(database);
  const direct = new Database(config.directUrl, 1);
  try {
    return await migrate(direct);
  } finally {
    await direct.close();
  }
}

/** The limits of a person who comes by a server, and how failures are met. A command has none: a person watches. */
function backgroundOptions(config: Config, queue: Queue) {
  const { userWaiting: waitingLimit, userUnfinished: unfinishedLimit, fileDays } = config;
  return { mode: "background", queue, waitingLimit, unfinishedLimit, keepFileMs: fileDays * dayMs } as const;
}

const dayMs = 24 * 3600 * 1000;

/** A command passes on what it has written for its sinks before it ends; what that does not get to, workers deliver. */
async function deliverOwn(sinks: readonly AnySink[], outbox: Outbox, onEvent: EventListener, signal?: AbortSignal) {
  const end = performance.now() + lastDeliveriesMs;
  const isOver = (): boolean => performance.now() >= end || signal?.aborted === true;
  const parts = { onEvent, isOver, signal: AbortSignal.timeout(lastDeliveriesMs) };
  for (const sink of sinks) await deliverSink(sink, { ...parts, outbox }).catch(() => {});
}

/** A command's sinks do not keep a person waiting for longer. */
const lastDeliveriesMs = 5000;

/** Where mails are handed in; null: none are sent. */
export function mailServerOf({ smtpUrl, resendApiKey }: Config): MailServer | null {
  if (smtpUrl !== "") return mailServer(smtpUrl);
  if (resendApiKey === "") return null;
  return {
    host: "smtp.resend.com",
    port: 465,
    isSecure: true,
    needsTls: false,
    user: "resend",
    password: resendApiKey,
  };
}

/** Where people find things: the address at which the internet finds the app. */
function linksOf(config: Config): PageLinks {
  return pageLinks({ publicUrl: publicAddress(config)?.url ?? "", importLink: config.importLink });
}

/** What Sluice tells people by itself: mails about their imports, and what went wrong to those who run the server. */
function ownSinks(
  config: Config,
  store: Store,
  importers: ReadonlyMap<string, Importer>,
  sender: WebhookSender,
): Sink[] {
  const server = mailServerOf(config);
  const { imports } = store;
  const { language, mailFrom: from, operatorMail: address, operatorWebhook: url, operatorWebhookSecret } = config;
  const ofOperator = { imports, language, links: linksOf(config) };
  const [mailName, webhookName] = operatorSinks;
  return [
    ...(server === null ? [] : [mailsAboutImports(config, server, store, importers)]),
    ...(server === null || address === ""
      ? []
      : [
          mailSink({
            ...{ name: mailName, topics: operatorTopics, server, from },
            mailOf: (message) => operatorMail(message, address, ofOperator),
          }),
        ]),
    ...(url === ""
      ? []
      : [
          operatorWebhook({
            ...{ name: webhookName, topics: operatorTopics, url, sender },
            secret: operatorWebhookSecret === "" ? null : operatorWebhookSecret,
            textOf: async (message) => letterText(await operatorLetter(message, ofOperator)),
          }),
        ]),
  ];
}

/** Null: none is configured. Loaded where there is one: it brings the library of its answer's schema. */
async function analystOf({ analysis }: Config): Promise<Analyst | null> {
  if (analysis === null) return null;
  const { aiAnalyst } = await import("./model/ai-sdk.ts");
  return aiAnalyst(analysis);
}

function mailsAboutImports(
  config: Config,
  server: MailServer,
  store: Store,
  importers: ReadonlyMap<string, Importer>,
): Sink {
  const parts = {
    imports: store.imports,
    undone: store.undo,
    recipients: store.recipients,
    importers,
    fromRows: config.mailRows,
    language: config.language,
    places: foldersOf(config),
    links: linksOf(config),
  };
  const mailOf = (message: SinkMessage): Promise<Mail | null> => importMail(message, parts);
  return mailSink({ name: "sluice-mail", topics: mailTopics, server, from: config.mailFrom, mailOf });
}

/**
 * The config's sources as they are now.
 *
 * @throws SluiceError `invalid` for one that cannot be: its importer, its context, its schedule, its place.
 */
async function register(
  config: Config,
  importers: ReadonlyMap<string, Importer>,
  { sources, adapters }: { sources: Sources; adapters: SourceAdapters },
): Promise<void> {
  if (config.sources.length === 0) return;
  const now = new Date();
  const registered = config.sources.map((source) => {
    const importer = importers.get(source.importer);
    if (importer === undefined)
      throw new SluiceError(
        "invalid",
        `The source "${source.name}" is for the importer "${source.importer}", which the config does not have. ${meantInstead(source.importer, [...importers.keys()])}`,
      );
    adapters.checkPlace(source.place, "config");
    const context = checkContext(importer, source.context);
    return { ...source, context, place: partedPlace(source.place).open, nextRunAt: adapters.nextRun(source, now) };
  });
  await sources.register(registered);
}

/** Everything up: database migrated, worker entered, queue and engine ready. `tasksUrl`: where QStash posts to, if that is the queue. */
export async function openApp(
  config: Config,
  onEvent: EventListener,
  signal?: AbortSignal,
  role: Role = "command",
  {
    attention,
    connection,
    tasksUrl,
  }: { attention?: Pick<Attention, "begin" | "end">; connection?: Connection; tasksUrl?: string | undefined } = {},
): Promise<App> {
  const importers = importersOf(config);
  const analyst = await analystOf(config);
  const { database, release } = await openDatabase(config, signal, role, connection);
  // The last that was opened is closed first.
  const closers: (() => Promise<unknown>)[] = [release];
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    closers.push(() => database.close());
    await migrateDirectly(config, database);
    const listener = new Listener(database, config.directUrl);
    const worker = role === "server" ? noWorker() : await startWorker(database);
    const store = postgresStore(database, worker, {
      chunkRows: config.chunkRows,
      listener,
      describeStep: (progress, importer, language) => ({
        current_step: stepText(progress, importers.get(importer), language as Language),
        sub_step: subStep(progress),
      }),
    });
    closers.pop();
    closers.push(() => store.connection.close());
    const progress = new ProgressReporter(store.progress);
    closers.push(() => progress.settled());
    const queue: Queue | null =
      role === "command"
        ? null
        : await openQueue(
            config,
            {
              database: queueDatabase(database, listener),
              isWorker: role === "worker",
              onError: (error) => onEvent({ name: "queue.failed", reason: reasonToLog(error) }),
              onDead: (task, reason) => onEvent({ name: "queue.dead", task: `${task.kind} ${taskKey(task)}`, reason }),
            },
            tasksUrl,
          );
    if (queue !== null) closers.push(() => queue.close());
    const tell: EventListener = (event) => {
      progress.listen(event);
      onEvent(event);
    };
    const outbound = openOutbound({ allow: config.outboundAllow });
    const sender = webhookSender(outbound);
    const { secretsKey, sourceFolders: folders } = config;
    const adapters = sourceAdapters({ outbound, secretsKey, folders });
    const registerSources = (): Promise<void> => register(config, importers, { sources: store.sources, adapters });
    if (role !== "command") await registerSources();
    const files = await openFiles(config, await filesOwner(database));
    const engine = new Engine({
      store,
      files,
      format: formats,
      importers,
      onEvent: tell,
      attention: { begin() {}, end() {}, ...attention, endsWithin },
      lanes: config.lanes,
      batchBytes: config.batchBytes,
      patienceMs: config.patienceSeconds * 1000,
      sliceMs: config.sliceSeconds * 1000,
      linksFiles: config.s3Downloads,
      ...(queue !== null && backgroundOptions(config, queue)),
      ...(queue !== null &&
        isPushed(queue) && {
          // One that cannot be told is found by the sweep; the queue has told why.
          wakeSinks: () => wakeSinks({ queue, outbox: store.outbox, sinks }).catch(() => {}),
        }),
    });
    const toWebhooks = webhookSink({
      ...{ webhooks: store.webhooks, sender, engine, importers, onEvent: tell, places: foldersOf(config) },
      linkTo: (id) => linksOf(config).import(id, false),
    });
    const sinks: AnySink[] = allSinks(
      [...config.sinks, ...ownSinks(config, store, importers, sender), toWebhooks],
      importers.values(),
    );
    await registerSinks(store.outbox, sinks);
    if (role === "command") closers.push(() => deliverOwn(sinks, store.outbox, tell, signal));
    const workerOptions = (own: Queue): BackgroundOptions => ({
      engine,
      queue: own,
      outbox: store.outbox,
      sinks,
      fetcher: new Fetcher({
        engine,
        sources: store.sources,
        files,
        importers,
        definitions: new Map(config.sources.map((source): [string, NewSource] => [source.name, source])),
        adapters,
        register: registerSources,
        sha256: (text) => createHash("sha256").update(text).digest("hex"),
        maxBytes: config.uploadMaxBytes,
        onEvent: tell,
      }),
      onEvent: tell,
      concurrency: config.concurrency,
      groupConcurrency: config.userRunning,
      workMs: config.workSeconds === 0 ? null : config.workSeconds * 1000,
      retention: {
        stagingMs: config.stagingDays * dayMs,
        filesMs: config.fileDays * dayMs,
        jobsMs: config.jobDays === 0 ? null : config.jobDays * dayMs,
      },
    });
    const closing = new AbortController();
    let called: Receiver | undefined;
    closers.push(async () => {
      closing.abort(new Error("the app is closed"));
      await called?.settled();
    });
    return {
      engine,
      database,
      files,
      queue,
      outbox: store.outbox,
      webhooks: store.webhooks,
      webhookSender: sender,
      sources: adapters,
      analyst,
      importers,
      async work(stop) {
        if (queue === null || !isPulled(queue))
          throw new SluiceError(
            "conflict",
            "This queue calls its worker by HTTP: hand its requests to the `receive` of createWorker() instead.",
          );
        await runInBackground({ ...workerOptions(queue), queue }, stop);
      },
      async receive(request, spentMs) {
        if (queue === null || !isPushed(queue))
          throw new SluiceError(
            "conflict",
            "This queue is asked by its workers: run one, and nothing has to be received.",
          );
        const { workMs: _, ...options } = workerOptions(queue);
        const limits = { limitSeconds: requestLimitSeconds(config), workSeconds: config.workSeconds };
        called ??= receiver({ ...options, ...limits, queue }, closing.signal);
        return called.receive(request, spentMs);
      },
      async deliver(name, { isOver, signal: stop }) {
        const sink = sinks.filter(isRecordSink).find((each) => each.name === name);
        if (sink === undefined)
          throw new SluiceError(
            "not_found",
            `The importers of this config have no sink "${name}" in their afterCommit.`,
          );
        await deliverRecords(sink, { outbox: store.outbox.records, onEvent: tell, isOver, signal: stop });
      },
      async check() {
        const findings: CheckFinding[] = [];
        for (const importer of importers.values()) findings.push(...(await checkImporter(database, importer)));
        return findings;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
