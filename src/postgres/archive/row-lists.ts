/**
 * Pages of lists of rows by their place. What was found out of a list, how many rows it has and which stand where, is kept while the import
 * stays as it is, so that a page deep in a list costs no more than the first.
 */
import type { ImportJob } from "../../core/import.ts";
import type { Archive, PlacedRows, RowFilter, RowList } from "../../core/store/archive.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { isOfMatch, wantedIssues } from "../review/row-filter.ts";
import { FoundRows } from "./found-rows.ts";
import { countBlocks, type RowBlocks } from "./row-blocks.ts";
import type { RowEntries } from "./row-entries.ts";
import { firstOrdered, orderRows } from "./row-order.ts";
import { listRows, rowBehind, rowsOfEntries } from "./rows.ts";

/** Lists that are kept, and the rows that those of single rows have together: ten bytes each. */
const keptLists = 500;
const keptRows = 8_000_000;
/** Of longer lists the blocks are counted while the first page is looked at. */
const longList = 1000;
/** How long a request that accepts a partial answer waits. */
const patienceMs = 600;
/** Found rows are put in order among themselves; of more of them the filter is asked again. */
const mostAmong = 50_000;

interface Kept<T> {
  /** What the import was like. */
  version: string;
  value: T;
  /** How many single rows it has. */
  rows(): number;
}

/** A list in an order: its first rows, and, where somebody went further, all of them. */
interface Order {
  first: Promise<RowEntries> | null;
  whole: Promise<RowEntries> | null;
  rows: number;
}

interface Asked {
  /** What the import was like when it was asked: an edit may come between two statements. */
  version: string;
  job: ImportJob;
  columns: readonly StageColumn[];
  list: RowList;
}

