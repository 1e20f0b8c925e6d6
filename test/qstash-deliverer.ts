/**
 * QStash on this machine, as far as its documentation says how it behaves (https://upstash.com/docs/qstash): publish, schedules,
 * signatures, retries with their delays, Retry-After, 489, deduplication for ten minutes, flow control, failure callbacks. The service
 * itself cannot be had offline, and the package of its development server downloads one. Its clock may be faster, so that nobody waits.
 */
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT } from "jose";

export interface Delivery {
  messageId: string;
  url: string;
  status: number;
  /** How often it was delivered before. */
  retried: number;
  answer: string;
  headers: Headers;
}

export interface Message {
  messageId: string;
  url: string;
  body: string;
  retries: number;
  forwarded: Record<string, string>;
  failureCallback: string | null;
  callbackForwarded: Record<string, string>;
  flow: { key: string; parallelism: number } | null;
  scheduleId: string | null;
  retried: number;
  /** When it may be delivered, by the deliverer's clock. */
  due: number;
}

export interface DelivererOptions {
  /** How many of the service's seconds go by in one of ours. Default 1. */
  speed?: number;
  /** What the plan allows for one key. Default: any number. */
  mostParallel?: number;
  token?: string;
  /** How a message is delivered; default: by HTTP. */
  send?: (request: Request) => Promise<Response>;
  /** What is done with a message before it is delivered; default: delivers it once. */
  mischief?: (message: Message, deliver: (message: Message) => Promise<void>) => Promise<void>;
}

export const keys = { current: "sig_current-of-this-test", next: "sig_next-of-this-test" };

/** https://upstash.com/docs/qstash/howto/signature */
export function sign(
  {
    url,
    body,
    claims = {},
    key = keys.current,
    alg = "HS256",
  }: {
    url: string;
    body: string;
    claims?: Record<string, unknown>;
    key?: string;
    alg?: string;
  },
  nowSeconds = Math.floor(Date.now() / 1000),
): Promise<string> {
  return new SignJWT({
    iss: "Upstash",
    sub: url,
    exp: nowSeconds + 300,
    nbf: nowSeconds,
    iat: nowSeconds,
    jti: `jwt_${randomUUID()}`,
    // Padded, as the service may have it.
    body: `${createHash("sha256").update(body).digest("base64url")}=`,
    ...claims,
  })
    .setProtectedHeader({ alg, typ: "JWT" })
    .sign(new TextEncoder().encode(key));
}

/** The delay before a retry: https://upstash.com/docs/qstash/features/retry */
export const retryDelaySeconds = (retry: number): number => Math.min(86_400, Math.exp(2.5 * retry));

const dedupSeconds = 600;

export class Deliverer {
  readonly deliveries: Delivery[] = [];
  readonly published: { url: string; headers: Headers; body: string; deduplicated: boolean }[] = [];
  readonly schedules = new Map<string, { cron: string; url: string; body: string; headers: Headers }>();
  readonly deadLetters: Message[] = [];
  /** How often a schedule was made, or made again. */
  scheduled = 0;
  /** Refuses what is published with this status, as an outage would. */
  outage: number | null = null;
  url = "";
  readonly #options: DelivererOptions;
  readonly #seen = new Map<string, { messageId: string; at: number }>();
  readonly #waiting = new Set<Message>();
  readonly #running = new Map<string, number>();
  #mostRunning = new Map<string, number>();
  #active = 0;
  #key = keys.current;
  #timer: NodeJS.Timeout | undefined;
  #close: (() => Promise<void>) | null = null;

  constructor(options: DelivererOptions = {}) {
    this.#options = options;
  }

  /** Listens as QSTASH_URL. */
  async listen(): Promise<this> {
    const server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#close = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return this;
  }

  /** Signs with the next key from now on, as after a rotation. */
  rotate(): void {
    this.#key = keys.next;
  }

