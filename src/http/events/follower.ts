/** One who follows imports over HTTP: what waits to be sent, and the stream that it is taken from as it is read. */

import type { Change, ImportEvent } from "../../core/events.ts";
import type { Language } from "../../core/fields/language.ts";
import type { Belonging, ImportFilter } from "../../core/store/archive.ts";
import { greetingFrame } from "./event-frame.ts";

export interface Following {
  /** One import; absent: all that the reader may see. */
  jobId?: number;
  /** The imports whose events it may have. */
  filter: Pick<ImportFilter, "createdBy" | "bounds">;
  /** Whether it may have those of this import, as it is now. */
  sees(job: Omit<Belonging, "id">): Promise<boolean>;
  /** In which progress is told. */
  language: Language;
  /** Also of imports that are gone before anything was known of them. */
  seesAll: boolean;
  /** The last event that the reader has; null: none. Of one import its past comes first then, of all only what is new. */
  afterId: number | null;
  signal?: AbortSignal;
}

export interface Follower {
  following: Following;
  frames: Uint8Array[];
  progress: Map<number, Uint8Array>;
  /** Ids up to this one are not wanted. */
  floor: number;
  /** The last event of each import that went out: their ids ascend, and a duplicate is sent once. */
  lastIds: Map<number, number>;
  /** While the past is being replayed, what is new waits here. */
  held: Change[] | null;
  wake: () => void;
  ended: boolean;
}

export function newFollower(following: Following): Follower {
  return {
    following,
    frames: [greetingFrame],
    progress: new Map(),
    floor: 0,
    lastIds: new Map(),
    held: [],
    wake: () => {},
    ended: false,
  };
}

/** What the follower is to get, until it has ended; nothing is taken before it is wanted, so that newer progress replaces older. */
export function streamOf(follower: Follower, leave: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const bytes = take(follower);
          if (bytes !== null) {
            controller.enqueue(bytes);
            return;
          }
          if (follower.ended) {
            follower.following.signal?.removeEventListener("abort", leave);
            controller.close();
            return;
          }
          await new Promise<void>((resolve) => {
            follower.wake = resolve;
          });
        }
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );
}

/** Whether the follower has not got the event yet; from now on it has. */
export function isNew({ floor, lastIds }: Follower, { id, jobId }: ImportEvent): boolean {
  if (id <= floor || id <= (lastIds.get(jobId) ?? 0)) return false;
  lastIds.set(jobId, id);
  return true;
}

/** Everything that waits, events before progress; null when nothing does. */
function take(follower: Follower): Uint8Array | null {
  const frames = [...follower.frames, ...follower.progress.values()];
  follower.frames = [];
  follower.progress.clear();
  if (frames.length <= 1) return frames[0] ?? null;
  const whole = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    whole.set(frame, at);
    at += frame.length;
  }
  return whole;
}
