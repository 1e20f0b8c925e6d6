/** `/queue`: what waits for a worker, what is in progress, and who is at work. For administrators. */
import { createRoute, z } from "@hono/zod-openapi";
import { statuses } from "../../core/import.ts";
import { refuseUnlessAdmin, refuseUnlessUnbounded } from "../accounts/auth-guard.ts";
import { presentProgress, progressSchema } from "../imports/import-view.ts";
import { type HttpParts, languageOf } from "../request/request-context.ts";
import { json, newRouter, problems, type Router } from "../request/router.ts";
import { rebuildView } from "./sinks.ts";

const count = z.number().int();

const queueSchema = z
  .object({
    imports: z.object({
      waiting: count.openapi({ description: "Queued: they wait for a worker, or to be tried again." }),
      running: count,
      paused: count,
      failed: count,
    }),
    oldestWaitingSeconds: z.number().openapi({ description: "Of the import that waits longest; 0 when none does." }),
    rowsPerSecond: z.number().openapi({ description: "Of all imports under way." }),
    deliveries: z
      .object({
        waiting: count,
        active: count,
        dead: count.openapi({
          description: "Failed for good: put in again by the next worker that starts, or by POST /queue/redrive.",
        }),
      })
      .nullable()
      .openapi({ description: "Wake-ups in the queue; null where it does not tell, and for an admin of one tenant." }),
    sinks: z
      .array(
        z.object({
          name: z.string(),
          topics: z.array(z.string()),
          importer: z
            .string()
            .nullable()
            .openapi({ description: "Whose records it is told of, by its `afterCommit`; null: of all imports." }),
          state: z.enum(["working", "retrying", "stopped"]).openapi({
            description:
              "`retrying`: the last try failed, another comes by itself. `stopped`: it takes nothing in before somebody has seen to it and asks for a retry.",
          }),
          waiting: count.openapi({ description: "Messages that are not delivered yet." }),
          dead: count.openapi({
            description:
              "Messages given up after ten attempts, kept for a month. Of an importer's sink: records that it refused, kept until they are put in again.",
          }),
          oldestSeconds: z.number().openapi({ description: "Of the message that waits longest; 0 when none does." }),
          error: z
            .string()
            .nullable()
            .openapi({ description: "Why the last delivery failed that is not made up for." }),
          rebuild: rebuildView
            .nullable()
            .openapi({ description: "The index that is being made beside the one in use." }),
        }),
      )
      .nullable()
      .openapi({ description: "What is told of imports; null for an admin of one tenant." }),
    workers: z.array(
      z.object({
        id: z.string(),
        host: z.string(),
        processId: count,
        startedAt: z.iso.datetime(),
        heartbeatAt: z.iso.datetime(),
        isAlive: z.boolean(),
        imports: z.array(
          z.object({ id: count, fileName: z.string(), status: z.enum(statuses), progress: progressSchema.nullable() }),
        ),
      }),
    ),
  })
  .openapi("QueueState");

const get = createRoute({
  method: "get",
  path: "/queue",
  operationId: "getQueue",
  tags: ["Operation"],
  summary: "What waits, what runs, and which workers are there",
  description: "For an admin: of the imports that they may see.",
  responses: { 200: json(queueSchema, "As it is now."), ...problems("forbidden") },
});

const redrive = createRoute({
  method: "post",
  path: "/queue/redrive",
  operationId: "redriveQueue",
  tags: ["Operation"],
  summary: "Put in again the deliveries and the sinks' messages that failed for good",
  description:
    "For an admin where no importer has a context, else for an operator. An import that is done with meanwhile is not touched by it; one that waits already is not put in twice, nor counted.",
  responses: {
    200: json(z.object({ deliveries: count }).openapi("Redriven"), "How many there were."),
    ...problems("forbidden"),
  },
});

export function queueStateRoutes(parts: HttpParts): Router {
  const { engine, queue, outbox } = parts;
  const routes = newRouter();
  const { measures } = engine;
  routes.openapi(get, async (c) => {
    refuseUnlessAdmin(c);
    const { isUnbounded } = c.get("reach");
    const language = languageOf(c, parts);
    const bounds = await c.get("reach").bounds();
    const [{ imports, oldestWaitingSeconds, rowsPerSecond }, workers, deliveries, sinks] = await Promise.all([
      measures.standing(bounds),
      measures.workers(bounds),
      queue === null || !isUnbounded ? null : queue.depth(),
      outbox === null || !isUnbounded ? null : outbox.standing(),
    ]);
    const { queued = 0, parsing = 0, committing = 0, undoing = 0, paused = 0, failed = 0 } = imports;
    return c.json(
      {
        imports: { waiting: queued, running: parsing + committing + undoing, paused, failed },
        oldestWaitingSeconds,
        rowsPerSecond: Object.values(rowsPerSecond).reduce((sum, each) => sum + each, 0),
        deliveries,
        sinks,
        workers: workers.map(({ startedAt, heartbeatAt, imports: worked, ...worker }) => ({
          ...worker,
          imports: worked.map(({ progress, ...each }) => ({
            ...each,
            progress: progress === null ? null : presentProgress(progress, undefined, language),
          })),
          startedAt: startedAt.toISOString(),
          heartbeatAt: heartbeatAt.toISOString(),
        })),
      },
      200,
    );
  });
  routes.openapi(redrive, async (c) => {
    refuseUnlessUnbounded(c);
    const [deliveries, messages] = await Promise.all([queue?.redrive() ?? 0, outbox?.redrive() ?? 0]);
    // Their chore finds them, where there is one.
    for (const { name, waiting } of messages === 0 || outbox === null ? [] : await outbox.standing())
      if (waiting > 0) await queue?.enqueue({ kind: "deliver", sink: name }).catch(() => {});
    return c.json({ deliveries: deliveries + messages }, 200);
  });
  return routes;
}
