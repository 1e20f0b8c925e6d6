/** The files that were brought, and the one to go on with. */
import { type ReactNode, useEffect, useRef } from "react";
import { useAnnounce } from "../../Frame.tsx";
import { Card } from "../../parts/Card.tsx";
import { useTexts } from "../../texts.ts";
import type { BroughtFile } from "./brought-file.ts";
import { FileLine } from "./FileLine.tsx";
import type { UploadDesk } from "./upload-desk.ts";

export interface FileListProps {
  files: readonly BroughtFile[];
  desk: UploadDesk;
  missing: "importer" | "context" | null;
  onGoOn: (file: BroughtFile, importId: number) => void;
  /** A file that had the focus is not there any more. */
  onGone: () => void;
}

export function FileList({ files, desk, missing, onGoOn, onGone }: FileListProps): ReactNode {
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
              onRetry={(options) => desk.retry(file.key, options)}
              onRemove={() => {
                desk.remove(file.key);
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
function useSpokenStates(files: readonly BroughtFile[]): void {
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
