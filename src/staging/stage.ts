/**
 * Reads, validates and stages a file from its checkpoint on: rows are on their way into the database while the next
 * ones are read.
 */
import type { Checkpoint, ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { IssueCode, IssueCount } from "../core/issue.ts";
import { keyFields } from "../core/keys.ts";
import type { Attention, EventListener, Format, Source } from "../core/ports.ts";
import type { Batch, FileFinding } from "../core/row.ts";
import type { StoredShortRows } from "../core/short-rows.ts";
import type { Contradicted } from "../core/store/imports.ts";
import type { BatchEnd, StageBatch } from "../core/store/stage.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import type { Store } from "../core/store/store.ts";
import { ColumnStatistics, type StoredStatistics } from "../mapping/column-statistics.ts";
import { decideAgain } from "../mapping/decide-again.ts";
import { type RowReading, RowReadings } from "../mapping/row-readings.ts";
import { CopyText } from "../values/copy-text.ts";
import { PieceQueue } from "./piece-queue.ts";
import { type RowEnds, rowEndsOf } from "./row-ends.ts";
import { type StoredTotals, Totals } from "./totals/totals.ts";
import { type KnownRows, RowValidator } from "./validate.ts";

/** COPY text that goes off at once: the database works on it while the next rows are validated. */
const pieceBytes = 256 * 1024;

export interface StageWork {
  job: ImportJob;
  importer: Importer;
  source: Source;
  format: Format;
  store: Store;
  columns: readonly StageColumn[];
  /** COPY text sent in one transaction. Larger ones save commits, smaller ones memory: two are in progress at a time. */
  batchBytes: number;
  onEvent: EventListener;
  attention: Attention;
  /** Asked after each batch of the reader: stages what is validated by then, and stops. */
  isOver: () => boolean;
  signal?: AbortSignal;
}

/** How far it came. */
export interface Staged {
  /** False: the slice is over. */
  isWhole: boolean;
  /** What the file as a whole shows, where that is not as it was read. */
  contradicted: Contradicted | null;
  /** What is to be told of the file as it was read. */
  findings: readonly IssueCount[];
}

/** What is stored of the rows so far with each batch, beside their counts. */
interface ParseState {
  ends?: StoredShortRows;
  readings?: readonly RowReading[];
  totals?: StoredTotals;
  lastValid?: { row: number; offset: number };
}

/** Reads from the checkpoint to the file's end, or to the slice's. */
export async function stageRows(work: StageWork): Promise<Staged> {
  const { job, source, format, batchBytes, isOver, signal } = work;
  const { stage } = work.store;
  const statistics = (await stage.columnStatistics(job.id)) as StoredStatistics | null;
  // Of a stage that is made again, the rows are looked at from the first.
  const state = job.checkpoint === null ? null : ((await stage.state(job.id)) as ParseState | null);
  const stager = new Stager(work, { statistics: statistics ?? undefined, state: state ?? {} });
  try {
    const from = job.checkpoint ?? undefined;
    const onFinding = (finding: FileFinding, row: number, offset?: number): void => stager.note(finding, row, offset);
    for await (const batch of format.read(source, job.dialect, { from, onFinding, signal })) {
      stager.add(batch, await stager.totals?.examine(batch));
      await stager.throwIfFailed();
      const over = isOver();
      if (!over && stager.sizeBytes < batchBytes) continue;
      await stager.send();
      if (over) {
        await stager.settle();
        return { isWhole: false, contradicted: null, findings: [] };
      }
    }
    await stager.noteLast();
    await stager.send();
    await stager.settle();
    return { isWhole: true, ...stager.concluded() };
  } catch (error) {
    // After a failure or a stop, no batch of this reader is still being written.
    await stager.abandon(error);
    throw error;
  }
}

/** What the steps of a batch's transaction are called outside. */
const steps = {
  copied: "parse.batch_copied",
  rejects: "parse.rejects_written",
  checkpoint: "parse.checkpoint_moved",
} as const;

/** The batch that is being filled, and the one before it, which is being written: each in its own transaction. */
class Stager {
  readonly #work: StageWork;
  readonly #validator: RowValidator;
  readonly #statistics: ColumnStatistics;
  readonly #ends: RowEnds | null;
  readonly #readings: RowReadings;
  /** Null where every row is taken as a record. */
  readonly totals: Totals | null;
  #spare: { stage: CopyText; rejects: CopyText };
  /** The transaction of the batch that is being filled; null before its first rows go off. */
  #open: OpenBatch | null = null;
  /** Bytes of the stage's text that went off already. */
  #sentBytes = 0;
  /** The transaction of the batch before. */
  #before: Promise<void> = Promise.resolve();
  #failed = false;
  #from: Checkpoint | null;
  #to: Checkpoint | null;
  #readBytes = 0;
  #counts = { valid: 0, invalid: 0, skipped: 0 };
  #total: { processed: number; invalid: number };
  readonly #findings = new Map<IssueCode, number>();
  #hasLastNote = false;

  constructor(work: StageWork, { statistics, state }: { statistics?: StoredStatistics; state: ParseState }) {
    const { job, importer, source, batchBytes } = work;
    this.#work = work;
    const { mapping, assignment, duplicates, id, checkpoint, dialect, context, createdBy } = job;
    this.#validator = new RowValidator({
      importer,
      mapping,
      assignment,
      keys: keyFields(duplicates.keys),
      jobId: id,
      context,
      createdBy,
      trim: dialect.trim,
      attention: work.attention,
    });
    this.#statistics = new ColumnStatistics(dialect.columns, { stored: statistics });
    if (state.lastValid !== undefined) this.#validator.lastValid = state.lastValid;
    this.#ends = rowEndsOf(dialect, state.ends);
    this.#readings = new RowReadings(importer, mapping, state.readings);
    const { headerRow, lastRow } = dialect;
    const readFromStart = () => work.format.read(work.source, dialect, { signal: work.signal });
    const table = { columns: dialect.columns.length, headerRow, lastRow, stored: state.totals, readFromStart };
    this.totals = dialect.totals === "keep" ? null : new Totals(table);
    // What one read adds to a full batch stays below a megabyte: the buffers never grow. A small file does not need as much, and
    // V8 answers an allocation of megabytes with a collection of everything, which took longer than the import.
    const capacity = Math.min(batchBytes + 1024 * 1024, 2 * source.sizeBytes + 64 * 1024);
    this.#validator.stage = new CopyText(capacity);
    this.#spare = { stage: new CopyText(capacity), rejects: new CopyText(64 * 1024) };
    this.#from = checkpoint;
    this.#to = checkpoint;
    this.#total = { processed: job.processedRows, invalid: job.invalidRows };
    if (checkpoint === null) for (const finding of dialect.findings) this.note(finding, 0);
  }

  /** What follows of all rows together. */
  concluded(): Pick<Staged, "contradicted" | "findings"> {
    const { mapping: present, dialect: read } = this.#work.job;
    const dialect = this.#ends?.contradicted ?? null;
    const { mapping, findings } = decideAgain(present, this.#readings.toJSON(), read);
    const isOther = dialect !== null || mapping !== present;
    const contradicted = { ...(dialect !== null && { dialect }), ...(mapping !== present && { mapping }) };
    return { contradicted: isOther ? contradicted : null, findings };
  }

  /** COPY text of the batch so far. */
  get sizeBytes(): number {
    return Math.max(this.#validator.stage.length, this.#validator.rejects.length);
  }

  /** Validates a batch of the reader; its rows go off in pieces. */
  add(batch: Batch, known?: KnownRows): void {
    const { countedToRow, dialect } = this.#work.job;
    const { headerRow, lastRow } = dialect;
    const { attention } = this.#work;
    attention.begin(this.#work.job.id);
    const found = this.#validator.validate(batch, { headerRow, lastRow, countedToRow }, known);
    this.#statistics.add(batch, { headerRow, lastRow, countedToRow });
    this.#ends?.add(batch);
    this.#readings.add(batch, { headerRow, lastRow });
    attention.end();
    this.#counts = {
      valid: this.#counts.valid + found.valid,
      invalid: this.#counts.invalid + found.invalid,
      skipped: this.#counts.skipped + found.skipped,
    };
    this.#to = { ...batch.next };
    this.#readBytes = batch.readBytes;
    if (this.#validator.stage.length - this.#sentBytes >= pieceBytes) this.#sendRows();
  }

  /** What only the file's end tells of its last row. */
  async noteLast(): Promise<void> {
    const warning = (await this.totals?.lastWarning()) ?? null;
    const { row, offset } = this.#validator.lastValid;
    if (warning === null || warning.row !== row || row < this.#work.job.countedToRow) return;
    this.#validator.warn(row, offset, warning.issue);
    // Told once, however often the end is reached.
    this.#validator.lastValid = { row: 0, offset: 0 };
    this.#hasLastNote = true;
  }

  /** Counts what was noticed about the file as a whole, once, however often the reading starts again. */
  note({ code, count }: FileFinding, row: number, offset?: number): void {
    const { countedToRow, checkpoint } = this.#work.job;
    if (row < Math.max(countedToRow, checkpoint?.row ?? 0)) return;
    if (offset !== undefined) {
      this.#validator.noteLeftOut(row, offset, code);
      return;
    }
    this.#findings.set(code, (this.#findings.get(code) ?? 0) + count);
  }

  /** Completes the batch and makes ready for the next; the batch before it must have arrived. */
  async send(): Promise<void> {
    await this.#before;
    const to = this.#to;
    if (to === null || (to === this.#from && this.#findings.size === 0 && !this.#hasLastNote)) return;
    const open = this.#sendRows();
    const { stage, rejects } = this.#validator;
    const { valid, invalid, skipped } = this.#counts;
    const findings = [...this.#findings].map(([code, count]): IssueCount => ({ field: null, code, count }));
    this.#findings.clear();
    this.#total = {
      processed: this.#total.processed + valid + invalid + skipped,
      invalid: this.#total.invalid + invalid,
    };
    open.rows.end();
    open.complete({
      rejects: rejects.bytes.subarray(0, rejects.length),
      issueCounts: [...this.#validator.takeIssueCounts(), ...findings],
      warnings: this.#validator.takeWarnings(),
      statistics: JSON.stringify(this.#statistics),
      to,
      valid,
      invalid,
      skipped,
      state: JSON.stringify({
        ...(this.#ends !== null && { ends: this.#ends }),
        ...(this.totals !== null && { totals: this.totals }),
        readings: this.#readings,
        lastValid: this.#validator.lastValid,
      }),
      readBytes: this.#readBytes,
      total: this.#total,
    });
    this.#before = open.done;
    this.#open = null;
    this.#sentBytes = 0;
    this.#validator.stage = this.#spare.stage;
    this.#validator.rejects = this.#spare.rejects;
    this.#validator.stage.length = 0;
    this.#validator.rejects.length = 0;
    this.#spare = { stage, rejects };
    this.#from = to;
    this.#counts = { valid: 0, invalid: 0, skipped: 0 };
  }

  /** Waits until all that was sent has arrived. */
  settle(): Promise<void> {
    return this.#before;
  }

  /** Throws what a transaction in progress failed with. */
  async throwIfFailed(): Promise<void> {
    if (!this.#failed) return;
    await this.#before;
    await this.#open?.done;
  }

  /** Undoes the batch that is being filled, and waits until nothing is being written. */
  async abandon(reason: unknown): Promise<void> {
    this.#open?.rows.fail(reason);
    await Promise.allSettled([this.#before, this.#open?.done]);
  }

  /** Sends off the rows validated since the last time, in the batch's transaction. */
  #sendRows(): OpenBatch {
    this.#open ??= this.#openBatch();
    const { bytes, length } = this.#validator.stage;
    if (length > this.#sentBytes) this.#open.rows.push(bytes.subarray(this.#sentBytes, length));
    this.#sentBytes = length;
    return this.#open;
  }

  #openBatch(): OpenBatch {
    const { job, store, columns, onEvent, signal } = this.#work;
    const rows = new PieceQueue();
    const { promise: given, resolve: complete } = Promise.withResolvers<EndOfBatch>();
    // The rows are sent while the batch before is ending, which takes the database a while; the checkpoint moves after it.
    const end = this.#before.then(() => given);
    end.catch(() => {});
    const batch: StageBatch = { from: this.#from, rows, end };
    const onStep = (step: keyof typeof steps, row: number): void => onEvent({ name: steps[step], jobId: job.id, row });
    const done = store.stage.write(job, columns, batch, onStep, signal).then(async () => {
      const { to, total, readBytes } = await end;
      onEvent({
        name: "parse.batch_committed",
        jobId: job.id,
        row: to.row,
        processedRows: total.processed,
        invalidRows: total.invalid,
        readBytes,
      });
    });
    // Whoever adds or sends next throws it; until then the rejection is known.
    done.catch(() => {
      this.#failed = true;
    });
    return { rows, complete, done };
  }
}

interface OpenBatch {
  rows: PieceQueue;
  complete(end: EndOfBatch): void;
  done: Promise<void>;
}

interface EndOfBatch extends BatchEnd {
  readBytes: number;
  total: { processed: number; invalid: number };
}
