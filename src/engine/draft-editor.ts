/** A pending import changed as a person says: its mapping, its options, or what is remembered of other files. A ready one's options. */
import type { Assignment } from "../core/assignment.ts";
import { SluiceError, told } from "../core/errors.ts";
import type { Actor } from "../core/events.ts";
import { feedOf } from "../core/feeds.ts";
import { columnsOf, type FieldSource } from "../core/field-source.ts";
import { type Given, isGivenField } from "../core/given-mapping.ts";
import { type ColumnMapping, type ImportJob, type Mapping, statusWords } from "../core/import.ts";
import {
  checkedOptions,
  fittedOptions,
  type ImportOptions,
  type KeptOptions,
  pickOptions,
  readyNames,
} from "../core/import-options.ts";
import type { Importer } from "../core/importer.ts";
import { knownNames } from "../core/known-names.ts";
import { ownersFor } from "../core/owners.ts";
import type { DialectHints } from "../core/row.ts";
import type { MappingTemplate } from "../core/store/templates.ts";
import { mapColumnsInTurns } from "../mapping/map.ts";
import type { ColumnProfile } from "../mapping/profile.ts";
import { ownedBy } from "./assigned-owners.ts";
import { fieldsAfter, givenFor, givenOf, hintsOf, namedOnce, sameHints } from "./given-mapping.ts";
import { fileOf, fingerprintOf, inspectFile } from "./inspected-file.ts";
import type { Inspection } from "./inspector.ts";
import type { PreparationParts } from "./preparation-parts.ts";
import { refuseUnfedKey } from "./start-check.ts";

/** Two people at one mapping give way to each other so often. */
const maxAttempts = 5;

export class DraftEditor {
  readonly #parts: PreparationParts;

  constructor(parts: PreparationParts) {
    this.#parts = parts;
  }

  /** What a person says replaces what was suggested; columns that are not named are left out. */
  async changeMapping(
    job: ImportJob,
    importer: Importer,
    given: readonly Given[],
    actor: Actor,
    signal?: AbortSignal,
  ): Promise<ImportJob> {
    requirePending(job);
    const profiles = await this.#profile(job, signal);
    const named = namedOnce(given);
    const said = new Set(named.flatMap((each) => (isGivenField(each) ? [] : [each.column])));
    const left = job.dialect.columns.filter((header) => !said.has(header));
    const others = left.map((column) => ({ column, field: null }));
    const mapping = await mapColumnsInTurns(importer, profiles, [...named, ...others], { dialect: job.dialect });
    return this.#parts.store.drafts.change(job.id, { mapping }, actor, job.dialect);
  }

