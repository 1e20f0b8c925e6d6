/**
 * Webhooks: addresses of other programs that are told of imports over HTTP, as Standard Webhooks 1.0.0 has it
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). Each belongs to an importer's context, or,
 * where an operator made it, to all of them.
 */
import type { ContextValues } from "./context.ts";
import type { Delivered } from "./queue.ts";
import type { Topic } from "./sink.ts";

/** What a webhook can be told: how an import stands, and with `import.rows` the records that it wrote, page by page. */
export const webhookEvents = [
  "import.ready",
  "import.completed",
  "import.failed",
  "import.cancelled",
  "import.undone",
  "import.rows",
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** The topic of the outbox that an event follows. */
export function topicOf(event: WebhookEvent): Topic {
  return event === "import.rows" ? "import.completed" : event;
}

/** The name by which the outbox knows webhooks. */
export const webhookSinkName = "sluice-webhooks";

/** Seconds before each attempt: at once, and then as the specification suggests, over some three days. */
export const attemptDelaysSeconds: readonly number[] = [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** `whsec_` and 24 to 64 bytes in base64. */
export function isWebhookSecret(text: string): boolean {
  const [, digits, padding] = /^whsec_([A-Za-z0-9+/]+)(={0,2})$/.exec(text) ?? [];
  if (digits === undefined || (digits.length + padding.length) % 4 !== 0) return false;
  const bytes = Math.floor((digits.length * 3) / 4);
  return bytes >= 24 && bytes <= 64;
}

/** Webhooks of one importer's context. */
export const mostWebhooks = 50;

/** Why one is not told anything: a person turned it off, or its address answered 410. */
export type DisabledReason = "person" | "gone";

export interface Webhook {
  id: number;
  url: string;
  /** What a person calls it. */
  name: string;
  events: WebhookEvent[];
  /** Null: all importers. */
  importer: string | null;
  /** Exactly this one; null: every context. */
  context: ContextValues | null;
  createdBy: string | null;
  createdAt: Date;
  disabledAt: Date | null;
  disabledReason: DisabledReason | null;
  /** Its address asked for a pause. */
  throttledUntil: Date | null;
  /** How long the secret from before the last rotation still signs; null: there is none. */
  previousSecretUntil: Date | null;
}

export type NewWebhook = Pick<Webhook, "url" | "name" | "events" | "importer" | "context" | "createdBy"> & {
  secret: string;
};
export type WebhookChanges = Partial<Pick<Webhook, "url" | "name" | "events">> & { isDisabled?: boolean };

/** One attempt, as the log keeps it. Never what the receiver answered beside its status. */
export interface WebhookAttempt {
  at: string;
  /** Null: there was no answer. */
  status: number | null;
  /** Why there was none, or why it does not count as one. */
  error: string | null;
  milliseconds: number;
}

export const deliveryStates = ["waiting", "delivered", "failed"] as const;
/** `failed`: given up after the last attempt. */
export type DeliveryState = (typeof deliveryStates)[number];

export interface WebhookDelivery {
  /** The `webhook-id`, the same whenever it is delivered again. */
  id: string;
  webhookId: number;
  event: WebhookEvent;
  importId: number;
  state: DeliveryState;
  createdAt: Date;
  /** When it is tried next; null: not by itself. */
  nextAt: Date | null;
  attempts: WebhookAttempt[];
  /** Of `import.rows`: which page, from 1. */
  page: number | null;
}

export interface WebhookPayload {
  type: WebhookEvent;
  /** When it happened, as ISO 8601. */
  timestamp: string;
  data: Record<string, unknown>;
}

/** What an attempt came to. */
export interface WebhookAnswer {
  status: number | null;
  error: string | null;
  /** As the receiver asks for it. */
  retryAfterSeconds: number | null;
}

export type Verdict = "delivered" | "throttled" | "gone" | "failed";

/** Only 2xx is a success: a redirect is not followed, since it may lead anywhere. */
export function verdictOn({ status }: Pick<WebhookAnswer, "status">): Verdict {
  if (status === null) return "failed";
  if (status >= 200 && status < 300) return "delivered";
  if (status === 410) return "gone";
  return status === 429 || status === 502 || status === 504 ? "throttled" : "failed";
}

/** Sends a signed request to an address that is not trusted. */
export interface WebhookSender {
  /** @throws SluiceError `invalid` or `forbidden` for a URL that is never asked. */
  check(url: string): void;
  newSecret(): string;
  send(
    request: { url: string; id: string; body: string; secrets: readonly string[] },
    signal: AbortSignal,
  ): Promise<WebhookAnswer>;
}

/** A sink that claims, delivers and notes by itself. */
export interface OwnSink {
  readonly name: string;
  /** What wakes it at once. */
  readonly topics: readonly Topic[];
  /** In how many seconds it has something to deliver: 0 for now, null for nothing. */
  dueInSeconds(): Promise<number | null>;
  /** Says that this process has it. */
  keep(): Promise<void>;
  run(options: { isOver: () => boolean; signal: AbortSignal }): Promise<Delivered>;
}
