/** Rows that did not go in: why, as a file to correct, and the way back for the corrected one. */
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { ClientError, type Import, type Report } from "../../../client/index.ts";
import { acceptedFiles } from "../../../core/file-formats.ts";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Download } from "../../parts/Download.tsx";
import { Notice, Problem } from "../../parts/Notice.tsx";
import { PlaceLink } from "../../parts/PlaceLink.tsx";
import { IssueTable } from "./IssueTable.tsx";

export function RejectedRows({ job, report }: { job: Import; report: Report }): ReactNode {
  const t = useTexts("commit");
  const tc = useTexts("common");
  const count = report.counts.invalid + report.counts.failed;
  const reasons = report.issues.filter(({ severity }) => severity === "error");
  if (count === 0) return null;
  return (
    <Card title={t("rejectedTitle", { count })}>
      <div className="stack">
        <p className="muted">{t("rejectedHint", { count })}</p>
        <IssueTable label={tc("whatWasWrong")} head={t("reason")} issues={reasons} />
        <div className="row">
          <Download id={job.id} name="rejected.xlsx">
            {t("rejectedXlsx")}
          </Download>
          <Download id={job.id} name="rejected.csv">
            {t("rejectedCsv")}
          </Download>
          <CorrectedFile job={job} />
        </div>
      </div>
    </Card>
  );
}

/** Takes the corrected file of rejected rows, and opens the import that it becomes. */
function CorrectedFile({ job }: { job: Import }): ReactNode {
  const t = useTexts("commit");
  const tc = useTexts("common");
  const { percent } = useFormats();
  const { client, places } = useSluice();
  const input = useRef<HTMLInputElement>(null);
  const [share, setShare] = useState(0);
  const open = (id: number): void => places?.go({ page: "import", id });
  const { mutate, isPending, error } = useMutation<number, ClientError, File>({
    mutationFn: async (file) => {
      setShare(0);
      const upload = await client.upload(file, {
        importer: job.importer,
        onProgress: ({ sentBytes, totalBytes }) => setShare(totalBytes > 0 ? sentBytes / totalBytes : 0),
      });
      try {
        // Its columns and options are those of the import that it belongs to: it is checked at once.
        const child = await client.imports.create({
          uploadId: upload.id,
          parentId: job.id,
          start: true,
          acceptDoubts: true,
        });
        return child.id;
      } catch (failure) {
        // It is there, and its columns are to be looked at.
        const made = failure instanceof ClientError && failure.status === 422 ? failure.problem.importId : undefined;
        if (typeof made === "number") return made;
        throw failure;
      }
    },
    onSuccess: open,
  });
  const same = error?.code === "conflict" ? error.problem.importId : undefined;
  return (
    <>
      <div>
        <Button icon="upload" busy={isPending} onClick={() => input.current?.click()}>
          {isPending ? t("bringing", { percent: percent(Math.floor(share * 100) / 100) }) : t("bringBack")}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t("bringBack")}
          accept={acceptedFiles}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            // The same file may be chosen again, after it was fixed.
            event.target.value = "";
            if (file !== undefined) mutate(file);
          }}
        />
      </div>
      {typeof same === "number" ? (
        <Notice
          tone="warn"
          title={t("sameFile")}
          actions={
            <PlaceLink to={{ page: "import", id: same }} look="plain">
              {tc("openThat")}
            </PlaceLink>
          }
        >
          {t("sameFileHint")}
        </Notice>
      ) : (
        error !== null && error.status !== 401 && <Problem error={error} />
      )}
    </>
  );
}
