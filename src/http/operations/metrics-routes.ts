/** `/metrics`, for a scraper on this machine, with the metrics' token, or for an admin; and the clock on every request. */
import { createHash, timingSafeEqual } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { SluiceError } from "../../core/errors.ts";
import { admit, reachOf } from "../accounts/auth-guard.ts";
import { bearerOf } from "../auth/auth.ts";
import { isLoopback } from "../auth/client-address.ts";
import type { Metrics } from "../request/metrics.ts";
import type { HttpContext, HttpEnv, HttpParts } from "../request/request-context.ts";
import { newRouter, problems, type Router } from "../request/router.ts";

const read = createRoute({
  method: "get",
  path: "/metrics",
  operationId: "getMetrics",
  tags: ["Operation"],
  summary: "Metrics for Prometheus",
  responses: {
    200: { description: "In Prometheus' text format.", content: { "text/plain": { schema: z.string() } } },
    ...problems("forbidden"),
  },
});

export function metricsRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  routes.openapi(read, async (c) => {
    await refuseStrangers(c, parts);
    return c.body(await parts.metrics.text(), 200, { "content-type": parts.metrics.contentType }) as never;
  });
  return routes;
}

async function refuseStrangers(c: HttpContext, parts: HttpParts): Promise<void> {
  const { access } = parts;
  if (access.metricsOnLoopback && isLoopback(c)) return;
  const token = bearerOf(c.req.raw);
  if (token !== null && access.metricsToken !== null && isSame(token, access.metricsToken)) return;
  const user = await admit(c, parts);
  // They count the imports of all tenants.
  if (!reachOf(parts, user, c.req.raw).isUnbounded)
    throw new SluiceError(
      "forbidden",
      "Only an admin may read the metrics; where importers have context, an operator.",
    );
}

/** Takes as long whatever they have in common; hashed, so that they are of one length. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Notes how long each answer took to begin. */
export function timing(metrics: Metrics): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const begun = performance.now();
    await next();
    // The last that fits is the most exact; what ends in `*` is what many routes pass.
    const route = matchedRoutes(c).findLast(({ path }) => !path.endsWith("*"))?.path ?? "(none)";
    const method = methods.has(c.req.method) ? c.req.method : "(other)";
    metrics.observe({ method, route, status: c.res.status, seconds: (performance.now() - begun) / 1000 });
  };
}
