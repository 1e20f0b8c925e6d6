/** When a schedule comes round: cron's five fields, or its nicknames, in a time zone. */
import { Cron } from "croner";
import { SluiceError, type Telling, told } from "../core/errors.ts";
import type { SourceRules } from "../core/source.ts";

/**
 * The next moment after one; null: there is no schedule. A time that a change of clocks leaves out comes when the clock has moved on, one
 * that it repeats comes once.
 *
 * @throws SluiceError `invalid` for what is no schedule, or never comes, and for a time zone that nobody knows
 */
export function nextRun({ schedule, timeZone }: Pick<SourceRules, "schedule" | "timeZone">, after: Date): Date | null {
  if (schedule === null) return null;
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch (cause) {
    refuse("timeZone", told`There is no time zone "${timeZone}". Write it as Europe/Paris, or UTC.`, cause);
  }
  let next: Date | null;
  try {
    next = new Cron(schedule, { timezone: timeZone, mode: "5-part", paused: true }).nextRun(after);
  } catch (cause) {
    refuse(
      "schedule",
      told`"${schedule}" is no schedule. Write cron's five fields, minute, hour, day, month, weekday: "0 6 * * 1-5" is six o'clock on weekdays; or @hourly, @daily, @weekly, @monthly.`,
      cause,
    );
  }
  if (next === null) refuse("schedule", told`The schedule "${schedule}" never comes: no such day is in the calendar.`);
  return next;
}

function refuse(path: keyof SourceRules, problem: Telling, cause?: unknown): never {
  throw new SluiceError("invalid", problem, { cause, wrong: { path, problem } });
}
