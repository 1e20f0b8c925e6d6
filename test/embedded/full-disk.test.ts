/** A disk that is full, as Postgres tells of it. */
import { expect, it } from "vitest";
import { saysDiskIsFull } from "../../src/embedded/log.ts";

it.each([
  [true, 'FATAL:  could not write lock file "postmaster.pid": No space left on device'],
  [
    true,
    'FATAL:  could not extend file "base/1/1255": wrote only 4096 of 8192 bytes at block 42\nHINT:  Check free disk space.\nPANIC:  cannot abort transaction 1, it was already committed',
  ],
  [false, 'FATAL:  could not open file "global/pg_control": Permission denied'],
])("is told apart (%s): %s", (isFull, said) => {
  expect(saysDiskIsFull(said)).toBe(isFull);
});