export function rowLists(database: Database): Pick<Archive, "rowsAt"> {
  const kept = new Map<string, Kept<unknown>>();

  async function versionOf(job: ImportJob, { filter, sort }: RowList): Promise<string> {
    // Edits move rows between valid and invalid: together they stay the same.
    if (job.status === "ready" && sort === undefined && kindOf(filter) === "all") return "all";
    const [{ version }] = await database.query<{ version: string }>(
      sql`select status || ' ' || updated_at as version from sluice.import_jobs where id = ${job.id}`,
    );
    if (!wantedIssues(filter).some(({ issue }) => isOfMatch(issue))) return version;
    // A dry run makes the match anew.
    const name = `sluice_stage.job_${job.id}_${job.stageGeneration}_match`;
    const [{ match }] = await database.query<{ match: string | null }>(
      sql`select to_regclass(${name})::oid::text as match`,
    );
    return `${version} ${match}`;
  }

  /** What is kept under a key; made anew where the import has changed. */
  function keep<T>(key: string, version: string, make: () => T, rows: (value: T) => number): T {
    const there = kept.get(key) as Kept<T> | undefined;
    kept.delete(key);
    const value = there?.version === version ? there.value : make();
    kept.set(key, { version, value, rows: () => rows(value) });
    let all = 0;
    for (const each of kept.values()) all += each.rows();
    for (const [oldest, each] of kept) {
      if (oldest === key || (kept.size <= keptLists && all <= keptRows)) break;
      all -= each.rows();
      kept.delete(oldest);
    }
    return value;
  }

  const keyOf = (what: string, { job, list: { filter, sort } }: Asked): string =>
    JSON.stringify([what, job.id, job.stageGeneration, filter, sort?.column.name, sort?.order, sort?.language]);

  async function blocksOf(asked: Asked): Promise<RowBlocks> {
    const { job, columns, list } = asked;
    const { filter } = list;
    const key = keyOf("blocks", { ...asked, list: { filter } });
    const blocks = keep(
      key,
      asked.version,
      () => countBlocks(database, job, columns, filter),
      // A number for each block.
      () => job.countedToRow >> 7,
    );
    blocks.catch(() => {
      if (kept.get(key)?.value === blocks) kept.delete(key);
    });
    return blocks;
  }

  async function foundOf(asked: Asked): Promise<FoundRows> {
    const { job, columns, list } = asked;
    const { filter } = list;
    return keep(
      keyOf("found", { ...asked, list: { filter } }),
      asked.version,
      () => new FoundRows(database, job, columns, filter),
      (found) => found.entries.length,
    );
  }

  /** The rows of a list in its order, as far as a page up to `end` needs them. `found`: of a filter that is through. */
  async function ordered(asked: Asked, end: number, found: FoundRows | null): Promise<RowEntries> {
    const { job, columns, list } = asked;
    const { filter, sort } = list;
    if (sort === undefined) throw new Error("A list without an order.");
    const key = keyOf("order", asked);
    const order = keep<Order>(
      key,
      asked.version,
      () => ({ first: null, whole: null, rows: 0 }),
      ({ rows }) => rows,
    );
    const rows = found?.entries.length ?? Number.POSITIVE_INFINITY;
    const among = found !== null && rows <= mostAmong ? found.entries.slice(0, rows) : null;
    const make = async (limit: number | null): Promise<RowEntries> => {
      const entries = await orderRows(database, job, columns, filter, sort, { limit, among });
      order.rows = Math.max(order.rows, entries.length);
      return entries;
    };
    const forget = (error: unknown): never => {
      if (kept.get(key)?.value === order) kept.delete(key);
      throw error;
    };
    if (end <= firstOrdered) {
      order.first ??= order.whole ?? make(firstOrdered);
      return order.first.catch(forget);
    }
    const first = await order.first?.catch(forget);
    if (first !== undefined && first.length < firstOrdered) return first;
    order.whole ??= make(null);
    return order.whole.catch(forget);
  }

  async function page(
    { job, columns, list: { filter } }: Asked,
    entries: RowEntries,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<Pick<PlacedRows, "items" | "more">> {
    const end = offset + limit;
    const { items, more } = await rowsOfEntries(database, job, columns, filter, entries.slice(offset, end));
    return { items, more: more || entries.length > end };
  }

  return {
    async rowsAt(job, columns, list, { offset, limit, isPatient }) {
      const asked: Asked = { version: await versionOf(job, list), job, columns, list };
      const deadline = isPatient ? Number.POSITIVE_INFINITY : performance.now() + patienceMs;
      const end = offset + limit;
      const found = list.filter.search === undefined && list.filter.where === undefined ? null : await foundOf(asked);
      const isPending = { items: [], more: false, isPending: true };
      if (list.sort !== undefined) {
        // A search reads every cell, so it runs once; a filter by values is cheap enough to repeat.
        const search = list.filter.search === undefined ? null : found;
        const everything = found?.until(Number.POSITIVE_INFINITY, deadline);
        // It is awaited below; until then its failure is nobody's.
        everything?.catch(() => {});
        if (search !== null) await everything;
        const isKnown = search === null || search.isDone;
        const entries = isKnown ? await inTime(ordered(asked, end, search), deadline) : null;
        await everything;
        const count = await countOf(asked, found, true);
        if (entries === null) return { ...isPending, ...count };
        return { ...(await page(asked, entries, { offset, limit })), isPending: false, ...count };
      }
      if (found !== null) {
        // The page is complete: the caller asks for the total.
        const isThere = found.entries.length >= end;
        await found.until(isPatient || isThere ? Number.POSITIVE_INFINITY : end, deadline);
        const { items, more } = await page(asked, found.entries, { offset, limit });
        const isShort = !found.isDone && found.entries.length < end;
        return { items, more: more || !found.isDone, isPending: isShort, ...(await countOf(asked, found, false)) };
      }
      const count = await countOf(asked, null, offset === 0);
      if (offset >= (count.total ?? 0)) return { items: [], more: false, isPending: false, ...count };
      const place = offset === 0 ? null : (await blocksOf(asked)).placeOf(offset);
      const after = place === null ? 0 : await rowBehind(database, job, columns, list.filter, place);
      return { ...(await listRows(database, job, columns, list.filter, { after, limit })), isPending: false, ...count };
    },
  };

  /** `mayKnow`: the import's own counters do. */
  async function countOf(
    asked: Asked,
    found: FoundRows | null,
    mayKnow: boolean,
  ): Promise<Pick<PlacedRows, "total" | "found" | "through">> {
    const { job, list } = asked;
    if (found !== null)
      return {
        total: found.isDone ? found.entries.length : null,
        found: found.entries.length,
        through: found.through,
      };
    const known = mayKnow ? knownTotal(job, list.filter) : null;
    // Whoever looks at the first page will look at others.
    if (known !== null && known > longList && list.sort === undefined) blocksOf(asked).catch(() => {});
    const total = known ?? (await blocksOf(asked)).total;
    return { total, found: total, through: job.countedToRow };
  }
}

/** Null: it takes longer. */
async function inTime<T>(promise: Promise<T>, deadline: number): Promise<T | null> {
  if (deadline === Number.POSITIVE_INFINITY) return promise;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadline - performance.now()), null);
  });
  promise.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Null: it is about more than how rows stand. */
function kindOf({ statuses, issue, field, issues, search, where }: RowFilter): "all" | "valid" | "invalid" | null {
  if ([issue, field, issues, search, where].some((each) => each !== undefined)) return null;
  if (statuses === undefined) return "all";
  const [status] = statuses;
  return statuses.length === 1 && (status === "valid" || status === "invalid") ? status : null;
}

/** What the import's own counters tell while it is ready. */
function knownTotal({ status, validRows, invalidRows, skippedRows }: ImportJob, filter: RowFilter): number | null {
  if (status !== "ready") return null;
  switch (kindOf(filter)) {
    case "all":
      return validRows + invalidRows + skippedRows;
    case "valid":
      return validRows;
    case "invalid":
      return invalidRows;
    default:
      return null;
  }
}
