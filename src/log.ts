/** The only writer of log lines: JSON on standard error, made from events. Never a cell's value. */
import type { EngineEvent } from "./ports.ts";

/** Levels of the events that are more than news. */
const levels: Partial<Record<EngineEvent["name"], "warn" | "error" | "debug">> = {
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
  "supervisor.failed": "warn",
  "queue.failed": "warn",
  "queue.reminded": "debug",
  "parse.batch_copied": "debug",
  "parse.rejects_written": "debug",
  "parse.checkpoint_moved": "debug",
  "review.rows_edited": "debug",
  "chunk.attempted": "debug",
  "chunk.claimed": "debug",
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

/** A listener that logs from `level` on; the logger is only loaded when there is something to log. */
export async function logEvents(level: string): Promise<(event: LoggedEvent) => void> {
  if (level === "silent") return () => {};
  const { pino } = await import("pino");
  const logger = pino({ level, name: "sluice" }, pino.destination({ dest: 2, sync: true }));
  return ({ name, ...rest }) => logger[levels[name as EngineEvent["name"]] ?? "info"](rest, name);
}
