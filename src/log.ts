/** The only writer of log lines: JSON on standard error, made from the engine's events. Never a cell's value. */
import type { EngineEvent, EventListener } from "./ports.ts";

/** Levels of the events that are more than news. */
const levels: Partial<Record<EngineEvent["name"], "warn" | "error" | "debug">> = {
  "stage.lost": "warn",
  "worker.terminated_stalled": "warn",
  "database.retrying": "warn",
  "chunk.halved": "warn",
  "import.paused": "warn",
  "import.failed": "error",
  "parse.batch_copied": "debug",
  "parse.rejects_written": "debug",
  "parse.checkpoint_moved": "debug",
  "chunk.attempted": "debug",
  "chunk.claimed": "debug",
  "chunk.loaded": "debug",
  "chunk.recorded": "debug",
};

/** A listener that logs from `level` on; the logger is only loaded when there is something to log. */
export async function logEvents(level: string): Promise<EventListener> {
  if (level === "silent") return () => {};
  const { pino } = await import("pino");
  const logger = pino({ level, name: "sluice" }, pino.destination({ dest: 2, sync: true }));
  return ({ name, ...rest }) => logger[levels[name] ?? "info"](rest, name);
}
