/** The same bytes were uploaded before: by whom, when, and what has become of them. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormats } from "../../foundation/format.ts";
import { importKey } from "../../foundation/live.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Notice } from "../../parts/Notice.tsx";
import { PlaceLink } from "../../parts/PlaceLink.tsx";
import { StatusBadge } from "../../parts/StatusBadge.tsx";

export function SameFile({
  importId,
  at,
  onAgain,
}: {
  importId: number;
  at: string | null;
  onAgain: () => void;
}): ReactNode {
  const t = useTexts("upload");
  const tc = useTexts("common");
  const { client } = useSluice();
  const { moment } = useFormats();
  const { data: job } = useQuery({
    queryKey: importKey(importId),
    queryFn: ({ signal }) => client.imports.get(importId, { signal }),
  });
  const { data: me } = useQuery({ queryKey: ["me"], queryFn: ({ signal }) => client.me({ signal }) });
  const when = job?.completedAt ?? job?.createdAt ?? at;
  const who = job === undefined ? null : job.createdBy === me?.id ? t("you") : job.createdByName;
  return (
    <Notice
      tone="warn"
      title={t(job === undefined || job.status === "completed" ? "sameTitle" : "sameUnderWay")}
      actions={
        <>
          <PlaceLink to={{ page: "import", id: importId }} look="plain">
            {tc("openThat")}
          </PlaceLink>
          <Button onClick={onAgain}>{t("again")}</Button>
        </>
      }
    >
      <p className="row same-words">
        {when !== null && (
          <span>
            {who === null ? t("sameAt", { moment: moment(when) }) : t("sameBy", { who, moment: moment(when) })}
          </span>
        )}
        {job !== undefined && <StatusBadge status={job.status} />}
      </p>
    </Notice>
  );
}
