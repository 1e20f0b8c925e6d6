/** `/imports/{id}/choices` and `reading`: how a file was understood and what came second, and how it would be read otherwise. */
import { createRoute, z } from "@hono/zod-openapi";
import { choiceSubjects } from "../../core/reading-choice.ts";
import { choiceIn } from "../../locale/told-choice.ts";
import { type HttpParts, importFor, languageOf } from "../request/request-context.ts";
import { importPath, json, languageQuery, newRouter, problems, type Router } from "../request/router.ts";
import { dialectSchema, presentDialect } from "./import-view.ts";
import { dialectHintsIn } from "./options.ts";

const tags = ["Mapping"];
const value = z.union([z.string(), z.number()]);

const choiceSchema = z
  .object({
    of: z.enum(choiceSubjects),
    column: z.string().optional().openapi({ description: "Of dates and numbers: whose they are." }),
    chosen: value,
    runnerUp: z
      .object({
        value: value.openapi({ description: "As `options.dialect` or the column's `transform` takes it." }),
        reason: z.string().openapi({ description: "What would come of it, in the reader's language." }),
        isClose: z.boolean().openapi({ description: "It reads nearly as well." }),
      })
      .nullable()
      .openapi({ description: "Null: nothing else would make a difference." }),
  })
  .openapi("ReadingChoice", {
    example: {
      of: "delimiter",
      chosen: ",",
      runnerUp: { value: ";", reason: "would give 1 column in 40 of 40 rows", isClose: false },
    },
  });

const choices = createRoute({
  method: "get",
  path: "/imports/{id}/choices",
  operationId: "listReadingChoices",
  tags,
  summary: "What was decided of how the file is read, each with what came second",
  description:
    "Delimiter, encoding, quote, header and sheet of the file; order of dates and decimal mark of its columns.",
  request: { params: importPath, query: z.object({ lang: languageQuery }) },
  responses: { 200: json(z.object({ items: z.array(choiceSchema) }), "The choices."), ...problems("not_found") },
});

const trialSchema = z
  .object({
    dialect: dialectSchema,
    rows: z.array(
      z.object({
        row: z.number().int(),
        cells: z.array(z.string()),
        intact: z.boolean().openapi({ description: "False: it has too few cells, too many, or an open quote." }),
      }),
    ),
    more: z.boolean(),
  })
  .openapi("Reading", { description: "The first rows under a dialect that is on trial." });

const trial = createRoute({
  method: "get",
  path: "/imports/{id}/reading",
  operationId: "tryReading",
  tags,
  summary: "The first rows as they would be read with another dialect, which is not kept",
  request: {
    params: importPath,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(20),
      dialect: z.string().max(20_000).transform(dialectHintsIn).openapi({
        description: "`DialectHints` as JSON: what is not left to detection.",
        example: '{"delimiter":";"}',
      }),
    }),
  },
  responses: { 200: json(trialSchema, "The head of the file."), ...problems("not_found") },
});

export function importReadingRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { preparation } = parts;

  routes.openapi(choices, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const found = await preparation.readingChoices(job, c.req.raw.signal);
    const language = languageOf(c, parts);
    return c.json({ items: found.map((choice) => choiceIn(language, choice)) }, 200);
  });

  routes.openapi(trial, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const { dialect: hints, limit } = c.req.valid("query");
    const { dialect, rows, more } = await preparation.tryReading(job, hints, limit, c.req.raw.signal);
    const shown = rows.map(({ row, cells, intact }) => ({ row, cells, intact }));
    return c.json({ dialect: presentDialect(dialect), rows: shown, more }, 200);
  });
  return routes;
}
