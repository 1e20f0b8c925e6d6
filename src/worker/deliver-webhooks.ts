/**
 * Tells webhooks of imports: makes deliveries of the outbox's messages, and sends those that are due, several at the same time so that a
 * slow receiver holds up no other. At least once: whoever dies after sending has it sent again, under the same id.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { reasonToLog, SluiceError, textOf } from "../core/errors.ts";
import { type ImportJob, reasonToTell } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { EventListener } from "../core/ports.ts";
import { type RecordKey, recordColumns } from "../core/store/archive.ts";
import type { ClaimedDelivery, WebhookMessage, Webhooks } from "../core/store/webhooks.ts";
import {
  type OwnSink,
  verdictOn,
  type WebhookAttempt,
  type WebhookPayload,
  type WebhookSender,
  webhookSinkName,
} from "../core/webhook.ts";
import { withoutPlaces } from "../core/without-places.ts";
import type { Engine } from "../engine/engine.ts";

export interface WebhookParts {
  webhooks: Webhooks;
  sender: WebhookSender;
  engine: Pick<Engine, "archive" | "imports" | "undone" | "isConnectionLost">;
  importers: ReadonlyMap<string, Importer>;
  /** Of an import's page; null: nobody has said where that is. */
  linkTo(importId: number): string | null;
  /** Folders of the server, which are nobody else's to know. */
  places: readonly string[];
  onEvent: EventListener;
}

/** Deliveries of a worker at the same time. */
const lanes = 8;
/** Messages that become deliveries at a time. */
const messagesAtOnce = 100;
/** Records on a page of rows. */
const pageRecords = 100;
/** Between two looks of a lane that has nothing to do while others have. */
const lookMs = 200;

export function webhookSink(parts: WebhookParts): OwnSink {
  const { webhooks } = parts;
  return {
    name: webhookSinkName,
    // Their chore looks every other second: there may be none at all.
    topics: [],
    dueInSeconds: () => webhooks.dueInSeconds(),
    keep: () => webhooks.keep(),
    async run({ isOver, signal }) {
      if (!(await tellAll(parts, isOver))) return "again";
      let busy = 0;
      const lane = async (): Promise<void> => {
        while (!isOver()) {
          const claimed = await webhooks.claim();
          if (claimed !== null) {
            busy += 1;
            await deliver(parts, claimed, signal).finally(() => {
              busy -= 1;
            });
          } else if (busy > 0) await sleep(lookMs, undefined, { signal });
          else return;
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      return isOver() ? "again" : "done";
    },
  };
}

/** @returns whether all were told. */
async function tellAll(parts: WebhookParts, isOver: () => boolean): Promise<boolean> {
  for (;;) {
    const messages = await parts.webhooks.untold(messagesAtOnce);
    for (const message of messages) {
      if (isOver()) return false;
      await parts.webhooks.tell(message, await payloadOf(parts, message));
    }
    if (messages.length < messagesAtOnce) return true;
  }
}

/** Null: it did not come to that. An import that commits by itself is ready for a moment only, and waits for nobody. */
async function payloadOf(parts: WebhookParts, message: WebhookMessage): Promise<WebhookPayload | null> {
  const { event, at, importId, importer, fileName, context } = message;
  const { engine, linkTo, places } = parts;
  const job = await engine.imports.get(importId).catch(goneAsNull);
  if (event === "import.ready" && job !== null) {
    const goesOn = job.autoCommit || (job.commitStartedAt !== null && job.commitStartedAt <= at);
    if (goesOn) return null;
  }
  const facts = job === null ? {} : await factsOf(parts, event, job).catch(withoutFacts(parts));
  return {
    type: event,
    timestamp: at.toISOString(),
    data: {
      importId,
      importer,
      fileName,
      context,
      user: job?.createdBy ?? null,
      url: linkTo(importId),
      ...facts,
      ...(event === "import.failed" && {
        error: job === null ? null : withoutPlaces(textOf(reasonToTell(job)), places),
      }),
    },
  };
}

/** Numbers that cannot be had hold nobody up: it is told without them. */
function withoutFacts({ engine }: WebhookParts): (error: unknown) => Record<string, unknown> {
  return (error) => {
    if (engine.isConnectionLost(error)) throw error;
    return {};
  };
}

function goneAsNull(error: unknown): null {
  if (error instanceof SluiceError && error.code === "not_found") return null;
  throw error;
}

async function factsOf({ engine }: WebhookParts, event: string, job: ImportJob): Promise<Record<string, unknown>> {
  const { id, totalRows: rows, validRows: valid, invalidRows: invalid } = job;
  if (event === "import.ready") return { rows, counts: { valid, invalid } };
  if (event !== "import.undone") return { rows, counts: await engine.imports.counts(id) };
  const { deleted, restored, kept } = await engine.undone.report(id);
  return { rows, counts: { deleted, restored, kept } };
}

async function deliver(parts: WebhookParts, delivery: ClaimedDelivery, signal: AbortSignal): Promise<void> {
  const { webhooks, sender, onEvent } = parts;
  const { id, webhookId, url, secrets, event } = delivery;
  const begun = performance.now();
  const at = new Date().toISOString();
  const attempt = (status: number | null, error: string | null): WebhookAttempt => ({
    ...{ at, status, error },
    milliseconds: Math.round(performance.now() - begun),
  });
  let body: string;
  let next: RecordKey | null = null;
  try {
    const made = delivery.payload === null ? await rowsOf(parts, delivery) : { payload: delivery.payload, next: null };
    next = made.next;
    body = JSON.stringify(made.payload);
  } catch (error) {
    const { isDead } = await webhooks.failed(delivery, attempt(null, reasonToLog(error)), "failed", null);
    onEvent({ name: "webhook.failed", webhook: webhookId, delivery: id, status: null, isDead, isDisabled: false });
    return;
  }
  const answer = await sender.send({ url, id, body, secrets }, signal);
  const verdict = verdictOn(answer);
  const noted = attempt(answer.status, answer.error);
  if (verdict === "delivered") {
    // Whoever dies here has it sent again.
    await webhooks.delivered(delivery, noted, next);
    onEvent({ name: "webhook.delivered", webhook: webhookId, delivery: id, event });
    return;
  }
  const { status } = answer;
  const fate = await webhooks.failed(delivery, noted, verdict, answer.retryAfterSeconds);
  onEvent({ name: "webhook.failed", webhook: webhookId, delivery: id, status, ...fate });
}

/** A page of the records that an import wrote, as they are now. */
async function rowsOf(
  { engine, importers }: WebhookParts,
  { importId, page, after }: ClaimedDelivery,
): Promise<{ payload: WebhookPayload; next: RecordKey | null }> {
  const job = await engine.imports.get(importId);
  const importer = importers.get(job.importer);
  if (importer === undefined) throw new Error(`this worker has no importer "${job.importer}"`);
  const names = recordColumns(importer);
  const found = await engine.archive.recordPage(job, importer, {
    limit: pageRecords,
    ...(after !== null && { after }),
  });
  return {
    next: found.next,
    payload: {
      type: "import.rows",
      timestamp: new Date().toISOString(),
      data: {
        importId,
        importer: job.importer,
        context: job.context,
        page,
        isLast: found.next === null,
        rows: found.records.map(({ id, outcome, values }) => ({
          id,
          outcome,
          values: Object.fromEntries(names.map((name, k) => [name, values[k]])),
        })),
      },
    },
  };
}
