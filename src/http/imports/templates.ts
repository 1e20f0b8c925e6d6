/** `/templates`: remembered mappings: read, saved from an import, deleted. */
import { createRoute, z } from "@hono/zod-openapi";
import { pickOptions, rememberedNames } from "../../core/import-options.ts";
import { rememberedReading } from "../../core/reading.ts";
import type { ArchivedImport } from "../../core/store/archive.ts";
import type { MappingTemplate } from "../../core/store/templates.ts";
import { type HttpParts, importerOf, importFor } from "../request/request-context.ts";
import {
  body,
  idNumber,
  importPath,
  json,
  newRouter,
  pageOf,
  pageOfListed,
  pageQuery,
  problems,
  type Router,
} from "../request/router.ts";
import { mappingSchema, presentMapping } from "./options.ts";
import { ownTemplate, templateFor } from "./template-access.ts";
import { presentTemplate, templateSchema } from "./template-view.ts";

const tags = ["Templates"];
const path = z.object({ id: idNumber.openapi({ param: { name: "id", in: "path" }, example: 7 }) });

const name = z.string().trim().min(1).max(100).openapi({ example: "Trade fair" });

const list = createRoute({
  method: "get",
  path: "/templates",
  operationId: "listTemplates",
  tags,
  summary: "Your remembered mappings (an admin: all), the newest first",
  request: {
    query: z.object({
      ...pageQuery(50, 200),
      importer: z.string().max(100).optional(),
      fingerprint: z.string().length(64).optional(),
      importId: z.coerce
        .number()
        .int()
        .positive()
        .optional()
        .openapi({ description: "Your own that fit this import." }),
    }),
  },
  responses: { 200: json(pageOf(templateSchema).openapi("TemplatePage"), "A page."), ...problems("not_found") },
});

const get = createRoute({
  method: "get",
  path: "/templates/{id}",
  operationId: "getTemplate",
  tags,
  summary: "A remembered mapping",
  request: { params: path },
  responses: { 200: json(templateSchema, "The template."), ...problems("not_found") },
});

const put = createRoute({
  method: "put",
  path: "/templates",
  operationId: "saveTemplate",
  tags,
  summary: "Remember an import's mapping and options now, before it is completed",
  description:
    "In place of the one for the same importer and columns. A completed import's are remembered by themselves.",
  request: body(
    z
      .strictObject({ importId: z.number().int().positive(), name: name.optional() })
      .openapi("NewTemplate", { example: { importId: 42 } }),
  ),
  responses: { 200: json(templateSchema, "The template."), ...problems("not_found", "conflict") },
});

const rename = createRoute({
  method: "patch",
  path: "/templates/{id}",
  operationId: "changeTemplate",
  tags,
  summary: "Give it a name, or take it away",
  request: {
    params: path,
    ...body(z.strictObject({ name: name.nullable() }).openapi("TemplateName", { example: { name: "Trade fair" } })),
  },
  responses: { 200: json(templateSchema, "The template."), ...problems("not_found") },
});

const use = createRoute({
  method: "post",
  path: "/imports/{id}/template",
  operationId: "applyTemplate",
  tags,
  summary: "Use a remembered mapping and its options for a pending import",
  description: "In place of what was suggested and said. Columns that it does not know get a suggestion.",
  request: {
    params: importPath,
    ...body(
      z
        .strictObject({ templateId: z.number().int().positive() })
        .openapi("UsedTemplate", { example: { templateId: 7 } }),
    ),
  },
  responses: { 200: json(mappingSchema, "The mapping."), ...problems("not_found", "forbidden", "conflict") },
});

const remove = createRoute({
  method: "delete",
  path: "/templates/{id}",
  operationId: "deleteTemplate",
  tags,
  summary: "Forget it",
  request: { params: path },
  responses: { 204: { description: "It is forgotten." }, ...problems("not_found") },
});

export function templateRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { templates } = parts.engine;
  const fits = (job: ArchivedImport): Pick<MappingTemplate, "importer" | "context" | "fingerprint"> => ({
    importer: job.importer,
    context: job.context,
    fingerprint: job.fingerprint ?? parts.preparation.fingerprint(job.dialect.columns),
  });

  routes.openapi(list, async (c) => {
    const user = c.get("user");
    const { after, limit, importer, fingerprint, importId } = c.req.valid("query");
    const reach = c.get("reach");
    const filter =
      importId === undefined
        ? {
            importer,
            fingerprint,
            createdBy: reach.seesOthers ? undefined : user.id,
            bounds: await reach.bounds(),
          }
        : { ...fits(await importFor(parts, c, importId, "view")), createdBy: user.id };
    const found = await templates.list(filter, {
      after: after === undefined ? undefined : Number(after),
      limit,
    });
    return c.json(
      pageOfListed(found, ({ id }) => id, presentTemplate),
      200,
    );
  });

  routes.openapi(get, async (c) => c.json(presentTemplate(await ownTemplate(parts, c, c.req.valid("param").id)), 200));

  routes.openapi(put, async (c) => {
    const user = c.get("user");
    const { importId, name = null } = c.req.valid("json");
    const job = await importFor(parts, c, importId, "view");
    const template = await templates.put({
      ...fits(job),
      createdBy: user.id,
      name,
      mapping: job.mapping,
      reading: rememberedReading(job.dialect),
      ...pickOptions(job, rememberedNames),
    });
    return c.json(presentTemplate(template), 200);
  });

  routes.openapi(rename, async (c) => {
    const { id } = await ownTemplate(parts, c, c.req.valid("param").id);
    return c.json(presentTemplate(await templates.rename(id, c.req.valid("json").name)), 200);
  });

  routes.openapi(use, async (c) => {
    const user = c.get("user");
    const job = await importFor(parts, c, c.req.valid("param").id, "edit");
    const importer = await importerOf(parts, c, job, "edit");
    const { context } = job;
    const template = await templateFor(parts, c, c.req.valid("json").templateId, { importer, context });
    const changed = await parts.preparation.drafts.applyTemplate(job, importer, template, user.id, c.req.raw.signal);
    return c.json(presentMapping(changed, parts.preparation.missing(changed, importer)), 200);
  });

  routes.openapi(remove, async (c) => {
    const { id } = await ownTemplate(parts, c, c.req.valid("param").id);
    await templates.delete(id);
    return c.body(null, 204);
  });
  return routes;
}
