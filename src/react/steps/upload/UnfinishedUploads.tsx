/**
 * Uploads that were interrupted by leaving the page: the same file goes on where it was. And, where too many files wait, all of
 * them, so that some can be discarded.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Upload } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Notice } from "../../parts/Notice.tsx";
import type { ChosenFile } from "./chosen-file.ts";
import { wholePercent } from "./FileList.tsx";
import { forgetUpload, type KeptUpload, keptUploads } from "./kept-uploads.ts";

export interface UnfinishedUploadsProps {
  /** Files that are on their way are not told twice. */
  files: readonly ChosenFile[];
  /** Those of other browsers and programs too. */
  all: boolean;
  onChoose: () => void;
  onAdopt: (upload: Upload, importer?: string) => void;
  /** What was pressed is not there any more. */
  onGone: () => void;
}

export function UnfinishedUploads({ files, all, onChoose, onAdopt, onGone }: UnfinishedUploadsProps): ReactNode {
  const { client } = useSluice();
  const queries = useQueryClient();
  // Earlier ones: new uploads are in the queue.
  const [kept] = useState<KeptUpload[]>(keptUploads);
  const { data: uploads } = useQuery({
    queryKey: ["uploads"],
    queryFn: ({ signal }) => client.uploads.list({ signal }),
    enabled: all || kept.length > 0,
    staleTime: 0,
  });
  if (uploads === undefined) return null;
  const shown = uploads.filter(({ id, fileName, sizeBytes, status }) => {
    const isOnDesk = files.some((file) => file.name === fileName && file.sizeBytes === sizeBytes);
    return status !== "taken" && !isOnDesk && (all || kept.some((each) => each.id === id));
  });
  const discard = async (id: string): Promise<void> => {
    forgetUpload(id);
    queries.setQueryData<Upload[]>(["uploads"], (before) => before?.filter((each) => each.id !== id));
    onGone();
    // One that is left behind expires.
    await client.uploads.delete(id).catch(() => {});
  };
  return shown.map((upload) => {
    const known = kept.find(({ id }) => id === upload.id);
    return (
      <UnfinishedUpload
        key={upload.id}
        upload={upload}
        canGoOn={known !== undefined}
        onChoose={onChoose}
        onAdopt={() => {
          onAdopt(upload, known?.importer);
          onGone();
        }}
        onDiscard={() => void discard(upload.id)}
      />
    );
  });
}

function UnfinishedUpload({
  upload,
  canGoOn,
  onChoose,
  onAdopt,
  onDiscard,
}: {
  upload: Upload;
  /** This browser knows which file it was. */
  canGoOn: boolean;
  onChoose: () => void;
  onAdopt: () => void;
  onDiscard: () => void;
}): ReactNode {
  const t = useTexts("upload");
  const common = useTexts("common");
  const { percent } = useFormats();
  const { fileName: name, status, receivedBytes, sizeBytes } = upload;
  const isWhole = status === "complete";
  return (
    <Notice
      tone="info"
      title={t(isWhole ? "waitingTitle" : "unfinishedTitle")}
      actions={
        <>
          {isWhole ? (
            <Button aria-label={t("goOnWith", { name })} onClick={onAdopt}>
              {common("next")}
            </Button>
          ) : (
            canGoOn && (
              <Button icon="file" onClick={onChoose}>
                {t("chooseAgain")}
              </Button>
            )
          )}
          <Button look="quiet" aria-label={t("discardNamed", { name })} onClick={onDiscard}>
            {t("discard")}
          </Button>
        </>
      }
    >
      <p dir="auto">
        {isWhole
          ? t("unfinishedWhole", { name })
          : t(canGoOn ? "unfinishedAt" : "unfinishedElsewhere", {
              name,
              percent: percent(wholePercent(sizeBytes ? receivedBytes / sizeBytes : 0)),
            })}
      </p>
    </Notice>
  );
}
