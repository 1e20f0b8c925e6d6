/**
 * Changes of imports on their way to those who follow them over HTTP: one subscription for the whole process, each change
 * turned into bytes once for all who read the same language. Whoever is slow gets every event but only the newest progress.
 */

import type { Change } from "../../core/events.ts";
import type { Language } from "../../core/fields/language.ts";
import type { Belonging } from "../../core/store/archive.ts";
import type { Services } from "../../engine/services.ts";
import { frameOf, heartbeatFrame, type PresentProgress } from "./event-frame.ts";
import { type Follower, type Following, isNew, newFollower, streamOf } from "./follower.ts";

/** Proxies close a silent connection, mostly after a minute. */
const defaultHeartbeatMs = 15_000;
/** Events that wait for a reader who does not read; then it is sent away, and comes back with Last-Event-ID. */
const maxWaiting = 1000;
/** Events of a past that is replayed, fetched at a time. */
const replayPage = 500;
/** A longer past comes in several connections. */
const maxReplayed = 5000;

/** Progress is sent less often the more readers follow: a thousand get it once a second, some hundred as it comes. */
const progressMsPerFollower = 1;

interface Pace {
  toldAt: number;
  next: Change | null;
  timer: NodeJS.Timeout | undefined;
}

/** What is sent, and whose it is. */
export type FeedParts = Pick<Services, "archive" | "events" | "progress">;

