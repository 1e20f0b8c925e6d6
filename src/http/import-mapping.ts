/** `/imports/{id}/mapping`, `options` and `preview`: how a file is understood, and what a person says about it. */
import { createRoute, z } from "@hono/zod-openapi";
import {
  mappingInput,
  mappingSchema,
  optionsInput,
  optionsOf,
  optionsSchema,
  presentColumn,
  presentOptions,
} from "./import-options.ts";
import { type HttpParts, importerFor, importFor } from "./parts.ts";
import { body, importPath, json, newRouter, problems, type Router } from "./router.ts";

const tags = ["Mapping"];

const getMapping = createRoute({
  method: "get",
  path: "/imports/{id}/mapping",
  tags,
  summary: "Which column feeds which field",
  request: { params: importPath },
  responses: { 200: json(mappingSchema, "The mapping."), ...problems("not_found") },
});

const putMapping = createRoute({
  method: "put",
  path: "/imports/{id}/mapping",
  tags,
  summary: "Say which column feeds which field; those not named are left out",
  request: { params: importPath, ...body(mappingInput) },
  responses: { 200: json(mappingSchema, "The mapping."), ...problems("not_found", "forbidden", "conflict") },
});

const getOptions = createRoute({
  method: "get",
  path: "/imports/{id}/options",
  tags,
  summary: "Dialect, duplicates, owners and the rest",
  request: { params: importPath },
  responses: { 200: json(optionsSchema, "The options."), ...problems("not_found") },
});

const putOptions = createRoute({
  method: "put",
  path: "/imports/{id}/options",
  tags,
  summary: "Set the options; another dialect reads the file anew",
  description:
    "What is left out gets its default. Another dialect maps the columns anew; what was said of columns that are still there stays.",
  request: { params: importPath, ...body(optionsInput) },
  responses: { 200: json(optionsSchema, "The options."), ...problems("not_found", "forbidden", "conflict") },
});

const previewSchema = z
  .object({
    columns: z.array(
      z.object({
        column: z.string(),
        kind: z.string().openapi({ description: "What the cells look like.", example: "email" }),
        filled: z.number().openapi({ description: "Share of the sample, 0 to 1." }),
        distinct: z.number().int(),
        examples: z.array(z.string()),
      }),
    ),
    rows: z.array(
      z.object({
        row: z.number().int(),
        cells: z.array(z.string()),
        intact: z.boolean().openapi({ description: "False: it has too few cells, too many, or an open quote." }),
      }),
    ),
    more: z.boolean(),
    findings: z.array(
      z.object({
        code: z.string(),
        count: z.number().int(),
        params: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ),
  })
  .openapi("Preview");

const preview = createRoute({
  method: "get",
  path: "/imports/{id}/preview",
  tags,
  summary: "The first rows as they are read, and what the columns look like",
  request: {
    params: importPath,
    query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(100) }),
  },
  responses: { 200: json(previewSchema, "The head of the file."), ...problems("not_found") },
});

export function importMappingRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { preparation } = parts;

  routes.openapi(getMapping, async (c) => {
    const job = await importFor(parts, c.get("user"), c.req.valid("param").id, "view");
    const importer = importerFor(parts, c.get("user"), job.importer, "view");
    const missing = preparation.missing(job, importer);
    return c.json({ columns: job.mapping.columns.map(presentColumn), missing }, 200);
  });

  routes.openapi(putMapping, async (c) => {
    const user = c.get("user");
    const job = await importFor(parts, user, c.req.valid("param").id, "edit");
    const importer = importerFor(parts, user, job.importer, "edit");
    const { columns } = c.req.valid("json");
    const changed = await preparation.changeMapping(job, importer, columns, user.id, c.req.raw.signal);
    const missing = preparation.missing(changed, importer);
    return c.json({ columns: changed.mapping.columns.map(presentColumn), missing }, 200);
  });

  routes.openapi(getOptions, async (c) => {
    const job = await importFor(parts, c.get("user"), c.req.valid("param").id, "view");
    return c.json(presentOptions(job), 200);
  });

  routes.openapi(putOptions, async (c) => {
    const user = c.get("user");
    const job = await importFor(parts, user, c.req.valid("param").id, "edit");
    const importer = importerFor(parts, user, job.importer, "edit");
    const options = optionsOf(c.req.valid("json"), importer, parts.language);
    const changed = await preparation.changeOptions(job, importer, options, user.id, c.req.raw.signal);
    return c.json(presentOptions(changed), 200);
  });

  routes.openapi(preview, async (c) => {
    const job = await importFor(parts, c.get("user"), c.req.valid("param").id, "view");
    const { signal } = c.req.raw;
    const { rows, more } = await preparation.preview(job, c.req.valid("query").limit, signal);
    const profiles = await preparation.profile(job, signal);
    return c.json(
      {
        columns: profiles.map(({ header, kind, rows: seen, filled, distinct, top }) => ({
          column: header,
          kind,
          filled: seen === 0 ? 0 : filled / seen,
          distinct,
          examples: top.slice(0, 5).map(({ value }) => value),
        })),
        rows,
        more,
        findings: job.dialect.findings.map(({ code, count, params }) => ({ code, count, params: params ?? {} })),
      },
      200,
    );
  });
  return routes;
}
