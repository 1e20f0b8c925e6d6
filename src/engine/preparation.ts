/**
 * An import before it starts: from a kept file to a pending import whose mapping and options a person can still change.
 * Nothing here reads more of a file than its head.
 */

import type { Assignment } from "../core/assignment.ts";
import type { DuplicateOptions } from "../core/duplicates.ts";
import { SluiceError, type Telling, told } from "../core/errors.ts";
import type { Actor } from "../core/events.ts";
import { type ImportJob, type Mapping, type MappingDoubt, statusWords } from "../core/import.ts";
import {
  checkedOptions,
  fittedOptions,
  type ImportOptions,
  type KeptOptions,
  pickOptions,
  readyNames,
} from "../core/import-options.ts";
import type { Importer } from "../core/importer.ts";
import { ownersFor } from "../core/owners.ts";
import type { Attention } from "../core/ports.ts";
import { type DialectHints, type SheetLook, saidOf } from "../core/row.ts";
import type { ReadyChanges } from "../core/store/drafts.ts";
import type { Store } from "../core/store/store.ts";
import type { MappingTemplate } from "../core/store/templates.ts";
import { refuseUnusedHints } from "../core/unused-hints.ts";
import { type GivenMapping, mapColumnsInTurns, missingFields, unfedKey } from "../mapping/map.ts";
import type { ColumnProfile } from "../mapping/profile.ts";
import { choiceReader, type ReadPreview, readRows } from "../staging/read-preview.ts";
import { fold } from "../values/fold.ts";
import { ownedBy } from "./assigned-owners.ts";
import type { InspectedFile, Inspection, Inspector } from "./inspector.ts";
import type { FreshImport } from "./new-imports.ts";

/** A file to be imported as its columns say; what is known of them is given, the others are suggested. */
export interface NewDraft extends Omit<FreshImport, "dialect" | "mapping" | "options" | "fingerprint"> {
  options: ImportOptions;
  given: readonly GivenMapping[];
}

export interface PreparationParts {
  /** What the engine does with what is prepared here. */
  engine: {
    readonly attention: Attention;
    createImport(fresh: FreshImport): Promise<ImportJob>;
    changeReady(jobId: number, changes: ReadyChanges, by: Actor): Promise<ImportJob>;
  };
  store: Pick<Store, "imports" | "drafts" | "owners">;
  look: Inspector;
  /** SHA-256 in hex. */
  sha256: (text: string) => string;
}

/** Two people at one mapping give way to each other so often. */
const maxAttempts = 5;

export class Preparation {
  readonly #parts: PreparationParts;

  constructor(parts: PreparationParts) {
    this.#parts = parts;
  }

  /** Looks at the head of a kept file. @throws SluiceError `invalid` for a hint that means nothing to its format. */
  async inspect(file: InspectedFile, hints: DialectHints, signal?: AbortSignal): Promise<Inspection> {
    const inspection = await this.#parts.look.inspect(file, hints, signal);
    refuseUnusedHints(hints, inspection.dialect);
    return inspection;
  }

  /** Makes the pending import. Required fields without a column are allowed: `settle` asks for them at the start. */
  async create(
    { given, options: { dialect: _, ...options }, ...draft }: NewDraft,
    inspection: Inspection,
  ): Promise<ImportJob> {
    const { dialect, profiles } = inspection;
    const mapping = await this.#map(draft.importer, profiles, given);
    const fingerprint = this.fingerprint(dialect.columns);
    return this.#parts.engine.createImport({ ...draft, dialect, mapping, options, fingerprint });
  }

