/** `/imports/{id}/analysis`: what a file seems to be before it is imported, each suggestion with its reason. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Telling } from "../../core/errors.ts";
import type { Language } from "../../core/fields/language.ts";
import type { Importer } from "../../core/importer.ts";
import type { AnalysedFile } from "../../engine/file-analysis.ts";
import { fieldLabel } from "../../locale/locale.ts";
import { recordLabel } from "../../locale/record-label.ts";
import { textIn } from "../../locale/told.ts";
import { type HttpParts, importerOf, importFor, languageOf } from "../request/request-context.ts";
import { importPath, json, languageQuery, newRouter, problems, type Router } from "../request/router.ts";

const tags = ["Mapping"];
const count = z.number().int();
const reason = z.string().openapi({ description: "In the reader's language." });

const analysisSchema = z
  .object({
    sampledRows: count.openapi({ description: "How many rows were looked at." }),
    isWhole: z.boolean().openapi({ description: "Whether that is all of them." }),
    columns: z
      .array(
        z.object({
          column: z.string(),
          index: count,
          field: z.string().nullable(),
          isSuggested: z.boolean().openapi({ description: "It feeds nothing yet: `PATCH …/mapping` takes it." }),
          score: z.number().openapi({ description: "How sure it is, 0 to 1." }),
          reason,
          by: z.enum(["file", "model"]).openapi({ description: "`model`: a language model says so." }),
        }),
      )
      .openapi({ description: "Which column is what." }),
    parents: z
      .array(
        z.object({
          record: z.string().nullable().openapi({ description: "Of the importer's records; null: it is looked up." }),
          label: z.string(),
          field: z.string(),
          column: z.string(),
          isCreated: z.boolean().openapi({ description: "Whether those that are not there are created." }),
          distinct: count,
          isAtLeast: z.boolean().openapi({ description: "The rows that were looked at don't show all." }),
          values: z.array(z.object({ value: z.string(), count })),
          reason,
        }),
      )
      .openapi({ description: "Records that the rows refer to, by the values of a column." }),
    spans: z
      .array(
        z.object({
          fields: z.array(z.string()),
          columns: z.array(z.string()),
          from: z.string(),
          to: z.string(),
          years: z.array(count),
          reason,
        }),
      )
      .openapi({ description: "The first and the last day." }),
    structure: z
      .array(
        z.object({
          record: z.string().nullable(),
          label: z.string(),
          table: z.string(),
          count: count.nullable().openapi({ description: "Null: the rows that were looked at don't tell." }),
          isAtLeast: z.boolean(),
          reason,
        }),
      )
      .openapi({ description: "What would come of the file, table by table." }),
    model: z
      .object({
        name: z.string().openapi({ example: "anthropic/claude" }),
        columns: count.openapi({ description: "How many headers it is sent, or was." }),
        values: count.openapi({ description: "How many values of each column go with them, at most." }),
        state: z.enum(["not_asked", "used", "failed"]),
        problem: z.string().nullable().openapi({ description: "Why the file's own analysis stays." }),
        refused: count.openapi({ description: "What it said that does not fit the file, and is left out." }),
      })
      .nullable()
      .openapi({ description: "The language model that can be asked; null: none is configured." }),
  })
  .openapi("Analysis");

const query = z.object({ lang: languageQuery });

const get = createRoute({
  method: "get",
  path: "/imports/{id}/analysis",
  operationId: "analyseFile",
  tags,
  summary: "What the file seems to be: columns, parents, days, and what would come of it",
  description: "By the first rows of the file alone, the same each time. Nothing leaves the server.",
  request: { params: importPath, query },
  responses: { 200: json(analysisSchema, "The analysis."), ...problems("not_found") },
});

const ask = createRoute({
  method: "post",
  path: "/imports/{id}/analysis",
  operationId: "askModel",
  tags,
  summary: "The same with what the configured language model says of the open columns",
  description:
    "Sends the headers and a few values of each column to the model. Its answer is checked against the importer and the file; where it is slow or fails, the analysis is that of the file alone.",
  request: { params: importPath, query },
  responses: { 200: json(analysisSchema, "The analysis."), ...problems("not_found", "forbidden") },
});

export function importAnalysisRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { analysis } = parts;
  routes.openapi(get, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const importer = await importerOf(parts, c, job);
    const analysed = await analysis.ofFile(job, importer, c.req.raw.signal);
    return c.json(presented(analysed, importer, languageOf(c, parts)), 200);
  });
  routes.openapi(ask, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "edit");
    const importer = await importerOf(parts, c, job, "edit");
    const language = languageOf(c, parts);
    const analysed = await analysis.withModel(job, importer, language, c.req.raw.signal);
    return c.json(presented(analysed, importer, language), 200);
  });
  return routes;
}

function presented(
  { columns, parents, spans, structure, model, sampledRows, isWhole }: AnalysedFile,
  importer: Importer,
  language: Language,
): z.infer<typeof analysisSchema> {
  const say = (telling: Telling): string => textIn(language, telling);
  const nameOfField = fieldLabel(importer, language);
  const nameOfRecord = (name: string): string => {
    const record = importer.records?.find((each) => each.name === name);
    return record === undefined ? name : recordLabel(record, language);
  };
  return {
    sampledRows,
    isWhole,
    columns: columns.map(({ column, header, reason: why, ...each }) => ({
      ...each,
      ...{ column: header, index: column, reason: say(why) },
    })),
    parents: parents.map(({ header, reason: why, ...each }) => ({
      ...each,
      label: each.record === null ? nameOfField(each.field) : nameOfRecord(each.record),
      ...{ column: header, reason: say(why) },
    })),
    spans: spans.map(({ headers, reason: why, ...each }) => ({ ...each, columns: headers, reason: say(why) })),
    structure: structure.map(({ reason: why, ...each }) => ({
      ...each,
      label: each.record === null ? (importer.label?.[language] ?? importer.name) : nameOfRecord(each.record),
      reason: say(why),
    })),
    model: model === null ? null : { ...model, problem: model.problem === null ? null : say(model.problem) },
  };
}
