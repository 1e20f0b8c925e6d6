/** `/me`, `/sign-out`, `/users` and `/audit`: who is signed in, who may come in, and who changed that. */
import { createRoute, z } from "@hono/zod-openapi";
import { auditNames, signInLink } from "../../core/users.ts";
import { sessionCookie, sessionOf } from "../auth/session.ts";
import type { HttpParts } from "../request/request-context.ts";
import { body, json, newRouter, pageOf, pageQuery, problems, type Router, toPage } from "../request/router.ts";
import { authorOf, refuseUnlessAdmin, refuseUnlessUnbounded } from "./auth-guard.ts";
import { refuseHigherRole, refuseUnlessOwn } from "./own-account.ts";
import {
  accountSchema,
  auditSchema,
  emailSchema,
  presentAccount,
  presentAuditEntry,
  roleSchema,
  userSchema,
} from "./user-view.ts";

const tags = ["Users"];
const nameSchema = z.string().trim().min(1).max(200);
const userPath = z.object({
  id: z
    .string()
    .min(1)
    .max(200)
    .openapi({ param: { name: "id", in: "path" } }),
});

const me = createRoute({
  method: "get",
  path: "/me",
  operationId: "getMe",
  tags,
  summary: "Who asks",
  responses: { 200: json(userSchema, "You."), ...problems() },
});

const signOut = createRoute({
  method: "post",
  path: "/sign-out",
  operationId: "signOut",
  tags,
  summary: "End the session of the request's cookie",
  responses: { 204: { description: "It has ended." }, ...problems("forbidden") },
});

const list = createRoute({
  method: "get",
  path: "/users",
  operationId: "listUsers",
  tags,
  summary: "The users that Sluice keeps, in the order they came (admin)",
  request: { query: z.object(pageQuery(50, 500)) },
  responses: { 200: json(pageOf(accountSchema), "A page of users."), ...problems("forbidden") },
});

const create = createRoute({
  method: "post",
  path: "/users",
  operationId: "createUser",
  tags,
  summary: "Add a user (admin)",
  request: body(
    z
      .object({ name: nameSchema, role: roleSchema.default("user"), email: emailSchema.optional() })
      .openapi("NewUser", { example: { name: "Anna" } as never }),
  ),
  responses: { 201: json(accountSchema, "The user."), ...problems("forbidden", "conflict") },
});

const change = createRoute({
  method: "patch",
  path: "/users/{id}",
  operationId: "changeUser",
  tags,
  summary: "Rename, promote or disable a user (admin)",
  request: {
    params: userPath,
    ...body(
      z
        .object({
          name: nameSchema.optional(),
          role: roleSchema.optional(),
          disabled: z.boolean().optional().openapi({ description: "True ends their sessions; tokens serve no more." }),
          email: emailSchema.optional(),
        })
        .openapi("UserChanges", { example: { disabled: true } }),
    ),
  },
  responses: { 200: json(accountSchema, "The user."), ...problems("forbidden", "not_found", "conflict") },
});

const link = createRoute({
  method: "post",
  path: "/users/{id}/sign-in-link",
  operationId: "createSignInLink",
  tags,
  summary: "A link that signs the user in, once, within half an hour (admin)",
  request: { params: userPath },
  responses: {
    201: json(
      z.object({ url: z.string(), expiresAt: z.iso.datetime() }).openapi("SignInLink"),
      "The link. It is told this once.",
    ),
    ...problems("forbidden", "not_found", "conflict"),
  },
});

const endSessions = createRoute({
  method: "delete",
  path: "/users/{id}/sessions",
  operationId: "endSessions",
  tags,
  summary: "Sign a user out everywhere (admin)",
  request: { params: userPath },
  responses: { 204: { description: "They are signed out." }, ...problems("forbidden", "not_found") },
});

const audit = createRoute({
  method: "get",
  path: "/audit",
  operationId: "listAudit",
  tags,
  summary: "Who signed in, and who changed users and tokens, the newest first (admin)",
  request: {
    query: z.object({
      ...pageQuery(50, 500),
      actor: z.string().max(200).optional().openapi({ description: "Id of the user who did it." }),
      userId: z.string().max(200).optional().openapi({ description: "Id of the user it is about." }),
      name: z.enum(auditNames).optional(),
    }),
  },
  responses: { 200: json(pageOf(auditSchema), "A page of the audit trail."), ...problems("forbidden") },
});

export function userRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { users } = parts.engine;

  routes.openapi(me, (c) => {
    const { id, name, role } = c.get("user");
    return c.json({ id, name, role }, 200);
  });
  routes.openapi(signOut, async (c) => {
    const isHttps = parts.access.isHttps(c.req.raw);
    const session = sessionOf(c.req.raw, isHttps);
    if (session !== null) await users.signOut(session);
    c.header("Set-Cookie", sessionCookie("", isHttps));
    return c.body(null, 204);
  });
  routes.openapi(list, async (c) => {
    refuseUnlessAdmin(c);
    const { after, limit } = c.req.valid("query");
    const { isUnbounded, user } = c.get("reach");
    if (!isUnbounded) {
      const own = await users.get(user.id).catch(() => null);
      return c.json({ items: own === null || after !== undefined ? [] : [presentAccount(own)], next: null }, 200);
    }
    const found = await users.list({ after: after === undefined ? undefined : Number(after), limit: limit + 1 });
    return c.json(
      toPage(found, limit, ({ number }) => number, presentAccount),
      200,
    );
  });
  routes.openapi(create, async (c) => {
    refuseUnlessUnbounded(c);
    const fresh = c.req.valid("json");
    refuseHigherRole(c, fresh.role);
    return c.json(presentAccount(await users.create(fresh, authorOf(c, parts))), 201);
  });
  routes.openapi(change, async (c) => {
    refuseUnlessUnbounded(c);
    const { id } = c.req.valid("param");
    const changes = c.req.valid("json");
    if (changes.role !== undefined) refuseHigherRole(c, changes.role);
    const changed = await users.change(id, changes, authorOf(c, parts));
    return c.json(presentAccount(changed), 200);
  });
  routes.openapi(link, async (c) => {
    refuseUnlessOwn(c, c.req.valid("param").id);
    const { code, expiresAt } = await users.newSignInCode(c.req.valid("param").id, authorOf(c, parts));
    const baseUrl = parts.access.baseUrl(c.req.raw, parts.basePath);
    return c.json({ url: signInLink(baseUrl, code), expiresAt: expiresAt.toISOString() }, 201);
  });
  routes.openapi(endSessions, async (c) => {
    refuseUnlessOwn(c, c.req.valid("param").id);
    await users.endSessions(c.req.valid("param").id, authorOf(c, parts));
    return c.body(null, 204);
  });
  routes.openapi(audit, async (c) => {
    refuseUnlessAdmin(c);
    const { after, limit, ...filter } = c.req.valid("query");
    const { isUnbounded, user } = c.get("reach");
    const found = await users.audit(isUnbounded ? filter : { ...filter, concerning: user.id }, {
      after: after === undefined ? undefined : Number(after),
      limit: limit + 1,
    });
    return c.json(
      toPage(found, limit, ({ id }) => id, presentAuditEntry),
      200,
    );
  });
  return routes;
}