  /** What a person says replaces what was suggested; columns that are not named are left out. */
  async changeMapping(
    job: ImportJob,
    importer: Importer,
    given: readonly GivenMapping[],
    actor: Actor,
    signal?: AbortSignal,
  ): Promise<ImportJob> {
    requirePending(job);
    const profiles = await this.profile(job, signal);
    const named = namedOnce(given);
    const said = new Set(named.map(({ column }) => column));
    const left = job.dialect.columns.filter((header) => !said.has(header));
    const mapping = await this.#map(importer, profiles, [...named, ...left.map((column) => ({ column, field: null }))]);
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
    given: readonly GivenMapping[],
    actor: Actor,
    signal?: AbortSignal,
  ): Promise<ImportJob> {
    requirePending(job);
    const { store } = this.#parts;
    let present = job;
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const profiles = await this.profile(present, signal);
      const mapping = await this.#withColumns(present, importer, profiles, given);
      const changed = await store.drafts.remap(job.id, present.mapping, mapping, actor);
      if (changed !== null) return changed;
      present = await store.imports.get(job.id);
    }
    throw new SluiceError(
      "conflict",
      told`The mapping of import ${job.id} is being changed elsewhere. Look at it and try again.`,
    );
  }

  async #withColumns(
    { mapping }: ImportJob,
    importer: Importer,
    profiles: readonly ColumnProfile[],
    given: readonly GivenMapping[],
  ): Promise<Mapping> {
    const named = namedOnce(given);
    const byHeader = new Map(profiles.map((profile) => [profile.header, profile]));
    const looked = named.flatMap(({ column }) => byHeader.get(column) ?? []);
    if (looked.length < named.length) return this.#map(importer, profiles, named);
    const said = new Map((await this.#map(importer, looked, named)).columns.map((each) => [each.header, each]));
    const columns = mapping.columns.map((each) => {
      const fresh = said.get(each.header);
      return fresh === undefined ? each : { ...fresh, column: each.column };
    });
    const fed = new Map<string, string>();
    for (const { header, field } of columns) {
      if (field === null) continue;
      const other = fed.get(field);
      if (other !== undefined) {
        throw new SluiceError(
          "invalid",
          told`The columns "${other}" and "${header}" would both feed "${field}". Leave one of them out in the same request.`,
        );
      }
      fed.set(field, header);
    }
    return { columns };
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
    const profiles = await this.profile(job, signal);
    const mapping = await this.#map(importer, profiles, givenFor(template.mapping, job.dialect.columns, importer));
    const options = checkedOptions(importer, fittedOptions(importer, template));
    const assignment = await ownedBy(store.owners, importer, mapping, options.assignment, ownersFor(job)).catch(
      (error: unknown) => {
        // Somebody has left, or the column of owners is not there: who owns the records is asked for as for any other file.
        if (error instanceof SluiceError && error.code === "invalid") return job.assignment;
        throw error;
      },
    );
    return store.drafts.change(job.id, { mapping, ...options, assignment }, actor, job.dialect);
  }

  /**
   * Another dialect is looked at anew: what was given of columns that are still there stays. Of a ready import all but the dialect
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
    const { dialect, profiles } = await this.inspect(fileOf(job), hints, signal);
    // What was only suggested is suggested anew, by what the columns hold now.
    const there = new Set(dialect.columns);
    const said = new Set(job.mapping.columns.filter(({ reason }) => reason === "given").map(({ header }) => header));
    const given = givenOf(job.mapping).filter(({ column }) => there.has(column) && said.has(column));
    const mapping = await this.#map(importer, profiles, given);
    const assignment = await owned(mapping);
    const fingerprint = this.fingerprint(dialect.columns);
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
        told`Import ${job.id} is ready: another dialect has to read the file anew. Reopen it first; its edits go then.`,
      );
    if (options.autoCommit && !job.autoCommit)
      throw new SluiceError("conflict", told`Import ${job.id} is already ready. Commit it instead.`);
    refuseUnfedKey(options.duplicates, importer, job.mapping);
    const { engine, store } = this.#parts;
    const whose = { ...ownersFor(job), context: options.context };
    const assignment = await ownedBy(store.owners, importer, job.mapping, options.assignment, whose);
    return engine.changeReady(job.id, { ...pickOptions(options, readyNames), assignment }, actor);
  }

  /**
   * Whether the import can start as it is.
   *
   * @throws SluiceError `invalid` when a required field has no column, or, unless they are accepted, a column is in doubt.
   */
  settle(job: ImportJob, importer: Importer, acceptDoubts: boolean): void {
    const missing = missingFields(importer, job.mapping);
    if (missing.length > 0) {
      throw new SluiceError("invalid", told`No column feeds: ${missing.join("; ")}.`, {
        next: { code: "map_column", fields: missing.join("; "), importId: job.id },
      });
    }
    refuseUnfedKey(job.duplicates, importer, job.mapping);
    const doubtful = job.mapping.columns.filter(({ doubt }) => doubt !== undefined);
    if (doubtful.length > 0 && !acceptDoubts) {
      const named = doubtful.map(
        ({ header, field, doubt }) => told`"${header}" → ${field ?? ""} (${doubtWords[doubt as MappingDoubt]})`,
      );
      throw new SluiceError(
        "invalid",
        told`Some columns need a decision: ${named}. Settle them, or accept the suggestions.`,
        { next: { code: "settle_doubts", importId: job.id } },
      );
    }
  }

  /** Required fields, and groups of which one is needed, that no column feeds. */
  missing(job: ImportJob, importer: Importer): string[] {
    return missingFields(importer, job.mapping);
  }

  /** What the columns look like, by the head of the file. */
  profile(job: ImportJob, signal?: AbortSignal): Promise<ColumnProfile[]> {
    return this.#parts.look.profile(fileOf(job), job.dialect, signal);
  }

  /** The first rows, as the import's dialect and its mapping read them. */
  async preview(job: ImportJob, importer: Importer, limit: number, signal?: AbortSignal): Promise<ReadPreview> {
    const { rows, more } = await this.#parts.look.preview(fileOf(job), job.dialect, limit, signal);
    return { rows: readRows(job, importer, rows, this.#parts.engine.attention), more };
  }

  /** The sheets of a workbook with their first rows; none for another file. */
  async sheets(job: ImportJob, signal?: AbortSignal): Promise<SheetLook[]> {
    return "sheet" in job.dialect ? this.#parts.look.sheets(fileOf(job), signal) : [];
  }

  /** How each column's cells are read where it feeds a choice. */
  choices(job: ImportJob, importer: Importer): (((cell: string) => string | null) | undefined)[] {
    return job.mapping.columns.map((column) => choiceReader(column, importer));
  }

  /** What files with these columns have in common, in whatever order: SHA-256 in hex over their folded names. */
  fingerprint(columns: readonly string[]): string {
    return this.#parts.sha256(
      columns
        .map((name) => fold(name) || name)
        .sort()
        .join("\n"),
    );
  }

  #map(importer: Importer, profiles: readonly ColumnProfile[], given: readonly GivenMapping[]): Promise<Mapping> {
    return mapColumnsInTurns(importer, profiles, given);
  }

  /** An assignment as this import would keep it. @throws SluiceError `invalid` naming whom nobody knows. */
  ownersOf(job: ImportJob, importer: Importer, wanted: Assignment): Promise<Assignment> {
    return ownedBy(this.#parts.store.owners, importer, job.mapping, wanted, ownersFor(job));
  }
}

const doubtWords: Readonly<Record<MappingDoubt, Telling>> = {
  ambiguous_field: told`ambiguous_field`,
  date_order: told`date_order`,
  date_serial: told`date_serial`,
  decimal_mark: told`decimal_mark`,
  similar_name: told`similar_name`,
};

function fileOf({ storagePath, fileName }: ImportJob): InspectedFile {
  return { storagePath, name: fileName };
}

/** A mapping as a person would say it, to be used for another file. */
export function givenOf(mapping: Mapping): GivenMapping[] {
  return mapping.columns.map(({ header, field, transform }) => ({
    column: header,
    field,
    ...(transform !== undefined && { transform }),
  }));
}

/** The part of a mapping that fits a file of these columns, named as they are there, and the importer as it is now. */
export function givenFor(mapping: Mapping, columns: readonly string[], importer: Importer): GivenMapping[] {
  const byName = new Map(columns.map((header) => [fold(header) || header, header]));
  return givenOf(mapping).flatMap((each) => {
    const column = byName.get(fold(each.column) || each.column);
    const isKnown = each.field === null || Object.hasOwn(importer.fields, each.field);
    return column === undefined || !isKnown ? [] : [{ ...each, column }];
  });
}

/** @throws SluiceError `invalid` for a column that is named twice. */
function namedOnce(given: readonly GivenMapping[]): readonly GivenMapping[] {
  const seen = new Set<string>();
  for (const { column } of given) {
    if (seen.has(column))
      throw new SluiceError("invalid", told`The column "${column}" is named twice. Say once what it feeds.`);
    seen.add(column);
  }
  return given;
}

/** The dialect of an import as what a person would say of it. */
export function hintsOf({ dialect }: ImportJob): DialectHints {
  return saidOf(dialect);
}

/** Whether all that is hinted is so already. */
function sameHints(hints: DialectHints, present: DialectHints): boolean {
  return Object.entries(hints).every(([name, value]) => present[name as keyof DialectHints] === value);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, k) => each === b[k]);
}

function requirePending({ id, status }: ImportJob): void {
  if (status === "pending") return;
  throw new SluiceError(
    "conflict",
    told`Import ${id} is ${statusWords[status]}: its mapping and options stand. Reopen it to change them, or bring the file again as a new import.`,
    { next: { code: "reopen_import", importId: id } },
  );
}

/** The importer's own keys are used as far as they are fed; one that was asked for must be. */
function refuseUnfedKey({ keys }: DuplicateOptions, importer: Importer, mapping: Mapping): void {
  const unfed = unfedKey(keys, mapping);
  if (unfed === undefined || sameList(keys, importer.match.keys)) return;
  throw new SluiceError(
    "invalid",
    told`Duplicates are to be found by "${unfed}", which no column feeds. Map a column to it, or leave it out of the keys.`,
  );
}
