/** From an upload, or the file of an earlier import, to an import that is pending, or started. */
import type { z } from "@hono/zod-openapi";
import { type ContextValues, sameValues } from "../../core/context.ts";
import { SluiceError, told } from "../../core/errors.ts";
import { languages } from "../../core/fields/language.ts";
import { type ImportJob, statusWords } from "../../core/import.ts";
import { pickOptions, rememberedNames } from "../../core/import-options.ts";
import type { Importer } from "../../core/importer.ts";
import { knownNames } from "../../core/known-names.ts";
import { readingOf } from "../../core/reading.ts";
import type { MappingTemplate } from "../../core/store/templates.ts";
import { asSaid, givenFor, hintsOf, unsaid } from "../../engine/given-mapping.ts";
import type { UploadedFile } from "../intake/intake.ts";
import { ProblemError } from "../request/problem.ts";
import {
  bringerOf,
  type HttpContext,
  type HttpParts,
  importerFor,
  importFor,
  languageOf,
  notifiedOf,
  readerOf,
  refuseUnless,
} from "../request/request-context.ts";
import { presentImport } from "./import-view.ts";
import type { CreatedImport, newImport } from "./new-import.ts";
import { givenIn, optionsOf, presentMapping } from "./options.ts";
import { ownTemplate, templateFor } from "./template-access.ts";
import { presentTemplate } from "./template-view.ts";

/** Remembered mappings that an answer names. */
const suggestedTemplates = 5;

/** From an upload to an import that is pending, or started. */
export async function createImport(
  parts: HttpParts,
  c: HttpContext,
  input: z.infer<typeof newImport>,
): Promise<CreatedImport> {
  const { engine, preparation } = parts;
  const { archive } = engine;
  const user = c.get("user");
  if ((input.uploadId === undefined) === (input.fileOf === undefined)) {
    throw new SluiceError(
      "invalid",
      told`The request must name one file: an upload, or an earlier import whose file is still kept.`,
      { next: { code: "send_file" } },
    );
  }
  const parent = input.parentId === undefined ? undefined : await importFor(parts, c, input.parentId, "view");
  const earlier = input.fileOf === undefined ? undefined : await importFor(parts, c, input.fileOf, "view");
  const importer = await importerFor(parts, c, importerName(input.importer, parent ?? earlier), "import");
  const context = await contextOf(c, { input, importer, parent, earlier });
  if (input.options?.autoCommit === true) await refuseUnless(c, "commit", importer, context);
  const isStarted = input.start ?? input.options?.autoCommit ?? false;

  const make = (file: UploadedFile): Promise<Draft> =>
    draftOf(parts, c, { input, importer, context, parent, earlier, file });
  const before = c.get("keyed")?.importId ?? null;
  let made: Draft;
  if (before !== null) made = await madeBefore(parts, c, before, input.templateId);
  else if (earlier !== undefined) made = await withFileOf(parts, earlier, make);
  else {
    const file = await parts.intake.fileOf(await bringerOf(c), input.uploadId as string);
    if (!input.again && !input.dryRun) await refuseSameFile(parts, c, { importer, context, file });
    made = await make(file);
  }
  const { job, template, suggested } = made;
  if (isStarted && job.status === "pending") {
    try {
      preparation.settle(job, importer, input.acceptDoubts);
      await engine.start(job.id, user.id);
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      // The file is stored: the missing parts can be sent without uploading it again.
      const { code, message, told: telling, retryAfterSeconds } = error;
      throw new ProblemError(code, message, { importId: job.id }, { cause: error, told: telling, retryAfterSeconds });
    }
  }
  return {
    isStarted,
    answer: {
      ...presentImport(await archive.get(job.id), readerOf(c, parts)),
      mapping: presentMapping(job, preparation.missing(job, importer)),
      template: template === null ? null : presentTemplate(template),
      suggestedTemplates: suggested.map(presentTemplate),
    },
  };
}

/**
 * Whose it is: what is said, else as the import has it that this one follows, as far as the server lets them choose.
 *
 * @throws SluiceError `forbidden` for what is not theirs, `invalid` if corrected rejects would go elsewhere than the rest.
 */
async function contextOf(
  c: HttpContext,
  { input, importer, parent, earlier }: Pick<DraftRequest, "input" | "importer" | "parent" | "earlier">,
): Promise<ContextValues> {
  const model = parent ?? (earlier?.importer === importer.name ? earlier : undefined);
  const context = await c.get("reach").contextFor(importer, input.options?.context ?? model?.context ?? {});
  if (parent !== undefined && !sameValues(parent.context, context))
    throw new SluiceError(
      "invalid",
      told`Import ${parent.id} has a different context. Its corrected rows go where the other rows went.`,
      { next: { code: "omit_option", option: "context" } },
    );
  return context;
}

interface DraftRequest {
  input: z.infer<typeof newImport>;
  importer: Importer;
  context: ContextValues;
  parent: ImportJob | undefined;
  /** The import whose file this is. */
  earlier: ImportJob | undefined;
  file: UploadedFile;
}

