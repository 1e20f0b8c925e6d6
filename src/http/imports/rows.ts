/** `/imports/{id}/rows`: its rows page by page, with what is wrong with each, and one cell of a row edited. */

import { createRoute, z } from "@hono/zod-openapi";
import { told } from "../../core/errors.ts";
import type { Language } from "../../core/fields/language.ts";
import type { Importer } from "../../core/importer.ts";
import { type ArchivedRow, rowStatuses } from "../../core/store/archive.ts";
import { rowByColumn, rowByField } from "../../engine/row-cells.ts";
import { ProblemError } from "../request/problem.ts";
import { type HttpParts, importerOf, importFor, languageOf } from "../request/request-context.ts";
import {
  body,
  importPath,
  json,
  languageQuery,
  listQuery,
  newRouter,
  pageOf,
  pageOfListed,
  pageQuery,
  problems,
  type Router,
} from "../request/router.ts";
import { issueCode, issueSchema, presentIssue } from "./issue-view.ts";

export const rowSchema = z
  .object({
    row: z.number().int().openapi({ description: "Its number in the file: the header is row 1." }),
    status: z.enum(rowStatuses),
    issues: z.array(issueSchema),
    cells: z
      .array(z.string())
      .nullable()
      .openapi({ description: "As they stood in the file, in the order of its columns; kept of invalid rows." }),
    values: z.record(z.string(), z.string().nullable()).nullable().openapi({
      description: "By field; of valid rows while the import is ready, and with `by=field` of invalid ones.",
    }),
    recordId: z.string().nullable(),
  })
  .openapi("Row");

const byQuery = z.enum(["column", "field"]).default("column").openapi({
  description:
    "`field`: the cells of invalid rows stand in `values`, those of columns that feed a field alone, as they stood in the file.",
});

const list = createRoute({
  method: "get",
  path: "/imports/{id}/rows",
  operationId: "listRows",
  tags: ["Rows"],
  summary: "Rows that did not simply become records; while the import is ready, valid ones too",
  request: {
    params: importPath,
    query: z.object({
      ...pageQuery(100, 500),
      offset: z.coerce
        .number()
        .int()
        .min(0)
        .max(2 ** 31 - 1)
        .optional()
        .openapi({
          description: "Instead of `after`: how many rows of the list come before the page. It then has a `total`.",
        }),
      by: byQuery,
      lang: languageQuery,
      status: listQuery(rowStatuses),
      issue: issueCode.optional().openapi({
        description:
          "Of a ready import `duplicate_in_file`, `duplicate_in_table`, `key_shared_in_file`, `key_shared_in_table` and `no_match` are the rows that the last dry run found.",
      }),
      field: z.string().max(60).optional(),
      search: z.string().min(1).max(200).optional().openapi({ description: "A part of any cell, in any case." }),
    }),
  },
  responses: {
    200: json(
      pageOf(rowSchema)
        .extend({ valid: z.number().int(), invalid: z.number().int(), total: z.number().int().optional() })
        .openapi("RowPage", {
          description:
            "`valid` and `invalid` count all rows of the import, whatever is asked for; `total`, with an `offset`, those that are. " +
            "Where rows are large it has fewer of them than `limit`, and a `next` all the same.",
        }),
      "A page, by row number.",
    ),
    ...problems("not_found"),
  },
});

const cellText = z.string().max(32_767).openapi({ example: "anna@example.com" });
const edit = createRoute({
  method: "patch",
  path: "/imports/{id}/rows/{row}",
  operationId: "editRow",
  tags: ["Review"],
  summary: "Edit a cell, while the import is ready",
  description: "The row is validated as the file was. A valid row can become invalid by it.",
  request: {
    params: importPath.extend({
      row: z.coerce
        .number()
        .int()
        .min(1)
        .max(2 ** 31 - 1)
        .openapi({ param: { name: "row", in: "path" }, example: 7, description: "Its number in the file." }),
    }),
    query: z.object({ lang: languageQuery, by: byQuery }),
    ...body(
      z
        .union([
          z.strictObject({ field: z.string().min(1).max(10_200), value: cellText }),
          z.strictObject({ column: z.union([z.string().min(1), z.number().int().min(0)]), value: cellText }),
        ])
        .openapi("CellEdit", { example: { field: "email", value: "anna@example.com" } }),
    ),
  },
  responses: { 200: json(rowSchema, "The row as it is now."), ...problems("not_found", "forbidden", "conflict") },
});

export function importRowRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  routes.openapi(list, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const { after, offset, by, limit, status, issue, field, search } = c.req.valid("query");
    if (after !== undefined && offset !== undefined) {
      const errors = [{ path: "offset", message: "goes without `after`" }];
      throw new ProblemError(
        "invalid",
        told`A page starts after either \`after\` or \`offset\`, not both. Omit one of them.`,
        {
          errors,
        },
      );
    }
    const importer = await importerOf(parts, c, job);
    const { rows, more, ...counts } = await parts.engine.review.rows(
      job.id,
      { statuses: status, issue, field, search },
      offset === undefined ? { after: after === undefined ? undefined : Number(after), limit } : { offset, limit },
    );
    const language = languageOf(c, parts);
    const page = pageOfListed(
      { items: rows, more },
      ({ row }) => row,
      (row) => presentRow(by === "field" ? rowByField(row, job, importer) : rowByColumn(row, job), importer, language),
    );
    return c.json({ ...page, ...counts }, 200);
  });

  routes.openapi(edit, async (c) => {
    const user = c.get("user");
    const { id, row } = c.req.valid("param");
    const job = await importFor(parts, c, id, "edit");
    const edited = await parts.engine.review.editCell(id, { row, ...c.req.valid("json") }, user.id);
    const importer = await importerOf(parts, c, job);
    const shown = c.req.valid("query").by === "field" ? rowByField(edited, job, importer) : rowByColumn(edited, job);
    return c.json(presentRow(shown, importer, languageOf(c, parts)), 200);
  });
  return routes;
}

function presentRow(
  { issues, ...row }: ArchivedRow,
  importer: Importer,
  language: Language,
): z.infer<typeof rowSchema> {
  return { ...row, issues: issues.map((each) => presentIssue(each, importer, language)) };
}
