/**
 * Reads, validates and stages a file from its checkpoint on: while one batch is on its way into the database, the next
 * is read.
 */
import type { Checkpoint, ImportJob } from "../import.ts";
import type { Importer } from "../importer.ts";
import type { EventListener, Format, Source } from "../ports.ts";
import type { StageBatch, StageColumn, Store } from "../store.ts";
import { CopyText } from "./copy-text.ts";
import { RowValidator } from "./validate.ts";

/** COPY text sent in one transaction. Larger ones spare commits, smaller ones memory: two of them are under way. */
const defaultBatchBytes = 4 * 1024 * 1024;

export interface StageWork {
  job: ImportJob;
  importer: Importer;
  source: Source;
  format: Format;
  store: Store;
  columns: readonly StageColumn[];
  batchBytes?: number;
  onEvent: EventListener;
  /** Stops between two batches. */
  isOver: () => boolean;
  signal?: AbortSignal;
}

/** True when the file is staged to its end, false when the slice is over. */
export async function stageRows(work: StageWork): Promise<boolean> {
  const {
    job,
    importer,
    source,
    format,
    store,
    columns,
    onEvent,
    isOver,
    signal,
    batchBytes = defaultBatchBytes,
  } = work;
  const { headerRow } = job.dialect;
  const validator = new RowValidator({
    importer,
    mapping: job.mapping,
    assignment: job.assignment,
    keys: job.duplicates.keys,
    jobId: job.id,
  });
  // What one read adds to a full batch stays below a megabyte: the buffers never grow.
  validator.stage = new CopyText(batchBytes + 1024 * 1024);
  let spare = { stage: new CopyText(batchBytes + 1024 * 1024), rejects: new CopyText(64 * 1024) };
  let from: Checkpoint | null = job.checkpoint;
  let to: Checkpoint | null = from;
  let read = 0;
  let counts = { valid: 0, invalid: 0 };
  let total = { processed: job.processedRows, invalid: job.invalidRows };
  let underWay: Promise<void> = Promise.resolve();
  let failed = false;

  /** Sends off what is validated so far; the batch before it must have arrived. */
  const send = async (): Promise<void> => {
    await underWay;
    if (to === null || to === from) return;
    const full = { stage: validator.stage, rejects: validator.rejects };
    const batch: StageBatch = {
      rows: full.stage.bytes.subarray(0, full.stage.length),
      rejects: full.rejects.bytes.subarray(0, full.rejects.length),
      issueCounts: validator.takeIssueCounts(),
      from,
      to,
      ...counts,
    };
    validator.stage = spare.stage;
    validator.rejects = spare.rejects;
    total = { processed: total.processed + counts.valid + counts.invalid, invalid: total.invalid + counts.invalid };
    const { processed, invalid } = total;
    const { row } = to;
    const readBytes = read;
    from = to;
    counts = { valid: 0, invalid: 0 };
    const steps = {
      copied: "parse.batch_copied",
      rejects: "parse.rejects_written",
      checkpoint: "parse.checkpoint_moved",
    } as const;
    underWay = store
      .writeBatch(job, columns, batch, (step) => onEvent({ name: steps[step], jobId: job.id, row }), signal)
      .then(() => {
        full.stage.length = 0;
        full.rejects.length = 0;
        spare = full;
        onEvent({
          name: "parse.batch_committed",
          jobId: job.id,
          row,
          processedRows: processed,
          invalidRows: invalid,
          readBytes,
        });
      });
    // The next `send` waits for it and throws; until then the rejection is known.
    underWay.catch(() => {
      failed = true;
    });
  };

  try {
    for await (const batch of format.read(source, job.dialect, { from: from ?? undefined, signal })) {
      const found = validator.validate(batch, headerRow, job.countedToRow);
      counts = { valid: counts.valid + found.valid, invalid: counts.invalid + found.invalid };
      to = { ...batch.next };
      read = batch.readBytes;
      if (failed) await underWay;
      if (validator.stage.length >= batchBytes || validator.rejects.length >= batchBytes) {
        await send();
        if (isOver()) {
          await underWay;
          return false;
        }
      }
    }
    await send();
    await underWay;
    return true;
  } finally {
    // Whoever goes on after a failure or a stop finds no batch of this reader on its way.
    await underWay.catch(() => {});
  }
}
