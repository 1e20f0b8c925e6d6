/**
 * One connection per process that listens: opened when somebody first asks, opened again when it breaks, checked to hear
 * what is said (a transaction pooler takes LISTEN and never passes anything on). Whoever uses it polls where it cannot.
 */
import { randomUUID } from "node:crypto";
import pg from "pg";
import type { Database } from "./connect.ts";
import { inTime, whenLate } from "./late.ts";
import { MortalClient, requestPatience } from "./link.ts";
import { sql } from "./session.ts";

/** A connection that broke is tried again after this long; where listening is not possible, ten times as long. */
const reconnectMs = 500;
/** What is said is heard within this time, else the connection does not listen. */
const echoMs = 2000;
/** A connection listens within this time, or is given up: nobody else watches it. */
const beginMs = 3 * echoMs;
/** How often a silent connection is asked whether it still is one. */
const pulseMs = 10_000;

const noAnswer = (): Error => new Error("no answer");

interface Subscriber {
  channel: string;
  onPayload(payload: string): void;
  /** Listening begins, again: what was said meanwhile was missed. Or it ends: poll. */
  onState(listening: boolean): void;
}

export class Listener {
  readonly #connection: pg.ClientConfig;
  readonly #database: Database;
  readonly #subscribers = new Set<Subscriber>();
  /** Those that the present connection listens on. */
  readonly #channels = new Set<string>();
  #client: pg.Client | null = null;
  #listening = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #connecting: Promise<void> = Promise.resolve();

  /** `url` reaches Postgres without a transaction pooler between; what is said goes through `database`. */
  constructor(database: Database, url: string | null) {
    this.#database = database;
    this.#connection = url === null ? database.connection : { connectionString: url };
  }

  /** Whether what is said is heard at the moment. */
  get listening(): boolean {
    return this.#listening;
  }

  /** Returns how to stop. `onState(true)` follows once it listens. */
  subscribe(channel: string, onPayload: Subscriber["onPayload"], onState: Subscriber["onState"]): () => void {
    const subscriber = { channel, onPayload, onState };
    this.#subscribers.add(subscriber);
    const client = this.#client;
    if (client === null) this.#open();
    else if (this.#listening) {
      this.#listenToAll(client).then(
        () => {
          if (this.#client === client && this.#subscribers.has(subscriber)) onState(true);
        },
        () => this.#lose(client),
      );
    }
    return () => this.#subscribers.delete(subscriber);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#subscribers.clear();
    // Its end is that of a connection that only begins to listen, too.
    await this.#drop();
    await this.#connecting;
  }

  #open(): void {
    if (this.#closed || this.#client !== null || this.#subscribers.size === 0) return;
    clearTimeout(this.#timer);
    this.#connecting = this.#connect().catch(() => {});
  }

  async #connect(): Promise<void> {
    const client = new MortalClient({
      ...this.#connection,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5000,
      application_name: "sluice listener",
      connectMs: requestPatience.connectMs,
    });
    this.#client = client;
    client.on("error", () => this.#lose(client));
    client.on("end", () => this.#lose(client));
    client.on("notification", ({ channel, payload = "" }) => {
      for (const subscriber of this.#subscribers) if (subscriber.channel === channel) subscriber.onPayload(payload);
    });
    let heard: boolean;
    try {
      await client.connect();
      heard = await inTime(this.#begin(client), beginMs, noAnswer);
    } catch {
      // Another may have taken its place by now.
      this.#lose(client);
      return;
    }
    if (this.#client !== client || this.#closed) return;
    if (!heard) {
      await this.#drop();
      this.#later(reconnectMs * 10);
      return;
    }
    this.#listening = true;
    for (const { onState } of this.#subscribers) onState(true);
    this.#pulse(client);
  }

  /** Whether what is said is heard; then the channels are listened on. */
  async #begin(client: pg.Client): Promise<boolean> {
    this.#channels.clear();
    const heard = await this.#hears(client);
    // Whoever has come meanwhile is listened for too. Behind a pooler a LISTEN would stay with a backend of others.
    if (heard) await this.#listenToAll(client);
    return heard;
  }

  /** Listens on the channels of all subscribers, those included that come while it begins to. */
  async #listenToAll(client: pg.Client): Promise<void> {
    for (;;) {
      const next = [...this.#subscribers].find(({ channel }) => !this.#channels.has(channel));
      if (next === undefined) return;
      await client.query(`listen ${pg.escapeIdentifier(next.channel)}`);
      this.#channels.add(next.channel);
    }
  }

  /** Says something by another connection, and waits to hear it on this one. */
  async #hears(client: pg.Client): Promise<boolean> {
    const channel = "sluice_echo";
    const word = randomUUID();
    await client.query(`listen ${channel}`);
    let onNotification: (message: pg.Notification) => void = () => {};
    let stop = (): void => {};
    const heard = new Promise<boolean>((resolve) => {
      stop = whenLate(echoMs, () => resolve(false));
      onNotification = (message) => {
        if (message.payload === word) resolve(true);
      };
      client.on("notification", onNotification);
    });
    try {
      await this.#database.query(sql`select pg_notify(${channel}, ${word})`);
      return await heard;
    } finally {
      stop();
      client.off("notification", onNotification);
      await client.query(`unlisten ${channel}`);
    }
  }

  #pulse(client: pg.Client): void {
    this.#timer = setTimeout(() => {
      inTime(client.query("select 1"), echoMs * 2, noAnswer).then(
        () => {
          if (this.#client === client) this.#pulse(client);
        },
        () => this.#lose(client),
      );
    }, pulseMs);
    this.#timer.unref();
  }

  /** The connection is gone, or was never there. */
  #lose(client = this.#client): void {
    if (client !== this.#client) return;
    void this.#drop();
    this.#later(reconnectMs);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.#open(), ms);
    this.#timer.unref();
  }

  async #drop(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    clearTimeout(this.#timer);
    if (this.#listening) {
      this.#listening = false;
      for (const { onState } of this.#subscribers) onState(false);
    }
    if (client === null) return;
    client.removeAllListeners("notification");
    await client.end().catch(() => {});
  }
}
