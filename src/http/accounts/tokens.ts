/** `/tokens`: credentials of programs. A token is returned once, when it is created. */
import { createRoute, z } from "@hono/zod-openapi";
import type { HttpParts } from "../request/request-context.ts";
import {
  body,
  idNumber,
  json,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  type Router,
  toPage,
} from "../request/router.ts";
import { authorOf, refuseUnlessAdmin } from "./auth-guard.ts";
import { refuseHigherRole, refuseUnlessOwn } from "./own-account.ts";
import { presentToken, roleSchema, tokenSchema } from "./user-view.ts";

const tags = ["Users"];
const dayMs = 24 * 3600 * 1000;

const list = createRoute({
  method: "get",
  path: "/tokens",
  operationId: "listTokens",
  tags,
  summary: "The tokens there are, the newest first (admin)",
  request: { query: z.object(pageQuery(50, 500)) },
  responses: { 200: json(pageOf(tokenSchema), "A page of tokens."), ...problems("forbidden") },
});

const create = createRoute({
  method: "post",
  path: "/tokens",
  operationId: "createToken",
  tags,
  summary: "Make a token (admin)",
  request: body(
    z
      .object({
        name: z.string().trim().min(1).max(200).openapi({ description: "What it is for." }),
        userId: z
          .string()
          .max(200)
          .optional()
          .openapi({ description: "In whose name; default: yours. A user that Sluice keeps, not one of a JWT." }),
        role: roleSchema.default("user"),
        expiresInDays: z
          .number()
          .int()
          .min(1)
          .max(3650)
          .nullable()
          .default(null)
          .openapi({ description: "Null: never." }),
      })
      .openapi("NewToken", { example: { name: "ci" } as never }),
  ),
  responses: {
    201: json(
      tokenSchema.extend({ token: z.string().openapi({ description: "Kept as a hash: it is told this once." }) }),
      "The token.",
    ),
    ...problems("forbidden", "not_found", "conflict"),
  },
});

const revoke = createRoute({
  method: "delete",
  path: "/tokens/{id}",
  operationId: "revokeToken",
  tags,
  summary: "Revoke a token, for good (admin)",
  request: { params: z.object({ id: idNumber.openapi({ param: { name: "id", in: "path" } }) }) },
  responses: { 200: json(tokenSchema, "The token, revoked."), ...problems("forbidden", "not_found") },
});

export function tokenRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { users } = parts.engine;

  routes.openapi(list, async (c) => {
    refuseUnlessAdmin(c);
    const { after, limit } = c.req.valid("query");
    const { isUnbounded, user } = c.get("reach");
    const found = await users.listTokens({
      after: after === undefined ? undefined : Number(after),
      limit: limit + 1,
      ...(!isUnbounded && { userId: user.id }),
    });
    return c.json(
      toPage(found, limit, ({ id }) => id, presentToken),
      200,
    );
  });
  routes.openapi(create, async (c) => {
    const { name, userId = c.get("user").id, role, expiresInDays } = c.req.valid("json");
    refuseUnlessOwn(c, userId);
    refuseHigherRole(c, role);
    const expiresAt = expiresInDays === null ? null : new Date(Date.now() + expiresInDays * dayMs);
    const { token, secret } = await users.createToken({ name, userId, role, expiresAt }, authorOf(c, parts));
    return c.json({ ...presentToken(token), token: secret }, 201);
  });
  routes.openapi(revoke, async (c) => {
    refuseUnlessAdmin(c);
    const { isUnbounded, user } = c.get("reach");
    const { id } = c.req.valid("param");
    const revoked = await users.revokeToken(id, authorOf(c, parts), isUnbounded ? undefined : user.id);
    return c.json(presentToken(revoked), 200);
  });
  return routes;
}
