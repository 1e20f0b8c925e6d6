/** `/imports/{id}/rows`: its rows page by page, with what is wrong with each, and one cell of a row edited. */

import { createRoute, z } from "@hono/zod-openapi";
import { told } from "../../core/errors.ts";
import type { Language } from "../../core/fields/language.ts";
import type { Importer } from "../../core/importer.ts";
import { type ArchivedRow, rowStatuses } from "../../core/store/archive.ts";
import { rowDecisions } from "../../core/store/review.ts";
import { rowByColumn, rowByField } from "../../engine/row-cells.ts";
import { fieldLabel } from "../../locale/locale.ts";
import { ProblemError } from "../request/problem.ts";
import { type HttpParts, importerOf, importFor, languageOf } from "../request/request-context.ts";
import {
  body,
  importPath,
  json,
  languageQuery,
  newRouter,
  pageOf,
  pageOfListed,
  pageQuery,
  problems,
  type Router,
} from "../request/router.ts";
import { issueSchema, presentIssue } from "./issue-view.ts";
import { columnName, viewOf, viewQuery } from "./row-view.ts";

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
      total: z.enum(["now", "later"]).default("now").openapi({
        description:
          "With `offset`: `later` answers within a second, though the rows may still be looked for, counted and put in order; it is then `counting`.",
      }),
      sort: columnName.optional().openapi({
        description:
          "The field of a column, as cells are called with `by=field`: numbers, dates and texts as such, texts and the labels of choices by the alphabet of `lang`. Blanks are last, and before them what the field cannot read. `after` is then a place in the list.",
        example: "city",
      }),
      order: z.enum(["asc", "desc"]).default("asc"),
      ...viewQuery,
    }),
  },
  responses: {
    200: json(
      pageOf(rowSchema)
        .extend({
          valid: z.number().int(),
          invalid: z.number().int(),
          total: z.number().int().optional(),
          counting: z
            .object({ found: z.number().int(), through: z.number().int(), isPending: z.boolean() })
            .optional()
            .openapi({
              description:
                "Ask again: so many rows are `found` so far, looking `through` that row of the file. `isPending`: rows of this page may be missing.",
            }),
        })
        .openapi("RowPage", {
          description:
            "`valid` and `invalid` count all rows of the import, whatever is asked for; `total`, with an `offset`, those that are, once they are counted. " +
            "Where rows are large it has fewer of them than `limit`, and a `next` all the same.",
        }),
      "A page, by row number.",
    ),
    ...problems("not_found"),
  },
});

const valueList = createRoute({
  method: "get",
  path: "/imports/{id}/rows/values",
  operationId: "listRowValues",
  tags: ["Rows"],
  summary: "The different values of a column with their rows, of those that a filter finds",
  description:
    "Answered within a second: as far as it came. Ask again with `next` as `after`, and add the counts of equal values up; " +
    "where there are more than 1,000 different ones, `isCut` says so, and counts are of those told alone.",
  request: {
    params: importPath,
    query: z.object({
      ...viewQuery,
      column: columnName.openapi({ description: "A field with one value.", example: "city" }),
      containing: z.string().min(1).max(200).optional().openapi({ description: "Values that hold this text alone." }),
      after: pageQuery(1, 1).after,
    }),
  },
  responses: {
    200: json(
      pageOf(z.object({ value: z.string(), rows: z.number().int() }).openapi("RowValue"))
        .extend({ isCut: z.boolean() })
        .openapi("RowValuePage", { description: "The most frequent ones first; a blank is an empty text." }),
      "Values, of a part of the rows.",
    ),
    ...problems("not_found"),
  },
});

const rowPath = importPath.extend({
  row: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .openapi({ param: { name: "row", in: "path" }, example: 7, description: "Its number in the file." }),
});

