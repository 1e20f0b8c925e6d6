/** All that can be done with an import, by its status, in a menu; what cannot be taken back is asked first. */
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { DownloadName, Import } from "../../client/index.ts";
import { type Place, useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { ConfirmDialog, useGoneWhileAsking } from "../parts/Dialog.tsx";
import { nameOf, save } from "../parts/Download.tsx";
import { Menu, type MenuEntry } from "../parts/Menu.tsx";
import { CancelDialog } from "../progress/RunControls.tsx";
import { isOver, numbersOf } from "./job-numbers.ts";
import { type JobAct, useJobActs } from "./use-job-acts.ts";

const UndoDialog = lazy(async () => ({ default: (await import("../steps/commit/UndoDialog.tsx")).UndoDialog }));

interface JobMenuProps {
  job: Import;
  /** Of the page of the import itself: it leads elsewhere only. */
  onPage?: boolean;
  /** Told of what did not work; null: something is tried anew. */
  onError: (error: unknown) => void;
  onDeleted?: () => void;
}

type Asked = "cancel" | "undo" | "reopen" | "delete";

export function JobMenu({ job, onPage = false, onError, onDeleted }: JobMenuProps): ReactNode {
  const t = useTexts("history");
  const tc = useTexts("common");
  const { places } = useSluice();
  const { act } = useJobActs(job);
  const [asked, setAsked] = useState<Asked | null>(null);
  const download = useDownload(job, onError);
  // Somebody else was quicker: what was asked goes with the row.
  useGoneWhileAsking(asked !== null && !onPage, onDeleted);
  const has = (page: Place["page"]): boolean => places !== null && places.has?.(page) !== false;
  const may = new Set(job.actions);
  const { imported, errors, rows } = numbersOf(job);
  // What the database refused, and what a cancelled import did not come to, has a report too.
  const hasRejected = errors > 0 || (job.completedAt !== null && rows > job.importedRows);

  const ended = isOver(job);
  const press = (action: JobAct): void => {
    onError(null);
    act(action).then((made) => {
      if (action === "again" && made !== null) places?.go({ page: "import", id: made.id });
    }, onError);
  };
  const entries: (MenuEntry | false)[] = [
    !onPage && has("import") && { id: "open", label: t("open"), icon: "play", to: { page: "import", id: job.id } },
    !onPage && has("job") && { id: "details", label: t("details"), icon: "info", to: { page: "job", id: job.id } },
    imported > 0 &&
      has("records") && { id: "records", label: tc("seeRecords"), icon: "table", to: { page: "records", id: job.id } },

    may.has("retry") && {
      id: "retry",
      label: tc("tryAgain"),
      icon: "refresh",
      parted: true,
      onChoose: () => press("retry"),
    },
    may.has("resume") &&
      !may.has("retry") && {
        id: "resume",
        label: tc("resume"),
        icon: "play",
        parted: true,
        onChoose: () => press("resume"),
      },
    may.has("reject") && { id: "reject", label: tc("reject"), icon: "play", onChoose: () => press("reject") },
    may.has("pause") && {
      id: "pause",
      label: tc("pause"),
      icon: "pause",
      parted: true,
      onChoose: () => press("pause"),
    },
    may.has("reopen") && { id: "reopen", label: t("reopen"), icon: "edit", onChoose: () => setAsked("reopen") },
    ended &&
      job.hasFile && {
        id: "again",
        label: t("again"),
        icon: "refresh",
        parted: !may.has("retry"),
        onChoose: () => press("again"),
      },
    ended &&
      !job.hasFile &&
      has("new") && {
        id: "again",
        label: t("againBring"),
        icon: "upload",
        parted: true,
        to: { page: "new", importer: job.importer },
      },

    job.hasFile && { ...download("original"), label: t("original"), parted: true },
    hasRejected && { ...download("rejected.xlsx"), label: t("rejectedXlsx"), parted: !job.hasFile },
    hasRejected && { ...download("rejected.csv"), label: t("rejectedCsv") },
    imported > 0 && { ...download("records.csv"), label: t("recordsCsv"), parted: !job.hasFile && !hasRejected },

    // A cancel of an undo would leave it half undone.
    may.has("cancel") &&
      job.phase !== "undo" && {
        id: "cancel",
        label: t("cancel"),
        icon: "cross",
        danger: true,
        parted: true,
        onChoose: () => setAsked("cancel"),
      },
    may.has("undo") &&
      imported > 0 && {
        id: "undo",
        label: tc("undo"),
        icon: "undo",
        danger: true,
        parted: true,
        onChoose: () => setAsked("undo"),
      },
    may.has("delete") && {
      id: "delete",
      label: t("delete"),
      icon: "trash",
      danger: true,
      parted: !(may.has("undo") && imported > 0) && !may.has("cancel"),
      onChoose: () => setAsked("delete"),
    },
  ];
  const shown = entries.filter((entry) => entry !== false);
  const close = (): void => setAsked(null);
  return (
    <>
      <Menu
        label={onPage ? t("more") : t("actionsOf", { file: job.fileName })}
        look={onPage ? "words" : "dots"}
        entries={shown.map((entry, place) => (place === 0 ? { ...entry, parted: false } : entry))}
      />
      {asked === "cancel" && (
        <CancelDialog job={job} written={imported} onCancel={() => act("cancel")} onClose={close} />
      )}
      {asked === "reopen" && <ReopenDialog job={job} onClose={close} />}
      {asked === "delete" && <DeleteDialog job={job} onClose={close} onDeleted={onDeleted} />}
      {asked === "undo" && (
        <Suspense fallback={null}>
          <UndoDialog job={job} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

/** An entry for a file: with a session the browser gets it by itself, with a token it is fetched. */
function useDownload(
  { id, fileName }: Import,
  onError: (error: unknown) => void,
): (name: DownloadName) => Pick<MenuEntry, "id" | "icon" | "href" | "onChoose"> {
  const { client } = useSluice();
  return (name) => {
    const href = client.imports.downloadUrl(id, name) ?? undefined;
    const fetchIt = (): void => {
      onError(null);
      client.imports
        .download(id, name)
        .then(async (response) =>
          save(await response.blob(), nameOf(response) ?? (name === "original" ? fileName : name)),
        )
        .catch(onError);
    };
    return { id: name, icon: "download", href, ...(href === undefined && { onChoose: fetchIt }) };
  };
}

interface DeleteDialogProps {
  job: Import;
  onClose: () => void;
  onDeleted?: () => void;
}

/** Asks before all that is kept of an import goes, and says what stays. */
function DeleteDialog({ job, onClose, onDeleted }: DeleteDialogProps): ReactNode {
  const t = useTexts("history");
  const { act } = useJobActs(job);
  const { imported } = numbersOf(job);
  return (
    <ConfirmDialog
      title={t("deleteTitle")}
      fileName={job.fileName}
      keep={t("deleteKeep")}
      confirm={t("deleteConfirm")}
      icon="trash"
      onConfirm={() => act("delete")}
      onClose={onClose}
      onDone={onDeleted}
    >
      <p>{t("deleteWords")}</p>
      {imported > 0 && <p>{t("deleteRecords", { count: imported })}</p>}
    </ConfirmDialog>
  );
}

/** Asks before an import is read again from its beginning: what was checked and edited goes. */
function ReopenDialog({ job, onClose }: { job: Import; onClose: () => void }): ReactNode {
  const t = useTexts("history");
  const { places } = useSluice();
  const { act } = useJobActs(job);
  return (
    <ConfirmDialog
      title={t("reopenTitle")}
      fileName={job.fileName}
      keep={t("reopenKeep")}
      confirm={t("reopen")}
      look="primary"
      icon="edit"
      onConfirm={() => act("reopen")}
      onClose={onClose}
      onDone={() => places?.go({ page: "import", id: job.id })}
    >
      <p>{t("reopenWords")}</p>
    </ConfirmDialog>
  );
}
