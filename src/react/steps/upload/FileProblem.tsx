/** Why a file does not become an import: it was refused, or uploaded before. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ClientError } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useReason, useTexts } from "../../foundation/texts.ts";
import { importKey } from "../../foundation/use-import.ts";
import type { Texts } from "../../locale/texts.ts";
import { StatusBadge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { Notice } from "../../parts/Notice.tsx";
import { PlaceLink } from "../../parts/PlaceLink.tsx";
import type { Refusal } from "./chosen-file.ts";

type Key = keyof Texts["upload"] & string;

/** `may`: the same file may go in another time. `told`: the server says more about it. */
const words: Readonly<Record<Refusal, { title: Key; hint?: Key; may?: true; told?: true }>> = {
  empty: { title: "emptyTitle", hint: "emptyHint" },
  folder: { title: "folderTitle", hint: "folderHint" },
  unreadable: { title: "unreadableTitle", hint: "unreadableHint" },
  no_table: { title: "refusedTitle", hint: "refusedHint", told: true },
  too_large: { title: "largeTitle", hint: "largeHint" },
  quota: { title: "quotaTitle", hint: "quotaHint", may: true },
  other: { title: "otherTitle", may: true, told: true },
};

interface RefusedFileProps {
  name: string;
  why: Refusal;
  error: unknown;
  onRetry: () => void;
}

/** Why a file is not taken, in the server's own words where it has some, and what to do instead. */
export function RefusedFile({ name, why, error, onRetry }: RefusedFileProps): ReactNode {
  const t = useTexts("upload");
  const common = useTexts("common");
  const { title, hint, may, told } = words[why];
  const reasonOf = useReason();
  const reason = told && (error instanceof ClientError || why === "other") ? reasonOf(error) : undefined;
  return (
    <Notice
      tone="bad"
      title={t(title)}
      actions={
        may === undefined ? undefined : (
          <Button size="small" icon="refresh" aria-label={t("retryNamed", { name })} onClick={onRetry}>
            {common("tryAgain")}
          </Button>
        )
      }
    >
      {/* The server says itself what to do. */}
      {reason !== undefined ? <p dir="auto">{reason}</p> : hint !== undefined && <p>{t(hint)}</p>}
    </Notice>
  );
}

/** The same bytes were uploaded before: by whom, when, and what has become of them. */
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
