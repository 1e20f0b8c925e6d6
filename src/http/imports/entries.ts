/** `/imports/{id}/entries`: which files a zip archive has, to choose one of them before the start. */
import { createRoute, z } from "@hono/zod-openapi";
import { textIn } from "../../locale/told.ts";
import { type HttpParts, importFor, languageOf } from "../request/request-context.ts";
import { importPath, json, languageQuery, newRouter, problems, type Router } from "../request/router.ts";

const entrySchema = z
  .object({
    name: z.string().openapi({ description: "With the folders it is in." }),
    index: z.number().int().openapi({ description: "Its place among the archive's files, from 1." }),
    sizeBytes: z.number().openapi({ description: "Unpacked, as the archive declares." }),
    columns: z.number().int().openapi({ description: "Of the widest of the rows that were looked at." }),
    rows: z.array(z.array(z.string())).openapi({
      description:
        "The first that hold something: at most 5, each cut. None: it was not looked into, or cannot be read.",
    }),
    more: z.boolean().openapi({ description: "Whether there are more rows." }),
    problem: z.string().nullable().openapi({ description: "Why it cannot be read, in the reader's language." }),
  })
  .openapi("Entry", { description: "A file of a zip archive." });

const list = createRoute({
  method: "get",
  path: "/imports/{id}/entries",
  operationId: "listEntries",
  tags: ["Mapping"],
  summary: "The files of a zip archive with their first rows; none for other files",
  description:
    "One of them is chosen with `dialect.entry` of the options. At most 1,000 are listed, and 20 looked into.",
  request: { params: importPath, query: z.object({ lang: languageQuery }) },
  responses: {
    200: json(z.object({ items: z.array(entrySchema) }), "The likeliest first."),
    ...problems("not_found"),
  },
});

export function importEntryRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  routes.openapi(list, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const language = languageOf(c, parts);
    const looks = await parts.preparation.entries(job, c.req.raw.signal);
    const items = looks.map(({ problem, ...look }) => ({
      ...look,
      problem: problem === undefined ? null : textIn(language, problem),
    }));
    return c.json({ items }, 200);
  });
  return routes;
}
