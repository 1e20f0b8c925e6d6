/** `/imports/{id}/sheets`: which sheets the file has, to choose one of them before the start. */
import { createRoute, z } from "@hono/zod-openapi";
import { type HttpParts, importFor } from "../request/request-context.ts";
import { importPath, json, newRouter, problems, type Router } from "../request/router.ts";

const sheetSchema = z
  .object({
    name: z.string(),
    index: z.number().int().openapi({ description: "Its place in the workbook, from 1." }),
    hidden: z.boolean(),
    columns: z.number().int().openapi({ description: "Of the widest of the rows that were looked at." }),
    rows: z
      .array(z.array(z.string()))
      .openapi({ description: "The first that hold something: at most 5, each cut. None: the sheet is empty." }),
    more: z.boolean().openapi({ description: "Whether there are more rows." }),
  })
  .openapi("Sheet");

const list = createRoute({
  method: "get",
  path: "/imports/{id}/sheets",
  operationId: "listSheets",
  tags: ["Mapping"],
  summary: "The sheets of a workbook with their first rows; none for other files",
  description: "One of them is chosen with `dialect.sheet` of the options.",
  request: { params: importPath },
  responses: { 200: json(z.object({ items: z.array(sheetSchema) }), "In their order."), ...problems("not_found") },
});

export function importSheetRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  routes.openapi(list, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    return c.json({ items: await parts.preparation.sheets(job, c.req.raw.signal) }, 200);
  });
  return routes;
}
