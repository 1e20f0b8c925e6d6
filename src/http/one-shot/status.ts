/** `GET /import/status/{jobId}`: how far an import is, for programs that ask until it is done. */
import { createHash } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import { told } from "../../core/errors.ts";
import { type Counts, type Status, statusWords } from "../../core/import.ts";
import type { ArchivedImport } from "../../core/store/archive.ts";
import { textIn } from "../../locale/told.ts";
import { errorMessageOf } from "../imports/import-view.ts";
import { type HttpParts, importFor, languageOf, type Reader, readerOf } from "../request/request-context.ts";
import { idNumber, json, languageQuery, newRouter, problems, type Router } from "../request/router.ts";
import { resultsOf, resultsSchema } from "./results.ts";

const moment = z.iso.datetime();
const link = z.string().nullable();
/** Where a program asks how far its import is. */
export function statusUrlOf({ root }: Pick<HttpParts, "root">, jobId: number): string {
  return `${root}/import/status/${jobId}`;
}

/** The header that tells it, in the document. */
export const statusLocation = {
  Location: { schema: { type: "string" as const }, description: "Where to ask how far it is." },
};

const plainStatuses = ["pending", "processing", "completed", "failed"] as const;
type PlainStatus = (typeof plainStatuses)[number];

const importStatusSchema = z
  .object({
    success: z.literal(true),
    data: z.object({
      jobId: z.string(),
      status: z.enum(plainStatuses).openapi({
        description:
          "pending: it waits for a worker, or for a person. failed: it stands still; `error` says why, and whoever may resume it, can.",
      }),
      progress: z.object({
        current: z.number().int().openapi({ description: "Rows read; then rows written." }),
        total: z.number().int().nullable().openapi({ description: "Null until the file is read to its end." }),
        percentage: z.number().openapi({ description: "0 to 100 over reading and writing together." }),
      }),
      startedAt: moment.nullable(),
      completedAt: moment.nullable(),
      results: resultsSchema.nullable().openapi({ description: "Once it is completed." }),
      error: z.string().nullable().openapi({ description: "Why it stands still, in the reader's language." }),
      links: z
        .object({ import: z.string(), rejectedRows: link, importedRows: link })
        .openapi({ description: "Where more is told of it; once it is completed, its rows as CSV files." }),
    }),
  })
  .openapi("ImportStatus", {
    example: {
      success: true,
      data: {
        jobId: "42",
        status: "processing",
        progress: { current: 350_000, total: 700_000, percentage: 75 },
        startedAt: "2026-01-31T13:30:04.000Z",
        completedAt: null,
        results: null,
        error: null,
        links: { import: "/api/v1/imports/42", rejectedRows: null, importedRows: null },
      },
    } as never,
  });
export type ImportStatus = z.infer<typeof importStatusSchema>;

const route = createRoute({
  method: "get",
  path: "/import/status/{jobId}",
  operationId: "getImportStatus",
  tags: ["Programs"],
  summary: "How far an import is, and what came of it",
  description:
    "With an ETag: `If-None-Match` is answered 304 while nothing is new. Retry-After says when it is worth asking again.",
  request: {
    params: z.object({
      jobId: idNumber.openapi({ param: { name: "jobId", in: "path" }, example: 42, description: "The import." }),
    }),
    query: z.object({ lang: languageQuery }),
  },
  responses: {
    200: json(importStatusSchema, "As it is now."),
    304: { description: "Nothing is new." },
    ...problems("not_found"),
  },
});

export function importStatusRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  routes.openapi(route, async (c) => {
    const job = await importFor(parts, c, c.req.valid("param").jobId, "view");
    const counts = job.status === "completed" ? await parts.engine.imports.counts(job.id) : null;
    const answer = presentStatus(job, counts, readerOf(c, parts), parts.root);
    const text = JSON.stringify(answer);
    const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"`;
    c.header("ETag", etag);
    c.header("Cache-Control", "private, no-cache");
    c.header("Vary", "Accept-Language, Authorization, Cookie");
    c.header("Content-Language", languageOf(c, parts));
    const { status } = answer.data;
    if (status === "pending" || status === "processing") c.header("Retry-After", String(retryAfterSeconds(job)));
    if (matches(c.req.header("if-none-match"), etag)) return c.body(null, 304);
    return c.body(text, 200, { "content-type": "application/json" }) as never;
  });
  return routes;
}

/** RFC 9110, section 13.1.2: compared weakly. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((each) => each.trim() === "*" || each.trim().replace(/^W\//, "") === etag);
}

/** A quarter of what is left, so that the end is noticed soon. */
function retryAfterSeconds({ progress }: ArchivedImport): number {
  const left = progress?.etaSeconds ?? 0;
  return Math.min(15, Math.max(1, Math.ceil(left / 4)));
}

function presentStatus(job: ArchivedImport, counts: Counts | null, reader: Reader, root: string): ImportStatus {
  const status = plainStatusOf(job);
  const results = status !== "completed" || counts === null ? null : resultsOf(job, counts);
  const at = `${root}/imports/${job.id}`;
  return {
    success: true,
    data: {
      jobId: String(job.id),
      status,
      progress: progressOf(job),
      startedAt: job.parseStartedAt?.toISOString() ?? null,
      completedAt: job.completedAt?.toISOString() ?? null,
      results,
      error: status === "failed" ? errorOf(job, reader) : null,
      links: {
        import: at,
        rejectedRows:
          results === null || results.errorCount === 0 ? null : `${at}/rejected.csv?outcome=invalid,failed,skipped`,
        importedRows: results === null || results.successCount === 0 ? null : `${at}/records.csv`,
      },
    },
  };
}

/** The four words that programs know. What waits for a person is pending; what stands still until somebody acts has failed. */
function plainStatusOf({ status, phase, autoCommit, parseStartedAt }: ArchivedImport): PlainStatus {
  const plain: Readonly<Record<Status, PlainStatus>> = {
    pending: "pending",
    queued: phase === "parse" && parseStartedAt === null ? "pending" : "processing",
    parsing: "processing",
    ready: autoCommit ? "processing" : "pending",
    committing: "processing",
    completed: "completed",
    undoing: "processing",
    undone: "failed",
    paused: "failed",
    cancelled: "failed",
    failed: "failed",
  };
  return plain[status];
}

function errorOf(job: ArchivedImport, reader: Reader): string {
  return errorMessageOf(job, reader) ?? textIn(reader.language, told`Import ${job.id} is ${statusWords[job.status]}.`);
}

/** Reading is the first half, writing the second. */
function progressOf(job: ArchivedImport): ImportStatus["data"]["progress"] {
  const { status, progress, totalRows, processedRows, parsedAt } = job;
  if (status === "completed") return { current: totalRows, total: totalRows, percentage: 100 };
  if (parsedAt === null) {
    const read = progress?.phase === "parse" && progress.step === "reading" ? progress : null;
    const current = Math.max(processedRows, read?.processed ?? 0);
    return { current, total: null, percentage: rounded((read?.percent ?? 0) / 2) };
  }
  const written = progress?.phase === "commit" && progress.step === "committing" ? progress : null;
  return {
    current: written?.processed ?? 0,
    total: totalRows,
    percentage: rounded(50 + (written?.percent ?? 0) / 2),
  };
}

function rounded(percentage: number): number {
  return Math.round(percentage * 10) / 10;
}
