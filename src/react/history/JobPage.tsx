/** All there is to know about an import: its numbers, its timeline, what can be done with it. */
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import type { Import } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useTexts } from "../foundation/texts.ts";
import { useImport } from "../foundation/use-import.ts";
import { PageProblem } from "../parts/Notice.tsx";
import { Empty, Placeholder } from "../parts/Placeholder.tsx";
import { PlaceLink } from "../parts/PlaceLink.tsx";

const JobDetails = lazy(async () => ({ default: (await import("./JobDetails.tsx")).JobDetails }));

export function JobPage({ id }: { id: number }): ReactNode {
  const tc = useTexts("common");
  const isId = Number.isSafeInteger(id) && id > 0;
  const { data, error } = useImport(isId ? id : null);
  if (!isId || error?.status === 404) return <Gone job={data} />;
  return (
    <div className="stack">
      <p>
        <PlaceLink to={{ page: "history" }}>{tc("allImports")}</PlaceLink>
      </p>
      {data === undefined && error === null && <Placeholder lines={24} isPage />}
      {data === undefined && error !== null && error.status !== 401 && <PageProblem error={error} />}
      {data !== undefined && (
        <Suspense fallback={<Placeholder lines={24} isPage />}>
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
            <PlaceLink to={{ page: "history" }} look="primary">
              {tc("allImports")}
            </PlaceLink>
            <PlaceLink to={{ page: "new" }} look="plain">
              {t("newImport")}
            </PlaceLink>
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
