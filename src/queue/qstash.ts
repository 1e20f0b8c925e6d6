/**
 * The queue on QStash, for hosts where nothing runs between two requests: tasks are published with one POST each, and come back, signed,
 * to the routes of a mount. What fails for good comes back to a route of its own; a schedule calls for the sweep.
 * https://upstash.com/docs/qstash
 */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../core/errors.ts";
import { messageIn, type PublishOptions, pushQueue, type Step } from "../core/push-queue.ts";
import type { PushQueue, QueueParts, Task } from "../core/queue.ts";
import { type SigningKeys, signedBody } from "./qstash-signature.ts";
import { keptWakeUps } from "./wake-ups.ts";

export interface QstashOptions {
  /** QStash's own, without a slash at its end. */
  url: string;
  token: string;
  keys: SigningKeys;
  /** Where it posts to: each step's name follows a slash. Its signatures name this address, whatever a proxy makes of it. */
  tasksUrl: string;
  /** Slices of one import at the same time. */
  parallel: number;
  /** Sent along with each request, as headers. */
  forwarded?: Readonly<Record<string, string>>;
  /** How long our host lets a request run; null: as long as QStash waits. */
  limitSeconds?: number | null;
  /** Null: nothing is scheduled, as for a preview of an app. */
  sweepMinutes: number | null;
}

/** How often QStash tries again what fails, after 12 s, 2.5 minutes and half an hour; what others do again by themselves, once. */
const retriesOf: Readonly<Record<Step, number>> = {
  ...{ parse: 3, commit: 3, "error-report": 2 },
  ...{ deliver: 1, fetch: 1, sweep: 1 },
};
/** The route that QStash calls when it has given up. */
const deadRoute = "dead-letter";

/** Publishing is tried again after these pauses, by the same id. */
const pausesMs = [200, 1000];
const publishMs = 5000;
/** What the free plan delays a message by at most: whoever is woken too early is put in again for the rest. */
const mostDelaySeconds = 7 * 24 * 3600;
/** Slices at the same time that the free plan allows. */
const freeParallel = 2;
/** The schedule is made again so often, lest it was deleted. */
const scheduleDays = 1;

