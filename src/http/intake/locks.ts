/**
 * Who writes an upload at the moment, over all processes: tus asks for a lock around each request. A lock is a lease that
 * is renewed while the request lasts, so that a process that dies keeps nothing.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { SluiceError, told } from "../../core/errors.ts";
import type { Uploads } from "../../core/store/uploads.ts";

/** A lock whose process has died is free after this long. */
const leaseMs = 10_000;
const renewMs = 2_000;
/** Longer than a lease: a client that comes back after a crash of the server gets its upload. */
const waitMs = 15_000;
const firstDelayMs = 25;
const maxDelayMs = 500;

/** How long a request that must release its upload may still store what arrives. */
const drainMs = 300;

/** The lock that @tus/server asks for around a request. Declared here: the published types do not name that package. */
interface UploadLock {
  /** @param release asks the holder to give it up */
  lock(signal: AbortSignal, release: () => void | Promise<void>): Promise<void>;
  unlock(): Promise<void>;
}

interface Held {
  holder: string;
  release: () => void | Promise<void>;
  /** Another request wants it. */
  wanted: AbortController;
  asked: boolean;
}

export class UploadLocks {
  readonly #uploads: Uploads;
  /** Those of this process. */
  readonly #held = new Map<string, Held>();
  #listens = false;

  constructor(uploads: Uploads) {
    this.#uploads = uploads;
  }

  /**
   * Who holds the upload in this process, and a signal that it is wanted.
   *
   * @throws SluiceError `conflict` when nobody does.
   */
  holderOf(id: string): { holder: string; wanted: AbortSignal } {
    const held = this.#held.get(id);
    if (held === undefined)
      throw new SluiceError("conflict", told`Another request is writing upload ${id}. Ask for its offset again.`);
    return { holder: held.holder, wanted: held.wanted.signal };
  }

  newLock(id: string): UploadLock {
    const holder = randomUUID();
    let renewal: NodeJS.Timeout | undefined;
    return {
      lock: async (signal, release) => {
        await this.#take(id, holder, signal);
        const held: Held = { holder, release, wanted: new AbortController(), asked: false };
        this.#held.set(id, held);
        renewal = setInterval(() => this.#renew(id, held), renewMs);
        renewal.unref();
        this.#listen();
      },
      unlock: async () => {
        clearInterval(renewal);
        if (this.#held.get(id)?.holder === holder) this.#held.delete(id);
        // Where the database is away, the lease ends by itself.
        await this.#uploads.unlock(id, holder).catch(() => {});
      },
    };
  }

  async #take(id: string, holder: string, signal: AbortSignal): Promise<void> {
    const begun = performance.now();
    for (let pauseMs = firstDelayMs; ; pauseMs = Math.min(2 * pauseMs, maxDelayMs)) {
      if (await this.#uploads.lock(id, holder, leaseMs)) return;
      ask(this.#held.get(id));
      if (performance.now() - begun > waitMs) {
        throw new SluiceError(
          "conflict",
          told`Upload ${id} is being written by another request. Try again in a few seconds.`,
        );
      }
      await delay(pauseMs, undefined, { signal });
    }
  }

  #renew(id: string, held: Held): void {
    this.#uploads.renewLock(id, held.holder, leaseMs).then(
      (state) => {
        if (state !== "held") ask(held);
      },
      // The database is away: whether the lock is still held is checked again before anything counts.
      () => {},
    );
  }

  #listen(): void {
    if (this.#listens) return;
    this.#listens = true;
    this.#uploads.onLockWanted((id) => ask(this.#held.get(id)));
  }
}

function ask(held: Held | undefined): void {
  if (held === undefined || held.asked) return;
  held.asked = true;
  void held.release();
  setTimeout(() => held.wanted.abort(), drainMs).unref();
}
