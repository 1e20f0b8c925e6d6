/** What people call a record of an importer whose rows make several: "rings". */
import type { Language } from "../core/fields/language.ts";
import type { RecordPlan } from "../core/records.ts";

export function recordLabel({ name, label }: Pick<RecordPlan, "name" | "label">, language: Language): string {
  return label?.[language] ?? label?.en ?? name;
}
