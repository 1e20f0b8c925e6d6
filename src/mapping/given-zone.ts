/** A time zone as a person says it for a column. */
import { SluiceError, told } from "../core/errors.ts";
import { zoneNamed } from "../values/time-zones.ts";

/** As a transform has it; null: it is none, or letters that mean several. */
export function givenZone(text: string): string | null {
  const named = zoneNamed(text);
  return named !== null && "zone" in named ? named.zone : null;
}

/** @throws SluiceError `invalid` for a zone that is not as a transform has it */
export function refuseUnknownZone(column: string, field: string, timeZone: string | undefined): void {
  if (timeZone === undefined || givenZone(timeZone) === timeZone) return;
  throw new SluiceError(
    "invalid",
    told`"${timeZone}" is no time zone. Use UTC, an offset such as +02:00, or a name such as Europe/Paris.`,
    { next: { code: "correct_mapping", column, field } },
  );
}
