/**
 * An import before it starts: from a kept file to a pending import whose mapping and options a person can still change.
 * Nothing here reads more of a file than its head.
 */
import type { Engine, Inspection } from "./engine.ts";
import { SluiceError } from "./errors.ts";
import type { Actor } from "./events.ts";
import type { FileLook, LookedAtFile, Preview } from "./file-look.ts";
import { type Assignment, type DuplicateOptions, duplicateStrategies, type ImportJob, type Mapping } from "./import.ts";
import { checkContext, type Importer } from "./importer.ts";
import { fold } from "./pipeline/fold.ts";
import { type GivenMapping, missingFields } from "./pipeline/map.ts";
import type { ColumnProfile } from "./pipeline/profile.ts";
import { stageColumns } from "./pipeline/stage-columns.ts";
import type { DialectHints } from "./ports.ts";
import type { Dialect } from "./row.ts";
import type { StageColumn } from "./store.ts";

/** What a person decides about an import beside its mapping. */
export interface ImportOptions {
  dialect: DialectHints;
  duplicates: DuplicateOptions;
  /** People by id, e-mail or name. */
  assignment: Assignment;
  context: Record<string, string>;
  language: string;
  autoCommit: boolean;
}

export interface NewDraft {
  importer: Importer;
  file: { storagePath: string; hash: string; sizeBytes: number; name: string };
  options: ImportOptions;
  /** What is said of columns; the others are suggested. */
  given: readonly GivenMapping[];
  createdBy: string;
  dryRun: boolean;
  /** The import whose corrected rejects this one brings. */
  parentId?: number;
  /** Refuse when the same file has a job of this importer and person already. */
  once: boolean;
}

export interface PreparationParts {
  engine: Engine;
  look: FileLook;
  /** SHA-256 in hex. */
  sha256: (text: string) => string;
}

export class Preparation {
  readonly #parts: PreparationParts;

  constructor(parts: PreparationParts) {
    this.#parts = parts;
  }

  /** Looks at the head of a kept file. @throws SluiceError `invalid` for a hint that means nothing to its format. */
  async inspect(file: LookedAtFile, hints: DialectHints, signal?: AbortSignal): Promise<Inspection> {
    const inspection = await this.#parts.look.inspect(file, hints, signal);
    refuseUnusedHints(hints, inspection.dialect);
    return inspection;
  }

  /** Makes the pending import. Required fields without a column are allowed: `settle` asks for them at the start. */
  async create(draft: NewDraft, { dialect, profiles }: Inspection): Promise<ImportJob> {
    const { engine } = this.#parts;
    const { importer, options, file } = draft;
    const mapping = this.#map(importer, profiles, draft.given);
    checkDuplicates(importer, options.duplicates);
    checkValues(importer, options.context);
    const target = await engine.store.prepareTarget(importer);
    const assignment = await this.#assignment(importer, mapping, options.assignment);
    const job = await engine.store.createImport({
      importer: importer.name,
      fileName: file.name,
      fileHash: file.hash,
      fileSizeBytes: file.sizeBytes,
      storagePath: file.storagePath,
      dialect,
      mapping,
      assignment,
      duplicates: options.duplicates,
      context: options.context,
      language: options.language,
      target,
      createdBy: draft.createdBy,
      dryRun: draft.dryRun,
      once: draft.once,
      autoCommit: options.autoCommit,
    });
    const { parentId } = draft;
    await engine.store.drafts.describe(job.id, { fingerprint: this.fingerprint(dialect.columns), parentId });
    return job;
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
    const named = given.map((each) => ({ ...each, column: headerOf(job.dialect, each.column) }));
    const twice = named.find(({ column }, k) => named.findIndex((each) => each.column === column) !== k);
    if (twice !== undefined)
      throw new SluiceError("invalid", `The column "${twice.column}" is named twice. Say once what it feeds.`);
    const left = job.dialect.columns.filter((header) => !named.some(({ column }) => column === header));
    const mapping = this.#map(importer, profiles, [...named, ...left.map((column) => ({ column, field: null }))]);
    return this.#parts.engine.store.drafts.change(job.id, { mapping }, actor);
  }

