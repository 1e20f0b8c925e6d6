/** Values of fields, the way the reader writes such values. */
import { useMemo } from "react";
import type { ImporterField } from "../../client/index.ts";
import { inRegion } from "../locale/region.ts";
import { shownKind } from "./field-kind.ts";
import { choiceName } from "./mappable-fields.ts";
import { useSluice } from "./Sluice.tsx";
import { useTexts } from "./texts.ts";

/** A value as the database has it: a choice by its label, days and numbers as the reader's region writes them. */
export function useWritten(): (field: Pick<ImporterField, "kind" | "choices">, value: string) => string {
  const { language } = useSluice();
  const t = useTexts("map");
  const { day, number } = useMemo(() => {
    const region = inRegion(language);
    return {
      day: new Intl.DateTimeFormat(region, { dateStyle: "medium", timeZone: "UTC" }),
      number: new Intl.NumberFormat(region, { maximumFractionDigits: 12 }),
    };
  }, [language]);
  return ({ kind, choices }, value) => {
    const { written } = shownKind(kind);
    if (kind === "choice") return choiceName(choices, value);
    if (written === "yes_no") return t(value === "t" || value === "true" ? "yes" : "no");
    if (written === "day" && /^\d{4}-\d\d-\d\d$/.test(value)) return day.format(new Date(`${value}T00:00:00Z`));
    // Longer ones would be rounded.
    if (written === "number" && /^-?[\d.]{1,15}$/.test(value)) return number.format(Number(value));
    return value;
  };
}
