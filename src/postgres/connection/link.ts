/**
 * The network between a pool and its database, which may swallow packets without a word: TCP alone would wait for minutes. A
 * connection that has owed an answer for a while is suspected, and another, fresh one is asked: when nobody answers it, the
 * network is gone and the silent connections end; when the database answers, it says whether it still works for them. So a
 * statement may take as long as it needs, and a dead connection may not.
 */
import type { Socket } from "node:net";
import pg from "pg";
import { inTime, whenLate } from "./late.ts";

export interface LinkPatience {
  /** A new connection is there within this time, or the network is not. */
  connectMs: number;
  /** How long a connection may owe an answer before it is checked. */
  suspectMs: number;
  /** A fresh connection is there and answers within this time. */
  probeMs: number;
  /** So many probes in a row must fail, four times as many where somebody begins to answer. */
  probes: number;
  /** How often it is asked while connections are suspected. */
  everyMs: number;
  /** How long a place in the pool is waited for, whose holders all come to an end. */
  turnMs: number;
}

/** For those who answer people: a request is refused within five seconds. */
export const requestPatience: LinkPatience = {
  connectMs: 3000,
  suspectMs: 1000,
  probeMs: 2500,
  probes: 1,
  everyMs: 1000,
  turnMs: 10_000,
};
/** For those whose work would have to be done again: a database that is busy for some seconds is no dead one. */
export const workPatience: LinkPatience = {
  connectMs: 8000,
  suspectMs: 2000,
  probeMs: 4000,
  probes: 2,
  everyMs: 3000,
  turnMs: 600_000,
};

const lookMs = 250;
/**
 * Of who lets a probe in and then says no more, as a pooler does whose places are all taken, so many failures are one of who says
 * nothing: the network is there, and what is behind it may be busy.
 */
const failuresOfHeard = 4;
/** While the network is gone, or may be, it is asked so often. */
const probeAgainMs = 500;
/** How long a connection that was ended has to close properly. */
const goodbyeMs = 500;

/** How the outage is called; `isConnectionLoss` knows it by its code. */
export class LinkLost extends Error {
  readonly code = "ETIMEDOUT";

  /** Somebody had begun to answer: others may still be answered to the end. */
  readonly isHeard: boolean;

  constructor(isHeard = false) {
    super(isHeard ? "the answer did not come in time" : "nothing comes back over the network");
    this.name = "LinkLost";
    this.isHeard = isHeard;
  }
}

/** What node-postgres has beneath its types. */
interface Inside {
  connection: { stream: Socket };
  processID: number | null;
  readyForQuery: boolean;
}
const insideOf = (client: pg.ClientBase): Inside => client as unknown as Inside;
/** What it lacks now is late. */
const lateOf = (client: pg.ClientBase): LinkLost => new LinkLost(insideOf(client).connection.stream.bytesRead > 0);

export interface MortalConfig extends pg.ClientConfig {
  connectMs: number;
}

/** A connection that is there in time or not at all, and that ends for good when it ends, whoever is left to hear of it. */
export class MortalClient extends pg.Client {
  readonly #connectMs: number;

  constructor(config: MortalConfig) {
    super(config);
    this.#connectMs = config.connectMs;
    // Between two who use it nobody listens, and an error that nobody hears ends the process; the next query says it again.
    this.on("error", () => {});
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): unknown {
    const stop = whenLate(this.#connectMs, () => insideOf(this).connection.stream.destroy(lateOf(this)));
    if (callback === undefined) {
      // Of a client that is ended before it is connected, pg never says how that went.
      const ended = new Promise<never>((_, reject) => this.once("end", () => reject(new Error("Connection ended"))));
      return Promise.race([super.connect(), ended]).finally(stop);
    }
    return super.connect((error: Error) => {
      stop();
      callback(error);
    });
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    const { stream } = insideOf(this).connection;
    const late = setTimeout(() => stream.destroy(), goodbyeMs);
    stream.once("close", () => clearTimeout(late));
    return callback === undefined ? super.end() : super.end(callback);
  }
}

interface Watched {
  bytesRead: number;
  /** Since when it owes an answer, and nothing has come. */
  quietSince: number;
  /** What the database said of its backend the last time, and after how many bytes. */
  restedAt: string | null;
}

interface Standing {
  pid: number;
  own: number;
  state: string | null;
  wait: string | null;
  changed: string;
}

export class Link {
  readonly #connect: () => pg.Client;
  readonly #patience: LinkPatience;
  readonly #watched = new Map<pg.ClientBase, Watched>();
  readonly #waiting = new Set<(error: Error) => void>();
  #timer: NodeJS.Timeout | undefined;
  #isLost = false;
  #isProbing = false;
  #probedAt = 0;
  #failures = 0;
  #closed = false;

  /** `connect` makes a connection that is not the pool's. */
  constructor(connect: () => pg.Client, patience: LinkPatience) {
    this.#connect = connect;
    this.#patience = patience;
  }

