/**
 * What could be repaired in an import that is ready, computed over all its rows: which repairs each kind of issue has, for how many
 * rows, and what they would make of some of them. The file is read in windows of row numbers, and one call reads for a bounded time.
 */
import { type ImportJob, notInReview } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { IssueCode } from "../core/issue.ts";
import type { Attention } from "../core/ports.ts";
import { type RepairOffer, type RepairSample, repairSamples } from "../core/repairs.ts";
import type { CellAbove, Review, RowRange } from "../core/store/review.ts";
import type { Store } from "../core/store/store.ts";
import { hasOwnCode, heedless, OwnCode, reviewLimits } from "../staging/own-code.ts";
import { type PlannedRepair, type RepairedCell, Repairer } from "../staging/repairer.ts";

/** Rows looked through at a time. Each can have an issue in every field, with a cell of some hundred characters. */
const windowRows = 4096;
/** One call begins no other window after this long. */
const callMs = 2_000;
/** Others' requests are answered in between. */
const turnMs = 20;
/** Cells that are tried at a time. */
const groupCells = 100;

export interface RepairsPage {
  items: RepairOffer[];
  /** The row up to which was looked; null: the file is through, and the counts are the file's. */
  through: number | null;
}

export interface RepairsQuery {
  /** `through` of the call before. */
  after?: number;
}

/** A cell that a repair is about, before it is tried. */
interface Found extends RepairedCell {
  row: number;
  repair: PlannedRepair;
  isAlone: boolean;
}

/** A kind of issue, in a field. */
interface Kind {
  field: string | null;
  code: IssueCode;
}

const kindKey = ({ field, code }: Kind): string => `${code} ${field}`;

export class RepairOffers {
  readonly #job: ImportJob;
  readonly #importer: Importer;
  readonly #review: Review;
  readonly #repairer: Repairer;
  readonly #ownCode: OwnCode;
  readonly #offers = new Map<PlannedRepair, RepairOffer>();
  /** What stands above the next window, by field; absent where it was not asked for. */
  #above = new Map<string, CellAbove | null>();

  /** @throws SluiceError `conflict` when the import is not ready. */
  constructor(store: Store, importer: Importer, job: ImportJob, attention: Attention) {
    if (job.status !== "ready") throw notInReview(job);
    this.#job = job;
    this.#importer = importer;
    this.#review = store.review;
    this.#repairer = new Repairer(importer, job);
    this.#ownCode = new OwnCode(reviewLimits, hasOwnCode(importer) ? attention : heedless);
  }

  /** `counted`: the issues that there are; of a repair without any nothing is read. */
  async find({ after = 0 }: RepairsQuery, counted: readonly Kind[], signal?: AbortSignal): Promise<RepairsPage> {
    const startedAt = performance.now();
    const last = this.#job.countedToRow;
    const present = new Set(counted.map(kindKey));
    const planned = this.#repairer.planned().filter((each) => present.has(kindKey(each)));
    let through = after;
    while (planned.length > 0 && through < last) {
      if (through > after && performance.now() - startedAt >= callMs) return { items: this.#items(planned), through };
      signal?.throwIfAborted();
      const range = { after: through, upTo: Math.min(through + windowRows, last) };
      await this.#count(await this.#found(planned, range));
      through = range.upTo;
    }
    return { items: this.#items(planned), through: null };
  }

  async #found(planned: readonly PlannedRepair[], range: RowRange): Promise<Found[]> {
    const ofIssues = planned.filter(({ pattern }) => pattern === null);
    const found: Found[] = [];
    if (ofIssues.length > 0) {
      // Several repairs may be about the same cells.
      const kinds = [...Map.groupBy(ofIssues, kindKey).values()];
      const asked = kinds.map(([{ field, code, place }]) => ({ field, code, place }));
      const columns = this.#job.mapping.columns.length;
      const cells = await this.#review.issueCells(this.#job, asked, { ...range, columns });
      const present = [...new Set(cells.map(({ at }) => at))].flatMap((at) => kinds[at]);
      const above = await this.#aboveOf(present, range);
      for (const { row, at, cell: text, isAlone } of cells)
        for (const repair of kinds[at])
          found.push({ row, repair, text, isAlone, above: above.get(repair.field)?.get(row) });
    }
    for (const repair of planned) {
      const { pattern } = repair;
      if (pattern === null) continue;
      const cells = await this.#review.matchingCells(this.#job, { ...repair, pattern }, range);
      for (const { row, cell } of cells) found.push({ row, repair, text: cell, isAlone: false });
    }
    return found;
  }

  /** Values that are repeated below, of the fields that have blank cells in the window. */
  async #aboveOf(planned: readonly PlannedRepair[], range: RowRange): Promise<Map<string, Map<number, CellAbove>>> {
    const above = new Map<string, Map<number, CellAbove>>();
    const known = this.#above;
    this.#above = new Map();
    for (const { field, place, repair } of planned) {
      if (repair !== "row_above") continue;
      const asked = { field, place, isWords: this.#repairer.isWords(field) };
      const { rows, last } = await this.#review.cellsAbove(this.#job, asked, {
        ...range,
        before: known.get(field) ?? undefined,
      });
      above.set(field, rows);
      this.#above.set(field, last);
    }
    return above;
  }

  async #count(found: readonly Found[]): Promise<void> {
    let turnAt = performance.now() + turnMs;
    for (let from = 0; from < found.length; from += groupCells) {
      const group = found.slice(from, from + groupCells);
      for (const [k, text] of this.#tried(group).entries()) if (text !== null) this.#note(group[k], text);
      if (performance.now() < turnAt) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      turnAt = performance.now() + turnMs;
    }
  }

  /** What each becomes; the importer's own validators are interrupted where they do not come back. */
  #tried(group: readonly Found[]): (string | null)[] {
    const after: (string | null)[] = new Array(group.length).fill(null);
    this.#ownCode.run({
      importer: this.#importer.name,
      jobId: this.#job.id,
      count: group.length,
      numberOf: (k) => group[k].row,
      run: (from, to) => {
        for (let k = from; k < to; k++) {
          const { repair, isAlone, ...cell } = group[k];
          const mended = this.#repairer.mended(repair, cell);
          // A row of blanks is none.
          after[k] = mended === null || (isAlone && mended.text.trim() === "") ? null : mended.text;
        }
      },
      rollBack: () => {},
    });
    return after;
  }

  #note({ repair: planned, row, text: before }: Found, after: string): void {
    const { field, code, repair } = planned;
    const offer = this.#offers.get(planned) ?? { field, code, repair, rows: 0, samples: [] };
    this.#offers.set(planned, offer);
    offer.rows++;
    addSample(offer.samples, { row, before, after });
  }

  #items(planned: readonly PlannedRepair[]): RepairOffer[] {
    return planned.flatMap((each) => this.#offers.get(each) ?? []);
  }
}

/** The first rows, of which equal ones make room for different ones. */
function addSample(samples: RepairSample[], fresh: RepairSample): void {
  if (samples.length < repairSamples) {
    samples.push(fresh);
    return;
  }
  const isSame = (a: RepairSample, b: RepairSample): boolean => a.before === b.before && a.after === b.after;
  if (samples.some((each) => isSame(each, fresh))) return;
  const twice = samples.findLastIndex((each, k) => samples.findIndex((other) => isSame(each, other)) < k);
  if (twice < 0) return;
  samples.splice(twice, 1);
  samples.push(fresh);
}