interface Draft {
  job: ImportJob;
  template: MappingTemplate | null;
  suggested: MappingTemplate[];
}

/** Looks at the file and makes the pending import. What is said now goes before the template, the template before the parent. */
async function draftOf(
  parts: HttpParts,
  c: HttpContext,
  { input, importer, context, parent, earlier, file }: DraftRequest,
): Promise<Draft> {
  const { preparation, engine } = parts;
  const { templates } = engine;
  const user = c.get("user");
  const template =
    input.templateId === undefined ? null : await templateFor(parts, c, input.templateId, { importer, context });
  const hints = {
    ...(parent !== undefined && readingOf(parent.dialect)),
    ...template?.reading,
    ...(input.options?.dialect ?? (earlier === undefined ? {} : hintsOf(earlier))),
  };
  const inspection = await preparation.inspect(file, { ...hints, names: knownNames(importer) }, c.req.raw.signal);
  const { columns } = inspection.dialect;
  const fingerprint = preparation.fingerprint(columns);
  const { items: suggested } = await templates.list(
    { createdBy: user.id, importer: importer.name, context, fingerprint },
    { limit: suggestedTemplates },
  );
  const given = givenIn(input);
  // A file that is imported into something else has nothing to go by.
  const model = parent ?? (earlier?.importer === importer.name ? earlier : undefined);
  const mapping = template?.mapping ?? (model && asSaid(model.mapping));
  const remembered = mapping === undefined ? [] : givenFor(mapping, columns, importer);
  // Corrected rejects are reported in the language of the import they come from.
  const language = languages.find((each) => each === parent?.language) ?? languageOf(c, parts);
  const remembers = model === undefined ? null : pickOptions(model, rememberedNames);
  const options = optionsOf(importer, { ...input.options, context }, template, remembers, { language });
  const job = await preparation.create(
    {
      importer,
      file,
      options,
      given: [...given, ...unsaid(remembered, given)],
      createdBy: user.id,
      createdByName: user.name,
      notify: await notifiedOf(c),
      dryRun: input.dryRun,
      parentId: parent?.id,
      once: input.fileOf === undefined && !input.again && !input.dryRun,
      uploadId: input.uploadId,
      uploadedBy: (await bringerOf(c)).id,
      claim: c.get("keyed")?.claim,
    },
    inspection,
  );
  return { job, template, suggested };
}

/** What the same request had made before its process died, or lost the database. */
async function madeBefore(
  parts: HttpParts,
  c: HttpContext,
  importId: number,
  templateId: number | undefined,
): Promise<Draft> {
  const { templates } = parts.engine;
  const job = await importFor(parts, c, importId, "view");
  const { importer, context } = job;
  const of = { createdBy: c.get("user").id, importer, context, fingerprint: job.fingerprint ?? "" };
  return {
    job,
    template: templateId === undefined ? null : await ownTemplate(parts, c, templateId),
    suggested: (await templates.list(of, { limit: suggestedTemplates })).items,
  };
}

/** Under a path of its own: the file of each import goes with that import. The bytes are there once. */
async function withFileOf(
  { files, downloads, engine }: HttpParts,
  earlier: ImportJob,
  make: (file: UploadedFile) => Promise<Draft>,
): Promise<Draft> {
  const { fileName: name, fileHash: hash, fileSizeBytes: sizeBytes } = earlier;
  const storagePath = await downloads.originalAgain(earlier);
  try {
    return await make({ name, storagePath, hash, sizeBytes });
  } catch (error) {
    // What a lost database has decided is not known: a file that no import has is swept away later.
    if (!engine.isConnectionLost(error)) await files.remove(storagePath);
    throw error;
  }
}

function importerName(asked: string | undefined, parent: ImportJob | undefined): string {
  const name = asked ?? parent?.importer;
  if (name === undefined)
    throw new SluiceError("invalid", told`The request does not say which importer to use.`, {
      next: { code: "choose_importer" },
    });
  if (parent !== undefined && name !== parent.importer) {
    throw new SluiceError(
      "invalid",
      told`Import ${parent.id} was made with the importer "${parent.importer}", not the one named in the request.`,
      { next: { code: "omit_option", option: "importer" } },
    );
  }
  return name;
}

/** @throws ProblemError `conflict` naming the import that has the same bytes, and since when. */
async function refuseSameFile(
  { intake }: HttpParts,
  c: HttpContext,
  { importer, context, file }: { importer: Importer; context: ContextValues; file: UploadedFile },
): Promise<void> {
  const { hash } = file;
  const createdBy = c.get("user").id;
  const same = await intake.uploads.sameFile({ hash, createdBy, importer: importer.name, context });
  if (same === null) return;
  const at = (same.completedAt ?? same.createdAt).toISOString();
  throw new ProblemError(
    "conflict",
    told`The same file was already uploaded for import ${same.jobId} (${statusWords[same.status]}, ${at}).`,
    { importId: same.jobId, importedAt: at },
    { next: { code: "import_again", importId: same.jobId } },
  );
}