  /** Watches a connection in use until the answer is called. */
  watch(client: pg.ClientBase): () => void {
    const { bytesRead } = insideOf(client).connection.stream;
    this.#watched.set(client, { bytesRead, quietSince: performance.now(), restedAt: null });
    this.#run();
    return () => this.#watched.delete(client);
  }

  /** Waits for `work`, but no longer than the network is there. @throws LinkLost */
  async whileThere<T>(work: Promise<T>): Promise<T> {
    if (this.#isLost) throw new LinkLost();
    let reject: (error: Error) => void = () => {};
    const lost = new Promise<never>((_, no) => {
      reject = no;
    });
    this.#waiting.add(reject);
    try {
      return await Promise.race([work, lost]);
    } finally {
      this.#waiting.delete(reject);
    }
  }

  /** @throws LinkLost while it is known that nobody would answer. */
  check(): void {
    if (this.#isLost) throw new LinkLost();
  }

  /** A connection could not be made in time: until one can, none is tried in vain. */
  lose(): void {
    if (this.#closed) return;
    this.#isLost = true;
    for (const reject of this.#waiting) reject(new LinkLost());
    this.#waiting.clear();
    this.#run();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const client of this.#watched.keys()) insideOf(client).connection.stream.destroy();
  }

  #run(): void {
    if (this.#timer !== undefined || this.#closed) return;
    this.#timer = setInterval(() => this.#look(), lookMs);
    this.#timer.unref();
  }

  #look(): void {
    if (this.#watched.size === 0 && !this.#isLost) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#failures = 0;
      return;
    }
    const now = performance.now();
    for (const [client, watched] of this.#watched) {
      const { connection, readyForQuery } = insideOf(client);
      if (!readyForQuery && connection.stream.bytesRead === watched.bytesRead) continue;
      watched.bytesRead = connection.stream.bytesRead;
      watched.quietSince = now;
      watched.restedAt = null;
    }
    const isSuspected = this.#quiet().length > 0;
    const everyMs = this.#isLost || this.#failures > 0 ? probeAgainMs : this.#patience.everyMs;
    if (!isSuspected && !this.#isLost) this.#failures = 0;
    else if (!this.#isProbing && now - this.#probedAt >= everyMs) void this.#probe();
  }

  /** Connections that have owed an answer for too long. */
  #quiet(): [pg.ClientBase, Watched][] {
    const since = performance.now() - this.#patience.suspectMs;
    return [...this.#watched].filter(([, { quietSince }]) => quietSince < since);
  }

  async #probe(): Promise<void> {
    this.#isProbing = true;
    try {
      const quiet = this.#quiet();
      const standing = await this.#ask(quiet.map(([client]) => insideOf(client).processID ?? 0));
      this.#isLost = false;
      this.#failures = 0;
      if (standing !== null) this.#judge(quiet, standing);
    } catch (error) {
      this.#failures += error instanceof LinkLost && error.isHeard ? 1 / failuresOfHeard : 1;
      if (this.#failures < this.#patience.probes && !this.#isLost) return;
      // Those that were silent all the while; what has begun since is judged by the next.
      for (const [client] of this.#quiet()) insideOf(client).connection.stream.destroy(new LinkLost());
      this.lose();
    } finally {
      this.#probedAt = performance.now();
      this.#isProbing = false;
    }
  }

  /** What the backends are at. Null: the database answers, but not that. @throws when nobody answers in time. */
  async #ask(pids: readonly number[]): Promise<Standing[] | null> {
    const client = this.#connect();
    try {
      const answer = client.connect().then(() =>
        client.query<Standing>(
          `select asked.pid, pg_backend_pid() as own, a.state, a.wait_event as wait, coalesce(a.state_change::text, '') as changed
           from unnest($1::int[]) as asked (pid) left join pg_stat_activity a on a.pid = asked.pid`,
          [pids],
        ),
      );
      const { rows } = await inTime(answer, this.#patience.probeMs, () => lateOf(client));
      // Behind a pooler its number is another's.
      const isDirect = insideOf(client).processID === (rows[0]?.own ?? insideOf(client).processID);
      return isDirect ? rows : null;
    } catch (error) {
      // Refused by the database itself, as when it has no place: it is there.
      if (error instanceof pg.DatabaseError) return null;
      throw error;
    } finally {
      insideOf(client).connection.stream.destroy();
    }
  }

  /** Ends connections whose backend is gone, or has been waiting for them twice in a row while they wait for it. */
  #judge(quiet: readonly [pg.ClientBase, Watched][], standing: readonly Standing[]): void {
    for (const [k, [client, watched]] of quiet.entries()) {
      const { state, wait, changed } = standing[k];
      const { connection, readyForQuery } = insideOf(client);
      if (readyForQuery || connection.stream.bytesRead !== watched.bytesRead) continue;
      const isResting = state?.startsWith("idle") === true && wait === "ClientRead";
      if (state === null || (isResting && watched.restedAt === changed)) {
        connection.stream.destroy(new LinkLost());
      } else watched.restedAt = isResting ? changed : null;
    }
  }
}
