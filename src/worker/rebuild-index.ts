/** Builds a sink's index anew, a step at a time between deliveries; after a crash it goes on from the last record that was loaded. */
import type { RebuildState } from "../core/store/record-outbox.ts";
import { makeBatch } from "./record-batch.ts";
import type { RecordDelivery } from "./record-delivery.ts";

/** @returns whether a rebuild is under way. */
export async function rebuildStep(delivery: RecordDelivery): Promise<boolean> {
  const state = await delivery.outbox.rebuildOf(delivery.name);
  if (state === null) return false;
  await steps[state.phase](delivery, state);
  return true;
}

type Step = (delivery: RecordDelivery, state: RebuildState) => Promise<unknown>;

/** The name of the new index. */
function indexOf({ bound }: RecordDelivery, { suffix }: RebuildState): string {
  return `${bound.sink.rebuild?.base}_${suffix}`;
}

const steps: Record<RebuildState["phase"], Step> = {
  async making(delivery, state) {
    const { rebuild } = delivery.bound.sink;
    const begun = await (rebuild && delivery.call((signal) => rebuild.begin(indexOf(delivery, state), { signal })));
    const total = await delivery.outbox.estimate(delivery.bound);
    await moved(delivery, state, { phase: "loading", drops: begun?.drops ?? null, total });
  },

  async loading(delivery, state) {
    const { outbox, bound } = delivery;
    const ids = await outbox.page(bound, state.after, delivery.limit);
    if (ids.length === 0) {
      if (bound.sink.rebuild === undefined) return finished(delivery, state);
      return moved(delivery, state, { phase: "replaying" });
    }
    const isNew = bound.sink.rebuild !== undefined;
    const made = await makeBatch(outbox, bound, null, ids);
    // What is not to be in the index is not in a new one.
    const batch = isNew ? { ...made.batch, remove: [] } : made.batch;
    const then = { kind: "loaded", after: made.ids[made.ids.length - 1], count: made.ids.length } as const;
    await delivery.apply({ ...made, batch }, null, isNew ? indexOf(delivery, state) : null, then);
  },

  /** Everything that the index in use was given since the rebuild began. */
  async replaying(delivery, state) {
    if (await delivery.messages(true, indexOf(delivery, state))) return;
    // Without a delivery between: what the index in use is given after this moment, the new one would lack.
    if (await moved(delivery, state, { phase: "swapping" }))
      await steps.swapping(delivery, { ...state, phase: "swapping" });
  },

  async swapping(delivery, state) {
    await delivery.call(async (signal) => delivery.bound.sink.rebuild?.swap(indexOf(delivery, state), { signal }));
    await moved(delivery, state, { phase: "dropping" });
  },

  async dropping(delivery, state) {
    const { drops } = state;
    if (drops !== null) await delivery.call(async (signal) => delivery.bound.sink.rebuild?.drop(drops, { signal }));
    await finished(delivery, state);
  },

  async cancelling(delivery, state) {
    await delivery.call(async (signal) => delivery.bound.sink.rebuild?.drop(indexOf(delivery, state), { signal }));
    if (await delivery.outbox.endRebuild(delivery.name, state.phase))
      delivery.onEvent({ name: "sink.rebuild_cancelled", sink: delivery.name });
  },
};

async function finished({ outbox, name, onEvent }: RecordDelivery, state: RebuildState): Promise<void> {
  if (await outbox.endRebuild(name, state.phase)) onEvent({ name: "sink.rebuilt", sink: name, records: state.loaded });
}

/** @returns false when it was cancelled meanwhile, which the next step sees. */
function moved({ outbox, name }: RecordDelivery, state: RebuildState, to: Partial<RebuildState>): Promise<boolean> {
  return outbox.keepRebuild(name, state.phase, { ...state, ...to });
}
