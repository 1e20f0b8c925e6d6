/** The way through pages that are known only from one to the next. */
import type { ReactNode } from "react";
import { Button } from "../parts/Button.tsx";
import { useTexts } from "../texts.ts";

export interface PageTurnerProps {
  /** From 1. */
  page: number;
  hasNext: boolean;
  /** The page is on its way: where it leads is not known yet. */
  busy: boolean;
  onNext: () => void;
  onPrevious: () => void;
}

/** Nothing where there is but one page. */
export function PageTurner({ page, hasNext, busy, onNext, onPrevious }: PageTurnerProps): ReactNode {
  const t = useTexts("records");
  if (page === 1 && !hasNext) return null;
  return (
    <nav className="row page-turner" aria-label={t("pages")}>
      <Button icon="back" aria-disabled={busy || page === 1} onClick={onPrevious}>
        {t("previous")}
      </Button>
      <span aria-live="polite">{t("page", { page })}</span>
      <Button aria-disabled={busy || !hasNext} onClick={onNext}>
        {t("nextPage")}
      </Button>
    </nav>
  );
}
