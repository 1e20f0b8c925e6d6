/** All there is to know about an import: its numbers, its timeline, what can be done with it. */
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import type { Import } from "../../client/index.ts";
import { useAnnounce } from "../Frame.tsx";
import { Empty } from "../parts/Empty.tsx";
import { Go } from "../parts/Go.tsx";
import { Problem } from "../parts/Problem.tsx";
import { Waiting } from "../parts/Waiting.tsx";
import { useTexts } from "../texts.ts";
import { useImport } from "../use-import.ts";

const JobDetails = lazy(async () => ({ default: (await import("./JobDetails.tsx")).JobDetails }));

export function JobPage({ id }: { id: number }): ReactNode {
  const tc = useTexts("common");
  const isId = Number.isSafeInteger(id) && id > 0;
  const { data, error } = useImport(isId ? id : null);
  if (!isId || error?.status === 404) return <Gone job={data} />;
  return (
    <div className="stack">
      <p>
        <Go to={{ page: "history" }}>{tc("allImports")}</Go>
      </p>
      {data === undefined && error === null && <Waiting lines={24} />}
      {data === undefined && error !== null && error.status !== 401 && <Problem error={error} />}
      {data !== undefined && (
        <Suspense fallback={<Waiting lines={24} />}>
          <JobDetails job={data} />
        </Suspense>
      )}
    </div>
  );
}

/** It never was, or somebody has deleted it; perhaps while it was looked at. */
function Gone({ job }: { job: Import | undefined }): ReactNode {
  const t = useTexts("history");
  const tc = useTexts("common");
  const announce = useAnnounce();
  const words = t("deleted");
  const isNews = job !== undefined;
  useEffect(() => {
    if (isNews) announce(words);
  }, [isNews, words, announce]);
  return (
    <div className="card">
      <Empty
        icon="trash"
        level={1}
        title={job === undefined ? t("notThere") : t("deleted")}
        actions={
          <>
            <Go to={{ page: "history" }} look="primary">
              {tc("allImports")}
            </Go>
            <Go to={{ page: "new" }} look="plain">
              {t("newImport")}
            </Go>
          </>
        }
      >
        {job === undefined ? (
          t("notThereHint")
        ) : (
          <>
            <bdi className="history-about">{job.fileName}</bdi> {t("deletedHint")}
          </>
        )}
      </Empty>
    </div>
  );
}
