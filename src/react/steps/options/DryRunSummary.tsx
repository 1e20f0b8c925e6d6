/** What pressing "Import" will do, to the row; or why it would do nothing. */
import type { ReactNode } from "react";
import type { Counts, DryRun, ImportOptions, RowOutcome } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { ShareBar, ShareMark } from "../../parts/Meter.tsx";
import { Notice, Problem } from "../../parts/Notice.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import { RecordLines } from "../../parts/RecordNumbers.tsx";
import type { UsedDryRun } from "./use-dry-run.ts";

const ends: readonly RowOutcome[] = ["created", "updated", "unchanged", "skipped", "invalid", "failed"];

/** Its numbers stand while they are counted anew, and say so. */
export function DryRunSummary({
  importer,
  dryRun: { data, error, isCounting, countAgain },
}: {
  importer: string;
  dryRun: UsedDryRun;
}): ReactNode {
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
      {data === undefined ? (
        error === null && <Placeholder lines={11} />
      ) : (
        <>
          <Numbers dryRun={data} isOld={isCounting} />
          <RecordLines importer={importer} counts={data.counts} />
        </>
      )}
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

type NothingReason = "empty" | "invalid" | "duplicates" | "unmatched" | "unchanged";

/** Null: there is something to import. */
export function nothingReason(
  { created, updated, unchanged, skipped, invalid, failed }: Counts,
  mode?: ImportOptions["mode"],
): NothingReason | null {
  if (created + updated > 0) return null;
  if (unchanged + skipped + invalid + failed === 0) return "empty";
  if (unchanged + skipped === 0) return "invalid";
  if (unchanged > skipped) return "unchanged";
  return mode === "update_only" ? "unmatched" : "duplicates";
}

export function NothingToImport({ reason, onBack }: { reason: NothingReason; onBack: () => void }): ReactNode {
  const t = useTexts("options");
  return (
    <Notice
      tone="warn"
      title={t(`nothing_${reason}`)}
      actions={reason === "invalid" && <Button onClick={onBack}>{t("toReview")}</Button>}
    >
      {t(`nothing_${reason}_hint`)}
    </Notice>
  );
}
