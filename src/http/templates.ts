/** `/templates`: remembered mappings, looked at, saved from an import, forgotten. */
import { createRoute, z } from "@hono/zod-openapi";
import { SluiceError } from "../errors.ts";
import type { MappingTemplate } from "../templates.ts";
import type { User } from "../users.ts";
import { type HttpParts, importFor } from "./parts.ts";
import { body, idNumber, json, newRouter, pageOf, pageQuery, problems, type Router, toPage } from "./router.ts";
import { presentTemplate, templateSchema } from "./template-view.ts";

const tags = ["Templates"];
const path = z.object({ id: idNumber.openapi({ param: { name: "id", in: "path" }, example: 7 }) });

const list = createRoute({
  method: "get",
  path: "/templates",
  tags,
  summary: "Your remembered mappings (an admin: all), the newest first",
  request: {
    query: z.object({
      ...pageQuery(50, 200),
      importer: z.string().max(100).optional(),
      fingerprint: z.string().length(64).optional(),
    }),
  },
  responses: { 200: json(pageOf(templateSchema).openapi("TemplatePage"), "A page."), ...problems() },
});

const get = createRoute({
  method: "get",
  path: "/templates/{id}",
  tags,
  summary: "A remembered mapping",
  request: { params: path },
  responses: { 200: json(templateSchema, "The template."), ...problems("not_found") },
});

const put = createRoute({
  method: "put",
  path: "/templates",
  tags,
  summary: "Remember an import's mapping and options now, before it is completed",
  description:
    "In place of the one for the same importer and columns. A completed import's are remembered by themselves.",
  request: body(z.strictObject({ importId: z.number().int().positive() }).openapi("NewTemplate")),
  responses: { 200: json(templateSchema, "The template."), ...problems("not_found", "conflict") },
});

const remove = createRoute({
  method: "delete",
  path: "/templates/{id}",
  tags,
  summary: "Forget it",
  request: { params: path },
  responses: { 204: { description: "It is forgotten." }, ...problems("not_found") },
});

export function templateRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { templates } = parts.engine.store;
  const own = async (user: User, id: number): Promise<MappingTemplate> => {
    const gone = new SluiceError("not_found", `There is no template ${id}. List yours with GET /templates.`);
    const template = await templates.get(id).catch((error: unknown) => {
      throw error instanceof SluiceError && error.code === "not_found" ? gone : error;
    });
    if (user.role !== "admin" && template.createdBy !== user.id) throw gone;
    return template;
  };

  routes.openapi(list, async (c) => {
    const user = c.get("user");
    const { after, limit, importer, fingerprint } = c.req.valid("query");
    const found = await templates.list(
      { importer, fingerprint, createdBy: user.role === "admin" ? undefined : user.id },
      { after: after === undefined ? undefined : Number(after), limit: limit + 1 },
    );
    return c.json(
      toPage(found, limit, ({ id }) => id, presentTemplate),
      200,
    );
  });

  routes.openapi(get, async (c) => c.json(presentTemplate(await own(c.get("user"), c.req.valid("param").id)), 200));

  routes.openapi(put, async (c) => {
    const user = c.get("user");
    const { importId } = c.req.valid("json");
    const job = await importFor(parts, user, importId, "view");
    const template = await templates.put({
      importer: job.importer,
      createdBy: user.id,
      fingerprint: job.fingerprint ?? parts.preparation.fingerprint(job.dialect.columns),
      mapping: job.mapping,
      assignment: job.assignment,
      duplicates: job.duplicates,
    });
    return c.json(presentTemplate(template), 200);
  });

  routes.openapi(remove, async (c) => {
    const { id } = await own(c.get("user"), c.req.valid("param").id);
    await templates.delete(id);
    return c.body(null, 204);
  });
  return routes;
}
