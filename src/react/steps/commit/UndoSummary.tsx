/** What came of an undo: what is out, what is as it was, what was kept and why. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ClientError, Import, UndoReport } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { importKey } from "../../foundation/live.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { StepHead } from "../../parts/Step.tsx";
import { KeptRecords } from "./KeptRecords.tsx";
import { RelatedRecords } from "./RelatedRecords.tsx";

export function UndoSummary({ job, onNew }: { job: Import; onNew: () => void }): ReactNode {
  const t = useTexts("commit");
  const { number } = useFormats();
  const { client } = useSluice();
  const { data, error } = useQuery<UndoReport, ClientError>({
    queryKey: [...importKey(job.id), "undo"],
    queryFn: ({ signal }) => client.imports.undoReport(job.id, { signal }),
  });
  if (data === undefined) {
    return (
      <>
        <StepHead title={t("undone")}>{job.fileName}</StepHead>
        {error === null ? <Placeholder lines={12} /> : <Problem error={error} />}
      </>
    );
  }
  // Restored in part: counted among those that are restored.
  const { edited_in_part: _inPart = 0, ...wholly } = data.kept;
  const kept = Object.values(wholly).reduce((sum, count) => sum + count, 0);
  const listed = kept + (data.kept.edited_in_part ?? 0);
  const shown = [
    { name: "deleted", count: data.deleted },
    { name: "restored", count: data.restored },
    { name: "kept", count: kept },
  ] as const;
  return (
    <>
      <StepHead title={t("undone")}>
        {t("undoneHint", { file: job.fileName })} {kept > 0 && t("undoneKept", { count: kept })}
      </StepHead>
      <Card>
        <dl className="undone-figures">
          {shown.map(({ name, count }) => (
            <div key={name}>
              <dt>{t(name)}</dt>
              <dd className="undone-number">{number(count)}</dd>
              <dd className="muted small">{t(`${name}Hint`)}</dd>
            </div>
          ))}
        </dl>
      </Card>
      {listed > 0 && <KeptRecords job={job} />}
      <RelatedRecords job={job} />
      <div className="row">
        <Button look="primary" icon="upload" onClick={onNew}>
          {t("another")}
        </Button>
      </div>
    </>
  );
}
