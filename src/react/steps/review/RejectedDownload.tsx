/** The rows that are wrong as a file, for those who would rather mend them in a spreadsheet. */
import type { ReactNode } from "react";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { Download } from "../../parts/Download.tsx";

export function RejectedDownload({ id, count }: { id: number; count: number }): ReactNode {
  const t = useTexts("review");
  return (
    <Card title={t("rejectedTitle")}>
      <div className="row rejected">
        <p className="muted">{t("rejectedHint", { count })}</p>
        <div className="row push">
          <Download id={id} name="rejected.xlsx" size="small">
            {t("asWorkbook")}
          </Download>
          <Download id={id} name="rejected.csv" size="small">
            {t("asCsv")}
          </Download>
        </div>
      </div>
    </Card>
  );
}
