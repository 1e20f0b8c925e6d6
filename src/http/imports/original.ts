/** `/imports/{id}/original`: the file of an import as uploaded, while it is kept. */
import { createRoute, z } from "@hono/zod-openapi";
import { type HttpParts, importFor } from "../request/request-context.ts";
import { importPath, newRouter, problems, type Router } from "../request/router.ts";
import { sendDownload } from "../request/send-download.ts";

const original = createRoute({
  method: "get",
  path: "/imports/{id}/original",
  operationId: "getOriginal",
  tags: ["Reports"],
  summary: "The file as it was brought",
  description:
    "404 when it is no longer kept, as `hasFile` of the import tells: that of a finished import goes after a while.",
  request: { params: importPath },
  responses: {
    200: {
      description: "The file, to be saved under its own name.",
      content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
    },
    ...problems("not_found", "forbidden"),
  },
});

export function importOriginalRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  routes.openapi(original, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const response = await sendDownload(c, await parts.downloads.original(job));
    // Arbitrary content: a browser must not sniff its type.
    response.headers.set("x-content-type-options", "nosniff");
    return response;
  });
  return routes;
}