  get now(): number {
    return (performance.now() / 1000) * (this.#options.speed ?? 1);
  }

  /** The most messages of a key that were delivered at the same time. */
  mostAtOnce(key: RegExp): number {
    return Math.max(0, ...[...this.#mostRunning].flatMap(([name, most]) => (key.test(name) ? [most] : [])));
  }

  /** Nothing waits or is being delivered. */
  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#active === 0;
  }

  /** Messages that wait or are being delivered. */
  get backlog(): number {
    return this.#waiting.size + this.#active;
  }

  /** Delivers what a schedule would, now. */
  tick(scheduleId: string): void {
    const schedule = this.schedules.get(scheduleId);
    if (schedule === undefined) throw new Error(`There is no schedule ${scheduleId}.`);
    const { url, body, headers } = schedule;
    this.#put(this.#messageOf(url, body, headers, scheduleId));
  }

  /** Forgets what waits, as if it were lost. */
  lose(): number {
    const lost = this.#waiting.size;
    this.#waiting.clear();
    return lost;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#waiting.clear();
    while (this.#active > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await this.#close?.();
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces).toString();
    const headers = new Headers(request.headers as Record<string, string>);
    if (headers.get("authorization") !== `Bearer ${this.#options.token ?? "token-of-this-test"}`)
      return { status: 401, body: { error: "unauthorized" } };
    if (this.outage !== null) return { status: this.outage, body: { error: "outage of this test" } };
    const [, kind, destination] = /^\/v2\/(publish|schedules)\/(https?:\/\/.+)$/.exec(request.url ?? "") ?? [];
    if (request.method !== "POST" || destination === undefined) return { status: 404, body: { error: "not found" } };
    if (kind === "schedules") {
      const scheduleId = headers.get("upstash-schedule-id") ?? `scd_${randomUUID()}`;
      const cron = headers.get("upstash-cron");
      if (cron === null) return { status: 400, body: { error: "no cron" } };
      this.scheduled++;
      this.schedules.set(scheduleId, { cron, url: destination, body, headers });
      return { status: 201, body: { scheduleId } };
    }
    return this.#publish(destination, body, headers);
  }

  #publish(url: string, body: string, headers: Headers): { status: number; body: unknown } {
    const parallelism = Number(/parallelism=(\d+)/.exec(headers.get("upstash-flow-control-value") ?? "")?.[1] ?? 0);
    if (parallelism > (this.#options.mostParallel ?? Number.POSITIVE_INFINITY))
      return { status: 400, body: { error: `flow control parallelism exceeds the limit of the plan` } };
    const dedup = headers.get("upstash-deduplication-id");
    const before = dedup === null ? undefined : this.#seen.get(dedup);
    // Also where the first has long been delivered.
    const deduplicated = before !== undefined && this.now - before.at < dedupSeconds;
    this.published.push({ url, headers, body, deduplicated });
    if (deduplicated) return { status: 202, body: { messageId: before.messageId, deduplicated: true } };
    const message = this.#messageOf(url, body, headers, null);
    if (dedup !== null) this.#seen.set(dedup, { messageId: message.messageId, at: this.now });
    this.#put(message);
    return { status: 201, body: { messageId: message.messageId } };
  }

  #messageOf(url: string, body: string, headers: Headers, scheduleId: string | null): Message {
    const prefixed = (prefix: string): Record<string, string> =>
      Object.fromEntries(
        [...headers].flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
      );
    const key = headers.get("upstash-flow-control-key");
    const parallelism = Number(/parallelism=(\d+)/.exec(headers.get("upstash-flow-control-value") ?? "")?.[1] ?? 1);
    return {
      messageId: `msg_${randomUUID()}`,
      url,
      body,
      retries: Number(headers.get("upstash-retries") ?? 3),
      forwarded: prefixed("upstash-forward-"),
      failureCallback: headers.get("upstash-failure-callback"),
      callbackForwarded: prefixed("upstash-failure-callback-forward-"),
      flow: key === null ? null : { key, parallelism },
      scheduleId,
      retried: 0,
      due: this.now + Number(/^(\d+)s$/.exec(headers.get("upstash-delay") ?? "")?.[1] ?? 0),
    };
  }

  #put(message: Message): void {
    this.#waiting.add(message);
    setImmediate(() => this.#look());
  }

  #look(): void {
    clearTimeout(this.#timer);
    // One time for all of it, lest a message is early here and late below, and nobody looks again.
    const { now } = this;
    for (const message of this.#waiting) {
      if (message.due > now) continue;
      const running = message.flow === null ? 0 : (this.#running.get(message.flow.key) ?? 0);
      if (message.flow !== null && running >= message.flow.parallelism) continue;
      this.#waiting.delete(message);
      void this.#run(message);
    }
    const next = Math.min(...[...this.#waiting].map(({ due }) => due).filter((due) => due > now));
    if (Number.isFinite(next))
      this.#timer = setTimeout(() => this.#look(), ((next - now) * 1000) / (this.#options.speed ?? 1)).unref();
  }

  async #run(message: Message): Promise<void> {
    const key = message.flow?.key ?? "";
    this.#active++;
    const running = (this.#running.get(key) ?? 0) + 1;
    this.#running.set(key, running);
    this.#mostRunning.set(key, Math.max(running, this.#mostRunning.get(key) ?? 0));
    const { mischief = (each, deliver) => deliver(each) } = this.#options;
    await mischief(message, (each) => this.#deliver(each));
    this.#running.set(key, (this.#running.get(key) ?? 1) - 1);
    this.#active--;
    this.#look();
  }

  /** One delivery, and what its answer means. */
  async #deliver(message: Message): Promise<void> {
    const { url, body, messageId, retried, retries } = message;
    const answer = await this.post(message);
    const text = answer === null ? "" : await answer.text();
    const status = answer?.status ?? 0;
    const headers = answer?.headers ?? new Headers();
    this.deliveries.push({ messageId, url, status, retried, answer: text, headers });
    if (status >= 200 && status < 300) return;
    const isForGood = status === 489 && headers.get("upstash-nonretryable-error") === "true";
    if (!isForGood && retried < retries) {
      const asked = Number(headers.get("retry-after") ?? Number.NaN);
      const seconds = Number.isFinite(asked) ? Math.min(86_400, asked) : retryDelaySeconds(retried + 1);
      this.#put({ ...message, retried: retried + 1, due: this.now + seconds });
      return;
    }
    this.deadLetters.push(message);
    if (message.failureCallback === null) return;
    this.#put({
      ...message,
      messageId: `msg_${randomUUID()}`,
      url: message.failureCallback,
      // https://upstash.com/docs/qstash/features/callbacks
      body: JSON.stringify({
        status,
        header: Object.fromEntries(headers),
        body: Buffer.from(text).toString("base64"),
        retried,
        maxRetries: retries,
        dlqId: `dlq_${messageId}`,
        sourceMessageId: messageId,
        url,
        method: "POST",
        sourceHeader: {},
        sourceBody: Buffer.from(body).toString("base64"),
        createdAt: Date.now(),
      }),
      retries: 3,
      forwarded: message.callbackForwarded,
      failureCallback: null,
      flow: null,
      retried: 0,
      due: this.now,
    });
  }

  /** Posts a message as it is; null where nobody answers. */
  async post(
    { url, body, messageId, retried, forwarded, scheduleId }: Message,
    signature?: string,
  ): Promise<Response | null> {
    const request = new Request(url, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "user-agent": "Upstash-QStash",
        "upstash-signature": signature ?? (await sign({ url, body, key: this.#key })),
        "upstash-message-id": messageId,
        "upstash-retried": String(retried),
        "upstash-region": "eu-central-1",
        "upstash-caller-ip": "127.0.0.1",
        ...(scheduleId !== null && { "upstash-schedule-id": scheduleId }),
        ...forwarded,
      },
    });
    const { send = (each: Request) => fetch(each) } = this.#options;
    return send(request).catch(() => null);
  }
}
