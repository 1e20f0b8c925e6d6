/**
 * What every queue that calls by HTTP has in common: it publishes a task to a provider, which posts it back, signed, to an instance that
 * hands its requests to `receive`. An adapter is what its provider's publishing and signing are.
 */
import { type PushQueue, type QueueOptions, readTask, type Task, taskKey } from "./queue.ts";

/** How a provider takes a task and how its requests are known. */
export interface PushTransport {
  /** Has `body` posted back after `afterSeconds`. `key`: one with the same that waits already makes this one needless. */
  publish(body: string, options: { key: string; afterSeconds: number }): Promise<void>;
  /** The body of a request that the provider has signed; null for any other. */
  verify(request: Request): Promise<string | null>;
}

/** What a provider is asked to wait with a task that only another version of Sluice knows. */
const unknownSeconds = 30;

/** @example const queue = pushQueue({ publish: (body) => client.publish(body), verify: (request) => client.verify(request) }); */
export function pushQueue(transport: PushTransport): PushQueue {
  const enqueue = async (task: Task, { afterSeconds = 0 }: QueueOptions = {}): Promise<void> => {
    await transport.publish(JSON.stringify({ task }), { key: `${task.kind}:${taskKey(task)}`, afterSeconds });
  };
  return {
    enqueue,
    async remind(tasks) {
      await Promise.all(tasks.map(({ task, ...options }) => enqueue(task, options)));
    },
    async receive(request, handler) {
      const body = await transport.verify(request);
      if (body === null) return answer(401, { error: "The queue's provider has not signed this request." });
      const task = taskIn(body);
      if (task === null)
        return answer(
          503,
          { error: "This version of Sluice does not know the task." },
          { "retry-after": unknownSeconds },
        );
      try {
        const outcome = await handler({ task, othersWait: () => false });
        // Whoever dies between the two is called again, which has no effect.
        if (outcome !== "done")
          await enqueue(task, { afterSeconds: outcome === "again" ? 0 : outcome.againAfterSeconds });
        return answer(200, { task, outcome });
      } catch (error) {
        return answer(500, { error: error instanceof Error ? error.message : String(error) });
      }
    },
    // The provider knows.
    async depth() {
      return null;
    },
    async redrive() {
      return 0;
    },
    async close() {},
  };
}

function taskIn(body: string): Task | null {
  try {
    return readTask((JSON.parse(body) as { task?: unknown } | null)?.task);
  } catch {
    return null;
  }
}

function answer(status: number, body: object, headers: Record<string, number> = {}): Response {
  const named = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return Response.json(body, { status, headers: named });
}
