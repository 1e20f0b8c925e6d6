/** How this process understands an import: the importer it belongs to, with its own rules, and the columns of its stage. */
import { fitsContext } from "../core/context.ts";
import { SluiceError, type Telling, told } from "../core/errors.ts";
import { type ImportJob, isRunning } from "../core/import.ts";
import { type Importer, unknownImporter, withMerge } from "../core/importer.ts";
import { type Demands, missingFor } from "../core/missing-importer.ts";
import type { Imports } from "../core/store/imports.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import { stageColumns } from "../staging/stage-columns.ts";

/** An import with its importer and the columns of its stage. */
export interface UnderstoodImport {
  job: ImportJob;
  importer: Importer;
  columns: StageColumn[];
}

export class Understanding {
  readonly #imports: Pick<Imports, "get">;
  readonly #importers: ReadonlyMap<string, Importer>;

  constructor(imports: Pick<Imports, "get">, importers: ReadonlyMap<string, Importer>) {
    this.#imports = imports;
    this.#importers = importers;
  }

  /** @throws SluiceError `not_found` naming the importers there are. */
  importer(name: string): Importer {
    const importer = this.#importers.get(name);
    if (importer === undefined) throw unknownImporter(name, this.#importers);
    return importer;
  }

  /**
   * The importer as the import wants it: with its own rules of merging.
   *
   * @throws SluiceError `invalid` when it has other context values by now: the import would reach others' records.
   */
  importerOf(job: Pick<ImportJob, "id" | "importer" | "merge" | "context">): Importer {
    const importer = this.importer(job.importer);
    if (fitsContext(importer, job.context)) return withMerge(importer, job.merge);
    const [given, known] = [job.context, importer.context ?? {}].map(
      (each) => Object.keys(each).join(", ") || told`none`,
    );
    throw new SluiceError(
      "invalid",
      told`Import ${job.id} was created with these context values: ${given}. The importer "${importer.name}" now has: ${known}. Upload the file again, or restore the importer.`,
      { next: { code: "upload_again" } },
    );
  }

  /** Those of the import's stage. */
  columns(job: ImportJob): StageColumn[] {
    return stageColumns(this.importerOf(job), job.mapping, job.assignment);
  }

  /** @throws SluiceError as `importerOf` does, and `not_found` when there is no such import. */
  async of(jobId: number): Promise<UnderstoodImport> {
    const job = await this.#imports.get(jobId);
    return { job, importer: this.importerOf(job), columns: this.columns(job) };
  }

  /** What this process lacks to work on the import; null where it lacks nothing, or there is nothing to work on. */
  async missingFor(jobId: number): Promise<Telling | null> {
    const job = await this.#imports.get(jobId);
    return job.status === "queued" || isRunning(job.status) ? this.lacks(job) : null;
  }

  /** What this process lacks to work on imports of its kind; null: nothing. */
  lacks(job: Demands): Telling | null {
    return missingFor(this.#importers, job);
  }
}
