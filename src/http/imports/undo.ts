/** `/imports/{id}/undo`: what an undo would do, its state, and what it kept. The undo itself is an action. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Language } from "../../core/fields/language.ts";
import { keptReasons, keptTelling, type UndoPreview } from "../../core/store/undo.ts";
import { inLanguage } from "../../locale/told.ts";
import { type HttpParts, importFor, languageOf, visibleOf } from "../request/request-context.ts";
import {
  importPath,
  json,
  languageQuery,
  newRouter,
  pageOf,
  pageQuery,
  problems,
  type Router,
  toPage,
} from "../request/router.ts";

const tags = ["Undo"];
const count = z.number().int();

const previewSchema = z
  .object({
    toDelete: count,
    toRestore: count,
    kept: z.object({ edited: count, editedInPart: count, referred: count, gone: count }),
    laterImports: z.array(z.object({ jobId: count.nullable(), records: count })).openapi({
      description:
        "Imports that wrote to these records since: undo those first to keep fewer. Null: other people's, taken together.",
    }),
    references: z.array(
      z.object({ table: z.string(), columns: z.array(z.string()), records: count, indexed: z.boolean() }),
    ),
    records: z
      .record(z.string(), z.object({ toDelete: count, toRestore: count, kept: count }))
      .optional()
      .openapi({ description: "By record, where a row makes several: the other numbers are their sums." }),
  })
  .openapi("UndoPreview");

const reportSchema = z
  .object({
    deleted: count,
    restored: count,
    kept: z.record(z.enum(keptReasons), count),
    startedAt: z.iso.datetime().nullable(),
    undoneAt: z.iso.datetime().nullable(),
    chunks: count,
    chunksDone: count,
    records: z
      .record(z.string(), z.object({ deleted: count, restored: count, kept: count }))
      .optional()
      .openapi({ description: "By record, where a row makes several: the other numbers are their sums." }),
  })
  .openapi("UndoReport");

const keptSchema = z
  .object({
    id: count,
    record: z
      .string()
      .nullable()
      .openapi({ description: "Which of the importer's records, where a row makes several." }),
    recordId: z
      .string()
      .openapi({ description: "Of a record without an id the values of its key, as an array of JSON." }),
    reason: z.enum(keptReasons),
    columns: z.array(z.string()).nullable(),
    byJob: count.nullable().openapi({ description: "The later import that wrote it, if you may see that one." }),
    byTable: z.string().nullable(),
    message: z
      .string()
      .nullable()
      .openapi({ description: "The database's, or what there is to say beside the reason." }),
  })
  .openapi("KeptRecord");

const preview = createRoute({
  method: "get",
  path: "/imports/{id}/undo/preview",
  operationId: "previewUndo",
  tags,
  summary: "What an undo would delete, restore and keep",
  request: { params: importPath },
  responses: { 200: json(previewSchema, "As of now."), ...problems("not_found", "forbidden", "conflict") },
});

const report = createRoute({
  method: "get",
  path: "/imports/{id}/undo",
  operationId: "getUndo",
  tags,
  summary: "How the undo stands, or came out",
  request: { params: importPath },
  responses: { 200: json(reportSchema, "So far."), ...problems("not_found") },
});

const kept = createRoute({
  method: "get",
  path: "/imports/{id}/undo/kept",
  operationId: "listKeptRecords",
  tags,
  summary: "Records that the undo left as they are, and why",
  request: {
    params: importPath,
    query: z.object({ ...pageQuery(100, 500), reason: z.enum(keptReasons).optional(), lang: languageQuery }),
  },
  responses: { 200: json(pageOf(keptSchema).openapi("KeptPage"), "A page."), ...problems("not_found") },
});

export function importUndoRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { engine } = parts;

  routes.openapi(preview, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "undo");
    const { laterImports, ...preview } = await engine.undoPreview(job.id, c.req.raw.signal);
    const ids = laterImports.flatMap(({ jobId }) => jobId ?? []);
    return c.json({ ...preview, laterImports: withoutIds(laterImports, await visibleOf(parts, c, ids)) }, 200);
  });

  routes.openapi(report, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const { startedAt, undoneAt, ...rest } = await engine.undone.report(job.id);
    return c.json(
      { ...rest, startedAt: startedAt?.toISOString() ?? null, undoneAt: undoneAt?.toISOString() ?? null },
      200,
    );
  });

  routes.openapi(kept, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const { after, limit, reason } = c.req.valid("query");
    const found = await engine.undone.keptRows(job.id, { after: Number(after ?? 0), limit: limit + 1, reason });
    const visible = await visibleOf(
      parts,
      c,
      found.flatMap(({ byJob }) => byJob ?? []),
    );
    return c.json(
      toPage(
        found,
        limit,
        ({ id }) => id,
        (row) => ({
          ...row,
          message: messageIn(row.message, languageOf(c, parts)),
          byJob: row.byJob !== null && visible.has(row.byJob) ? row.byJob : null,
        }),
      ),
      200,
    );
  });
  return routes;
}

/** The database's as it is, an undo's own in the reader's language. */
function messageIn(message: string | null, language: Language): string | null {
  return message === null ? null : inLanguage(language, { message, told: keptTelling(message) });
}

/** Imports that the caller may not see are one without a name. */
function withoutIds(
  later: UndoPreview["laterImports"],
  visible: ReadonlySet<number | null>,
): UndoPreview["laterImports"] {
  const named = later.filter(({ jobId }) => visible.has(jobId));
  const records = later.filter(({ jobId }) => !visible.has(jobId)).reduce((sum, each) => sum + each.records, 0);
  return records === 0 ? named : [...named, { jobId: null, records }];
}
