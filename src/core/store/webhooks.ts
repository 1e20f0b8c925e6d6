/** What is asked of the database about webhooks: who is to be told, what waits for them, and what became of it. */
import type { ContextValues } from "../context.ts";
import type {
  DeliveryState,
  NewWebhook,
  Verdict,
  Webhook,
  WebhookAttempt,
  WebhookChanges,
  WebhookDelivery,
  WebhookEvent,
  WebhookPayload,
} from "../webhook.ts";
import type { RecordKey } from "./archive.ts";

/** A delivery in a worker's hands. */
export interface ClaimedDelivery {
  id: string;
  webhookId: number;
  url: string;
  /** The newest first. */
  secrets: string[];
  event: WebhookEvent;
  importId: number;
  /** Null of rows: they are read when they are sent. */
  payload: WebhookPayload | null;
  page: number | null;
  /** Where the page begins. */
  after: RecordKey | null;
  /** This one included. */
  attempt: number;
}

/** A message of the outbox that is to be told to webhooks. */
export interface WebhookMessage {
  id: number;
  event: WebhookEvent;
  at: Date;
  importId: number;
  importer: string;
  fileName: string;
  context: ContextValues;
}

/** Whose webhooks somebody may see: each importer with a context. */
export type WebhookBounds = { importer: string; context: ContextValues }[];

export interface Webhooks {
  /** Of these importers' contexts; null: all. By id. */
  list(of: WebhookBounds | null): Promise<Webhook[]>;
  /** @throws SluiceError `not_found` */
  get(id: number): Promise<Webhook>;
  /** @throws SluiceError `conflict` when there are too many. */
  create(fresh: NewWebhook): Promise<Webhook>;
  change(id: number, changes: WebhookChanges): Promise<Webhook>;
  /** The secret from before goes on signing until then. */
  rotate(id: number, secret: string, previousUntil: Date): Promise<Webhook>;
  delete(id: number): Promise<void>;
  /** The newest first. */
  deliveries(
    webhookId: number,
    filter: { state?: DeliveryState; importId?: number },
    page: { before?: string; limit: number },
  ): Promise<WebhookDelivery[]>;
  /** From its first attempt on, at once. @throws SluiceError `not_found`, `conflict` where the webhook is off or one is under way. */
  redeliver(webhookId: number, deliveryId: string): Promise<WebhookDelivery>;

  /** Says that a process has them, so that they are not forgotten. */
  keep(): Promise<void>;
  /** In how many seconds there is something to tell: 0 for now, null for nothing. What a worker has in hand does not count. */
  dueInSeconds(): Promise<number | null>;
  /** Messages that no webhook has been given yet. */
  untold(limit: number): Promise<WebhookMessage[]>;
  /** Makes deliveries of a message for every webhook that wants it, once, whoever asks. Null: there is nothing to tell. */
  tell(message: WebhookMessage, payload: WebhookPayload | null): Promise<void>;
  claim(): Promise<ClaimedDelivery | null>;
  /** `next`: where the next page of rows begins; null: there is none. */
  delivered(delivery: ClaimedDelivery, attempt: WebhookAttempt, next: RecordKey | null): Promise<void>;
  /** @returns whether it was given up, and whether the webhook was turned off. */
  failed(
    delivery: ClaimedDelivery,
    attempt: WebhookAttempt,
    verdict: Exclude<Verdict, "delivered">,
    retryAfterSeconds: number | null,
  ): Promise<{ isDead: boolean; isDisabled: boolean }>;
}
