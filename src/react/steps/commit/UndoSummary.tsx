/** What came of an undo: what is out, what is as it was, what was kept and why. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ClientError, Import, KeptRecord, Page, UndoReport } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Problem } from "../../parts/Notice.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import { PlaceLink } from "../../parts/PlaceLink.tsx";
import { RecordTable, useRecordLabel } from "../../parts/RecordNumbers.tsx";
import { ScrollTable } from "../../parts/ScrollTable.tsx";
import { StepHead } from "../../parts/Step.tsx";
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
        <div className="stack">
          <dl className="undone-figures">
            {shown.map(({ name, count }) => (
              <div key={name}>
                <dt>{t(name)}</dt>
                <dd className="undone-number">{number(count)}</dd>
                <dd className="muted small">{t(`${name}Hint`)}</dd>
              </div>
            ))}
          </dl>
          {data.records !== undefined && (
            <RecordTable
              importer={job.importer}
              numbers={data.records}
              columns={shown.map(({ name }) => ({ name, title: t(name) }))}
            />
          )}
        </div>
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

/** Records that an undo left as they are, wholly or in part, each with the reason. */
function KeptRecords({ job }: { job: Import }): ReactNode {
  const t = useTexts("commit");
  const { client } = useSluice();
  const labelOf = useRecordLabel(job.importer);
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: [...importKey(job.id), "kept"],
    queryFn: ({ pageParam, signal }): Promise<Page<KeptRecord>> =>
      client.imports.kept(job.id, { limit: 50, after: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
  // Where a row makes several records, one number may stand for one of each.
  const hasKinds = data?.pages.some(({ items }) => items.some(({ record }) => record !== null)) ?? false;
  return (
    <Card title={t("keptTitle")}>
      <div className="stack">
        {data === undefined && error === null && <Placeholder lines={6} />}
        {error !== null && <Problem error={error as ClientError} onRetry={() => void refetch()} />}
        {data !== undefined && (
          <ScrollTable
            label={t("keptTable")}
            maxHeight={24}
            head={[...(hasKinds ? [t("keptKind")] : []), t("keptRecord"), t("keptWhy")]}
          >
            {data.pages.flatMap(({ items }) =>
              items.map((record) => (
                <tr key={record.id}>
                  {hasKinds && <td dir="auto">{record.record === null ? "" : labelOf(record.record)}</td>}
                  <td>{record.recordId}</td>
                  <td>
                    <Why record={record} />
                  </td>
                </tr>
              )),
            )}
          </ScrollTable>
        )}
        {hasNextPage && (
          <div>
            <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t("keptMore")}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

function Why({ record }: { record: KeptRecord }): ReactNode {
  const t = useTexts("commit");
  const { list } = useFormats();
  const { reason, columns, byTable, byJob, message } = record;
  return (
    <>
      {t(reason, { columns: list(columns ?? []), table: byTable ?? "–", message: message ?? "–" })}
      {reason !== "refused" && message !== null && <>. {message}</>}
      {byJob !== null && (
        <>
          {" "}
          <PlaceLink to={{ page: "import", id: byJob }}>{t("byImport", { id: String(byJob) })}</PlaceLink>
        </>
      )}
    </>
  );
}
