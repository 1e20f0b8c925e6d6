/** What a cell's style says of the number in it: plain, or a kind of date or time. */

/** Kinds of number that a cell can hold. */
export const numberPlain = 0;
export const numberDate = 1;
export const numberDatetime = 2;
export const numberTime = 3;
/** An elapsed time (`[h]:mm`): it goes beyond 24 hours. */
export const numberDuration = 4;

export interface CellStyles {
  /** Kind of number by cell style (a cell's attribute `s`); beyond its length: plain. */
  kinds: Uint8Array;
}

/** A workbook without a styles part. */
export const plainStyles: CellStyles = { kinds: new Uint8Array(0) };
