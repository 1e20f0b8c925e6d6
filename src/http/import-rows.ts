/** `/imports/{id}/rows`: its rows page by page, with what is wrong with each. */
import { createRoute, z } from "@hono/zod-openapi";
import { rowStatuses } from "../archive.ts";
import { issueCode, issueSchema, presentIssue } from "./issue-view.ts";
import { type HttpParts, importFor, languageOf } from "./parts.ts";
import {
  importPath,
  json,
  languageQuery,
  listQuery,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  type Router,
  toPage,
} from "./router.ts";

const rowSchema = z
  .object({
    row: z.number().int().openapi({ description: "Its number in the file: the header is row 1." }),
    status: z.enum(rowStatuses),
    issues: z.array(issueSchema),
    cells: z
      .array(z.string())
      .nullable()
      .openapi({ description: "As they stood in the file, in the order of its columns; kept of invalid rows." }),
    values: z
      .record(z.string(), z.string().nullable())
      .nullable()
      .openapi({ description: "By field; of valid rows while the import is ready." }),
    recordId: z.string().nullable(),
  })
  .openapi("Row");

const list = createRoute({
  method: "get",
  path: "/imports/{id}/rows",
  tags: ["Rows"],
  summary: "Rows that did not simply become records; while the import is ready, valid ones too",
  request: {
    params: importPath,
    query: z.object({
      ...pageQuery(100, 500),
      lang: languageQuery,
      status: listQuery(rowStatuses),
      issue: issueCode.optional(),
      field: z.string().max(60).optional(),
    }),
  },
  responses: { 200: json(pageOf(rowSchema).openapi("RowPage"), "A page, by row number."), ...problems("not_found") },
});

export function importRowRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  routes.openapi(list, async (c) => {
    const job = await importFor(parts, c.get("user"), c.req.valid("param").id, "view");
    const { after, limit, status, issue, field } = c.req.valid("query");
    const importer = parts.importers.get(job.importer);
    const language = languageOf(c, parts);
    const rows = await parts.engine.store.archive.rows(
      job,
      importer === undefined ? [] : parts.preparation.stageColumns(job, importer),
      { statuses: status, issue, field },
      { after: after === undefined ? undefined : Number(after), limit: limit + 1 },
    );
    return c.json(
      toPage(
        rows,
        limit,
        ({ row }) => row,
        ({ issues, ...row }) => ({ ...row, issues: issues.map((each) => presentIssue(each, importer, language)) }),
      ),
      200,
    );
  });
  return routes;
}
