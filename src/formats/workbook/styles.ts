/** Kinds of number, as a cell's style tells them apart: plain, or a kind of date or time. */

/** Kinds of number that a cell can hold. */
export const numberPlain = 0;
export const numberDate = 1;
export const numberDatetime = 2;
export const numberTime = 3;
/** An elapsed time (`[h]:mm`): it goes beyond 24 hours. */
export const numberDuration = 4;
/** The number's value decides by its format, or the format says how its digits are written. */
export const numberByFormat = 5;
