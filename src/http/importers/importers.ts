/** `/importers`: what files can be imported into, with fields, a JSON Schema of a row, and a file to fill in. */
import { createRoute, z } from "@hono/zod-openapi";
import { neededGroups } from "../../core/importer.ts";
import { type HttpParts, importerFor, languageOf } from "../request/request-context.ts";
import { json, languageQuery, newRouter, problems, type Router } from "../request/router.ts";
import { sendDownload } from "../request/send-download.ts";
import { importerSchema, importerWithFields, presentField, presentImporter } from "./importer-view.ts";
import { rowSchemaOf } from "./row-schema.ts";
import { templateDelimiter, templateOf } from "./template-file.ts";

const path = z.object({
  name: z.string().openapi({ param: { name: "name", in: "path" }, example: "leads", description: "The importer." }),
});
const tags = ["Importers"];

const list = createRoute({
  method: "get",
  path: "/importers",
  operationId: "listImporters",
  tags,
  summary: "The importers you may import with",
  request: { query: z.object({ lang: languageQuery }) },
  responses: { 200: json(z.object({ items: z.array(importerSchema) }), "All of them."), ...problems() },
});

const one = createRoute({
  method: "get",
  path: "/importers/{name}",
  operationId: "getImporter",
  tags,
  summary: "An importer with its fields",
  request: { params: path, query: z.object({ lang: languageQuery }) },
  responses: {
    200: json(importerWithFields, "The importer."),
    ...problems("not_found"),
  },
});

const schema = createRoute({
  method: "get",
  path: "/importers/{name}/schema",
  operationId: "getImporterSchema",
  tags,
  summary: "A row as JSON Schema (2020-12)",
  request: { params: path, query: z.object({ lang: languageQuery }) },
  responses: {
    200: {
      description: "What a row is after it was read.",
      content: { "application/schema+json": { schema: z.record(z.string(), z.unknown()) } },
    },
    ...problems("not_found"),
  },
});

const template = createRoute({
  method: "get",
  path: "/importers/{name}/template.csv",
  operationId: "getTemplateCsv",
  tags,
  summary: "A file to fill in: the headers and an example row",
  request: { params: path, query: z.object({ lang: languageQuery }) },
  responses: {
    200: {
      description: "CSV as the reader's spreadsheet expects it.",
      content: { "text/csv": { schema: z.string() } },
    },
    ...problems("not_found"),
  },
});

const workbook = createRoute({
  method: "get",
  path: "/importers/{name}/template.xlsx",
  operationId: "getTemplateXlsx",
  tags,
  summary: "The same as a workbook: leading zeros stay, choices are offered",
  request: { params: path, query: z.object({ lang: languageQuery }) },
  responses: {
    200: {
      description: "A sheet with the headers and an example row.",
      content: {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
          schema: z.string().openapi({ format: "binary" }),
        },
      },
    },
    ...problems("not_found"),
  },
});

export function importersRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  routes.openapi(list, async (c) => {
    const reach = c.get("reach");
    const language = languageOf(c, parts);
    const items = [];
    for (const importer of parts.importers.values()) {
      if (!(await reach.offers(importer, "view")) || !(await reach.offers(importer, "import"))) continue;
      items.push(presentImporter(importer, language, await reach.choices(importer)));
    }
    return c.json({ items }, 200);
  });
  routes.openapi(one, async (c) => {
    const importer = await importerFor(parts, c, c.req.valid("param").name, "view");
    const language = languageOf(c, parts);
    const fields = Object.entries(importer.fields).map(([name, field]) => presentField(name, field, language));
    const choices = await c.get("reach").choices(importer);
    return c.json({ ...presentImporter(importer, language, choices), fields, atLeastOne: neededGroups(importer) }, 200);
  });
  routes.openapi(schema, async (c) => {
    const importer = await importerFor(parts, c, c.req.valid("param").name, "view");
    return c.json(rowSchemaOf(importer, languageOf(c, parts)), 200, { "content-type": "application/schema+json" });
  });
  routes.openapi(template, async (c) => {
    const importer = await importerFor(parts, c, c.req.valid("param").name, "view");
    const language = languageOf(c, parts);
    const file = parts.downloads.templateCsv(templateOf(importer, language), templateDelimiter(language));
    return (await sendDownload(c, file)) as never;
  });
  routes.openapi(workbook, async (c) => {
    const importer = await importerFor(parts, c, c.req.valid("param").name, "view");
    return (await sendDownload(c, parts.downloads.templateXlsx(templateOf(importer, languageOf(c, parts))))) as never;
  });
  return routes;
}
