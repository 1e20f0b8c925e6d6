/** The way through pages that lie one behind the other, with words for where one is. */
import type { ReactNode } from "react";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "./Button.tsx";

export interface PagesProps {
  label: string;
  /** Where one is, such as "Page 3"; said when it changes. */
  children: ReactNode;
  /** Null: there is no such page. */
  onPrevious: (() => void) | null;
  onNext: (() => void) | null;
  /** The page is on its way: where it leads is not known yet. */
  isBusy?: boolean;
}

/** Its buttons are there where there is more than one page. */
export function Pages({ label, children, onPrevious, onNext, isBusy = false }: PagesProps): ReactNode {
  const t = useTexts("common");
  return (
    <nav className="row pages" aria-label={label}>
      <p className="muted" aria-live="polite">
        {children}
      </p>
      {(onPrevious !== null || onNext !== null) && (
        <div className="row push">
          <Button icon="back" aria-disabled={onPrevious === null || isBusy} onClick={() => onPrevious?.()}>
            {t("previousPage")}
          </Button>
          <Button aria-disabled={onNext === null || isBusy} onClick={() => onNext?.()}>
            {t("nextPage")}
          </Button>
        </div>
      )}
    </nav>
  );
}
