/** Records that an undo left as they are, wholly or in part, each with the reason. */
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ClientError, Import, KeptRecord, Page } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { importKey } from "../../foundation/live.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Placeholder } from "../../parts/Placeholder.tsx";
import { PlaceLink } from "../../parts/PlaceLink.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { ScrollTable } from "../../parts/ScrollTable.tsx";

export function KeptRecords({ job }: { job: Import }): ReactNode {
  const t = useTexts("commit");
  const { client } = useSluice();
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: [...importKey(job.id), "kept"],
    queryFn: ({ pageParam, signal }): Promise<Page<KeptRecord>> =>
      client.imports.kept(job.id, { limit: 50, after: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
  return (
    <Card title={t("keptTitle")}>
      <div className="stack">
        {data === undefined && error === null && <Placeholder lines={6} />}
        {error !== null && <Problem error={error as ClientError} onRetry={() => void refetch()} />}
        {data !== undefined && (
          <ScrollTable label={t("keptTable")} maxHeight={24} head={[t("keptRecord"), t("keptWhy")]}>
            {data.pages.flatMap(({ items }) =>
              items.map((record) => (
                <tr key={record.id}>
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
      {byJob !== null && (
        <>
          {" "}
          <PlaceLink to={{ page: "import", id: byJob }}>{t("byImport", { id: String(byJob) })}</PlaceLink>
        </>
      )}
    </>
  );
}
