/** From a file of a program to an import that can start: kept, understood, mapped, nothing in doubt. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { App } from "../app.ts";
import { SluiceError } from "../core/errors.ts";
import { withColumns } from "../core/field-source.ts";
import { type Given, givenColumn } from "../core/given-mapping.ts";
import { doubtsOf, type ImportJob } from "../core/import.ts";
import { completeOptions, pickOptions } from "../core/import-options.ts";
import { checkContext, type Importer } from "../core/importer.ts";
import { keptKey } from "../core/keys.ts";
import { knownNames } from "../core/known-names.ts";
import { type DialectHints, isSameTable, saidOf } from "../core/row.ts";
import { meantInstead } from "../core/shape/nearest-name.ts";
import { programId } from "../core/users.ts";
import { givenFields } from "../engine/given-mapping.ts";
import type { Inspection } from "../engine/inspector.ts";
import type { Preparation } from "../engine/preparation.ts";
import { refuseNothingFed, refuseNothingToUpdate } from "../engine/start-check.ts";
import { mapColumns, missingFields } from "../mapping/map.ts";
import { type ImportChoices, type ImportedFile, sameNames } from "./choices.ts";
import { checkDialect } from "./dialect-choices.ts";

interface NewImport extends ImportChoices {
  language: string;
  dryRun: boolean;
  again: boolean;
}

/**
 * The import of the file: a new one, or the unfinished one of the same file and choices.
 *
 * @throws SluiceError `invalid` for a file or choices that do not serve, `conflict` with `importId` for a file that was
 * imported before.
 */
export async function newImport(
  { engine, files }: App,
  importer: Importer,
  file: ImportedFile,
  options: NewImport,
  signal?: AbortSignal,
): Promise<ImportJob> {
  const { user = programId, dryRun, again } = options;
  checkDialect(options.dialect);
  const context = contextOf(importer, options.context);
  const name = options.fileName ?? nameOf(file);
  const kept = await files.keep(bytesOf(file), { name, signal });
  let wanted = false;
  try {
    const preparation = engine.preparation({ sha256: (text) => createHash("sha256").update(text).digest("hex") });
    const once = !dryRun && !again;
    const inspect = (): Promise<Inspection> =>
      preparation.inspect(
        { storagePath: kept.storagePath, name },
        { ...options.dialect, names: knownNames(importer) },
        signal,
      );
    // Where a table of the file is named, imports of its others are none of it.
    const isNamed = options.dialect?.sheet !== undefined || options.dialect?.entry !== undefined;
    const named = isNamed ? await inspect() : undefined;
    if (once) {
      const same = { importer: importer.name, fileHash: kept.hash, context, createdBy: user };
      const jobs = await engine.imports.ofSameFile(same);
      const before = unfinishedOf(
        named === undefined ? jobs : jobs.filter(({ dialect }) => isSameTable(dialect, named.dialect)),
      );
      if (before !== null) {
        await refuseOtherChoices(before, importer, options, preparation);
        return before;
      }
    }
    const inspection = named ?? (await inspect());
    const given = givenOf(options, inspection.dialect.columns);
    const mapping = mapColumns(importer, inspection.profiles, given, inspection);
    settle(mapping, importer, options.acceptDoubts ?? false);
    const complete = completeOptions(importer, {
      ...pickOptions(options, sameNames),
      dialect: options.dialect,
      duplicates: {
        strategy: options.onDuplicate ?? importer.match.onDuplicate,
        keys: (options.match ?? importer.match.keys).map(keptKey),
      },
      assignment: options.assign,
      context,
      language: options.language,
    });
    refuseNothingToUpdate(complete, importer, mapping);
    const job = await preparation.create(
      {
        importer,
        file: { ...kept, name },
        options: complete,
        given,
        createdBy: user,
        dryRun,
        once,
      },
      inspection,
    );
    wanted = true;
    return job;
  } catch (error) {
    // What a lost database has decided is not known: a file that no import has is swept away later.
    wanted = engine.isConnectionLost(error);
    throw error;
  } finally {
    if (!wanted) await files.remove(kept.storagePath);
  }
}

/** @throws SluiceError `invalid` for a value that the importer needs and does not get, or does not know. */
function contextOf(importer: Importer, given: ImportChoices["context"] = {}): Record<string, string> {
  const missing = Object.keys(importer.context ?? {}).filter((name) => !Object.hasOwn(given, name));
  if (missing.length > 0)
    throw new SluiceError(
      "invalid",
      `The importer "${importer.name}" needs the context value "${missing[0]}". Pass it: context: { ${missing[0]}: … }.`,
    );
  return checkContext(
    importer,
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])),
  );
}

function nameOf(file: ImportedFile): string {
  if (typeof file === "string") return basename(file);
  if (file instanceof URL) return basename(file.pathname);
  return (file instanceof Blob && (file as { name?: string }).name) || "file";
}

