/** `/imports`: looked up, listed, deleted. */
import { createRoute, z } from "@hono/zod-openapi";
import { SluiceError } from "../errors.ts";
import { statuses } from "../import.ts";
import { importAnswer, importSchema, presentImport } from "./import-view.ts";
import { type HttpParts, importFor } from "./parts.ts";
import {
  idNumber,
  importPath,
  json,
  listQuery,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  type Router,
  toPage,
} from "./router.ts";

const tags = ["Imports"];

const list = createRoute({
  method: "get",
  path: "/imports",
  tags,
  summary: "Your imports (an admin: all), the newest first",
  request: {
    query: z.object({
      ...pageQuery(50, 200),
      status: listQuery(statuses),
      importer: z.string().max(100).optional(),
      user: z.string().max(200).optional().openapi({ description: "Whose; for admins. `me`: your own." }),
      text: z.string().max(200).optional().openapi({ description: "Part of the file's name." }),
      from: z.coerce
        .date()
        .optional()
        .openapi({ type: "string", format: "date-time", description: "Made then or later." }),
      to: z.coerce.date().optional().openapi({ type: "string", format: "date-time", description: "Made before." }),
      parentId: idNumber.optional(),
    }),
  },
  responses: { 200: json(pageOf(importSchema).openapi("ImportPage"), "A page."), ...problems("forbidden") },
});

const get = createRoute({
  method: "get",
  path: "/imports/{id}",
  tags,
  summary: "An import: its status, counts and progress",
  request: { params: importPath },
  responses: { 200: importAnswer, ...problems("not_found") },
});

const remove = createRoute({
  method: "delete",
  path: "/imports/{id}",
  tags,
  summary: "Delete all that is kept of an import at rest",
  description: "Its records stay where they are, and can no longer be undone.",
  request: { params: importPath },
  responses: { 204: { description: "It is gone." }, ...problems("not_found", "forbidden", "conflict") },
});

export function importsRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { engine } = parts;
  const { archive } = engine.store;

  routes.openapi(list, async (c) => {
    const user = c.get("user");
    const { after, limit, status, user: whose, ...filter } = c.req.valid("query");
    const asked = whose === "me" ? user.id : whose;
    if (user.role !== "admin" && asked !== undefined && asked !== user.id) {
      throw new SluiceError("forbidden", "Only an administrator lists other people's imports.");
    }
    const found = await archive.list(
      { ...filter, statuses: status, createdBy: user.role === "admin" ? asked : user.id },
      { after: after === undefined ? undefined : Number(after), limit: limit + 1 },
    );
    return c.json(
      toPage(
        found,
        limit,
        ({ id }) => id,
        (job) => presentImport(job),
      ),
      200,
    );
  });

  routes.openapi(get, async (c) => {
    const job = await importFor(parts, c.get("user"), c.req.valid("param").id, "view");
    return c.json(presentImport(job, await engine.store.importCounts(job.id)), 200);
  });

  routes.openapi(remove, async (c) => {
    const user = c.get("user");
    const { id } = c.req.valid("param");
    await importFor(parts, user, id, "delete");
    await engine.delete(id, user.id);
    return c.body(null, 204);
  });
  return routes;
}