  /** Another dialect is looked at anew: what was given of columns that are still there stays. */
  async changeOptions(
    job: ImportJob,
    importer: Importer,
    options: ImportOptions,
    actor: Actor,
    signal?: AbortSignal,
  ): Promise<ImportJob> {
    requirePending(job);
    const { engine } = this.#parts;
    checkDuplicates(importer, options.duplicates);
    checkValues(importer, options.context);
    const { duplicates, context, language, autoCommit } = options;
    const changes = { duplicates, context, language, autoCommit };
    if (sameHints(options.dialect, hintsOf(job))) {
      const assignment = await this.#assignment(importer, job.mapping, options.assignment);
      return engine.store.drafts.change(job.id, { ...changes, assignment }, actor);
    }
    const { dialect, profiles } = await this.inspect(fileOf(job), options.dialect, signal);
    const given = givenOf(job.mapping).filter(({ column }) => dialect.columns.includes(column));
    const mapping = this.#map(importer, profiles, given);
    const assignment = await this.#assignment(importer, mapping, options.assignment);
    const fingerprint = this.fingerprint(dialect.columns);
    return engine.store.drafts.change(job.id, { ...changes, dialect, mapping, assignment, fingerprint }, actor);
  }

  /**
   * Whether the import can start as it is.
   *
   * @throws SluiceError `invalid` when a required field has no column, or, unless they are accepted, a column is in doubt.
   */
  settle(job: ImportJob, importer: Importer, acceptDoubts: boolean): void {
    const missing = missingFields(importer, job.mapping);
    if (missing.length > 0) {
      throw new SluiceError(
        "invalid",
        `No column feeds: ${missing.join("; ")}. Say which does: PUT /imports/${job.id}/mapping.`,
      );
    }
    const unfed = job.duplicates.keys.find((key) => !job.mapping.columns.some(({ field }) => field === key));
    const differs = !sameList(job.duplicates.keys, importer.match.keys);
    if (unfed !== undefined && differs) {
      throw new SluiceError(
        "invalid",
        `Duplicates are to be found by "${unfed}", which no column feeds. Map a column to it, or leave it out of the keys.`,
      );
    }
    const doubtful = job.mapping.columns.filter(({ doubt }) => doubt !== undefined);
    if (doubtful.length > 0 && !acceptDoubts) {
      const named = doubtful.map(({ header, field, doubt }) => `"${header}" → ${field} (${doubt})`).join(", ");
      throw new SluiceError(
        "invalid",
        `The mapping is in doubt: ${named}. Settle it with PUT /imports/${job.id}/mapping, or start with acceptDoubts.`,
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

  stageColumns(job: ImportJob, importer: Importer): StageColumn[] {
    return stageColumns(importer, job.mapping, job.assignment);
  }

  /** The first rows, as the import's dialect reads them. */
  preview(job: ImportJob, limit: number, signal?: AbortSignal): Promise<Preview> {
    return this.#parts.look.preview(fileOf(job), job.dialect, limit, signal);
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

  #map(importer: Importer, profiles: readonly ColumnProfile[], given: readonly GivenMapping[]): Mapping {
    try {
      return this.#parts.engine.map(importer, profiles, given);
    } catch (error) {
      throw withoutFlag(error);
    }
  }

  /** Owners by their ids. @throws SluiceError `invalid` naming whom nobody knows. */
  async #assignment(importer: Importer, mapping: Mapping, wanted: Assignment): Promise<Assignment> {
    if (wanted.mode === "none") return wanted;
    if (importer.assign === undefined)
      throw new SluiceError("invalid", `The importer "${importer.name}" assigns no owners. Leave the assignment away.`);
    const { table } = importer.assign;
    const ownersOf = async (names: string[]): Promise<string[]> => {
      const ids = await this.#parts.engine.store.findOwners(importer, names);
      const unknown = names.filter((_, k) => ids[k] === null);
      if (unknown.length > 0) {
        const listed = unknown.map((name) => `"${name}"`).join(", ");
        throw new SluiceError("invalid", `Nobody in ${table} is called ${listed}. Correct the assignment.`);
      }
      return ids as string[];
    };
    if (wanted.mode === "single") return { mode: "single", owner: (await ownersOf([wanted.owner]))[0] };
    if (wanted.mode === "round-robin") {
      const owners = await ownersOf(wanted.owners.map(({ owner }) => owner));
      return { mode: "round-robin", owners: wanted.owners.map(({ weight }, k) => ({ owner: owners[k], weight })) };
    }
    const column = mapping.columns.find(({ header }) => fold(header) === fold(wanted.column));
    if (column === undefined) {
      throw new SluiceError("invalid", `The assignment names the column "${wanted.column}", which the file has not.`);
    }
    const fallback = wanted.fallback === undefined ? undefined : (await ownersOf([wanted.fallback]))[0];
    return { mode: "column", column: column.header, ...(fallback !== undefined && { fallback }) };
  }
}

function fileOf({ storagePath, fileName }: ImportJob): LookedAtFile {
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

/** The part of a mapping that fits a file of these columns, named as they are there. */
export function givenFor(mapping: Mapping, columns: readonly string[]): GivenMapping[] {
  const byName = new Map(columns.map((header) => [fold(header) || header, header]));
  return givenOf(mapping).flatMap((each) => {
    const column = byName.get(fold(each.column) || each.column);
    return column === undefined ? [] : [{ ...each, column }];
  });
}

/** The dialect of an import as what a person would say of it. */
export function hintsOf({ dialect }: ImportJob): DialectHints {
  const hints: DialectHints = { headerRow: dialect.headerRow };
  if ("encoding" in dialect) hints.encoding = dialect.encoding;
  if ("delimiter" in dialect) hints.delimiter = dialect.delimiter;
  if ("sheet" in dialect) hints.sheet = dialect.sheet;
  return hints;
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
    `Import ${id} is ${status}: its mapping and options stand. Cancel it and bring the file again to change them.`,
  );
}

/** A column by its header, or by its place from 0. */
function headerOf(dialect: Dialect, column: string): string {
  return dialect.columns.find((header) => header === column) ?? column;
}

function checkDuplicates(importer: Importer, { keys, strategy }: DuplicateOptions): void {
  if (!duplicateStrategies.includes(strategy))
    throw new SluiceError("invalid", `The strategy "${strategy}" is not one of: ${duplicateStrategies.join(", ")}.`);
  for (const key of keys) {
    if (Object.hasOwn(importer.fields, key)) continue;
    throw new SluiceError(
      "invalid",
      `Duplicates cannot be matched on "${key}": it is not one of ${Object.keys(importer.fields).join(", ")}.`,
    );
  }
}

function checkValues(importer: Importer, context: Record<string, string>): void {
  try {
    checkContext(importer, context);
  } catch (error) {
    throw withoutFlag(error);
  }
}

/** The same error without the flags of the command line, which are no help to others. */
function withoutFlag(error: unknown): unknown {
  if (!(error instanceof SluiceError)) return error;
  const text = error.message
    .replace(/^--map: /, "")
    .replace(/ Pass it with --context .*$/, " Pass it in options.context.");
  return new SluiceError(error.code, `${text[0].toUpperCase()}${text.slice(1)}`, { cause: error });
}

/** A hint that means nothing to a file of this format is a mistake of the person who gave it. */
function refuseUnusedHints(hints: DialectHints, dialect: Dialect): void {
  const what = `This file is ${dialect.format.toUpperCase()}`;
  if (hints.sheet !== undefined && !("sheet" in dialect))
    throw new SluiceError("invalid", `${what}, which has no sheets: leave dialect.sheet away.`);
  if (hints.delimiter !== undefined && dialect.format !== "csv")
    throw new SluiceError("invalid", `${what}, which has no delimiter: leave dialect.delimiter away.`);
  if (hints.encoding !== undefined && "sheet" in dialect)
    throw new SluiceError("invalid", `${what}, which names its encoding itself: leave dialect.encoding away.`);
}
