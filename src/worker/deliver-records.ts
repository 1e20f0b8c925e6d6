/** Delivers to a record sink what has changed, in the order of the outbox, by one worker at a time, and rebuilds its index when that is asked for. */
import type { BoundRecordSink } from "../core/bound-sink.ts";
import type { Delivered } from "../core/queue.ts";
import { SinkFull, SinkUnavailable } from "../core/record-sink.ts";
import { rebuildStep } from "./rebuild-index.ts";
import { type DeliverRecordsParts, RecordDelivery } from "./record-delivery.ts";

/** Until nothing more is due. What failed is due later, which a chore finds. */
export async function deliverRecords(bound: BoundRecordSink, parts: DeliverRecordsParts): Promise<Delivered> {
  const { outbox, isOver } = parts;
  const turn = await outbox.turn(bound.name);
  if (turn === null) return "done";
  const delivery = new RecordDelivery(bound, turn, parts);
  try {
    if (turn.pending !== null) await delivery.settle(turn.pending);
    // The index in use takes nothing, while another is made for it: what is due waits for the new one.
    let isStuck = false;
    for (;;) {
      if (isOver()) return "again";
      // First: between the last replay and the swap, nothing is delivered.
      const rebuilds = await rebuildStep(delivery);
      if (rebuilds && isStuck) continue;
      try {
        isStuck = false;
        if (!(await delivery.messages(false, null)) && !rebuilds) return "done";
      } catch (error) {
        isStuck = rebuilds && (error instanceof SinkUnavailable || error instanceof SinkFull);
        if (!isStuck) throw error;
      }
    }
  } catch (error) {
    await delivery.failed(error);
    return "done";
  } finally {
    await outbox.release(bound.name);
  }
}
