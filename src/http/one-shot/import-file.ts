/**
 * `POST /import/{name}`: a program's file in one request. It is checked at once, mapped by itself, and read and committed without a
 * review; an importer that is synchronous answers with the results.
 */
import { z } from "@hono/zod-openapi";
import { type Telling, told } from "../../core/errors.ts";
import type { Importer, SynchronousLimits } from "../../core/importer.ts";
import type { ArchivedImport } from "../../core/store/archive.ts";
import { textIn } from "../../locale/told.ts";
import { errorMessageOf } from "../imports/import-view.ts";
import { UnreadableFile } from "../intake/intake.ts";
import { isForm } from "../intake/multipart.ts";
import { answerOnce } from "../request/idempotent.ts";
import { type HttpContext, type HttpParts, importerFor, languageOf, readerOf } from "../request/request-context.ts";
import { json, languageQuery, newRouter, problems, type Router } from "../request/router.ts";
import { type ReceivedFile, receiveFile } from "../uploads/form.ts";
import { awaitEnd } from "./await-end.ts";
import { doubtOf, readableEndings } from "./file-check.ts";
import { formFields, readForm } from "./form-options.ts";
import { answerRefusals, Refused, refusedAnswer, refusedAs } from "./refusal.ts";
import { maxListed, resultsOf, resultsSchema, rowErrorSchema, rowErrors } from "./results.ts";
import { orDiscard, type StartedImport, startImport } from "./start-import.ts";
import { statusLocation, statusUrlOf } from "./status.ts";

const defaultRows = 1000;
/** Shorter than what proxies allow a request. */
const defaultSeconds = 25;

const warnings = z
  .array(z.object({ code: z.string(), column: z.string(), field: z.string(), message: z.string() }))
  .optional()
  .openapi({ description: "Columns whose field is a guess that was taken. Left out where there are none." });

const acceptedSchema = z
  .object({
    success: z.literal(true),
    message: z.string().openapi({ description: "In the reader's language." }),
    data: z.object({ jobId: z.string(), statusUrl: z.string(), warnings }),
  })
  .openapi("AcceptedImport", {
    example: {
      success: true,
      message: "products.xlsx was accepted as import 42.",
      data: { jobId: "42", statusUrl: "/api/v1/import/status/42" },
    } as never,
  });

const importedSchema = z
  .object({
    success: z.literal(true),
    message: z.string().openapi({ description: "In the reader's language." }),
    data: resultsSchema.extend({
      errors: z.array(rowErrorSchema).openapi({ description: `At most ${maxListed}; the import's report has all.` }),
      warnings,
    }),
  })
  .openapi("ImportedFile", {
    example: {
      success: true,
      message: "Import 42: 119 of 120 rows are in.",
      data: {
        totalRows: 120,
        successCount: 119,
        errorCount: 1,
        errors: [{ row: 7, field: "email", code: "email_invalid", message: "E-mail is not an e-mail address." }],
      },
    } as never,
  });

const stoppedSchema = z
  .object({
    success: z.literal(false),
    message: z.string().openapi({ description: "Why it stands still, in the reader's language." }),
    data: z.object({ jobId: z.string(), statusUrl: z.string() }),
  })
  .openapi("StoppedImport");

export function importFileRoutes(parts: HttpParts): Router {
  const routes = newRouter();
  // Not by `createRoute`, which would read the body as a whole to validate it.
  routes.post("/import/:name", async (c) => {
    const importer = await importerFor(parts, c, c.req.param("name"), "import");
    return answerRefusals(c, parts, () => importFile(parts, c, importer));
  });
  document(routes);
  return routes;
}

async function importFile(parts: HttpParts, c: HttpContext, importer: Importer): Promise<Response> {
  const { upload, fields } = await received(parts, c);
  return orDiscard(parts, upload, async () => {
    const content = JSON.stringify([upload.hash, upload.fileName, ...[...fields].sort()]);
    return answerOnce(c, parts, content, async () => {
      const said = readForm(fields, importer);
      const atMostRows = limitsOf(importer)?.rows ?? null;
      const made = await startImport(parts, c, importer, upload, said, { atMostRows });
      return answerStarted(parts, c, importer, made);
    });
  });
}

async function received({ intake }: HttpParts, c: HttpContext): Promise<ReceivedFile> {
  if (!isForm(c.req.header("content-type")))
    throw new Refused([
      {
        code: "file_missing",
        message: told`The request has no form with a file.`,
        expected: "multipart/form-data",
        found: c.req.header("content-type")?.slice(0, 200) ?? null,
      },
    ]);
  const limit = intake.limits.fileBytes;
  const length = Number(c.req.header("content-length") ?? Number.NaN);
  return receiveFile(c, intake).catch((error: unknown) => {
    if (error instanceof UnreadableFile)
      return refusedAs("file_unreadable", () => ({ expected: readableEndings }))(error);
    return refusedAs("form_malformed", ({ code, next }) => {
      if (next?.code === "send_file") return { code: "file_missing", expected: "file" };
      if (code !== "too_large") return {};
      return { code: "file_too_large", expected: limit, found: Number.isFinite(length) ? length : null };
    })(error);
  });
}

