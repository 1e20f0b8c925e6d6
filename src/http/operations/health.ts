/** `/healthz`: the process answers. `/readyz`: requests may be sent here. */
import { createRoute, z } from "@hono/zod-openapi";
import { SluiceError, told } from "../../core/errors.ts";
import { within } from "../../core/within.ts";
import type { HttpParts } from "../request/request-context.ts";
import { json, newRouter, problemSchema, type Router } from "../request/router.ts";

/** A database that takes longer serves nobody. */
const patienceMs = 3000;

const status = z.object({ status: z.literal("ok") });

const alive = createRoute({
  method: "get",
  path: "/healthz",
  operationId: "getHealth",
  tags: ["Operation"],
  security: [],
  summary: "The process answers",
  responses: { 200: json(status, "It does.") },
});

const ready = createRoute({
  method: "get",
  path: "/readyz",
  operationId: "getReadiness",
  tags: ["Operation"],
  security: [],
  summary: "The database answers, its tables are those of this version, and the server is not stopping",
  responses: {
    200: json(status, "Requests may be sent here."),
    503: {
      description: "Send requests elsewhere.",
      content: { "application/problem+json": { schema: problemSchema } },
    },
  },
});

export function healthRoutes(parts: Pick<HttpParts, "engine" | "stopping">): Router {
  const routes = newRouter();
  const { measures } = parts.engine;
  routes.openapi(alive, (c) => {
    // So that a page of an origin that is not allowed can tell a server that keeps it out from one that is away.
    c.header("Cross-Origin-Resource-Policy", "cross-origin");
    return c.json({ status: "ok" as const }, 200);
  });
  routes.openapi(ready, async (c) => {
    if (parts.stopping?.aborted) throw new SluiceError("unavailable", told`The server is shutting down.`);
    try {
      await within(
        AbortSignal.timeout(patienceMs),
        () => measures.checkReady(),
        () => new SluiceError("unavailable", told`The database takes too long to respond.`),
      );
    } catch (cause) {
      if (cause instanceof SluiceError) throw cause;
      throw new SluiceError("unavailable", told`The database is not responding.`, { cause });
    }
    return c.json({ status: "ok" as const }, 200);
  });
  return routes;
}