  /**
   * What a person says of some columns; the others stay as they are, with the reasons for their suggestions.
   *
   * @throws SluiceError `invalid` when a field would be fed by two columns.
   */
  async changeColumns(
    job: ImportJob,
    importer: Importer,
    given: readonly Given[],
    actor: Actor,
    signal?: AbortSignal,
  ): Promise<ImportJob> {
    requirePending(job);
    const { store } = this.#parts;
    let present = job;
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const profiles = await this.#profile(present, signal);
      const mapping = await changed(present, importer, profiles, given);
      const remapped = await store.drafts.remap(job.id, present.mapping, mapping, actor);
      if (remapped !== null) return remapped;
      present = await store.imports.get(job.id);
    }
    throw new SluiceError(
      "conflict",
      told`The mapping of import ${job.id} is being changed elsewhere. Check it and try again.`,
    );
  }

  /** What served for another file of these columns: its mapping and its options, its owners where they can. */
  async applyTemplate(
    job: ImportJob,
    importer: Importer,
    template: MappingTemplate,
    actor: Actor,
    signal?: AbortSignal,
  ): Promise<ImportJob> {
    requirePending(job);
    const { store } = this.#parts;
    const { dialect, profiles } = await this.#readAs(job, { ...hintsOf(job), ...template.reading }, signal);
    const given = givenFor(template.mapping, dialect.columns, importer);
    const mapping = await mapColumnsInTurns(importer, profiles, given, { dialect });
    const options = checkedOptions(importer, fittedOptions(importer, template));
    const assignment = await ownedBy(store.owners, importer, mapping, options.assignment, ownersFor(job)).catch(
      (error: unknown) => {
        // Somebody has left, or the column of owners is not there: who owns the records is asked for as for any other file.
        if (error instanceof SluiceError && error.code === "invalid") return job.assignment;
        throw error;
      },
    );
    return store.drafts.change(job.id, { dialect, mapping, ...options, assignment }, actor, job.dialect);
  }

  /**
   * Another dialect is inspected again: settings of columns that still exist are kept. Of a ready import all but the dialect
   * can be changed: its rows stay as they are staged, with their edits.
   */
  async changeOptions(
    job: ImportJob,
    importer: Importer,
    { dialect: hints, ...wanted }: ImportOptions,
    actor: Actor,
    signal?: AbortSignal,
  ): Promise<ImportJob> {
    if (job.status !== "ready") requirePending(job);
    const { store } = this.#parts;
    const options = checkedOptions(importer, wanted);
    const isReadAnew = !sameHints(hints, hintsOf(job));
    if (job.status === "ready") return this.#changeReady(job, importer, options, isReadAnew, actor);
    const whose = { ...ownersFor(job), context: options.context };
    const owned = (mapping: Mapping): Promise<Assignment> =>
      ownedBy(store.owners, importer, mapping, options.assignment, whose);
    if (!isReadAnew) {
      const assignment = await owned(job.mapping);
      return store.drafts.change(job.id, { ...options, assignment }, actor, job.dialect);
    }
    const { dialect, profiles } = await inspectFile(
      this.#parts.look,
      fileOf(job),
      { ...hints, names: knownNames(importer) },
      signal,
    );
    // Mere suggestions are made again, from what the columns hold now.
    const there = new Set(dialect.columns);
    const said = new Set(job.mapping.columns.filter(({ reason }) => reason === "given").map(({ header }) => header));
    const made = new Set(job.mapping.fields?.filter(({ reason }) => reason === "given").map(({ field }) => field));
    const given = givenOf(job.mapping).filter((each) =>
      isGivenField(each)
        ? made.has(each.field) && columnsOf(each.source as FieldSource<string>).every((column) => there.has(column))
        : there.has(each.column) && said.has(each.column),
    );
    const mapping = await mapColumnsInTurns(importer, profiles, given, { dialect });
    const assignment = await owned(mapping);
    const fingerprint = fingerprintOf(dialect.columns, this.#parts.sha256);
    const changes = { dialect, mapping, fingerprint, ...options, assignment };
    return store.drafts.change(job.id, changes, actor, job.dialect);
  }

  async #changeReady(
    job: ImportJob,
    importer: Importer,
    options: KeptOptions,
    isReadAnew: boolean,
    actor: Actor,
  ): Promise<ImportJob> {
    if (isReadAnew)
      throw new SluiceError(
        "conflict",
        told`Import ${job.id} is ready; changing how the file is read means reading it again. Reopen the import first, which discards its edits.`,
      );
    if (options.autoCommit && !job.autoCommit)
      throw new SluiceError("conflict", told`Import ${job.id} is already ready. Commit it instead.`);
    refuseUnfedKey(options, importer, job.mapping);
    const { engine, store } = this.#parts;
    const whose = { ...ownersFor(job), context: options.context };
    const assignment = await ownedBy(store.owners, importer, job.mapping, options.assignment, whose);
    return engine.changeReady(job.id, { ...pickOptions(options, readyNames), assignment }, actor);
  }

  /** The file as it is read already, or anew where something else is said of it. */
  async #readAs(job: ImportJob, hints: DialectHints, signal?: AbortSignal): Promise<Inspection> {
    if (!sameHints(hints, hintsOf(job))) return inspectFile(this.#parts.look, fileOf(job), hints, signal);
    return { dialect: job.dialect, profiles: await this.#profile(job, signal) };
  }

  #profile(job: ImportJob, signal?: AbortSignal): Promise<ColumnProfile[]> {
    return this.#parts.look.profile(fileOf(job), job.dialect, signal);
  }
}

async function changed(
  { mapping, dialect }: ImportJob,
  importer: Importer,
  profiles: readonly ColumnProfile[],
  given: readonly Given[],
): Promise<Mapping> {
  const named = namedOnce(given);
  const byHeader = new Map(profiles.map((profile) => [profile.header, profile]));
  const ofColumns = named.flatMap((each) => (isGivenField(each) ? [] : [each]));
  const looked = ofColumns.flatMap(({ column }) => byHeader.get(column) ?? []);
  if (looked.length < ofColumns.length) return mapColumnsInTurns(importer, profiles, named, { dialect });
  const said = new Map(
    (await mapColumnsInTurns(importer, looked, ofColumns, { dialect, all: profiles })).columns.map((each) => [
      each.header,
      each,
    ]),
  );
  const columns = mapping.columns.map((each) => {
    const fresh = said.get(each.header);
    return fresh === undefined ? each : { ...fresh, column: each.column };
  });
  const fields = fieldsAfter(mapping, importer, profiles, named);
  const fed = new Map<string, string>();
  for (const { header, field } of columns) {
    if (field === null || feedOf(importer, field)?.isShared) continue;
    const other = fed.get(field);
    if (other !== undefined) {
      throw new SluiceError(
        "invalid",
        told`The columns "${other}" and "${header}" would both feed "${field}". Leave one of them out in the same request.`,
      );
    }
    fed.set(field, header);
  }
  const isMade = new Set(fields.map(({ field }) => field));
  // What is made takes the place of the column that fed the field.
  const left = columns.map((each) => (each.field !== null && isMade.has(each.field) ? withoutField(each) : each));
  return fields.length === 0 ? { columns: left } : { columns: left, fields };
}

function withoutField({ column, header }: ColumnMapping): ColumnMapping {
  return { column, header, field: null, score: 1, reason: "given" };
}

function requirePending({ id, status }: ImportJob): void {
  if (status === "pending") return;
  throw new SluiceError(
    "conflict",
    told`Import ${id} is ${statusWords[status]}, so its mapping and options cannot change. Reopen it to change them, or upload the file again as a new import.`,
    { next: { code: "reopen_import", importId: id } },
  );
}
