/** What a worker does with all its sinks, whatever their kind. */
import { type AnySink, isOwnSink, isRecordSink } from "../core/bound-sink.ts";
import type { Delivered } from "../core/queue.ts";
import type { DueSink, Outbox } from "../core/store/outbox.ts";
import { type DeliverParts, deliverTo } from "./deliver.ts";
import { deliverRecords } from "./deliver-records.ts";

/** From now on every process writes for them. */
export async function registerSinks(outbox: Outbox, sinks: readonly AnySink[]): Promise<void> {
  await outbox.register(sinks.flatMap((sink) => (isOwnSink(sink) ? [] : [sink])));
  for (const sink of sinks) if (isOwnSink(sink)) await sink.keep();
}

/** Those that have something to deliver, now or later. */
export async function dueSinks(outbox: Outbox, sinks: readonly AnySink[]): Promise<DueSink[]> {
  const due = await outbox.due(sinks.filter((sink) => !isOwnSink(sink)).map(({ name }) => name));
  for (const sink of sinks) {
    const inSeconds = isOwnSink(sink) ? await sink.dueInSeconds() : null;
    if (inSeconds !== null) due.push({ sink: sink.name, inSeconds });
  }
  return due;
}

/** Until nothing more is due. */
export function deliverSink(sink: AnySink, { outbox, onEvent, isOver, signal }: DeliverParts): Promise<Delivered> {
  if (isOwnSink(sink)) return sink.run({ isOver, signal });
  if (isRecordSink(sink)) return deliverRecords(sink, { outbox: outbox.records, onEvent, isOver, signal });
  return deliverTo(sink, { outbox, onEvent, isOver, signal });
}
