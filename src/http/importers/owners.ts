/** `/importers/{name}/owners` and `/imports/{id}/owners/unknown`: who may own records, and whom a file calls by names that nobody has. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ContextValues } from "../../core/context.ts";
import { scopePairs } from "../../core/context-scope.ts";
import { SluiceError, told } from "../../core/errors.ts";
import type { Importer } from "../../core/importer.ts";
import { ownersFor } from "../../core/owners.ts";
import { type HttpContext, type HttpParts, importerFor, importFor } from "../request/request-context.ts";
import { idNumber, importPath, json, newRouter, problems, type Router } from "../request/router.ts";

const ownerSchema = z
  .object({
    id: z.string(),
    name: z.string().openapi({ description: "What they are called; without a name the e-mail." }),
    email: z.string().nullable(),
  })
  .openapi("Owner", { example: { id: "7", name: "Anna Berg", email: "anna@example.com" } });

const search = createRoute({
  method: "get",
  path: "/importers/{name}/owners",
  operationId: "listOwners",
  tags: ["Importers"],
  summary: "Who may own the records, by a part of their name or e-mail",
  request: {
    params: z.object({
      name: z.string().openapi({ param: { name: "name", in: "path" }, example: "leads", description: "The importer." }),
    }),
    query: z.object({
      search: z.string().max(200).optional().openapi({ description: "In any case. Default: everyone." }),
      id: z
        .preprocess(
          (given) => (given === undefined ? undefined : [given].flat()),
          z.array(z.string().min(1).max(200)).max(200).optional(),
        )
        .openapi({ type: "array", items: { type: "string" }, description: "These alone: what ids are called." }),
      importId: idNumber.optional().openapi({
        description:
          "An import whose context they share, where the importer's owners belong to a context such as a tenant.",
      }),
      limit: z.coerce.number().int().min(1).max(200).default(20),
    }),
  },
  responses: {
    200: json(z.object({ items: z.array(ownerSchema) }), "By name."),
    ...problems("not_found", "forbidden", "conflict"),
  },
});

const unknown = createRoute({
  method: "get",
  path: "/imports/{id}/owners/unknown",
  operationId: "listUnknownOwners",
  tags: ["Review"],
  summary: "Cells of the owners' column that nobody is called by, the most frequent first",
  description:
    "Of a ready import that assigns by a column. Those that the assignment's `values` map to a person are among them.",
  request: {
    params: importPath,
    query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(200) }),
  },
  responses: {
    200: json(
      z
        .object({
          items: z.array(
            z.object({ value: z.string(), rows: z.number().int().openapi({ description: "Valid rows with it." }) }),
          ),
          total: z.number().int().openapi({ description: "How many different ones there are." }),
          blank: z.number().int().openapi({ description: "Valid rows that name nobody." }),
        })
        .openapi("UnknownOwners"),
      "The unknown ones.",
    ),
    ...problems("not_found", "forbidden", "conflict"),
  },
});

export function importerOwnerRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  routes.openapi(search, async (c) => {
    const importer = await importerFor(parts, c, c.req.valid("param").name, "import");
    if (importer.assign === undefined)
      throw new SluiceError("conflict", told`The importer "${importer.name}" does not assign owners.`);
    const { importId, id: ids, ...query } = c.req.valid("query");
    const job = importId === undefined ? undefined : await importFor(parts, c, importId, "view");
    if (job !== undefined && job.importer !== importer.name)
      throw new SluiceError("invalid", told`Import ${job.id} belongs to "${job.importer}", not to "${importer.name}".`);
    const whose =
      job === undefined
        ? { context: await contextOf(c, importer), jobId: null, createdBy: c.get("user").id }
        : ownersFor(job);
    const items = await parts.engine.owners.search(importer, { ...query, ids }, whose);
    return c.json({ items }, 200);
  });
  routes.openapi(unknown, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    return c.json(await parts.engine.unknownOwners(job.id, c.req.valid("query").limit, c.req.raw.signal), 200);
  });
  return routes;
}

/** Where the server pins it, no import has to say it. @throws SluiceError `invalid` where owners need one that does. */
async function contextOf(c: HttpContext, importer: Importer): Promise<ContextValues> {
  const choices = await c.get("reach").choices(importer);
  if (choices.every(({ isPinned }) => isPinned)) return c.get("reach").contextFor(importer, {});
  const scope = scopePairs(importer.assign?.context ?? []).map(([name]) => name);
  // What the importer's session reads of the context is an import's too.
  if (importer.session !== undefined) scope.push(...Object.keys(importer.context ?? {}));
  if (scope.length === 0) return {};
  throw new SluiceError(
    "invalid",
    told`The owners of "${importer.name}" depend on a context (${[...new Set(scope)].join(", ")}), so an import must be named.`,
  );
}
