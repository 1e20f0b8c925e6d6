/** The files that were chosen, each with how far it is, and the one to go on with. */
import { type ReactNode, useEffect, useRef } from "react";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { Meter } from "../../parts/Meter.tsx";
import type { ChosenFile } from "./chosen-file.ts";
import { RefusedFile, SameFile } from "./FileProblem.tsx";
import type { UploadQueue } from "./upload-queue.ts";

interface FileListProps {
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
  const next = files.find(({ state }) => state.is === "made" || state.is === "asks");
  const ready = files.filter(({ state }) => state.is === "made").length;
  const isStarting = files.some(({ state }) => state.is === "starting");
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
        {(ready > 1 || isStarting) && (
          <div className="row file-together">
            <Button look="primary" busy={isStarting} onClick={() => queue.startAll()}>
              {t("startAll", { count: ready })}
            </Button>
            <span className="muted small">{t("startAllHint")}</span>
          </div>
        )}
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
      if (state.is === "started") announce(t("saidStarted", { name }));
      if (state.is === "asks") announce(t("saidAsks", { name }));
    }
  }, [files, announce, t]);
}

interface FileLineProps {
  file: ChosenFile;
  /** What a held file waits for. */
  missing: "importer" | "context" | null;
  /** It is the one that most people go on with. */
  isNext: boolean;
  onRetry: (options?: { again?: boolean }) => void;
  onRemove: () => void;
  onGoOn: (importId: number) => void;
}

/** One file being uploaded: its progress, what is wrong, and what to do. Its height is the same during and after the upload. */
function FileLine({ file, missing, isNext, onRetry, onRemove, onGoOn }: FileLineProps): ReactNode {
  const t = useTexts("upload");
  const common = useTexts("common");
  const { bytes } = useFormats();
  const { name, sizeBytes, state } = file;
  const isUnderway = ["waiting", "sending", "cut", "looking"].includes(state.is);
  const share = shareOf(file);
  // What is pressed goes with the state; the cross stays.
  const cross = useRef<HTMLButtonElement>(null);
  const retry = (options?: { again?: boolean }): void => {
    onRetry(options);
    cross.current?.focus();
  };
  return (
    <li className={`file-line ${state.is}`}>
      <div className="file-head">
        <span className="file-icon">
          <Icon
            name={
              state.is === "made" || state.is === "started"
                ? "check"
                : state.is === "refused" || state.is === "same" || state.is === "asks"
                  ? "warn"
                  : "file"
            }
          />
        </span>
        <span className="file-name">
          <strong dir="auto">{name}</strong>
          {sizeBytes > 0 && <span className="muted small">{bytes(sizeBytes)}</span>}
        </span>
        <span className="row file-actions">
          {state.is === "started" && (
            <Button size="small" aria-label={t("openNamed", { name })} onClick={() => onGoOn(state.importId)}>
              {t("open")}
            </Button>
          )}
          {(state.is === "made" || state.is === "asks") && (
            <Button
              look={isNext ? "primary" : "plain"}
              size="small"
              aria-label={t("goOnWith", { name })}
              onClick={() => onGoOn(state.importId)}
            >
              {common("next")}
            </Button>
          )}
          {state.is === "held" && (
            <Button
              look="primary"
              size="small"
              aria-label={t("goOnWith", { name })}
              aria-disabled={missing !== null}
              onClick={() => retry()}
            >
              {common("next")}
            </Button>
          )}
          <Button
            ref={cross}
            look="quiet"
            size="small"
            icon="cross"
            aria-label={t(isUnderway ? "cancelNamed" : "removeNamed", { name })}
            onClick={onRemove}
          />
        </span>
      </div>
      {share !== undefined && (
        <div className="file-progress">
          <Meter
            label={t("uploadOf", { name })}
            percent={share}
            tone={
              state.is === "cut" || state.is === "asks"
                ? "warn"
                : state.is === "made" || state.is === "started"
                  ? "good"
                  : "accent"
            }
          />
          <StateWords file={file} missing={missing} />
        </div>
      )}
      {state.is === "same" && (
        <SameFile importId={state.importId} at={state.at} onAgain={() => retry({ again: true })} />
      )}
      {state.is === "refused" && (
        <RefusedFile name={name} why={state.why} error={state.error} onRetry={() => retry()} />
      )}
    </li>
  );
}

/** Of 100; undefined where a bar says nothing. */
function shareOf({ state, sizeBytes }: ChosenFile): number | null | undefined {
  switch (state.is) {
    case "waiting":
      return 0;
    case "sending":
    case "cut":
      return sizeBytes === 0 ? 0 : (100 * state.sentBytes) / sizeBytes;
    case "looking":
      return null;
    case "held":
    case "made":
    case "starting":
    case "asks":
    case "started":
      return 100;
    default:
      return undefined;
  }
}

function StateWords({ file, missing }: { file: ChosenFile; missing: FileLineProps["missing"] }): ReactNode {
  const t = useTexts("upload");
  const { bytes, percent, duration } = useFormats();
  const { state, sizeBytes } = file;
  switch (state.is) {
    case "waiting":
      return <p className="file-words muted small">{t("waiting")}</p>;
    case "sending": {
      const { sentBytes, bytesPerSecond } = state;
      const leftMs = bytesPerSecond ? ((sizeBytes - sentBytes) / bytesPerSecond) * 1000 : null;
      return (
        <p className="file-words muted small">
          <span>{t("sentOf", { sent: bytes(sentBytes), total: bytes(sizeBytes) })}</span>
          {bytesPerSecond !== null && <span>{bytes(bytesPerSecond)}/s</span>}
          {leftMs !== null && <span>{t("timeLeft", { time: duration(Math.max(1000, leftMs)) })}</span>}
        </p>
      );
    }
    case "cut":
      return (
        <p className="file-words small">
          {t("cutAt", { percent: percent(sizeBytes === 0 ? 0 : wholePercent(state.sentBytes / sizeBytes)) })}
        </p>
      );
    case "looking":
      return <p className="file-words muted small">{t("looking")}</p>;
    case "held":
      return <p className="file-words small">{t(missing === "context" ? "heldContext" : "heldImporter")}</p>;
    case "starting":
      return <p className="file-words muted small">{t("starting")}</p>;
    case "asks":
      return <p className="file-words small">{t("asks")}</p>;
    case "started":
      return <p className="file-words muted small">{t("started")}</p>;
    default:
      return <p className="file-words muted small">{t("made")}</p>;
  }
}

/** A share without a fraction of a percent; only what is there is said to be there. */
export function wholePercent(share: number): number {
  return Math.floor(share * 100) / 100;
}
