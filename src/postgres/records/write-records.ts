/**
 * What a range of rows makes in several tables: parents, the main record by the statements that every importer has, and what belongs to it,
 * each set-based, in the order of what refers to what; and what became of each row.
 */
import { linkName } from "../../core/records.ts";
import { sql } from "../connection/session.ts";
import { addIssueCounts } from "../stage/checkpoint.ts";
import { stageTables } from "../stage/stage.ts";
import { handOverAll } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { lockTargetFor } from "../tables/target-lock.ts";
import { replaceVersions, updateChanged } from "./change.ts";
import { createFresh, createMissing, isFresh } from "./create.ts";
import { findRecord } from "./find.ts";
import { type Found, forgetFound, handOverFound } from "./found.ts";
import { noteWritten, nothingWritten, type Written } from "./journal.ts";
import { refuseBlankKeys, refuseRows } from "./kept-out.ts";
import { writeLinks } from "./links.ts";
import { mainParts } from "./main-parts.ts";
import {
  changeColumns,
  copyKept,
  type MainRows,
  mainRowColumns,
  mainRows,
  noteKept,
  noteSettled,
  touchedColumns,
  type Unchanged,
} from "./main-rows.ts";
import { removeOthers, wholeListsOf } from "./others.ts";
import { countRows, countUnchanged, type MainSummary, settleRows, summarizeMain } from "./outcomes.ts";
import { writePaths } from "./paths.ts";
import { keptOut } from "./row-source.ts";
import { hasNumberIds, namesakesOf, type RecordsContext, type WrittenRecord } from "./written-record.ts";

/** Hears which record is being written; `of`: how many of them the rows have, null before that is known. */
export type OnRecord = (record: string, done: number, of: number | null) => void;

interface RangeOfRecords {
  chunk: number;
  range: Range;
  /** Rows that stay as they are, as far as that can be told before anything is written; null where it cannot. */
  unchanged: Unchanged | null;
  /** Whether others may be left, whose main record is to be written. */
  isMainLeft: boolean;
  /** Tells them by the main record alone, once its parents are there. */
  findMainUnchanged: (plan: Plan) => Promise<Unchanged>;
  /** Writes the main record of all others, by a plan that says what it gets from the others. */
  writeMain: (plan: Plan, unchanged: Unchanged) => Promise<MainRows>;
  onRecord?: OnRecord;
}

/**
 * Writes the records of the range's rows that the match has not kept out.
 *
 * @throws RowsKeptOut with rows to write it without; RowsLeftOut
 */
export async function writeRecords(
  session: TargetSession,
  context: RecordsContext,
  { chunk, range, isMainLeft, findMainUnchanged, writeMain, onRecord = () => {}, ...known }: RangeOfRecords,
): Promise<void> {
  const { plan, main } = context;
  const records = [...context.records.values()];
  const isSpared = main !== undefined && known.unchanged !== null && !isMainLeft;
  const isSettled = isSpared && known.unchanged?.kept === 0;
  // Rows whose main record stays as it is have parents, which nobody else has to find.
  const writesParents =
    !isSpared || (!isSettled && records.some((record) => record.isAfterMain && refersToOther(record, main.name)));
  const idType = plan.target.columns.get(plan.importer.target.id)?.type ?? "text";
  if (!isSettled)
    await handOverAll(session, {
      sluice_rows: mainRowColumns(idType),
      sluice_touched: touchedColumns,
      sluice_changes: changeColumns,
    });
  if (writesParents) await refuseBlankKeys(session, context, range);
  const results: Written[] = [];
  let summary: MainSummary | null = null;
  const add = (...made: Written[]): void => {
    results.push(...made);
    const [{ record, created, updated, unchanged }] = made;
    const all = created + updated + unchanged;
    onRecord(record, all, all);
  };
  let reading = context;
  const write = async (record: WrittenRecord, unchanged: number): Promise<void> => {
    onRecord(record.plan.name, 0, null);
    add(...(await writeRecord(session, reading, record, range, summary, unchanged)));
  };
  const leave = (record: WrittenRecord): void => {
    const { name } = record.plan;
    const unchanged = (known.unchanged?.counts.get(name) ?? 0) + (known.unchanged?.spared.get(name) ?? 0);
    add({ ...nothingWritten(name, hasNumberIds(record)), unchanged });
  };
  // Another one of its table that is changed may be the same.
  const isLeft = (record: WrittenRecord, { spared }: Unchanged): boolean =>
    [record, ...namesakesOf(context, record)].every(
      ({ plan: { name }, isAfterMain }) => !isAfterMain || spared.has(name),
    );
  for (const record of records) {
    if (record.isAfterMain) continue;
    if (writesParents) await write(record, 0);
    else leave(record);
  }
  if (main === undefined) await gatherRows(session, context, range);
  else {
    onRecord(main.name, 0, null);
    const parts = isSpared ? null : await mainParts(session, context, main, range);
    const unchanged = known.unchanged ?? (await findMainUnchanged({ ...plan, records: parts ?? undefined }));
    await noteKept(session, unchanged);
    if (isSpared && !isSettled) reading = { ...context, rows: await copyKept(session, context.rows, unchanged) };
    const rows =
      parts === null
        ? { created: 0, left: 0 }
        : await writeMain(
            { ...plan, records: { ...parts, settled: await noteSettled(session, unchanged) } },
            unchanged,
          );
    await countUnchanged(session, plan, chunk, unchanged.settled + unchanged.kept);
    summary = await summarizeMain(session, rows, unchanged);
    add({ ...nothingWritten(main.name, true), ...countsOf(summary) });
    for (const record of records) {
      if (!record.isAfterMain) continue;
      if (isSettled || (isSpared && isLeft(record, unchanged))) leave(record);
      else await write(record, unchanged.counts.get(record.plan.name) ?? 0);
    }
  }
  const ambiguous = results.reduce((sum, each) => sum + (each.ambiguous ?? 0), 0);
  if (ambiguous > 0)
    await addIssueCounts(session, plan.job.id, chunk, [{ field: null, code: "match_ambiguous", count: ambiguous }]);
  await noteWritten(session, plan.job.id, chunk, results);
  if (main === undefined) await countRows(session, plan, chunk, range);
  else if (summary !== null && summary.otherRows > 0 && results.some(isChange))
    await settleRows(session, reading, chunk, range);
}

