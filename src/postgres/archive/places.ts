/**
 * Where the k-th row of a filter stands, so that a page deep in a list costs no more than the first. How many rows the filter
 * finds in each block of row numbers is counted once, and counted again when the import has changed.
 */

import type { ImportJob } from "../../core/import.ts";
import type { RowFilter, RowPlace } from "../../core/store/archive.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { isOfMatch, keptSource, rowBehind, stagedSource } from "./rows.ts";

/** Row numbers of one block: what is read too much for a page is less. A power of two. */
const blockBits = 8;
/** Lists whose counts are kept; of a million rows each takes 64 kB. */
const keptLists = 24;
/** Of longer lists the blocks are counted while the first page is looked at. */
const longList = 1000;

interface Counted {
  /** What the import was like. */
  version: string;
  list: Promise<Blocks>;
}

interface Blocks {
  /** Numbers of the blocks that hold rows, ascending. */
  numbers: number[];
  /** How many rows stand before each. */
  before: number[];
  total: number;
}

export interface RowPlaces {
  find(job: ImportJob, columns: readonly StageColumn[], filter: RowFilter, offset: number): Promise<RowPlace>;
}

export function rowPlaces(database: Database): RowPlaces {
  const kept = new Map<string, Counted>();

  async function versionOf(job: ImportJob, filter: RowFilter): Promise<string> {
    // Edits move rows between valid and invalid: together they stay the same.
    if (job.status === "ready" && kindOf(filter) === "all") return "all";
    const { issue } = filter;
    const [{ version }] = await database.query<{ version: string }>(
      sql`select status || ' ' || updated_at as version from sluice.import_jobs where id = ${job.id}`,
    );
    if (!isOfMatch(issue)) return version;
    // A dry run makes the match anew.
    const name = `sluice_stage.job_${job.id}_${job.stageGeneration}_match`;
    const [{ match }] = await database.query<{ match: string | null }>(
      sql`select to_regclass(${name})::oid::text as match`,
    );
    return `${version} ${match}`;
  }

  async function blocksOf(job: ImportJob, columns: readonly StageColumn[], filter: RowFilter): Promise<Blocks> {
    const key = JSON.stringify([job.id, job.stageGeneration, filter]);
    const version = await versionOf(job, filter);
    const found = kept.get(key);
    kept.delete(key);
    const counted = found?.version === version ? found : { version, list: countBlocks(database, job, columns, filter) };
    kept.set(key, counted);
    for (const oldest of kept.keys()) {
      if (kept.size <= keptLists) break;
      kept.delete(oldest);
    }
    counted.list.catch(() => {
      if (kept.get(key) === counted) kept.delete(key);
    });
    return counted.list;
  }

  return {
    async find(job, columns, filter, offset) {
      const known = offset === 0 ? knownTotal(job, filter) : null;
      if (known !== null) {
        // Whoever looks at the first page will look at others.
        if (known > longList) blocksOf(job, columns, filter).catch(() => {});
        return { after: 0, total: known };
      }
      const { numbers, before, total } = await blocksOf(job, columns, filter);
      let low = 0;
      for (let high = numbers.length; low < high; ) {
        const middle = (low + high) >> 1;
        if (before[middle] <= offset) low = middle + 1;
        else high = middle;
      }
      if (low === 0 || offset >= total) return { after: 0, total };
      const place = { after: (numbers[low - 1] << blockBits) - 1, skip: offset - before[low - 1] };
      return { after: await rowBehind(database, job, columns, filter, place), total };
    },
  };
}

/** Null: it is about more than how rows stand. */
function kindOf({ statuses, issue, field, search }: RowFilter): "all" | "valid" | "invalid" | null {
  if (issue !== undefined || field !== undefined || search !== undefined) return null;
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

async function countBlocks(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
): Promise<Blocks> {
  const kept = keptSource(job.id, filter);
  const staged = await stagedSource(database, job, columns, filter);
  const sources = [
    ...(kept === null
      ? []
      : [sql`select row_no >> ${sql.lit(blockBits)} as block, count(*) as rows ${kept} group by 1`]),
    ...(staged === null
      ? []
      : [sql`select s.row_no >> ${sql.lit(blockBits)} as block, count(*) as rows ${staged.rows} group by 1`]),
  ];
  const blocks: Blocks = { numbers: [], before: [], total: 0 };
  if (sources.length === 0) return blocks;
  const found = await database.query<{ block: number; rows: number }>(sql`
    select block, sum(rows)::int as rows from (${sql.join(sources, sql` union all `)}) b group by 1 order by 1
  `);
  for (const { block, rows } of found) {
    blocks.numbers.push(block);
    blocks.before.push(blocks.total);
    blocks.total += rows;
  }
  return blocks;
}
