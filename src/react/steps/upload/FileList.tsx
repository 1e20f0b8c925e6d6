/** The files that were chosen, and the one to go on with. */
import { type ReactNode, useEffect, useRef } from "react";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import type { ChosenFile } from "./chosen-file.ts";
import { FileLine } from "./FileLine.tsx";
import type { UploadQueue } from "./upload-queue.ts";

export interface FileListProps {
  files: readonly ChosenFile[];
  queue: UploadQueue;
  missing: "importer" | "context" | null;
  onGoOn: (file: ChosenFile, importId: number) => void;
  /** A file that had the focus is not there any more. */
  onGone: () => void;
}

export function FileList({ files, queue, missing, onGoOn, onGone }: FileListProps): ReactNode {
  const t = useTexts("upload");
  useSpokenStates(files);
  const next = files.find(({ state }) => state.is === "made");
  return (
    <Card title={t("files")}>
      <div className="stack">
        {files.length > 1 && <p className="muted">{t("several")}</p>}
        <ul className="file-list">
          {files.map((file) => (
            <FileLine
              key={file.key}
              file={file}
              missing={missing}
              isNext={file === next}
              onRetry={(options) => queue.retry(file.key, options)}
              onRemove={() => {
                queue.remove(file.key);
                onGone();
              }}
              onGoOn={(importId) => onGoOn(file, importId)}
            />
          ))}
        </ul>
      </div>
    </Card>
  );
}

/** Says aloud what a person who sees it reads: begun, cut, ready. A refusal is an alert by itself. */
function useSpokenStates(files: readonly ChosenFile[]): void {
  const t = useTexts("upload");
  const announce = useAnnounce();
  const spoken = useRef(new Map<number, string>());
  useEffect(() => {
    for (const { key, name, state } of files) {
      const before = spoken.current.get(key);
      if (before === state.is) continue;
      spoken.current.set(key, state.is);
      if (before === undefined && (state.is === "waiting" || state.is === "sending"))
        announce(t("saidAdded", { name }));
      if (state.is === "cut") announce(t("saidCut", { name }));
      if (state.is === "made") announce(t("saidMade", { name }));
    }
  }, [files, announce, t]);
}
