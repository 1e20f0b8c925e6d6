/** From what a program has sent to an import that is on its way to its commit: checked, mapped by itself, started. */
import type { ImportJob } from "../../core/import.ts";
import { completeOptions, type ImportOptions } from "../../core/import-options.ts";
import type { Importer } from "../../core/importer.ts";
import type { Upload } from "../../core/store/uploads.ts";
import type { Inspection } from "../../engine/inspector.ts";
import type { UploadedFile } from "../intake/intake.ts";
import {
  bringerOf,
  type HttpContext,
  type HttpParts,
  importFor,
  languageOf,
  notifiedOf,
  refuseUnless,
} from "../request/request-context.ts";
import { checkFile, type DoubtfulColumn, refuseManyRows } from "./file-check.ts";
import type { SaidOptions } from "./form-options.ts";
import { refusedAs } from "./refusal.ts";

export interface StartedImport {
  job: ImportJob;
  /** Columns whose field is a guess that was taken. */
  doubts: readonly DoubtfulColumn[];
}

/** An upload of which no import was made is taken away. */
export async function orDiscard<T>(
  { intake }: Pick<HttpParts, "intake">,
  upload: Upload,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } finally {
    // One that has an import stays; a database that is away lets it expire.
    await intake.discard(upload).catch(() => {});
  }
}

/**
 * Makes an import of an upload and starts it. `atMostRows`: null for any number. `fitWithinMs`: as in FreshImport.
 *
 * @throws Refused for what does not serve, before there is an import
 */
export async function startImport(
  parts: HttpParts,
  c: HttpContext,
  importer: Importer,
  upload: Upload,
  said: SaidOptions,
  { atMostRows = null, fitWithinMs }: { atMostRows?: number | null; fitWithinMs?: number } = {},
): Promise<StartedImport> {
  const before = await madeBefore(parts, c);
  if (before !== null) return before;
  const { given, acceptDoubts } = said;
  const options = await optionsFor(parts, c, importer, said);
  const file = await parts.intake.fileOf(await bringerOf(c), upload.id);
  const { signal } = c.req.raw;
  const asked = { importer, file, options, given, acceptDoubts, language: languageOf(c, parts) };
  const { inspection, doubts } = await checkFile(parts, asked, signal);
  if (atMostRows !== null) await refuseManyRows(parts, file, inspection, atMostRows, signal);
  const job = await started(parts, c, { importer, file, options, given, uploadId: upload.id, fitWithinMs }, inspection);
  return { job, doubts };
}

/** What the same request, by its key, had made before its process died, or lost the database. */
async function madeBefore(parts: HttpParts, c: HttpContext): Promise<StartedImport | null> {
  const importId = c.get("keyed")?.importId ?? null;
  if (importId === null) return null;
  const job = await importFor(parts, c, importId, "view");
  if (job.status !== "pending") return { job, doubts: [] };
  return { job: await parts.engine.start(job.id, c.get("user").id), doubts: [] };
}

/** The whole of the options, with the context that is the caller's. */
async function optionsFor(
  parts: HttpParts,
  c: HttpContext,
  importer: Importer,
  { options }: SaidOptions,
): Promise<ImportOptions> {
  const context = await c
    .get("reach")
    .contextFor(importer, options.context ?? {})
    .catch(refusedAs("option_invalid"));
  await refuseUnless(c, "commit", importer, context);
  const said = { ...options, context, autoCommit: true } as Partial<ImportOptions>;
  return completeOptions(importer, said, { language: languageOf(c, parts) });
}

/** Makes the import and hands it to the workers; one that may not wait in the queue is taken away again. */
async function started(
  { preparation, engine }: HttpParts,
  c: HttpContext,
  draft: {
    importer: Importer;
    file: UploadedFile;
    options: ImportOptions;
    given: SaidOptions["given"];
    uploadId: string;
    fitWithinMs: number | undefined;
  },
  inspection: Inspection,
): Promise<ImportJob> {
  const user = c.get("user");
  const whose = {
    createdBy: user.id,
    createdByName: user.name,
    notify: await notifiedOf(c),
    uploadedBy: (await bringerOf(c)).id,
  };
  const claim = c.get("keyed")?.claim;
  const job = await preparation
    .create({ ...draft, ...whose, dryRun: false, once: false, claim }, inspection)
    .catch(refusedAs("option_invalid"));
  try {
    return await engine.start(job.id, user.id);
  } catch (error) {
    // What a lost database has decided is not known: the import stays, to be found in the list.
    if (!engine.isConnectionLost(error)) await engine.delete(job.id, user.id).catch(() => {});
    throw error;
  }
}
