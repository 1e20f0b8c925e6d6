/** `/imports/{id}/events` and `/events`: what happened to imports, as a list and as a stream of server-sent events. */
import { createRoute, z } from "@hono/zod-openapi";
import { SluiceError, told } from "../../core/errors.ts";
import type { SignedIn } from "../../core/users.ts";
import { reachOf } from "../accounts/auth-guard.ts";
import { presentEvent } from "../events/event-frame.ts";
import type { Reach } from "../request/reach.ts";
import { type HttpContext, type HttpParts, importFor, languageOf } from "../request/request-context.ts";
import {
  importPath,
  languageQuery,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  type Router,
  toPage,
} from "../request/router.ts";

const eventSchema = z
  .object({
    id: z.number().int(),
    jobId: z.number().int(),
    name: z.string().openapi({ example: "import.completed" }),
    at: z.iso.datetime(),
    actor: z.string().nullable().openapi({ description: "The user who asked for it; null: Sluice itself." }),
    actorName: z.string().nullable().optional().openapi({
      description: "What they are called, where Sluice keeps the users. Not in the stream.",
    }),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi("Event", { description: "Never carries a cell's value." });

const streamDescription =
  "Unnamed events (`onmessage`) are those of the timeline, with their `id`. `progress` has `{jobId, progress}` and no id; a slow " +
  "reader gets the newest alone. `deleted` ends what there is to tell of an import. After a lost connection `Last-Event-ID` brings " +
  "what was missed; an event may then come twice, ids tell. The stream stays open whatever the import's status, since it may be " +
  "retried or undone: close it when you have seen enough. A comment comes every 15 s.";

const stream = {
  "text/event-stream": { schema: z.string().openapi({ example: 'id: 7\ndata: {"id":7,"jobId":42,…}\n\n' }) },
};
const resume = z.object({
  "last-event-id": z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .openapi({ description: "The last event that you have." }),
});

const ofImport = createRoute({
  method: "get",
  path: "/imports/{id}/events",
  operationId: "listImportEvents",
  tags: ["Events"],
  summary: "An import's timeline; as text/event-stream it goes on",
  description: `With \`Accept: text/event-stream\` the timeline from its beginning, then whatever happens. ${streamDescription}`,
  request: { params: importPath, query: z.object({ ...pageQuery(200, 1000), lang: languageQuery }), headers: resume },
  responses: {
    200: {
      description: "A page, or the stream.",
      content: { "application/json": { schema: pageOf(eventSchema).openapi("EventPage") }, ...stream },
    },
    ...problems("not_found"),
  },
});

const ofAll = createRoute({
  method: "get",
  path: "/events",
  operationId: "followEvents",
  tags: ["Events"],
  summary: "Whatever happens to your imports (an admin: to all), as a stream",
  description: `From now on. ${streamDescription}`,
  request: { query: z.object({ lang: languageQuery }), headers: resume },
  responses: { 200: { description: "The stream.", content: stream }, ...problems() },
});

export function importEventRoutes(parts: HttpParts): Router {
  const routes = newRouter();

  routes.openapi(ofImport, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    c.header("Vary", "Accept", { append: true });
    if (c.req.header("accept")?.includes("text/event-stream")) return (await follow(parts, c, job.id)) as never;
    const { after, limit } = c.req.valid("query");
    const found = await parts.engine.events.list(job.id, Number(after ?? 0), limit + 1);
    return c.json(
      toPage(found, limit, ({ id }) => id, presentEvent),
      200,
    );
  });

  routes.openapi(ofAll, async (c) => (await follow(parts, c)) as never);
  return routes;
}

/** Who somebody is, and what they may, can change while a stream is open: how often they are checked. */
const judgedMs = 30_000;

async function follow(parts: HttpParts, c: HttpContext, jobId?: number): Promise<Response> {
  const { feed } = parts;
  const { user, seesOthers, isUnbounded } = c.get("reach");
  let judged = Promise.resolve(c.get("reach"));
  let judgedAt = performance.now();
  const lastEventId = c.req.header("last-event-id");
  const body = feed.follow({
    jobId,
    filter: { createdBy: seesOthers ? undefined : user.id, bounds: await c.get("reach").bounds() },
    async sees(job) {
      if (performance.now() - judgedAt > judgedMs) {
        judged = reachAnew(parts, user, c.req.raw);
        judgedAt = performance.now();
      }
      return (await judged).mayWith("view", job);
    },
    seesAll: isUnbounded,
    language: languageOf(c, parts),
    afterId: lastEventId === undefined ? null : Number(lastEventId),
    signal: c.req.raw.signal,
  });
  return c.body(body as ReadableStream<Uint8Array<ArrayBuffer>>, 200, {
    "content-type": "text/event-stream",
    "cache-control": "no-cache, no-transform",
    // nginx would hold the stream back.
    "x-accel-buffering": "no",
  });
}

/** @throws SluiceError `unauthorized` for readers who have lost access or are somebody else now: they start over. */
async function reachAnew(parts: HttpParts, before: SignedIn, request: Request): Promise<Reach> {
  const user = await parts.authenticate(request);
  if (user === null || user.id !== before.id || user.role !== before.role)
    throw new SluiceError("unauthorized", told`Sign in, or send a token.`);
  return reachOf(parts, user, request);
}