export async function qstashQueue(options: QstashOptions, parts: QueueParts): Promise<PushQueue> {
  const { tasksUrl, keys, token, forwarded = {}, limitSeconds = null } = options;
  const { onError, onDead = () => {} } = parts;
  // An account may serve several apps: ids and keys are this one's alone.
  const scope = `sluice-${createHash("sha256").update(tasksUrl).digest("hex").slice(0, 10)}`;
  const wakeUps = keptWakeUps(parts.database);
  let { parallel } = options;

  const post = async (path: string, headers: Record<string, string>, body: string): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      const answer = await fetch(`${options.url}/v2/${path}`, {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        signal: AbortSignal.timeout(publishMs),
        redirect: "error",
      }).catch((cause: unknown) => ({ ok: false as const, status: 0, text: async () => String(cause) }));
      if (answer.ok) return;
      const said = (await answer.text().catch(() => "")).slice(0, 300);
      const mayPass = answer.status === 0 || answer.status === 429 || answer.status >= 500;
      if (mayPass && attempt < pausesMs.length) {
        await sleep(pausesMs[attempt]);
        continue;
      }
      throw new Refused(answer.status, said);
    }
  };

  const headersFor = ({ id, key, step, afterSeconds }: PublishOptions): Record<string, string> => ({
    "upstash-method": "POST",
    "upstash-retries": String(retriesOf[step]),
    "upstash-deduplication-id": `${scope}-${id}`,
    "upstash-flow-control-key": `${scope}-${key.replace(/[^\w-]+/g, "-")}`,
    // A sink's messages, a source and a sweep have one worker.
    "upstash-flow-control-value": `parallelism=${["deliver", "fetch", "sweep"].includes(step) ? 1 : parallel}`,
    "upstash-failure-callback": `${tasksUrl}/${deadRoute}`,
    ...(afterSeconds > 0 && { "upstash-delay": `${Math.min(mostDelaySeconds, Math.ceil(afterSeconds))}s` }),
    ...sharedHeaders(),
  });

  const sharedHeaders = (): Record<string, string> => ({
    ...(limitSeconds !== null && { "upstash-timeout": `${limitSeconds}s` }),
    ...Object.fromEntries(
      Object.entries(forwarded).flatMap(([name, value]) => [
        [`upstash-forward-${name}`, value],
        [`upstash-failure-callback-forward-${name}`, value],
      ]),
    ),
  });

  const publish = async (body: string, published: PublishOptions): Promise<void> => {
    try {
      await post(`publish/${tasksUrl}/${published.step}`, headersFor(published), body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.isOfParallelism && parallel > freeParallel) {
        parallel = freeParallel;
        return publish(body, published);
      }
      const failure = error.explained(options.url);
      onError(failure);
      throw failure;
    }
  };

  const queue = pushQueue(
    {
      publish,
      verify: (request) => signedBody(request, `${tasksUrl}/${routeOf(request)}`, keys),
      // https://upstash.com/docs/qstash/features/retry: the only answer that is not tried again.
      refusal: { status: 489, headers: { "upstash-nonretryable-error": "true" } },
      parallel,
    },
    wakeUps,
  );

  /** QStash calls once it has given up a task. */
  const noteDead = async (request: Request): Promise<Response> => {
    const signed = await signedBody(request, `${tasksUrl}/${deadRoute}`, keys);
    if (signed === null) return Response.json({ error: "QStash has not signed this request." }, { status: 401 });
    const failed = failedTask(signed.body);
    // Of another version, or not ours: nothing that another call could tell.
    if (failed !== null) {
      await wakeUps.dead(failed.id, failed.task, failed.reason);
      onDead(failed.task, failed.reason);
    }
    return Response.json({ noted: failed !== null });
  };

  const schedule = async (minutes: number): Promise<void> => {
    const cron = `*/${minutes} * * * *`;
    const what = `schedule ${scope} ${cron}`;
    if (!(await wakeUps.isDue(what, scheduleDays))) return;
    try {
      await post(
        `schedules/${tasksUrl}/sweep`,
        {
          "upstash-cron": cron,
          "upstash-schedule-id": `${scope}-sweep`,
          "upstash-method": "POST",
          "upstash-retries": String(retriesOf.sweep),
          ...sharedHeaders(),
        },
        JSON.stringify({ task: { kind: "sweep" } satisfies Task }),
      );
    } catch (error) {
      await wakeUps.forget(what).catch(() => {});
      onError(error instanceof Refused ? error.explained(options.url) : (error as Error));
    }
  };
  // What is lost without one is found at the latest when it is there again; nobody's request fails for it.
  if (options.sweepMinutes !== null) await schedule(options.sweepMinutes).catch(onError);

  return {
    ...queue,
    async receive(request, handler) {
      if (routeOf(request) === deadRoute) return noteDead(request);
      return queue.receive(request, async (call) => {
        const result = await handler(call);
        if (call.task.kind === "sweep") await wakeUps.tidy();
        return result;
      });
    },
    depth: () => wakeUps.depth(),
    async redrive() {
      const dead = await wakeUps.takeDead();
      for (const task of dead) await queue.enqueue(task);
      return dead.length;
    },
    async close() {
      wakeUps.close();
    },
  };
}

/** The last part of the path, whatever is in front of it here. */
function routeOf(request: Request): string {
  return new URL(request.url).pathname.split("/").at(-1) ?? "";
}

/** What a failure callback says (https://upstash.com/docs/qstash/features/callbacks). */
function failedTask(body: string): { id: string; task: Task; reason: string } | null {
  try {
    const { sourceBody, sourceMessageId, status, retried } = JSON.parse(body) as Record<string, unknown>;
    const message = messageIn(Buffer.from(String(sourceBody ?? ""), "base64").toString());
    if (message === null || message === "unknown") return null;
    const id = message.id ?? String(sourceMessageId ?? "");
    if (id === "") return null;
    const tries = Number(retried ?? 0) + 1;
    return { id, task: message.task, reason: `QStash gave up after ${tries} deliveries: HTTP ${Number(status ?? 0)}` };
  } catch {
    return null;
  }
}

/** QStash does not take what is published. */
class Refused extends Error {
  readonly status: number;
  readonly said: string;

  constructor(status: number, said: string) {
    super(said);
    this.status = status;
    this.said = said;
  }

  get isOfParallelism(): boolean {
    return this.status >= 400 && this.status < 500 && /parallelism|flow.?control/i.test(this.said);
  }

  explained(url: string): SluiceError {
    const next =
      this.status === 401 || this.status === 403
        ? "Is QSTASH_TOKEN this account's, and QSTASH_URL its region's?"
        : this.status === 429
          ? "The plan's messages of today are used up, or come too fast."
          : "The sweep finds what has not begun.";
    const what = this.status === 0 ? "cannot be reached" : `answered ${this.status}`;
    return new SluiceError("unavailable", `QStash at ${url} ${what}: ${this.said} ${next}`, { cause: this });
  }
}
