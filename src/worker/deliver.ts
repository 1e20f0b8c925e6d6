/** Delivers what the outbox holds for a sink: batch after batch, each at least once. */
import { reasonToLog } from "../core/errors.ts";
import type { EventListener } from "../core/ports.ts";
import type { Delivered } from "../core/queue.ts";
import { MessageRefused, mostMessages, type Sink, type SinkMessage } from "../core/sink.ts";
import type { ClaimedMessage, Outbox, RetryRule } from "../core/store/outbox.ts";
import { within } from "../core/within.ts";

/** A delivery that takes longer has failed. Half as long as a claim lasts. */
const deliveryMs = 30_000;
/** 5 seconds after the first attempt, then four times as long each time, up to an hour: given up after some four hours. */
const retryRule: RetryRule = { attempts: 10, firstSeconds: 5 };

export interface DeliverParts {
  outbox: Outbox;
  onEvent: EventListener;
  /** When to hand on. */
  isOver: () => boolean;
  /** Interrupts a delivery, which then counts as failed, and comes again. */
  signal: AbortSignal;
}

/** Until nothing more is due. What failed is due later, which a chore finds. */
export async function deliverTo(sink: Sink, { outbox, onEvent, isOver, signal }: DeliverParts): Promise<Delivered> {
  for (;;) {
    if (isOver()) return "again";
    const messages = await outbox.claim(sink.name, sink.mostMessages ?? mostMessages);
    if (messages.length === 0) return "done";
    const count = messages.length;
    try {
      await passOn(sink, messages, signal);
    } catch (error) {
      const reason = reasonToLog(error);
      const rule = error instanceof MessageRefused ? { ...retryRule, attempts: 0 } : retryRule;
      const dead = await outbox.failed(messages, reason, rule);
      onEvent({ name: "sink.failed", sink: sink.name, messages: count, dead, reason });
      continue;
    }
    // Whoever dies here has it delivered again, under the same keys.
    await outbox.delivered(messages);
    onEvent({ name: "sink.delivered", sink: sink.name, messages: count });
  }
}

/** A sink that does not listen to its signal is not waited for either. */
async function passOn(sink: Sink, claimed: readonly ClaimedMessage[], signal: AbortSignal): Promise<void> {
  const messages = claimed.map(({ id: _, ...message }): SinkMessage => message);
  const late = AbortSignal.any([signal, AbortSignal.timeout(deliveryMs)]);
  await within(late, (until) => sink.deliver(messages, { signal: until }));
}
