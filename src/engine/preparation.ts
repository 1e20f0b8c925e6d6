/**
 * An import before it starts: from a kept file to a pending import whose mapping and options a person can still change.
 * Nothing here reads more of a file than its head.
 */
import type { Assignment } from "../core/assignment.ts";
import type { Given, GivenField } from "../core/given-mapping.ts";
import type { ImportJob, Mapping } from "../core/import.ts";
import type { ImportOptions } from "../core/import-options.ts";
import type { Importer } from "../core/importer.ts";
import { ownersFor } from "../core/owners.ts";
import type { ReadingChoice } from "../core/reading-choice.ts";
import type { DetectionHints, Dialect, DialectHints, EntryLook, SheetLook } from "../core/row.ts";
import { mapColumnsInTurns, missingFields } from "../mapping/map.ts";
import { type ColumnProfile, isWholeFile } from "../mapping/profile.ts";
import { choiceReader, type ReadPreview, readRows } from "../staging/read-preview.ts";
import { ownedBy } from "./assigned-owners.ts";
import { DraftEditor } from "./draft-editor.ts";
import { withMadeFields } from "./given-mapping.ts";
import { fileOf, fingerprintOf, inspectFile } from "./inspected-file.ts";
import type { InspectedFile, Inspection, Preview } from "./inspector.ts";
import type { FreshImport } from "./new-imports.ts";
import type { PreparationParts } from "./preparation-parts.ts";
import { columnChoices } from "./reading-choices.ts";
import { settle } from "./start-check.ts";

/** A file to be imported as its columns say; what is known of them is given, the others are suggested. */
export interface NewDraft extends Omit<FreshImport, "dialect" | "mapping" | "options" | "fingerprint"> {
  options: ImportOptions;
  given: readonly Given[];
}

export class Preparation {
  /** What changes it before its start. */
  readonly drafts: DraftEditor;
  readonly #parts: PreparationParts;

  constructor(parts: PreparationParts) {
    this.#parts = parts;
    this.drafts = new DraftEditor(parts);
  }

  /** Looks at the head of a kept file. @throws SluiceError `invalid` for a hint that means nothing to its format. */
  inspect(file: InspectedFile, hints: DetectionHints, signal?: AbortSignal): Promise<Inspection> {
    return inspectFile(this.#parts.look, file, hints, signal);
  }

  /** The mapping that `create` would give the import of a file, and the fields that it leaves without a column. */
  async suggest(
    importer: Importer,
    { dialect, profiles }: Inspection,
    given: readonly Given[],
  ): Promise<{ mapping: Mapping; missing: string[] }> {
    const mapping = await mapColumnsInTurns(importer, profiles, given, { dialect });
    return { mapping, missing: missingFields(importer, mapping) };
  }

  /** How many rows a kept file has; of many no more than one above `atMost`. */
  countRows(file: InspectedFile, { dialect }: Inspection, atMost: number, signal?: AbortSignal): Promise<number> {
    return this.#parts.look.count(file, dialect, atMost, signal);
  }

  /** Makes the pending import. Required fields without a column are allowed: `settle` asks for them at the start. */
  async create(
    { given, options: { dialect: _, ...options }, ...draft }: NewDraft,
    inspection: Inspection,
  ): Promise<ImportJob> {
    const { dialect, profiles } = inspection;
    const mapping = await mapColumnsInTurns(draft.importer, profiles, given, { dialect });
    const fingerprint = this.fingerprint(dialect.columns);
    return this.#parts.engine.createImport({ ...draft, dialect, mapping, options, fingerprint });
  }

  /** Whether the import can start as it is. @throws SluiceError `invalid` as `settle` of start-check.ts does */
  settle(job: ImportJob, importer: Importer, acceptDoubts: boolean): void {
    settle(job, importer, acceptDoubts);
  }

  /** Required fields, and groups of which one is needed, that no column feeds. */
  missing(job: ImportJob, importer: Importer): string[] {
    return missingFields(importer, job.mapping);
  }

  /** What the columns look like, by the head of the file. */
  profile(job: ImportJob, signal?: AbortSignal): Promise<ColumnProfile[]> {
    return this.#parts.look.profile(fileOf(job), job.dialect, signal);
  }

  /** The first rows, as the import's dialect and its mapping read them; `made`: with these fields made so. */
  async preview(
    job: ImportJob,
    importer: Importer,
    { limit, made = [], signal }: { limit: number; made?: readonly GivenField[]; signal?: AbortSignal },
  ): Promise<ReadPreview> {
    const mapping = made.length === 0 ? job.mapping : withMadeFields(job.mapping, importer, made);
    const { rows, more } = await this.#parts.look.preview(fileOf(job), job.dialect, limit, signal);
    return { rows: readRows({ ...job, mapping }, importer, rows, this.#parts.engine.attention), more };
  }

  /** The first rows as they would be read with a dialect of which this is said; nothing is kept. */
  async tryReading(
    job: ImportJob,
    hints: DialectHints,
    limit: number,
    signal?: AbortSignal,
  ): Promise<Preview & { dialect: Dialect }> {
    const { dialect } = await this.inspect(fileOf(job), hints, signal);
    return { dialect, ...(await this.#parts.look.preview(fileOf(job), dialect, limit, signal)) };
  }

  /** What was decided of how the file is read, each with what came second. */
  async readingChoices(job: ImportJob, signal?: AbortSignal): Promise<ReadingChoice[]> {
    const choices = await this.#parts.look.choices(fileOf(job), job.dialect, signal);
    return [...choices, ...columnChoices(job.mapping, await this.profile(job, signal))];
  }

  /** The sheets of a workbook with their first rows; none for another file. */
  async sheets(job: ImportJob, signal?: AbortSignal): Promise<SheetLook[]> {
    return "sheet" in job.dialect ? this.#parts.look.sheets(fileOf(job), job.dialect.entry, signal) : [];
  }

  /** The files of a zip archive, the likeliest first; none for what is no archive of several files. */
  async entries(job: ImportJob, signal?: AbortSignal): Promise<EntryLook[]> {
    return job.dialect.entry === undefined ? [] : this.#parts.look.entries(fileOf(job), signal);
  }

  /** Whether a profile is of the file's every row, or of its first ones. */
  isWhole(profiles: readonly ColumnProfile[]): boolean {
    return isWholeFile(profiles);
  }

  /** How each column's cells are read where it feeds a choice. */
  choices(job: ImportJob, importer: Importer): (((cell: string) => string | null) | undefined)[] {
    return job.mapping.columns.map((column) => choiceReader(column, importer));
  }

  /** What files with these columns have in common, in whatever order. */
  fingerprint(columns: readonly string[]): string {
    return fingerprintOf(columns, this.#parts.sha256);
  }

  /** An assignment as this import would keep it. @throws SluiceError `invalid` naming whom nobody knows. */
  ownersOf(job: ImportJob, importer: Importer, wanted: Assignment): Promise<Assignment> {
    return ownedBy(this.#parts.store.owners, importer, job.mapping, wanted, ownersFor(job));
  }
}