function refersToOther({ plan: { keys, columns } }: WrittenRecord, main: string): boolean {
  return [...keys.flat(), ...columns].some(({ source }) => source.kind === "ref" && source.record !== main);
}

function countsOf({ created, updated, unchanged }: MainSummary): Pick<Written, "created" | "updated" | "unchanged"> {
  return { created, updated, unchanged };
}

function isChange({ created, updated, closed, deactivated, deleted }: Written): boolean {
  return created + updated + closed + deactivated + deleted > 0;
}

/** Where there is no main record, the rows that go in. */
async function gatherRows(session: TargetSession, context: RecordsContext, range: Range): Promise<void> {
  const { job } = context.plan;
  const { rows } = stageTables(job.id, job.stageGeneration);
  await session.query(sql`
    insert into ${mainRows} (row_no, action)
    select s.row_no, '.' from ${rows} s where s.row_no >= ${range.from} and s.row_no < ${range.to} and s.row_no > 0 ${keptOut(context, range)}
  `);
}

async function writeRecord(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
  main: MainSummary | null,
  /** Those that are known to stay as they are. */
  unchanged: number,
): Promise<Written[]> {
  const { plan, table } = record;
  const written = { ...nothingWritten(plan.name, hasNumberIds(record)), unchanged };
  const lock = async (): Promise<void> => {
    if (!context.plan.isRehearsed) await lockTargetFor(session, table.name, "exclusive");
  };
  if (plan.path !== null) return [await writePaths(session, context, record, range, lock)];
  if (!record.isFed) {
    await handOverFound(session, record);
    return [written];
  }
  const add = ({ created, ids }: { created: number; ids: string | null }): void => {
    written.created += created;
    if (ids !== null) written.ids.push(ids);
  };
  const freshAlone = isFresh(context, record);
  if (freshAlone && main !== null && main.created > 0) add(await createFresh(session, context, record, range));
  if (freshAlone && main?.otherRows === 0) return [written];
  await handOverFound(session, record);
  const whole = await wholeListsOf(session, context, record, range, main);
  const removed = async (): Promise<number> =>
    whole?.mayHaveOthers === true ? removeOthers(session, context, whole.listing, range) : 0;
  // First, so that what follows may have what must be unique among them.
  if (plan.link === null) written[plan.others === "delete" ? "deleted" : "deactivated"] = await removed();
  // What links lead to is made of every row.
  const own = whole === null || plan.link !== null ? record : whole.deciding;
  const how = {
    only: freshAlone ? ("others" as const) : ("all" as const),
    rowsAreDistinct:
      record.isKeyedByMain && plan.each.length === 0 && main !== null && main.otherRows === main.otherRecords,
  };
  let found: Found = await findRecord(session, context, own, range, how);
  let mayMeet = !record.isKeyedByMain && record.keys.length > 0;
  let made = 0;
  for (;;) {
    if (found.ambiguous > 0 && !record.isKeyedByMain) await refuseRows(session, context, own, range);
    if (found.missing === 0) break;
    if (plan.onMissing === "issue") await refuseRows(session, context, own, range);
    if (mayMeet) {
      // Another import may be about to make the same: whoever comes second finds it there.
      mayMeet = false;
      await lock();
      await forgetFound(session, record);
      found = await findRecord(session, context, own, range, how);
      continue;
    }
    const created = await createMissing(session, context, own, range, found.missing);
    add(created);
    made += created.created;
    if (record.keys.length <= 1) break;
    // Those that a stronger key has made may be found by a weaker one now.
    await forgetFound(session, record, { keepsTouched: true });
    found = await findRecord(session, context, own, range, how);
  }
  let changed = 0;
  if (found.differing > 0 && plan.versions !== null) {
    const { created, closed, ids } = await replaceVersions(session, context, own, range, found.differing);
    add({ created, ids });
    written.closed = closed;
    changed = closed;
  } else if (found.differing > 0) {
    written.updated = await updateChanged(session, record);
    changed = written.updated;
  }
  written.unchanged += found.there - changed - (record.keys.length > 1 ? made : 0);
  const result = { ...written, ambiguous: found.ambiguous };
  if (plan.link === null) return [result];
  const deleted = await removed();
  const { pairs, created, ids } = await writeLinks(session, context, whole?.deciding ?? record, range);
  return [
    result,
    {
      ...nothingWritten(linkName(plan.name), false),
      created,
      unchanged: pairs - created,
      deleted,
      ids: ids === null ? [] : [ids],
    },
  ];
}
