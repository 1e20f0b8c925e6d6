/** A batch for a record sink: documents made of records as they are now, cut to what fits, and how far the delivery is with it. */

import type { BoundRecordSink } from "../core/bound-sink.ts";
import { reasonToLog } from "../core/errors.ts";
import type { RefusedDocument, SinkBatch, SinkDocument } from "../core/record-sink.ts";
import type { RecordOutbox, SinkRun, TakenMessage } from "../core/store/record-outbox.ts";

export const defaultDocuments = 1000;
const defaultBytes = 4_000_000;

export interface RecordBatch {
  batch: SinkBatch;
  /** Of which `document` made nothing, though it should have. */
  refused: readonly RefusedDocument[];
  /** Every record that it is about. */
  ids: readonly string[];
}

/** The documents of these records, as many as fit; the others come in the next batch. */
export async function makeBatch(
  outbox: Pick<RecordOutbox, "read">,
  bound: BoundRecordSink,
  run: SinkRun | null,
  ids: readonly string[],
): Promise<RecordBatch> {
  const records = await outbox.read(bound, run, ids);
  const most = bound.sink.limits?.bytes ?? defaultBytes;
  const put: SinkDocument[] = [];
  const remove: string[] = [];
  const refused: RefusedDocument[] = [];
  let bytes = 0;
  let count = 0;
  for (const id of ids) {
    const made = documentOf(bound, id, records.get(id));
    if (made === null) remove.push(id);
    else if ("reason" in made) refused.push(made);
    else {
      bytes += Buffer.byteLength(made.json) + 1;
      if (bytes > most && count > 0) break;
      put.push(made);
    }
    count++;
  }
  return { batch: { put, remove }, refused, ids: ids.slice(0, count) };
}

/** Null: it is to be removed. */
function documentOf(
  { sink }: BoundRecordSink,
  id: string,
  record: Record<string, unknown> | undefined,
): SinkDocument | RefusedDocument | null {
  if (record === undefined) return null;
  try {
    const document = sink.document === undefined ? record : sink.document(record);
    if (document === null || document === undefined) return null;
    if (typeof document !== "object" || Array.isArray(document) || "then" in document)
      return { id, reason: "`document` must return an object at once, or null." };
    const whole = { ...document, id };
    return { id, document: whole, json: JSON.stringify(whole) };
  } catch (error) {
    return { id, reason: `\`document\` failed: ${reasonToLog(error)}` };
  }
}

/** The messages that are read alike: those of one run, from the first on. */
export function ofOneRun(messages: readonly TakenMessage[]): {
  run: SinkRun | null;
  messages: readonly TakenMessage[];
} {
  const run = messages[0]?.run ?? null;
  const key = keyOf(run);
  const end = messages.findIndex((message) => keyOf(message.run) !== key);
  return { run, messages: end < 0 ? messages : messages.slice(0, end) };
}

/** Records are read alike by whatever imports of one person in one context. */
function keyOf(run: SinkRun | null): string {
  return run === null ? "" : JSON.stringify([run.context, run.user]);
}

/** The records of the messages, each once. */
export function idsOf(messages: readonly TakenMessage[]): string[] {
  return [...new Set(messages.flatMap(({ ids }) => ids))];
}

/** Where the messages are once these records are done with: up to the first of which one is not. */
export function placesAfter(
  messages: readonly TakenMessage[],
  done: ReadonlySet<string>,
): { id: number; place: number; isDone: boolean }[] {
  const places: { id: number; place: number; isDone: boolean }[] = [];
  for (const { id, place, total, ids } of messages) {
    const left = ids.findIndex((each) => !done.has(each));
    const now = place + (left < 0 ? ids.length : left);
    places.push({ id, place: now, isDone: now >= total });
    if (left >= 0) break;
  }
  return places;
}
