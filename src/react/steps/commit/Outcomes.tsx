/** What became of the rows of the file: a bar of them all, and the numbers that add up to it. */
import type { ReactNode } from "react";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { ShareBar, ShareMark } from "../../parts/Meter.tsx";
import { type Ended, sharesOf } from "./outcome.ts";

/** The smallest share that is written as a number. */
const least = 0.001;

export function Outcomes({ ended }: { ended: Ended }): ReactNode {
  const t = useTexts("commit");
  const tc = useTexts("common");
  const { number, percent } = useFormats();
  const shares = sharesOf(ended);
  // A few of very many are not none.
  const shareOf = (part: number): string => (part < least ? `< ${percent(least)}` : percent(part));
  return (
    <div className="stack">
      <ShareBar shares={shares.map(({ share, count }) => ({ share, count, label: t(share) }))} />
      <dl className="outcome-list">
        {shares.map(({ share, count }) => (
          <div key={share} className={count === 0 ? "none" : undefined}>
            <dt>
              <ShareMark share={share} />
              {t(share)}
              <span className="muted small">{t(`${share}Hint`)}</span>
            </dt>
            <dd>{number(count)}</dd>
            <dd className="muted small">{count > 0 && shareOf(count / ended.rows)}</dd>
          </div>
        ))}
        <div className="outcome-sum">
          <dt>{tc("rowsOfFile")}</dt>
          <dd>{number(ended.rows)}</dd>
          <dd className="muted small" />
        </div>
      </dl>
    </div>
  );
}
