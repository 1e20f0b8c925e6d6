/** `/imports/{id}/records`: the records that an import has written, as they are now, page by page. */
import { createRoute, z } from "@hono/zod-openapi";
import { type RecordKey, recordColumns, recordOutcomes } from "../../core/store/archive.ts";
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

const list = createRoute({
  method: "get",
  path: "/imports/{id}/records",
  operationId: "listRecords",
  tags: ["Reports"],
  summary: "The records it created or updated, as they are now, page by page",
  request: {
    params: importPath,
    query: z.object({
      after: z
        .string()
        .regex(/^(created\.\d{1,9}|updated)\.\d{1,9}$/, "must be what `next` of the page before says")
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
    const { after, limit, outcome, search } = c.req.valid("query");
    const names = recordColumns(importer);
    const label = fieldLabel(importer, languageOf(c, parts));
    const page = await parts.engine.archive.recordPage(job, importer, {
      limit,
      outcome,
      search,
      revealed: c.get("reach").revealed(importer),
      after: after === undefined ? undefined : keyOf(after),
    });
    return c.json(
      {
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

/** `created.<chunk>.<place>` or `updated.<row>`. */
function keyOf(text: string): RecordKey {
  const [kind, ...numbers] = text.split(".");
  return kind === "updated"
    ? { outcome: "updated", chunk: 0, place: Number(numbers[0]) }
    : { outcome: "created", chunk: Number(numbers[0]), place: Number(numbers[1]) };
}

function textOf({ outcome, chunk, place }: RecordKey): string {
  return outcome === "updated" ? `updated.${place}` : `created.${chunk}.${place}`;
}
