/** What pressing "Import" will do, to the row. Its numbers stand while they are counted anew, and say so. */
import type { ReactNode } from "react";
import type { Counts, DryRun } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { ShareBar, ShareMark } from "../../parts/ShareBar.tsx";
import type { UsedDryRun } from "./use-dry-run.ts";

const ends: readonly (keyof Counts)[] = ["created", "updated", "unchanged", "skipped", "invalid", "failed"];

export function DryRunSummary({ dryRun: { data, error, isCounting, countAgain } }: { dryRun: UsedDryRun }): ReactNode {
  const t = useTexts("options");
  return (
    <Card title={t("foresight")} className="foresight">
      {/* Its line is always there, so that nothing moves when the counting begins or ends. */}
      <p className="muted small foresight-state">
        {isCounting && <span className="spinner" aria-hidden="true" />}
        {isCounting ? t("counting") : error === null ? t("counted") : "\u00a0"}
      </p>
      {error !== null && error.status !== 401 && (
        <Problem error={error} title={t("dryRunFailed")} onRetry={countAgain} />
      )}
      {data === undefined ? error === null && <Placeholder lines={11} /> : <Numbers dryRun={data} isOld={isCounting} />}
    </Card>
  );
}

function Numbers({ dryRun: { counts }, isOld }: { dryRun: DryRun; isOld: boolean }): ReactNode {
  const t = useTexts("options");
  const tc = useTexts("common");
  const { number } = useFormats();
  // No dry run foresees what the database alone refuses.
  const shown = ends.filter((end) => end !== "failed" || counts.failed > 0);
  const total = ends.reduce((sum, end) => sum + counts[end], 0);
  return (
    <div className={isOld ? "foresight-numbers old" : "foresight-numbers"} aria-busy={isOld}>
      <ShareBar shares={shown.map((end) => ({ share: end, label: t(end), count: counts[end] }))} none={t("noRows")} />
      <dl>
        {shown.map((end) => (
          <div key={end} className={counts[end] === 0 ? "none" : undefined}>
            <dt>
              <ShareMark share={end} />
              <span>
                {t(end)}
                <span className="muted small">{t(`${end}Hint`)}</span>
              </span>
            </dt>
            <dd>{number(counts[end])}</dd>
          </div>
        ))}
        <div className="foresight-sum">
          <dt>{tc("rowsOfFile")}</dt>
          <dd>{number(total)}</dd>
        </div>
      </dl>
    </div>
  );
}