/** With the results, where the importer is synchronous and they come in time; else with where to ask for them. */
async function answerStarted(
  parts: HttpParts,
  c: HttpContext,
  importer: Importer,
  { job, doubts }: StartedImport,
): Promise<Response> {
  const { engine, stopping } = parts;
  const language = languageOf(c, parts);
  const say = (telling: Telling): string => textIn(language, telling);
  const jobId = String(job.id);
  const statusUrl = statusUrlOf(parts, job.id);
  const guesses =
    doubts.length === 0 ? {} : { warnings: doubts.map((each) => ({ ...each, message: say(doubtOf(each)) })) };
  c.header("Content-Language", language);
  const limits = limitsOf(importer);
  const signal = stopping === undefined ? c.req.raw.signal : AbortSignal.any([c.req.raw.signal, stopping]);
  const ended = limits === null ? null : await awaitEnd(engine, job.id, 1000 * limits.seconds, signal);
  if (ended === null) {
    c.header("Location", statusUrl);
    const message = say(told`${job.fileName} was accepted as import ${job.id}.`);
    return c.json({ success: true, message, data: { jobId, statusUrl, ...guesses } }, 202);
  }
  if (ended.status !== "completed") return answerStopped(parts, c, ended, statusUrl);
  const results = resultsOf(ended, await engine.imports.counts(ended.id));
  const errors = results.errorCount === 0 ? [] : await rowErrors(engine, ended, importer, language);
  const message = say(
    told`Import ${ended.id}: ${results.successCount} of ${results.totalRows} {2:row is|rows are} in.`,
  );
  return c.json({ success: true, message, data: { ...results, errors, ...guesses } }, 200);
}

function answerStopped(parts: HttpParts, c: HttpContext, job: ArchivedImport, statusUrl: string): Response {
  const reader = readerOf(c, parts);
  const message =
    errorMessageOf(job, reader) ?? textIn(reader.language, told`Import ${job.id} was stopped before its end.`);
  return c.json({ success: false, message, data: { jobId: String(job.id), statusUrl } }, 409);
}

/** Null: the importer is not synchronous. */
function limitsOf({ synchronous = false }: Pick<Importer, "synchronous">): Required<SynchronousLimits> | null {
  if (synchronous === false) return null;
  const { rows = defaultRows, seconds = defaultSeconds } = synchronous === true ? {} : synchronous;
  return { rows, seconds };
}

/** What the route does, for the document. */
function document({ openAPIRegistry }: Router): void {
  const { 409: stopped, ...refused } = problems("not_found", "conflict", "too_many");
  openAPIRegistry.registerPath({
    method: "post",
    path: "/import/{name}",
    operationId: "importFile",
    tags: ["Programs"],
    summary: "Import a file in one request, without a review",
    description:
      "The file is checked at once: its format, the columns that are needed, its size. Then its columns are mapped, and it is read " +
      "and committed in the background. Importers that are synchronous answer 200 with the results, or 202 where they do not come in time. " +
      "The same file may come again. A column whose name is a guess is told in `warnings`; one whose values could be read in two ways " +
      "is refused, unless `mapping` says how, or `acceptDoubts` takes the suggestion.",
    request: {
      params: z.object({
        name: z
          .string()
          .openapi({ param: { name: "name", in: "path" }, example: "leads", description: "The importer." }),
      }),
      query: z.object({ lang: languageQuery }),
      body: {
        required: true,
        description: `The file, and options by their names: ${formFields.join(", ")}. An option of one word is sent as it is, others as JSON; a context value also under its own name.`,
        content: {
          "multipart/form-data": {
            schema: z
              .object({
                file: z.string().openapi({ format: "binary" }),
                mapping: z.string().optional().openapi({
                  description:
                    "JSON: a column's name → its field, or null to leave it out; or a list as in PUT /imports/{id}/mapping.",
                  example: '{"Art. no.": "code", "Internal": null}',
                }),
                context: z.string().optional().openapi({ description: "JSON: what you may choose of the context." }),
                acceptDoubts: z.enum(["true", "false"]).optional().openapi({
                  description: "true: all suggestions are taken. false: none, not even those of names.",
                }),
              })
              .catchall(z.string()),
          },
        },
      },
    },
    responses: {
      200: json(importedSchema, "It is done: of a synchronous importer."),
      202: { ...json(acceptedSchema, "It goes on in the background."), headers: statusLocation },
      400: refusedAnswer,
      ...refused,
      409: {
        description: "Of a synchronous importer: the import has stopped, and waits for somebody.",
        content: {
          "application/json": { schema: stoppedSchema },
          ...stopped.content,
        },
      },
    },
  });
}
