/** Where files are dropped, or chosen by click and keyboard; and a table is pasted. */
import type { ReactNode, Ref } from "react";
import { acceptedFiles } from "../../../core/file-formats.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Icon } from "../../parts/Icon.tsx";

export interface DropZoneProps {
  isOver: boolean;
  onFiles: (files: File[]) => void;
  /** The hidden input, so that others can open its window. */
  input: Ref<HTMLInputElement>;
  /** Where the focus goes when what it stood on is gone. */
  zone: Ref<HTMLButtonElement>;
  onChoose: () => void;
}

export function DropZone({ isOver, onFiles, input, zone, onChoose }: DropZoneProps): ReactNode {
  const t = useTexts("upload");
  return (
    <>
      <button ref={zone} type="button" className={isOver ? "drop-zone over" : "drop-zone"} onClick={onChoose}>
        <span className="drop-icon">
          <Icon name="upload" size={28} />
        </span>
        <strong>{t(isOver ? "dropNow" : "dropTitle")}</strong>
        <span className="muted">{t("dropHint")}</span>
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={acceptedFiles}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // So that the same file can be chosen again.
          event.target.value = "";
        }}
      />
    </>
  );
}
