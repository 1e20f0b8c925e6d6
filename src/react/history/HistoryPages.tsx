/** Which part of all that match is shown, and the way to the others. */
import type { ReactNode } from "react";
import { useFormats } from "../format.ts";
import { Button } from "../parts/Button.tsx";
import { useTexts } from "../texts.ts";

export interface HistoryPagesProps {
  /** Number of the first one shown, from 1. */
  from: number;
  shown: number;
  count: number;
  next: string | null;
  /** Null: there is no such page. */
  onBack: (() => void) | null;
  onNext: ((next: string) => void) | null;
  isBusy: boolean;
}

export function HistoryPages({ from, shown, count, next, onBack, onNext, isBusy }: HistoryPagesProps): ReactNode {
  const t = useTexts("history");
  const { number } = useFormats();
  return (
    <nav className="row history-pages" aria-label={t("pages")}>
      <p className="muted" aria-live="polite">
        {t("range", { from: number(from), to: number(from + Math.max(shown, 1) - 1), total: number(count), count })}
      </p>
      {(onBack !== null || onNext !== null) && (
        <div className="row push">
          <Button icon="back" aria-disabled={onBack === null || isBusy} onClick={() => onBack?.()}>
            {t("previous")}
          </Button>
          <Button
            aria-disabled={onNext === null || isBusy}
            onClick={() => next !== null && onNext?.(next)}
            className="next-page"
          >
            {t("nextPage")}
          </Button>
        </div>
      )}
    </nav>
  );
}
