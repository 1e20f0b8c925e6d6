/** Postgres as the engine's Events: the timelines and those who follow them. */
import type { Events } from "../../core/events.ts";
import type { Database } from "../connection/connect.ts";
import type { Listener } from "../connection/listener.ts";
import { appendEvent, listEvents } from "./events.ts";
import { Watchers } from "./watchers.ts";

export function postgresEvents(database: Database, listener: Listener): Events & { close(): Promise<void> } {
  const watchers = new Watchers(database, listener);
  return {
    append: (jobId, name, options) => appendEvent(database, jobId, name, options),
    list: (jobId, afterId = 0, limit = 10_000) => listEvents(database, jobId, afterId, limit),
    watch: (signal) => watchers.watch(signal),
    close: () => watchers.close(),
  };
}
