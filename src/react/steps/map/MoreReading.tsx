/** How rows and cells are taken, whatever the file is written in: words for nothing, white space, rows that end early, totals. */
import type { ReactNode } from "react";
import type { DialectHints } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { LabelledInput, LabelledSelect } from "../../parts/Labelled.tsx";

interface MoreReadingProps {
  hints: DialectHints;
  /** The words as they are typed. */
  words: string;
  onWords: (words: string) => void;
  onChange: (changes: Partial<DialectHints>) => void;
}

/** `undefined`: nobody says anything of it. */
const trims = [undefined, "all", "none"] as const;
const shortRows = [undefined, "pad", "reject"] as const;
const totals = [undefined, "keep"] as const;

export function MoreReading({ hints, words, onWords, onChange }: MoreReadingProps): ReactNode {
  const t = useTexts("map");
  const isSaid = [hints.nulls, hints.trim, hints.shortRows, hints.totals].some((each) => each !== undefined);
  return (
    <details className="map-more" open={isSaid || undefined}>
      <summary>{t("moreReading")}</summary>
      <div className="reading-controls">
        <LabelledInput label={t("nulls")} hint={t("nullsHint")} value={words} onText={onWords} maxLength={2000} />
        <LabelledSelect
          label={t("trim")}
          options={trims.map((value) => [value, t(`trim_${value ?? "ends"}`)])}
          value={hints.trim === "ends" ? undefined : hints.trim}
          onPick={(trim) => onChange({ trim })}
        />
        <LabelledSelect
          label={t("shortRows")}
          options={shortRows.map((value) => [value, t(`shortRows_${value ?? "auto"}`)])}
          value={hints.shortRows}
          onPick={(value) => onChange({ shortRows: value })}
        />
        <LabelledSelect
          label={t("totals")}
          options={totals.map((value) => [value, t(`totals_${value ?? "skip"}`)])}
          value={hints.totals === "skip" ? undefined : hints.totals}
          onPick={(value) => onChange({ totals: value })}
        />
      </div>
    </details>
  );
}

/** The words in a line, separated by commas. */
export function wordsIn(line: string): string[] | undefined {
  const words = [...new Set(line.split(",").map((word) => word.trim()))].filter((word) => word !== "");
  return words.length === 0 ? undefined : words;
}