export class EventFeed {
  readonly #engine: FeedParts;
  readonly #heartbeatMs: number;
  readonly #present: PresentProgress;
  readonly #ofImport = new Map<number, Set<Follower>>();
  readonly #ofAll = new Set<Follower>();
  /** Whose the imports are that were seen; an event announces another context. */
  readonly #belongings = new Map<number, Belonging>();
  /** When progress of an import was last sent, and what waits to be. */
  readonly #paces = new Map<number, Pace>();
  #watching: AbortController | null = null;
  #heartbeat: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    engine: FeedParts,
    {
      heartbeatMs = defaultHeartbeatMs,
      present = (progress) => progress,
    }: { heartbeatMs?: number; present?: PresentProgress } = {},
  ) {
    this.#present = present;
    this.#engine = engine;
    this.#heartbeatMs = heartbeatMs;
  }

  /** How many follow at the moment. */
  get followers(): number {
    let count = this.#ofAll.size;
    for (const followers of this.#ofImport.values()) count += followers.size;
    return count;
  }

  /** The body of an event stream (HTML standard, section 9.2). It stays open until the reader leaves or the feed is closed. */
  follow(following: Following): ReadableStream<Uint8Array> {
    const follower = newFollower(following);
    const leave = (): void => this.#leave(follower);
    if (this.#closed) follower.ended = true;
    else this.#join(follower);
    following.signal?.addEventListener("abort", leave, { once: true });
    this.#replay(follower).catch(leave);
    return streamOf(follower, leave);
  }

  close(): void {
    this.#closed = true;
    for (const follower of this.#all()) this.#leave(follower);
  }

  #join(follower: Follower): void {
    const { jobId } = follower.following;
    if (jobId === undefined) this.#ofAll.add(follower);
    else {
      const others = this.#ofImport.get(jobId) ?? new Set();
      this.#ofImport.set(jobId, others.add(follower));
    }
    if (this.#watching !== null) return;
    this.#watching = new AbortController();
    void this.#watch(this.#watching);
    this.#heartbeat = setInterval(() => this.#beat(), this.#heartbeatMs);
    this.#heartbeat.unref();
  }

  #leave(follower: Follower): void {
    const { jobId } = follower.following;
    this.#ofAll.delete(follower);
    if (jobId !== undefined) {
      const others = this.#ofImport.get(jobId);
      others?.delete(follower);
      if (others?.size === 0) this.#ofImport.delete(jobId);
    }
    follower.ended = true;
    follower.wake();
    if (this.#ofAll.size > 0 || this.#ofImport.size > 0) return;
    this.#watching?.abort();
    this.#watching = null;
    clearInterval(this.#heartbeat);
    for (const { timer } of this.#paces.values()) clearTimeout(timer);
    this.#paces.clear();
    this.#belongings.clear();
  }

  async #watch(watching: AbortController): Promise<void> {
    try {
      for await (const change of this.#engine.events.watch(watching.signal)) {
        if (watching.signal.aborted) return;
        if (change.progress !== undefined && change.event === undefined) {
          await this.#tellInTime(change);
        } else {
          await this.#tellWaiting(change.jobId);
          await this.#tell(change);
        }
      }
    } finally {
      // The database was closed: readers reconnect to the next server.
      if (this.#watching === watching) for (const follower of this.#all()) this.#leave(follower);
    }
  }

  /** Progress at a pace at which all followers can be served; what is superseded is not sent. */
  async #tellInTime(change: Change): Promise<void> {
    const pace = this.#paces.get(change.jobId) ?? { toldAt: Number.NEGATIVE_INFINITY, next: null, timer: undefined };
    this.#paces.set(change.jobId, pace);
    const followers = (this.#ofImport.get(change.jobId)?.size ?? 0) + this.#ofAll.size;
    const waitMs = pace.toldAt + followers * progressMsPerFollower - performance.now();
    if (waitMs <= 0 && pace.timer === undefined) {
      pace.toldAt = performance.now();
      return this.#tell(change);
    }
    pace.next = change;
    pace.timer ??= setTimeout(() => void this.#tellWaiting(change.jobId), waitMs).unref();
  }

  /** What waits is sent before what comes after it. */
  async #tellWaiting(jobId: number): Promise<void> {
    const pace = this.#paces.get(jobId);
    if (pace === undefined) return;
    clearTimeout(pace.timer);
    this.#paces.set(jobId, { toldAt: performance.now(), next: null, timer: undefined });
    if (pace.next !== null) await this.#tell(pace.next);
  }

  async #tell(change: Change): Promise<void> {
    const { jobId } = change;
    const ofImport = [...(this.#ofImport.get(jobId) ?? [])];
    if (change.deleted) this.#paces.delete(jobId);
    if (ofImport.length === 0 && this.#ofAll.size === 0) return;
    if (change.event?.name === "import.edited") this.#belongings.delete(jobId);
    const belonging = await this.#belongingOf(jobId);
    const frames = new Map<Language, Uint8Array>();
    for (const follower of [...ofImport, ...this.#ofAll]) {
      const { following } = follower;
      // What is gone can be asked no more: who follows it was let in, and others hear what they could have heard of anything.
      const sees =
        belonging === null
          ? following.seesAll || following.jobId !== undefined
          : await following.sees(belonging).catch(() => null);
      if (sees) {
        const { language } = following;
        const frame = frames.get(language) ?? this.#frameOf(change, belonging, language);
        frames.set(language, frame);
        this.#give(follower, change, frame);
      }
      // Who could not be judged comes back with the last event that they have, and misses nothing.
      else if (sees === null || following.jobId !== undefined) this.#leave(follower);
    }
    if (change.deleted) this.#belongings.delete(jobId);
  }

  #frameOf(change: Change, belonging: Belonging | null, language: Language): Uint8Array {
    const { progress } = change;
    return frameOf(
      change,
      progress === undefined ? undefined : this.#present(progress, belonging?.importer ?? null, language),
    );
  }

  #give(follower: Follower, change: Change, frame: Uint8Array): void {
    if (follower.held !== null) {
      follower.held.push(change);
      return;
    }
    if (change.event !== undefined && !isNew(follower, change.event)) return;
    if (change.event === undefined && change.progress !== undefined) follower.progress.set(change.jobId, frame);
    else follower.frames.push(frame);
    if (change.deleted) follower.progress.delete(change.jobId);
    if (change.deleted && follower.following.jobId !== undefined) this.#leave(follower);
    else if (follower.frames.length > maxWaiting) this.#leave(follower);
    follower.wake();
  }

  /** Null: gone, or not to be asked now. */
  async #belongingOf(jobId: number): Promise<Belonging | null> {
    const known = this.#belongings.get(jobId);
    if (known !== undefined) return known;
    try {
      const [belonging] = await this.#engine.archive.belonging([jobId]);
      if (belonging === undefined) return null;
      this.#belongings.set(jobId, belonging);
      return belonging;
    } catch {
      return null;
    }
  }

  /** What happened since the reader's last event, then what is new meanwhile, each once. */
  async #replay(follower: Follower): Promise<void> {
    const { jobId, filter, afterId, language } = follower.following;
    const { archive, events, progress } = this.#engine;
    let last = afterId ?? 0;
    if (jobId === undefined && afterId === null) {
      follower.floor = await archive.newestEventId();
    } else {
      if (jobId !== undefined) follower.floor = last;
      for (let replayed = 0; ; ) {
        const page =
          jobId === undefined
            ? await archive.events(filter, last, replayPage)
            : await events.list(jobId, last, replayPage);
        const before = last;
        for (const event of page) {
          if (!isNew(follower, event)) continue;
          replayed++;
          follower.frames.push(frameOf({ jobId: event.jobId, event }));
          last = Math.max(last, event.id);
        }
        follower.wake();
        if (page.length < replayPage || last === before) break;
        if (replayed >= maxReplayed) return this.#leave(follower);
      }
    }
    const present = jobId === undefined ? null : await progress.read(jobId);
    if (jobId !== undefined && present !== null) {
      follower.progress.set(
        jobId,
        this.#frameOf({ jobId, progress: present }, await this.#belongingOf(jobId), language),
      );
    }
    const held = follower.held ?? [];
    follower.held = null;
    for (const change of held)
      this.#give(follower, change, this.#frameOf(change, this.#belongings.get(change.jobId) ?? null, language));
    follower.wake();
  }

  #beat(): void {
    void this.#tellMissing();
    for (const follower of this.#all()) {
      if (follower.frames.length > 0 || follower.progress.size > 0) continue;
      follower.frames.push(heartbeatFrame);
      follower.wake();
    }
  }

  /** An import that was deleted while this process could not hear of it has left nothing in any table to report. */
  async #tellMissing(): Promise<void> {
    const ids = [...this.#ofImport.keys()];
    if (ids.length === 0) return;
    // A database that is away is asked again with the next heartbeat.
    const missing = await this.#engine.archive.missing(ids).catch(() => []);
    for (const jobId of missing) await this.#tell({ jobId, deleted: true });
  }

  #all(): Follower[] {
    return [...this.#ofAll, ...[...this.#ofImport.values()].flatMap((followers) => [...followers])];
  }
}
