/** What came of an import: its report, its rejected rows as a file to correct, and the records it made. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Outcome } from "../../engine/downloads.ts";
import { nextSchema } from "../request/next-hint.ts";
import {
  childrenOf,
  type HttpContext,
  type HttpParts,
  importerOf,
  importFor,
  languageOf,
  readerOf,
} from "../request/request-context.ts";
import { importPath, json, languageQuery, listQuery, newRouter, problems, type Router } from "../request/router.ts";
import { sendDownload } from "../request/send-download.ts";
import { countsSchema, errorMessageOf, nextOf, noticeOf, noticeSchema, presentCounts } from "./import-view.ts";
import { issueCountSchema, presentIssueCounts } from "./issue-view.ts";
import { recordAsked, recordQuery } from "./records.ts";

const tags = ["Reports"];
const outcomes: readonly [Outcome, ...Outcome[]] = ["invalid", "failed", "skipped", "updated"];

const reportSchema = z
  .object({
    id: z.number().int(),
    status: z.string(),
    rows: z.number().int(),
    counts: countsSchema,
    issues: z.array(issueCountSchema).openapi({ description: "Counted without limit, the most frequent first." }),
    findings: z.array(issueCountSchema).openapi({ description: "About the file as a whole." }),
    children: z.array(z.number().int()).openapi({ description: "Imports that brought corrected rejects of this one." }),
    errorMessage: z.string().nullable(),
    next: nextSchema.nullable(),
    notice: noticeSchema,
  })
  .openapi("Report");

const report = createRoute({
  method: "get",
  path: "/imports/{id}/report",
  operationId: "getReport",
  tags,
  summary: "How many rows ended how, and what was wrong with them",
  request: { params: importPath, query: z.object({ lang: languageQuery }) },
  responses: { 200: json(reportSchema, "As it stands now."), ...problems("not_found") },
});

const file = (contentType: string, description: string) => ({
  description,
  content: { [contentType]: { schema: z.string().openapi({ format: "binary" }) } },
});
const fileLanguage = languageQuery.openapi({
  description: "Language of the file’s name; default: by Accept-Language.",
});
const outcomeQuery = z.object({
  outcome: listQuery(outcomes).openapi({ description: "Default: invalid and failed." }),
  lang: fileLanguage,
});

const rejectedCsv = createRoute({
  method: "get",
  path: "/imports/{id}/rejected.csv",
  operationId: "getRejectedCsv",
  tags,
  summary: "Rejected rows with their reasons, to correct and bring again with parentId",
  request: { params: importPath, query: outcomeQuery },
  responses: { 200: file("text/csv", "The report."), ...problems("not_found") },
});

const rejectedXlsx = createRoute({
  method: "get",
  path: "/imports/{id}/rejected.xlsx",
  operationId: "getRejectedXlsx",
  tags,
  summary: "The same as a workbook",
  request: { params: importPath, query: outcomeQuery },
  responses: {
    200: file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "The report."),
    ...problems("not_found"),
  },
});

const correctedQuery = z.object({ lang: fileLanguage });

const correctedCsv = createRoute({
  method: "get",
  path: "/imports/{id}/corrected.csv",
  operationId: "getCorrectedCsv",
  tags,
  summary: "The whole file as the review has corrected it, in its own columns; rows that are left out are in it too",
  description: "404 when the file is no longer kept, as `hasFile` of the import tells.",
  request: { params: importPath, query: correctedQuery },
  responses: { 200: file("text/csv", "The file."), ...problems("not_found") },
});

const correctedXlsx = createRoute({
  method: "get",
  path: "/imports/{id}/corrected.xlsx",
  operationId: "getCorrectedXlsx",
  tags,
  summary: "The same as a workbook",
  request: { params: importPath, query: correctedQuery },
  responses: {
    200: file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "The file."),
    ...problems("not_found"),
  },
});

const records = createRoute({
  method: "get",
  path: "/imports/{id}/records.csv",
  operationId: "getRecordsCsv",
  tags,
  summary: "The records it created or updated, as they are now",
  request: { params: importPath, query: z.object({ record: recordQuery, lang: fileLanguage }) },
  responses: { 200: file("text/csv", "Id and fields."), ...problems("not_found") },
});

export function importReportRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  const { downloads, engine } = parts;

  routes.openapi(report, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const importer = parts.importers.get(job.importer);
    const language = languageOf(c, parts);
    const [counts, issues, children] = await Promise.all([
      engine.imports.counts(job.id),
      engine.imports.issueCounts(job.id),
      childrenOf(parts, c, job.id),
    ]);
    const findings = job.dialect.findings.map(({ code, count }) => ({ field: null, code, count }));
    return c.json(
      {
        id: job.id,
        status: job.status,
        rows: Math.max(job.totalRows, job.processedRows),
        counts: presentCounts(counts, importer),
        issues: presentIssueCounts(issues, importer, language),
        findings: presentIssueCounts(findings, importer, language),
        children,
        errorMessage: errorMessageOf(job, readerOf(c, parts)),
        next: nextOf(job, readerOf(c, parts)),
        notice: noticeOf(job, readerOf(c, parts)),
      },
      200,
    );
  });

  const rejectedOf = async (c: HttpContext, id: number, outcomes: readonly Outcome[] | undefined) => {
    const job = await importFor(parts, c, id, "view");
    const importer = await importerOf(parts, c, job);
    return [job, importer, { outcomes, language: languageOf(c, parts), signal: c.req.raw.signal }] as const;
  };

  routes.openapi(rejectedCsv, async (c) => {
    const asked = await rejectedOf(c, c.req.valid("param").id, c.req.valid("query").outcome);
    return sendDownload(c, await downloads.rejectedCsv(...asked));
  });

  routes.openapi(rejectedXlsx, async (c) => {
    const asked = await rejectedOf(c, c.req.valid("param").id, c.req.valid("query").outcome);
    return sendDownload(c, await downloads.rejectedXlsx(...asked));
  });

  routes.openapi(correctedCsv, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const options = { language: languageOf(c, parts), signal: c.req.raw.signal };
    return sendDownload(c, await downloads.correctedCsv(job, options));
  });

  routes.openapi(correctedXlsx, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const options = { language: languageOf(c, parts), signal: c.req.raw.signal };
    return sendDownload(c, await downloads.correctedXlsx(job, options));
  });

  routes.openapi(records, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").id, "view");
    const importer = await importerOf(parts, c, job);
    const record = recordAsked(importer, c.req.valid("query").record);
    return sendDownload(
      c,
      downloads.recordsCsv(job, importer, {
        record,
        revealed: c.get("reach").revealed(importer),
        language: languageOf(c, parts),
      }),
    );
  });
  return routes;
}
