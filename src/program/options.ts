/** What a program says of the database, the log and the settings, and everything opened by it. */
import type { App, Role } from "../app.ts";
import { type ConfigFile, configNames, resolveOptions } from "../config.ts";
import { SluiceError } from "../core/errors.ts";
import { tasksAddress } from "../core/hosting.ts";
import type { Importer } from "../core/importer.ts";
import type { EngineEvent } from "../core/ports.ts";
import { refuseUnknown } from "../core/refuse-unknown.ts";
import { type Logger, logEvents, ownListener } from "../log.ts";
import { environment, requireNode } from "../server/environment.ts";
import { checkFunctions, checkLogger } from "../server/mount-options.ts";
import { refuseHosting } from "../server/mount-queue.ts";

/** A pool of `pg`: what its connections are made of is taken from it, not its connections. */
export interface PoolLike {
  options: object;
  connect(): unknown;
}

/** Settings are options, then the environment, then the defaults: docs/config.md. */
export interface ProgramOptions extends Omit<ConfigFile, "importers"> {
  /** A `pg.Pool`, instead of `databaseUrl`. Sluice makes connections of its own by the pool's options. */
  db?: PoolLike;
  /** Where log lines go instead of standard error: pino, or what is called as pino is. */
  logger?: Logger;
  /** Told of what happens. Never a cell's value. What it throws is logged, and changes nothing. */
  onEvent?: (event: EngineEvent) => void;
}

const programNames = ["db", "logger", "onEvent"];

export interface OpenProgram {
  app: App;
  tell: (event: EngineEvent) => void;
}

/**
 * Checks the options before anything is opened.
 *
 * @throws SluiceError `invalid` with the name of what is wrong, and the nearest right one.
 */
export function checkProgram(
  where: string,
  options: ProgramOptions & Pick<ConfigFile, "importers">,
  own: readonly string[],
): void {
  requireNode(where);
  if (typeof options !== "object" || options === null)
    throw new SluiceError("invalid", `${where} takes its options as an object.`);
  refuseUnknown(where, "option", options, [...own, ...programNames, ...configNames]);
  const { db, databaseUrl, embedded, logger, onEvent } = options;
  checkFunctions(where, { onEvent });
  if (logger !== undefined) checkLogger(where, logger);
  if (db !== undefined) {
    if (databaseUrl !== undefined || embedded !== undefined)
      throw new SluiceError(
        "invalid",
        `${where}: \`db\` names the database: leave \`databaseUrl\` and \`embedded\` away.`,
      );
    if (typeof db !== "object" || db === null || typeof db.connect !== "function" || typeof db.options !== "object")
      throw new SluiceError("invalid", `${where}: \`db\` must be a Pool of the package pg.`);
  }
  configOf(where, options, options.importers ?? []);
}

/** Who hears of events besides the program's `onEvent`. `as`: the option that it was given by. */
export interface OwnListener {
  as: string;
  hear(event: EngineEvent): unknown;
}

/** Opens everything; `tell` passes on what the program has asked to hear. `isCalled`: its queue calls by HTTP, QStash unless it has its own. */
export async function openProgram(
  where: string,
  options: ProgramOptions,
  importers: readonly Importer[],
  role: Role,
  listener?: OwnListener,
  signal?: AbortSignal,
  isCalled = false,
): Promise<OpenProgram> {
  // Loaded when it is used: a server that only mounts the API does not need it.
  const { openApp } = await import("../app.ts");
  const config = configOf(where, options, importers);
  const called = isCalled && config.queue === null ? { ...config, queueKind: "qstash" as const } : null;
  if (called !== null) refuseHosting(where, called);
  const tasksUrl = called === null ? undefined : (tasksAddress(called, "") ?? undefined);
  const log = await logEvents(config.logLevel || "warn", options.logger);
  const { onEvent } = options;
  const own = [
    ...(onEvent === undefined ? [] : [{ as: "onEvent", hear: onEvent }]),
    ...(listener === undefined ? [] : [listener]),
  ];
  const listeners = own.map(({ as, hear }) => ownListener(as, hear, log));
  const tell = (event: EngineEvent): void => {
    log(event);
    for (const hear of listeners) hear(event);
  };
  const connection = options.db === undefined ? undefined : connectionOf(options.db);
  return { app: await openApp(config, tell, signal, role, { connection, tasksUrl }), tell };
}

/** The settings among the options. */
export function configOf(where: string, options: ProgramOptions, importers: readonly Importer[]) {
  const { db, logger: _logger, onEvent: _onEvent, ...given } = options;
  const settings = Object.fromEntries(Object.entries(given).filter(([name]) => configNames.includes(name)));
  // The pool overrides the environment's address.
  const named = db === undefined ? settings : { ...settings, embedded: true };
  return resolveOptions(where, environment, { ...named, importers });
}

/** Of a pool's own: how many there are and how long they are kept; limits of time that are meant for short questions. */
const ofPool = new Set([
  ...[
    "max",
    "min",
    "maxUses",
    "maxLifetimeSeconds",
    "idleTimeoutMillis",
    "allowExitOnIdle",
    "Client",
    "Promise",
    "log",
  ],
  ...["verify", "onConnect", "types", "application_name", "keepAlive", "keepAliveInitialDelayMillis"],
  ...["connectionTimeoutMillis", "statement_timeout", "query_timeout", "lock_timeout"],
  "idle_in_transaction_session_timeout",
]);

function connectionOf({ options }: PoolLike): Record<string, unknown> {
  // pg hides what is secret from enumeration.
  const { password, ssl } = options as { password?: unknown; ssl?: unknown };
  const connection = Object.fromEntries(Object.entries(options).filter(([name]) => !ofPool.has(name)));
  return {
    ...connection,
    ...(password !== undefined && { password }),
    ...(ssl !== undefined && { ssl }),
  };
}
