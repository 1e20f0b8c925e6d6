/**
 * Work over a range that the data may fail: done inside a savepoint, and where it fails, over both halves, until the bad
 * ones are alone.
 */

import { type DataError, isDataError, RowsLeftOut } from "../connection/row-errors.ts";
import type { Session } from "../connection/session.ts";
import { RowsKeptOut } from "../records/kept-out.ts";
import type { Range } from "../tables/plan.ts";

export interface Halving {
  /** What is done; everything that it wrote is taken back when it fails. */
  work(range: Range): Promise<void>;
  /** What may be fixed once before the whole range is tried again: true when it was. */
  mend?(error: DataError, range: Range): Promise<boolean>;
  /** Notes rows that stay out, before the whole range is tried again without them. */
  keepOut?(rows: RowsKeptOut, range: Range): Promise<void>;
  /** Told of a range that fails before its halves are tried, and where it is cut. */
  onHalved(range: Range, middle: number): Promise<void> | void;
  /** The one that fails, alone. */
  onAlone(error: DataError | RowsLeftOut, range: Range): Promise<void> | void;
}

/** @throws what is no error of the data, at once. */
export async function inHalves(session: Session, range: Range, parts: Halving): Promise<void> {
  await session.savepoint("half");
  try {
    await parts.work(range);
    await session.release("half");
  } catch (error) {
    const leftOut = error instanceof RowsLeftOut;
    if (error instanceof RowsKeptOut && parts.keepOut !== undefined && error.rows.length > 0) {
      await session.rollbackTo("half");
      await parts.keepOut(error, range);
      return inHalves(session, range, parts);
    }
    if (!leftOut && !isDataError(error)) throw error;
    await session.rollbackTo("half");
    const { mend, ...rest } = parts;
    if (!leftOut && mend !== undefined && (await mend(error, range))) return inHalves(session, range, rest);
    if (range.to - range.from === 1) return parts.onAlone(error, range);
    const middle = Math.floor((range.from + range.to) / 2);
    await parts.onHalved(range, middle);
    const next = leftOut ? parts : rest;
    await inHalves(session, { from: range.from, to: middle }, next);
    await inHalves(session, { from: middle, to: range.to }, next);
  }
}
