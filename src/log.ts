/** The only writer of log lines: JSON on standard error, made from events. Never a cell's value. */
import { reasonToLog } from "./core/errors.ts";
import type { EngineEvent } from "./core/ports.ts";

type LoggedName = EngineEvent["name"] | "http.failed" | "app.failed" | "importer.unguarded" | "listener.failed";

/** Levels of the events that are more than news. */
const levels: Partial<Record<LoggedName, "warn" | "error" | "debug">> = {
  "http.failed": "error",
  "app.failed": "error",
  "listener.failed": "error",
  "importer.unguarded": "warn",
  "stage.lost": "warn",
  "worker.terminated_stalled": "warn",
  "database.retrying": "warn",
  "chunk.halved": "warn",
  "import.paused": "warn",
  "import.failed": "error",
  "import.retrying": "warn",
  "import.handed_on": "debug",
  "worker.failed": "error",
  "worker.restarted": "error",
  "chore.failed": "warn",
  "queue.failed": "warn",
  "queue.dead": "error",
  "queue.reminded": "debug",
  "source.looked": "debug",
  "source.file_put_away": "debug",
  "source.waits": "warn",
  "source.file_failed": "warn",
  "source.failed": "warn",
  "sink.delivered": "debug",
  "sink.failed": "warn",
  "sink.applied": "debug",
  "sink.refused": "warn",
  "sink.waits": "warn",
  "sink.stopped": "error",
  "webhook.delivered": "debug",
  "webhook.failed": "warn",
  "parse.batch_copied": "debug",
  "parse.rejects_written": "debug",
  "parse.checkpoint_moved": "debug",
  "review.rows_edited": "debug",
  "chunk.attempted": "debug",
  "chunk.claimed": "debug",
  "chunk.record": "debug",
  "chunk.loaded": "debug",
  "chunk.recorded": "debug",
  "undo.chunk_halved": "warn",
  "undo.chunk_attempted": "debug",
  "undo.chunk_claimed": "debug",
  "undo.chunk_deleted": "debug",
  "undo.chunk_restored": "debug",
  "undo.chunk_recorded": "debug",
};

/** An event of the engine, the worker or the server. */
export interface LoggedEvent {
  name: string;
}

/** Where log lines go: pino, or anything that takes an object and a text as pino does. */
export interface Logger {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/**
 * A listener that logs from `level` on, or to a logger of the program's own, which has a level itself. Ours is only loaded
 * when there is something to log.
 */
export async function logEvents(level: string, own?: Logger): Promise<(event: LoggedEvent) => void> {
  if (own === undefined && level === "silent") return () => {};
  const logger = own ?? (await ownLogger(level));
  return ({ name, ...rest }) => {
    try {
      logger[levels[name as LoggedName] ?? "info"](withoutValues(rest), name);
    } catch {
      // What a log throws has nowhere else to be written, and stops nothing that it was to tell of.
    }
  };
}

/**
 * A listener of the program's own. What it throws, or rejects with, is logged as `listener.failed`, and changes nothing about what it was
 * told of.
 *
 * @param as the option that it was given by.
 */
export function ownListener<Event>(
  as: string,
  listener: (event: Event) => unknown,
  log: (event: LoggedEvent) => void,
): (event: Event) => void {
  const failed = (error: unknown): void => {
    const event = { name: "listener.failed", listener: as, reason: reasonToLog(error) };
    log(event);
  };
  return (event) => {
    try {
      Promise.resolve(listener(event)).catch(failed);
    } catch (error) {
      failed(error);
    }
  };
}

async function ownLogger(level: string): Promise<Logger> {
  const { pino } = await import("pino");
  const logger: Logger = pino({ level, name: "sluice" }, pino.destination({ dest: 2, sync: true }));
  return logger;
}

/** Postgres quotes the value that it could not read at the end of a sentence: `invalid input syntax for type date: "31.2."`. */
function withoutValues(fields: { reason?: unknown }): object {
  if (typeof fields.reason !== "string") return fields;
  return { ...fields, reason: fields.reason.replace(/((?:: |\bvalue )").*"/s, '$1…"').replace(/=\(.*\)/s, "=(…)") };
}
