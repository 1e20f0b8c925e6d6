/** `/sinks/{name}`: what an operator does with a sink of an importer: looks at what it refused, lets it try again, builds its index anew. */
import { createRoute, z } from "@hono/zod-openapi";
import { SluiceError, told } from "../../core/errors.ts";
import { type RebuildState, type RecordOutbox, rebuildPhases } from "../../core/store/record-outbox.ts";
import { refuseUnlessUnbounded } from "../accounts/auth-guard.ts";
import type { HttpParts } from "../request/request-context.ts";
import { json, newRouter, pageOf, pageQuery, problems, type Router, toPage } from "../request/router.ts";

const tags = ["Operation"];
const count = z.number().int();
const params = z.object({
  name: z.string().openapi({ param: { name: "name", in: "path" }, description: "As `GET /queue` has it." }),
});

/** How far a rebuild is. */
export const rebuildView = z.object({
  phase: z.enum(rebuildPhases),
  loaded: count,
  total: count.nullable().openapi({ description: "Records in the table when it began, about." }),
  startedAt: z.iso.datetime(),
});
const rebuildSchema = rebuildView.openapi("SinkRebuild");

const refused = createRoute({
  method: "get",
  path: "/sinks/{name}/refused",
  operationId: "listRefused",
  tags,
  summary: "Records that an importer's sink refused, the latest first",
  description: "For an admin where no importer has a context, else for an operator.",
  request: { params, query: z.object(pageQuery(100, 1000)) },
  responses: {
    200: json(
      pageOf(
        z
          .object({
            record: z.string().openapi({ description: "The record's id." }),
            reason: z.string().openapi({ description: "As the sink says it." }),
            importId: count.nullable().openapi({ description: "Whose change it was; null: a rebuild sent it." }),
            at: z.iso.datetime(),
          })
          .openapi("RefusedRecord"),
      ),
      "A page of them.",
    ),
    ...problems("not_found"),
  },
});

const retry = createRoute({
  method: "post",
  path: "/sinks/{name}/retry",
  operationId: "retrySink",
  tags,
  summary: "Put in again what a sink refused, and let one go on that has stopped",
  description: "For an admin where no importer has a context, else for an operator.",
  request: { params },
  responses: { 200: json(z.object({ records: count }), "How many records that is."), ...problems("not_found") },
});

const rebuild = createRoute({
  method: "post",
  path: "/sinks/{name}/rebuild",
  operationId: "rebuildSink",
  tags,
  summary: "Build a sink's index anew, beside the one in use",
  description:
    "A worker makes a new index, loads every record, gives it what has changed meanwhile, and puts it in the place of the old one. For an admin where no importer has a context, else for an operator.",
  request: { params },
  responses: {
    202: json(rebuildSchema, "It has begun; `GET /queue` tells of it."),
    ...problems("not_found", "conflict"),
  },
});

const cancel = createRoute({
  method: "delete",
  path: "/sinks/{name}/rebuild",
  operationId: "cancelSinkRebuild",
  tags,
  summary: "Give a rebuild up that is not swapped in yet, and drop what it has made",
  description: "For an admin where no importer has a context, else for an operator.",
  request: { params },
  responses: { 204: { description: "It is given up." }, ...problems("not_found", "conflict") },
});

export function sinkRoutes({ outbox, queue }: HttpParts): Router {
  const routes = newRouter();
  const of = (name: string): RecordOutbox => {
    if (outbox === null) throw new SluiceError("not_found", told`There is no sink "${name}".`);
    return outbox.records;
  };
  /** Their chore would find it too, a moment later. */
  const wake = (name: string): Promise<void> | undefined => queue?.enqueue({ kind: "deliver", sink: name });
  routes.openapi(refused, async (c) => {
    refuseUnlessUnbounded(c);
    const { after, limit } = c.req.valid("query");
    const offset = after === undefined ? 0 : Number(after);
    const { name } = c.req.valid("param");
    const found = await of(name).setAside(name, { limit: limit + 1, offset });
    return c.json(
      toPage(
        found,
        limit,
        () => offset + limit,
        ({ id, reason, jobId, at }) => ({
          ...{ record: id, reason, importId: jobId, at: at.toISOString() },
        }),
      ),
      200,
    );
  });
  routes.openapi(retry, async (c) => {
    refuseUnlessUnbounded(c);
    const { name } = c.req.valid("param");
    const records = await of(name).retry(name);
    await wake(name);
    return c.json({ records }, 200);
  });
  routes.openapi(rebuild, async (c) => {
    refuseUnlessUnbounded(c);
    const { name } = c.req.valid("param");
    const state = await of(name).askRebuild(name, c.get("user").id);
    await wake(name);
    return c.json(shown(state), 202);
  });
  routes.openapi(cancel, async (c) => {
    refuseUnlessUnbounded(c);
    const { name } = c.req.valid("param");
    await of(name).cancelRebuild(name);
    await wake(name);
    return c.body(null, 204);
  });
  return routes;
}

function shown({ phase, loaded, total, startedAt }: RebuildState) {
  return { phase, loaded, total, startedAt };
}
