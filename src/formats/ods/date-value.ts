/** Dates and times as OpenDocument writes them (part 3, sections 18.3.14 and 18.3.15), in the form all formats share. */

const dayMs = 86_400_000;

/** `2024-01-31`, with its time where it has one: `2024-01-31T08:30:00`. Null: it is not a date. */
export function dateText(value: string): string | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:[.,]\d*)?))?)?$/.exec(value);
  if (parts === null) return null;
  const [, year, month, day, hours = "0", minutes = "0", seconds = "0"] = parts;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1) return null;
  const ms = msOf(0, Number(hours), Number(minutes), seconds);
  if (ms >= dayMs) {
    // 23:59:59.9999 is a float's noise before midnight; 25:00 is not a time.
    if (Number(hours) > 23) return null;
    date.setUTCDate(date.getUTCDate() + 1);
  }
  const text = date.toISOString().slice(0, 10);
  // Spreadsheets write midnight as a date, Excel with its zeros.
  return ms % dayMs === 0 ? text : `${text}T${clock(ms)}`;
}

/** A time of day, `08:30:00`, or an elapsed time from 24 hours on (or below none): `PT36H30M`. Null: it is neither. */
export function timeText(value: string): string | null {
  const parts = /^(-?)P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d*)?)S)?)?$/.exec(value);
  if (parts === null || value.endsWith("P") || value.endsWith("T")) return null;
  const [, sign, days = "0", hours = "0", minutes = "0", seconds = "0"] = parts;
  const ms = msOf(Number(days), Number(hours), Number(minutes), seconds);
  if (ms < dayMs && (sign === "" || ms === 0)) return clock(ms);
  const wholeMinutes = Math.floor(ms / 60_000);
  const restMs = ms - wholeMinutes * 60_000;
  const wholeHours = Math.floor(wholeMinutes / 60);
  const restMinutes = wholeMinutes - wholeHours * 60;
  const last = restMs > 0 ? `${Math.floor(restMs / 1000)}${fraction(restMs % 1000)}S` : "";
  return `${sign}PT${wholeHours > 0 ? `${wholeHours}H` : ""}${restMinutes > 0 ? `${restMinutes}M` : ""}${last}`;
}

/** Rounded to the millisecond, so that a float's noise makes no 08:29:59.999. */
function msOf(days: number, hours: number, minutes: number, seconds: string): number {
  return days * dayMs + hours * 3_600_000 + minutes * 60_000 + Math.round(Number(seconds.replace(",", ".")) * 1000);
}

function clock(ms: number): string {
  const time = new Date(ms % dayMs).toISOString().slice(11, 19);
  return time + fraction(ms % 1000);
}

function fraction(ms: number): string {
  return ms === 0 ? "" : `.${String(ms).padStart(3, "0")}`;
}
