/**
 * The one way to create an import from a kept file, for the page, the API, programs and the command line. Everything that
 * a person has decided is checked here.
 */
import type { ImportJob, Mapping } from "../core/import.ts";
import { checkedOptions, type KeptOptions, optionNames, pickOptions } from "../core/import-options.ts";
import type { Importer } from "../core/importer.ts";
import type { Notified } from "../core/mail.ts";
import type { EventListener } from "../core/ports.ts";
import type { Dialect } from "../core/row.ts";
import type { ClaimedKey } from "../core/store/idempotency.ts";
import type { MadeOfFile } from "../core/store/sources.ts";
import type { Store } from "../core/store/store.ts";
import { ownedBy } from "./assigned-owners.ts";

export interface FreshImport {
  importer: Importer;
  file: { storagePath: string; hash: string; sizeBytes: number; name: string };
  dialect: Dialect;
  /** Required fields may lack a column: starting the import asks for them. */
  mapping: Mapping;
  /** What a person has decided besides the mapping and the dialect. Owners by id, e-mail or name. */
  options: KeptOptions;
  createdBy: string | null;
  /** As they are called now. */
  createdByName?: string;
  /** Who hears of it by mail. */
  notify?: Notified;
  /** Only to be counted, never committed. */
  dryRun: boolean;
  /** Refuse when the same file has a job of this importer and person already. */
  once: boolean;
  /** Of the file's columns, where what served is to be remembered for others with the same. */
  fingerprint?: string;
  /** The import whose corrected rejects this one contains. */
  parentId?: number;
  /** The upload that the file is. */
  uploadId?: string;
  /** Who uploaded the file, as uploads distinguish people. Default: `createdBy`. */
  uploadedBy?: string;
  /** The request's key. */
  claim?: ClaimedKey;
  /** The file of a source that it is made of. */
  madeOf?: MadeOfFile;
  /** Tables that this process has found fit so recently are not looked at again: for requests that are answered at once. */
  fitWithinMs?: number;
}

export interface NewImportsParts {
  store: Pick<Store, "imports" | "targets" | "owners">;
  onEvent: EventListener;
  /** Imports of one person that may be neither running nor finished. Default: any number. */
  unfinishedLimit?: number;
}

export class NewImports {
  readonly #parts: NewImportsParts;

  constructor(parts: NewImportsParts) {
    this.#parts = parts;
  }

  async create({ importer, file, options: wanted, fitWithinMs, ...fresh }: FreshImport): Promise<ImportJob> {
    const { store, onEvent, unfinishedLimit } = this.#parts;
    const options = checkedOptions(importer, pickOptions(wanted, optionNames));
    const target = await store.targets.prepare(importer, fitWithinMs);
    const whose = { context: options.context, jobId: null, createdBy: fresh.createdBy };
    const assignment = await ownedBy(store.owners, importer, fresh.mapping, options.assignment, whose);
    const job = await store.imports.create({
      ...fresh,
      ...options,
      assignment,
      importer: importer.name,
      fileName: file.name,
      fileHash: file.hash,
      fileSizeBytes: file.sizeBytes,
      storagePath: file.storagePath,
      target,
      unfinishedLimit,
    });
    onEvent({ name: "import.created", jobId: job.id });
    return job;
  }
}
