/** `/imports/{id}/records`: the records that an import has written, as they are now, page by page. */
import { createRoute, z } from "@hono/zod-openapi";
import { SluiceError, told } from "../../core/errors.ts";
import type { Language } from "../../core/fields/language.ts";
import type { Importer } from "../../core/importer.ts";
import { mainRecord, type RecordPlan } from "../../core/records.ts";
import { type RecordKey, recordColumns, recordOutcomes, shownRecord } from "../../core/store/archive.ts";
import { fieldLabel } from "../../locale/locale.ts";
import { type HttpParts, importerOf, importFor, languageOf } from "../request/request-context.ts";
import { importPath, json, languageQuery, newRouter, pageOf, problems, type Router } from "../request/router.ts";

const recordSchema = z
  .object({
    id: z.string(),
    outcome: z.enum(recordOutcomes).openapi({ description: "What the import did with it." }),
    values: z.record(z.string(), z.string().nullable()).openapi({ description: "By the names of `columns`." }),
    hidden: z.boolean().openapi({ description: "The importer does not show you its values: they are null." }),
  })
  .openapi("ImportedRecord");

export const recordQuery = z.string().max(100).optional().openapi({
  description: "Which of several records that a row makes, by its name. Default: the main one.",
  example: "price",
});

/** @returns undefined for the main record, or the only one. @throws SluiceError `invalid` for one that there is not. */
export function recordAsked(importer: Importer, name: string | undefined): RecordPlan | undefined {
  const { records = [] } = importer;
  if (name !== undefined && !records.some((each) => each.name === name))
    throw new SluiceError(
      "invalid",
      told`The importer "${importer.name}" has no record "${name}". It has: ${records.map((each) => each.name).join(", ") || told`none`}.`,
    );
  return shownRecord(importer, name);
}

/** A column by the label of its field, else by its name. */
function columnLabel(importer: Importer, record: RecordPlan, language: Language): (column: string) => string {
  const label = fieldLabel(importer, language);
  return (column) => {
    const source = record.columns.find((each) => each.column === column)?.source;
    return source?.kind === "field" ? label(source.field) : column;
  };
}

const list = createRoute({
  method: "get",
  path: "/imports/{id}/records",
  operationId: "listRecords",
  tags: ["Reports"],
  summary: "The records it created or updated, as they are now, page by page",
  request: {
    params: importPath,
    query: z.object({
      record: recordQuery,
      after: z
        .string()
        .regex(/^(created\.\d{1,9}|updated(\.\d{1,9})?)\.\d{1,9}$/, "must be what `next` of the page before says")
        .optional()
        .openapi({ description: "`next` of the page before.", example: "created.0.100" }),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      lang: languageQuery,
      outcome: z.enum(recordOutcomes).optional().openapi({ description: "Default: both, the created ones first." }),
      search: z.string().min(1).max(200).optional().openapi({ description: "A part of any value, in any case." }),
    }),
  },
  responses: {
    200: json(
      pageOf(recordSchema)
        .extend({
          record: z.string().nullable().openapi({ description: "Which of several records that a row makes." }),
          columns: z.array(z.object({ name: z.string(), label: z.string() })),
          gone: z.number().int().openapi({
            description: "How many of those that would have stood here are not in the table any more.",
          }),
        })
        .openapi("RecordPage", {
          description:
            "It may have few records, or none, and a `next` all the same: where many are gone, or do not fit.",
        }),
      "A page, in the order in which they were written.",
    ),
    ...problems("not_found"),
  },
});

export function importRecordRoutes(parts: HttpParts): Router {
  const routes = newRouter();

  routes.openapi(list, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const importer = await importerOf(parts, c, job);
    const { after, limit, outcome, search, record: asked } = c.req.valid("query");
    const record = recordAsked(importer, asked);
    const names = recordColumns(importer, record);
    const language = languageOf(c, parts);
    const label = record === undefined ? fieldLabel(importer, language) : columnLabel(importer, record, language);
    const page = await parts.engine.archive.recordPage(job, importer, {
      limit,
      record,
      outcome,
      search,
      revealed: c.get("reach").revealed(importer),
      after: after === undefined ? undefined : keyOf(after),
    });
    return c.json(
      {
        record: (record ?? mainRecord(importer))?.name ?? null,
        columns: names.map((name) => ({ name, label: label(name) })),
        items: page.records.map(({ values, isHidden, ...record }) => ({
          ...record,
          hidden: isHidden,
          values: Object.fromEntries(names.map((name, k) => [name, values[k]])),
        })),
        gone: page.gone,
        next: page.next === null ? null : textOf(page.next),
      },
      200,
    );
  });
  return routes;
}

/** `created.<chunk>.<place>`, and `updated.<row>`, or `updated.<chunk>.<place>` of one of several records. */
function keyOf(text: string): RecordKey {
  const [outcome, ...numbers] = text.split(".");
  const [chunk, place] = (numbers.length === 1 ? ["0", ...numbers] : numbers).map(Number);
  return { outcome: outcome as RecordKey["outcome"], chunk, place };
}

function textOf({ outcome, chunk, place }: RecordKey): string {
  return outcome === "updated" && chunk === 0 ? `updated.${place}` : `${outcome}.${chunk}.${place}`;
}