const shownValue = z.string().nullable();
const duplicate = createRoute({
  method: "get",
  path: "/imports/{id}/rows/{row}/duplicate",
  operationId: "compareDuplicate",
  tags: ["Review"],
  summary: "A duplicate beside the row or the record that it repeats, and what either would become",
  description:
    "While the import is ready, of rows that the last dry run found to be duplicates. A record is as it is now; of an importer whose rows make several records, the main one. " +
    "`POST /imports/{id}/edits` with `leave_out` decides for one of the rows, `duplicates` of the options for all.",
  request: { params: rowPath, query: z.object({ lang: languageQuery }) },
  responses: {
    200: json(
      z
        .object({
          row: z.number().int(),
          twin: z.number().int().nullable().openapi({ description: "The row of the file that it repeats." }),
          record: z
            .object({
              id: z.string(),
              state: z.enum(["shown", "hidden", "gone"]).openapi({
                description:
                  "`hidden`: the importer does not show you its values. `gone`: it is not in the table any more.",
              }),
            })
            .nullable()
            .openapi({ description: "The record that it finds." }),
          others: z.number().int().openapi({ description: "Rows of the same record beside the row and its twin." }),
          isUpdate: z
            .boolean()
            .openapi({ description: "It changes the record, or what its twin makes; else it is skipped." }),
          decision: z.enum(rowDecisions).nullable().openapi({
            description:
              "What was decided of the row alone. Null: that cannot be, where all duplicates update or are created, the importer's own code loads, or rows make several records.",
          }),
          fields: z.array(
            z
              .object({
                field: z.string(),
                label: z.string(),
                row: shownValue,
                other: shownValue.openapi({
                  description: "Of the record, where its values are shown, else of the twin.",
                }),
                differs: z.boolean(),
                without: shownValue.openapi({
                  description: "What is there after the import if the row is not imported.",
                }),
                updated: shownValue.openapi({ description: "What is there after the import if the row updates." }),
              })
              .openapi("ComparedField", {
                description:
                  "Null: blank, or not to be told, as what becomes of a hidden record, or of one that the importer's own loader writes. A blank gets the column's default in a new record.",
              }),
          ),
        })
        .openapi("Duplicate"),
      "Both, field by field.",
    ),
    ...problems("not_found", "conflict"),
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
    params: rowPath,
    query: z.object({ lang: languageQuery, by: byQuery }),
    ...body(
      z
        .union([
          z.strictObject({ field: columnName, value: cellText }),
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
    const { after, offset, by, limit, lang, total, sort, order, ...view } = c.req.valid("query");
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
    const language = languageOf(c, parts);
    const from = Number(after ?? 0);
    const { rows, more, ...counts } = await parts.engine.review.rows(
      job.id,
      { ...viewOf(view), ...(sort !== undefined && { sort: { field: sort, order, language } }) },
      offset === undefined ? { after: from, limit } : { offset, limit, total },
    );
    const page = pageOfListed(
      { items: rows, more },
      ({ row }) => (sort === undefined ? row : (offset ?? from) + rows.length),
      (row) => presentRow(by === "field" ? rowByField(row, job, importer) : rowByColumn(row, job), importer, language),
    );
    return c.json({ ...page, ...counts }, 200);
  });

  routes.openapi(valueList, async (c) => {
    const { id } = c.req.valid("param");
    await importFor(parts, c, id, "view");
    const { column, containing, after, ...view } = c.req.valid("query");
    const asked = { field: column, search: containing, after: Number(after ?? 0) };
    const { items, through, isCut } = await parts.engine.review.rowValues(id, viewOf(view), asked);
    return c.json({ items, next: through === null ? null : String(through), isCut }, 200);
  });

  routes.openapi(duplicate, async (c) => {
    const { id, row } = c.req.valid("param");
    const job = await importFor(parts, c, id, "view");
    const importer = await importerOf(parts, c, job);
    const label = fieldLabel(importer, languageOf(c, parts));
    const revealed = c.get("reach").revealed(importer);
    const found = await parts.engine.sideBySide(id, { row, revealed });
    return c.json({ ...found, fields: found.fields.map((each) => ({ ...each, label: label(each.field) })) }, 200);
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