function bytesOf(file: ImportedFile): string | AsyncIterable<Uint8Array> {
  if (typeof file === "string" && file !== "" && !file.includes("\0")) return file;
  if (file instanceof URL && file.protocol === "file:") return fileURLToPath(file);
  if (file instanceof Blob) return file.stream() as unknown as AsyncIterable<Uint8Array>;
  if (file instanceof Uint8Array)
    return (async function* () {
      yield file;
    })();
  if (typeof file === "object" && file !== null && Symbol.asyncIterator in file) return piecesOf(file);
  throw new SluiceError(
    "invalid",
    "importFile: the file must be a path, a file: address, bytes, a Blob, or a stream of bytes.",
  );
}

/** A stream that was told an encoding gives text. @throws SluiceError `invalid` for pieces of other kinds. */
async function* piecesOf(stream: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) {
    if (typeof piece === "string") yield Buffer.from(piece);
    else if (piece instanceof Uint8Array) yield piece;
    else
      throw new SluiceError(
        "invalid",
        `importFile: the stream must give bytes, and gave a piece that is ${typeof piece}.`,
      );
  }
}

function givenOf(
  { mapping = {}, values = {} }: Pick<ImportChoices, "mapping" | "values">,
  columns: readonly string[],
): Given[] {
  const known = (column: string, option: string): string => {
    if (columns.includes(column)) return column;
    throw new SluiceError("invalid", `${option}: the file has no column "${column}". ${meantInstead(column, columns)}`);
  };
  return [
    ...Object.entries(mapping).map(([column, said]) => givenColumn(known(column, "mapping"), said)),
    ...Object.entries(values).map(
      ([field, source]): Given => ({
        field,
        source: withColumns(source, (column) => known(column, `values.${field}`)),
      }),
    ),
  ];
}

/** @throws SluiceError `invalid` where a required field has no column, or a column is in doubt. */
function settle(mapping: ImportJob["mapping"], importer: Importer, acceptDoubts: boolean): void {
  const missing = missingFields(importer, mapping);
  if (missing.length > 0)
    throw new SluiceError(
      "invalid",
      `No column feeds: ${missing.join("; ")}. Say which does: mapping: { "Column": "field" }; or, where it is none, its value: ` +
        'values: { field: { kind: "constant", value: "…" } }, or "join" or "split".',
    );
  refuseNothingFed({ mapping }, importer);
  const doubtful = doubtsOf(mapping);
  if (doubtful.length === 0 || acceptDoubts) return;
  const named = doubtful.map(({ header, field, doubt }) => `"${header}" → ${field} (${doubt})`).join(", ");
  throw new SluiceError(
    "invalid",
    `The mapping is in doubt: ${named}. Say it by \`mapping\`, or pass acceptDoubts: true.`,
  );
}

/** An import of these bytes that did not come to its end. @throws SluiceError `conflict` where it did. */
function unfinishedOf(same: readonly ImportJob[]): ImportJob | null {
  if (same.length === 0) return null;
  const unfinished = same.find(({ status }) => status !== "completed");
  if (unfinished !== undefined && unfinished.phase !== "undo") return unfinished;
  const [{ id, completedAt }] = same;
  const state =
    unfinished === undefined
      ? `imported already: import ${id}, ${completedAt?.toISOString()}`
      : `being undone: import ${unfinished.id}`;
  throw new SluiceError("conflict", `This file has been ${state}. Pass again: true to import it once more.`, {
    importId: unfinished?.id ?? id,
  });
}

/** Only what is said counts; what is left out stays as it was. @throws SluiceError `conflict` naming what differs. */
async function refuseOtherChoices(
  job: ImportJob,
  importer: Importer,
  choices: ImportChoices,
  preparation: Preparation,
): Promise<void> {
  const { onDuplicate, match, mapping, values, assign, dialect } = choices;
  const differs: string[] = [];
  const compare = (name: string, asked: unknown, present: unknown): void => {
    if (asked !== undefined && !isDeepStrictEqual(asked, present))
      differs.push(`${name} is ${JSON.stringify(present)}`);
  };
  compare("onDuplicate", onDuplicate, job.duplicates.strategy);
  compare("match", match?.map(keptKey), job.duplicates.keys);
  for (const name of sameNames) compare(name, choices[name], job[name]);
  for (const [column, said] of Object.entries(mapping ?? {})) {
    const before = job.mapping.columns.find(({ header }) => header === column);
    if (typeof said === "string" || said === null) compare(`mapping.${column}`, said, before?.field);
    else
      compare(`mapping.${column}`, said, {
        field: before?.field,
        ...(said.default !== undefined && { default: before?.default }),
      });
  }
  const made = givenFields(job.mapping);
  for (const [field, source] of Object.entries(values ?? {}))
    compare(`values.${field}`, source, made.find((each) => each.field === field)?.source);
  const said = saidOf(job.dialect);
  for (const [name, hint] of Object.entries(dialect ?? {}))
    compare(`dialect.${name}`, hint, said[name as keyof DialectHints]);
  if (assign !== undefined) compare("assign", await preparation.ownersOf(job, importer, assign), job.assignment);
  if (differs.length === 0) return;
  throw new SluiceError(
    "conflict",
    `Import ${job.id} of this file is ${job.status}, and was begun with other options: there ${differs.join("; ")}. Go on with those, or pass again: true to import the file anew.`,
    { importId: job.id },
  );
}
