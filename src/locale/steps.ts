/** What an import does at the moment, as a sentence in the reader's language, and how far it is with that. */
import type { Progress } from "../core/events.ts";
import type { Language } from "../core/fields/language.ts";
import type { Importer } from "../core/importer.ts";
import { textsOf } from "./locale.ts";
import { recordLabel } from "./record-label.ts";

/** @example "Creating rings…" */
export function stepText(
  { step, record: at }: Pick<Progress, "step" | "record">,
  importer: Pick<Importer, "records"> | undefined,
  language: Language,
): string {
  const { steps } = textsOf(language);
  const record = at === undefined ? undefined : importer?.records?.find(({ name }) => name === at.name);
  if (step !== "committing" || at === undefined || record === undefined) return steps[step];
  const own = record.step?.[language] ?? record.step?.en;
  const isKnown = at.of !== null && at.of > 0;
  if (own !== undefined && (isKnown || !/\{(?:n|of)\}/.test(own)))
    return own.replaceAll("{n}", String(at.done)).replaceAll("{of}", String(at.of ?? at.done));
  return steps.record.replace("{label}", recordLabel(record, language));
}

/** @example "45/200": of the records that are being written, else of the rows; null while nobody knows. */
export function subStep({ record, processed, total }: Pick<Progress, "record" | "processed" | "total">): string | null {
  if (record !== undefined && record.of !== null) return `${record.done}/${record.of}`;
  return total === null ? null : `${processed}/${total}`;
}
